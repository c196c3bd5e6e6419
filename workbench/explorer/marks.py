"""What is marked in a document, each mark with the words that explain it: rule, receipt, entity, confidence.

A mark is a span of the document's text; nothing here knows HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from workbench.analysis.topics import find_topics
from workbench.errors import BadSelection
from workbench.query import parse_query, term_pattern, terms
from workbench.schema import BODY_KINDS, plain
from workbench.selection import Selection

if TYPE_CHECKING:
    from workbench.corpus import Corpus

SEARCHED = (*BODY_KINDS, "title")  # where the full-text index looks, and so where hits are marked


class Mark(NamedTuple):
    """A span to mark: its layer (hits, quotes, mentions, topics, sentiment), what it is, and why."""

    start: int
    end: int
    layer: str
    name: str
    why: str


class Page(NamedTuple):
    """One document with its labelled pieces and its marks, in text order."""

    doc_id: str
    text: str
    about: dict[str, Any]
    segments: pd.DataFrame
    marks: list[Mark]

    @property
    def hits(self) -> list[Mark]:
        """What next and previous step through: each place once."""
        found = {(mark.start, mark.end): mark for mark in reversed(self.marks) if mark.layer == "hits"}
        return sorted(found.values(), key=lambda mark: (mark.start, mark.end))


def read_page(corpus: Corpus, doc_id: str, selection: Selection, chosen: Collection[str]) -> Page:
    """A document of the corpus, whatever its selection, marked; BadSelection when there is none of that name.

    `chosen` are the entities and topics that the selection means; their places and the words of its query
    are the hits.
    """
    documents = corpus.rows("documents", doc_id)
    if not len(documents):
        raise BadSelection(
            corpus.folder, problem=f"no document `{doc_id}` here", mend="choose one of the list"
        )
    text, segments = str(documents["text"].iloc[0]), corpus.rows("segments", doc_id)
    topics = find_topics(corpus.rows("tokens", doc_id), documents, corpus.settings.topics)
    named = corpus.made("mentions", make=False)
    marks = {
        *_words(text, segments, selection.query),
        *_quotes(corpus.rows("quotes", doc_id)),
        *(_mentions(corpus.rows("mentions", doc_id), chosen) if named else ()),
        *_topics(topics, chosen),
        *_sentiment(corpus.rows("sentiment", doc_id)),
    }
    about = {str(k): None if pd.isna(v) else v for k, v in documents.iloc[0].items() if k != "text"}
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.layer, mark.name, mark.why))
    return Page(doc_id, text, about, segments, ordered)


def _words(text: str, segments: pd.DataFrame, query: str) -> Iterator[Mark]:
    """The words of the query, where the search looks for them."""
    flat = plain(text)
    for term in terms(parse_query(query)) if query else []:
        said = " ".join(term.words) + ("*" if term.prefix else "")
        pattern = term_pattern(term)
        for row in segments[segments["kind"].isin(SEARCHED)].to_dict("records"):
            for found in pattern.finditer(flat, int(row["start"]), int(row["end"])):
                yield Mark(found.start(), found.end(), "hits", said, f"a word of the search: {said}")


def _quotes(quotes: pd.DataFrame) -> Iterator[Mark]:
    for row in quotes.to_dict("records"):
        who = row["speaker"] if isinstance(row["speaker"], str) else "unknown"
        cue = f"; reported by “{row['cue']}”" if isinstance(row["cue"], str) else ""
        sure = f"; the speaker of such quotes is right in {row['confidence']:.0%} of cases"
        yield Mark(
            int(row["start"]), int(row["end"]), "quotes", who, f"{row['kind']} quote of {who}{cue}{sure}"
        )


def _mentions(mentions: pd.DataFrame, chosen: Collection[str]) -> Iterator[Mark]:
    for row in mentions.to_dict("records"):
        if not isinstance(row["entity"], str):
            continue
        beside = f"; beside it: {row['beside']}" if isinstance(row["beside"], str) else ""
        why = f"“{row['surface']}” names {row['entity']} ({row['label']}), in the voice of {row['voice']}{beside}"
        yield Mark(int(row["start"]), int(row["end"]), "mentions", row["entity"], why)
        if row["entity"] in chosen:
            yield Mark(
                int(row["start"]), int(row["end"]), "hits", row["entity"], f"a name of the search: {why}"
            )


def _topics(topics: pd.DataFrame, wanted: Collection[str]) -> Iterator[Mark]:
    for row in topics.to_dict("records"):
        why = f"topic {row['topic']}: found by the pattern {row['pattern']}"
        yield Mark(int(row["start"]), int(row["end"]), "topics", row["topic"], why)
        if row["topic"] in wanted:
            yield Mark(int(row["start"]), int(row["end"]), "hits", row["topic"], why)


def _sentiment(sentiment: pd.DataFrame) -> Iterator[Mark]:
    """The words of the lexicon that made a sentence's score, each with that score."""
    for row in sentiment.to_dict("records"):
        for hit in row["hits"]:
            if hit["masked"]:
                why = f"{hit['word']} counts nothing here ({hit['rule']}); the sentence scores {row['score']:+.2f}"
                name = "masked"
            else:
                why = f"{hit['word']} {hit['valence']:+.1f} ({hit['rule']}); the sentence scores {row['score']:+.2f}"
                name = "positive" if hit["valence"] > 0 else "negative"
            start = int(hit["start"])
            yield Mark(start, start + len(hit["word"]), "sentiment", name, why.replace("-", "−"))
