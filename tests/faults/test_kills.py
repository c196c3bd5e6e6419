"""kill -9 of kernel, runner and scheduler at random moments: nothing good is lost, every state is true.

`pytest tests/faults/test_kills.py --kills 50` for fifty kills; `--kills-seed` for other moments. Each kill has a
job of its own that is due, so what it leaves behind is still there when the next one strikes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.project import Project, find_project
from workbench.report.runs import read_run, recover_runs, slot_name
from workbench.schedule.slots import Slot, SlotStore, open_slot_store

pytestmark = [
    pytest.mark.faults,
    pytest.mark.notebooks,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in Linux's /proc"),
]
JOB = 'notebooks = ["one", "two"]\n[schedule]\ncron = "{cron}"\nretries = 3\nbackoff = "1 s"\n'
SIEGES = 3  # projects under kills side by side, of ten kills at least: much of a round is waiting
MARK = "WORKBENCH_FAULT_TEST"  # in the environment of every process that a test starts
KINDS = {
    "scheduler": "schedule tick",
    "runner": "workbench.schedule.run_process",
    "kernel": "workbench.report.notebook.forkserver_process",
}


def project_in(tmp_path: Path) -> Project:
    """A project with one document and two notebooks of about a second."""
    for folder in ("notebooks", "jobs", "texts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts" / "a.txt").write_text("A title\n\nThe ministers met in Moscow and spoke at length.\n")
    for name in ("one", "two"):
        cells = [new_markdown_cell(f"# {name}"), new_code_cell("import time")]
        for section in ("First", "Second"):
            cells += [new_markdown_cell(f"## {section}"), new_code_cell("time.sleep(0.4); print('counted')")]
        nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / f"{name}.ipynb")
    return find_project(tmp_path)


class Siege:
    """A project under kills: jobs that become due, processes that are ended, and what must hold meanwhile."""

    def __init__(self, project: Project, seed: str, temporary: Path) -> None:
        self.project, self.chance = project, random.Random(seed)
        self.ledger: SlotStore = open_slot_store(project)
        self.mark, self.temporary = f"{os.getpid()}-{seed}", temporary
        self.good: dict[Path, str] = {}
        self.struck: Counter[str] = Counter()

    def due(self, name: str) -> None:
        """A new job whose last slot is due now."""
        now = datetime.now(UTC)
        slot = now.replace(second=0, microsecond=0)
        cron = f"{slot.minute} {slot.hour} {slot.day} {slot.month} *"  # once a year: no second slot comes meanwhile
        (self.project.folder / "jobs" / f"{name}.toml").write_text(JOB.format(cron=cron))
        self.ledger.plan(name, slot - timedelta(minutes=1), f"UTC {cron}", [], now)

    def tick(self) -> subprocess.Popen[bytes]:
        """A scheduler that takes up what is due."""
        environment = os.environ | {MARK: self.mark, "PYTHONPATH": str(Path(__file__).parents[2])}
        environment["TMPDIR"] = str(self.temporary)
        command = [sys.executable, "-m", "workbench", "schedule", "tick"]
        return subprocess.Popen(
            command, cwd=self.project.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )  # fmt: skip

    def processes(self) -> dict[int, str]:
        """Every process of this siege with its command line."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}\0".encode() in (place / "environ").read_bytes():
                    found[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def strike(self, victim: str, scheduler: subprocess.Popen[bytes], within: float) -> None:
        """Kill one process of a kind at a random moment of a tick; the scheduler itself when there is none."""
        time.sleep(self.chance.uniform(0, within))
        pids = [pid for pid, line in self.processes().items() if KINDS[victim] in line]
        if not pids and victim != "scheduler" and scheduler.poll() is None:
            pids, victim = [scheduler.pid], "scheduler"
        for pid in self.chance.sample(pids, min(1, len(pids))):
            self.struck[victim] += 1
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                self.struck[victim] -= 1

    def alone(self) -> None:
        """Wait until no process is left; what a killed one has started must end by itself."""
        end = time.monotonic() + 90
        while left := self.processes():
            assert time.monotonic() < end, f"left behind: {left}"
            time.sleep(0.2)

    def whole(self) -> None:
        """No file is half written, what was good is untouched, the ledger is sound."""
        for path in self.project.reports.rglob("*"):
            if path.suffix in (".json", ".ipynb") and not path.name.startswith("."):
                json.loads(path.read_text(encoding="utf-8"))
            if path.suffix == ".html":
                assert path.read_text(encoding="utf-8").endswith("</html>\n"), path
        for path, digest in self.good.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, path
        with sqlite3.connect(self.ledger.path) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def true(self) -> None:
        """Every slot that is said to have run has its report, and every failure its reason."""
        for row in self.ledger.slots():
            if row.state in ("ran", "degraded"):
                run = read_run(self.project.reports / row.job / slot_name(row.slot))
                assert run is not None, row
                assert (run.state in ("done", "reused")) == (row.state == "ran"), row
                assert row.state == "ran" or "the kernel " in row.reason, row  # beside another notebook
                for path in run.files["html"]:
                    self.good[path] = hashlib.sha256(path.read_bytes()).hexdigest()
            assert row.state != "failed" or row.reason, row

    def peace(self) -> list[Slot]:
        """Take up what is left, undisturbed, until every slot has a state that stays; the slots."""
        for _ in range(12):
            assert self.tick().wait(300) in (0, 1)
            rows = self.ledger.slots()
            if not any(row.again or row.state in ("waiting", "running") for row in rows):
                return rows
            time.sleep(1)
        raise AssertionError(f"never at rest: {rows}")


def test_nothing_is_lost_by_kills_at_random_moments(tmp_path, pytestconfig):
    kills, seed = pytestconfig.getoption("--kills"), pytestconfig.getoption("--kills-seed")
    n = max(1, min(SIEGES, kills // 10))
    shares = [kills // n + (number < kills % n) for number in range(n)]
    with ThreadPoolExecutor(n) as pool:
        sieges = [
            pool.submit(besiege, project_in(tmp_path / str(number)), f"{seed}-{number}", share)
            for number, share in enumerate(shares)
        ]
    struck = [one.result() for one in sieges]
    assert sum(struck) >= kills


def besiege(project: Project, seed: str, kills: int) -> int:
    """Kill until there were so many kills; how many there were. Everything must hold at every moment."""
    with tempfile.TemporaryDirectory() as folder:  # a path that is short enough for sockets
        return _besiege(project, seed, kills, Path(folder))


def _besiege(project: Project, seed: str, kills: int, temporary: Path) -> int:
    siege = Siege(project, seed, temporary)
    for quiet in (
        "first",
        "second",
    ):  # the first builds the corpus; a kill is to come while the second one runs
        siege.due(quiet)
        began = time.monotonic()
        assert siege.tick().wait(300) == 0
        length = time.monotonic() - began
    siege.true()
    assert len(siege.good) == 2
    number = 0
    while sum(siege.struck.values()) < kills:
        siege.due(f"job{number}")
        scheduler = siege.tick()
        siege.strike(list(KINDS)[number % 3], scheduler, length)
        scheduler.wait(300)
        siege.alone()
        siege.whole()
        siege.true()
        number += 1
        assert number < 3 * kills + 9, "the kills come too late"
    rows = siege.peace()
    siege.whole()
    siege.true()
    logging.getLogger(__name__).warning("%s; slots: %s", dict(siege.struck), Counter(r.state for r in rows))
    assert {row.job for row in rows} == {"first", "second", *(f"job{n}" for n in range(number))}
    lost = [row for row in rows if row.state not in ("ran", "degraded")]
    assert [row for row in lost if "times; not begun again" not in row.reason] == []
    assert recover_runs(project.reports) == []
    siege.due("last")  # at its start, what killed ones have left behind is tidied
    assert siege.tick().wait(300) == 0
    assert [path.name for path in temporary.glob("wb-*") if (path / "owned").exists()] == []
    for path in project.reports.rglob("run.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["state"] != "running", path
    return sum(siege.struck.values())
