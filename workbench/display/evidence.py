"""From a number to its sentences: source, date and speaker first, the hit marked, the address last.

A result row and the table of spans it was counted from are enough: every column that both have (topic,
entity, form, group …) must agree. Many sentences are sampled by rule, and the rule is printed. What
comes from documents is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.schema import UNKNOWN

KEYS = (
    "topic",
    "pattern",
    "entity",
    "holder",
    "form",
    "word",
    "phrase",
    "item",
    "period",
    "surface",
    "doc_id",
    "sentence",
)
MERGE = ["doc_id", "sentence"]


@dataclass(frozen=True)
class Evidence:
    """Sentences behind a result: `lines`, how they were chosen (`rule`), how many there are (`found`).

    lines: [doc_id, sentence, start, end, sentence_start, sentence_end, source, date, speaker, voice,
    before, hit, after, address]; `before + hit + after` is the sentence, `address` is doc_id:start-end.
    """

    lines: pd.DataFrame
    rule: str
    found: int
    title: str = ""

    def __str__(self) -> str:
        """The sentences as plain text, the hit between arrows."""
        said = [
            f"{_who(line)}\n  {line['before']}›{line['hit']}‹{line['after']}\n  {line['address']}"
            for line in self.lines.to_dict("records")
        ]
        return "\n".join([*([self.title] if self.title else []), *said, f"({self.rule})"])

    __repr__ = __str__

    def html(self, *, folded: bool = True) -> str:
        """The sentences as a list, folded under one line that says how many there are."""
        items = "".join(_item(line) for line in self.lines.to_dict("records"))
        title = html.escape(self.title) + " " if self.title else ""
        head = f"<summary>{title}<span class='wb-quiet'>{html.escape(self.rule)}</span></summary>"
        opened = "" if folded else " open"
        return f"<details class='wb-evidence'{opened}>{head}<ul>{items}</ul></details>"

    def _repr_html_(self) -> str:
        return self.html()


def evidence(
    row: Mapping[Hashable, Any] | pd.Series, spans: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    at_most: int = 6, title: str | None = None,
) -> Evidence:  # fmt: skip
    """The sentences behind one row of a result table.

    In:  row of any analysis; spans [doc_id, sentence, start, end and what was counted], the table the
         row was counted from: topic hits, tokens (keyness, words), mentions, sentiment (a span is then
         the whole sentence); units in the same grouping as the row; documents with their text.
    Out: Evidence. When more than `at_most` sentences are found, every k-th in the order of doc_id and
         text is taken, the first one first.

    >>> evidence(rates.iloc[0], hits, units, documents)  # doctest: +SKIP
    """
    wanted = dict(row)
    return _evidence(wanted, _in_units(_equal(wanted, spans), units), documents, at_most, title)


def _evidence(
    wanted: Mapping[Hashable, Any],
    placed: pd.DataFrame,
    documents: pd.DataFrame,
    at_most: int,
    title: str | None,
) -> Evidence:
    """The same, of spans that lie in their units already."""
    sentences = _of_side(wanted, placed).drop_duplicates(MERGE)
    found = len(sentences)
    if found > at_most:
        sentences = sentences.iloc[[k * found // at_most for k in range(at_most)]]
    lines = _lines(sentences, documents)
    return Evidence(
        lines, evidence_rule(found, len(lines)), found, _title(wanted) if title is None else title
    )


@dataclass(frozen=True)
class EvidenceLists:
    """The evidence of several rows, one fold each, under one heading line."""

    parts: tuple[Evidence, ...]
    further: int = 0

    def __str__(self) -> str:
        """The parts as plain text."""
        return "\n\n".join(map(str, self.parts)) or "No sentence stands behind this table."

    __repr__ = __str__

    def html(self) -> str:
        """The parts, folded under one line."""
        if not self.parts:
            return "<p class='wb-quiet'>No sentence stands behind this table.</p>"
        more = (
            f" <span class='wb-quiet'>and {self.further:,} further rows of the table</span>"
            if self.further
            else ""
        )
        items = "".join(part.html() for part in self.parts)
        return f"<details class='wb-behind'><summary>The sentences behind the numbers{more}</summary>{items}</details>"

    def _repr_html_(self) -> str:
        return self.html()


def evidence_lists(
    table: pd.DataFrame, spans: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    rows: int = 12, at_most: int = 6,
) -> EvidenceLists:  # fmt: skip
    """The evidence of the first `rows` rows of a table that have any, as `evidence` finds it for each."""
    counted = table[table["n"] > 0] if "n" in table else table
    shown = counted.head(rows)
    for key in (key for key in KEYS if key in shown and key in spans):
        spans = spans[spans[key].isin(shown[key])]
    placed = _in_units(spans, units)  # once for all rows
    parts = [
        _evidence(row, _equal(row, placed), documents, at_most, None) for row in shown.to_dict("records")
    ]
    return EvidenceLists(tuple(part for part in parts if part.found), max(0, len(counted) - rows))


def sentences_of(spans: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """All spans with their sentences, one row each: the `lines` of Evidence without any sampling."""
    return _lines(_in_units(spans, units), documents)


def _equal(row: Mapping[Hashable, Any], spans: pd.DataFrame) -> pd.DataFrame:
    """The spans that agree with the row in what was counted."""
    for key in KEYS:
        if key in row and key in spans.columns:
            spans = spans[spans[key] == row[key]]
    return spans


def _in_units(spans: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The spans with what is known of their sentence, in text order."""
    spans = spans[spans["sentence"].notna()].astype({"sentence": "int64"})
    spoken = [c for c in ("voice", "speaker") if c in spans.columns]
    spans = spans.rename(columns={c: f"{c}_own" for c in spoken})
    spans = spans.drop(
        columns=[c for c in ("group", "segment", "source", "date", "by") if c in spans.columns]
    )
    shared = [*MERGE, "part"] if "part" in spans.columns and "part" in units.columns else MERGE
    known = units[[*shared, "start", "end", "source", "date", "speaker", "voice", "group", "by"]]
    out = spans.merge(
        known.rename(columns={"start": "sentence_start", "end": "sentence_end"}), on=shared, how="inner"
    )
    if "start" not in out.columns:
        out = out.assign(start=out["sentence_start"], end=out["sentence_end"])
    return _own_voice(out, spoken).sort_values(["doc_id", "start"], kind="stable")


