"""The explorer counts nothing itself: each table on the screen is that of the same call made on the analysis room."""

import re

import numpy as np
import pytest
from support.explorer_texts import explorer_corpus

from workbench import display as show
from workbench.analysis import concordance, entities, sentiment, timeline, topics, units
from workbench.explorer.app import Explorer
from workbench.explorer.debounce import Debouncer
from workbench.explorer.state import State
from workbench.explorer.views import LINES, VIEW, WIDTH
from workbench.project import find_project
from workbench.selection.model import Selection


def concordance_of(texts, groups):
    found = concordance.concordance(
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        groups,
        ["oslo", "treaty"],
        width=WIDTH,
        at_most=LINES,
    )
    return show.draw_concordance(found, caption=texts.caption)


def topics_of(texts, groups):
    hits = topics.find_topics(
        texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics
    )
    return show.draw_topic_rates(
        topics.topic_rates(hits, groups, texts.settings.topics), caption=texts.caption
    )


DIRECT = {
    "concordance": concordance_of,
    "topics": topics_of,
    "sentiment": lambda texts, groups: show.draw_sentiment_by(
        sentiment.sentiment_by(texts.tables.sentiment.to_pandas(), groups), caption=texts.caption
    ),
    "entities": lambda texts, groups: show.draw_entity_rates(
        entities.entity_rates(texts.tables.mentions.to_pandas(), groups, top=12),
        caption=texts.caption,
        top=12,
    ),
    "timeline": lambda texts, groups: show.draw_series(
        timeline.mean_series(texts.tables.sentiment.to_pandas(), groups, per="month"), caption=texts.caption
    ),
}


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        yield Explorer(
            explorer_corpus(patch, folder), State(), find_project(), debouncer=Debouncer(live=False)
        )


def test_every_view_that_counts_is_compared():
    assert set(DIRECT) == set(VIEW)


@pytest.mark.parametrize("by", ["source", "voice", "month"])
@pytest.mark.parametrize("line", ["oslo OR treaty", "speaker:Anna,Bo oslo OR treaty"])
@pytest.mark.parametrize("view", list(DIRECT))
def test_what_stands_on_the_screen_is_what_the_direct_call_draws(explorer, view, line, by):
    explorer.go(Selection.parse(line))
    explorer.look(view=view, by=by)
    texts = explorer.corpus.where(line)
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by=by,
    )
    drawn = DIRECT[view](texts, groups)._repr_html_()
    assert "<table>" in drawn
    assert _bare(explorer.figure.drawn.value).startswith(_bare(drawn))


def test_the_sentiment_of_a_document_in_the_list_is_the_mean_of_its_sentences(explorer):
    texts = explorer.corpus
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="doc_id",
    )
    direct = sentiment.sentiment_by(texts.tables.sentiment.to_pandas(), groups).set_index("group")["mean"]
    listed = explorer.index.documents.set_index("doc_id")["tone"]
    known = direct.dropna()
    assert len(known) >= 5
    assert np.allclose(listed[known.index], known, atol=1e-6)


def _bare(html):
    """Without the numbers that a drawing gives its parts anew each time."""
    return re.sub(r"\bm[0-9a-f]{8,}|p[0-9a-f]{8,}", "id", html)
