"""The documents say what the code does."""

import re
from pathlib import Path

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
