"""`workbench fetch`: the table, the JSON and the exit code."""

import json

import pytest
from support.fetch_server import PAGE, Site
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.errors import NotFetched


@pytest.fixture
def site():
    site = Site()
    site.pages |= {"/a": PAGE}
    yield site
    site.close()


def run(*arguments):
    return CliRunner().invoke(app, ["fetch", *map(str, arguments)])


def test_the_table_says_what_became_of_each_and_the_code_that_something_was_refused(site, tmp_path):
    done = run(
        site.url("/a"), "ftp://example.org/[bold]x", "--corpus", tmp_path, "--allow-private", "--delay", "0.1"
    )
    assert done.exit_code == 1
    assert "2 addresses: 1 fetched, 0 unchanged, 1 refused" in done.stdout
    assert "ftp://example.org/[bold]x" in done.stdout, "an address is text, not markup of the table"
    assert "hint:" in done.stdout


def test_when_all_is_well_the_code_is_0_and_json_has_a_line_for_each(site, tmp_path):
    done = run(
        site.url("/a"), "--corpus", tmp_path, "--allow-private", "--json", "--contact", "me@example.org"
    )
    assert done.exit_code == 0
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(row) == {"url", "path", "state", "reason", "bytes", "seconds"}
    assert (tmp_path / row["path"]).read_bytes() == PAGE
    assert site.asked[-1][1]["user-agent"].endswith("(me@example.org)")


def test_this_machine_is_not_visited_unless_that_is_said(site, tmp_path):
    done = run(site.url("/a"), "--corpus", tmp_path, "--json")
    assert done.exit_code == 1
    assert "--allow-private" in json.loads(done.stdout)["reason"]
    assert site.asked == []


def test_no_line_of_the_table_can_steer_the_terminal(site, tmp_path):
    site.pages["/b"] = (200, {"Content-Type": "text/\x1b[31mhtml"}, PAGE)
    listed = tmp_path / "list.txt"
    listed.write_text(f"{site.url('/b')}\nhttp://\x1b]0;x\x07/\n", encoding="utf-8")
    done = run(listed, "--corpus", tmp_path / "pages", "--allow-private", "--delay", "0.1")
    assert done.exit_code == 1
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nowhere.txt"], "neither a web address nor a file"),
        (["http://x.example/", "--contact", "a\nb: c"], "ASCII"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused_with_its_mend(tmp_path, arguments, problem):
    done = run(arguments[0], "--corpus", tmp_path / "pages", *arguments[1:])
    assert isinstance(done.exception, NotFetched)
    assert problem in done.exception.problem
    assert done.exception.hint
