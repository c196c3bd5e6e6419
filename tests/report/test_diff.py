"""What changed between two runs: compared and split by cause, with values worked out by hand."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from lxml import html
from nbformat import write as save
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import workbench
from workbench.project import find_project
from workbench.report.diff.attribution import Arrived, again_over, arrived, other_causes
from workbench.report.diff.compare import Since, compare, difference_limits, since_last, split
from workbench.report.diff.render import FIRST, heading, lines, section
from workbench.report.jobs.model import JobFile, Schedule
from workbench.report.jobs.run import run_job
from workbench.report.plan import ReportRequest, RunConfig, plan
from workbench.report.results import NamedResult, ResultStamp, place, write_results
from workbench.report.run import run_report
from workbench.report.runs import read_run
from workbench.schedule.run_process import slot_result as kept_of
from workbench.selection.model import Selection

DAY = "2020-03-09T07:00:00+00:00"
BEFORE = ResultStamp(DAY, "v1", "s1", "p1", "n1", since="2020-03-02", until="2020-03-08", documents=2)


def kinds(before: list[NamedResult], after: list[NamedResult]) -> dict[str, str]:
    return {change.name: change.kind for change in compare(before, after)[0]}


# ---------------------------------------------------------------- compared


def test_the_limits_of_a_difference_are_those_worked_out_by_hand():
    # 20 − 10 = 10; below √(4² + 4²) = 5.657, above √(3² + 3²) = 4.243
    low, high = difference_limits(NamedResult("x", 10.0, 7.0, 14.0), NamedResult("x", 20.0, 16.0, 23.0))
    assert (round(low, 3), round(high, 3)) == (4.343, 14.243)
    assert difference_limits(NamedResult("x", 10.0), NamedResult("x", 20.0, 16.0, 23.0)) is None
    assert difference_limits(NamedResult("x", "many"), NamedResult("x", 20.0, 16.0, 23.0)) is None
    assert difference_limits(NamedResult("x", 0.0, 0.0, 0.0), NamedResult("x", 1.0, 1.0, 1.0)) is None, (
        "no width, no noise"
    )


def test_up_and_down_are_beyond_noise_and_everything_else_says_what_it_is():
    before = [
        NamedResult("up", 10.0, 7.0, 14.0), NamedResult("down", 20.0, 16.0, 23.0), NamedResult("noise", 10.0, 7.0, 14.0),
        NamedResult("count", 42.0), NamedResult("top", "trade"), NamedResult("same", 1.0), NamedResult("gone", 3.0), NamedResult("half", 1.0, 0.0, 2.0),
    ]  # fmt: skip
    after = [
        NamedResult("up", 20.0, 16.0, 23.0), NamedResult("down", 10.0, 7.0, 14.0), NamedResult("noise", 12.0, 8.0, 17.0),
        NamedResult("count", 43.0), NamedResult("top", "sanctions"), NamedResult("same", 1.0), NamedResult("new", 5.0), NamedResult("half", 9.0),
    ]  # fmt: skip
    changes, same = compare(before, after)
    assert same == 1
    assert {change.name: change.kind for change in changes} == {
        "up": "up", "down": "down", "noise": "within noise", "count": "no interval", "top": "words",
        "new": "new", "gone": "gone", "half": "no interval",
    }  # fmt: skip
    assert [change.name for change in changes][:2] == ["up", "down"], "what is beyond noise comes first"
    up = changes[0]
    assert (up.difference, round(up.low, 3), round(up.high, 3)) == (10.0, 4.343, 14.243)
    # z = 10 / (5.657 / 1.96) = 3.465, p = 0.00053; three results with intervals: times 3 / 2
    assert up.q == pytest.approx(0.00053 * 3 / 2, rel=0.02)


def test_one_of_many_results_must_differ_more_than_one_alone():
    close = NamedResult("x", 10.0, 7.0, 13.0), NamedResult("x", 14.6, 11.6, 17.6)  # z = 2.13, p = 0.033
    assert kinds([close[0]], [close[1]]) == {"x": "up"}
    calm = [NamedResult(f"calm {k}", 5.0, 4.0, 6.0) for k in range(9)]
    assert kinds([close[0], *calm], [close[1], *calm]) == {"x": "within noise"}


@pytest.mark.null
def test_results_that_differ_by_chance_alone_are_rarely_called_changed():
    """Forty results drawn twice from the same world, 400 times: false alarms in at most one run of twenty."""
    draw = random.Random(1)

    def results() -> list[NamedResult]:
        values = [draw.gauss(10, 1) for _ in range(40)]
        return [NamedResult(str(k), v, v - 1.96, v + 1.96) for k, v in enumerate(values)]

    alarmed = sum(
        any(kind in ("up", "down") for kind in kinds(results(), results()).values()) for _ in range(400)
    )
    assert alarmed <= 30  # 5 % of 400 are 20, with a standard error of 4.4
    assert alarmed > 4, "a test that never speaks would pass as well"


# ---------------------------------------------------------------- split


def test_the_shares_of_a_difference_add_up_to_it_and_unknown_ones_are_not_invented():
    before, middle, after = [NamedResult("x", 10.0)], [NamedResult("x", 11.5)], [NamedResult("x", 20.0)]
    (change,), _ = compare(before, after)
    chain = [("", before), ("late documents", middle), ("new documents", after)]
    assert split(change, chain).shares == {"late documents": 1.5, "new documents": 8.5}
    chain[1] = ("late documents", None)
    assert split(change, chain).shares == {"late documents": None, "new documents": None}
    chain[1] = ("late documents", [NamedResult("y", 1.0)])
    assert split(change, chain).shares == {"late documents": None, "new documents": None}


def test_a_result_that_came_or_went_or_changed_its_words_is_from_the_cause_it_came_with():
    before = [NamedResult("old", 1.0), NamedResult("top", "trade"), NamedResult("older", 1.0)]
    middle = [NamedResult("new", 2.0), NamedResult("top", "trade"), NamedResult("older", 1.0)]
    after = [NamedResult("new", 3.0), NamedResult("top", "arms")]
    chain = [("", before), ("settings", middle), ("new documents", after)]
    shares = {change.name: split(change, chain).shares for change in compare(before, after)[0]}
    early, late = {"settings": 1.0, "new documents": 0.0}, {"settings": 0.0, "new documents": 1.0}
    assert shares == {"new": early, "old": early, "top": late, "older": late}


def test_documents_are_new_late_undated_or_missing_by_their_days_and_their_arrival():
    then, later = "2020-03-09T06:59:00+00:00", "2020-03-12T00:00:00+00:00"
    old = {"a": ("2020-03-03", then), "b": ("2020-03-08", later), "c": ("2020-03", later)}
    now = {"d": ("2020-03-10", later), "e": ("2020-03-11", later), "b": ("2020-03-08", later)}
    assert arrived(BEFORE, old, now, old | now) == Arrived(new=2, late=2, undated=0, missing=1)
    open_ = ResultStamp(DAY, "v1", documents=1)
    every = {"a": ("2020-03-03", then), "b": ("2020-03-08", later), "c": ("", later), "d": ("2020-03-10", later), "e": ("--03-10", later)}  # fmt: skip
    assert arrived(open_, every, every, every) == Arrived(new=1, late=1, undated=2, missing=0)
    anew = {name: (date, later) for name, (date, _) in every.items()}
    assert not arrived(open_, anew, anew, anew).known, "a store made anew knows no arrival"
    assert arrived(BEFORE, {}, {}, {}) == Arrived(missing=2)


def test_without_a_window_new_documents_are_left_out_by_the_day_unless_undated_ones_were_there():
    then, later = "2020-03-09T06:59:00+00:00", "2020-03-12T00:00:00+00:00"
    open_ = ResultStamp(DAY, "v1", documents=2, line="source:TASS")
    late = Arrived(new=1, late=1)
    kept = again_over(open_, open_, {"a": ("2020-03-03", then), "b": ("2020-03-10", later)}, late)
    assert kept.line() == "source:TASS until:2020-03-09"
    assert again_over(open_, open_, {"a": ("", then)}, late) is None
    assert again_over(open_, open_, {"a": ("2020", then)}, late) is None
    none_late = again_over(open_, open_, {"a": ("", then)}, Arrived(new=1))
    assert none_late.line() == f"source:TASS arrived:{DAY}", "by arrival, which undated documents have, too"
    now = ResultStamp(
        DAY, "v1", since="2020-03-09", until="2020-03-15", line="since:2020-03-09 until:2020-03-15"
    )
    assert again_over(BEFORE, now, {}, late).line() == "since:2020-03-02 until:2020-03-08"


def test_every_input_that_is_other_is_a_cause():
    def causes(came: Arrived = Arrived(), **other: object) -> list[str]:  # noqa: B008
        return other_causes(BEFORE, ResultStamp(**(BEFORE.__dict__ | other)), came)

    assert causes() == []
    assert causes(corpus_version="v2") == []
    assert causes(Arrived(late=1), corpus_version="v2") == ["late documents"]
    assert causes(Arrived(missing=1), corpus_version="v2") == ["late documents"]
    assert causes(Arrived(late=1)) == [], "the same version has the same documents"
    assert causes(settings_digest="s2", corpus_version="v2") == ["settings"], (
        "aliases change the version, too"
    )
    assert causes(package="p2") == causes(packages={"pandas": "9"}) == ["program"]
    assert (
        causes(notebook="n2")
        == causes(parameters="{}x")
        == causes(line="source:TASS")
        == ["the report itself"]
    )
    assert causes(line="since:2020-03-09") == [], "another window is not another rule"


# ---------------------------------------------------------------- shown


def test_the_page_says_what_came_from_where_and_nothing_in_it_is_markup(tmp_path):
    before = [NamedResult("<i>x</i>", 10.0, 7.0, 14.0), NamedResult("count", 5.0)]
    after = [NamedResult("<i>x</i>", 20.0, 16.0, 23.0), NamedResult("count", 6.0)]
    now = ResultStamp("2020-03-16T07:00:00+00:00", "v2", since="2020-03-09", until="2020-03-15")
    chain = [("", before), ("late documents", [NamedResult("<i>x</i>", 11.0)]), ("new documents", after)]
    changes = tuple(split(change, chain) for change in compare(before, after)[0])
    since = Since("r", now, BEFORE, changes, 0, ("late documents", "new documents"), Arrived(new=3, late=1))
    tree = html.fromstring(section(since, tmp_path, None))
    assert tree.xpath("string(.//h2)") == "Since 2020-03-09: 1 up" == heading(since)
    assert not tree.xpath(".//i")
    (row,) = tree.xpath("./div//tbody/tr")
    assert [" ".join(cell.itertext()) for cell in row] == [
        "<i>x</i>", "10", "20", "+10 [4.3–14.2]", "+1", "+9",
    ]  # fmt: skip
    (folded,) = tree.xpath(".//details")
    assert "1 not tested, for want of an interval" in folded.xpath("string(summary)")
    assert [cell.text for cell in folded.xpath(".//tbody/tr/td")][-2:] == ["cannot tell", "cannot tell"]
    assert "3 documents of other days and 1 document of its days arrived or changed since." in tree.xpath(
        "string(p)"
    )
    assert lines(since) == [
        "<i>x</i>: up from 10 to 20 (+10 [4.3–14.2]), of which late documents +1, new documents +9"
    ]


def test_two_inputs_that_changed_together_are_named_together_never_guessed_apart(book, setting):
    now = ResultStamp(
        "2020-03-16T07:00:00+00:00", "v1", "s2", "p2", "n1", since="2020-03-02", until="2020-03-08"
    )
    since = since_last(book, setting, now, [NamedResult("x", 2.0)], _never)
    assert since.causes == ("settings and program",)
    assert since.note == "Settings and program changed together; their shares cannot be told apart."
    assert since.changes[0].shares == {"settings and program": 1.0}


def test_late_documents_and_settings_are_told_apart_by_the_documents_that_were_there_then(book, setting):
    """1.0 then; 1.5 with today's settings over the documents of then; 4.0 with the late ones; 10.0 now."""
    asked = []

    def rerun(selection):
        asked.append(selection.line())
        return [NamedResult("x", 1.5 if selection.arrived else 4.0)]

    now = ResultStamp("2020-03-16T07:00:00+00:00", "v2", "s2", "p1", "n1", since="2020-03-09", until="2020-03-15",
                line="since:2020-03-09 until:2020-03-15")  # fmt: skip
    documents = {
        "a": ("2020-03-03", DAY),
        "b": ("2020-03-04", DAY),
        "c": ("2020-03-05", now.made),
        "d": ("2020-03-10", now.made),
    }
    setting = replace(setting, documents=Held(documents))
    since = since_last(
        replace(book, select=Selection.parse(now.line)), setting, now, [NamedResult("x", 10.0)], rerun
    )
    assert asked == [f"since:2020-03-02 until:2020-03-08 arrived:{DAY}", "since:2020-03-02 until:2020-03-08"]
    assert (since.came, since.note) == (Arrived(new=1, late=1), "")
    assert since.changes[0].shares == {"settings": 0.5, "late documents": 2.5, "new documents": 6.0}
    same_days = replace(now, since="2020-03-02", until="2020-03-08", line="since:2020-03-02 until:2020-03-08")
    asked.clear()
    since = since_last(
        replace(book, select=Selection.parse(same_days.line)),
        setting,
        same_days,
        [NamedResult("x", 4.0)],
        rerun,
    )
    assert len(asked) == 1
    assert since.changes[0].shares == {"settings": 0.5, "late documents": 2.5}
    gone = replace(setting, documents=Held({name: row for name, row in documents.items() if name != "a"}))
    since = since_last(
        replace(book, select=Selection.parse(now.line)), gone, now, [NamedResult("x", 10.0)], rerun
    )
    assert since.changes[0].shares == {"late documents and settings": 3.0, "new documents": 6.0}
    assert since.note.startswith("Documents that changed or went are no longer there as they were.")


