"""The schedule on the index of reports: what an operator must not overlook, as text, whatever the words hold."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import html

from workbench.report.index import write_index
from workbench.report.index_schedule import STATE

JOB = {
    "job": "<b>weekly", "last": "Mon 2026-11-23 06:00 CET", "state": "missed", "why": "no runner <i>was</i> at work",
    "report": "weekly/a b/one.html", "next": "Mon 2026-11-30 06:00 CET",
}  # fmt: skip


def slot(day: int, state: str, why: str = "", report: str = "") -> dict[str, str]:
    return {
        "slot": f"Mon 2026-11-{day} 06:00 CET",
        "state": state,
        "why": why,
        "window": "",
        "report": report,
    }


def written(out: Path, **slots: list[dict[str, str]]) -> html.HtmlElement:
    told = {"made": "2026-11-23T05:10:00+00:00", "jobs": [JOB], "slots": slots}
    (out / STATE).write_text(json.dumps(told))
    return html.fromstring(write_index(out).read_text(encoding="utf-8"))


def test_a_missed_slot_stands_open_on_the_index_with_its_reason_and_the_last_good_report(tmp_path):
    page = tmp_path / "weekly" / "a b" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text("report")
    missed, ran = (
        slot(23, "missed", "no runner <i>was</i> at work"),
        slot(16, "ran", "", "weekly/a b/one.html"),
    )
    tree = written(tmp_path, weekly=[missed, ran], calm=[ran], gone=[slot(16, "ran", "", "gone.html")])
    assert not tree.xpath("//td//i | //th//b"), "what others wrote is text"
    (job,) = tree.xpath("//section[1]/div//tbody/tr")
    assert "missed no runner <i>was</i> at work" in " ".join(job.xpath(".//text()"))
    weekly, calm, gone = tree.xpath("//details")
    assert [part.get("open") is not None for part in (weekly, calm, gone)] == [True, False, False]
    assert weekly.xpath("string(summary)") == "weekly: last 2 slots, 1 of them not as wanted"
    assert weekly.xpath(".//a/@href") == ["weekly/a%20b/one.html"]
    assert weekly.xpath(".//*[contains(@class, 'wb-state-failed')]/text()") == ["missed"]
    assert gone.xpath(".//a") == [], "no link to what is not there"


def test_an_index_without_a_schedule_or_with_a_damaged_one_is_as_before(tmp_path):
    plain = write_index(tmp_path).read_text()
    assert "Schedule" not in plain
    for damaged in ("{", "[]", '{"jobs": [{}]}', '{"jobs": [], "slots": {}, "made": ""}'):
        (tmp_path / STATE).write_text(damaged)
        assert write_index(tmp_path).read_text() == plain
