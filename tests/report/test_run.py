"""Notebook in, report out: reused when unchanged, never half written, nothing good ever lost.

Kernels start in these tests; the notebooks import nothing, so each takes about a second.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.errors import BadParameter, BadSelection, ReportFailed
from workbench.report import execute_notebooks, files, run
from workbench.report.run import ReportRequest, ReportResult, RunConfig, plan, run_report, run_reports

pytestmark = pytest.mark.notebooks


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write("name", "code", …)`: a notebook with a title, a parameters cell and these cells."""

    def write_(name: str, *sources: str, kernel: str = "python3") -> Path:
        parameters = new_code_cell(
            'top: int = 10  # rows\nselect: str = ""', metadata={"tags": ["parameters"]}
        )
        cells = [new_markdown_cell("# A title"), parameters, *map(new_code_cell, sources)]
        spec = {"kernelspec": {"name": kernel, "display_name": kernel}}
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=spec), path)
        return path

    return write_


@pytest.fixture
def setting(tmp_path: Path) -> RunConfig:
    return RunConfig(project=tmp_path, out=tmp_path / "reports", corpus_version="v1", settings_digest="s1")


def outputs(result: ReportResult) -> str:
    """All text that the output notebook holds."""
    notebook = json.loads(result.paths["ipynb"].read_text())
    return json.dumps([cell.get("outputs", []) for cell in notebook["cells"]])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    """Whether a process ends within ten seconds."""
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False


# ---------------------------------------------------------------- a good run


def test_a_report_is_made_reused_and_made_again_when_anything_changes(write: Any, setting: RunConfig) -> None:
    path = write("topics", "print('top is', top, repr(select))")
    first = run_report(ReportRequest(path, {"top": "5"}, "source:TASS"), setting)
    assert first.state == "done"
    assert "top is 5 'source:TASS'" in outputs(first)
    page = first.paths["html"].read_text()
    assert "workbench report topics -p top=5 --select source:TASS" in page
    again = run_report(ReportRequest(path, {"top": 5}, "source:TASS"), setting)
    assert again.state == "reused"
    assert str(again) == f"unchanged: {first.paths['html']}"
    assert (
        run_report(
            ReportRequest(path, {"top": 5}, "source:TASS"), replace(setting, corpus_version="v2")
        ).state
        == "done"
    )


def test_a_choice_of_words_is_passed_and_papermill_does_not_call_it_unknown(
    write: Any, setting: RunConfig, caplog: pytest.LogCaptureFixture
) -> None:
    path = write("choice", "print('by', by)")
    notebook = nbformat.read(path, 4)
    notebook.cells[1].source = 'from typing import Literal\n\nby: Literal["a", "b"] = "a"\nselect: str = ""'
    nbformat.write(notebook, path)
    found = run_report(ReportRequest(path, {"by": "b"}, ""), setting)
    assert "by b" in outputs(found)
    assert "unknown parameter" not in caplog.text