def _of_side(row: Mapping[Hashable, Any], placed: pd.DataFrame) -> pd.DataFrame:
    """The spans of the row's voice, speaker and group."""
    side = _side(row)
    for key in ("voice", "speaker"):
        if row.get(key) is not None:
            placed = placed[placed[key] == row[key]]
    if side is None:
        return placed
    return placed[placed["group"] == side] if side else placed[placed["group"] != row["group"]]


def _side(row: Mapping[Hashable, Any]) -> str | None:
    """The group whose sentences show the row: of a word that is rarer here, those of the other side.

    An empty string means every group but this one; None means that the row has no group.
    """
    if "group" not in row:
        return None
    if "against" in row and "log_ratio" in row and row["log_ratio"] < 0:
        return "" if row["against"] == "all others" else str(row["against"])
    return str(row["group"])


def _own_voice(out: pd.DataFrame, spoken: list[str]) -> pd.DataFrame:
    """A span with a voice and speaker of its own (a mention) counts in them, as the rates do."""
    if len(spoken) < 2 or not len(out):
        return out
    own = out["voice_own"] != out["voice"]
    grouping = str(out["by"].iloc[0])
    out = out.assign(voice=out["voice_own"], speaker=out["speaker"].where(~own, out["speaker_own"]))
    out["speaker"] = (
        out["speaker"].astype("object").where(out["voice"] != "author", "the author").fillna(UNKNOWN)
    )
    if grouping in ("voice", "speaker"):
        out["group"] = out[grouping].replace(UNKNOWN, f"{UNKNOWN} {grouping}")
    return out


def _lines(chosen: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    asked = documents[documents["doc_id"].isin(chosen["doc_id"])]
    texts = dict(zip(asked["doc_id"], asked["text"], strict=True))
    rows = chosen.to_dict("records")
    out = chosen[
        "doc_id sentence start end sentence_start sentence_end source date speaker voice".split()
    ].reset_index(drop=True)
    cut = [
        (
            texts[r["doc_id"]],
            min(r["start"], r["sentence_start"]),
            r["start"],
            r["end"],
            max(r["end"], r["sentence_end"]),
        )
        for r in rows
    ]
    return out.assign(
        before=[text[a:b] for text, a, b, _, _ in cut], hit=[text[b:c] for text, _, b, c, _ in cut],
        after=[text[c:d] for text, _, _, c, d in cut],
        address=[f"{r['doc_id']}:{r['start']}-{r['end']}" for r in rows],
    )  # fmt: skip


def evidence_rule(found: int, shown: int) -> str:
    """How the sentences shown were chosen from those found, in words."""
    if found == 0:
        return "no sentence"
    if found == shown:
        return "1 sentence" if found == 1 else f"all {found:,} sentences"
    return (
        f"{shown} of {found:,} sentences: one in every {found / shown:.1f}".removesuffix(".0")
        + ", in text order"
    )


def _title(row: Mapping[Hashable, Any]) -> str:
    """What the row is about: "cooperation, TASS"."""
    parts = [
        str(row[key])
        for key in (
            "topic",
            "entity",
            "holder",
            "form",
            "phrase",
            "pattern",
            "item",
            "period",
            "voice",
            "speaker",
        )
        if row.get(key)
    ]
    side = _side(row)
    group = str(row["against"]) if side == "" else side
    return ", ".join([*parts, *([group] if group else [])])


def _who(line: Mapping[Hashable, Any]) -> str:
    """Source, date, speaker and voice, whatever of them is known."""
    spoken = "" if line["voice"] == "author" else f"{line['speaker']} ({line['voice']})"
    return ", ".join(str(part) for part in (line["source"], line["date"], spoken) if part and part != UNKNOWN)


def _item(line: Mapping[Hashable, Any]) -> str:
    e = html.escape
    return (
        f"<li><span class='wb-who'>{e(_who(line))}</span> "
        f"<q class='wb-sentence'>{e(line['before'])}<mark>{e(line['hit'])}</mark>{e(line['after'])}</q> "
        f"<span class='wb-address'>{e(line['address'])}</span></li>"
    )
