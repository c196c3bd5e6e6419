import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import cooccurrence, entities, frequency, keyness, quality, sentiment, topics, voices
from workbench.analysis.units import count_units
from workbench.display import (
    draw_comparison,
    draw_entity_rates,
    draw_keyness,
    draw_keyness_words,
    draw_masking,
    draw_network,
    draw_segment_shares,
    draw_sentiment_by,
    draw_sentiment_ends,
    draw_speakers,
    draw_topic_rates,
    draw_voices,
    draw_word_rates,
    fix_colours,
)
from workbench.display.palette import FURTHER, OKABE_ITO, OTHER, colour_of, in_one_figure, shape_of
from workbench.display.plots import keyness as figures_of_keyness
from workbench.display.plots.dot_plot import Dot, Row, draw_dots
from workbench.display.plots.network import TALL, layout, separate_boxes
from workbench.settings.topics import Topics

TOPICS = Topics({"cooperation": ("cooperat*",), "US": ("=US",), "sport": ("football",)})
NAMES = ["US", "Anna Berg"]


@pytest.fixture(scope="module")
def drawn():  # type: ignore[no-untyped-def]
    """Every figure of the house, drawn from two texts."""
    c = corpus()
    u = count_units(c.sentences, c.tokens, c.documents)
    key = keyness.keyness(frequency.term_counts(c.tokens, u), u)
    hits = topics.find_topics(c.tokens, c.documents, TOPICS)
    return {
        "topics": draw_topic_rates(topics.topic_rates(hits, u, TOPICS), caption="All texts."),
        "words": draw_word_rates(frequency.word_rates(c.tokens, c.documents, u, ["=US"])),
        "keyness": draw_keyness(key), "keyness words": draw_keyness_words(key),
        "sentiment": draw_sentiment_by(sentiment.sentiment_by(c.sentiment, u)),
        "masking": draw_masking(sentiment.masking(c.sentiment, u)),
        "ends": draw_sentiment_ends(sentiment.sentiment_ends(c.sentiment, u)),
        "entities": draw_entity_rates(entities.entity_rates(c.mentions, u)),
        "comparison": draw_comparison(entities.compare(c.mentions, c.quotes, c.sentiment, u, NAMES)),
        "network": draw_network(cooccurrence.comentions(c.mentions, u)),
        "voices": draw_voices(voices.voice_shares(u)), "speakers": draw_speakers(voices.speaker_shares(u)),
        "segments": draw_segment_shares(quality.segment_shares(c.segments, c.documents)),
    }  # fmt: skip


def test_every_figure_is_well_formed_and_says_in_words_what_it_shows(drawn) -> None:  # type: ignore[no-untyped-def]
    for name, figure in drawn.items():
        root = ElementTree.fromstring(figure.svg)
        assert root.get("role") == "img", name
        assert len(root.get("aria-label") or "") > 20, name
        assert len(figure.caption) > 40, name
        assert len(figure.table.frame), name


def test_text_is_text_and_takes_the_colours_of_the_page(drawn) -> None:  # type: ignore[no-untyped-def]
    for name, figure in drawn.items():
        assert "<text" in figure.svg, name
        assert "currentColor" in figure.svg, name
        assert "#010203" not in figure.svg, name
        assert "font-family" not in figure.svg, name


def test_no_figure_carries_a_style_sheet_a_script_or_an_address(drawn) -> None:  # type: ignore[no-untyped-def]
    for name, figure in drawn.items():
        assert not re.search(r"<style|<script|<metadata|\son\w+=", figure.svg), name
        assert not re.search(r"https?://(?!www\.w3\.org/)", figure.svg), name


def test_a_source_with_markup_in_its_name_is_text_in_every_figure(drawn) -> None:  # type: ignore[no-untyped-def]
    for name, figure in drawn.items():
        assert "<b>" not in figure.html(), name
    assert "Court &lt;b&gt;" in drawn["topics"].html()


def test_ids_of_two_figures_never_meet(drawn) -> None:  # type: ignore[no-untyped-def]
    seen: set[str] = set()
    for name, figure in drawn.items():
        ids = set(re.findall(r'\bid="([^"]+)"', figure.svg))
        assert ids.isdisjoint(seen), name
        seen |= ids


def test_every_reference_inside_a_figure_has_its_target(drawn) -> None:  # type: ignore[no-untyped-def]
    for name, figure in drawn.items():
        ids = set(re.findall(r'\bid="([^"]+)"', figure.svg))
        assert set(re.findall(r'(?:url\(#|href="#)([^)"]+)', figure.svg)) <= ids, name


def test_the_same_table_gives_the_same_drawing_byte_for_byte() -> None:
    c = corpus()
    u = count_units(c.sentences, c.tokens, c.documents)
    table = voices.voice_shares(u)
    assert draw_voices(table).svg == draw_voices(table).svg


