"""Facts about stories: what is one, what only looks like one, and why."""

from collections import Counter
from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.link.stories.alignment import align, gaps_between, words_of
from workbench.link.stories.near_duplicates import COLUMNS, UnionFind, find_pairs, group_stories
from workbench.link.stories.shingles import COMMON, shared_shingles, shingle_hashes
from workbench.schema import RELATIONS, TABLES

LETTER = (
    "Dear members of the council. Under the Harbour Act I have today approved relief for the town of {town}, "
    "which suffered from {what} on {day}. The relief covers grants for temporary housing, repairs of homes and "
    "low-cost loans for losses that no insurance pays. The harbour office will send {n} inspectors to the town. "
    "Residents can apply at the town hall from Monday to Friday. The office will report to the council "
    "when the last claim is settled, and it thanks all those who helped their neighbours."
)
STORY = (
    "The harbour council of Westhaven voted on Tuesday to close the old grain pier after engineers found cracks "
    "in eleven of its forty pillars.\n\n"
    "Mayor Ilse Brandt said the pier would be fenced off within a week. \"We cannot wait for the next storm,\" "
    "she told the council.\n\n"
    "Two shipping firms that load there, Norrland Bulk and Tern Lines, asked for time until the spring to move "
    "their cranes to the new quay."
)  # fmt: skip
MORE = (
    "\n\nTern Lines said later that it had found a berth in Easthaven for the winter and that none of its ninety "
    "dockers would lose a shift. A union speaker, Per Holm, called that a promise which the firm had yet to sign.\n\n"
    "The repair of the pillars is put at four million, of which the province would pay a half if parliament agrees."
)
BACKGROUND = (
    "The grain pier was built in the years of the great harvest and loaded a third of the province's wheat before "
    "the railway came. It has been repaired four times since, the last time after the flood that also took the "
    "fish market and the customs house."
)


def letter(**slots):
    return LETTER.format(**{"town": "Westhaven", "what": "a flood", "day": "March 4, 2019", "n": 12} | slots)


def corpus(*documents):
    """(doc_id, title, date, text) as texts and a table of documents."""
    rows = [(doc_id, title, date, "Office") for doc_id, title, date, _ in documents]
    frame = pd.DataFrame(rows, columns=["doc_id", "title", "date", "source"])
    return {doc_id: text for doc_id, _, _, text in documents}, frame


def relation(first, second):
    """Relation, stories and reasons of two documents (title, date, text)."""
    texts, documents = corpus(("a", *first), ("b", *second))
    pairs = find_pairs(texts, documents)
    story = group_stories(pairs, documents)
    if pairs.empty:
        return None, story["a"] == story["b"], ""
    (row,) = pairs.itertuples()
    return row.relation, story["a"] == story["b"], row.why


def test_a_form_letter_for_another_town_is_a_template_and_says_which_names_dates_and_numbers_differ():
    other = letter(town="Oldmoor", what="a fire", day="June 21, 2020", n=7)
    found, merged, why = relation(
        ("Relief for Westhaven", "2019-03-09", letter()), ("Relief for Oldmoor", "2020-06-25", other)
    )
    assert (found, merged) == ("template", False)
    for told in ("Westhaven / Oldmoor", "March 4 2019 / June 21 2020", "12 / 7", "474 days apart"):
        assert told in why


def test_form_letters_of_one_day_for_two_events_differ_in_their_dates_alone_and_are_not_merged():
    title = "Relief for Westhaven"
    found, merged, _ = relation(
        (title, "2019-03-20", letter()), (title, "2019-03-20", letter(day="February 11, 2019"))
    )
    assert (found, merged) == ("template", False)


def test_a_form_letter_for_another_town_on_the_same_day_is_known_by_its_title():
    found, merged, _ = relation(
        ("Relief for Westhaven", "2019-03-20", letter()), ("Relief for Oldmoor", "2019-03-20", letter(town="Oldmoor"))
    )  # fmt: skip
    assert (found, merged) == ("template", False)


def test_the_same_condemnation_word_for_word_a_year_later_is_a_form_and_no_copy():
    text = (
        "The ministry strongly condemns the launch. It breaks the resolutions of the council and raises "
        "tensions for nothing. While it did not endanger our people or our allies, it shows that the regime "
        "puts its weapons above the needs of its people. We call on it to come back to the table. Our "
        "officers are in close contact with our partners, and all that is needed for safety will be done."
    )
    early, late = (
        ("Statement on the launch", "2021-05-02", text),
        ("Statement on the launch", "2022-11-17", text),
    )
    assert relation(early, late)[:2] == ("template", False)
    assert relation(early, early)[:2] == ("same text", True)


