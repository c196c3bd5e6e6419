"""Every number of a notebook that leads to sentences is counted again from them, on the seeds.

The cells run here as they stand in the notebooks; what they hand to `evidence_lists` is kept, and each row of the
table is recounted in plain Python from the spans, the sentences they stand in and the text itself.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import workbench
from workbench.analysis.topics import find_topics
from workbench.corpus import Corpus
from workbench.display import evidence
from workbench.display.evidence import EvidenceLists
from workbench.result import Result

ROOT = Path(__file__).parents[2]
NAMES = [
    "corpus_overview", "entity_comparison", "found_topics", "over_time", "sentiment", "sentiment_toward", "words_in_context",
]  # fmt: skip
ITEMS = ("topic", "pattern", "entity", "holder", "form", "phrase", "item", "period", "doc_id")
Handed = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "workbench.toml").write_text('corpus = "seeds"\n', encoding="utf-8")
    return folder


def run(name: str, project: Path, monkeypatch: pytest.MonkeyPatch, **parameters: Any) -> list[Handed]:
    """What the cells of a notebook hand to `evidence_lists`, in order."""
    handed: list[Handed] = []

    def keep(table: Any, spans: Any, units: Any, documents: Any, **_: Any) -> EvidenceLists:
        handed.append((table, spans, units, documents))
        return EvidenceLists(())

    monkeypatch.chdir(project)
    monkeypatch.setattr(evidence, "evidence_lists", keep)
    space: dict[str, Any] = {"display": lambda *_: None}
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), name, "exec"), space)
            space |= parameters if "parameters" in cell["metadata"].get("tags", ()) else {}
    return handed


def counted(row: dict[str, Any], spans: pd.DataFrame, units: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The spans of a row, one by one: what both name must agree, and the sentence must be of its group."""
    shared = [key for key in ITEMS if key in row and key in spans.columns]
    groups: dict[tuple[Any, ...], set[str]] = {}
    for unit in units.to_dict("records"):
        groups.setdefault((unit["doc_id"], unit["sentence"], unit.get("part")), set()).add(unit["group"])
    for span in spans.to_dict("records"):
        place = (span["doc_id"], span["sentence"], span.get("part") if "part" in units else None)
        group = {span["group"]} if "voice" in span and "group" in span else groups.get(place, set())
        if all(span[key] == row[key] for key in shared) and ("group" not in row or row["group"] in group):
            yield span


@pytest.mark.model
@pytest.mark.notebooks
@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_found_again_in_its_sentences(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recount(name, run(name, project, monkeypatch))


@pytest.mark.model
@pytest.mark.notebooks
@pytest.mark.parametrize(
    "parameters",
    [{}, {"by": "entity"}, {"unit": "stems"}, {"by": "entity", "unit": "pairs"}, {"entity": "Russia"}],
)
def test_every_result_is_counted_again_in_the_sentences_behind_it(
    parameters: dict[str, Any], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[Result] = []
    for verb in ("rates", "keyness"):
        ask = getattr(Corpus, verb)
        monkeypatch.setattr(
            Corpus, verb, lambda *a, ask=ask, **k: results.append(ask(*a, **k)) or results[-1]
        )
    assert run("topic_frequency", project, monkeypatch, **parameters) == []
    texts = workbench.load("seeds")
    assert len(results) == 4
    for result in results:
        recount_result(result, texts)
    if parameters.get("by") == "entity":
        assert results[0].table["group"].nunique() == 2


def recount_result(result: Result, texts: Corpus) -> None:
    """Every row of a result stands on sentences that hold its hit, as many hits as it counts."""
    tokens = texts.tables.tokens.to_pandas()
    tokens = tokens[tokens["word"].astype(bool)].astype({"form": "str", "doc_id": "str"})
    hits = find_topics(tokens, texts.tables.documents.to_pandas(), texts.settings.topics)
    rows = result.table[result.table["n"] > 0].head(40).to_dict("records")
    assert rows
    for row in rows:
        if row.get("log_ratio", 0) < 0:
            continue  # its sentences are those of the other side
        found = result.evidence(row, 10_000)
        assert found.found == len(found.lines) >= 1
        for line in found.lines.to_dict("records"):
            assert texts.text(line["doc_id"])[line["start"] : line["end"]] == line["hit"]
        keys = found.lines[["doc_id", "sentence"]].astype({"doc_id": "str", "sentence": "int64"})
        if "topic" in row:
            assert len(hits[hits["topic"] == row["topic"]].merge(keys)) == row["n"]
        elif (
            " " not in row["form"]
            and not row["form"].endswith("*")
            and not str(row["group"]).startswith("near ")
        ):
            assert len(tokens[tokens["form"] == row["form"]].merge(keys)) == row["n"]
        if "rate" in row:
            assert row["rate"] == pytest.approx(1000 * row["n"] / row["words"])


def recount(name: str, handed: list[Handed]) -> None:
    """Count each row of each table again in plain Python."""
    for table, spans, units, documents in handed:
        texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
        for row in table.head(60).to_dict("records"):
            if "n" not in row or not set(row) & {"group", "entity", "form"}:
                continue
            found = list(counted(row, spans, units))
            assert len(found) == row["n"], (name, {k: row[k] for k in row if k in (*ITEMS, "group", "n")})
            for span in found:
                if "form" in row and "start" in span:
                    written = texts[span["doc_id"]][span["start"] : span["end"]]
                    assert written.lower().replace("’", "'").split() == row["form"].lower().split()
            if "rate" in row and "words" in row and row["words"]:
                words = units.loc[units["group"] == row["group"], "words"].sum()
                assert row["words"] == words
                assert row["rate"] == pytest.approx(1000 * len(found) / words)
            if "mean" in row and found and "score" in found[0]:
                assert row["mean"] == pytest.approx(math.fsum(s["score"] for s in found) / len(found))
