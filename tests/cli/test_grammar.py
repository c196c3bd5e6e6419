"""One grammar: the same options everywhere, the corpus of the project by default, short lists that say how to see the rest."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.cli.console import counted, print_list, shorten
from workbench.cli.search import passage_line
from workbench.errors import BadCorpus, BadParameter, BadSelection
from workbench.store.fulltext import CLOSE, OPEN

PAGE = "Ferry {n} leaves the harbour\n\nMarch {day}, 2020\n\nThe ferry left the harbour on Monday with {n} lamps, the mayor said.\n"
SHARED = {
    "--corpus": "fetch build check search report entities export explore".split(),
    "--select": "check search report entities export explore".split(),
    "--json": "fetch build check search report entities export parse doctor new".split(),
    "--limit": "fetch check search entities".split(),
    "--quiet": "fetch build check search report entities export explore".split(),
}
COMMANDS = get_command(app).commands


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command line in a project of 30 documents: 29 of TASS, one of Kremlin."""
    for n in range(30):
        folder = tmp_path / "texts" / ("kremlin" if n == 7 else "tass")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{n:02}.txt").write_text(PAGE.format(n=n, day=n + 1), encoding="utf-8")
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, code=0):
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.stdout

    return invoke


def options(command):
    return {name: parameter for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_that_begins_with_a_sentence(run, name):
    lines = run(name, "--help").splitlines()
    assert lines[0].startswith("Usage: ")
    sentence = " ".join(lines[2 : lines.index("", 2)]).strip()
    assert re.fullmatch(r"[A-Z][a-z]+\b.*\.", sentence), sentence


@pytest.mark.parametrize(("option", "names"), SHARED.items())
def test_an_option_of_one_name_means_the_same_in_every_command_that_has_it(option, names):
    helps = {options(COMMANDS[name])[option].help for name in names}
    assert len(helps) == 1
    others = [name for name, command in COMMANDS.items() if option in options(command)]
    assert {options(COMMANDS[name])[option].help for name in others} == helps


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("new", "parse", "fetch", "lab")])
def test_no_command_takes_the_corpus_as_an_argument(name):
    arguments = [
        parameter.name for parameter in COMMANDS[name].params if parameter.param_type_name == "argument"
    ]
    assert not {"folder", "corpus"} & set(arguments)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("build texts", "workbench build --corpus texts"),
        ("check texts --select source:TASS", "workbench check --select source:TASS --corpus texts"),
        ("search texts 'ferry harbour'", "workbench search 'ferry harbour' --corpus texts"),
        ("entities texts suggest --json", "workbench entities suggest --json --corpus texts"),
        ("export texts --to csv", "workbench export --to csv --corpus texts"),
        ("explore texts --no-browser", "workbench explore --no-browser --corpus texts"),
        ("fetch http://x.example/a texts", "workbench fetch http://x.example/a --corpus texts"),
        ("fetch http://x.example/a new-folder", "workbench fetch http://x.example/a --corpus new-folder"),
    ],
)
def test_a_folder_where_it_was_before_is_refused_with_the_line_to_type(run, typed, line):
    with pytest.raises(BadParameter, match="the folder of documents is an option now") as refused:
        run(*shlex.split(typed))
    assert refused.value.hint == line


def test_the_corpus_of_the_project_is_meant_where_none_is_named(run):
    assert run("search", "lamps", "--limit", "0") == run(
        "search", "lamps", "--limit", "0", "--corpus", "texts"
    )
    assert "30 documents" in run("build")


def test_a_folder_that_is_not_there_is_refused(run):
    with pytest.raises(BadCorpus, match="there is no such folder"):
        run("check", "--corpus", "nowhere")


# ---------------------------------------------------------------- search


def test_a_hit_has_title_source_date_and_the_passage_around_it(run):
    said = run("search", "mayor", "source:Kremlin").splitlines()
    assert said[0].startswith("Ferry 7 leaves the harbour · Kremlin · 2020-03-08")
    assert "the [mayor] said" in said[1]
    assert said[2] == "1 document: source Kremlin; containing mayor"
    assert said[-1] == "To read the first: workbench parse texts/kremlin/07.txt"


def test_twenty_hits_are_shown_on_forty_lines_and_then_how_to_see_the_rest(run):
    said = run("search", "ferry harbour")
    assert said.count("[ferry]") + said.count("[Ferry]") >= 20
    assert "20 of 30 documents shown; all of them: --limit 0, or --json" in said
    assert len(said.splitlines()) == 43
    assert len(run("search", "ferry", "--limit", "3", "--quiet").splitlines()) == 6
    assert "shown" not in run("search", "ferry", "--limit", "0")


def test_json_has_every_hit_with_its_facts_unless_a_limit_is_given(run):
    rows = json.loads(run("search", "ferry", "--json"))
    assert len(rows) == 30
    assert set(rows[0]) == {"doc_id", "title", "source", "date", "passage"}
    assert not {OPEN, CLOSE} & set(rows[0]["passage"])
    assert len(json.loads(run("search", "ferry", "--json", "--limit", "2"))) == 2


def test_fields_of_a_query_and_of_the_selection_narrow_alike(run):
    rows = json.loads(run("search", 'source:"Kremlin" ferry', "--json"))
    assert [row["doc_id"] for row in rows] == ["kremlin/07.txt"]
    assert rows == json.loads(run("search", "ferry", "--select", "source:Kremlin", "--json"))
    assert rows == json.loads(run("search", "source:Kremlin", "ferry", "--json"))
    assert run("search", "ferry source:Kremlin", "--select", "since:2021").startswith("0 documents: ")


