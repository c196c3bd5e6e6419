"""Recordings of what a commit computes: what is kept, and which differences a comparison finds and explains."""

import gzip
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.recording.__main__ import main
from benchmarks.recording.compare import CannotCompare, compare
from benchmarks.recording.documents import fixtures, labelled
from benchmarks.recording.record import (
    META,
    CommandRunner,
    RecordingFailed,
    flatten,
    make_project,
    record,
    report_names,
    write_tables,
)  # fmt: skip
from benchmarks.recording.wanted import BadRule, load_rules

ROOT = Path(__file__).parents[2]
SENTIMENT = {
    "doc_id": ["a.txt", "a.txt", "b.txt"],
    "sentence": [0, 1, 0],
    "score": [0.5, 0.0, -0.25],
    "score_unmasked": [0.5, 0.5, -0.5],
    "score_second": [0.25, 0.0, 0.0],
}
PROBLEMS = {"path": ["c.txt"], "problem": ["it is empty"], "mend": ["put text there"]}


def recording(folder, documents=("a.txt",), **tables):
    """A recording of the part `tables` with these columns of these tables."""
    (folder / "tables").mkdir(parents=True)
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / "tables" / f"{name}.parquet")
    meta = {"parts": ["tables"], "documents": dict.fromkeys(documents, "0")}
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")
    return folder


@pytest.fixture
def compared(tmp_path):
    """A function that compares two sets of tables under rules: (differences by table, rules, good)."""

    def run(old, new, rules=""):
        wanted = tmp_path / "wanted.toml"
        wanted.write_text(rules, encoding="utf-8")
        loaded = load_rules(wanted)
        found = compare(recording(tmp_path / "old", **old), recording(tmp_path / "new", **new), loaded)
        return {one.table: one for one in found.parts["tables"]}, loaded, found.good

    return run


def test_equal_rows_in_another_order_are_no_difference(compared):
    turned = {name: values[::-1] for name, values in SENTIMENT.items()}
    found, _, good = compared({"sentiment": SENTIMENT}, {"sentiment": turned})
    assert good
    assert found["sentiment"].equal == 3


def test_a_row_that_stands_once_more_is_a_difference(compared):
    again = {name: [*values, values[0]] for name, values in SENTIMENT.items()}
    found, _, good = compared({"sentiment": SENTIMENT}, {"sentiment": again})
    assert not good
    assert (found["sentiment"].equal, found["sentiment"].only_new) == (3, 1)


def test_a_wider_type_of_the_same_numbers_is_no_difference(compared):
    small = {"doc_id": ["a"], "n": pa.array([7], pa.int32())}
    large = {"doc_id": ["a"], "n": pa.array([7], pa.int64())}
    _, _, good = compared({"counts": small}, {"counts": large})
    assert good


def test_an_unexplained_value_is_counted_by_row_document_and_column_and_shown(compared):
    other = SENTIMENT | {"score": [0.5, 0.0, -0.75]}
    found, _, good = compared({"sentiment": SENTIMENT}, {"sentiment": other})
    one = found["sentiment"]
    assert not good
    assert (one.equal, one.changed, one.only_old, one.only_new) == (2, 1, 0, 0)
    assert one.documents == (1, 1, 0, 0)
    assert one.values == {"score": 1}
    assert one.examples == [
        "changed  doc_id=b.txt sentence=0 score_unmasked=-0.5 score_second=0.0 | score: -0.25 -> -0.75"
    ]


def test_a_row_whose_end_moved_is_found_again_by_its_start(compared):
    old = {"doc_id": ["a", "a"], "start": [0, 9], "end": [5, 12], "kind": ["turn", "turn"]}
    new = old | {"end": [6, 12]}
    found, _, _ = compared({"segments": old}, {"segments": new})
    assert (found["segments"].changed, found["segments"].values) == (1, {"end": 1})


def test_a_table_and_a_column_that_were_renamed_are_explained_and_counted(compared):
    new = {"path": ["c.txt"], "problem": ["it is empty"], "hint": ["put text there"]}
    rules = """
        [[rename]]
        table = "problems"
        to = "faults"
        reason = "the field says so"
        [[rename]]
        table = "*"
        column = "mend"
        to = "hint"
        reason = "a hint is what it is"
    """
    found, loaded, good = compared({"problems": PROBLEMS}, {"faults": new}, rules)
    assert good
    assert found["faults"].equal == 1
    assert [rule.explained for rule in loaded] == [1, 1]


