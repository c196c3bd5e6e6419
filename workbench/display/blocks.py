"""What a notebook shows: figures with their tables, tables, readings, caveats, the opening of a report.

Each is text in a terminal and semantic HTML in a notebook and a report. Everything that comes from
documents is escaped; there is no script and no handler anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import Any

import pandas as pd

from workbench.display.formatting import cell, count, interval
from workbench.display.named_results import MIME, Row, named_keys, named_rows

COLUMNS = 8  # at most, in a printed table
WIDEST = (
    80  # letters of a column in a terminal; a longer cell stands out alone and does not pad all the others
)
FOLD = 12  # rows before a table is folded
HEADINGS: dict[str, str] = {
    "n": "n", "words": "words", "rate": "per 1,000 words", "n_docs": "documents", "docs_with": "documents with it",
    "dispersion": "dispersion (DPnorm)", "sufficient": "enough data", "n_sentences": "sentences", "form": "word",
    "sentence_share": "share of sentences", "mean": "mean score", "share": "share", "log_ratio": "log ratio",
    "n_other": "n elsewhere", "g2": "G²", "z": "log-odds z", "q": "q (corrected)", "against": "compared with",
    "score_unmasked": "unmasked", "doc_id": "document", "date_basis": "how the date is known", "npmi": "NPMI",
    "n_a": "n of first", "n_b": "n of second", "a": "first", "b": "second", "in_quotes": "named in quotes",
    "quoted": "own quotes", "speakers": "named by speakers", "docs": "documents", "end": "end",
    "rate_other": "per 1,000 elsewhere", "mean_other": "mean elsewhere", "n_segments": "pieces",
}  # fmt: skip
HIDDEN = frozenset(
    "basis words_other rate_other p p_documents docs_other z n_docs_other expected units g2_ start stop sentence "
    "words_docs body segment sentence_start sentence_end".split()
)
_WITH_LIMITS = ("rate", "mean", "difference", "log_ratio", "sentence_share", "share", "agreement")


class DisplayBlock:
    """Base of what shows itself: `text` for a terminal, `html` for a page."""

    def text(self) -> str:
        """Plain text."""
        raise NotImplementedError

    def html(self) -> str:
        """HTML with everything escaped."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()

    def results(self) -> list[Row]:
        """What it says as named numbers; nothing for most."""
        return []

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        rows = self.results()
        return shown | {MIME: {"rows": rows}} if rows else shown


