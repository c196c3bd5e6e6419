"""`workbench report` without a name: the reports that the project lists."""

import json

import pytest
from support.explorer_texts import explorer_corpus
from typer.testing import CliRunner

import workbench
from workbench.cli import doctor, report
from workbench.cli.app import app
from workbench.errors import BadJob, BadParameter, BadSelection
from workbench.project import DEFAULT_REPORTS, find_project
from workbench.report.jobs.check import load_job
from workbench.report.notebook.parameters import needed_extra
from workbench.report.plan import ReportRequest, RunConfig, plan
from workbench.selection.model import Selection
from workbench.selection.saved import save_selection
from workbench.templates.create import create_project
from workbench.templates.files import packaged_notebooks


@pytest.fixture
def project(tmp_path, monkeypatch):
    create_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_run(monkeypatch):
    """The notebooks and jobs that a run would get."""
    asked = []
    monkeypatch.setattr(report, "run_requests", lambda requests, **options: asked.append(requests) or [])
    done = CliRunner().invoke(app, ["report"], catch_exceptions=False)
    assert done.exit_code == 0
    (requests,) = asked
    return [path.stem for path in (*requests.notebooks, *requests.jobs)], done.stderr


def test_without_a_name_the_reports_of_the_project_are_made(project, monkeypatch):
    assert names_run(monkeypatch) == (list(DEFAULT_REPORTS), "")
    (project / "workbench.toml").write_text('default_reports = ["weekly", "sentiment"]\n', encoding="utf-8")
    assert names_run(monkeypatch) == (["sentiment", "weekly"], "")


def test_a_notebook_whose_extra_is_not_installed_is_left_out_with_the_line_that_installs_it(
    project, monkeypatch
):
    monkeypatch.setattr(doctor, "_installed", lambda name: name != "scikit-learn")
    names, said = names_run(monkeypatch)
    assert names == [name for name in DEFAULT_REPORTS if name != "found_topics"]
    assert said == "left out: found_topics needs more: pip install 'analyst-workbench[topics]'\n"


def test_the_extra_that_a_notebook_names_is_one_of_the_package():
    extras = {needed_extra(path) for path in packaged_notebooks().values()}
    assert extras == {"", "topics"}
    assert extras - {""} <= set(doctor.EXTRAS)


def test_an_empty_list_is_refused(project):
    (project / "workbench.toml").write_text("default_reports = []\n", encoding="utf-8")
    with pytest.raises(BadParameter, match="`default_reports` is empty"):
        CliRunner().invoke(app, ["report"], catch_exceptions=False)


def test_a_name_of_the_list_that_is_unknown_is_refused_with_the_nearest(project):
    (project / "workbench.toml").write_text('default_reports = ["sentimnt"]\n', encoding="utf-8")
    with pytest.raises(BadParameter, match="no notebook `sentimnt`") as refused:
        CliRunner().invoke(app, ["report", "--check"], catch_exceptions=False)
    assert "did you mean `sentiment`" in refused.value.hint


@pytest.fixture
def built_project(tmp_path, monkeypatch):
    """A project whose corpus is built, with a job for each selection that is written to it."""
    create_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    explorer_corpus(
        monkeypatch, tmp_path
    ).tables.entities.to_pandas()  # the names are made, so that mentions are known
    return tmp_path


@pytest.mark.parametrize(
    ("select", "hint"),
    [
        ("speaker:Anja", "did you mean `Anna`"),
        ("voice:turn speaker:Karl", "did you mean `Carl`"),
        ("source:Wirre", "did you mean `Wire`"),
        ("mentions:Osloo", "did you mean `Oslo`"),
        ("topic:penalty", "did you mean `penalties`"),
    ],
)
def test_an_unknown_value_is_refused_before_a_kernel_starts_and_leaves_no_page(
    built_project, monkeypatch, select, hint
):
    monkeypatch.setattr("workbench.report.run_notebooks.run_reports", None)  # what would start a kernel
    with pytest.raises(BadSelection) as refused:
        CliRunner().invoke(app, ["report", "topic_frequency", "--select", select], catch_exceptions=False)
    assert hint in refused.value.hint
    assert list((built_project / "reports").rglob("*.html")) == []
    (built_project / "jobs" / "of_one.toml").write_text(
        f"notebooks = ['topic_frequency']\nselection = '{select}'\n", encoding="utf-8"
    )
    for name in (["topic_frequency", "--select", select], ["of_one"]):
        checked = CliRunner().invoke(app, ["report", *name, "--check"])
        assert checked.exit_code == 1
        assert hint in checked.stdout


