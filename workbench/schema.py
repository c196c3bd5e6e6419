"""The tables that the packages hand each other, their columns, what each column means.

One coordinate system holds everywhere: `Document.text` is the document as extracted, and every
`start`/`end` is a half-open range of code points in it. Packages hand each other rows of the tables
below (named tuples, without `doc_id`) or DataFrames with the same column names (with it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 9  # of the tables; a store written under another number is rebuilt

# ---------------------------------------------------------------- closed vocabularies
SEGMENT_KINDS = (
    "title", "standfirst", "byline", "date", "place", "dateline", "caption", "credit", "chrome",
    "separator", "stage", "insertion", "turn", "speaker_label", "paragraph", "related", "footer",
)  # fmt: skip
BODY_KINDS = ("standfirst", "turn", "paragraph")
VOICES = ("author", "turn", "quote", "indirect")
QUOTE_KINDS = ("direct", "partial", "indirect")
CUE_CLASSES = ("neutral", "claim", "demand", "denial")
GENRES = ("transcript", "article", "release", "statement", "other")
ENTITY_LABELS = ("person", "office", "body", "place", "agreement", "event", "other")
RELATIONS = ("same text", "update", "contains", "shared passage", "template", "companion", "translation")
DATE_ROLES = ("issued", "updated", "debated", "effective", "deadline", "declassification")

UNKNOWN = "unknown"  # a speaker, source or place that nobody could tell; never an empty guess

# ---------------------------------------------------------------- what the packages hand each other


@dataclass(frozen=True, slots=True)
class Document:
    """What `read` makes of a file: its text and what its container states about it.

    `known` holds only what the file itself says outside its text (front matter, HTML metadata, mail
    headers, `metadata.toml`): keys among title, date, source, url, author, place, language, genre.
    `repairs` says in words what was mended while decoding. `hints` maps a line number of `text`
    (from 0) to what its container knew of it ("heading", "link", "bold", "cell", …).
    `attributes` holds the cells of columns that are none of those of `documents`, by the name of the column.
    """

    doc_id: str
    path: str
    text: str
    sha256: str
    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repairs: tuple[str, ...] = ()
    hints: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Meta(NamedTuple):
    """The columns of `documents` that `label` finds; None where nothing is known."""

    source: str | None
    title: str | None
    date: str | None
    date_precision: str
    date_basis: str
    place: str | None
    genre: str
    language: str
    url: str | None


class Segment(NamedTuple):
    """A labelled span. The segments of a document tile its text from 0 to len(text).

    `confidence` (0 to 1) says how sure it is that the span is text of the story, or that it is none, where the
    chain over the lines of the page judged it; None where a rule decided by itself.
    """

    start: int
    end: int
    kind: str
    speaker: str | None
    role: str | None
    rule: str
    confidence: float | None = None


class Quote(NamedTuple):
    """Reported speech. `start:end` is the content with its quotation marks, when it has any."""

    start: int
    end: int
    kind: str
    speaker: str | None
    speaker_start: int | None
    speaker_end: int | None
    cue: str | None
    cue_class: str | None
    confidence: float
    basis: str | None = None


class Sentence(NamedTuple):
    """A sentence of body text; `segment` is the number of the segment it begins in."""

    segment: int
    start: int
    end: int
    voice: str
    speaker: str | None


class Mention(NamedTuple):
    """A name in the text; `sentence` is the number of the sentence it stands in, if any.

    `beside` keeps what the text puts directly beside the name and is no part of it, since `link` sees
    no text: "US Secretary of State" before "John Kerry", the long form before "(OSCE)".
    """

    sentence: int | None
    start: int
    end: int
    surface: str
    label: str
    entity: str | None
    voice: str
    speaker: str | None
    beside: str | None = None


class Problem(NamedTuple):
    """What was refused or is doubtful, with its hint."""

    path: str
    problem: str
    hint: str
    severity: str


class Labelled(NamedTuple):
    """A document on its way to `annotate`: its text with everything `label` found, and its sentences."""

    doc_id: str
    text: str
    meta: Meta
    segments: list[Segment]
    quotes: list[Quote]
    sentences: list[Sentence]


# ---------------------------------------------------------------- the tables


class Column(NamedTuple):
    """A column: its type, one of those that `arrow_schema` knows, and its meaning in one line."""

    type: str
    meaning: str


_SPAN = {
    "start": Column("int", "first code point in documents.text"),
    "end": Column("int", "one past the last code point"),
}
_DOC = {"doc_id": Column("string", "path below the corpus folder, with #n inside a container")}

TABLES: dict[str, dict[str, Column]] = {
    "documents": _DOC
    | {
        "path": Column("string", "file below the corpus folder"),
        "source": Column("string", "publisher or office that issued the text; null when unknown"),
        "title": Column("string", "headline; null when the text has none"),
        "date": Column("string", "ISO 8601, as long as its precision: 2015-12-11, 2015-12, 2015, --12-11; null when unknown"),
        "date_precision": Column("string", "day, month, year, month-day or none"),
        "date_basis": Column("string", "words that say how the date is known, and its rivals"),
        "place": Column("string", "where it was issued or held"),
        "genre": Column("string", "transcript, article, release, statement or other"),
        "language": Column("string", "ISO 639-1 code; und when it cannot be told"),
        "url": Column("string", "address the page was saved from"),
        "words": Column("int", "words of body text (standfirst, turns, paragraphs)"),
        "text": Column("string", "the document as extracted; all spans point into it"),
        "sha256": Column("string", "of the file's bytes"),
        "story": Column("string", "doc_id of the first document of its near-duplicate group"),
        "added": Column("string", "UTC time of the build that took this content in"),
    },
    "dates": _DOC
    | {
        "role": Column("string", "one of DATE_ROLES; today every date is the one of issue, as in documents"),
        "date": Column("string", "ISO 8601, as long as its precision"),
        "precision": Column("string", "day, month, year or month-day"),
        "basis": Column("string", "words that say how the date is known, and its rivals"),
        "start": Column("int", "where the text states it; null where that is not known"),
        "end": Column("int", "one past its last code point; null where that is not known"),
    },
    "attributes": _DOC
    | {
        "name": Column("string", "name of a column that an analyst's table has beside those of documents"),
        "value": Column("string", "what it says of the document, on one line"),
    },
    "segments": _DOC
    | {"segment": Column("int", "number within the document, from 0")}
    | _SPAN
    | {
        "kind": Column("string", "one of SEGMENT_KINDS"),
        "speaker": Column("string", "who says it, for turns and their labels"),
        "role": Column("string", "office as the document states it"),
        "rule": Column("string", "the rule that said so"),
        "confidence": Column(
            "float", "how surely it is text of the story, or none, 0 to 1; null where a rule decided by itself"
        ),
    },
    "quotes": _DOC
    | {"quote": Column("int", "number within the document, from 0")}
    | _SPAN
    | {
        "kind": Column("string", "direct, partial or indirect"),
        "speaker": Column("string", "who is quoted; unknown when it cannot be told"),
        "speaker_start": Column("int", "where the speaker is named"),
        "speaker_end": Column("int", "end of that name"),
        "cue": Column("string", "the word that reports: said, demanded, according to"),
        "cue_class": Column("string", "neutral, claim, demand or denial"),
        "confidence": Column("float", "share of quotes of this rule whose speaker is right, 0 to 1; 1 where it was corrected"),
        "basis": Column("string", "corrected in metadata.toml, and the reason; null where a rule decided"),
    },
    "sentences": _DOC
    | {
        "sentence": Column("int", "number within the document, from 0"),
        "segment": Column("int", "segment it begins in"),
    }
    | _SPAN
    | {
        "voice": Column("string", "author, turn, quote or indirect: whose words fill most of it"),
        "speaker": Column("string", "who speaks, where voice is not author"),
    },
    "tokens": _DOC
    | {"sentence": Column("int", "sentence it stands in")}
    | _SPAN
    | {
        "form": Column("string", "folded form: straight quotes, lower case"),
        "word": Column("bool", "a word or number rather than a mark"),
    },
    "mentions": _DOC
    | {"sentence": Column("int", "sentence it stands in; null in titles and captions")}
    | _SPAN
    | {
        "surface": Column("string", "as written"),
        "label": Column("string", "one of ENTITY_LABELS"),
        "entity": Column("string", "name of the entity in the entities table"),
        "voice": Column("string", "whose words the name stands in; author for an editor's insertion"),
        "speaker": Column("string", "who says the name, where voice is not author"),
        "beside": Column("string", "office or courtesy title cut off the name, or the long form it is short for"),
    },
    "entities": {
        "entity": Column("string", "key and display name; a second bearer of a name gets (2)"),
        "name": Column("string", "fullest name form seen"),
        "label": Column("string", "one of ENTITY_LABELS"),
        "aliases": Column("strings", "every name form seen, most frequent first"),
        "n": Column("int", "mentions in the corpus"),
    },
    "name_forms": {
        "entity": Column("string", "name of the entity in the entities table"),
        "form": Column("string", "the name as written"),
        "language": Column("string", "language of the documents that write it so"),
        "script": Column("string", "Unicode's word for the script of its letters: Latin, Cyrillic; mixed for several"),
        "n": Column("int", "mentions in that form and language"),
    },
    "sentiment": _DOC
    | {
        "sentence": Column("int", "sentence that was scored"),
        "score": Column("float", "VADER compound, -1 to 1, names, offices and courtesy masked"),
        "positive": Column("float", "VADER share of positive words, masked"),
        "negative": Column("float", "VADER share of negative words, masked"),
        "score_unmasked": Column("float", "VADER compound exactly as NLTK computes it"),
        "score_second": Column("float", "the masked score by the same rules with the words of AFINN-111: a check"),
        "hits": Column("hits", "the receipt: word, start, valence, rule, masked for each lexicon word"),
    },
    "toward": _DOC
    | {"sentence": Column("int", "sentence the mention stands in")}
    | _SPAN
    | {
        "name_start": Column("int", "start of the mention whose entity is judged: its own, or the one a pronoun means"),
        "name_end": Column("int", "end of that mention"),
        "score": Column("float", "chance of positive less chance of negative, -1 to 1"),
        "label": Column("string", "negative, neutral or positive: the likeliest"),
        "confidence": Column("float", "chance of that label, 0 to 1"),
        "receipt": Column("reasons", "word, start, relation, valence, negated, weight of each word that spoke of it"),
    },
    "pairs": {
        "a": Column("string", "doc_id of the earlier of two documents that share text, by date, then doc_id"),
        "b": Column("string", "doc_id of the later one"),
        "relation": Column("string", "one of RELATIONS; same text, update and contains can make a story"),
        "share_a": Column("float", "share of the words of a that stand in b, 0 to 1"),
        "share_b": Column("float", "share of the words of b that stand in a, 0 to 1"),
        "why": Column("string", "what decided, days between, and the names, dates and numbers that differ"),
    },
    "problems": {
        "path": Column("string", "file below the corpus folder"),
        "problem": Column("string", "what is wrong or doubtful"),
        "hint": Column("string", "what to do about it"),
        "severity": Column("string", "refused, doubtful or note"),
    },
}  # fmt: skip

# Where the store holds a table in other columns than the frames show. `store.frames` turns one into the other.
STORED: dict[str, dict[str, Column]] = TABLES | {
    "sentiment": _DOC
    | {
        "sentence": Column("int", "sentence that was scored"),
        "lexicon": Column("string", "words and valences that were used: vader or afinn"),
        "masked": Column("bool", "whether names, offices and courtesy were left out"),
        "score": Column("float", "compound by the rules of VADER, -1 to 1"),
        "positive": Column("float", "share of positive words, with vader masked; else null"),
        "negative": Column("float", "share of negative words, with vader masked; else null"),
        "hits": Column("hits", "the receipt, with vader masked; else null"),
    }
}


def arrow_schema(table: str, tables: Mapping[str, Mapping[str, Column]] = TABLES) -> pa.Schema:
    """Arrow schema of a table as frames show it, or of one of `tables`; `hits` and `reasons` are lists of structs."""
    import pyarrow as pa

    hit = pa.struct(
        [("word", pa.string()), ("start", pa.int32()), ("valence", pa.float64()),
         ("rule", pa.string()), ("masked", pa.bool_())]
    )  # fmt: skip
    reason = pa.struct(
        [("word", pa.string()), ("start", pa.int32()), ("relation", pa.string()),
         ("valence", pa.float64()), ("negated", pa.bool_()), ("weight", pa.float64())]
    )  # fmt: skip
    types = {
        "string": pa.string(), "int": pa.int32(), "float": pa.float64(), "bool": pa.bool_(),
        "strings": pa.list_(pa.string()), "hits": pa.list_(hit),
        "reasons": pa.list_(reason),
    }  # fmt: skip
    return pa.schema([(name, types[column.type]) for name, column in tables[table].items()])


# ---------------------------------------------------------------- the analysis copy of a text

# One for one, so that offsets stay valid. Without it VADER loses "don’t" (+0.66 for -0.54 in
# "I don’t like it, it isn’t good"), and phrases miss "Secretary of\u00a0State".
_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b\x0c\x85\u2028\u2029", " ")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", " ")
)  # fmt: skip
_ODD = frozenset(map(chr, _PLAIN))


def plain(text: str) -> str:
    """Copy of `text` of equal length for analysis: odd spaces, quotes, apostrophes, dashes made plain.

    Line feeds stay. Use it to match and to count; cut what is shown from the text itself.
    """
    if text.isascii() and "\t" not in text and "`" not in text and "\x0b" not in text and "\x0c" not in text:
        return text
    for odd in _ODD if len(text) > SHORT else _ODD.intersection(text):
        text = text.replace(odd, _PLAIN[ord(odd)])
    return text


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Copy of `text` of equal length to be shown: what would steer a terminal or turn the reading direction is `\\ufffd`.

    Tabs and line feeds stay. A name such as `a\\u202etxt.exe` would else be read as another one.
    """
    return _STEERING.sub("\ufffd", text)


# Characters up to which it is faster to look which odd characters occur; in a longer text it is faster to let
# str.replace look for all 45 of them. Measured: 70 characters 2 µs either way, 12,000 characters 420 and 46 µs.
SHORT = 70
