"""The codes of people: a file that is only added to, survives crashes, and says what no longer fits."""

from __future__ import annotations

import pandas as pd
import pytest
from support.coded_texts import TEXTS, check, coded_project, texts  # noqa: F401 - fixtures

from workbench.corpus import load
from workbench.errors import BadParameter, WorkbenchError
from workbench.project import find_project
from workbench.verbs import hand_coding as codes


def test_a_sample_is_the_same_every_time_and_shows_a_coder_nothing_of_the_machine(texts, check):
    again = codes.open_coding_task(texts, size=4).items()
    assert again.equals(check.items())
    assert list(check.items().columns) == ["doc_id", "sentence", "start", "end", "words"]
    assert "4 of 5 sentences" in check.rule
    assert "seed 1" in check.rule


def test_the_last_code_of_a_coder_counts_and_an_empty_one_takes_it_back(check):
    one, two = check.items().to_dict("records")[:2]
    check.add("Ada", one, "positive")
    check.add("Ada", one, "negative")
    check.add("Ben", one, "neutral")
    check.add("Ada", two, "neutral")
    check.add("Ada", two, "")
    got = check.codes()
    assert sorted(zip(got["coder"], got["code"], strict=True)) == [("Ada", "negative"), ("Ben", "neutral")]
    assert set(got["sentence"]) == {one["sentence"]}
    assert check.place.read_text(encoding="utf-8").count("\n") == 6, "a line is added for each, none is lost"


def test_a_line_torn_by_a_crash_spoils_no_other(check):
    one, two = check.items().to_dict("records")[:2]
    check.add("Ada", one, "positive")
    with check.place.open("ab") as file:
        file.write(b"a.txt,12,3")
    check.add("Ada", two, "neutral")
    assert sorted(check.codes()["code"]) == ["neutral", "positive"]


def test_a_code_whose_sentence_is_gone_is_told_and_not_counted(check, tmp_path):
    for item in check.items().to_dict("records"):
        check.add("Ada", item, "neutral")
    (tmp_path / "texts" / "b.txt").write_text("Second, wire\nSomebody came to Rome.\n", encoding="utf-8")
    now = codes.open_coding_task(load("texts"), size=4)
    stale, kept = now.stale(), now.codes()
    assert set(stale["doc_id"]) == {"b.txt"}
    assert stale["note"].str.startswith("no longer fits").all()
    assert set(kept["doc_id"]) == {"a.txt"}
    assert len(stale) + len(kept) == 4


def test_codes_count_whatever_is_selected(check, texts):
    for item in check.items().to_dict("records"):
        check.add("Ada", item, "neutral")
    part = codes.open_coding_task(texts.where("source:Wire"), size=4)
    assert len(part.codes()) == 4
    assert part.stale().empty


def test_new_codes_change_the_digest_that_names_a_report(check):
    before = codes.digest(find_project())
    check.add("Ada", check.items().iloc[0], "neutral")
    after = codes.digest(find_project())
    assert before == ""
    assert len(after) == 9
    assert check.place.parent == find_project().folder / "codes"


@pytest.mark.parametrize(
    ("coder", "code", "problem", "hint"),
    [("Ada", "good", "`good` is no code", "choose positive, neutral, negative"),
     ("", "neutral", "is no name for a coder", "letters and digits"),
     ("=cmd()", "neutral", "is no name for a coder", "letters and digits")],
)  # fmt: skip
def test_what_is_no_code_and_no_coder_is_refused(check, coder, code, problem, hint):
    with pytest.raises(BadParameter) as refused:
        check.add(coder, check.items().iloc[0], code)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert not check.place.exists()


def test_a_question_a_topic_and_strata_that_do_not_exist_are_refused(texts):
    for given, says in (({"what": "irony"}, "choose sentiment"), ({"strata": "machin"}, "did you mean `machine`"),
                        ({"what": "topic", "topic": "tea"}, "known")):  # fmt: skip
        with pytest.raises(BadParameter) as refused:
            codes.open_coding_task(texts, **given)
        assert says in refused.value.hint


def test_a_file_that_holds_something_else_is_refused(check):
    check.place.parent.mkdir()
    check.place.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(WorkbenchError, match="no file of codes"):
        check.codes()


def test_a_folder_that_cannot_be_written_is_said(check):
    check.place.parent.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(WorkbenchError, match="cannot be written"):
        check.add("Ada", check.items().iloc[0], "neutral")


def test_a_file_with_no_line_yet_has_the_columns(check):
    assert list(codes.read(check.place).columns) == list(codes.COLUMNS)
    assert isinstance(check.codes(), pd.DataFrame)
    assert check.codes().empty