def test_a_known_speaker_passes_the_check(built_project):
    checked = CliRunner().invoke(
        app, ["report", "topic_frequency", "--select", "speaker:Anna voice:turn", "--check"]
    )
    assert (checked.exit_code, checked.stdout) == (0, "1 checked, no problems\n")


@pytest.fixture
def saved_project(built_project):
    """A project with a saved selection and the text of a job's selection to write."""
    save_selection(built_project / "settings", "Bo on the wire", Selection.parse("source:Wire speaker:Bo"))

    def write(selection):
        path = built_project / "jobs" / "saved.toml"
        path.write_text(f"notebooks = ['topic_frequency']\n{selection}\n", encoding="utf-8")
        return path

    return write


def checked_output(*words):
    done = CliRunner().invoke(app, ["report", *words, "--check"])
    return done.exit_code, done.stdout


@pytest.mark.parametrize(
    "lines",
    [
        "selection = 'saved:\"Bo on the wire\"'",
        "[selection]\nsaved = 'Bo on the wire'",
        "[sweep]\nvalues = ['saved:\"Bo on the wire\"', 'source:Wire']",
    ],
)
def test_a_job_names_a_saved_selection(saved_project, lines):
    saved_project(lines)
    assert checked_output("saved") == (0, "1 checked, no problems\n")


def test_a_report_of_a_saved_selection_records_what_was_saved(saved_project, built_project):
    project = find_project()
    job = load_job(saved_project("selection = 'saved:\"Bo on the wire\" treaty'"), project.settings)
    assert job.selection.line() == "source:Wire speaker:Bo treaty"
    notebook = packaged_notebooks()["topic_frequency"]
    planned = plan(
        ReportRequest(notebook, select='saved:"Bo on the wire"'), RunConfig(project.folder, project.reports)
    )
    assert planned.values["select"] == "source:Wire speaker:Bo"


def test_the_check_asks_whether_the_words_of_a_job_mean_a_saved_selection(saved_project):
    saved_project("selection = 'Bo on the wire'")
    for words in (("saved",), ("topic_frequency", "--select", "bo on the wire")):
        code, printed = checked_output(*words)
        assert code == 1
        assert 'did you mean saved:"Bo on the wire"?' in printed


@pytest.mark.parametrize(
    "lines", ["selection = 'saved:\"Bo on wire\"'", "[sweep]\nvalues = ['saved:\"Bo on wire\"']"]
)
def test_a_job_with_an_unknown_saved_name_is_refused_before_anything_runs(saved_project, monkeypatch, lines):
    saved_project(lines)
    monkeypatch.setattr("workbench.report.jobs.run.run_job", None)
    code, printed = checked_output("saved")
    assert code == 1
    assert "did you mean `Bo on the wire`" in printed
    with pytest.raises(BadJob, match="no selection is saved as `Bo on wire`"):
        CliRunner().invoke(app, ["report", "saved"], catch_exceptions=False)


def test_a_report_by_hand_with_the_words_of_a_saved_name_gets_the_hint(saved_project, monkeypatch):
    monkeypatch.setattr("workbench.report.run_notebooks.run_reports", None)
    with pytest.raises(BadSelection) as refused:
        CliRunner().invoke(
            app, ["report", "topic_frequency", "--select", "bo on the wire"], catch_exceptions=False
        )
    assert 'did you mean saved:"Bo on the wire"?' in refused.value.hint


def test_every_command_that_takes_a_selection_takes_a_saved_one(saved_project, built_project):
    whole = workbench.load()
    wanted = list(workbench.load(select="source:Wire speaker:Bo").tables.documents.to_pandas()["doc_id"])
    assert 0 < len(wanted) < len(whole.tables.documents.to_pandas())
    assert (
        list(workbench.load(select='saved:"Bo on the wire"').tables.documents.to_pandas()["doc_id"]) == wanted
    )
    assert list(whole.where('saved:"Bo on the wire"').tables.documents.to_pandas()["doc_id"]) == wanted
    for words in (
        ["search", 'saved:"Bo on the wire"'],
        ["search", "source:Wire", "--select", 'saved:"Bo on the wire"'],
    ):
        found = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        assert sorted(hit["doc_id"] for hit in json.loads(found.stdout)) == sorted(wanted)
    CliRunner().invoke(
        app,
        ["export", "--select", 'saved:"Bo on the wire"', "--to", "jsonl", "--out", "files"],
        catch_exceptions=False,
    )
    rows = (built_project / "files" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["doc_id"] for row in rows] == wanted
    for command in ("check", "entities"):
        done = CliRunner().invoke(app, [command, "--select", "saved:Boo"])
        assert isinstance(done.exception, BadSelection)
