"""What the two seed documents must show, end to end: through build, store and corpus."""

from pathlib import Path

import pytest

import workbench
from workbench.analysis import sentiment, units
from workbench.project import Project

ROOT = Path(__file__).parents[1]
KREMLIN, TASS = "000_c09b3d58b53652ec.txt", "003_a52b3706e287451f.txt"
MINISTRY = "Russian foreign ministry"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    project = Project(folder, ROOT / "seeds", ROOT / "settings", folder / "reports", ROOT / "notebooks")
    return workbench.load(ROOT / "seeds", project=project)


def of(table, doc_id):
    return table[table["doc_id"] == doc_id]


def cut(corpus, row):
    return corpus.text(row.doc_id)[row.start : row.end]


def segments(corpus, doc_id, *kinds):
    rows = of(corpus.tables.segments.to_pandas(), doc_id)
    return [cut(corpus, row).strip() for row in rows[rows["kind"].isin(kinds)].itertuples()]


def document(corpus, doc_id):
    return of(corpus.tables.documents.to_pandas(), doc_id).iloc[0]


def entity_of(corpus, surface, doc_id=None, speaker=None):
    rows = corpus.tables.mentions.to_pandas()[
        corpus.tables.mentions.to_pandas()["surface"].str.replace("\u00a0", " ") == surface
    ]
    rows = rows if doc_id is None else of(rows, doc_id)
    rows = rows if speaker is None else rows[rows["speaker"] == speaker]
    return set(rows["entity"])


# ---------------------------------------------------------------- the Kremlin page


def test_the_kremlin_page_has_its_title_date_place_and_genre(corpus):
    page = document(corpus, KREMLIN)
    assert page["title"].replace("\u00a0", " ") == "Meeting with US Secretary of State John Kerry"
    assert (page["date"], page["date_precision"]) == ("2013-05-07", "day")
    assert "stated" in page["date_basis"]
    assert page["place"] == "The Kremlin, Moscow"
    assert page["genre"] == "transcript"
    assert page["language"] == "en"


def test_the_kremlin_pages_settings_block_is_chrome(corpus):
    chrome = " ".join(segments(corpus, KREMLIN, "chrome"))
    for line in (
        "View settings",
        "Font size:",
        "Site colours:",
        "Official website of the President",
        "Документ",
    ):
        assert line in chrome
    assert segments(corpus, KREMLIN, "separator") == ["* * *", "<…>"]


def test_the_kremlin_pages_last_line_is_the_date_again(corpus):
    rows = of(corpus.tables.segments.to_pandas(), KREMLIN).sort_values("start")
    last = rows.iloc[-1]
    assert last["kind"] in ("date", "place")
    assert "repeated" in last["rule"]


def test_the_kremlin_transcript_has_two_author_paragraphs_then_exactly_two_turns(corpus):
    assert len(segments(corpus, KREMLIN, "paragraph")) == 2
    labels = of(corpus.tables.segments.to_pandas(), KREMLIN).query("kind == 'speaker_label'")
    assert list(zip(labels["speaker"], labels["role"].str.replace("\u00a0", " "), strict=True)) == [
        ("Vladimir Putin", "President of Russia"),
        ("John Kerry", "US Secretary of State"),
    ]


@pytest.mark.parametrize(("speaker", "paragraphs"), [("Vladimir Putin", 5), ("John Kerry", 7)])
def test_the_turns_have_their_paragraphs_and_the_last_is_thanks(corpus, speaker, paragraphs):
    turns = of(corpus.tables.segments.to_pandas(), KREMLIN).query("kind == 'turn' and speaker == @speaker")
    text = corpus.text(KREMLIN)
    begins = [row.start for row in turns.itertuples() if text[: row.start].rstrip(" \u00a0")[-1:] in "\n:"]
    assert len(begins) == paragraphs


def test_an_editors_insertion_is_not_kerrys_word(corpus):
    assert segments(corpus, KREMLIN, "insertion") == ["[Sergei Lavrov]"]
    (mention,) = corpus.tables.mentions.to_pandas()[
        corpus.tables.mentions.to_pandas()["surface"] == "Sergei Lavrov"
    ].itertuples()
    assert mention.voice == "author"
    kerry = corpus.where("speaker:Kerry").tables.tokens.to_pandas()
    assert "lavrov" not in set(kerry["form"].astype(str))


# ---------------------------------------------------------------- the TASS page