class Held:
    """Documents as `causes.Documents` gives them, chosen by date alone."""

    def __init__(self, every):
        self.every = every

    def inside(self, selection):
        return {name: row for name, row in self.every.items() if selection.holds_date(row[0])}


def test_the_same_results_are_no_change_and_nothing_is_run_again(book, setting):
    now = ResultStamp(
        "2020-03-16T07:00:00+00:00", "v2", "s2", "p2", "n2", since="2020-03-09", until="2020-03-15"
    )
    since = since_last(book, setting, now, [NamedResult("x", 1.0)], _never)
    assert (since.changes, since.same, lines(since)) == ((), 1, [])
    assert heading(since) == "Since 2020-03-09 no result changed"


@pytest.fixture
def setting(tmp_path):
    from workbench.report.plan import RunConfig

    return RunConfig(tmp_path, tmp_path)


@pytest.fixture
def book(tmp_path):
    """A book whose last results are one number, 1.0."""
    from workbench.report.plan import ReportSpec
    from workbench.report.results import place, write_results
    from workbench.selection.model import Selection

    write_results(place(tmp_path, "r"), BEFORE, [NamedResult("x", 1.0)])
    return ReportSpec("r", "", (), "", "", Selection())


def _never(_: object) -> list[NamedResult]:
    raise AssertionError("nothing is to be run again")


