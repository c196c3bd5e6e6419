"""Speaker turns: precision and recall on whitehouse and trump_turns, false transcripts on news.

A turn counts as found when its label begins on the right line and its spoken words begin at the right
place. trump_turns states its turns. whitehouse does not: its truth is read off the markdown (which
keeps no-break spaces after labels) by `_truth_of_line`, and what differs was read by eye.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.accuracy.rows import FigureRow, figure_row
from workbench.analysis.questions import exchanges
from workbench.label.blocks.lines import split_lines
from workbench.label.turns.turns import find_turns

RESAMPLES = 500  # of documents; the intervals are stable to the third digit


class TranscriptPage(NamedTuple):
    """A rendered document: `truth` holds (start of the label, start of the spoken words, label)."""

    name: str
    text: str
    truth: list[tuple[int, int, str]]


class TurnCounts(NamedTuple):
    """One document's counts."""

    right: int
    found: int
    wanted: int


def measure(data: Path) -> list[FigureRow]:
    """Every figure of this file; `data` holds the *.jsonl.gz sets."""
    rows: list[FigureRow] = []
    white = list(_read(data / "whitehouse.jsonl.gz"))
    for way in ("raw", "plain", "unwrapped", "collapsed"):
        rows += _rows(f"whitehouse {way}", (whitehouse_page(record, way) for record in white))
    trump = list(_read(data / "trump_turns.jsonl.gz"))
    for way in TRUMP_WAYS:
        rows += _rows(f"trump_turns {way}", (trump_page(record, way) for record in trump))
    for name in ("reuters_sample", "polnear", "l3s_gn1_lines", "gum_news_speech_interview"):
        rows.append(_false_transcripts(name, data))
    return rows + _interviewers(trump)


# ---------------------------------------------------------------- pages and their truth

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_END_TIME = re.compile(r"END\W+\d")
# Lines in capitals with a colon that were read and are no speakers.
_HEADINGS = re.compile(
    r"(?:SUBJECT|TO THE |NOMINATION|WITHDRAWAL|END\b|FOR FURTHER|FOR IMMEDIATE|FACT SHEET|BACKGROUND|FROM$|COVID|NATO$|SWIFT$|NSM$"
    r"|NSC$|CBS$|CNN$|D\.C\.$|FEMA$|NPR$|AP$|BIG NEWS|PERSONAL|BONUS|WE HEREBY|APPENDIX|TARGETS|STEP|GOAL|PILLAR)"
)
_Q = re.compile(r"[\s*_]*Q(?:[\s:]+|\\`\s*|–\s*|$)(?=$|[^a-z&])")
_LABEL = re.compile(r"[\s*_]*([^:]{1,60}?)[*_]*\s?:(?:\*\*|\*)?(?:\s|$)")


def _truth_of_line(line: str, *, talk: bool) -> tuple[int, str] | None:
    """(length of the label, label) when the markdown line opens a turn; `talk`: the document is one."""
    match = _Q.match(line)
    if match and talk:
        return match.end(), "Q"
    match = _LABEL.match(line)
    if match is None or line.lstrip().startswith(("-", "**")):
        return None
    label = re.sub(r"[*_\\]|[(\[].*?[)\]]", "", match[1]).strip()
    bare = re.sub(r"\b(?:Mc|Mac|De|Di|Du|La|Le|Von|Van)(?=[A-Z])|\b(?:Mr|Ms|Mrs|Dr)\b", "X", label)
    if not re.fullmatch(r"[^a-z\d\[\]]*[A-Z][^a-z\[\]]*", bare) or _HEADINGS.match(label):
        return None
    return (match.end(), label) if talk or len(label.split()) > 1 else None


