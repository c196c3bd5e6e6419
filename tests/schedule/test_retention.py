"""What is kept of old slots: the newest, the young, the good, and what one of these shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workbench.project import Project, find_project
from workbench.report.jobs.model import JobFile, Retention
from workbench.report.runs import slot_name
from workbench.schedule.delivery import prune_slots, send
from workbench.schedule.slots import Slot, SlotStore, open_slot_store

FIRST = datetime(2020, 3, 2, 6, tzinfo=UTC)
JOB = JobFile("weekly", "The week", ("one",), retention=Retention(runs=2))


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "workbench.toml").write_text("")
    return find_project(tmp_path)


@pytest.fixture
def ledger(project) -> SlotStore:
    return open_slot_store(project)


def ran(project: Project, ledger: SlotStore, week: int, state: str = "ran", shows: int | None = None) -> Slot:
    """A slot with its page, or one that shows the page of an earlier one."""
    slot = FIRST + timedelta(weeks=week)
    own = slot_name(FIRST + timedelta(weeks=week if shows is None else shows))
    page = project.reports / "weekly" / own / "weekly.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.touch()
    row = Slot(
        "weekly",
        slot,
        None,
        None,
        state,
        ended=slot,
        result={"files": {"html": [f"weekly/{own}/weekly.html"]}},
    )
    ledger.put(row, slot)
    return row


def weeks(project: Project, ledger: SlotStore) -> tuple[list[int], list[str]]:
    """Which weeks the ledger knows, and whose folders are there."""
    known = sorted((row.slot - FIRST).days // 7 for row in ledger.slots("weekly"))
    return known, sorted(path.name[4:8] for path in (project.reports / "weekly").iterdir())


def test_the_newest_runs_stay_with_their_folders(project, ledger):
    for week in range(4):
        ran(project, ledger, week)
    prune_slots(project, JOB, ledger)
    assert weeks(project, ledger) == ([2, 3], ["0316", "0323"])


def test_a_forgotten_slot_that_is_run_again_is_kept_until_newer_ones_are_made(project, ledger):
    for week in range(4):
        ran(project, ledger, week)
    prune_slots(project, JOB, ledger)
    again = replace(ran(project, ledger, 0), ended=FIRST + timedelta(weeks=3, days=1))
    ledger.put(again, FIRST)
    send(project, JOB, again, ledger)
    assert weeks(project, ledger) == ([0, 2, 3], ["0302", "0316", "0323"])
    for week in (4, 5):
        send(project, JOB, ran(project, ledger, week), ledger)
    assert weeks(project, ledger) == ([4, 5], ["0330", "0406"])


def test_a_run_made_lately_is_young_whatever_its_slot(project, ledger):
    job = replace(JOB, retention=Retention(days=30))
    old = ran(project, ledger, 0)
    ran(project, ledger, 1)
    ran(project, ledger, 2)
    ledger.put(replace(old, ended=datetime.now(UTC)), FIRST)
    prune_slots(project, job, ledger)
    assert weeks(project, ledger)[0] == [0, 2]


def test_a_page_that_a_kept_slot_shows_stays_although_its_own_slot_is_old(project, ledger):
    """Nothing changed for weeks: every slot shows the page of the first."""
    for week in range(5):
        ran(project, ledger, week, shows=0)
    prune_slots(project, JOB, ledger)
    assert weeks(project, ledger) == ([0, 3, 4], ["0302"])


def test_the_last_whole_report_stays_behind_degraded_and_failed_ones(project, ledger):
    for week, state in enumerate(["ran", "ran", "degraded", "failed", "failed", "failed"]):
        ran(project, ledger, week, state)
    prune_slots(project, JOB, ledger)
    assert weeks(project, ledger)[0] == [1, 2, 4, 5]