def test_the_same_renames_without_a_rule_are_faults(compared):
    new = {"path": ["c.txt"], "problem": ["it is empty"], "hint": ["put text there"]}
    found, _, good = compared({"problems": PROBLEMS, "a": PROBLEMS}, {"problems": new, "b": PROBLEMS})
    assert not good
    assert found["problems"].faults == [
        "the column problems.mend is gone", "the column problems.hint is new",
    ]  # fmt: skip
    assert found["a"].faults == ["the table a is gone (1 rows)"]
    assert found["b"].faults == ["the table b is new (1 rows)"]


def test_a_text_rule_rewrites_the_old_words(compared):
    old = PROBLEMS | {"mend": ["put 3 texts there"]}
    new = PROBLEMS | {"mend": ["add 3 texts"]}
    rules = r"""
        [[text]]
        table = "problems"
        column = "mend"
        old = 'put (\d+) texts there'
        new = 'add \1 texts'
        regex = true
        reason = "plainer"
    """
    found, loaded, good = compared({"problems": old}, {"problems": new}, rules)
    assert good
    assert found["problems"].equal == 1
    assert loaded[0].explained == 1


def test_a_changed_rule_explains_only_the_values_that_meet_its_condition(compared):
    other = SENTIMENT | {"score": [0.5001, 0.0, -0.75]}
    rules = """
        [[changed]]
        table = "sentiment"
        column = "score"
        where = "abs(old.score - new.score) < 0.01"
        reason = "rounded later"
    """
    found, loaded, good = compared({"sentiment": SENTIMENT}, {"sentiment": other}, rules)
    one = found["sentiment"]
    assert not good
    assert (one.wanted, one.unexplained, loaded[0].explained) == (1, 1, 1)
    assert "b.txt" in one.examples[0]


def test_rows_that_only_one_side_has_are_explained_by_their_condition(compared):
    old = {"doc_id": ["a", "a"], "start": [0, 9], "end": [5, 12], "kind": ["turn", "chrome"]}
    new = {"doc_id": ["a", "a"], "start": [0, 20], "end": [5, 25], "kind": ["turn", "stage"]}
    rules = """
        [[gone]]
        table = "segments"
        where = "old.kind = 'chrome'"
        reason = "a fault mended"
        [[new]]
        table = "segments"
        where = "new.kind = 'stage'"
        reason = "the same"
    """
    _, loaded, good = compared({"segments": old}, {"segments": new}, rules)
    assert good
    assert [rule.explained for rule in loaded] == [1, 1]


def test_columns_that_are_new_or_gone_on_purpose_are_left_out(compared):
    new = {name: values for name, values in SENTIMENT.items() if name != "score_second"} | {"n": [1, 2, 3]}
    rules = """
        [[gone]]
        table = "sentiment"
        column = "score_second"
        reason = "a row of its own"
        [[new]]
        table = "sentiment"
        column = "n"
        reason = "needed"
    """
    found, _, good = compared({"sentiment": SENTIMENT}, {"sentiment": new}, rules)
    assert good
    assert found["sentiment"].equal == 3


SENTIMENT_ROWS = """
    [[adapt]]
    table = "sentiment"
    function = "benchmarks.recording.adapters:sentiment_rows"
    reason = "a row for each score"
"""


def test_an_adapter_brings_an_old_table_into_its_new_shape(compared):
    rows = [("a.txt", 0), ("a.txt", 1), ("b.txt", 0)]
    scores = [("vader", True, "score"), ("vader", False, "score_unmasked"), ("afinn", True, "score_second")]
    new = pa.Table.from_pylist(
        [
            {"doc_id": d, "sentence": s, "lexicon": lexicon, "score": SENTIMENT[column][n], "masked": masked}
            for n, (d, s) in enumerate(rows)
            for lexicon, masked, column in scores
        ]
    ).to_pydict()
    found, _, good = compared({"sentiment": SENTIMENT}, {"sentiment": new}, SENTIMENT_ROWS)
    assert good
    assert found["sentiment"].equal == 9


def test_an_adapter_leaves_a_table_that_has_its_new_shape(compared):
    rows = {
        "doc_id": ["a.txt", "a.txt"],
        "sentence": [0, 0],
        "lexicon": ["vader", "afinn"],
        "score": [0.5, 1.0],
        "masked": [True, True],
    }
    found, _, good = compared({"sentiment": rows}, {"sentiment": rows}, SENTIMENT_ROWS)
    assert good
    assert found["sentiment"].equal == 2