def whitehouse_page(record: dict[str, Any], way: str) -> TranscriptPage:
    """A White House page as markdown (`raw`), or as saved text: hard-wrapped, a paragraph a line, one space."""
    front = _FRONT.match(record["raw"])
    body = record["raw"][front.end() :] if front else record["raw"]
    lines = body.split("\n")
    talk = _is_talk(lines)
    truth = [_truth_of_line(line, talk=talk) if talk else None for line in lines]
    if way == "raw":
        return _assemble(
            record["path"], record["raw"][: front.end()] if front else "", zip(lines, truth, strict=True)
        )
    head = f"{record['title']}\n\n{record['date']}\n\n"
    saved = [(_saved(line), bool(found), found) for line, found in zip(lines, truth, strict=True)]
    if way != "plain":
        saved = list(_unwrap(lines, saved))
    if way == "collapsed":
        saved = [(re.sub(r"[\s]+", " ", line).strip(), opens, found) for line, opens, found in saved]
    return _assemble(record["path"], head, ((line, _again(line, found)) for line, _, found in saved))


def _is_talk(lines: list[str]) -> bool:
    """Two labels beyond doubt (an office or a courtesy title in capitals, or Q with no-break spaces), or one at the top."""
    sure = re.compile(
        r"[\s*_]*(?:Q\xa0|(?:MR|MS|MRS|DR|SECRETARY|PRESIDENT|THE PRESIDENT|VICE PRESIDENT|THE VICE PRESIDENT|THE FIRST LADY"
        r"|THE SECOND GENTLEMAN|PRIME MINISTER|GOVERNOR|MODERATOR|SENIOR ADMINISTRATION OFFICIAL|FIRST LADY|AMBASSADOR|MAYOR)\b[^a-z:]{0,40}:\s)"
    )
    return any(sure.match(line) for line in lines)


def _saved(line: str) -> str:
    """The line as a page saved as text shows it: no escapes, emphasis, links or tags."""
    line = re.sub(r"<[^>]{1,200}>", "", line)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"(?<!\\)(\*\*|\*|__)", "", line)
    return re.sub(r"\\([^\w\s])", r"\1", line)


def _unwrap(lines: list[str], saved: list[tuple[str, bool, Any]]) -> Iterator[tuple[str, bool, Any]]:
    """Paragraphs on one line each; two spaces at a line's end break it, as in markdown."""
    held: tuple[str, bool, Any] | None = None
    for raw, item in zip(lines, saved, strict=True):
        if held is not None and (not item[0].strip() or item[1]):
            yield held
            held = None
        if not item[0].strip():
            yield "", False, None
            continue
        held = item if held is None else (held[0].rstrip() + " " + item[0].lstrip(), held[1], held[2])
        if raw.endswith(("  ", "\\")):
            yield held
            held = None
    if held is not None:
        yield held


def _again(line: str, found: tuple[int, str] | None) -> tuple[int, str] | None:
    """The truth of a rendered line: the same label, its length measured anew."""
    if found is None:
        return None
    match = re.match(r"\s*Q[\s:`–]*", line) if found[1] == "Q" else _LABEL.match(line)
    return (match.end(), found[1]) if match else None


def _assemble(name: str, head: str, lines: Iterable[tuple[str, tuple[int, str] | None]]) -> TranscriptPage:
    text, truth = [head], []
    at = len(head)
    for line, found in lines:
        if found:
            truth.append((at, at + found[0], found[1]))
        text.append(line + "\n")
        at += len(line) + 1
    return TranscriptPage(name, "".join(text), truth)


TRUMP_WAYS = (
    "label: text",
    "label:\\ntext",
    "label\\n: text",
    "**label:** text",
    "**label**: text",
    "Label: text",
)


def trump_page(record: dict[str, Any], way: str) -> TranscriptPage:
    """A transcript of trump_turns written as `way` shows, turns parted by a blank line."""
    text = re.sub(r"\.txt$", "", record["file"]) + "\n\n"
    truth = []
    for label, words in record["turns"]:
        shown = label.title() if way.startswith("L") else label
        opening = (
            way.replace("\\n", "\n").replace("Label", shown).replace("label", shown).removesuffix("text")
        )
        truth.append((len(text), len(text) + len(opening), shown))
        text += opening + words.strip() + "\n\n"
    return TranscriptPage(record["file"], text, truth)


# ---------------------------------------------------------------- scores


def score(page: TranscriptPage) -> TurnCounts:
    """How many labels were found at the right place, found, and wanted."""
    found = {(turn.start, turn.end) for turn in find_turns(page.text, split_lines(page.text))}
    starts = {_tight(page.text, start, end) for start, end, _ in page.truth}
    return TurnCounts(len(found & starts), len(found), len(starts))