def test_captions_carry_the_denominators_and_the_selection(drawn) -> None:  # type: ignore[no-untyped-def]
    caption = drawn["topics"].caption
    assert caption.endswith("All texts.")
    assert re.search(r"Wire \d+ words in 1 document", caption)
    assert "95 % intervals" in caption
    assert "Not found at all: sport" in caption


def test_two_texts_are_called_texts_in_the_keyness_caption(drawn) -> None:  # type: ignore[no-untyped-def]
    assert "two sets of texts, not two sources" in drawn["keyness"].caption


def test_too_little_data_is_hollow(drawn) -> None:  # type: ignore[no-untyped-def]
    assert "var(--wb-paper" in drawn["topics"].svg
    assert "Hollow: too little data" in drawn["topics"].caption


def test_a_name_keeps_its_colour_and_ten_have_one() -> None:
    fix_colours([f"source {k}" for k in range(12)])
    assert [colour_of(f"source {k}") for k in range(10)] == [*OKABE_ITO, *FURTHER]
    assert len({(colour_of(f"source {k}"), shape_of(f"source {k}")) for k in range(10)}) == 10
    assert len({shape_of(f"source {k}") for k in range(10)}) == 10
    assert colour_of("source 11") == OTHER
    assert colour_of("source 0") == OKABE_ITO[0]
    fix_colours([])


def test_names_after_the_tenth_have_colours_of_their_own_in_a_figure_with_a_key() -> None:
    fix_colours(f"source {k}" for k in range(12))
    looks = in_one_figure(["source 0", "voice a", "voice b"])
    assert looks["source 0"][0] == OKABE_ITO[0]
    assert len({colour for colour, _ in looks.values()} - {OTHER}) == 3
    rows = [Row("x", [Dot(name, 0.1, 0.0, 0.2, True, "") for name in ("voice a", "voice b")])]
    assert OTHER.lower() not in draw_dots(rows, "mean", "dots").lower()
    fix_colours([])


def test_a_word_of_keyness_is_filled_only_where_its_q_is_small() -> None:
    rows = {"group": "A", "against": "B", "form": ["sure", "unsure"], "n": [90, 0], "n_other": [1, 9], "words": 1000,
            "words_other": 1000, "log_ratio": [6.0, -3.0], "low": [4.0, -9.0], "high": [6.5, 5.0], "g2": [99.0, 2.0],
            "z": 1.0, "q": [0.001, 0.4], "basis": "words", "sufficient": True}  # fmt: skip
    figure = draw_keyness_words(pd.DataFrame(rows))
    assert "Hollow: not beyond chance" in figure.caption
    assert "Hollow" not in draw_keyness_words(pd.DataFrame(rows).head(1)).caption


def test_a_word_of_keyness_far_out_stands_on_the_axis_and_not_beyond_its_arrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans = []
    monkeypatch.setattr(figures_of_keyness, "draw_dots", lambda *_, span: spans.append(span) or "<svg/>")
    rows = {"group": "A", "against": "B", "form": ["fell", "biden"], "n": [105, 0], "n_other": [0, 1100], "words": 1000,
            "words_other": 1000, "log_ratio": [7.8, -9.5], "low": [3.9, -12.0], "high": [12.7, -3.4], "g2": [99.0, 98.0],
            "z": 1.0, "q": 0.001, "basis": "words", "sufficient": True}  # fmt: skip
    draw_keyness_words(pd.DataFrame(rows))
    assert spans[0][0] < -9.5
    assert spans[0][1] < 12.7


def test_rows_that_bear_their_names_are_drawn_alike_where_colours_do_not_suffice() -> None:
    fix_colours(["TASS", "AFP"])
    rows = [Row(f"speaker {k}", [Dot(f"speaker {k}", 0.1, 0.0, 0.2, True, "")]) for k in range(12)]
    many, few = (draw_dots(rows[:n], "mean", "dots", named=True) for n in (12, 3))
    assert OTHER.lower() not in many.lower()
    assert OKABE_ITO[2].lower() not in many.lower()
    assert OKABE_ITO[2].lower() in few.lower()
    fix_colours([])


def test_an_interval_that_leaves_the_axis_says_where_it_ends() -> None:
    rows = [Row("x", [Dot("a", 1.0, 0.5, 2.0, True, "1.0"), Dot("b", 0.1, 0.01, 57.2, True, "0.10 (n 6)")])]
    svg = draw_dots(rows, "rate", "dots")
    assert "0.10 (n 6), up to 57.2" in svg
    assert "up to 2" not in svg
    below = [Row("x", [Dot("a", -0.1, -3.0, 0.2, True, "−0.10")])]
    assert "−0.10, down to −3.0" in draw_dots(below, "mean", "dots", span=(-1.0, 1.0))


