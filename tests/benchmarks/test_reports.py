"""The benchmark of reports: every side makes the same reports, and no process escapes the count."""

import sys
from pathlib import Path

import pytest

from benchmarks.reports import plain_plots, sweep
from benchmarks.reports_sides import SIDES
from benchmarks.tree import measured

HOUSE = Path(__file__).parents[2] / "notebooks" / "topic_frequency.ipynb"
ORPHAN = """
import subprocess, sys
busy = "b = bytearray(80_000_000); import time\\nwhile time.process_time() < 1: pass"
subprocess.Popen([sys.executable, "-c", busy], start_new_session=True)
"""


def test_a_sweep_wants_as_many_different_reports_as_asked_for(tmp_path):
    for notebook in (plain_plots(tmp_path), HOUSE):
        wanted = sweep(notebook, 24)
        assert len({str(values) for values in wanted}) == 24


def test_every_side_makes_the_same_reports(tmp_path):
    jobs = [("a.ipynb", {"size": 3}), ("a.ipynb", {"size": 4})]
    for name, side in SIDES.items():
        chains, at_once = side(jobs, tmp_path)
        said = str(chains)
        assert at_once == 1 or name == "commands_side_by_side"
        assert [value in said for value in ("3", "4", "a.ipynb", "size")] == [True] * 4, name
    pairs, _ = SIDES["commands"](jobs, tmp_path)
    assert [[Path(line[0]).name for line in pair] for pair in pairs] == [["papermill", "jupyter"]] * 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere an orphan is nobody's child")
def test_a_process_that_outlives_its_parent_is_counted_in_time_and_memory():
    figures = measured([[[sys.executable, "-c", ORPHAN]]], 1)
    assert figures["cpu_seconds"] >= 1
    figures = measured(
        [[[sys.executable, "-c", "b = bytearray(80_000_000); import time; time.sleep(0.6)"]]], 1
    )
    assert figures["peak_mb"] >= 76
    with pytest.raises(SystemExit, match="nothing is measured"):
        measured([[[sys.executable, "-c", "raise SystemExit(1)"]]], 1)
