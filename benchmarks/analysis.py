"""How long each question takes beside the least that DuckDB needs, and how much memory it takes.

    python -m benchmarks.analysis --corpus FOLDER [--larger FOLDER] [--row NAME] [--json]

Each row runs in a fresh process with an empty cache of counts and ends with its figure saved (a concordance with its page). R is measured in the
same process: document-form counts of the token table with its integer numbers, two threads, warm files. The clock
starts when the corpus is loaded and the modules are imported, and a report's clock when its command starts. Times on
a shared machine are noisy: read the ratios. With `--larger`, the same rows on a corpus of more documents, and by how
many times they grow.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOALS = {
    "rates_topics_month": 2.0, "rates_entities_month": 2.0, "rates_words_source": 2.0, "keyness_two": 3.0,
    "keyness_months": 5.0, "sentiment_source_voice": 2.0, "cooccurrence_200": 1.0, "concordance_50": 0.5, "repeat": 0.3,
}  # fmt: skip
REPORTS = (
    "corpus_overview", "topic_frequency", "found_topics", "words_in_context", "over_time", "sentiment",
    "sentiment_toward", "entity_comparison",
)  # fmt: skip
REPORT_GOAL = 15.0
REFERENCE = "SELECT document, form_number, count(*) AS n FROM tokens WHERE word GROUP BY ALL"
TURNS = 3  # of the reference, of which the fastest counts: the first reads cold files


def questions() -> dict[str, Callable[[Any], Any]]:
    """The verbs of each row, of a loaded corpus."""
    return {
        "rates_topics_month": lambda corpus: corpus.rates("topics", by="month"),
        "rates_entities_month": lambda corpus: corpus.rates("entities", by="month"),
        "rates_words_source": lambda corpus: corpus.rates("words", by="source"),
        "keyness_two": lambda corpus: two_years(corpus).keyness("words", by="year"),
        "keyness_months": lambda corpus: corpus.keyness("words", by="month"),
        "sentiment_source_voice": lambda corpus: corpus.sentiment(by=["source", "voice"]),
        "cooccurrence_200": lambda corpus: corpus.cooccurrence("entities", top=200),
        "concordance_50": lambda corpus: corpus.concordance("sanctions", n=50),
        "repeat": lambda corpus: corpus.rates("topics", by="month"),
    }


def two_years(corpus: Any) -> Any:
    """The corpus of the two neighbouring years with most documents."""
    years = corpus.query(
        "SELECT substr(date, 1, 4) AS year, count(*) AS n FROM documents WHERE date >= '1' GROUP BY ALL"
    )
    sizes = {int(year): n for year, n in zip(years["year"], years["n"], strict=True)}
    first = max(sizes, key=lambda year: sizes[year] + sizes.get(year + 1, 0))
    return corpus.where(f"since:{first} until:{first + 1}")


def one(folder: str, row: str) -> dict[str, float]:
    """Ask one question in this process; seconds, R and the peak of memory."""
    import workbench
    import workbench.display.canvas
    import workbench.verbs
    from workbench.features.context import FOLDER

    for module in pkgutil.iter_modules(workbench.verbs.__path__, "workbench.verbs."):
        importlib.import_module(module.name)

    corpus = workbench.load(folder, build=False)
    session = corpus.count_context("tokens").session
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        session.table(f"SELECT count(*) AS n FROM ({REFERENCE})")
        times.append(time.perf_counter() - start)
    ask = questions()[row]
    with workbench.display.canvas.canvas(1.0):
        pass  # matplotlib is imported
    shutil.rmtree(session.place / FOLDER, ignore_errors=True)
    if row == "repeat":
        ask(corpus)
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        ask(corpus).save(Path(out, "lines.html" if row == "concordance_50" else "figure.svg"))
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"R": min(times), "seconds": seconds, "peak_mb": peak}


def report(folder: str, name: str) -> dict[str, float]:
    """Make one report with its command; seconds, and the peak of memory of the kernel among the processes it starts."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "workbench",
            "report",
            name,
            "--corpus",
            folder,
            "--out",
            out,
            "--quiet",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        pages = [page.stat().st_size for page in Path(out).glob(f"{name}*.html")]
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip()[-400:]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak, "page_mb": max(pages, default=0) / 1e6}


def measured(folder: str, rows: list[str]) -> list[dict[str, Any]]:
    """Each row in a process of its own."""
    out: list[dict[str, Any]] = []
    for row in rows:
        command = [
            sys.executable,
            "-m",
            "benchmarks.analysis",
            "--corpus",
            folder,
            "--row",
            row,
            "--in-process",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            out.append({"name": row, "failed": done.stderr.strip()[-300:]})
            continue
        out.append({"name": row, **json.loads(done.stdout.splitlines()[-1])})
    known = [row["R"] for row in out if "R" in row]
    reference = min(known, default=float("nan"))
    for row in out:
        if "seconds" in row:
            row["ratio"] = row["seconds"] / row.get("R", reference)
    return out


def growth(small: list[dict[str, Any]], large: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By how many times time and memory grow from one corpus to the other."""
    before = {row["name"]: row for row in small if "seconds" in row}
    return [
        {"name": row["name"], "time": row["seconds"] / before[row["name"]]["seconds"],
         "memory": row["peak_mb"] / before[row["name"]]["peak_mb"]}
        for row in large if "seconds" in row and row["name"] in before
    ]  # fmt: skip


def main() -> None:
    """Measure the rows that are asked for and print them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", required=True, help="folder whose store is built, with all layers")
    parser.add_argument("--larger", help="a second folder, with more documents")
    parser.add_argument("--row", action="append", help="only this row, by name; again for more")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    every = [*GOALS, *(f"report_{name}" for name in REPORTS)]
    rows = given.row or every
    if unknown := [row for row in rows if row not in every]:
        parser.error(f"no row {unknown[0]}; rows are {', '.join(every)}")
    if given.in_process:
        (row,) = rows
        name = row.removeprefix("report_")
        print(json.dumps(report(given.corpus, name) if row.startswith("report_") else one(given.corpus, row)))
        return
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    small = measured(given.corpus, rows)
    grown = growth(small, measured(given.larger, rows)) if given.larger else []
    reference = min((row["R"] for row in small if "R" in row), default=None)
    if given.json:
        print(json.dumps({"R": reference, "rows": small, "growth": grown}))
        return
    print(f"R = {reference:.2f} s" if reference else "R was not measured: no row that measures it")
    print(f"{'row':28} {'seconds':>8} {'in R':>7} {'goal':>5} {'peak MB':>8} {'page MB':>8}")
    for row in small:
        if "failed" in row:
            print(f"{row['name']:28} failed: {row['failed'].splitlines()[-1]}")
            continue
        goal = GOALS.get(row["name"], REPORT_GOAL)
        page = f"{row['page_mb']:8.2f}" if "page_mb" in row else ""
        print(
            f"{row['name']:28} {row['seconds']:8.2f} {row['ratio']:7.2f} {goal:5.1f} {row['peak_mb']:8.0f} {page}"
        )
    for row in grown:
        print(f"{row['name']:28} {row['time']:.1f} times the time, {row['memory']:.1f} times the memory")


if __name__ == "__main__":
    main()
