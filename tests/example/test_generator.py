"""The example corpus: the same seed writes the same files, and its truth says what they hold."""

import hashlib
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from workbench.example import Effects, Truth, write
from workbench.example.plan import SENTENCES
from workbench.schema import GENRES, SEGMENT_KINDS
from workbench.settings import load_settings


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    return folder, write(folder / "texts", seed=3)


def files_of(folder: Path, truth: Truth) -> dict[str, Path]:
    return {
        key: folder / ("texts-late" if d["late"] else "texts") / key for key, d in truth.documents.items()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name / "texts", seed=9, pages=60)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_writes_other_countries_people_and_outlets(tmp_path):
    one, two = (write(tmp_path / str(seed) / "texts", seed=seed, pages=40) for seed in (1, 2))
    assert set(one.entities) != set(two.entities)
    assert {d["title"] for d in one.documents.values()}.isdisjoint(d["title"] for d in two.documents.values())


def test_the_saved_truth_is_the_truth_that_was_returned(example):
    folder, truth = example
    loaded = Truth.load(folder / "texts-truth.json")
    assert loaded.documents.keys() == truth.documents.keys()
    assert json.loads(json.dumps(loaded.effects)) == json.loads(json.dumps(truth.effects))


def test_every_page_is_a_file_and_every_file_a_page(example):
    folder, truth = example
    expected = {str(path.relative_to(folder)) for path in files_of(folder, truth).values()}
    written = {
        str(p.relative_to(folder)) for root in ("texts", "texts-late") for p in (folder / root).rglob("*.*")
    }
    assert {name for name in written if (folder / name).is_file()} == expected
    assert len(expected) == 240


def test_the_lines_of_a_text_page_stand_in_it_in_their_order(example):
    folder, truth = example
    checked = 0
    for key, path in files_of(folder, truth).items():
        if path.suffix == ".txt" and truth.documents[key]["readable"]:
            text, position = path.read_text(encoding="utf-8"), 0
            for line in truth.documents[key]["lines"]:
                position = text.index(line["text"], position) + len(line["text"])
            checked += 1
    assert checked > 50


def test_quotations_are_exact_to_the_character(example):
    _, truth = example
    kinds = Counter()
    for document in truth.documents.values():
        for line in document["lines"]:
            for quote in line.get("quotes", ()):
                assert line["text"][quote["start"] : quote["end"]] == quote["text"]
                marked = quote["text"][0] in '“"‘' and quote["text"][-1] in '”"’'
                assert marked == (quote["kind"] != "indirect")
                assert truth.entities[quote["speaker"]]["kind"] == "person"
                kinds[quote["kind"], quote["named_by"]] += 1
    assert {kind for kind, _ in kinds} == {"direct", "partial", "indirect"}
    assert {"name", "pronoun", "office"} <= {named for _, named in kinds}


def test_mentions_hold_a_spelling_of_their_entity(example):
    _, truth = example
    for document in truth.documents.values():
        for line in document["lines"]:
            for start, end, key in line.get("mentions", ()):
                entity = truth.entities[key]
                written = line["text"][start:end].replace("\u00a0", " ").lower()
                forms = [entity["name"], *entity["aliases"]]
                assert any(written in form.lower() for form in forms), (written, forms)


def test_kinds_and_genres_are_those_of_the_schema(example):
    _, truth = example
    kinds = {line["kind"] for d in truth.documents.values() for line in d["lines"]}
    assert kinds <= set(SEGMENT_KINDS)
    assert {"title", "caption", "credit", "chrome", "byline", "turn", "date", "separator", "stage"} <= kinds
    assert {d["genre"] for d in truth.documents.values()} <= set(GENRES)


def test_datelines_of_agencies_give_no_year(example):
    _, truth = example
    datelines = [
        line["text"][start:end]
        for d in truth.documents.values()
        for line in d["lines"]
        for start, end, kind in line.get("parts", ())
        if kind == "dateline"
    ]
    assert len(datelines) > 80
    assert not [
        text for text in datelines if "20" in text.replace(" 20 ", " ").replace(" 20,", ",") and "202" in text
    ]


def test_pages_span_eighteen_months(example):
    _, truth = example
    months = sorted({d["date"][:7] for d in truth.documents.values()})
    assert len(months) == 18


def test_prose_varies_from_page_to_page(example):
    _, truth = example
    sentences = [
        line["text"] for d in truth.documents.values() if d["genre"] == "article" and d["story"]
        for line in d["lines"] if line["kind"] == "paragraph"
    ]  # fmt: skip
    assert len(set(sentences)) > 0.85 * len(sentences)  # updates and reprints repeat theirs


def test_pages_have_about_as_many_sentences_as_the_sizes_of_effects_take_for_granted(example):
    _, truth = example
    counts: dict[str, list[int]] = {}
    for document in truth.documents.values():
        body = [line for line in document["lines"] if line["kind"] in ("paragraph", "turn", "standfirst")]
        genre = document["genre"] if document["form"] is None else "letter"
        counts.setdefault(genre, []).append(sum(len(line.get("tones", ())) for line in body))
    for genre, expected in SENTENCES.items():
        mean = sum(counts[genre]) / len(counts[genre])
        assert 0.7 * expected < mean < 1.35 * expected, (genre, mean)


def test_families_of_near_duplicates_share_their_text(example):
    _, truth = example
    families = [(key, d["story"]) for key, d in truth.documents.items() if d["story"] != key]
    assert len(families) >= 6
    for key, origin in families:
        own, first = (
            {line["text"] for line in truth.documents[k]["lines"] if line["kind"] == "paragraph"}
            for k in (key, origin)
        )
        assert len(own & first) >= 0.5 * len(first)


def test_form_letters_are_no_stories_together(example):
    _, truth = example
    letters = {key: d for key, d in truth.documents.items() if d["form"] is not None}
    assert len({d["form"] for d in letters.values()}) >= 2
    assert all(d["story"] == key for key, d in letters.items())


def test_settings_name_the_invented_sources(example):
    folder, truth = example
    entries = tomllib.loads((folder / "settings" / "sources.toml").read_text(encoding="utf-8"))
    assert entries.keys() == truth.sources.keys()
    loaded = load_settings(folder / "settings").sources
    assert all(loaded.of_masthead(name) == name for name in truth.sources)


def test_settings_that_are_there_stay(tmp_path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "sources.toml").write_text("# mine\n", encoding="utf-8")
    write(tmp_path / "texts", pages=40)
    assert (tmp_path / "settings" / "sources.toml").read_text(encoding="utf-8") == "# mine\n"


def test_a_folder_with_files_is_refused(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not empty; give a new folder"):
        write(tmp_path / "texts")


def test_too_few_pages_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"12 are too few .* 40 or more"):
        write(tmp_path / "texts", pages=12)


def test_a_size_below_zero_is_refused():
    with pytest.raises(ValueError, match=r"alias: -1.0 is no size; give 0 \(none\) or more"):
        Effects(alias=-1.0)


def test_an_unknown_confounder_is_refused():
    with pytest.raises(ValueError, match='"weekday" is neither "genre" nor "year"'):
        Effects(confounded_by="weekday")  # type: ignore[arg-type]
