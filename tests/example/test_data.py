"""The data files of the example: a thing brings its own topic and no other, a clause none, and tones are what they say."""

import random
import re

import pytest
from support.analysis_texts import corpus

from workbench.analysis.topics import find_topics
from workbench.annotate.sentiment.vader import score_texts
from workbench.example.effects import TONE, Effects
from workbench.example.passage import choose
from workbench.example.plan import make_plan
from workbench.example.prose import Writer
from workbench.example.world import invent_world, read_data
from workbench.settings import load_settings

DRAWS = 6  # of each template


@pytest.fixture(scope="module")
def writer():
    world = invent_world(1, shared_surname=True)
    page = make_plan(world, Effects(), 40, 1).pages[0]
    topics = (world.topics[0], world.topics[1])
    return Writer(
        world, page, random.Random(1), world.countries[0], ("“", "”"), topics, neighbours=world.countries[1:3]
    )


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory):
    return load_settings(tmp_path_factory.mktemp("settings")).topics


def topics_of(texts, dictionary):
    """The topics of each text, by the product's own dictionary and rules."""
    tables = corpus({name: (text + ".", None, "author", None) for name, text in texts.items()})
    hits = find_topics(tables.tokens, tables.documents, dictionary)
    return {name: set(hits[hits["doc_id"] == name]["topic"]) for name in texts}


@pytest.mark.parametrize("kind", ["things", "facts", "claims"])
def test_what_is_written_of_a_topic_has_a_word_of_it_and_of_no_other(kind, writer, dictionary):
    texts = {
        f"{topic}/{number}/{draw}": writer.fill(template).text.rstrip(".")
        for topic, entry in read_data("topics").items()
        for number, template in enumerate(entry[kind])
        for draw in range(DRAWS)
    }
    wrong = {
        (name, texts[name]): found
        for name, found in topics_of(texts, dictionary).items()
        if found != {name.split("/")[0]}
    }
    assert wrong == {}


def test_clauses_and_attributions_have_no_word_of_a_topic(dictionary):
    rng = random.Random(1)
    templates = [t for name in ("clauses", "words") for t in strings(read_data(name))]
    texts = {str(n): re.sub(r"\{\w+\}", "x", choose(t, rng)) for n, t in enumerate(templates) if t}
    wrong = {texts[name]: found for name, found in topics_of(texts, dictionary).items() if found}
    assert wrong == {}


def strings(value):
    if isinstance(value, str):
        return [value]
    values = value.values() if hasattr(value, "values") else value
    return [text for part in values for text in strings(part)]


@pytest.mark.parametrize("voice", ["spoken", "reported", "narrated"])
def test_clauses_of_a_tone_have_that_tone_for_vader(voice):
    rng = random.Random(1)
    means = {}
    for tone, templates in read_data("clauses")[voice].items():
        texts = [re.sub(r"\{\w+\}", "x", choose(t, rng)) for t in templates for _ in range(DRAWS)]
        scores = [float(score) for score in score_texts(texts).compound]
        sign = {"positive": 1, "neutral": 0, "negative": -1}[tone]
        agree = [s for s in scores if (s >= 0.05) - (s <= -0.05) == sign]
        assert len(agree) > 0.9 * len(scores), (
            tone,
            [t for t, s in zip(texts, scores, strict=True) if s not in agree],
        )
        means[tone] = sum(scores) / len(scores)
    assert means["positive"] - means["negative"] == pytest.approx(2 * TONE, abs=0.3)


def test_lists_are_long_enough_that_no_rule_can_lean_on_one_form():
    clauses, words = read_data("clauses"), read_data("words")
    assert all(len(templates) >= 14 for templates in clauses["spoken"].values())
    assert len(words["direct"]["any"]) + len(words["direct"]["name"]) >= 12
    assert len(read_data("pages")["site"]) >= 6