def test_a_letter_that_names_its_day_and_is_printed_again_a_month_later_is_the_same_text():
    first, again = ("Relief", "2019-03-09", letter()), ("Relief", "2019-04-12", letter())
    assert relation(first, again)[:2] == ("same text", True)


def test_a_corrected_text_is_the_same_text():
    corrected = STORY.replace("forty pillars", "forty-one pillars").replace(
        "voted on Tuesday", "voted Tuesday"
    )
    found, merged, why = relation(
        ("Council closes pier", "2015-12-01", STORY), ("CORRECTED: Council closes pier", "2015-12-01", corrected)
    )  # fmt: skip
    assert (found, merged) == ("same text", True)
    assert "0 days apart" in why


def test_a_story_that_grew_by_the_next_day_is_an_update():
    found, merged, _ = relation(
        ("Council closes pier", "2015-12-01", STORY), ("Pier closed in Westhaven", "2015-12-02", STORY[:-60] + MORE)
    )  # fmt: skip
    assert (found, merged) == ("update", True)


def test_the_same_words_a_year_later_with_more_behind_them_are_no_update():
    _, merged, _ = relation(
        ("Council closes pier", "2015-12-01", STORY), ("Council closes pier", "2016-12-01", STORY[:-60] + MORE)
    )  # fmt: skip
    assert not merged


def test_a_statement_quoted_whole_in_a_digest_is_contained_and_makes_no_story_of_the_digest():
    digest = BACKGROUND + "\n\n" + STORY + "\n\n" + letter() + MORE + "\n\n" + MORE.upper()
    found, merged, _ = relation(
        ("Council closes pier", "2015-12-01", STORY), ("The week", "2015-12-05", digest)
    )
    assert (found, merged) == ("contains", False)


def test_two_stories_with_one_paragraph_of_background_share_a_passage():
    other = (
        "A painter from Easthaven has won the province's art prize with forty pictures of cranes at dusk, chosen by "
        "a jury of nine. She will show them in the old school until May.\n\n" + BACKGROUND
    )
    found, merged, why = relation(
        ("Council closes pier", "2015-12-01", STORY + "\n\n" + BACKGROUND),
        ("Cranes at dusk", "2015-12-01", other),
    )
    assert (found, merged) == ("shared passage", False)
    assert "words in a row" in why


def test_a_letter_about_an_order_is_no_version_of_the_order():
    letter_about = (
        "Dear members. The harbour council of Westhaven voted on Tuesday to close the old grain pier, and so I have "
        "issued an order, which I send to you with this letter as the law on harbours asks. Engineers found cracks in "
        "eleven of its forty pillars. It orders that the pier would be fenced off within a week."
    )
    found, merged, _ = relation(
        ("Order closing the Grain Pier of Westhaven", "2015-12-01", STORY),
        ("Letter to Members on the Order closing the Grain Pier", "2015-12-01", letter_about),
    )
    assert (found, merged) == ("companion", False)


def test_texts_of_other_things_have_no_relation():
    assert relation(("A", "2015-12-01", STORY), ("B", "2015-12-01", letter()))[0] is None


def test_a_download_notice_is_not_taken_for_a_story():
    text = "Read the full letter here. Download the file."
    first, second = (
        ("Update on his health, day 9", "2022-08-02", text),
        ("Update on his health, day 10", "2022-08-03", text),
    )
    assert relation(first, second)[:2] == ("template", False)


def test_a_template_keeps_two_stories_apart_whatever_joins_them():
    documents = pd.DataFrame({"doc_id": list("abc"), "date": ["2015-12-01"] * 3})
    rows = [("a", "b", "same text"), ("b", "c", "same text"), ("a", "c", "template")]
    pairs = pd.DataFrame([(*row, 1.0, 1.0, "") for row in rows], columns=list(COLUMNS))
    story = group_stories(pairs, documents)
    assert story["a"] != story["c"]
    assert story["b"] in (story["a"], story["c"])


def test_a_chain_of_daily_updates_is_cut_after_a_week():
    days = [f"2015-12-{day:02}" for day in range(1, 21)]
    documents = pd.DataFrame({"doc_id": days, "date": days})
    rows = [(a, b, "update", 0.5, 0.5, "") for a, b in pairwise(days)]
    story = group_stories(pd.DataFrame(rows, columns=list(COLUMNS)), documents)
    assert story.nunique() > 1
    assert Counter(story).most_common(1)[0][1] <= 8


