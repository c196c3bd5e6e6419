import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.small_corpus import build_small_corpus

from benchmarks.analysis import GOALS, growth, questions

ROOT = Path(__file__).parents[2]


def test_every_row_with_a_goal_asks_a_question():
    assert questions().keys() == GOALS.keys()


def test_growth_compares_rows_that_both_corpora_answer():
    small = [{"name": "a", "seconds": 2.0, "peak_mb": 100.0}, {"name": "b", "failed": "no"}]
    large = [{"name": "a", "seconds": 12.0, "peak_mb": 150.0}, {"name": "b", "seconds": 1.0, "peak_mb": 1.0}]
    assert growth(small, large) == [{"name": "a", "time": 6.0, "memory": 1.5}]


@pytest.mark.slow
def test_a_row_is_measured_in_a_process_of_its_own(tmp_path):
    build_small_corpus(tmp_path).has_layer("tokens")
    command = [
        sys.executable,
        "-m",
        "benchmarks.analysis",
        "--corpus",
        "texts",
        "--row",
        "concordance_50",
        "--json",
    ]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, check=True)
    found = json.loads(done.stdout)
    (row,) = found["rows"]
    assert row["name"] == "concordance_50"
    assert row["ratio"] == pytest.approx(row["seconds"] / row["R"])
    assert row["peak_mb"] > 50
