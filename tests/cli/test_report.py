"""`workbench report` without a name: the reports that the project lists."""

import pytest
from typer.testing import CliRunner

from workbench.cli import doctor, report
from workbench.cli.app import app
from workbench.errors import BadParameter
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
