"""Score the sentiment of each sentence toward each name in it, pronouns resolved to their person.

A pronoun of a person is resolved when, before it in its paragraph (or, where its paragraph names nobody
before it, in the paragraph before), exactly one person is named in the same voice by the same speaker. Two
persons, another voice between, or none: it stays unresolved and is not scored.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.annotate.ner.layer import voice_of
from workbench.annotate.target_sentiment.scorer import (
    Reason,
    SentimentTarget,
    TargetSentimentModel,
    load_model,
)
from workbench.annotate.tokens import sentence_texts
from workbench.languages import default_language
from workbench.schema import Labelled, Mention, arrow_schema, plain
from workbench.settings.target_sentiment import TargetSentimentSettings

if TYPE_CHECKING:
    import pyarrow as pa

_LANGUAGE = default_language()

PERSONS = re.compile(_LANGUAGE.personal_names.person_pronouns, re.IGNORECASE)


class Pronoun(NamedTuple):
    """A pronoun, the sentence it stands in, and the mention it stands for."""

    sentence: int
    start: int
    end: int
    means: Mention


def resolve_pronouns(document: Labelled, mentions: Sequence[Mention]) -> Iterator[Pronoun]:
    """Resolve the pronouns of a document that can mean one named person only, in text order."""
    persons = [m for m in mentions if m.label == "person" and m.sentence is not None]
    if not persons:
        return
    text = plain(document.text)
    starts = [segment.start for segment in document.segments]
    by_segment: dict[int, list[Mention]] = {}
    for mention in persons:
        by_segment.setdefault(bisect_right(starts, mention.start) - 1, []).append(mention)
    earlier = _previous(document)
    for number, sentence in enumerate(document.sentences):
        for match in PERSONS.finditer(text, sentence.start, sentence.end):
            segment = bisect_right(starts, match.start()) - 1
            persons_before = [m for m in by_segment.get(segment, []) if m.end <= match.start()]
            persons_before = persons_before or by_segment.get(earlier.get(segment, -1), [])
            if not persons_before or not _one_person(persons_before):
                continue
            pronoun_voice = voice_of(document, document.segments[segment], number, *match.span())
            same_voice = [m for m in persons_before if (m.voice, m.speaker) == pronoun_voice]
            if same_voice:
                yield Pronoun(number, *match.span(), same_voice[-1])


def _previous(document: Labelled) -> dict[int, int]:
    """For each segment that holds sentences, the one of them before it."""
    spoken = sorted({sentence.segment for sentence in document.sentences})
    return dict(zip(spoken[1:], spoken, strict=False))


def _one_person(mentions: Sequence[Mention]) -> bool:
    """Whether the names may be forms of one: one last word, and no two full names with other first words."""
    forms = [m.surface.casefold().split() for m in mentions]
    return len({form[-1] for form in forms}) == 1 and len({form[0] for form in forms if len(form) > 1}) <= 1


# ---------------------------------------------------------------- mentions to the toward table: every name in a sentence, and the pronouns that can only mean one


class MentionPosition(NamedTuple):
    """What is judged: a span in a sentence of a document, and the mention whose entity is meant."""

    sentence: int
    start: int
    end: int
    name_start: int
    name_end: int


def target_sentiment_layer(
    batch: Sequence[tuple[Labelled, Sequence[Mention]]], settings: TargetSentimentSettings
) -> pa.Table:
    """Score target sentiment for documents with their mentions, by the model of the settings."""
    return target_sentiment_table(
        [document for document, _ in batch], [names for _, names in batch], load_model(settings.judge)
    )


def target_sentiment_table(
    batch: Sequence[Labelled], mentions: Sequence[Sequence[Mention]], model: TargetSentimentModel
) -> pa.Table:
    """Sentiment toward each name and resolved pronoun that stands in a sentence: a table of the schema.

    Only sentences with one of them are handed to the `model`. `start` in the receipt points into the document.
    Insertions and stage marks within a sentence are not read; a name that runs over its sentence is cut.
    """
    import pyarrow as pa

    texts: list[str] = []
    targets: list[SentimentTarget] = []
    keys: list[tuple[str, MentionPosition]] = []
    sentence_starts: list[tuple[str, int]] = []
    offset, sentence_text = 0, list(sentence_texts(batch))
    for document, document_mentions in zip(batch, mentions, strict=True):
        text_numbers: dict[int, int] = {}
        for position in mention_positions(document, document_mentions):
            sentence = document.sentences[position.sentence]
            start, end = max(position.start, sentence.start), min(position.end, sentence.end)
            if start >= end:
                continue
            if position.sentence not in text_numbers:
                text_numbers[position.sentence] = len(texts)
                texts.append(sentence_text[offset + position.sentence])
            targets.append(
                SentimentTarget(text_numbers[position.sentence], start - sentence.start, end - sentence.start)
            )
            keys.append((document.doc_id, position))
            sentence_starts.append((document.text, sentence.start))
        offset += len(document.sentences)
    scores = model(texts, targets) if targets else []
    rows = [
        (
            doc_id,
            *position,
            score.score,
            score.label,
            score.confidence,
            _moved(score.receipt, *sentence_start),
        )
        for (doc_id, position), sentence_start, score in zip(keys, sentence_starts, scores, strict=True)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(arrow_schema("toward"))
    arrays = [
        pa.array(list(values), field.type)
        for values, field in zip(columns, arrow_schema("toward"), strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=arrow_schema("toward"))


def mention_positions(document: Labelled, mentions: Sequence[Mention]) -> Iterator[MentionPosition]:
    """The names and resolved pronouns in the sentences of a document, in text order."""
    names = [
        MentionPosition(m.sentence, m.start, m.end, m.start, m.end)
        for m in mentions
        if m.sentence is not None
    ]
    pronouns = [
        MentionPosition(p.sentence, p.start, p.end, p.means.start, p.means.end)
        for p in resolve_pronouns(document, mentions)
    ]
    name_spans = {(position.start, position.end) for position in names}
    yield from sorted([*names, *(position for position in pronouns if (position.start, position.end) not in name_spans)],
                      key=lambda position: (position.start, position.end))  # fmt: skip


def _moved(receipt: Sequence[Reason], text: str, begin: int) -> list[dict[str, object]]:
    """The receipt with its places in the document, each word as the document writes it."""
    rows = []
    for reason in receipt:
        start = reason.start + begin
        word = text[start : start + len(reason.word)]
        rows.append(reason._replace(word=word, start=start, weight=round(reason.weight, 4))._asdict())
    return rows
