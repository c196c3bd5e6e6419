"""Jobs of JupyterLab's form: what needs no jupyter-scheduler, then a real server of a Python that has it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.errors import BadParameter, ReportFailed
from workbench.lab.run import (
    ANSWER,
    BESIDE,
    LabOutcome,
    LabRequest,
    copy_results,
    keep_origin,
    project_of,
    read_origin,
    refuse_early,
    run_in_project,
)

ROOT = Path(__file__).parents[2]
SCHEDULER = os.environ.get("WORKBENCH_JUPYTER_SCHEDULER", "")
needs_scheduler = pytest.mark.skipif(
    not SCHEDULER,
    reason="WORKBENCH_JUPYTER_SCHEDULER names no Python that has the extra `scheduler`; the rest of the adapter is tested",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one document and the notebook `one`, whose parameters say what is to go wrong."""
    folder = tmp_path_factory.mktemp("lab") / "press"
    for name in ("notebooks", "texts"):
        (folder / name).mkdir(parents=True)
    (folder / "workbench.toml").write_text('corpus = "texts"\n')
    (folder / "texts" / "a.txt").write_text("A title\n\nThe ministers met in Moscow and spoke at length.\n")
    parameters = 'n: int = 3\nword: str = "none"\npause: float = 0.0\ngap: bool = False'
    cells = [
        new_markdown_cell("# The ministers met"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_code_cell(
            "import os, time, pathlib\npathlib.Path('kernel').write_text(str(os.getpid()))\n"
            "assert word != 'fail', 'the ministers did not meet'"
        ),
        new_markdown_cell("## How often"),
        new_code_cell("time.sleep(pause); print('counted', n * 2, repr(word))"),
        new_markdown_cell("## How long"),
        new_code_cell("assert not gap, 'no second hand'"),
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=spec), folder / "notebooks" / "one.ipynb")
    return folder


def copied(project: Path, place: Path) -> Path:
    """The copy of the notebook that jupyter-scheduler would make, with what we keep beside it."""
    place.mkdir(parents=True)
    source, copy = project / "notebooks" / "one.ipynb", place / "one.ipynb"
    copy.write_bytes(source.read_bytes())
    keep_origin(copy, source, sys.executable)
    return copy


# ---------------------------------------------------------------- without jupyter-scheduler


def test_a_copy_of_a_copy_still_knows_the_notebook_and_its_project(project, tmp_path):
    first = copied(project, tmp_path / "definition")
    (tmp_path / "job").mkdir()
    second = tmp_path / "job" / "one.ipynb"
    second.write_bytes(first.read_bytes())
    keep_origin(second, first, sys.executable)
    origin = read_origin(second)
    assert origin is not None
    assert Path(origin.notebook) == project / "notebooks" / "one.ipynb"
    assert project_of(Path(origin.notebook)).folder == project
    second.with_name(BESIDE).write_text('{"notebook": 3')
    assert read_origin(second) is None


def test_what_cannot_be_run_is_refused_before_a_job_is_made_and_names_the_notebook(project, tmp_path):
    copy, source = copied(project, tmp_path / "job"), project / "notebooks" / "one.ipynb"
    refuse_early(copy, source, {"n": "5", "word": "5", "gap": "yes"})
    with pytest.raises(BadParameter, match="`n` cannot be 'five'") as wrong:
        refuse_early(copy, source, {"n": "five"})
    assert wrong.value.place == str(source)
    with pytest.raises(BadParameter, match="did you mean `word`"):
        refuse_early(copy, source, {"wrod": "x"})
    with pytest.raises(BadParameter, match=r"no folder above it holds workbench\.toml"):
        refuse_early(copy, tmp_path / "elsewhere.ipynb", {})


@pytest.mark.notebooks
@pytest.mark.slow
def test_parameters_as_typed_get_the_type_they_are_declared_with_and_the_files_are_handed_over(
    project, tmp_path
):
    copy, source = copied(project, tmp_path / "job"), project / "notebooks" / "one.ipynb"
    wanted = LabRequest(str(copy), str(source), {"n": "5", "word": "5"}, ("html", "ipynb", "pdf"))
    became = run_in_project(
        LabRequest(wanted.notebook, wanted.source, wanted.parameters, ("html",)), sys.executable
    )
    assert (became.state, became.said) == ("done", "")
    places = {name: str(tmp_path / f"out.{name}") for name in wanted.formats}
    assert copy_results(became, places, wanted.formats) == ["pdf"]
    assert "counted 10 '5'" in Path(places["ipynb"]).read_text(encoding="utf-8")
    page = Path(places["html"]).read_text(encoding="utf-8")
    assert "counted 10" in page
    assert str(copy.parent) not in page, "the page names the copy's folder"
    assert Path(became.files["html"]).parent == project / "reports"


