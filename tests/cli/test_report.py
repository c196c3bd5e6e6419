"""`workbench report` without a name: the reports that the project lists."""

import pytest
from support.explorer_texts import explorer_corpus
from typer.testing import CliRunner

from workbench.cli import doctor, report
from workbench.cli.app import app
from workbench.errors import BadParameter, BadSelection
from workbench.project import DEFAULT_REPORTS
from workbench.report.notebook.parameters import needed_extra
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
    explorer_corpus(monkeypatch, tmp_path).entities  # noqa: B018 - the names are made, so that mentions are known
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
