"""Run a notebook on an example corpus and compare its named results with the functions that the oracle calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.oracle.scores import Score
from workbench.analysis import topics, units
from workbench.corpus import Corpus
from workbench.report.results import NamedResult, read_results

NOTEBOOK = "topic_frequency"


def compare_executed(texts: Corpus, folder: Path) -> Score:
    """Rates of topics: `found` are equal in the executed report, `missed` are not among its results, `false_alarms` differ."""
    results = {result.name: result for result in run_report(folder)}
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="source",
    )
    hits = topics.find_topics(
        texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics
    )
    found = missed = wrong = 0
    for row in topics.topic_rates(hits, groups, texts.settings.topics).to_dict("records"):
        names = [name for name in results if name.startswith(f"{row['group']}, {row['topic']}: ")]
        rates = [results[name] for name in names if results[name].n == row["n"]]
        missed += not rates
        equal = any(
            rate.value == row["rate"] and (rate.low, rate.high) == (row["low"], row["high"]) for rate in rates
        )
        found, wrong = found + equal, wrong + (bool(rates) and not equal)
    return Score(NOTEBOOK, "rates in the executed report", found=found, missed=missed, false_alarms=wrong)


def run_report(folder: Path) -> list[NamedResult]:
    """The named results of the notebook, executed in the project `folder`."""
    command = [sys.executable, "-m", "workbench", "report", NOTEBOOK, "-p", "by=source"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (path,) = (folder / "reports").rglob(f"{NOTEBOOK}*.results.json")
    read = read_results(path)
    assert read is not None, f"{path} holds no results"
    return read[1]
