"""The documents say what the code does."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.schema import STORED, TABLES

ROOT = Path(__file__).parents[1]


def test_the_tables_page_lists_every_column_with_its_meaning():
    page = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
    for table, columns in TABLES.items():
        assert f"## {table}" in page
        for name, column in columns.items():
            assert f"| `{name}` | {column.type} | {column.meaning} |" in page, (table, name)
    for name, column in STORED["sentiment"].items():
        assert f"| `{name}` | {column.type} | {column.meaning} |" in page, name


def test_every_link_between_the_documents_leads_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_shows_the_commands_that_the_makefile_has():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE))
    assert {"report", "test", "lab"} <= shown
    for target in shown:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_the_architecture_names_exists():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    tables = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    named = set(re.findall(r"`([\w.]+/[\w./]*|\w+\.(?:py|toml))`", tables))
    assert {"read/formats.py", "analysis/intervals.py", "schema.py"} <= named
    missing = {
        name for name in named if not (ROOT / "workbench" / name).exists() and not (ROOT / name).exists()
    }
    assert not missing


PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "workbench/templates").rglob("*.md")),
]
LINES = [
    (page.relative_to(ROOT).as_posix(), line.strip())
    for page in PAGES
    for block in re.findall(
        r"^```[a-z]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    for line in block.splitlines()
    if re.match(r"\s*(?:\S*/bin/)?workbench [a-z-]", line)
]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_every_command_line_of_the_docs_is_one_that_the_program_accepts(page, line):
    """Options, arguments and their types are parsed; nothing runs."""
    words = shlex.split(line, comments=True)[1:]
    command, context = get_command(app), None
    while words and hasattr(command, "commands"):
        name = words.pop(0) if not words[0].startswith("-") else None
        if name is None:
            break
        command = command.commands[name]
    context = command.make_context(line, words)
    assert context is not None


@pytest.mark.parametrize(
    "line",
    [
        line for _, line in LINES
        if re.match(r"workbench (build|check|search|schedule list|report \S+ --(check|parameters))", line) and " monday" not in line
    ],
)  # fmt: skip
def test_every_command_line_of_the_docs_that_only_reads_runs_on_the_samples(line, project, monkeypatch):
    monkeypatch.chdir(project)
    done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
    assert done.exit_code in (0, 1), (line, done.exception)
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The samples as a project, their labels made; names are not looked for."""
    import shutil
    from functools import partial

    import workbench.pipeline.build

    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "seeds", folder / "texts")
    shutil.copytree(ROOT / "jobs", folder / "jobs")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbench.pipeline.build, "build", partial(workbench.pipeline.build.build, layers=()))
        yield folder
