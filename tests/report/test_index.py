"""The schedule on the index of reports: what an operator must not overlook, as text, whatever the words hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from support.fake_runs import lay_run

from workbench.report.index import STATE, in_words, sparkline, write_index

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
    assert weekly.xpath("string(summary)") == "weekly: last 2 slots, 1 of them wants a look"
    assert weekly.xpath(".//a/@href") == ["weekly/a%20b/one.html"]
    assert weekly.xpath(".//*[contains(@class, 'wb-state-failed')]/text()") == ["missed"]
    assert gone.xpath(".//a") == [], "no link to what is not there"


def test_an_index_without_a_schedule_or_with_a_damaged_one_is_as_before(tmp_path):
    plain = write_index(tmp_path).read_text()
    assert "Schedule" not in plain
    for damaged in ("{", "[]", '{"jobs": [{}]}', '{"jobs": [], "slots": {}, "made": ""}'):
        (tmp_path / STATE).write_text(damaged)
        assert write_index(tmp_path).read_text() == plain


def test_each_job_shows_its_runs_what_changed_how_long_it_took_and_the_course_of_its_key_figures(tmp_path):
    for slot_, value in (("20200302T0700Z", 3.0), ("20200309T0700Z", 5.0), ("20200316T0700Z", 4.0)):
        lay_run(tmp_path, "week", slot_, value, made=f"{slot_[:4]}-{slot_[4:6]}-{slot_[6:8]}T07:00:01+00:00")
    lay_run(
        tmp_path, "week", "20200323T0700Z", 9.0, "failed", reason="it broke", made="2020-03-23T07:00:01+00:00"
    )
    (tmp_path / "week" / "20200330T0700Z").mkdir()
    (tmp_path / "week" / "20200330T0700Z" / "run.json").write_text("{")
    tree = html.fromstring(write_index(tmp_path).read_text(encoding="utf-8"))
    assert not tree.xpath("//i"), "what others wrote is text"
    (job,) = tree.xpath("//div[@aria-label='Jobs']//tbody/tr")
    said = [" ".join(cell.itertext()).strip() for cell in job]
    assert said == [
        "week",
        "2020-03-23 07:00 UTC",
        "failed",
        "it broke",
        "12.3\u202fs",
        "",
        "not scheduled",
        "Open   2020-03-16",
    ]
    assert job.xpath(".//a/@href") == ["week/20200316T0700Z/week.html"], (
        "the last good one, not the failed one"
    )
    (figure,) = tree.xpath("//div[@aria-label='Key figures of week']//tbody/tr")
    assert [" ".join(cell.itertext()).strip() for cell in figure] == [
        "<i>documents</i>",
        "",
        "4 [3.0–6.0]",
        "5",
    ]
    (line,) = figure.xpath(".//svg")
    assert line.get("aria-label") == "<i>documents</i> in 3 runs, 2020-03-02 to 2020-03-16: 3, 5, 4"
    # From 2 (lowest limit) to 7 (highest) on 22 units above 26: 3 → 26 − 22 / 5 = 21.6, 5 → 12.8, 4 → 17.2
    assert line.xpath("./polyline/@points") == ["4.0,21.6 66.0,12.8 128.0,17.2"]
    slots = tree.xpath("//div[@aria-label='Slots of week']//tbody/tr")
    assert len(slots) == 4
    assert slots[0].xpath(".//a/@href | .//a/text()") == ["week/20200323T0700Z/week.html", "What happened"]
    assert [cell.xpath("string()") for cell in slots[1]][-3:] == [
        "12.3\u202fs",
        "1 up, 1 new, 1 gone",
        "Open",
    ]
    assert tree.xpath("string(//details/summary)") == "week: last 4 slots, 1 of them wants a look"


def test_the_last_good_report_is_no_degraded_one_unless_there_is_no_other(tmp_path):
    lay_run(tmp_path, "week", "20201109T0500Z", 3.0, made="2020-11-09T05:00:01+00:00")
    for job in ("week", "poor"):
        lay_run(
            tmp_path, job, "20201116T0500Z", 3.0, "degraded", reason="old", made="2020-11-16T05:00:01+00:00"
        )
    tree = html.fromstring(write_index(tmp_path).read_text(encoding="utf-8"))
    poor, week = tree.xpath("//div[@aria-label='Jobs']//tbody/tr")
    last = [(row.xpath("string(td[last()])"), row.xpath("td[last()]//a/@href")) for row in (poor, week)]
    assert last == [
        ("Open degraded, 2020-11-16", ["poor/20201116T0500Z/poor.html"]),
        ("Open 2020-11-09", ["week/20201109T0500Z/week.html"]),
    ]
    assert [part.xpath("string(summary)") for part in tree.xpath("//details")] == [
        "poor: its only slot wants a look",
        "week: last 2 slots, 1 of them wants a look",
    ]


def test_a_slot_of_the_schedule_is_shown_once_with_what_its_run_says(tmp_path):
    lay_run(tmp_path, "week", "20201116T0500Z", 3.0)
    lay_run(tmp_path, "week", "manual", 4.0, made="2020-11-01T00:00:00+00:00")
    ran = slot(16, "ran", "", "week/20201116T0500Z/week.html") | {
        "utc": "2020-11-16T05:00Z",
        "seconds": 200.0,
    }
    missed = slot(23, "missed") | {"utc": "2020-11-23T05:00Z", "seconds": None}
    tree = written(tmp_path, week=[missed, ran])
    slots = [
        [cell.xpath("string()") for cell in row]
        for row in tree.xpath("//div[@aria-label='Slots of week']//tbody/tr")
    ]
    assert [row[0] for row in slots] == [missed["slot"], ran["slot"], "by hand, 2020-11-01 00:00 UTC"]
    assert slots[1][1:] == ["ran", "", "", "12.3\u202fs", "1 up, 1 new, 1 gone", "Open"]


@pytest.mark.parametrize(
    ("values", "points"),
    [([1.0], []), ([2.0, 2.0], ["4.0,15.0 128.0,15.0"]), ([0.0, 1.0], ["4.0,26.0 128.0,4.0"])],
)
def test_a_line_of_one_or_of_equal_values_is_drawn_where_it_can_be(values, points):
    tree = html.fromstring(sparkline("n", [("2020-01-01", value, None, None) for value in values]))
    assert tree.xpath("./polyline/@points") == points
    assert len(tree.xpath("./circle")) == 1
    assert in_words("n", [("2020-01-01", 1.0, None, None)]) == "n in 1 run, 2020-01-01: 1"