def test_the_line_at_zero_is_drawn_beside_the_dots_and_crosses_no_name() -> None:
    """Its strokes lie apart by the height of a name, one for each row."""
    rows = [Row(f"a name that reaches zero {k}", [Dot("a", 0.1, -0.1, 0.2, True, "")]) for k in range(3)]
    svg = draw_dots(rows, "mean", "dots", span=(-1.0, 1.0))
    upright = re.findall(r'd="M ([\d.]+) ([\d.]+) L \1 ([\d.]+) "[^>]*stroke: var\(--wb-quiet', svg)
    strokes = sorted((float(top), float(end)) for _, top, end in upright if float(top))  # a tick starts at 0
    assert len(strokes) == 3
    assert all(below[0] - above[1] > 0.19 * 72 for above, below in pairwise(strokes))


def test_what_is_written_beside_a_dot_left_of_zero_is_not_crossed_by_the_line_at_zero() -> None:
    rows = [Row("", [Dot("a", -0.1, -0.2, -0.05, True, "a long word (1 : 146)")])]
    svg = draw_dots(rows, "mean", "dots", span=(-1.0, 1.0))
    zero = re.search(
        r'd="M ([\d.]+) ([\d.]+) L \1 ([\d.]+) "[^>]*stroke: var\(--wb-quiet[^>]*stroke-linecap: round', svg
    )
    text = re.search(r'<text[^>]*?(?:x="|translate\()([\d.]+)[^>]*>a long word', svg)
    assert zero is not None
    assert text is not None
    assert float(text[1]) > float(zero[1])


def test_tables_without_rows_give_figures_that_say_so() -> None:
    c = corpus()
    u = count_units(c.sentences, c.tokens, c.documents, by="all")
    key = keyness.keyness(frequency.term_counts(c.tokens, u), u)
    assert "one group alone" in draw_keyness(key).caption
    assert draw_network(cooccurrence.comentions(c.mentions.head(0), u)).svg == ""
    none = topics.topic_rates(
        topics.find_topics(c.tokens, c.documents, Topics({"s": ("football",)})),
        u,
        Topics({"s": ("football",)}),
    )
    assert "no hit" in draw_topic_rates(none).alt


def test_a_layout_stays_in_the_unit_square_and_repeats_itself() -> None:
    import numpy as np

    edges = np.array([(0, 1), (1, 2), (3, 4)])
    first = layout(5, edges)
    assert (first == layout(5, edges)).all()
    assert first.min() >= 0
    assert first.max() <= 1


def test_matplotlib_is_loaded_with_the_first_figure_and_not_before() -> None:
    code = "import sys, workbench.display, workbench.display.blocks, workbench.display.readings.rates; print('matplotlib' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "False"
    )


def test_a_figure_needs_no_reference_to_pandas_attributes(drawn) -> None:  # type: ignore[no-untyped-def]
    table = drawn["voices"].table.frame
    bare = pd.DataFrame(table.to_dict("list"))
    assert draw_voices(bare).svg.count("<text") == drawn["voices"].svg.count("<text")


@pytest.mark.parametrize("n", [1, 2, 60])
def test_the_names_of_a_network_never_overlap_and_stay_on_the_page(n: int) -> None:
    draws = np.random.default_rng(n)
    wide = draws.uniform(0.4, 1.8, n)
    at = separate_boxes(np.full((n, 2), 1.0) + draws.normal(0, 0.01, (n, 2)), wide, (4.7, 1.6))
    over = np.column_stack([wide, np.full(n, TALL)])
    over = (over[:, None] + over[None]) / 2 - np.abs(at[:, None] - at[None])
    assert (over > 1e-3).all(-1).sum() == n, "only each with itself"
    assert (at[:, 0] - wide / 2 >= -1e-9).all()
    assert (at[:, 0] + wide / 2 <= 4.7 + 1e-9).all()
    assert (at[:, 1] >= TALL / 2 - 1e-9).all()


def test_a_name_keeps_its_colour_from_one_figure_to_the_next():
    made = corpus()
    u = count_units(made.sentences, made.tokens, made.documents, by="source")
    fix_colours(["Wire", "Court <b>", "Anna Berg", "US"])
    compared = draw_comparison(
        entities.compare(made.mentions, made.quotes, made.sentiment, u, ["US", "Anna Berg"])
    )
    assert {OKABE_ITO[2].lower(), OKABE_ITO[3].lower()} <= set(
        re.findall("#[0-9a-f]{6}", compared.svg.lower())
    )
    assert OKABE_ITO[0].lower() not in compared.svg.lower()
