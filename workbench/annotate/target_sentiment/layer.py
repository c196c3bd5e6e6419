"""Mentions to the toward table: every name in a sentence, and the pronouns that can only mean one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.annotate.counted_text import sentence_texts
from workbench.annotate.target_sentiment.models import load_model
from workbench.annotate.target_sentiment.pronouns import resolve
from workbench.annotate.target_sentiment.scorer import Reason, Target, TargetSentimentModel
from workbench.schema import Labelled, Mention, arrow_schema
from workbench.settings.target_sentiment import TargetSentimentSettings

if TYPE_CHECKING:
    import pyarrow as pa


class Place(NamedTuple):
    """What is judged: a span in a sentence of a document, and the mention whose entity is meant."""

    sentence: int
    start: int
    end: int
    name_start: int
    name_end: int


def target_sentiment_layer(
    batch: Sequence[tuple[Labelled, Sequence[Mention]]], judging: TargetSentimentSettings
) -> pa.Table:
    """The toward table of documents with their mentions, by the judge of the settings."""
    return target_sentiment_table(
        [one for one, _ in batch], [names for _, names in batch], load_model(judging.judge)
    )


def target_sentiment_table(
    batch: Sequence[Labelled], mentions: Sequence[Sequence[Mention]], judge: TargetSentimentModel
) -> pa.Table:
    """Sentiment toward each name and resolved pronoun that stands in a sentence: a table of the schema.

    Only sentences with one of them are handed to the judge. `start` in the receipt points into the document.
    Insertions and stage marks within a sentence are not read; a name that runs over its sentence is cut.
    """
    import pyarrow as pa

    texts: list[str] = []
    targets: list[Target] = []
    keys: list[tuple[str, Place]] = []
    begins: list[tuple[str, int]] = []
    offset, every = 0, list(sentence_texts(batch))
    for document, own in zip(batch, mentions, strict=True):
        known: dict[int, int] = {}
        for place in places(document, own):
            sentence = document.sentences[place.sentence]
            start, end = max(place.start, sentence.start), min(place.end, sentence.end)
            if start >= end:
                continue
            if place.sentence not in known:
                known[place.sentence] = len(texts)
                texts.append(every[offset + place.sentence])
            targets.append(Target(known[place.sentence], start - sentence.start, end - sentence.start))
            keys.append((document.doc_id, place))
            begins.append((document.text, sentence.start))
        offset += len(document.sentences)
    found = judge(texts, targets) if targets else []
    rows = [
        (doc_id, *place, one.score, one.label, one.confidence, _moved(one.receipt, *begin))
        for (doc_id, place), begin, one in zip(keys, begins, found, strict=True)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(arrow_schema("toward"))
    arrays = [
        pa.array(list(values), field.type)
        for values, field in zip(columns, arrow_schema("toward"), strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=arrow_schema("toward"))


def places(document: Labelled, mentions: Sequence[Mention]) -> Iterator[Place]:
    """The names and resolved pronouns in the sentences of a document, in text order."""
    names = [Place(m.sentence, m.start, m.end, m.start, m.end) for m in mentions if m.sentence is not None]
    meant = [
        Place(p.sentence, p.start, p.end, p.means.start, p.means.end) for p in resolve(document, mentions)
    ]
    taken = {(place.start, place.end) for place in names}
    yield from sorted([*names, *(place for place in meant if (place.start, place.end) not in taken)],
                      key=lambda place: (place.start, place.end))  # fmt: skip


def _moved(receipt: Sequence[Reason], text: str, begin: int) -> list[dict[str, object]]:
    """The receipt with its places in the document, each word as the document writes it."""
    rows = []
    for reason in receipt:
        start = reason.start + begin
        word = text[start : start + len(reason.word)]
        rows.append(reason._replace(word=word, start=start, weight=round(reason.weight, 4))._asdict())
    return rows