# ---------------------------------------------------------------- real runs

SHOWN = """
import workbench
from IPython.display import display
texts = workbench.load(corpus, select)
words = int(texts.tables.documents.to_pandas()["words"].sum())
rows = [{"name": "documents", "value": len(texts.doc_ids)}, {"name": "words", "value": words, "low": words - 1, "high": words + 1},
        {"name": "names", "value": len(texts.tables.entities.to_pandas()) if texts.has_layer("mentions", make=False) else 0}]
display({"application/vnd.workbench.result+json": {"rows": rows}, "text/plain": "shown"}, raw=True)
"""
PAGE = "Talks of day {day}\n\nGENEVA, March {day}, 2020 - {words}\n"
JOB = JobFile("week", "The week", ("count",), schedule=Schedule(window="7 days"))
FIRST_SLOT = datetime(2020, 3, 9, 7, tzinfo=UTC)


@pytest.fixture
def project(tmp_path):
    """One page of the first week, and a notebook that counts documents, words and names."""
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "settings").mkdir()
    values = new_code_cell('corpus: str | None = None\nselect: str = ""', metadata={"tags": ["parameters"]})
    cells = [
        new_markdown_cell("# Counted"),
        values,
        new_code_cell(SHOWN.replace("corpus, ", "corpus or None, ")),
    ]
    save(new_notebook(cells=cells), tmp_path / "notebooks" / "count.ipynb")
    put(tmp_path, 3, 10)
    return find_project(tmp_path)


