"""The sides of `benchmarks.reports`: the same reports, made in four ways, each in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Job = tuple[str, Mapping[str, int]]
Lines = tuple[Sequence[Sequence[Sequence[str]]], int]

API = """
import json, sys
from pathlib import Path
import papermill
from nbconvert import HTMLExporter
out, exporter = Path(sys.argv[1]), HTMLExporter()
for number, (notebook, values) in enumerate(json.loads(sys.argv[2])):
    done = out / f"{number}.ipynb"
    papermill.execute_notebook(notebook, done, values, kernel_name="python3", progress_bar=False)
    page, _ = exporter.from_filename(str(done))
    done.with_suffix(".html").write_text(page, encoding="utf-8")
"""
OURS = """
import json, sys
from pathlib import Path
from workbench.report.run import ReportRequest, RunConfig, run_reports
jobs = [ReportRequest(Path(notebook), values) for notebook, values in json.loads(sys.argv[2])]
results = run_reports(jobs, RunConfig(project=Path.cwd(), out=Path(sys.argv[1]), force=True))
sys.exit(any(result.state != "done" for result in results))
"""
FIRST = """
import json, sys, tempfile, time
from pathlib import Path
from workbench.report import run
from workbench.report.run import ReportRequest, RunConfig, run_report
(notebook, values), = json.loads(sys.argv[1])
run.warm_up()
with tempfile.TemporaryDirectory() as folder:
    began = time.perf_counter()
    result = run_report(ReportRequest(Path(notebook), values), RunConfig(project=Path.cwd(), out=Path(folder)))
    seconds = time.perf_counter() - began
assert result.state == "done", result.reason
print(seconds)
"""


def _pair(number: int, job: Job, out: Path) -> list[list[str]]:
    """The two commands of one report, as a shell script would have them."""
    notebook, values = job
    done = str(out / f"{number}.ipynb")
    given = [word for name, value in values.items() for word in ("-p", name, str(value))]
    quiet = ["--no-progress-bar", "--log-level", "ERROR"]
    return [
        [_program("papermill"), notebook, done, "-k", "python3", *given, *quiet],
        [_program("jupyter"), "nbconvert", "--to", "html", "--log-level", "ERROR", done],
    ]


def _program(name: str) -> str:
    """A program beside this Python."""
    return str(Path(sys.executable).with_name(name))


def commands(jobs: Sequence[Job], out: Path) -> Lines:
    """Two processes a report, one after the other."""
    return [_pair(number, job, out) for number, job in enumerate(jobs)], 1


def commands_side_by_side(jobs: Sequence[Job], out: Path) -> Lines:
    """Two processes a report, as many reports at once as there are cores."""
    return commands(jobs, out)[0], os.cpu_count() or 1


def papermill_api(jobs: Sequence[Job], out: Path) -> Lines:
    """One process for all, with a fresh kernel for each."""
    return [[[sys.executable, "-c", API, str(out), json.dumps(jobs)]]], 1


def workbench(jobs: Sequence[Job], out: Path) -> Lines:
    """One process for all, started for this sweep, as `workbench report` is."""
    return [[[sys.executable, "-c", OURS, str(out), json.dumps(jobs)]]], 1


SIDES: dict[str, Callable[[Sequence[Job], Path], Lines]] = {
    "commands": commands,
    "commands_side_by_side": commands_side_by_side,
    "papermill_api": papermill_api,
    "workbench": workbench,
}


def first_report(notebook: str, values: Mapping[str, int]) -> float:
    """Seconds from the wish to the finished page, in a runner that is warm and has made no report yet."""
    line = [sys.executable, "-c", FIRST, json.dumps([(notebook, values)])]
    return float(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