def test_a_story_is_named_by_its_first_document_in_time_those_without_a_date_last():
    texts, documents = corpus(
        ("a", "Pier", None, STORY), ("b", "Pier", "2015-12-02", STORY), ("c", "Pier", "2015-12-01", STORY)
    )
    story = group_stories(find_pairs(texts, documents), documents)
    assert dict(story) == {"a": "c", "b": "c", "c": "c"}


def test_the_order_of_the_documents_changes_nothing():
    texts, documents = corpus(
        ("a", "Pier", "2015-12-01", STORY), ("b", "Pier", "2015-12-02", STORY + MORE), ("c", "Relief", None, letter())
    )  # fmt: skip
    first, again = find_pairs(texts, documents), find_pairs(texts, documents[::-1])
    pd.testing.assert_frame_equal(first, again)
    assert set(first["relation"]) <= set(RELATIONS)
    assert list(first.columns) == list(TABLES["pairs"])


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["word"], ["\u2022 \u2014", "\u2022 \u2014"]])
def test_empty_and_tiny_corpora_have_no_pairs(texts):
    bodies, documents = corpus(*((str(at), None, None, text) for at, text in enumerate(texts)))
    pairs = find_pairs(bodies, documents)
    assert pairs.empty
    assert list(pairs.columns) == list(COLUMNS)
    assert list(group_stories(pairs, documents)) == list(bodies)


def test_case_marks_and_typography_make_no_difference():
    plain, other = (
        'He didn\'t say "never" to them',
        "HE DIDN\u2019T\u00a0SAY \u201cnever\u201d to them \u2014",
    )
    assert shingle_hashes(plain).tolist() == shingle_hashes(other).tolist()


def test_a_long_text_is_hashed_piece_by_piece_to_the_same_shingles(monkeypatch):
    text = " ".join(f"word{at % 97} and {at % 31}" for at in range(400))
    whole = shingle_hashes(text).tolist()
    monkeypatch.setattr("workbench.link.stories.shingles.PIECE", 256)
    assert shingle_hashes(text).tolist() == whole


def test_boilerplate_in_many_documents_joins_each_to_its_neighbours_only():
    documents = [shingle_hashes(BACKGROUND + f" ending{at} of its{at} own{at}") for at in range(COMMON + 10)]
    shared = shared_shingles(documents, len(documents))
    assert sorted(zip(shared.first.tolist(), shared.second.tolist(), strict=True)) == [
        (at, at + 1) for at in range(COMMON + 9)
    ]


TEXTS = st.lists(
    st.lists(st.sampled_from("ab ba cc".split()), max_size=14).map(" ".join), min_size=1, max_size=COMMON - 1
)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_shared_shingles_are_those_that_sets_have_in_common(texts):
    documents = [shingle_hashes(text) for text in texts]
    shared = shared_shingles(documents, len(documents))
    found = {(a, b): n for a, b, n in zip(*(column.tolist() for column in shared), strict=True)}
    sets = [set(hashes.tolist()) for hashes in documents]
    pairs = combinations(range(len(sets)), 2)
    assert found == {(a, b): len(sets[a] & sets[b]) for a, b in pairs if sets[a] & sets[b]}


WORDS = st.lists(st.sampled_from("the pier was closed by a vote of nine".split()), max_size=80)


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
def test_runs_hold_the_same_words_rise_in_both_texts_and_leave_the_gaps(a, b):
    runs = align(a, b)
    at_a = at_b = 0
    for run in runs:
        assert run.a >= at_a
        assert run.b >= at_b
        assert a[run.a : run.a + run.length] == b[run.b : run.b + run.length]
        at_a, at_b = run.a + run.length, run.b + run.length
    gaps = list(gaps_between(runs, len(a), len(b)))
    assert sum(run.length for run in runs) + sum(gap.a_end - gap.a for gap in gaps) == len(a)
    assert sum(run.length for run in runs) + sum(gap.b_end - gap.b for gap in gaps) == len(b)


def test_a_text_aligned_with_itself_is_one_run():
    words = words_of(STORY + MORE).folded
    assert [tuple(run) for run in align(words, words)] == [(0, 0, len(words))]


def test_groups_that_are_kept_apart_never_meet():
    groups = UnionFind({name: "2015-12-01" for name in "abcd"})
    groups.keep_apart([("a", "d")])
    assert groups.join("a", "b")
    assert groups.join("c", "d")
    assert not groups.join("b", "c")
    assert [groups.first(name) for name in "abcd"] == ["a", "a", "c", "c"]