@dataclass(frozen=True, repr=False)
class Table(DisplayBlock):
    """A table as it is printed: at most eight columns, intervals beside their values, long ones folded.

    `columns` chooses and names them ({"topic": "topic", "rate": "per 1,000 words"}) or only chooses
    them; without it the first eight that matter are shown. `low` and `high` are never columns of
    their own: they stand in brackets beside the value they belong to.
    """

    frame: pd.DataFrame
    caption: str = ""
    columns: Sequence[str] | Mapping[str, str] = ()
    fold: int = FOLD

    def headings(self) -> dict[str, str]:
        """The columns shown and their headings."""
        if isinstance(self.columns, Mapping):
            return dict(self.columns)
        limits = {name for pair in self._limits().values() for name in pair}
        spans = {"end"} if "start" in self.frame else set()
        wanted = list(self.columns) or [c for c in self.frame.columns if c not in HIDDEN | limits | spans]
        names = HEADINGS | {"group": str(self.frame.attrs.get("by", "group"))}
        return {column: names.get(column, column.replace("_", " ")) for column in wanted[:COLUMNS]}

    def cells(self) -> list[list[str]]:
        """Every row as texts, intervals in place."""
        limits, columns = self._limits(), list(self.headings())
        return [
            [_with_limits(column, row, limits.get(column)) for column in columns]
            for row in self.frame.to_dict("records")
        ]

    def text(self) -> str:
        """Columns in line, for a terminal."""
        lines = [list(self.headings().values()), *self.cells()]
        widths = [min(max(len(line[k]) for line in lines), WIDEST) for k in range(len(lines[0]))]
        said = [
            "  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join(filter(None, [self.caption, *said]))

    def html(self) -> str:
        """One table, or two of which the second is folded."""
        rows, columns = self.cells(), self.headings()
        if not rows:
            return f"<p class='wb-table wb-quiet'>{escape(self.caption or 'Nothing to show')}: no rows.</p>"
        numeric = [
            pd.api.types.is_numeric_dtype(self.frame[c]) and self.frame[c].dtype != bool for c in columns
        ]
        head, rest = (rows, []) if len(rows) <= self.fold + 2 else (rows[: self.fold], rows[self.fold :])
        shown = _table(columns, head, numeric, self.caption)
        if rest:
            more = _table(
                columns, rest, numeric, f"{self.caption}, continued" if self.caption else "Continued"
            )
            shown += f"<details class='wb-more'><summary>{count(len(rest), 'more row')}, {len(rows):,} in all</summary>{more}</details>"
        return f"<div class='wb-table'>{shown}</div>"

    def results(self) -> list[Row]:
        """Each value that has an interval."""
        return named_rows(self.frame, self.headings(), self._limits())

    def _limits(self) -> dict[str, tuple[str, str]]:
        """Which value each pair of limits belongs to."""
        have = list(self.frame.columns)
        found = {c: (f"{c}_low", f"{c}_high") for c in have if f"{c}_low" in have and f"{c}_high" in have}
        if "low" in have and "high" in have:
            owner = next((c for c in _WITH_LIMITS if c in have and c not in found), None)
            if owner:
                found[owner] = ("low", "high")
        return found


@dataclass(frozen=True, repr=False)
class Figure(DisplayBlock):
    """A drawing with what replaces it for those who cannot see it: alternative text and its table."""

    svg: str
    alt: str
    caption: str
    table: Table

    def text(self) -> str:
        """The alternative text, the caption and the table."""
        return "\n".join([self.alt, self.caption, self.table.text()])

    def results(self) -> list[Row]:
        """Those of its table."""
        return self.table.results()

    def html(self) -> str:
        """`<figure>` with inline SVG, so that text is text and colours are the page's.

        Without a drawing it is no figure: a note that says why, and the table in the open.
        """
        if not self.svg:
            rows = self.table.html() if len(self.table.frame) else ""
            note = f"<p class='wb-caveat' role='note'>{escape(self.caption)}</p>" if self.caption else ""
            return note + rows
        n = count(len(self.table.frame), "row")
        return (
            f"<figure class='wb-figure'>{self.svg}<figcaption>{escape(self.caption)}</figcaption>"
            f"<details><summary>The figure as a table ({n})</summary>{self.table.html()}</details></figure>"
        )


@dataclass(frozen=True, repr=False)
class Heading(DisplayBlock):
    """A heading that states the finding, computed from its table; it enters the contents of a report."""

    words: str
    level: int = 2

    def text(self) -> str:
        """The words."""
        return self.words

    def html(self) -> str:
        """A heading of its level, 2 to 6."""
        level = min(max(self.level, 2), 6)
        return f"<h{level} class='wb-heading'>{escape(self.words)}</h{level}>"


@dataclass(frozen=True, repr=False)
class Reading(DisplayBlock):
    """What a figure says, in words; nothing in them is markup."""

    words: str

    def text(self) -> str:
        """The words."""
        return self.words

    def html(self) -> str:
        """A paragraph for each line."""
        return "".join(f"<p class='wb-reading'>{escape(line)}</p>" for line in self.words.split("\n") if line)


@dataclass(frozen=True, repr=False)
class Caveat(DisplayBlock):
    """What a number does not show, beside the number."""

    words: str

    def text(self) -> str:
        """The words, marked."""
        return f"Note: {self.words}"

    def html(self) -> str:
        """An aside."""
        return f"<p class='wb-caveat' role='note'>{escape(self.words)}</p>"


@dataclass(frozen=True, repr=False)
class KeyFigures(DisplayBlock):
    """Three to five numbers with a sentence each: (value, what it is, sentence)."""

    figures: Sequence[tuple[str, str] | tuple[str, str, str]]

    def text(self) -> str:
        """A line for each."""
        return "\n".join(": ".join(filter(None, [f"{f[0]} {f[1]}", *f[2:]])) for f in self.figures)

    def results(self) -> list[Row]:
        """Each by what it is."""
        return named_keys(self.figures)

    def html(self) -> str:
        """A list of terms (what it is) and descriptions (value, sentence)."""
        items = "".join(
            f"<div><dt>{escape(f[1])}</dt><dd><b>{escape(f[0])}</b>"
            + (f"<span>{escape(f[2])}</span>" if len(f) > 2 and f[2] else "")
            + "</dd></div>"
            for f in self.figures
        )
        return f"<dl class='wb-keys'>{items}</dl>"


@dataclass(frozen=True, repr=False)
class Header(DisplayBlock):
    """The head of a notebook: its question, what it looks at, its stamp, what to keep in mind.

    Brings the style sheet into a notebook; a report has it already.
    """

    question: str
    caption: str
    stamp: Mapping[str, object] | str = ""
    caveats: Sequence[str] = field(default_factory=tuple)

    def text(self) -> str:
        """A few lines."""
        return "\n".join(
            filter(None, [self.question, self.caption, _stamp(self.stamp), *(f"- {c}" for c in self.caveats)])
        )

    def html(self) -> str:
        """A section; the question is no heading, because the notebook has its title."""
        css = resources.files("workbench.display").joinpath("page.css").read_text(encoding="utf-8")
        listed = "".join(f"<li>{escape(caveat)}</li>" for caveat in self.caveats)
        stamp = _stamp(self.stamp)
        return (
            f"<style>{css}</style><section class='wb-opening'><p class='wb-question'>{escape(self.question)}</p>"
            f"<p class='wb-corpus'>{escape(self.caption)}</p>"
            + (f"<ul class='wb-caveats'>{listed}</ul>" if listed else "")
            + (f"<p class='wb-stampline wb-quiet'>{escape(stamp)}</p>" if stamp else "")
            + "</section>"
        )


def _stamp(stamp: Mapping[str, object] | str) -> str:
    return stamp if isinstance(stamp, str) else " · ".join(f"{name} {value}" for name, value in stamp.items())


def _with_limits(column: str, row: Mapping[Any, Any], limits: tuple[str, str] | None) -> str:
    said = cell(column, row[column])
    if limits is None or any(row[name] is None or math.isnan(row[name]) for name in limits):
        return said
    return f"{said} {interval(row[limits[0]], row[limits[1]], column)}".strip()


def _table(
    columns: Mapping[str, str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], caption: str
) -> str:
    kinds = [_kind_of_column(is_number, [row[k] for row in rows]) for k, is_number in enumerate(numeric)]
    right = [f" class='{kind}'" if kind else "" for kind in kinds]
    head = "".join(
        f"<th scope='col'{r}>{escape(name)}</th>" for name, r in zip(columns.values(), right, strict=True)
    )
    body = "".join(
        f"<tr><th scope='row'{right[0] if kinds[0] != 'wb-number' else ''}>{escape(row[0])}</th>"
        + "".join(f"<td{r}>{escape(part)}</td>" for part, r in zip(row[1:], right[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_DAY = re.compile(r"(?:\d{4}|-)(?:-\d\d){0,2}|unknown|–|")
_LONG = 40  # characters of a cell that is read rather than looked up


def _kind_of_column(is_number: bool, cells: Sequence[str]) -> str:
    """The class of a column: numbers stand in line, days are not broken, sentences get room; "" for the rest."""
    if is_number:
        return "wb-number"
    if all(_DAY.fullmatch(cell) for cell in cells):
        return "wb-day"
    return "wb-long" if max(map(len, cells), default=0) > _LONG else ""
