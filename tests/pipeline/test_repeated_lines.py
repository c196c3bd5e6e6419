"""A line that recurs across documents of one source is chrome, whatever the order in which they came."""

import pyarrow as pa
import pytest

import workbench
from workbench import schema
from workbench.label import label
from workbench.pipeline import plan
from workbench.pipeline.build import build
from workbench.pipeline.repeated_lines import evidence_of
from workbench.schema import Document
from workbench.settings import load_settings
from workbench.store import STATE, tables

PROMISE = "Every tale on this page was told by our own tellers."  # a sentence: chrome at the edge only
SIGN = "The tellers of Northwind"  # no sentence
BODY = (
    "The ministry said on Friday that the talks about grain had gone on until the evening and would be "
    "resumed when the delegations had heard from their capitals, {0} of which had asked for time.\n\n"
    "A spokesman for the {0} delegation said that nothing had been agreed and that nothing had been lost, "
    "and he thanked the hosts of the {1} round for their patience with both sides.\n"
)
NUMBERS = "two three four five six seven eight nine ten eleven".split()


def page(number, *, foot=f"{PROMISE}\n\n{SIGN}\n", within=""):
    body = BODY.format(NUMBERS[number], NUMBERS[-number]).replace("\n\n", f"\n\n{within}", 1)
    return f"Grain talks enter day {NUMBERS[number]}\n\n{body}\n{foot}"


def folder(tmp_path, pages, name="corpus"):
    root = tmp_path / name
    root.mkdir(exist_ok=True)
    for number, text in pages.items():
        (root / f"{number}.txt").write_text(text, encoding="utf-8")
    return root


def kinds(corpus):
    """The kind of each segment by document and text."""
    texts = corpus.tables.documents.to_pandas().set_index("doc_id")["text"]
    return {
        (row.doc_id, texts[row.doc_id][row.start : row.end].strip()): row.kind
        for row in corpus.tables.segments.to_pandas().itertuples()
    }


def chrome(corpus):
    return {key for key, kind in kinds(corpus).items() if kind == "chrome"}


def recurring(corpus):
    return int((corpus.tables.segments.to_pandas()["rule"] == "recurs across documents of this source").sum())


def test_a_foot_that_recurs_is_chrome_and_the_story_stays(tmp_path):
    corpus = workbench.load(folder(tmp_path, {n: page(n) for n in range(6)}))
    assert chrome(corpus) == {(f"{n}.txt", foot) for n in range(6) for foot in (PROMISE, SIGN)}
    rules = (
        corpus.tables.segments.to_pandas()
        .loc[corpus.tables.segments.to_pandas()["kind"] == "chrome", "rule"]
        .value_counts()
    )
    assert rules["recurs across documents of this source"] == 6
    for doc_id, group in corpus.tables.segments.to_pandas().groupby("doc_id"):
        text = corpus.text(doc_id)
        assert "".join(text[row.start : row.end] for row in group.itertuples()) == text


def test_the_same_foot_on_two_pages_proves_nothing(tmp_path):
    found = kinds(workbench.load(folder(tmp_path, {n: page(n) for n in range(2)})))
    assert found["0.txt", PROMISE] == "paragraph"


def test_six_prints_of_one_story_are_one_witness(tmp_path):
    prints = {n: f"Print {n}\n\n" + page(1) for n in range(6)}
    assert recurring(workbench.load(folder(tmp_path, prints))) == 0


def test_a_sentence_that_recurs_within_the_story_is_a_formula_and_stays(tmp_path):
    pages = {n: page(n, foot="", within=f"{PROMISE}\n\n") for n in range(6)}
    assert recurring(workbench.load(folder(tmp_path, pages))) == 0


def test_a_page_that_is_nothing_but_what_recurs_keeps_its_text(tmp_path):
    pages = {n: page(n) for n in range(6)} | {"note": f"{PROMISE}\n"}
    alone = kinds(workbench.load(folder(tmp_path, {"note": pages["note"]}, "alone")))
    found = kinds(workbench.load(folder(tmp_path, pages)))
    assert found["note.txt", PROMISE] == alone["note.txt", PROMISE] == "paragraph"