def test_fields_alone_list_the_documents_newest_first(run):
    rows = json.loads(run("search", "source:TASS", "--json", "--limit", "2"))
    assert [row["date"] for row in rows] == ["2020-03-30", "2020-03-29"]
    assert "29 documents" in run("search", "source:TASS")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["sorce:TASS ferry"], "did you mean `source`"),
        (["ferry", "--select", "sorce:TASS"], "did you mean `source`"),
        (["source:TAS ferry"], "did you mean `TASS`"),
        (["ferry", "--select", "genre:artcle"], "did you mean `article`"),
        (["ferry", "--select", "speaker:Mayer"], "did you mean"),
        (["speaker:Mayer ferry"], "did you mean"),
        ([""], "write a word"),
        (['"open'], "two words"),
    ],
)
def test_an_unknown_field_or_value_is_refused_with_what_may_be_meant(run, arguments, hint):
    Path("texts/tass/said.txt").write_text(
        'Mayor speaks\n\nMarch 3, 2020\n\n"The ferry is late," said Ann Mayor, who runs the town of the harbour.\n'
    )
    with pytest.raises(BadSelection) as refused:
        run("search", *arguments)
    assert hint in refused.value.hint


def test_a_refused_search_ends_with_exit_code_2_and_reads_nothing(run):
    command = [sys.executable, "-c", "from workbench.cli import main; main()", "search", "sorce:TASS ferry"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "did you mean `source`" in done.stderr
    assert not Path(".workbench").exists()


def test_a_passage_keeps_its_hit_in_view_on_one_line():
    passage = f"{'before ' * 30}{OPEN}hit{CLOSE}{' after' * 30}"
    for width in (40, 80, 160):
        line = passage_line(passage, width, marked=False)
        assert "[hit]" in line
        assert len(line) <= width
    assert "\x1b[1m\x1b[4mhit\x1b[0m" in passage_line(passage, 60, marked=True)


# ---------------------------------------------------------------- lists


def test_a_list_is_one_line_a_row_and_no_wider_than_the_terminal(capsys):
    rows = [(n, "a long name " * 40, "short") for n in range(50)]
    print_list("things", ["n", "name", "state"], rows, limit=None, noun="entity")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 20 + 1
    assert max(map(len, lines)) <= 160
    assert all(line.rstrip().endswith("short") for line in lines[2:-1])
    assert lines[-1] == "20 of 50 entities shown; all of them: --limit 0, or --json"


@pytest.mark.parametrize(("limit", "shown"), [(0, 50), (7, 7), (90, 50), (None, 20)])
def test_the_limit_says_how_many_rows_are_shown(capsys, limit, shown):
    print_list("", ["n"], [(n,) for n in range(50)], limit=limit, noun="row")
    said = capsys.readouterr().out
    assert len(re.findall(r"^\d+\s*$", said, re.MULTILINE)) == shown
    assert ("shown" in said) == (shown < 50)


def test_plurals_and_cut_text():
    assert [counted(n, "document") for n in (0, 1, 2)] == ["0 documents", "1 document", "2 documents"]
    assert [counted(2, noun) for noun in ("address", "entity", "day")] == [
        "2 addresses",
        "2 entities",
        "2 days",
    ]
    assert shorten("日本語日本語", 7) == "日本語…"
    assert shorten("exact", 5) == "exact"


# ---------------------------------------------------------------- completion, JupyterLab, paths of a report


def test_the_shell_completes_commands_and_options():
    program = Path(sys.executable).with_name("workbench")
    if not program.exists():
        pytest.skip("the command workbench is not installed beside this Python")
    for words, wanted in (
        ("workbench se", "search"),
        ("workbench search --li", "--limit"),
        ("workbench entities su", "suggest"),
    ):
        variables = {
            "_WORKBENCH_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        }
        done = subprocess.run(
            [program], env=os.environ | variables, capture_output=True, text=True, check=False
        )
        assert wanted in done.stdout.split()


@pytest.mark.parametrize(
    ("typed", "options", "folder"),
    [
        ("lab", [], "."),
        ("lab --no-browser --port 8889", ["--no-browser", "--port=8889"], "."),
        ("lab other --no-browser", ["--no-browser"], "other"),
        ("lab -- --ip=0.0.0.0 --collaborative", ["--ip=0.0.0.0", "--collaborative"], "."),
        ("lab other -- --ip=0.0.0.0", ["--ip=0.0.0.0"], "other"),
    ],
)
def test_lab_takes_a_folder_and_passes_options_on(run, monkeypatch, tmp_path, typed, options, folder):
    started = {}
    monkeypatch.setattr(
        "workbench.cli.lab.subprocess.call",
        lambda command, cwd: started.update(command=command, cwd=cwd) or 0,
    )
    for name in ("notebooks", "other"):
        (tmp_path / name).mkdir()
    run(*typed.split())
    assert started["cwd"] == (tmp_path / folder).resolve()
    assert f"--notebook-dir={(tmp_path / folder).resolve()}" in started["command"]
    assert started["command"][len(started["command"]) - len(options) :] == options
    assert ("--LabApp.default_url=/lab/tree/notebooks" in started["command"]) == (folder == ".")


def test_lab_refuses_a_folder_that_is_not_there(run):
    with pytest.raises(BadCorpus, match="there is no such folder"):
        run("lab", "nowhere")


def test_the_path_of_every_format_that_was_made_is_printed():
    from workbench.report.run import ReportResult

    paths = {kind: Path(f"reports/weekly.{kind}") for kind in ("html", "notebook", "pdf", "docx")}
    said = str(ReportResult("weekly", "done", paths, 2.0)).splitlines()
    assert said == ["reports/weekly.html (2.0 s)", "  reports/weekly.pdf", "  reports/weekly.docx"]
    assert "weekly.pdf" in str(ReportResult("weekly", "reused", paths, 2.0))