def test_the_tass_page_has_its_title_standfirst_source_and_place(corpus):
    page = document(corpus, TASS)
    assert (
        page["title"]
        == "US Secretary of State John Kerry to visit Moscow December 15 — Russian foreign ministry"
    )
    assert (page["source"], page["place"], page["genre"]) == ("TASS", "Moscow", "article")
    (standfirst,) = segments(corpus, TASS, "standfirst")
    assert standfirst.startswith("Moscow hopes the visit")


def test_the_year_of_the_tass_page_is_inferred_and_the_basis_says_how(corpus):
    page = document(corpus, TASS)
    assert (page["date"], page["date_precision"]) == ("2015-12-11", "day")
    for word in ("inferred", "Friday", "2014", "2020"):
        assert word in page["date_basis"]


def test_three_caption_and_credit_lines_are_not_body(corpus):
    assert len(segments(corpus, TASS, "caption", "credit")) == 3
    assert segments(corpus, TASS, "dateline") == ["MOSCOW, December 11. /TASS/."]


def test_fourteen_quotes_are_the_ministrys_and_the_hunt_is_none_of_its_own(corpus):
    quotes = of(corpus.tables.quotes.to_pandas(), TASS).query("kind != 'indirect'")
    assert len(quotes) == 14
    assert {speaker.removeprefix("the ") for speaker in quotes["speaker"]} == {MINISTRY}
    assert not [row for row in quotes.itertuples() if cut(corpus, row).strip("‘’'") == "hunt"]


# ---------------------------------------------------------------- across both


def test_sergei_and_sergey_lavrov_are_one_person_with_both_forms(corpus):
    (entity,) = entity_of(corpus, "Sergei Lavrov") | entity_of(corpus, "Sergey Lavrov")
    aliases = corpus.tables.entities.to_pandas().set_index("entity").loc[entity, "aliases"]
    assert {"Sergei Lavrov", "Sergey Lavrov"} <= {form.replace("\u00a0", " ") for form in aliases}


def test_every_way_of_naming_kerry_leads_to_john_kerry(corpus):
    assert entity_of(corpus, "Kerry") == {"John Kerry"}
    assert entity_of(corpus, "Mr Secretary of State", KREMLIN, "Vladimir Putin") == {"John Kerry"}
    assert entity_of(corpus, "US Secretary of State", TASS) == {"John Kerry"}


def test_mr_president_in_kerrys_turn_is_vladimir_putin(corpus):
    assert entity_of(corpus, "Mr President", KREMLIN, "John Kerry") == {"Vladimir Putin"}


def test_mr_obama_and_president_obama_are_one(corpus):
    obama = corpus.tables.mentions.to_pandas()[
        corpus.tables.mentions.to_pandas()["surface"].str.contains("Obama")
    ]
    assert len(obama) == 3
    assert obama["entity"].nunique() == 1


def test_the_agency_mark_and_the_photo_credit_are_no_mentions(corpus):
    assert not corpus.tables.mentions.to_pandas()["surface"].str.contains("TASS|Scherbak").any()


def test_the_geneva_communique_is_one_thing_and_new_start_is_found(corpus):
    geneva = corpus.tables.mentions.to_pandas()[
        corpus.tables.mentions.to_pandas()["surface"].str.contains("Geneva", case=False)
    ]
    assert set(geneva["doc_id"]) == {KREMLIN, TASS}
    assert geneva["entity"].nunique() == 1
    assert corpus.tables.mentions.to_pandas()["surface"].str.contains("New START").any()


@pytest.mark.parametrize("name", ["United", "Victory", "Secretary"])
def test_names_carry_no_sentiment(corpus, name):
    hits = [
        hit
        for hits in corpus.tables.sentiment.to_pandas()["hits"]
        for hit in hits
        if hit["word"].lower() == name.lower()
    ]
    assert all(hit["masked"] for hit in hits)


def test_masked_and_unmasked_totals_differ_and_both_are_kept(corpus):
    groups = units.count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by="source",
    )
    totals = sentiment.masking(corpus.tables.sentiment.to_pandas(), groups)
    assert (abs(totals["masked"] - totals["unmasked"]) > 0.01).all()


def test_every_character_is_in_exactly_one_segment(corpus):
    for doc_id in (KREMLIN, TASS):
        rows = of(corpus.tables.segments.to_pandas(), doc_id).sort_values("start")
        assert rows["start"].iloc[0] == 0
        assert rows["end"].iloc[-1] == len(corpus.text(doc_id))
        assert (rows["start"].iloc[1:].to_numpy() == rows["end"].iloc[:-1].to_numpy()).all()
