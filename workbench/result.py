"""The answer to a question about a corpus: table, figure, reading and evidence, shown, saved and reproduced as one.

>>> result = corpus.rates("topics", by="source")  # doctest: +SKIP
>>> result.table, result.reading, result.evidence("cooperation")  # doctest: +SKIP
>>> result.save("rates.xlsx")  # doctest: +SKIP
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from workbench.display.blocks import DisplayBlock, Figure, Reading, Table
from workbench.display.evidence import Evidence, EvidenceLists
from workbench.display.named_results import MIME
from workbench.errors import BadParameter, did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

Row = Mapping[Hashable, Any]
LONGEST = 1_900  # characters of a result in a terminal; its table has the rest
ROWS = 12  # of whose numbers the sentences are shown


class Notes(NamedTuple):
    """What a number asks and says: the question, how to read it, what it does not show, how it was made."""

    question: str
    how_to_read: str
    limits: str
    method: str

    def __str__(self) -> str:
        """Four labelled lines."""
        return f"Question: {self.question}\nHow to read it: {self.how_to_read}\nWhat it does not show: {self.limits}\nHow it was made: {self.method}"


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A table with what belongs to it. In Jupyter it shows itself; in a terminal it is text; it pickles.

    table       tidy DataFrame, its columns documented by the verb that made it
    reading     sentences that say what the numbers show
    notes       question, how to read it, what it does not show, how it was made
    caption     the selection in words
    code        the line that makes it again
    provenance  corpus, version, selection, settings, packages
    """

    table: pd.DataFrame
    reading: str
    notes: Notes
    caption: str
    code: str
    provenance: Mapping[str, Any]
    draw: Callable[[pd.DataFrame], Figure]
    find_evidence: Callable[[Sequence[Row], int], list[Evidence]]
    item: str
    extra: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def display(self) -> Figure:
        """The figure as a page shows it, with its caption, its alternative text and its table."""
        return self.draw(self.table)

    @property
    def figure(self) -> Drawing:
        """The figure as a matplotlib Figure. Raises BadParameter where there is nothing to draw."""
        from workbench.display.canvas import capture_figures

        with capture_figures() as drawings:
            shown = self.draw(self.table)
        if not drawings:
            raise BadParameter(
                "figure", problem="there is nothing to draw", hint=shown.caption or "look at .reading"
            )
        return drawings[-1]

    def evidence(self, row: int | str | Row | pd.Series, n: int = 6) -> Evidence:
        """The sentences behind a row: its number in the table, the name of its item, or the row itself.

        A name stands for all its groups. Raises BadParameter with the nearest name for one that is not in the table.
        """
        if isinstance(row, str):
            known = list(dict.fromkeys(self.table[self.item].astype(str)))
            if row not in known:
                raise BadParameter(
                    "row", problem=f"no {self.item} `{row}` in the table", hint=did_you_mean(row, known)
                )
            wanted: Row = {self.item: row}
        elif isinstance(row, int):
            if not -len(self.table) <= row < len(self.table):
                problem = f"the table has {len(self.table):,} rows, none of number {row}"
                raise BadParameter("row", problem=problem, hint="count from 0")
            wanted = self.table.iloc[row].to_dict()
        else:
            wanted = dict(row)
        return self.find_evidence([wanted], n)[0]

    @cached_property
    def evidence_lists(self) -> EvidenceLists:
        """The sentences behind the first rows that have any, a fold for each."""
        rows = self.table[self.table["n"] > 0] if "n" in self.table else self.table
        shown = rows.head(ROWS).to_dict("records")
        parts = tuple(part for part in self.find_evidence(shown, 6) if part.found) if shown else ()
        return EvidenceLists(parts, max(0, len(rows) - ROWS))

    def save(self, path: str | Path) -> Path:
        """Write the table (csv, xlsx, parquet), the figure (png, svg, pdf) or both (html), by the suffix, with provenance.

        Returns the path. Raises BadParameter for another suffix.
        """
        from workbench.export import save_result

        return save_result(self, Path(path))

    def blocks(self) -> tuple[DisplayBlock | EvidenceLists, ...]:
        """What is shown, in order: figure, reading, the sentences behind the numbers."""
        return self.display, Reading(self.reading), self.evidence_lists

    def text(self) -> str:
        """Reading and table for a terminal, at most about forty lines."""
        head = self.display.table
        said = Table(head.frame.head(ROWS), columns=head.headings()).text()
        more = len(head.frame) - ROWS
        rest = f"\n… {more:,} more rows in .table" if more > 0 else ""
        text = f"{self.reading}\n\n{said}{rest}\n\n{self.caption}"
        return (
            text
            if len(text) <= LONGEST
            else text[:LONGEST].rsplit("\n", 1)[0] + "\n… more in .table and .reading"
        )

    __repr__ = text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        rows = self.display.results()
        return shown | {MIME: {"rows": rows}} if rows else shown

    def html(self) -> str:
        """Figure, reading and evidence for a page; everything from documents is escaped."""
        return "".join([self.display.html(), Reading(self.reading).html(), self.evidence_lists.html()])

    def provenance_lines(self) -> list[tuple[str, str]]:
        """What a saved file says of itself, by name: the question, the selection, the line of code, the versions."""
        packages = self.provenance.get("packages", {})
        rest = {name: value for name, value in self.provenance.items() if name != "packages"}
        return [
            ("question", self.notes.question), ("text", self.caption), ("code", self.code),
            *((name, value if isinstance(value, str) else json.dumps(value)) for name, value in rest.items()),
            ("packages", ", ".join(f"{name} {version}" for name, version in packages.items())),
            ("does not show", self.notes.limits),
        ]  # fmt: skip