@pytest.mark.notebooks
@pytest.mark.slow
def test_a_section_that_fails_makes_a_degraded_report_that_says_which(project, tmp_path):
    copy, source = copied(project, tmp_path / "job"), project / "notebooks" / "one.ipynb"
    became = run_in_project(LabRequest(str(copy), str(source), {"gap": "true"}), sys.executable)
    assert became.state == "degraded"
    assert "The section “How long” is missing: AssertionError: no second hand" in became.said
    assert Path(became.files["html"]).is_file()


def test_a_wrong_parameter_is_an_answer_with_problem_place_and_mend(project, tmp_path):
    copy, source = copied(project, tmp_path / "job"), project / "notebooks" / "one.ipynb"
    became = run_in_project(LabRequest(str(copy), str(source), {"n": "five"}), sys.executable)
    assert became == LabOutcome(
        "failed", f"{source}: `n` cannot be 'five'. give a whole number, such as n=3", {}
    )


def test_a_python_that_is_none_or_has_no_workbench_is_named_with_the_setting(project, tmp_path):
    wanted = LabRequest(str(copied(project, tmp_path / "job")), str(project / "notebooks" / "one.ipynb"))
    with pytest.raises(ReportFailed, match=r"cannot be started(.|\n)*c\.ReportScheduler\.python"):
        run_in_project(wanted, str(tmp_path / "python"))
    bare = tmp_path / "bare"
    bare.write_text("#!/bin/sh\necho 'No module named workbench' >&2; exit 1\n")
    bare.chmod(0o755)
    with pytest.raises(ReportFailed, match="has no analyst-workbench"):
        run_in_project(wanted, str(bare))
    bare.write_text("#!/bin/sh\necho out of memory; exit 9\n")
    with pytest.raises(ReportFailed, match="ended with code 9 and this: out of memory"):
        run_in_project(wanted, str(bare))
    assert not (tmp_path / "job" / ANSWER).exists()


@pytest.mark.notebooks
@pytest.mark.slow
def test_when_whoever_started_it_is_killed_the_run_and_its_kernel_end(project, tmp_path):
    copy, source = copied(project, tmp_path / "job"), project / "notebooks" / "one.ipynb"
    (project / "kernel").unlink(missing_ok=True)
    code = f"from workbench.lab.run import *; run_in_project(LabRequest({str(copy)!r}, {str(source)!r}, {{'pause': '300'}}), {sys.executable!r})"
    with subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}) as job:
        kernel = written(project / "kernel")
        job.kill()
    gone(kernel)


# ---------------------------------------------------------------- a real server with jupyter-scheduler


