"""Show a document as HTML with its marks, each explained by its rule, entity or confidence.

A mark is a span of the document's text. Chrome is folded and speakers stand in the margin.

Marks differ in shape as well as colour: a hit is boxed, a quotation shaded between corner marks, a name
underlined, a topic under a dashed line with its square, a word of the lexicon with its sign. A mark is
reached with the Tab key; its explanation stands beside it on focus and hover, without any script.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from workbench.analysis.topics import find_topics
from workbench.errors import BadSelection
from workbench.explorer.markup import text
from workbench.schema import BODY_KINDS, plain
from workbench.selection.model import Selection
from workbench.selection.query import parse_query, term_pattern, terms

if TYPE_CHECKING:
    from workbench.corpus import Corpus

CORRECTED = "corrected in metadata.toml"  # how the rule of a segment begins that an analyst corrected
SEARCHED = (*BODY_KINDS, "title")  # where the full-text index looks, and so where hits are marked


class Mark(NamedTuple):
    """A span to mark: its layer (hits, quotes, mentions, topics, sentiment), what it is, and why."""

    start: int
    end: int
    layer: str
    name: str
    why: str


class MarkedDocument(NamedTuple):
    """One document with its labelled pieces and its marks, in text order."""

    doc_id: str
    text: str
    about: dict[str, Any]
    segments: pd.DataFrame
    marks: list[Mark]

    @property
    def hits(self) -> list[Mark]:
        """The hits that next and previous step through, each place once."""
        by_span = {(mark.start, mark.end): mark for mark in reversed(self.marks) if mark.layer == "hits"}
        return sorted(by_span.values(), key=lambda mark: (mark.start, mark.end))


def read_document(
    corpus: Corpus, doc_id: str, selection: Selection, chosen: Collection[str]
) -> MarkedDocument:
    """A document of the corpus, whatever its selection, marked; BadSelection when there is none of that name.

    `chosen` are the entities and topics that the selection means; their places and the words of its query
    are the hits.
    """
    documents = corpus.document_rows("documents", doc_id)
    if not len(documents):
        raise BadSelection(
            corpus.folder, problem=f"no document `{doc_id}` here", hint="choose one of the list"
        )
    text, segments = str(documents["text"].iloc[0]), corpus.document_rows("segments", doc_id)
    topics = find_topics(corpus.document_rows("tokens", doc_id), documents, corpus.settings.topics)
    named = corpus.has_layer("mentions", make=False)
    marks = {
        *_words(text, segments, selection.query),
        *_quotes(corpus.document_rows("quotes", doc_id)),
        *(_mentions(corpus.document_rows("mentions", doc_id), chosen) if named else ()),
        *_topics(topics, chosen),
        *_sentiment(corpus.document_rows("sentiment", doc_id)),
    }
    about = {str(k): None if pd.isna(v) else v for k, v in documents.iloc[0].items() if k != "text"}
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.layer, mark.name, mark.why))
    return MarkedDocument(doc_id, text, about, segments, ordered)


def _words(text: str, segments: pd.DataFrame, query: str) -> Iterator[Mark]:
    """The words of the query, where the search looks for them."""
    flat = plain(text)
    for term in terms(parse_query(query)) if query else []:
        said = " ".join(term.words) + ("*" if term.prefix else "")
        pattern = term_pattern(term)
        for row in segments[segments["kind"].isin(SEARCHED)].to_dict("records"):
            for match in pattern.finditer(flat, int(row["start"]), int(row["end"])):
                yield Mark(match.start(), match.end(), "hits", said, f"a word of the search: {said}")


def _quotes(quotes: pd.DataFrame) -> Iterator[Mark]:
    for row in quotes.to_dict("records"):
        who = row["speaker"] if isinstance(row["speaker"], str) else "unknown"
        cue = f"; reported by “{row['cue']}”" if isinstance(row["cue"], str) else ""
        sure = f"; the speaker of such quotes is right in {row['confidence']:.0%} of cases"
        if isinstance(row["basis"], str):
            sure = f"; {row['basis']}"
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
                why = f"{hit['word']} is not counted here ({hit['rule']}); the sentence scores {row['score']:+.2f}"
                name = "masked"
            else:
                why = f"{hit['word']} {hit['valence']:+.1f} ({hit['rule']}); the sentence scores {row['score']:+.2f}"
                name = "positive" if hit["valence"] > 0 else "negative"
            start = int(hit["start"])
            yield Mark(start, start + len(hit["word"]), "sentiment", name, why.replace("-", "−"))


OPEN_KINDS = (
    *BODY_KINDS,
    "title",
    "insertion",
    "stage",
    "speaker_label",
    "date",
    "place",
    "dateline",
    "byline",
)
QUIET_KINDS = frozenset(OPEN_KINDS) - {*BODY_KINDS, "title"}  # shown, but as what is not counted as text
ORDER = ("quotes", "hits", "mentions", "topics", "sentiment")  # from the outside inwards
SIGNS = {"positive": "+", "negative": "−", "masked": "○"}


class DocumentParts(NamedTuple):
    """The document before the paragraph of the current hit, that paragraph, and what follows.

    `down` are the letters of the paragraph before the hit.
    """

    before: str
    here: str
    after: str
    down: int = 0


def draw_document(page: MarkedDocument, *, hit: int, layers: Collection[str], chrome: bool) -> DocumentParts:
    """The document, cut at the paragraph of its `hit`-th hit, so that this one can be brought into view.

    `layers` are drawn; with `chrome`, folded pieces are open.
    """
    at = page.hits[hit] if page.hits else None
    marks = [mark for mark in page.marks if mark.layer in layers]
    before: list[str] = []
    here: list[str] = []
    after: list[str] = []
    into, speaker, down = before, None, 0
    pieces: list[dict[str, Any]] = page.segments.to_dict("records")  # type: ignore[assignment]
    marked = _by_piece(pieces, marks)
    for body, rows in groupby(pieces, key=lambda row: row["kind"] in OPEN_KINDS):
        listed = list(rows)
        if not body:
            into.append(_folded(page, listed, chrome))
            continue
        for row in listed:
            if not page.text[row["start"] : row["end"]].strip():
                continue
            current = at is not None and row["start"] <= at.start < row["end"]
            if at is not None and current:
                here, into, down = [], after, at.start - row["start"]
            (here if current else into).append(
                _paragraph(page, row, marked[row["start"], row["end"]], at, speaker)
            )
            speaker = row["speaker"] if row["kind"] in BODY_KINDS else speaker
    return DocumentParts("".join(before), "".join(here), "".join(after), down)


def draw_header(page: MarkedDocument) -> str:
    """Title, metadata and address of the document as HTML."""
    about = page.about
    date = f"{about['date'] or 'date unknown'} ({about['date_basis']})"
    facts = [
        about["source"] or "source unknown",
        date,
        about["place"],
        about["genre"],
        f"{about['words']:,} words",
    ]
    said = " · ".join(text(fact) for fact in facts if fact)
    return (
        f"<h2 class='wbx-doc'>{text(about['title'] or page.doc_id)}</h2><p class='wbx-facts'>{said}</p>"
        f"<p class='wbx-address'>{text(page.doc_id)}</p>"
    )


def legend(page: MarkedDocument, layers: Collection[str]) -> str:
    """How each layer that is drawn looks, with its number of marks."""
    samples = {
        "hits": "<span class='wbx-m wbx-hits'>hit</span>",
        "quotes": "<span class='wbx-m wbx-quotes wbx-first wbx-last'>quotation</span>",
        "mentions": "<span class='wbx-m wbx-mentions'>name</span>",
        "topics": "<span class='wbx-m wbx-topics wbx-last'>topic</span>",
        "sentiment": (
            "<span class='wbx-m wbx-sentiment wbx-positive wbx-last' data-sign='+'>positive</span> "
            "<span class='wbx-m wbx-sentiment wbx-negative wbx-last' data-sign='−'>negative</span> "
            "<span class='wbx-m wbx-sentiment wbx-masked wbx-last' data-sign='○'>left out</span>"
        ),
    }
    counts = {layer: sum(mark.layer == layer for mark in page.marks) for layer in samples}
    counts["hits"] = len(page.hits)
    items = "".join(f"<li>{samples[layer]} {counts[layer]}</li>" for layer in samples if layer in layers)
    return f"<ul class='wbx-legend' aria-label='Legend'>{items}</ul>"


def _folded(page: MarkedDocument, rows: Sequence[dict[str, Any]], opened: bool) -> str:
    """Pieces that are not the text (chrome, captions, footers), under a line that says which."""
    pieces = [(row, page.text[row["start"] : row["end"]].strip()) for row in rows]
    pieces = [(row, said) for row, said in pieces if said]
    if not pieces:
        return ""
    kinds = ", ".join(dict.fromkeys(row["kind"].replace("_", " ") for row, _ in pieces))
    lines = "".join(
        f"<li><span class='wbx-rule'>{text(row['kind'].replace('_', ' '))}: {text(row['rule'])}</span> {text(said)}</li>"
        for row, said in pieces
    )
    n = f"{len(pieces)} piece{'s' if len(pieces) > 1 else ''}"
    return f"<details class='wbx-chrome'{' open' if opened else ''}><summary>{text(kinds)}: {n}, not counted as text</summary><ul>{lines}</ul></details>"


def _by_piece(pieces: Sequence[dict[str, Any]], marks: Sequence[Mark]) -> dict[tuple[int, int], list[Mark]]:
    """The marks that reach into each piece, in their order; `marks` stand in the order of their start.

    One way through both: to ask every mark for every paragraph takes minutes for a book.
    """
    by_piece: dict[tuple[int, int], list[Mark]] = {}
    within: list[Mark] = []
    coming = 0
    for start, end in sorted((row["start"], row["end"]) for row in pieces):
        within = [mark for mark in within if mark.end > start]
        while coming < len(marks) and marks[coming].start < end:
            within += [marks[coming]] if marks[coming].end > start else []
            coming += 1
        by_piece[start, end] = [mark for mark in within if mark.start < end]
    return by_piece


def _paragraph(
    page: MarkedDocument, row: dict[str, Any], marks: Sequence[Mark], at: Mark | None, last: object
) -> str:
    end = row["start"] + len(page.text[row["start"] : row["end"]].rstrip())
    mine = [mark for mark in marks if mark.start < end]
    content = "".join(_atoms(page, row["start"], end, mine, at))
    kind = row["kind"]
    if kind == "title":
        return f"<h3 class='wbx-p wbx-title'>{content}</h3>"
    quiet = f" <span class='wbx-kind'>{text(kind.replace('_', ' '))}</span>" if kind in QUIET_KINDS else ""
    margin = _margin(row, mine, last)
    return f"<div class='wbx-p{' wbx-quietp' if quiet else ''}'><div class='wbx-who'>{margin}</div><p>{content}{quiet}</p></div>"


def _margin(row: dict[str, Any], marks: Sequence[Mark], last: object) -> str:
    """Who speaks: the speaker of a turn where he begins, the speakers of quotations."""
    if isinstance(row["speaker"], str):
        role = f"<span>{text(row['role'])}</span>" if isinstance(row["role"], str) else ""
        basis = f"<span>{text(row['rule'])}</span>" if str(row["rule"]).startswith(CORRECTED) else ""
        return f"<b>{text(row['speaker'])}</b>{role}{basis}" if row["speaker"] != last else ""
    quoted = dict.fromkeys(m.name for m in marks if m.layer == "quotes" and m.start >= row["start"])
    return "".join(f"<span>❝ {text(name)}</span>" for name in list(quoted)[:3])


def _atoms(
    page: MarkedDocument, start: int, end: int, marks: Sequence[Mark], at: Mark | None
) -> Iterator[str]:
    """The text from start to end in pieces with the same marks, each piece in its spans."""
    cuts = sorted({start, end, *(p for m in marks for p in (m.start, m.end) if start < p < end)})
    within: list[Mark] = []
    coming = 0
    for left, right in pairwise(cuts):
        within = [mark for mark in within if mark.end > left]
        while coming < len(marks) and marks[coming].start <= left:
            within += [marks[coming]] if marks[coming].end > left else []
            coming += 1
        mine = sorted(within, key=lambda mark: (ORDER.index(mark.layer), mark.start, -mark.end))
        said = text(page.text[left:right])
        yield _wrapped(said, mine, left, right, start, at) if mine else said


def _wrapped(said: str, marks: Sequence[Mark], left: int, right: int, start: int, at: Mark | None) -> str:
    """A piece in one span with the classes of its marks; the first piece of a mark carries the explanation."""
    classes = [f"wbx-{mark.layer}" for mark in marks]
    classes += [f"wbx-{mark.name}" for mark in marks if mark.layer == "sentiment"]
    shape = [mark for mark in marks if mark.layer in ("quotes", "topics", "sentiment")]
    classes += ["wbx-first"] if any(m.start == left for m in marks if m.layer == "quotes") else []
    classes += ["wbx-last"] if any(mark.end == right for mark in shape) else []
    if at is not None and any(mark.layer == "hits" and mark.start == at.start for mark in marks):
        classes.append("wbx-now")
    signs = "".join(SIGNS[m.name] for m in marks if m.layer == "sentiment" and m.end == right)
    sign = f" data-sign='{signs}'" if signs else ""
    begins = [mark for mark in marks if max(mark.start, start) == left]
    if not begins:
        return f"<span class='wbx-m {' '.join(dict.fromkeys(classes))}'{sign}>{said}</span>"
    why = "".join(f"<span>{text(line)}</span>" for line in dict.fromkeys(mark.why for mark in begins))
    note = f"wbx-{left}-{right}"
    return (
        f"<span class='wbx-m {' '.join(dict.fromkeys(classes))}' tabindex='0' aria-describedby='{note}'{sign}>{said}"
        f"<span class='wbx-note' role='tooltip' id='{note}'>{why}</span></span>"
    )
