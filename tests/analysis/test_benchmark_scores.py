"""What reports print of a method's error is what its benchmark found of the method that is there."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from benchmarks.accuracy.recording import digest, record
from benchmarks.accuracy.rows import FigureRow
from workbench.analysis.benchmark_scores import FILE, figures, toward_figures
from workbench.analysis.target_sentiment import measured


def test_the_recorded_figures_are_those_of_the_judge_that_is_there() -> None:
    said = tomllib.loads(resources.files("workbench.analysis").joinpath(FILE).read_text(encoding="utf-8"))
    assert said["judge"] == digest(), (
        "the judge changed: python -m benchmarks.accuracy --data DIR --only toward --record"
    )


def test_the_sentence_in_reports_is_made_of_the_recorded_figures() -> None:
    found, said = toward_figures(), measured()
    for name in ("right", "right, VADER"):
        assert f"{100 * found[name].value:.0f} %" in said
    assert f"{found['right'].n:,}" in said
    assert f"{found['macro-F1'].low:.2f}–{found['macro-F1'].high:.2f}" in said


def test_every_figure_lies_in_its_interval() -> None:
    for name in ("toward", "articles"):
        for figure in figures(name).values():
            assert figure.low <= figure.value <= figure.high
            assert figure.n > 0


def test_what_is_recorded_can_be_read_again(tmp_path: Path) -> None:
    place = tmp_path / "benchmark_scores.toml"
    record({"toward": [FigureRow("set", "right, VADER", 0.5, 0.4, 0.6, 12, None)]}, place)
    found = tomllib.loads(place.read_text(encoding="utf-8"))
    assert found["toward"] == {"right, VADER": [0.5, 0.4, 0.6, 12]}
    assert found["judge"] == digest()