def test_the_command_exits_with_1_and_names_a_rule_that_explained_nothing(tmp_path, capsys):
    wanted = tmp_path / "wanted.toml"
    wanted.write_text(
        '[[rename]]\ntable = "quotes"\ncolumn = "cue"\nto = "verb"\nreason = "x"\n', encoding="utf-8"
    )
    old = recording(tmp_path / "old", problems=PROBLEMS)
    new = recording(tmp_path / "new", problems=PROBLEMS | {"mend": ["nothing"]})
    assert main(["compare", str(old), str(new), "--wanted", str(wanted)]) == 1
    printed = capsys.readouterr().out
    assert "mend: put text there -> nothing" in printed
    assert "NOTHING explained by: rename table=quotes column=cue to=verb (x)" in printed
    assert main(["compare", str(old), str(old), "--wanted", str(wanted)]) == 0


def test_recordings_of_different_documents_are_not_compared(tmp_path):
    old = recording(tmp_path / "old", problems=PROBLEMS)
    new = recording(tmp_path / "new", documents=("b.txt",), problems=PROBLEMS)
    with pytest.raises(CannotCompare, match="different documents"):
        compare(old, new, load_rules(ROOT / "benchmarks/recording/wanted.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[renamed]]\ntable = "a"\n', "unknown kind of rule `renamed`"),
        ('[[rename]]\ntable = "a"\nto = "b"\n', "missing keys ['reason']"),
        ('[[new]]\ntable = "a"\nreason = "b"\ncolum = "c"\n', "unknown keys ['colum']"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_its_place(tmp_path, text, words):
    (tmp_path / "wanted.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRule) as raised:
        load_rules(tmp_path / "wanted.toml")
    assert words in str(raised.value)
    assert "wanted.toml" in str(raised.value)


def test_the_output_of_parse_becomes_a_table_for_each_of_its_lists():
    parsed = {
        "document": {"doc_id": "a.txt", "words": 3, "added": None}, "text": "One two.",
        "segments": [{"doc_id": "a.txt", "start": 0, "speaker": None}], "problems": [],
        "entities": [{"entity": "A", "aliases": ["A", "B"]}],
    }  # fmt: skip
    assert flatten(parsed) == {
        "document": [{"doc_id": "a.txt", "words": "3", "text": "One two."}],
        "segments": [{"doc_id": "a.txt", "start": "0", "speaker": None}],
        "problems": [],
        "entities": [{"doc_id": "a.txt", "entity": "A", "aliases": '["A", "B"]'}],
    }


def test_a_list_that_was_empty_everywhere_may_get_its_first_row(tmp_path):
    for name, rows in (("old", []), ("new", [{"doc_id": "a.txt", "problem": "new"}])):
        write_tables(tmp_path / name / "parse", [("problems", rows)])
        meta = {"parts": ["parse"], "documents": {}}
        (tmp_path / name / META).write_text(json.dumps(meta), encoding="utf-8")
    found = compare(tmp_path / "old", tmp_path / "new", load_rules(ROOT / "benchmarks/recording/wanted.toml"))
    (one,) = found.parts["parse"]
    assert (one.only_new, one.faults) == (1, [])


def test_the_reports_are_those_that_make_report_makes():
    names = report_names(ROOT)
    assert "corpus_overview" in names
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} >= set(names)


def test_a_recording_fails_when_the_package_comes_from_elsewhere(tmp_path):
    (tmp_path / "documents").mkdir()
    project = make_project(tmp_path, tmp_path / "documents", tmp_path / "project")
    with pytest.raises(RecordingFailed, match="the interpreter imports"):
        CommandRunner(tmp_path / "another tree", project)


def test_labelled_documents_are_taken_at_equal_distances(tmp_path):
    rows = [{"text": f"Text {n}."} for n in range(10)]
    with gzip.open(tmp_path / "polnear.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    found = dict(labelled({"polnear": 3}, tmp_path))
    assert found == {
        "polnear/0000.txt": "Text 0.",
        "polnear/0001.txt": "Text 3.",
        "polnear/0002.txt": "Text 6.",
    }


def test_the_fixtures_hold_all_formats_and_the_texts_of_the_tests():
    found = dict(fixtures())
    assert len({Path(name).suffix for name in found if name.startswith("formats/")}) >= 15
    assert sum(name.startswith("tests/") for name in found) > 40


@pytest.mark.model
@pytest.mark.slow
def test_a_recording_of_the_present_tree_holds_every_list_that_parse_prints(tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    shutil.copy(next((ROOT / "seeds").glob("003*.txt")), documents)
    record(ROOT, documents, tmp_path / "recorded", ["parse"], deadline=60)
    tables = {path.stem: pq.read_table(path) for path in (tmp_path / "recorded/parse").glob("*.parquet")}
    assert tables["document"]["source"].to_pylist() == ["TASS"]
    assert "added" not in tables["document"].column_names
    assert (
        min(tables[name].num_rows for name in ("segments", "quotes", "sentences", "tokens", "mentions")) > 5
    )
