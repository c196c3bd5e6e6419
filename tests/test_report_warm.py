"""A kernel forked from the warm process is the same kernel, and none outlives its runner."""

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

from workbench.report import warm
from workbench.report.run import Job, Setting, run_report

pytestmark = [
    pytest.mark.notebooks,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kernels are forked on Linux alone"),
]
WHERE = "import os\nprint(os.getppid(), os.getcwd(), os.environ['PYTHONHASHSEED'], hash('a'))"


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warm")
    yield Setting(project=folder, out=folder / "reports", force=True)
    warm.close()


def notebook(setting, name, *sources):
    path = setting.project / f"{name}.ipynb"
    write(new_notebook(cells=[new_markdown_cell("# T"), *map(new_code_cell, sources)]), path)
    return Job(path)


def printed(result):
    cells = json.loads(result.paths["ipynb"].read_text())["cells"]
    return "".join(out.get("text", "") for cell in cells for out in cell.get("outputs", []))


def test_a_warm_kernel_is_forked_and_gives_the_page_of_a_cold_one(setting):
    drawing = "import pandas as pd\npd.DataFrame({'a': [0.1, 0.2]}).describe()"
    job = notebook(setting, "same", "print(hash('a'), sorted({'x', 'y'}))", drawing)
    pages = []
    for is_warm in (True, False):
        result = run_report(job, replace(setting, warm=is_warm))
        assert result.state == "done", result.reason
        pages.append(re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "", result.paths["html"].read_text()))
    assert pages[0] == pages[1]
    parent = printed(run_report(notebook(setting, "where", WHERE), setting)).split()
    assert int(parent[0]) == warm._kept[0].process.pid
    assert parent[1:3] == [str(setting.project), "0"]


def test_a_warm_kernel_that_is_killed_fails_its_report_and_the_next_one_runs(setting):
    died = run_report(notebook(setting, "dies", "import os\nos.kill(os.getpid(), 9)"), setting)
    assert (died.state, "the kernel ended" in died.reason) == ("failed", True)
    assert run_report(notebook(setting, "lives", "print(1)"), setting).state == "done"


def test_the_warm_process_has_one_thread_and_its_kernels_end_with_it(setting):
    zygote = warm._kept[0]
    assert zygote.ready.result()["threads"] == 1
    folder = setting.project
    kernel = zygote.fork(["-f", str(folder / "k.json")], str(folder), {})
    assert kernel is not None
    os.kill(zygote.process.pid, signal.SIGKILL)
    zygote.process.wait()
    for _ in range(150):
        if not Path(f"/proc/{kernel.pid}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{kernel.pid}").exists()
    result = run_report(notebook(setting, "after", "print(1)"), setting)
    assert result.state == "done"