def test_the_labels_do_not_depend_on_how_often_the_corpus_was_built(tmp_path):
    pages = {n: page(n) for n in range(6)}
    at_once = workbench.load(folder(tmp_path, pages, "once"))
    root = folder(tmp_path, {n: pages[n] for n in range(2)}, "often")
    assert kinds(workbench.load(root))["0.txt", PROMISE] == "paragraph"
    for number in range(2, 6):
        folder(tmp_path, {number: pages[number]}, "often")
        often = workbench.load(root)
    assert chrome(often) == chrome(at_once)
    assert often.version == at_once.version
    assert often.tables.sentences.to_pandas().equals(at_once.tables.sentences.to_pandas())


def test_removing_the_pages_takes_the_evidence_back(tmp_path):
    root = folder(tmp_path, {n: page(n) for n in range(6)})
    assert kinds(workbench.load(root))["0.txt", PROMISE] == "chrome"
    for number in range(2, 6):
        (root / f"{number}.txt").unlink()
    assert kinds(workbench.load(root))["0.txt", PROMISE] == "paragraph"
    assert build(root).read == 0


def test_pages_of_another_folder_are_no_evidence_where_no_source_is_known(tmp_path):
    root = folder(tmp_path, {n: page(n) for n in range(2)})
    (root / "other").mkdir()
    for number in range(3, 6):
        (root / "other" / f"{number}.txt").write_text(page(number), encoding="utf-8")
    found = kinds(workbench.load(root))
    assert found["0.txt", PROMISE] == "paragraph"
    assert found["other/3.txt", PROMISE] == "paragraph"  # three of three, but a sentence asks for five


@pytest.mark.parametrize("spoken", ["Thank you very much for that.", "Go on"])
def test_what_is_said_again_and_again_under_a_label_is_never_chrome(tmp_path, spoken):
    text = "".join(
        f"MR. {name}: The delegation of the {NUMBERS[n]} towns has come to talk about grain and water.\n\n"
        f"MS. REED: {spoken}\n\n"
        for n, name in enumerate(("ABLE", "BAKER", "COLE"))
    )
    corpus = workbench.load(folder(tmp_path, {n: f"Briefing {NUMBERS[n]}\n\n{text}" for n in range(6)}))
    assert recurring(corpus) == 0


def test_a_document_says_which_of_its_lines_would_be_chrome_if_they_recurred():
    document = Document("a.txt", "a.txt", page(1), "0")
    labels = label(document, load_settings(None))
    assert len(labels.lines) == 1
    assert labels.group == "folder ."
    known = dict.fromkeys(labels.lines, 3)
    assert label(document, load_settings(None), {"folder .": known}).evidence == known
    assert label(document, load_settings(None), {"folder b": known}).evidence == {}


def test_nothing_recurs_in_an_empty_corpus():
    assert evidence_of([]) == {}


def test_tables_of_an_older_schema_are_made_anew_whatever_columns_they_had(tmp_path, monkeypatch, capsys):
    root = folder(tmp_path, {1: page(1)})
    short = STATE[:5]
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "VERSION", schema.VERSION - 1)
        earlier.setattr(plan, "VERSION", schema.VERSION)
        earlier.setattr(plan, "STATE", short)
        earlier.setitem(tables.INTERNAL, "state", pa.schema([(name, pa.string()) for name in short]))
        assert build(root, layers=()).documents == 1
    assert capsys.readouterr().err == ""
    again = build(root, layers=())
    assert (again.documents, again.read) == (1, 1)
    sentence = (
        "An older version of the workbench made this store; it is built again from the documents (1 file).\n"
    )
    assert capsys.readouterr().err == sentence
    assert build(root, layers=()).read == 0
    assert capsys.readouterr().err == ""