class Server:
    """JupyterLab's server with the adapter, in a folder above the project."""

    def __init__(self, base: str) -> None:
        self.base = base

    def ask(self, path: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        asked = urllib.request.Request(
            f"{self.base}/scheduler/{path}", data=json.dumps(body).encode() if body is not None else None
        )
        asked.method = method or ("POST" if body is not None else "GET")
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def job(self, formats: tuple[str, ...] = ("html", "ipynb"), **parameters: str) -> str:
        return str(self.ask("jobs", wish(formats, **parameters))["job_id"])

    def ended(self, job: str, *states: str) -> dict[str, Any]:
        """The job once it is in one of the states (by default: any that is final)."""
        wanted = states or ("COMPLETED", "FAILED", "STOPPED")
        for _ in range(600):
            found: dict[str, Any] = self.ask(f"jobs/{job}")
            if found["status"] in wanted:
                return found
            time.sleep(0.1)
        raise AssertionError(f"still {found['status']}: {found['status_message']}")


def wish(formats: tuple[str, ...] = ("html", "ipynb"), **parameters: str) -> dict[str, Any]:
    """What the form sends."""
    return {
        "name": "a job", "input_uri": "press/notebooks/one.ipynb", "runtime_environment_name": "workbench",
        "output_formats": list(formats), "parameters": parameters,
    }  # fmt: skip


@contextmanager
def serving(project: Path, *, home: str = "home") -> Iterator[Server]:
    """A server whose runs take the Python of these tests, as a project's that is not JupyterLab's."""
    from workbench.lab import SETTINGS

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = project.parent / home
    (place / "data").mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "HOME": str(place), "JUPYTER_DATA_DIR": str(place / "data"), "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"), "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(place / "ipython"),
    }  # fmt: skip
    command = [
        SCHEDULER, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={project.parent}",
        "--ServerApp.jpserver_extensions=jupyter_scheduler=True", "--TaskRunner.poll_interval=1",
        f"--ReportScheduler.python={sys.executable}", *(f"--{name}={value}" for name, value in SETTINGS.items()),
    ]  # fmt: skip
    with (
        (place / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=project.parent, env=environment, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        found = Server(f"http://127.0.0.1:{port}")
        for _ in range(300):
            try:
                found.ask("jobs")
                break
            except OSError:
                assert process.poll() is None, (place / "log").read_text()
                time.sleep(0.2)
        try:
            yield found
            process.terminate()
            process.wait(60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    with serving(project) as found:
        yield found


@needs_scheduler
def test_the_form_offers_the_workbench_first_and_the_environments_of_before(server):
    ours, *others = server.ask("runtime_environments")
    offered = {one["name"]: one["label"] for one in ours["output_formats"]}
    assert (ours["name"], ours["label"]) == ("workbench", "workbench")
    assert offered.items() >= {"html": "HTML", "ipynb": "Notebook"}.items()
    assert others


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_job_makes_the_report_of_its_project_and_hands_its_files_over(server, project):
    job = server.ended(server.job(n="5", word="5"))
    assert (job["status"], job["status_message"]) == ("COMPLETED", None)
    folder = project.parent / "home" / "data" / "scheduler_staging_area" / job["job_id"]
    (page,) = folder.glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "counted 10" in text
    assert "Content-Security-Policy" in text
    assert list(folder.glob("one-*.ipynb"))
    assert page.read_bytes() == next((project / "reports").glob("one*n-5*.html")).read_bytes()


@needs_scheduler
def test_a_wrong_parameter_is_refused_in_the_form_with_its_mend(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.job(n="five")
    said = refused.value.read().decode()
    assert "press/notebooks/one.ipynb: `n` cannot be 'five'. give a whole number, such as n=3" in said


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_degraded_report_is_there_and_its_job_says_what_it_lacks(server):
    job = server.ended(server.job(gap="yes"))
    assert job["status"] == "COMPLETED"
    assert job["status_message"].startswith("degraded: The section “How long” is missing")


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_report_that_fails_fails_its_job_and_its_page_with_the_traceback_is_there(server, project):
    job = server.ended(server.job(word="fail"))
    assert (job["status"], job["status_message"]) == ("FAILED", "AssertionError: the ministers did not meet")
    folder = project.parent / "home" / "data" / "scheduler_staging_area" / job["job_id"]
    (page,) = folder.glob("*.html")
    assert "This report failed: AssertionError: the ministers did not meet" in page.read_text(
        encoding="utf-8"
    )


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_job_that_was_killed_with_its_server_says_so_when_the_next_one_starts(project):
    (project / "kernel").unlink(missing_ok=True)
    with suppress(KilledOnPurpose), serving(project, home="killed") as server:
        name = server.job(pause="300")
        kernel = written(project / "kernel")
        raise KilledOnPurpose
    gone(kernel)
    with serving(project, home="killed") as server:
        job = server.ended(name)
    assert (job["status"], job["status_message"]) == ("FAILED", "JupyterLab's server ended while it ran")


class KilledOnPurpose(Exception):
    """Ends a server, and what it started, by force."""


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_stopping_a_job_ends_its_kernel(server, project):
    (project / "kernel").unlink(missing_ok=True)
    name = server.job(pause="300")
    kernel = written(project / "kernel")
    server.ask(f"jobs/{name}", {"status": "STOPPED"}, method="PATCH")
    assert server.ended(name)["status"] == "STOPPED"
    gone(kernel)


@needs_scheduler
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_schedule_runs_our_engine_and_a_wrong_one_fails_with_its_reason(server, project):
    seconds = {**wish(n="7"), "schedule": "* * * * * */15", "timezone": "Europe/Berlin"}
    definition = server.ask("job_definitions", seconds)["job_definition_id"]
    asked = f"job_definitions/{definition}"
    assert server.ended(made(server, definition))["status"] == "COMPLETED"
    assert list((project / "reports").glob("one*n-7*.html"))
    server.ask(asked, {"parameters": {"n": "five"}}, method="PATCH")
    job = server.ended(made(server, definition, n="five"))
    server.ask(asked, method="DELETE")
    said = "press/notebooks/one.ipynb: `n` cannot be 'five'. give a whole number, such as n=3"
    assert (job["status"], job["status_message"]) == ("FAILED", said)
    assert job["end_time"]


def made(server: Server, definition: str, n: str = "7") -> str:
    """The first job of a definition with this parameter, once the schedule has made it."""
    for _ in range(300):
        for job in server.ask(f"jobs?job_definition_id={definition}")["jobs"]:
            if job["parameters"] == {"n": n}:
                return str(job["job_id"])
        time.sleep(0.1)
    raise AssertionError("the schedule made no job")


def written(path: Path) -> int:
    """The number in a file, once it is there."""
    for _ in range(600):
        if path.is_file() and (text := path.read_text()):
            return int(text)
        time.sleep(0.1)
    raise AssertionError(f"{path} was never written")


def gone(pid: int) -> None:
    """Wait for a process to be no more."""
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(f"process {pid} lives on")
