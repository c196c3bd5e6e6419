"""Job files: every key is checked with its place and hint, written files are read back, runs say what they were."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.errors import BadJob, BadParameter, BadSelection
from workbench.project import find_project
from workbench.report.jobs.check import load_job, read_job, seconds, write_job
from workbench.report.jobs.model import Gates, JobFile, Schedule, Sweep, find_job
from workbench.report.jobs.run import check_job, run_job
from workbench.report.runs import last_good, read_runs
from workbench.report.window import window_of, within
from workbench.selection.model import Selection

ROOT = Path(__file__).parents[2]
GOOD = 'title = "T"\nnotebooks = ["topic_frequency"]\n'
PAGE = "{title}\n\nGENEVA, March {day}, 2020 - The two sides resumed their talks, officials said.\n"


@pytest.fixture
def write(tmp_path):
    def write_(content, name="week"):
        path = tmp_path / "jobs" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write_


def test_the_example_job_says_all_that_it_needs_and_fits_its_notebooks():
    project = find_project(ROOT)
    job = load_job(find_job("weekly", project))
    assert check_job(job, project) == []
    assert job.schedule.backoff == 300
    assert job.parameters_of("topic_frequency", ("by", "top")) == {"by": "source", "top": 8}
    assert job.parameters_of("corpus_overview", ("by",)) == {"by": "source"}


@pytest.mark.parametrize(
    ("lines", "problem", "hint"),
    [
        ("titel = 'x'", "no setting `titel`", "did you mean `title`"),
        ("formats = ['hmtl']", "`formats` cannot be 'hmtl'", "did you mean `html`"),
        ("when_unchanged = 'sent'", "cannot be 'sent'", "did you mean `send`"),
        ("selection = 'sorce:TASS'", "no field `sorce`", "did you mean `source`"),
        ("[selection]\nsorce = 'TASS'", "no field `sorce`", "did you mean `source`"),
        ("[selection]\nsince = 2015", "wrong kind", "write texts"),
        ("[parameters.topic_freq]\ntop = 1", "names none of its notebooks", "did you mean `topic_frequency`"),
        ("[sweep]\nby = 'sources'", "cannot be 'sources'", "did you mean `source`"),
        ("[sweep]\nby = 'list'", "has no values", "write values"),
        ("[sweep]\nby = 'source'\nparameter = 'top'", "takes no parameter", "list"),
        ("[sweep]\nby = 'source'\nlimit = 0", "cannot be 0", "whole number from 1"),
        ("[schedule]\ncron = '0 7 * *'", "schedule.cron", "0 6 * * MON"),
        ("[schedule]\ntimezone = 'Europe/Berln'", "no time zone", "did you mean `Europe/Berlin`"),
        ("[schedule]\ntimezone = '../../etc'", "no time zone", "known"),
        ("[schedule]\nwindow = 'a while'", "schedule.window", "7 days"),
        ("[schedule]\nbackoff = 'soon'", "schedule.backoff", "15 min"),
        ("[schedule]\ncatch_up = 'last'", "schedule.catch_up", "latest"),
        ("[schedule]\noverlap = 'wait'", "schedule.overlap", "queue"),
        ("[schedule]\nretries = -1", "schedule.retries", "whole number"),
        ("[gates]\nmin_docs = 3", "no setting `min_docs`", "did you mean `min_documents`"),
        ("[gates]\nmax_unknown_dates = 20", "cannot be 20", "share from 0 to 1"),
        ("[deliver]\nmail = ['not an address']", "not an address", "name@example.org"),
        ("[deliver]\nfolder = 'ftp://me:hunter2@host/x'", "holds a password", "leave it out"),
        ("[deliver]\nfeed = 'yes'", "neither true nor false", "feed = true"),
        ("[retention]\nruns = 'many'", "retention.runs", "whole number"),
        ("title = ", "not valid TOML", "correct that line"),
        ("gates = 3", "`gates` is no table", "[gates]"),
        ("parameters = 3", "`parameters` is no table", "[parameters]"),
        ("formats = [3]", "`formats` is not a list of texts", "write formats"),
        ("memory = 2000", "`memory` cannot be 2000", '"2 GB"'),
        ("corpus = 3", "`corpus` is no text", "write corpus"),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_its_place_and_mend(write, lines, problem, hint):
    path = write(f"notebooks = ['topic_frequency']\n{lines}\n")
    with pytest.raises(BadJob) as refused:
        load_job(path)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert refused.value.place == str(path)


def test_every_problem_of_a_file_is_found_not_only_the_first(write):
    _, problems = read_job(write("titel = 'x'\nformats = ['x']\n[gates]\nmin_documents = -1\n"))
    assert len(problems) == 4  # no notebook is named either


def test_a_job_that_is_not_there_is_named_with_the_nearest(write, tmp_path):
    write(GOOD, "weekly")
    with pytest.raises(BadJob, match="no job `weely`") as refused:
        find_job("weely", find_project(tmp_path))
    assert "did you mean `weekly`" in refused.value.hint
    with pytest.raises(BadJob, match="no such job file"):
        load_job(tmp_path / "jobs" / "none.toml")


def test_what_is_written_reads_back_the_same_and_keeps_comments(write):
    path = write("# ours\ntitle = 'old'  # the title\nnotebooks = ['x']\n[gates]\nmin_documents = 2\n")
    job = JobFile(
        "week", 'A "quoted" title', ("topic_frequency",), selection=Selection.parse('source:TASS "a b"'),
        parameters={"by": "source", "topic_frequency": {"top": 3}}, sweep=Sweep("source"),
        schedule=Schedule("0 7 * * MON", "Europe/Berlin", "7 days"), gates=Gates(max_unknown_dates=0.25),
        formats=("html", "pdf"), when_unchanged="notice", memory=1_500_000_000,
    )  # fmt: skip
    write_job(path, job)
    assert load_job(path) == job
    text = path.read_text(encoding="utf-8")
    assert "# ours" in text
    assert "min_documents" not in text
    assert not list(path.parent.glob(".*.tmp"))


def test_a_job_that_means_nothing_is_not_written(tmp_path):
    with pytest.raises(BadJob, match="`notebooks` is empty"):
        write_job(tmp_path / "x.toml", JobFile("x", "X", ()))
    assert not (tmp_path / "x.toml").exists()


@pytest.mark.parametrize(
    ("value", "found"),
    [("15 min", 900), (90, 90), ("1.5 hours", 5400), ("x", None), (True, None), (-1, None)],
)
def test_durations_are_read_as_people_write_them(value, found):
    assert seconds(value) == found


@pytest.mark.parametrize(
    ("window", "since", "until"),
    [
        ("7 days", "2015-12-07", "2015-12-13"),
        ("2 weeks", "2015-11-30", "2015-12-13"),
        ("1 month", "2015-11-14", "2015-12-13"),
        ("1 year", "2014-12-14", "2015-12-13"),
        ("previous day", "2015-12-13", "2015-12-13"),
        ("previous week", "2015-12-07", "2015-12-13"),
        ("previous month", "2015-11-01", "2015-11-30"),
        ("previous year", "2014-01-01", "2014-12-31"),
    ],
)
def test_a_window_depends_on_the_slot_alone(window, since, until):
    assert window_of(window, datetime(2015, 12, 14, 6, tzinfo=UTC), "Europe/Berlin") == (since, until)


def test_the_day_of_a_slot_is_that_of_its_time_zone():
    late = datetime(2015, 12, 13, 23, 30, tzinfo=UTC)
    assert window_of("1 day", late, "Europe/Berlin") == ("2015-12-13", "2015-12-13")
    assert window_of("1 day", late, "America/New_York") == ("2015-12-12", "2015-12-12")


def test_a_window_never_widens_a_selection():
    assert within(Selection(since="2015-12-10"), ("2015-12-07", "2015-12-13")).since == "2015-12-10"
    assert within(Selection(until="2016"), ("2015-12-07", "2015-12-13")).until == "2015-12-13"
    with pytest.raises(BadSelection, match="outside the window"):
        within(Selection(until="2014"), ("2015-12-07", "2015-12-13"))


# ---------------------------------------------------------------- runs


@pytest.fixture
def project(tmp_path):
    """Two pages of two days, and two small notebooks that print their parameters."""
    from nbformat import write as save
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts").mkdir()
    (tmp_path / "notebooks").mkdir()
    for day in (3, 12):
        page = PAGE.format(title=f"Talks of day {day}", day=day)
        (tmp_path / "texts" / f"day{day}.txt").write_text(page, encoding="utf-8")
    for name in ("first", "second"):
        values = new_code_cell('top: int = 10\nselect: str = ""', metadata={"tags": ["parameters"]})
        cells = [
            new_markdown_cell(f"# About {name}"),
            values,
            new_markdown_cell("## What"),
            new_code_cell("print(top, select)"),
        ]
        save(new_notebook(cells=cells), tmp_path / "notebooks" / f"{name}.ipynb")
    return find_project(tmp_path)


def test_a_parameter_that_no_notebook_has_is_refused_before_anything_runs(project):
    job = JobFile("week", "The week", ("first",), parameters={"tpo": 3})
    with pytest.raises(BadJob, match="none of its notebooks has a parameter `tpo`") as refused:
        run_job(job, project)
    assert "did you mean `top`" in refused.value.hint
    with pytest.raises(BadParameter, match="no parameter `tpo`"):
        run_job(JobFile("week", "The week", ("first",), parameters={"first": {"tpo": 3}}), project)
    with pytest.raises(BadParameter, match="no such notebook"):
        run_job(JobFile("week", "The week", ("frist",)), project)
    assert not project.reports.exists()


@pytest.mark.notebooks
def test_a_slot_gives_one_report_of_two_notebooks_about_its_window_and_again_next_month(project):
    job = JobFile(
        "week", "The week", ("first", "second"), parameters={"top": 4}, schedule=Schedule(window="7 days")
    )
    slot = datetime(2020, 3, 9, 7, tzinfo=UTC)
    run = run_job(job, project, slot=slot)
    assert (run.state, run.window) == ("done", ("2020-03-02", "2020-03-08"))
    page = run.files["html"][0].read_text(encoding="utf-8")
    assert "4 since:2020-03-02 until:2020-03-08" in page
    assert (
        page.index("<h1>The week</h1>") < page.index(">About first</h2>") < page.index(">About second</h2>")
    )
    assert page.count(">What</h3>") == 2
    assert "workbench report week --slot 2020-03-09T07:00Z" in page
    again = run_job(job, project, slot=slot)
    assert (again.state, again.window, again.deliver) == ("reused", run.window, "nothing")
    nothing = run_job(job, project, slot=datetime(2020, 3, 30, tzinfo=UTC))
    assert (nothing.state, nothing.reports) == ("skipped", ())
    assert "from 2020-03-23 to 2020-03-29" in nothing.reason
    assert [one.slot for one in read_runs("week", project)] == ["20200309T0700Z", "20200330T0000Z"]
    assert last_good("week", project, "20200330T0000Z").slot == "20200309T0700Z"


@pytest.mark.notebooks
def test_a_sweep_by_month_or_list_makes_one_report_each(project):
    sweep = Sweep("list", ("since:2020-03-10", "until:2020-03-10", "since:2021"))
    run = run_job(JobFile("each", "Each", ("first",), sweep=sweep), project)
    assert [report.title for report in run.reports] == ["Each: since:2020-03-10", "Each: until:2020-03-10"]
    assert run.state == "done"
    assert (run.folder / "index.html").is_file()
