"""Count and draw each view of a selection with the calls that the notebooks make.

Nothing is counted or drawn here. Each view is a function of the narrowed corpus, and the lines of code
that do the same elsewhere; a test runs those lines and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from workbench import display as show
from workbench.analysis import concordance as lines, entities, sentiment, timeline, topics, units
from workbench.display.evidence import evidence_lists
from workbench.display.readings import rates as words
from workbench.errors import TooLittleData
from workbench.selection.model import Selection
from workbench.selection.query import parse_query, terms

if TYPE_CHECKING:
    from workbench.corpus import Corpus

BY = ("source", "genre", "voice", "speaker", "month", "year", "doc_id")
GROUPED = ("topics", "sentiment", "entities", "timeline")  # views that tell groups apart
LINES = 60  # of a concordance: more are not read on a screen, and every k-th is spread over all texts
WIDTH = 56  # letters on each side of a hit: a line of 900 px holds them at 13 px
# Words that are counted for a figure without asking: about 4 s and 1 GB in the kernel for two million.
MANY = 2_000_000


def concordance(texts: Corpus, by: str) -> list[Any]:
    """Every place of the words of the query, or of the names that are asked for."""
    groups = _groups(texts, by)
    patterns = patterns_of(texts.selection)
    if not patterns:
        raise TooLittleData(
            "concordance",
            problem="no word is asked for",
            hint="write a word or a phrase into the search line",
        )
    kwic = lines.concordance(
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        groups,
        patterns,
        width=WIDTH,
        at_most=LINES,
    )
    return [show.draw_concordance(kwic, caption=texts.caption)]


def topic_view(texts: Corpus, by: str) -> list[Any]:
    """How much each group talks about each topic."""
    groups = _groups(texts, by)
    hits = topics.find_topics(
        texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics
    )
    rates = topics.topic_rates(hits, groups, texts.settings.topics)
    return [
        show.draw_topic_rates(rates, caption=texts.caption),
        show.Reading(words.topic_reading(rates)),
        evidence_lists(rates, hits, groups, texts.tables.documents.to_pandas(), rows=6),
    ]


def sentiment_view(texts: Corpus, by: str) -> list[Any]:
    """The mean score of the sentences of each group."""
    groups = _groups(texts, by)
    scores = sentiment.sentiment_by(texts.tables.sentiment.to_pandas(), groups)
    return [
        show.draw_sentiment_by(scores, caption=texts.caption),
        show.Reading(words.sentiment_reading(scores)),
        evidence_lists(
            scores, texts.tables.sentiment.to_pandas(), groups, texts.tables.documents.to_pandas(), rows=6
        ),
    ]


def entity_view(texts: Corpus, by: str) -> list[Any]:
    """Who and what is mentioned."""
    groups = _groups(texts, by)
    rates = entities.entity_rates(texts.tables.mentions.to_pandas(), groups, top=12)
    return [
        show.draw_entity_rates(rates, caption=texts.caption, top=12),
        show.Reading(words.entity_reading(rates)),
        evidence_lists(
            rates, texts.tables.mentions.to_pandas(), groups, texts.tables.documents.to_pandas(), rows=6
        ),
    ]


def timeline_view(texts: Corpus, by: str) -> list[Any]:
    """The mean score of the sentences of each month."""
    groups = _groups(texts, by)
    series = timeline.mean_series(texts.tables.sentiment.to_pandas(), groups, per="month")
    return [show.draw_series(series, caption=texts.caption)]


VIEW: dict[str, Callable[[Corpus, str], list[Any]]] = {
    "concordance": concordance, "topics": topic_view, "sentiment": sentiment_view, "entities": entity_view,
    "timeline": timeline_view,
}  # fmt: skip


def patterns_of(selection: Selection) -> list[str]:
    """The words of a query as patterns of `topics.toml`; the names asked for where it has none."""
    query = parse_query(selection.query)
    asked = [" ".join(term.words) + ("*" if term.prefix else "") for term in terms(query)]
    return list(dict.fromkeys(asked)) or [*selection.mentions]


_OPEN = "import workbench\n\ntexts = workbench.load({folder!r}, {line!r})\n"
_GROUPS = "groups = units.count_units(texts.tables.sentences.to_pandas(), texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), by={by!r})\n"
_IMPORT = "from workbench import display as show\nfrom workbench.analysis import {names}\n\n"
_CODE = {
    "concordance": (
        "concordance, units",
        "kwic = concordance.concordance(\n"
        f"    texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), groups, {{patterns!r}}, width={WIDTH}, at_most={LINES}\n"
        ")\nshow.draw_concordance(kwic, caption=texts.caption)",
    ),
    "topics": (
        "topics, units",
        "hits = topics.find_topics(texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics)\n"
        "rates = topics.topic_rates(hits, groups, texts.settings.topics)\n"
        "show.draw_topic_rates(rates, caption=texts.caption)",
    ),
    "sentiment": (
        "sentiment, units",
        "scores = sentiment.sentiment_by(texts.tables.sentiment.to_pandas(), groups)\nshow.draw_sentiment_by(scores, caption=texts.caption)",
    ),
    "entities": (
        "entities, units",
        "rates = entities.entity_rates(texts.tables.mentions.to_pandas(), groups, top=12)\n"
        "show.draw_entity_rates(rates, caption=texts.caption, top=12)",
    ),
    "timeline": (
        "timeline, units",
        'series = timeline.mean_series(texts.tables.sentiment.to_pandas(), groups, per="month")\n'
        "show.draw_series(series, caption=texts.caption)",
    ),
}  # fmt: skip


def code(folder: str, selection: Selection, view: str, by: str) -> str:
    """The lines of Python that give what is on the screen, to paste into a notebook."""
    opened = _OPEN.format(folder=folder, line=selection.line())
    if view not in _CODE:
        return f"{opened}texts.tables.documents.to_pandas()\n"
    names, call = _CODE[view]
    body = opened.replace("import workbench\n\n", "import workbench\n" + _IMPORT.format(names=names))
    return f"{body}{_GROUPS.format(by=by)}{call.format(patterns=patterns_of(selection)) if view == 'concordance' else call}\n"


def static(texts: Corpus, shown: Sequence[str], view: str, by: str) -> str:
    """The selection as plain HTML, for an exported notebook, where no widget lives."""
    table = texts.tables.documents.to_pandas()[texts.tables.documents.to_pandas()["doc_id"].isin(shown)]
    listed = show.Table(
        table,
        f"{len(table):,} documents: {texts.caption}",
        columns=("title", "source", "date", "genre", "words"),
    )
    drawn = (
        VIEW[view if view in VIEW and view != "concordance" else "topics"](texts, by) if len(table) else []
    )
    return listed.html() + "".join(part._repr_html_() for part in drawn)


def _groups(texts: Corpus, by: str) -> Any:
    if not len(texts.tables.sentences.to_pandas()):
        raise TooLittleData(
            texts.caption,
            problem="no sentence is inside the selection",
            hint="remove a filter, or widen the dates",
        )
    return units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by=by,
    )
