"""The command line: a skin without logic, with true exit codes and messages that mend."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from workbench.export import safe_cell, write_tables
from workbench.schema import TABLES

ROOT = Path(__file__).parents[2]
PAGE = (
    "Talks resume\n\nGENEVA, March 3, 2020 - The two sides resumed their talks on Monday, officials said.\n"
)


def run(*arguments, cwd=ROOT):
    command = [sys.executable, "-c", "from workbench.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "talks.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path


def test_parse_prints_one_json_object_a_line(project):
    (project / "texts" / "more.txt").write_text(PAGE.replace("Talks", "More talks"), encoding="utf-8")
    done = run("parse", "texts", "--json", "--no-names", cwd=project)
    assert done.returncode == 0, done.stderr
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["document"]["path"] for one in parsed] == ["more.txt", "talks.txt"]
    for one in parsed:
        assert "".join(segment["text"] for segment in one["segments"]) == one["text"]
        assert set(one) >= {"document", "text", "segments", "quotes", "sentences", "problems"}


@pytest.mark.model
def test_parse_keeps_its_contract_on_the_seeds():
    done = run("parse", "seeds", "--json")
    assert done.returncode == 0, done.stderr
    for parsed in map(json.loads, done.stdout.splitlines()):
        assert set(parsed["document"]) == set(TABLES["documents"]) - {"text"}
        for table in ("segments", "quotes", "sentences", "mentions"):
            for row in parsed[table]:
                assert set(row) == set(TABLES[table]) | {"text"}
                assert row["text"] == parsed["text"][row["start"] : row["end"]]
        assert set(parsed["problems"][0]) >= set(TABLES["problems"]) if parsed["problems"] else True


def test_parse_shows_a_person_every_segment_with_its_rule(project):
    done = run("parse", "texts/talks.txt", "--no-names", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "Talks resume" in done.stdout
    assert "dateline" in done.stdout


def test_an_unreadable_file_is_said_with_its_mend_and_the_rest_is_done(project):
    (project / "texts" / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 400)
    done = run("parse", "texts", "--json", "--no-names", cwd=project)
    assert done.returncode == 1
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [bool(one["segments"]) for one in parsed] == [False, True]
    assert parsed[0]["problems"][0]["severity"] == "refused"
    assert parsed[0]["problems"][0]["hint"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "--corpus", "nowhere"], "there is no such folder"),
        (["check", "--corpus", "empty"], "hint"),
        (["search", '"open'], "not closed"),
        (["check", "--corpus", "texts", "--select", "sorce:TASS"], "did you mean `source`"),
        (["export", "--to", "xls"], "known: csv, jsonl, parquet"),
        (["report", "topic_frequenzy"], "did you mean `topic_frequency`"),
    ],
)
def test_what_cannot_be_done_is_refused_with_place_and_mend(project, arguments, says):
    (project / "empty").mkdir()
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert says in done.stderr
    assert "hint:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_parameter_is_refused_before_anything_is_read(tmp_path):
    done = run("report", "topic_frequency", "-p", "tpo=5", "--out", tmp_path / "reports")
    assert done.returncode == 2
    assert "did you mean `top`" in done.stderr
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("given", "says"), [("top=many", "top"), ("by=sorce", "did you mean `source`"), ("top", "name=value")]
)
def test_a_wrong_type_a_wrong_choice_and_half_a_parameter_are_refused(given, says):
    done = run("report", "topic_frequency", "-p", given)
    assert done.returncode == 2
    assert says in done.stderr


def test_a_folder_that_cannot_be_written_is_said_before_a_kernel_starts(tmp_path):
    (tmp_path / "reports").write_text("a file stands where the folder should be", encoding="utf-8")
    done = run("report", "topic_frequency", "--out", tmp_path / "reports")
    assert done.returncode == 2
    assert "hint:" in done.stderr
    assert (tmp_path / "reports").read_text(encoding="utf-8").startswith("a file stands")


def test_a_selection_without_a_document_is_refused_before_a_kernel_starts(tmp_path):
    done = run("report", "topic_frequency", "--select", "until:1950", "--out", tmp_path / "reports")
    assert done.returncode == 2
    assert "no document is inside the selection" in done.stderr


def test_the_parameters_of_a_notebook_can_be_asked_for():
    done = run("report", "topic_frequency", "--parameters")
    assert done.returncode == 0, done.stderr
    for word in ("corpus", "select", "by", "top", "folder of documents"):
        assert word in done.stdout


def test_search_answers_best_first_with_the_hit_marked(project):
    done = run("search", '"resumed their"', "--corpus", "texts", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "[resumed their]" in done.stdout


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_an_export_is_a_formula(cell):
    assert safe_cell(cell).startswith("'")


def test_numbers_lists_and_nothing_stay_what_they_are():
    assert safe_cell(-0.5) == -0.5
    assert safe_cell(["=a", "b"]) == '["=a", "b"]'
    assert safe_cell(None) == ""
    assert safe_cell(float("nan")) == ""


def test_an_export_has_every_table_and_its_rows(project, monkeypatch):
    import workbench

    monkeypatch.chdir(project)
    (project / "texts" / "=cmd.txt").write_text(PAGE, encoding="utf-8")
    corpus = workbench.load("texts")
    for to in ("csv", "parquet", "jsonl"):
        names = {path.name for path in write_tables(corpus, project / to, to)}
        assert f"documents.{to}" in names
    with (project / "csv" / "documents.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["doc_id"] for row in csv.DictReader(file)] == ["'=cmd.txt", "talks.txt"]
    assert pd.read_parquet(project / "parquet" / "documents.parquet")["doc_id"].tolist() == [
        "=cmd.txt",
        "talks.txt",
    ]


def test_exported_judgements_of_names_keep_their_scores_and_receipts(project, monkeypatch):
    import workbench

    monkeypatch.chdir(project)
    said = "Talks in Geneva\n\nCritics slammed Orin Vale for a reckless plan. Marla Quist praised Orin Vale on Monday.\n"
    (project / "texts" / "vale.txt").write_text(said, encoding="utf-8")
    corpus = workbench.load("texts")
    judged = corpus.tables.toward.to_pandas()
    assert len(judged) >= 2
    for to in ("csv", "parquet", "jsonl"):
        list(write_tables(corpus, project / to, to))
    with (project / "csv" / "toward.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    hits = pd.read_parquet(project / "parquet" / "sentiment.parquet")["hits"]
    assert [len(each) for each in hits] == [len(each) for each in corpus.tables.sentiment.to_pandas()["hits"]]
    receipts = {
        "csv": [json.loads(row["receipt"]) for row in rows],
        "parquet": [list(r) for r in pd.read_parquet(project / "parquet" / "toward.parquet")["receipt"]],
        "jsonl": [
            json.loads(line)["receipt"]
            for line in (project / "jsonl" / "toward.jsonl").open(encoding="utf-8")
        ],
    }
    for found in receipts.values():
        assert len(found) == len(judged)
        for mine, theirs in zip(judged["receipt"], found, strict=True):
            assert [reason["word"] for reason in theirs] == [reason["word"] for reason in mine]
            assert [r["weight"] for r in theirs] == pytest.approx([r["weight"] for r in mine], abs=1e-6)
    assert [float(row["score"]) for row in rows] == pytest.approx(judged["score"].tolist())
    assert "slammed" in {reason["word"] for receipt in receipts["csv"] for reason in receipt}


def test_no_name_and_no_text_steers_the_terminal(project):
    page = (
        "Talks \x1b[2J\u202eresume\n\nThe minister said on Monday that the talks \x1b]0;x\x07 would go on.\n"
    )
    (project / "texts" / "a\u202etxt.exe.txt").write_text(page, encoding="utf-8")
    for command in (
        ["check", "--corpus", "texts"],
        ["parse", "texts", "--no-names"],
        ["search", "minister", "--corpus", "texts"],
    ):
        done = run(*command, cwd=project)
        assert done.stdout
        assert not {"\x1b", "\u202e", "\x07"} & set(done.stdout + done.stderr)
