"""Names in whole documents, with the model."""

from __future__ import annotations

import pytest
from support.names_rows import SETTINGS, document, seeds

from workbench.annotate.ner.layer import find_mentions
from workbench.errors import MissingExtra
from workbench.schema import Mention, Quote, Segment, plain

pytestmark = pytest.mark.model


def names(text: str, label: str = "") -> list[str]:
    return [m.surface for m in find_mentions([document(text)], SETTINGS)[0] if label in ("", m.label)]


@pytest.fixture(scope="module")
def found() -> tuple[list[Mention], list[Mention]]:
    kremlin, tass = find_mentions(seeds(), SETTINGS)
    return kremlin, tass


def forms(found: list[Mention], label: str) -> list[str]:
    return [plain(m.surface) for m in found if m.label == label]


def test_every_mention_can_be_cut_from_its_document_and_none_overlaps(found):
    for doc, mentions in zip(seeds(), found, strict=True):
        ends = [0]
        for m in mentions:
            assert doc.text[m.start : m.end] == m.surface
            assert m.start >= ends[-1]
            ends.append(m.end)


def test_the_kremlin_page_names_its_people_without_their_titles(found):
    people = set(forms(found[0], "person"))
    assert people == {"John Kerry", "Vladimir Putin", "Kerry", "Obama", "Donilon", "Sergei Lavrov"}
    beside = {m.beside for m in found[0] if m.surface == "Obama"}
    assert beside == {"Mr", "President"}


def test_addresses_are_offices_and_never_persons(found):
    assert set(forms(found[0], "office")) == {"Mr Secretary of State", "Mr President"}
    assert forms(found[0], "office").count("Mr President") == 6


def test_the_tass_story_names_the_agency_nowhere_since_it_is_only_a_mark(found):
    assert not [m for m in found[1] if "TASS" in m.surface or "Scherbak" in m.surface]


def test_the_tass_story_names_the_office_alone_once(found):
    assert forms(found[1], "office") == ["US Secretary of State"]


def test_agreements_and_events_of_the_seeds_are_found(found):
    assert forms(found[0], "event") == ["Victory Day"]
    assert forms(found[0], "agreement") == ["Geneva Communique"]
    assert forms(found[1], "agreement") == [
        "Geneva communique", "Treaty on Further Reduction and Limitation of Strategic Offensive Arms", "New START",
    ]  # fmt: skip
    assert next(m for m in found[1] if m.surface == "New START").beside.startswith("Treaty on Further")


def test_the_foreign_ministry_is_a_body_and_the_ministry_alone_is_none(found):
    assert set(forms(found[1], "body")) == {"Russian foreign ministry"}


def test_an_insertion_is_the_authors_word_and_a_turn_the_speakers(found):
    by_form = {plain(m.surface): (m.voice, m.speaker) for m in found[0]}
    assert by_form["Sergei Lavrov"] == ("author", None)
    assert by_form["Donilon"] == ("turn", "Vladimir Putin")
    assert by_form["Boston"] == ("turn", "John Kerry")


def test_a_name_in_a_quote_belongs_to_the_quoted_speaker_and_beside_it_to_the_author():
    text = 'Anna Berg praised Norway. "We trust Karl Lund," she said of Iceland.'
    start, end = text.index('"'), text.rindex('"') + 1
    quote = Quote(start, end, "direct", "Anna Berg", None, None, "said", "neutral", 0.9)
    found = {m.surface: m for m in find_mentions([document(text, quotes=(quote,))], SETTINGS)[0]}
    assert (found["Karl Lund"].voice, found["Karl Lund"].speaker) == ("quote", "Anna Berg")
    assert (found["Norway"].voice, found["Iceland"].voice) == ("author", "author")


def test_batches_change_nothing():
    texts = [
        "Peter Novak met Mr Lindqvist in Oslo.",
        "The OECD said Chile agreed.",
        "Dr. Weiss left Geneva for Iraq. " * 20,
    ]
    alone = [find_mentions([document(text)], SETTINGS)[0] for text in texts]
    assert find_mentions([document(text) for text in texts], SETTINGS) == alone


def test_chrome_credits_and_datelines_are_not_searched():
    text = "Subscribe to Angela Stone\nOSLO, May 3. /TASS/. \nBerlin agreed."
    kinds = [(0, 26, "chrome"), (26, 48, "dateline"), (48, len(text), "paragraph")]
    segments = [Segment(a, b, kind, None, None, "test") for a, b, kind in kinds]
    assert [m.surface for m in find_mentions([document(text, *segments)], SETTINGS)[0]] == ["Berlin"]


def test_a_document_in_another_language_has_no_mentions():
    assert find_mentions([document("Angela Merkel sprach in Berlin.", language="de")], SETTINGS) == [[]]


def test_a_surname_is_found_wherever_a_document_repeats_it():
    text = (
        "Ingrid Solberg-Haas opened the talks.\n\nThen Solberg-Haas left, and nobody asked Solberg-Haas why."
    )
    assert names(text, "person").count("Solberg-Haas") == 2


def test_names_in_hard_wrapped_lines_keep_their_line_feed():
    assert "Foreign\nOffice" in names(
        "The statement of the Foreign\nOffice did not mention the talks with Norway."
    )


def test_white_space_alone_is_no_unit():
    assert find_mentions([document(" \n\n \n"), document("")], SETTINGS) == [[], []]


def test_a_missing_model_is_named_with_its_mend():
    from types import SimpleNamespace

    from workbench.settings.aliases import Aliases

    with pytest.raises(MissingExtra, match="no_such_model") as refused:
        find_mentions([document("Oslo.")], SimpleNamespace(aliases=Aliases(model="no_such_model")))
    assert "pip install no-such-model" in refused.value.hint