_DELIVERY = re.compile(
    r"[(\[](?:as interpreted|(?:as )?translated|via (?:an )?\w+|through (?:an )?interpreter|voice-?over)[.:]*[)\]]\s*",
    re.IGNORECASE,
)


def _tight(text: str, start: int, end: int) -> tuple[int, int]:
    """Label from its first mark to the first spoken character, notes of delivery skipped."""
    while start < end and text[start].isspace():
        start += 1
    while end < len(text) and text[end].isspace():
        end += 1
    note = _DELIVERY.match(text, end)
    return start, note.end() if note else end


def _rows(name: str, pages: Iterable[TranscriptPage]) -> list[FigureRow]:
    scores = [score(page) for page in pages]
    n = sum(item.wanted for item in scores)

    def precision(some: list[TurnCounts]) -> float:
        return sum(s.right for s in some) / max(1, sum(s.found for s in some))

    def recall(some: list[TurnCounts]) -> float:
        return sum(s.right for s in some) / max(1, sum(s.wanted for s in some))

    return [
        FigureRow(name, "turn precision", *_interval(scores, precision), n, 0.98),
        FigureRow(name, "turn recall", *_interval(scores, recall), n, 0.98),
    ]


def _interval(
    scores: list[TurnCounts], figure: Callable[[list[TurnCounts]], float]
) -> tuple[float, float, float]:
    """Value and 95 % interval by resampling documents that hold or were given a turn."""
    some = [item for item in scores if item.found or item.wanted]
    rng = random.Random(0)
    drawn = sorted(figure(rng.choices(some, k=len(some))) for _ in range(RESAMPLES))
    return figure(some), drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]


def _false_transcripts(name: str, data: Path) -> FigureRow:
    """Share of documents without any turn that were taken for transcripts."""
    records = [item for item in _read(data / f"{name}.jsonl.gz") if item.get("genre") != "interview"]
    wrong = [float(bool(find_turns(text, split_lines(text)))) for text in map(_plain_text, records)]
    rng = random.Random(0)
    drawn = sorted(sum(rng.choices(wrong, k=len(wrong))) / len(wrong) for _ in range(RESAMPLES))
    value = sum(wrong) / len(wrong)
    return FigureRow(
        name,
        "false transcripts",
        value,
        drawn[int(0.025 * RESAMPLES)],
        drawn[int(0.975 * RESAMPLES)],
        len(wrong),
        None,
    )


_HOST = re.compile(r"Interview with ([A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*)")


def _interviewers(records: list[dict[str, Any]]) -> list[FigureRow]:
    """Whether the host whom the name of a file states is taken for one who asks, and the guest is not."""
    found: list[tuple[float, float]] = []
    for record in records:
        host = _HOST.search(record["file"].removesuffix(".txt"))
        labels = {label for label, _ in record["turns"]}
        named = {
            label
            for label in labels
            if host and label.split()[-1].casefold() == host[1].split()[-1].casefold()
        }
        if named and "DONALD TRUMP" in labels:
            asking = set(_exchanges(record)["asker"])
            found.append((float(bool(named & asking)), float("DONALD TRUMP" in asking)))
    return [
        figure_row(
            "trump_turns", "interviewer found", found, lambda some: sum(a for a, _ in some) / len(some), None
        ),
        figure_row(
            "trump_turns",
            "guest taken for one",
            found,
            lambda some: sum(b for _, b in some) / len(some),
            None,
        ),
    ]


def _exchanges(record: dict[str, Any]) -> pd.DataFrame:
    text, rows = "", []
    for label, words in record["turns"]:
        rows.append(("speaker_label", label, len(text), len(text)))
        rows.append(("turn", label, len(text), len(text) + len(words)))
        text += words + "\n"
    segments = pd.DataFrame(rows, columns=["kind", "speaker", "start", "end"]).assign(doc_id="x", role=None)
    return exchanges(segments, pd.DataFrame({"doc_id": ["x"], "text": [text]}))


def _plain_text(record: dict[str, Any]) -> str:
    if "lines" in record:
        return "\n".join(words for _, words in record["lines"])
    return str(record.get("raw") or record["text"])


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)