@pytest.mark.parametrize(
    "change", ["corpus_version", "settings_digest", "parameter", "selection", "notebook", "code"]
)
def test_the_run_key_changes_with_whatever_can_change_a_report(
    write: Any, setting: RunConfig, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = write("topics", "print(top)")
    key = plan(ReportRequest(path), setting).key
    assert plan(ReportRequest(path), setting).key == key
    job = ReportRequest(
        path, {"top": 5} if change == "parameter" else {}, "source:TASS" if change == "selection" else ""
    )
    if change in ("corpus_version", "settings_digest"):
        setting = replace(setting, **{change: "other"})
    if change == "notebook":
        write("topics", "print(top + 1)")
    if change == "code":
        monkeypatch.setattr("workbench.report.plan.package_digest", lambda: "other")
    assert plan(job, setting).key != key


def test_a_report_that_was_touched_or_lost_is_made_again(write: Any, setting: RunConfig) -> None:
    job = ReportRequest(write("topics", "print(top)"))
    first = run_report(job, setting)
    first.paths["html"].write_text("edited")
    assert run_report(job, setting).state == "done"
    first.paths["ipynb"].unlink()
    assert run_report(job, setting).state == "done"
    assert run_report(job, setting).state == "reused"
    assert run_report(job, replace(setting, force=True)).state == "done"


def test_the_kernel_is_this_python_in_the_project_over_sockets_and_without_the_user(
    write: Any, setting: RunConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    startup = tmp_path / "startup.py"
    startup.write_text("raise SystemExit('the profile of the user ran')")
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    source = (
        "import json, os, sys, ipykernel.kernelapp as k\n"
        "app = k.IPKernelApp.instance()\n"
        "print(json.dumps([sys.executable, os.getcwd(), app.transport, os.environ['MPLBACKEND'], hash('a')]))"
    )
    path = write("where", source, kernel="a-kernel-nobody-has")
    first, second = (
        json.loads(_line(run_report(ReportRequest(path), replace(setting, force=True)))) for _ in range(2)
    )
    assert first[0] == sys.executable
    assert first[1] == str(setting.project)
    assert first[2] == ("tcp" if sys.platform == "win32" else "ipc")
    assert "inline" in first[3]
    assert first[4] == second[4]  # hashes, and with them the order of sets, are the same in every run


def _line(result: ReportResult) -> str:
    cells = json.loads(result.paths["ipynb"].read_text())["cells"]
    return "".join(
        next(o["text"] for cell in cells for o in cell.get("outputs", []) if o["output_type"] == "stream")
    )


def test_an_output_widget_does_not_hang_and_its_text_is_kept(write: Any, setting: RunConfig) -> None:
    source = "import ipywidgets\nout = ipywidgets.Output()\ndisplay(out)\nwith out:\n    print('inside the widget')"
    result = run_report(ReportRequest(write("widget", source)), setting)
    assert result.state == "done"
    assert "inside the widget" in outputs(result)


def test_papermill_itself_finds_the_engine_and_it_writes_once_at_the_end(write: Any, tmp_path: Path) -> None:
    from workbench.report.notebook.execute import register
    from workbench.report.notebook.light_imports import light_imports

    with light_imports():
        import papermill
    path, out = write("plain", "print(top)"), tmp_path / "out.ipynb"
    papermill.execute_notebook(
        path, out, {"top": 3}, engine_name=register(), language="python", progress_bar=False
    )
    assert '"3\\n"' in out.read_text()
    assert not list(tmp_path.glob(".*.tmp"))


# ---------------------------------------------------------------- refused before a kernel starts


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(execute_notebooks, "_execute", refuse)


@pytest.mark.usefixtures("no_kernel")
def test_wrong_jobs_are_refused_before_the_first_kernel_starts(
    write: Any, setting: RunConfig, tmp_path: Path
) -> None:
    good = ReportRequest(write("good", "print(1)"))
    path = write("topics", "print(1)")
    with pytest.raises(BadParameter, match="no parameter `tpo`") as refused:
        run_reports([good, ReportRequest(path, {"tpo": "5"})], setting)
    assert "did you mean `top`?" in refused.value.hint
    with pytest.raises(BadParameter, match="`top` cannot be 'five'"):
        run_reports([good, ReportRequest(path, {"top": "five"})], setting)
    with pytest.raises(BadParameter, match="no such notebook") as refused:
        run_reports([good, ReportRequest(tmp_path / "topic.ipynb")], setting)
    assert "did you mean `topics`?" in refused.value.hint
    with pytest.raises(BadSelection):
        run_reports([good, ReportRequest(path, select="since:yesterday")], setting)
    with pytest.raises(ReportFailed, match="no format `hmtl`") as failed:
        run_reports([good], replace(setting, formats=("hmtl",)))
    assert "did you mean `html`?" in failed.value.hint
    assert not setting.out.exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_notebook_without_a_selection_parameter_refuses_one(setting: RunConfig, tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), tmp_path / "plain.ipynb")
    with pytest.raises(BadParameter, match="takes no selection") as refused:
        plan(ReportRequest(tmp_path / "plain.ipynb", select="source:TASS"), setting)
    assert "tagged `parameters`" in refused.value.hint


@pytest.mark.usefixtures("no_kernel")
def test_a_file_in_the_place_of_the_report_folder_is_found_before_a_kernel_starts(
    write: Any, setting: RunConfig
) -> None:
    setting.out.write_text("I am a file")
    with pytest.raises(ReportFailed, match="cannot be written") as refused:
        run_reports([ReportRequest(write("topics"))], setting)
    assert "move the file" in refused.value.hint
    assert setting.out.read_text() == "I am a file"


# ---------------------------------------------------------------- failures keep what is good


def test_a_failing_notebook_keeps_its_traceback_and_the_last_good_report_and_others_run(
    write: Any, setting: RunConfig
) -> None:
    job, other = ReportRequest(write("topics", "print('fine')")), ReportRequest(write("other", "print(2)"))
    good = run_report(job, setting)
    kept = good.paths["html"].read_bytes()
    write("topics", "print('before')", "1 / 0", "print('after')")
    heard: list[ReportResult] = []
    bad, fine = run_reports([job, other], setting, heard.append)
    assert (bad.state, fine.state) == ("failed", "done")
    assert sorted(heard, key=str) == sorted([bad, fine], key=str)  # side by side: whoever ends first
    assert bad.reason == "ZeroDivisionError: division by zero"
    assert "ZeroDivisionError" in outputs(bad)
    assert "after" not in outputs(bad)
    assert "This section failed: ZeroDivisionError" in bad.paths["html"].read_text()
    assert good.paths["html"].read_bytes() == kept
    index = (setting.out / "index.html").read_text()
    assert "ZeroDivisionError: division by zero" in index
    assert 'href="topics.failed.html"' in index
    assert 'href="topics.html"' in index
    write("topics", "print('fine')")
    assert run_report(job, setting).state == "reused"
    assert not bad.paths["html"].exists()


@pytest.mark.faults
def test_a_kernel_that_dies_fails_the_report_in_its_cell(write: Any, setting: RunConfig) -> None:
    result = run_report(
        ReportRequest(write("dies", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")), setting
    )
    assert result.state == "failed"
    assert "the kernel ended in the middle of a cell" in result.reason
    assert "narrow the selection" in result.reason
    cells = json.loads(result.paths["ipynb"].read_text())["cells"]
    assert [cell["metadata"]["papermill"]["status"] for cell in cells if cell["cell_type"] == "code"][
        -1
    ] == "failed"


@pytest.mark.faults
def test_a_notebook_that_never_ends_is_ended_at_its_deadline_with_all_it_started(
    write: Any, setting: RunConfig, tmp_path: Path
) -> None:
    source = (
        "import os, signal, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "while True: time.sleep(1)"
    )
    result = run_report(ReportRequest(write("endless", source)), replace(setting, deadline=8))
    assert result.state == "failed"
    assert "still running after 8 s" in result.reason
    assert "--deadline" in result.reason
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())


@pytest.mark.faults
def test_a_full_disk_fails_one_report_and_loses_nothing(
    write: Any, setting: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, other = ReportRequest(write("topics", "print(1)")), ReportRequest(write("other", "print(2)"))
    good = run_report(job, setting)
    kept = {path: path.read_bytes() for path in good.paths.values()}
    whole = files.write_file

    def full(path: Path, content: str | bytes) -> None:
        if path.stem == "topics" and path.suffix in (".html", ".ipynb"):
            raise files.cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))
        whole(path, content)

    monkeypatch.setattr(run, "write_file", full)
    bad, fine = run_reports([job, other], replace(setting, force=True))
    assert (bad.state, fine.state) == ("failed", "done")
    assert "No space left on device" in bad.reason
    assert "free some space" in bad.reason
    assert {path: path.read_bytes() for path in kept} == kept
    assert "No space left" in (setting.out / "index.html").read_text()


RUNNER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it, and its children do
from pathlib import Path
from workbench.report.run import ReportRequest, RunConfig, run_reports
here = Path(sys.argv[1])
run_reports([ReportRequest(here / "slow.ipynb")], RunConfig(project=here, out=here / "reports", corpus_version="v1", settings_digest="s1"))
"""


@pytest.fixture
def slow_run(write: Any, tmp_path: Path) -> Any:
    """A runner in a process of its own, in the middle of a cell that sleeps; its kernel's process id."""
    source = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()) + '\\n')\ntime.sleep(600)"
    write("slow", source, "print('never')")
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(tmp_path)], stderr=subprocess.DEVNULL)
    for _ in range(600):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().endswith("\n"):
            break
        time.sleep(0.1)
    yield runner, int((tmp_path / "pid").read_text())
    runner.kill()
    runner.wait()


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_leaves_a_terminal_state_and_no_kernel(
    slow_run: Any, setting: RunConfig, number: int
) -> None:
    runner, kernel = slow_run
    runner.send_signal(number)
    assert runner.wait(30) != 0
    assert gone(kernel)
    record = json.loads((setting.out / "notebooks" / "slow.json").read_text())
    assert record["state"] == "failed"
    assert record["reason"] == "the run was stopped from outside"
    assert "the run was stopped from outside" in (setting.out / "index.html").read_text()
    cells = json.loads((setting.out / "notebooks" / "slow.failed.ipynb").read_text())["cells"]
    assert [cell["metadata"]["papermill"]["status"] for cell in cells if cell["cell_type"] == "code"] == [
        "completed", "failed", "pending",
    ]  # fmt: skip


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL to send")
def test_a_killed_runner_leaves_no_kernel_and_the_next_run_says_it_did_not_finish(
    slow_run: Any, setting: RunConfig
) -> None:
    from workbench.report.index import write_index

    runner, kernel = slow_run
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    assert gone(kernel)
    assert "not finished" in write_index(setting.out).read_text()


def test_a_signal_that_nbclient_takes_first_is_a_stop_and_no_failure_of_the_notebook() -> None:
    """Found by killing schedulers: one run in fifteen called itself degraded instead of being taken up again."""
    from types import SimpleNamespace

    from workbench.report.notebook.kernel import NotebookClient

    client = SimpleNamespace(stop=SimpleNamespace(is_set=lambda: False), expired=False)
    said = NotebookClient._reason(client, RuntimeError("Event loop stopped before Future completed."))
    assert isinstance(said, KeyboardInterrupt)
    other = RuntimeError("the notebook's own")
    assert NotebookClient._reason(client, other) is other
