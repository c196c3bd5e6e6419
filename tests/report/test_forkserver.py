"""A kernel forked from the warm process is the same kernel, and none outlives its runner."""

import ast
import importlib.util
import json
import os
import re
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.report.notebook import forkserver
from workbench.report.run import ReportRequest, RunConfig, run_report

pytestmark = [
    pytest.mark.notebooks,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kernels are forked on Linux alone"),
]
WHERE = "import os\nprint(os.getppid(), os.getcwd(), os.environ['PYTHONHASHSEED'], hash('a'))"


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warm")
    yield RunConfig(project=folder, out=folder / "reports", force=True)
    forkserver.close()


def notebook(setting, name, *sources):
    path = setting.project / f"{name}.ipynb"
    write(new_notebook(cells=[new_markdown_cell("# T"), *map(new_code_cell, sources)]), path)
    return ReportRequest(path)


def printed(result):
    cells = json.loads(result.paths["ipynb"].read_text())["cells"]
    return "".join(out.get("text", "") for cell in cells for out in cell.get("outputs", []))


def test_a_warm_kernel_is_forked_and_gives_the_page_of_a_cold_one(setting):
    table = "import pandas as pd\ntable = pd.DataFrame({'a': [0.1, 0.2]})\ntable.describe()"
    job = notebook(setting, "same", "print(hash('a'), sorted({'x', 'y'}))", table, "table.plot();")
    pages = []
    for is_warm in (True, False):
        out = setting.out / f"warm_{is_warm}"
        result = run_report(job, replace(setting, warm=is_warm, out=out))
        assert result.state == "done", result.reason
        assert "data:image/png" in result.paths["html"].read_text()
        pages.append(re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "", result.paths["html"].read_text()))
    assert pages[0] == pages[1]
    parent = printed(run_report(notebook(setting, "where", WHERE), setting)).split()
    assert int(parent[0]) == forkserver._kept[0].process.pid
    assert parent[1:3] == [str(setting.project), "0"]


def test_a_warm_kernel_that_is_killed_fails_its_report_and_the_next_one_runs(setting):
    died = run_report(notebook(setting, "dies", "import os\nos.kill(os.getpid(), 9)"), setting)
    assert (died.state, "the kernel ended" in died.reason) == ("failed", True)
    assert run_report(notebook(setting, "lives", "print(1)"), setting).state == "done"


def test_the_warm_process_has_one_thread_and_its_kernels_end_with_it(setting):
    zygote = forkserver._kept[0]
    assert zygote.ready.result()["threads"] == 1
    folder = setting.project
    kernel = zygote.fork(["-f", str(folder / "k.json")], str(folder), {})
    os.kill(zygote.process.pid, signal.SIGKILL)
    zygote.process.wait()
    for _ in range(150):
        if not Path(f"/proc/{kernel.pid}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{kernel.pid}").exists()
    result = run_report(notebook(setting, "after", "print(1)"), setting)
    assert result.state == "done"


@pytest.mark.faults
def test_a_kernel_that_had_to_start_cold_makes_the_report_and_is_said(setting, monkeypatch):
    def refuse(*_):
        raise forkserver.ForkFailed("the warm process refused: 2 threads run")

    monkeypatch.setattr(forkserver.ForkServer, "fork", refuse)
    job = notebook(setting, "cold", "print(1)")
    result = run_report(job, setting)
    assert (result.state, printed(result)) == ("done", "1\n")
    said = "its kernel started cold: the warm process refused: 2 threads run"
    assert str(result).endswith(f"note: {said}")
    assert run_report(job, replace(setting, warm=False)).remark == ""  # cold by choice is no surprise


def imported(path):
    """The modules that a notebook's cells import, by `ast`."""
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(node, ast.ImportFrom):
                    yield from (f"{node.module}.{one.name}" for one in node.names)
                elif isinstance(node, ast.Import):
                    yield from (one.name for one in node.names)


def test_what_the_notebooks_of_the_house_import_is_in_the_warm_process(setting):
    there = set(
        printed(run_report(notebook(setting, "imports", "import sys\nprint(*sys.modules)"), setting)).split()
    )
    assert {"nltk", "ipykernel.debugger", "workbench.label.turns.turns"} <= there
    for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb")):
        if path.stem not in ("explorer", "validation"):  # these are no reports
            names = [name for name in imported(path) if find_module(name)]
            assert [name for name in names if name not in there] == [], path.stem


def find_module(name):
    """Whether a name is a module, not something in one."""
    try:
        return name.split(".")[0] == "workbench" and importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def test_nothing_is_started_for_a_report_that_stands(setting):
    job = notebook(setting, "stands", "print(1)")
    run_report(job, setting)
    forkserver.close()
    assert run_report(job, replace(setting, force=False)).state == "reused"
    assert not forkserver._kept
