"""The cells of the guide's first notebook run as they stand there."""

import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.result import Result

ROOT = Path(__file__).parents[2]
CELLS = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/guide/first-notebook.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.notebooks
def test_the_ten_cells_of_the_guide_run(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "workbench.toml").write_text('corpus = "seeds"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(CELLS) == 10
    space: dict[str, object] = {}
    for cell in CELLS[:-1]:
        *lines, last = cell.strip().splitlines()
        exec("\n".join(lines), space)
        space["shown"] = None
        exec(last if re.match(r"\w+ = ", last) else f"shown = {last}", space)
        if isinstance(space["shown"], Result):
            assert len(space["shown"].table) > 0
            assert len(repr(space["shown"])) <= 2_000
    assert pd.read_excel("topics.xlsx").shape == space["topics"].table.shape
    done = CliRunner().invoke(app, shlex.split(CELLS[-1].strip().removeprefix("!workbench ")))
    assert done.exit_code == 0, done.output
    assert list((tmp_path / "reports").glob("topic_frequency*.html"))