def put(folder: Path, day: int, words: int, name: str = "") -> None:
    """A page of a day in March with that many words."""
    (folder / "texts").mkdir(exist_ok=True)
    text = PAGE.format(day=day, words=" ".join(["The CSTO and the SCO resumed talks."] * (words // 6 + 1)))
    (folder / "texts" / f"{name or day}.txt").write_text(text, encoding="utf-8")


def told(run, name: str) -> dict[str, object]:
    """What the kept JSON says of a result."""
    kept = json.loads((run.folder / "week.changes.json").read_text())
    return next(change for change in kept["changes"] if change["name"] == name)


@pytest.mark.notebooks
def test_a_late_document_is_told_from_those_of_the_new_week(project, monkeypatch):
    monkeypatch.setattr(
        workbench, "build", partial(workbench.build, layers=()), raising=False
    )  # no names wanted
    first = run_job(JOB, project, slot=FIRST_SLOT)
    assert FIRST in first.files["html"][0].read_text()
    assert (first.changes, first.state) == ([], "done")
    late_by(project)
    put(project.folder, 10, 30)  # the new week
    put(project.folder, 11, 30, "another")
    put(project.folder, 4, 60, "late")  # of the old week, arrived after its report
    (project.settings / "topics.toml").write_text('visits = ["visit*"]\n')  # which no result here hangs on
    run = run_job(JOB, project, slot=FIRST_SLOT + timedelta(days=7))
    documents, words = told(run, "documents"), told(run, "words")
    assert documents["kind"] == "no interval"
    assert documents["shares"] == {
        "settings": 0.0,
        "late documents": 1.0,
        "new documents": 0.0,
    }  # 1 → 1 → 2 → 2
    assert words["kind"] == "up"
    assert words["shares"]["settings"] == 0.0
    assert sum(words["shares"].values()) == words["difference"]
    kept = json.loads((run.folder / "week.changes.json").read_text())
    assert kept["documents"] == {"new": 2, "late": 1, "undated": 0, "missing": 0, "known": True}
    (line,) = run.changes
    assert line.startswith("words: up from")
    assert (
        json.loads((run.folder / "run.json").read_text())["changes"]
        == run.changes
        == read_run(run.folder).changes
    )
    assert kept_of(run, project)["changes"] == run.changes, "what the schedule mails"
    page = html.fromstring(run.files["html"][0].read_text())
    (link,) = page.xpath("//section[@class='wb-changes']//a/@href")
    assert (run.folder / link).resolve() == first.files["html"][0].resolve()
    again = run_job(JOB, project, slot=FIRST_SLOT + timedelta(days=7))
    assert (again.state, again.changes) == ("reused", [line]), "a slot that is asked for again says the same"


@pytest.mark.notebooks
def test_a_change_of_aliases_is_one_of_settings_and_an_unchanged_corpus_is_none(project):
    job = JobFile("week", "The week", ("count",))
    run_job(job, project, slot=FIRST_SLOT)
    assert run_job(job, project, slot=FIRST_SLOT + timedelta(days=7)).changes == []
    (project.settings / "aliases.toml").write_text(ALIASES)
    run = run_job(job, project, slot=FIRST_SLOT + timedelta(days=14), force=True)
    names = told(run, "names")
    assert (names["difference"], names["shares"]) == (-1.0, {"settings": -1.0})
    kept = json.loads((run.folder / "week.changes.json").read_text())
    assert (kept["inputs"], kept["same"]) == (["settings: aliases"], 2)


@pytest.mark.notebooks
def test_a_report_is_not_run_again_when_half_of_its_time_is_over(tmp_path, monkeypatch):
    import time

    cells = [
        new_code_cell('select: str = ""\nvalue: float = 1.0', metadata={"tags": ["parameters"]}),
        new_code_cell("from IPython.display import display\nrows = [{'name': 'x', 'value': value}]\n"
                      "display({'application/vnd.workbench.result+json': {'rows': rows}}, raw=True)"),
    ]  # fmt: skip
    path = tmp_path / "n.ipynb"
    save(new_notebook(cells=cells), path)
    last = place(tmp_path / "reports", plan(ReportRequest(path), RunConfig(tmp_path, tmp_path)).name)
    said = []
    for began in (time.monotonic(), time.monotonic() - 301):
        write_results(last, replace(BEFORE, corpus_version="", line=""), [NamedResult("x", 9.0)])
        setting = RunConfig(
            tmp_path, tmp_path / "reports", settings_digest="s2", deadline=600, force=True, began=began
        )
        run_report(ReportRequest(path), setting)
        said.append(json.loads(last.with_name("n.changes.json").read_text()))
    assert said[0]["changes"][0]["shares"] == {
        "settings, program and the report itself": -8.0,
        "new documents": 0.0,
    }
    assert said[1]["changes"][0]["shares"] == {
        "settings, program and the report itself": None,
        "new documents": None,
    }
    assert "it was not run, since half of the time" in said[1]["note"]


ALIASES = """
[[accept]]
names = ["CSTO", "SCO"]
entity = "CSTO"
label = "body"
reason = "one body here, for the test"
"""


def late_by(project, seconds: int = 1) -> None:
    """Wait until the clock of arrivals has moved on."""
    import time

    time.sleep(seconds + 0.1)
