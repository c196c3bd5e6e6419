"""Plan corrections of labels: find what an address means, count what would change, list what is corrected.

    planned = plan_speaker(corpus, "2015/visit.txt:1204-1309", "Anna Berg", reason="the recording")
    print(planned.subject, planned.effect)
    write(corpus, planned)

The effect is counted before anything is written: the document is labelled again from its stored text with the
correction, and compared with the tables. Of a speaker throughout the corpus the tables are counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import BadParameter, did_you_mean
from workbench.label.corrections import (
    SPOKEN,
    WITHOUT_EFFECT,
    basis_of,
    correct_quotes,
    correct_segments,
    corrections_of,
    fold,
    subject_of,
    words_at,
)
from workbench.schema import BODY_KINDS, UNKNOWN, Document, Problem, Quote, Segment
from workbench.settings.label_corrections import LINE_KINDS, VALUES, address_span
from workbench.settings.metadata import FILE, for_parts, merged, read_metadata
from workbench.settings.metadata_editor import EVERYWHERE, remove_correction, write_correction

if TYPE_CHECKING:
    from workbench.corpus import Corpus

COMMAND = "workbench correct"
SAME = 0.5  # share that an address has in common with a quotation, from which it means this rather than the turn around it


# The tables by speaker, of one document or, for "", of all.
_SPEAKERS = """SELECT speaker FROM segments WHERE speaker IS NOT NULL AND (? = '' OR doc_id = ?)
UNION SELECT speaker FROM quotes WHERE speaker IS NOT NULL AND (? = '' OR doc_id = ?)"""
_SPOKEN_BY = """SELECT doc_id, count(*) FILTER (kind = 'speaker_label'), count(*) FROM segments
WHERE list_contains(?, speaker) AND (? = '' OR doc_id = ?) GROUP BY doc_id"""
_QUOTED_FROM = """SELECT doc_id, count(*) FROM quotes
WHERE list_contains(?, speaker) AND (? = '' OR doc_id = ?) GROUP BY doc_id"""
_SENTENCES_OF = """SELECT count(*) FROM sentences
WHERE list_contains(?, speaker) AND (? = '' OR doc_id = ?)"""
_IN_EFFECT = """SELECT (SELECT count(*) FROM segments WHERE rule = ? AND speaker = ?)
+ (SELECT count(*) FROM quotes WHERE basis = ? AND speaker = ?) AS n"""


class CorrectionEffect(NamedTuple):
    """What a correction changes: in how many documents, how many turns, quotations and sentences, and words of body text."""

    documents: int
    passages: int
    turns: int
    quotes: int
    sentences: int
    words: int = 0

    def __str__(self) -> str:
        """One line for a person."""
        counted = [(self.turns, "turn"), (self.quotes, "quotation"), (self.sentences, "sentence")]
        if self.passages and not self.turns:
            counted[0] = (self.passages, "passage")
        parts = [f"{n:,} {noun}{'' if n == 1 else 's'}" for n, noun in counted]
        words = f"; body text {self.words:+,} words".replace("-", "−") if self.words else ""
        where = f" in {self.documents:,} documents" if self.documents > 1 else ""
        return f"changes {', '.join(parts)}{where}{words}"


class PlannedCorrection(NamedTuple):
    """A correction that is not written yet: the entry, what it speaks of in words, and its effect."""

    doc_id: str
    table: str
    key: str
    values: Mapping[str, Any]
    subject: str
    effect: CorrectionEffect


class LabelledPlace(NamedTuple):
    """A turn, quotation or passage of a document that can be corrected."""

    start: int
    end: int
    name: str  # its speaker, or the kind of a passage
    words: str


class _DocumentLabels(NamedTuple):
    doc_id: str
    text: str
    segments: list[Segment]
    quotes: list[Quote]
    sentences: dict[tuple[int, int], tuple[str, str | None]]


def plan_speaker(corpus: Corpus, address: str, speaker: str, reason: str) -> PlannedCorrection:
    """Correct the speaker of the turn or quotation at an address, whichever the address fits better.

    Raises BadParameter where neither stands there, nothing would change or a value is missing.
    """
    labels, start, end = _labels_at(corpus, address)
    quotes = _overlapping(_quote_places(labels), start, end)
    turns = _overlapping(_turn_places(labels), start, end)
    close = [quote for quote in quotes if _share(quote, start, end) >= SAME]
    if close or (quotes and not turns):
        return _plan_quote(corpus, labels, (close or quotes)[0], speaker, reason)
    if not turns:
        raise BadParameter(
            address, problem="neither a turn nor a quotation stands there", hint=_hint_at(labels)
        )
    return _plan_turn(corpus, labels, turns[0], speaker, reason)


def plan_turn(corpus: Corpus, address: str, speaker: str, reason: str) -> PlannedCorrection:
    """Correct the speaker of the turn at an address. Raises BadParameter as `plan_speaker`."""
    labels, start, end = _labels_at(corpus, address)
    turns = _overlapping(_turn_places(labels), start, end)
    if not turns:
        raise BadParameter(address, problem="no turn stands there", hint=_hint_at(labels))
    return _plan_turn(corpus, labels, turns[0], speaker, reason)


def plan_quote(corpus: Corpus, address: str, speaker: str | None, reason: str) -> PlannedCorrection:
    """Correct the speaker of the quotation at an address, or, without a speaker, delete it. Raises BadParameter as `plan_speaker`."""
    labels, start, end = _labels_at(corpus, address)
    quotes = _overlapping(_quote_places(labels), start, end)
    if not quotes:
        raise BadParameter(address, problem="no quotation stands there", hint=_hint_at(labels))
    return _plan_quote(corpus, labels, quotes[0], speaker, reason)


def plan_label(corpus: Corpus, address: str, kind: str, reason: str) -> PlannedCorrection:
    """Correct the kind of the passage at an address. Raises BadParameter as `plan_speaker`, and for an unknown kind."""
    if kind not in LINE_KINDS:
        raise BadParameter(
            f"{COMMAND} label", problem=f"no kind `{kind}`", hint=did_you_mean(kind, LINE_KINDS)
        )
    labels, start, end = _labels_at(corpus, address)
    passages = _overlapping(_passages(labels), start, end)
    if not passages:
        raise BadParameter(
            address, problem="no words stand there", hint=f"write an address up to {len(labels.text)}"
        )
    passage = passages[0]
    values = {"kind": kind, "words": passage.words, "reason": _given("reason", reason)}
    subject = f"the {passage.name} at {labels.doc_id}:{passage.start}-{passage.end}"
    return _planned(corpus, labels, "labels", passage, values, subject)


def plan_rename(
    corpus: Corpus, speaker: str, to: str, reason: str, doc_id: str | None = None
) -> PlannedCorrection:
    """Correct a speaker throughout a document, or without `doc_id` throughout the corpus. Raises BadParameter as `plan_speaker`."""
    values = {"to": _given("speaker", to), "reason": _given("reason", reason)}
    if doc_id is not None:
        corpus.unfiltered().text(doc_id)  # refuses one that is not there
    asked = (doc_id or "", doc_id or "")

    def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return list(corpus.query(sql, *parameters).itertuples(index=False, name=None))

    names = {name for (name,) in rows(_SPEAKERS, *asked, *asked)}
    meant = sorted(name for name in names if fold(name) == fold(speaker))
    if not meant:
        raise BadParameter(speaker, problem="nobody is called so", hint=did_you_mean(speaker, names))
    if meant == [values["to"]]:
        raise BadParameter(speaker, problem="nothing would change", hint="write another name after --to")
    spoken, quoted = (rows(sql, meant, *asked) for sql in (_SPOKEN_BY, _QUOTED_FROM))
    effect = CorrectionEffect(
        documents=len({doc for doc, *_ in (*spoken, *quoted)}),
        passages=sum(passages for *_, passages in spoken),
        turns=sum(max(labels, 1) for _, labels, _ in spoken),
        quotes=sum(n for _, n in quoted),
        sentences=rows(_SENTENCES_OF, meant, *asked)[0][0],
    )
    where = "throughout the corpus" if doc_id is None else f"throughout {doc_id}"
    return PlannedCorrection(
        doc_id or EVERYWHERE, "speakers", meant[0], values, f"{meant[0]} {where}", effect
    )


def write(corpus: Corpus, planned: PlannedCorrection) -> Path:
    """Write a planned correction into `metadata.toml`; returns its path. The next build applies it. Raises BadSettings."""
    return write_correction(corpus.folder, planned.doc_id, planned.table, planned.key, planned.values)


def undo(corpus: Corpus, target: str, doc_id: str | None = None) -> Path:
    """Take a correction out of `metadata.toml`: that at an address, or that of a speaker throughout; returns the path of the file.

    Raises BadSettings where there is none.
    """
    document, _, address = target.rpartition(":")
    if not document or address_span(address) is None:
        return remove_correction(corpus.folder, doc_id or EVERYWHERE, "speakers", target)
    tables = {
        row["table"] for row in listed(corpus) if (row["document"], row["address"]) == (document, address)
    }
    return remove_correction(corpus.folder, document, min(tables, default="turns"), address)


def listed(corpus: Corpus) -> list[dict[str, str]]:
    """Every correction of labels in the `metadata.toml` files of a corpus, as rows with its reason and whether it has an effect."""
    problems = corpus.unfiltered().tables.problems.to_pandas()
    stale = {
        (path, problem.partition(",")[0])
        for path, problem in zip(problems["path"].tolist(), problems["problem"].tolist(), strict=True)
        if problem.endswith(WITHOUT_EFFECT)
    }
    rows: list[dict[str, str]] = []
    for place in sorted(corpus.folder.rglob(FILE)):
        folder = place.parent.relative_to(corpus.folder).as_posix()
        for name, entry in read_metadata(place).entries.items():
            document = name if folder == "." else f"{folder}/{name}"
            for table, corrections in json.loads(entry.get("corrections", "{}")).items():
                for key, values in corrections.items():
                    path, _, part = document.partition("#")
                    subject = f"{part}: {subject_of(table, key)}" if part else subject_of(table, key)
                    everywhere = values.get("everywhere")
                    holds = _in_effect(corpus, values) if everywhere else (path, subject) not in stale
                    value = next((str(values[field]) for field in VALUES[table] if field in values), "")
                    rows.append(
                        {
                            "document": document,
                            "place": place.relative_to(corpus.folder).as_posix(),
                            "table": table,
                            "address": key,
                            "correct": "deleted" if "delete" in values else value,
                            "words": values.get("words", ""),
                            "reason": values["reason"],
                            "effect": "in effect" if holds else WITHOUT_EFFECT,
                        }
                    )
    return rows


def unused_everywhere(corpus: Corpus) -> list[Problem]:
    """A problem for each correction of a speaker in several documents that changes nothing in any of them."""
    return [
        Problem(
            row["place"],
            f'it corrects the speaker "{row["address"]}" of "{row["document"]}", and nobody is called so: {WITHOUT_EFFECT}',
            "write the name as the tables have it, or remove the entry",
            "doubtful",
        )
        for row in listed(corpus)
        if "*" in row["document"] and row["effect"] == WITHOUT_EFFECT
    ]


def places(corpus: Corpus, doc_id: str, table: str) -> list[LabelledPlace]:
    """What can be corrected in a document: its turns, its quotes, or its passages (labels), in the order of the text."""
    find = {"turns": _turn_places, "quotes": _quote_places, "labels": _passages}
    return sorted(find[table](_labels(corpus, doc_id)))


def _in_effect(corpus: Corpus, values: Mapping[str, Any]) -> bool:
    stored = (basis_of(values["reason"]), values["to"])
    return bool(corpus.query(_IN_EFFECT, *stored, *stored)["n"].iloc[0])


def _given(what: str, value: str) -> str:
    if value.strip() in ("", "…"):
        raise BadParameter(
            COMMAND,
            problem=f"no {what} is given",
            hint='add --reason "how you know this"' if what == "reason" else "name who speaks, or unknown",
        )
    return value.strip()


def _labels_at(corpus: Corpus, address: str) -> tuple[_DocumentLabels, int, int]:
    doc_id, _, span = address.rpartition(":")
    bounds = address_span(span)
    if not doc_id or bounds is None:
        raise BadParameter(
            address, problem="it is no address", hint="write document:start-end, such as visit.txt:1204-1309"
        )
    return _labels(corpus, doc_id), *bounds


def _labels(corpus: Corpus, doc_id: str) -> _DocumentLabels:
    text = corpus.unfiltered().text(doc_id)
    sentences = {
        (row["start"], row["end"]): (row["voice"], row["speaker"])
        for row in _rows(corpus, "sentences", doc_id)
    }
    segments = [
        Segment(*(row[name] for name in Segment._fields)) for row in _rows(corpus, "segments", doc_id)
    ]
    quotes = [Quote(*(row[name] for name in Quote._fields)) for row in _rows(corpus, "quotes", doc_id)]
    return _DocumentLabels(doc_id, text, segments, quotes, sentences)


def _rows(corpus: Corpus, table: str, doc_id: str) -> list[dict[str, Any]]:
    frame = corpus.document_rows(table, doc_id).astype(object)
    rows: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows


def _quote_places(labels: _DocumentLabels) -> list[LabelledPlace]:
    return [
        LabelledPlace(one.start, one.end, one.speaker or UNKNOWN, words_at(labels.text, one.start, one.end))
        for one in labels.quotes
    ]


def _turn_places(labels: _DocumentLabels) -> list[LabelledPlace]:
    """The turns of a document, each from its label to its last words."""
    turns: list[list[Segment]] = []
    for segment in labels.segments:
        if segment.kind not in SPOKEN:
            continue
        if segment.kind == "speaker_label" or not turns or turns[-1][-1].speaker != segment.speaker:
            turns.append([])
        turns[-1].append(segment)
    return [_stripped(labels.text, turn[0].start, turn[-1].end, turn[0].speaker or UNKNOWN) for turn in turns]


def _passages(labels: _DocumentLabels) -> list[LabelledPlace]:
    return [
        _stripped(labels.text, one.start, one.end, one.kind)
        for one in labels.segments
        if labels.text[one.start : one.end].strip()
    ]


def _stripped(text: str, start: int, end: int, name: str) -> LabelledPlace:
    passage = text[start:end]
    start += len(passage) - len(passage.lstrip())
    end = start + len(passage.strip())
    return LabelledPlace(start, end, name, words_at(text, start, end))


def _overlapping(places: Sequence[LabelledPlace], start: int, end: int) -> list[LabelledPlace]:
    """The places that an address touches, that with the most in common first."""
    touched = [place for place in places if place.start < end and start < place.end]
    return sorted(touched, key=lambda place: (-_share(place, start, end), place))


def _share(place: LabelledPlace, start: int, end: int) -> float:
    common = min(end, place.end) - max(start, place.start)
    return common / (max(end, place.end) - min(start, place.start))


def _hint_at(labels: _DocumentLabels) -> str:
    """Where a turn and a quotation stand in the document."""
    known = [*_quote_places(labels)[:2], *_turn_places(labels)[:2]]
    if not known:
        return "it has no turn and no quotation; workbench parse shows how it was read"
    return "there are: " + "; ".join(f"{labels.doc_id}:{one.start}-{one.end} ({one.name})" for one in known)


def _plan_turn(
    corpus: Corpus, labels: _DocumentLabels, turn: LabelledPlace, speaker: str, reason: str
) -> PlannedCorrection:
    values = {"speaker": _given("speaker", speaker), "words": turn.words, "reason": _given("reason", reason)}
    subject = f"the turn of {turn.name} at {labels.doc_id}:{turn.start}-{turn.end}"
    return _planned(corpus, labels, "turns", turn, values, subject)


def _plan_quote(
    corpus: Corpus, labels: _DocumentLabels, quote: LabelledPlace, speaker: str | None, reason: str
) -> PlannedCorrection:
    right: dict[str, Any] = {"delete": True} if speaker is None else {"speaker": _given("speaker", speaker)}
    values = {**right, "words": quote.words, "reason": _given("reason", reason)}
    subject = f"the quotation of {quote.name} at {labels.doc_id}:{quote.start}-{quote.end}"
    return _planned(corpus, labels, "quotes", quote, values, subject)


def _planned(
    corpus: Corpus,
    labels: _DocumentLabels,
    table: str,
    place: LabelledPlace,
    values: Mapping[str, Any],
    subject: str,
) -> PlannedCorrection:
    """The correction of a place with its effect. Raises BadParameter where it changes nothing."""
    key = f"{place.start}-{place.end}"
    effect = _effect(corpus, labels, table, key, values)
    if not any(effect[1:]):
        raise BadParameter(
            f"{labels.doc_id}:{key}", problem="nothing would change", hint=f"it is {place.name} already"
        )
    return PlannedCorrection(labels.doc_id, table, key, values, f"{subject}: “{place.words}”", effect)


def _effect(
    corpus: Corpus, labels: _DocumentLabels, table: str, key: str, values: Mapping[str, Any]
) -> CorrectionEffect:
    """Label a document again from its stored labels with one correction more, and count what differs."""
    from workbench.annotate.sentences import split_sentences
    from workbench.label.quotes.quotes import find_quotes
    from workbench.pipeline.process import count_words

    doc_id, text = labels.doc_id, labels.text
    document = Document(doc_id, doc_id, text, "")
    new = {"corrections": json.dumps({table: {key: dict(values)}})}
    segments, _, renamed = correct_segments(document, labels.segments, corrections_of(new))
    if table == "quotes":
        quotes, _ = correct_quotes(document, labels.quotes, corrections_of(new), renamed)
    else:  # who speaks and what is body text decides which quotations are found
        all_corrections = corrections_of(merged(_known(corpus.folder, doc_id), new))
        body = [segment for segment in segments if segment.kind in BODY_KINDS]
        quotes, _ = correct_quotes(document, find_quotes(text, body), all_corrections, renamed)
    sentences = {
        (one.start, one.end): (one.voice, one.speaker) for one in split_sentences(text, segments, quotes)
    }
    passages = {one[:4] for one in segments} - {one[:4] for one in labels.segments}
    return CorrectionEffect(
        documents=1,
        passages=len(passages),
        turns=sum(kind == "speaker_label" for _, _, kind, _ in passages),
        quotes=_differences(_by_span(labels.quotes), _by_span(quotes)),
        sentences=_differences(labels.sentences, sentences),
        words=count_words(text, segments) - count_words(text, labels.segments),
    )


def _known(root: Path, doc_id: str) -> dict[str, str]:
    """What the `metadata.toml` files say of a document."""
    path, _, part = doc_id.partition("#")
    stated = for_parts(root / path, root)
    return merged(stated[""], stated.get(part, {}) if part else {})


def _by_span(quotes: Sequence[Quote]) -> dict[tuple[int, int], str | None]:
    return {(quote.start, quote.end): quote.speaker for quote in quotes}


def _differences(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> int:
    return sum(before.get(key, ...) != after.get(key, ...) for key in {*before, *after})
