"""The feeds: read back by a parser, hostile titles and all; which runs stand in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from workbench.deliver.feed import FeedEntry, atom, json_feed
from workbench.project import find_project
from workbench.report.jobs.model import Deliver, JobFile, Schedule
from workbench.schedule.slots import Slot, SlotStore
from workbench.schedule.status import publish

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
A = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "<script>alert(1)</script>", "]]><entry/>", '" & \' &amp;', "&xxe;", "null \x00 bell \x07", "\ud800 half", "Мир 🕊",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text_in_both_feeds(title):
    entry = FeedEntry("k", title, f"About {title}", MONDAY, 'a"b.html')
    tree = etree.fromstring(atom(title, [entry], MONDAY).encode())
    assert [child.tag for child in tree] == [
        A + name for name in ("id", "title", "updated", "author", "entry")
    ]
    legal = title.replace("\x00", "\ufffd").replace("\x07", "\ufffd").replace("\ud800", "\ufffd")
    assert [tree.findtext(f"{A}title"), tree.findtext(f"{A}entry/{A}title")] == [legal, legal]
    assert tree.find(f"{A}entry/{A}link").get("href") == 'a"b.html'
    (item,) = json.loads(json_feed(title, [entry]))["items"]
    assert (item["title"], item["url"]) == (title, 'a"b.html')


def test_both_feeds_know_a_run_by_the_same_lasting_name_and_date_it_in_utc():
    entry = FeedEntry("weekly 1", "t", "x", MONDAY)
    again = FeedEntry("weekly 1", "t, mended", "y", MONDAY + timedelta(hours=1))
    item = json.loads(json_feed("Reports", [entry]))["items"][0]
    tree = etree.fromstring(atom("Reports", [again], MONDAY).encode())
    assert item["id"] == tree.findtext(f"{A}entry/{A}id")
    assert (item["date_published"], "url" in item) == ("2026-11-23T05:00:00+00:00", False)
    assert tree.findtext(f"{A}updated") == "2026-11-23T06:00:00+00:00"


def test_the_feeds_beside_the_index_hold_runs_failures_and_misses_of_the_jobs_that_want_them(tmp_path: Path):
    ledger, project = SlotStore(tmp_path / "ledger.sqlite"), find_project(tmp_path)
    rule = Schedule(cron="daily 06:00")
    wanting = JobFile("weekly", "The <week>", ("one",), deliver=Deliver(feed=True), schedule=rule)
    other = JobFile("other", "Other", ("one",), schedule=rule)
    publish(project, ledger, {"other": other})
    assert not (project.reports / "feed.json").exists(), "nobody wants it"
    page = {"files": {"html": ["weekly/a b/one.html"]}, "changes": ["up: sanctions"]}
    for job, days, state, result in (
        ("weekly", 0, "ran", page), ("weekly", 1, "failed", {}), ("weekly", 2, "missed", {}),
        ("weekly", 3, "ran", {"deliver": "nothing"}), ("weekly", 4, "waiting", {}), ("other", 0, "ran", {}),
    ):  # fmt: skip
        reason = "no runner was at work" if state == "missed" else ""
        ledger.put(Slot(job, MONDAY + timedelta(days=days), None, None, state, reason, result=result), MONDAY)
    publish(project, ledger, {"weekly": wanting, "other": other})
    items = json.loads((project.reports / "feed.json").read_text(encoding="utf-8"))["items"]
    assert [item["title"].partition(",")[0] for item in items] == [
        "missed: The <week>", "failed: The <week>", "The <week>",
    ]  # fmt: skip
    assert items[0]["content_text"].endswith("Why: no runner was at work")
    assert items[2]["url"] == "weekly/a%20b/one.html"
    assert items[2]["content_text"].endswith("up: sanctions")
    tree = etree.parse(str(project.reports / "feed.atom"))
    assert [one.findtext(f"{A}id") for one in tree.iter(f"{A}entry")] == [item["id"] for item in items]
    publish(project, ledger, {"other": other})
    assert json.loads((project.reports / "feed.json").read_text())["items"] == []
