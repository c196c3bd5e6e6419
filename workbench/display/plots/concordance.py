"""The concordance as it is read: the hit in the middle of its line, who says it and where beside it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from workbench.display.blocks import DisplayBlock
from workbench.display.captions import compose, selection_note
from workbench.display.formatting import count

_SORTED = {
    "text": "in the order of the texts",
    "left": "sorted by the words before the hit, the nearest first",
    "right": "sorted by the words after the hit",
}


@dataclass(frozen=True, repr=False)
class Lines(DisplayBlock):
    """Lines of a concordance with the rule by which they were chosen and sorted."""

    frame: pd.DataFrame
    caption: str

    def text(self) -> str:
        """Lines with the hits below one another, for a terminal."""
        rows = self.frame.to_dict("records")
        wide = max((len(str(row["left"])) for row in rows), default=0)
        said = [f"{str(row['left']).rjust(wide)}›{row['hit']}‹{row['right']}   {_who(row)}" for row in rows]
        return "\n".join([self.caption, *said])

    def html(self) -> str:
        """A table: before, hit, after; below each line who says it, when and where."""
        if not len(self.frame):
            return f"<p class='wb-caveat' role='note'>{escape(self.caption)}</p>"
        body = "".join(_line(row) for row in self.frame.to_dict("records"))
        head = "".join(f"<th scope='col'>{name}</th>" for name in ("before", "place", "after"))
        return (
            f"<div class='wb-table wb-kwic'><table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def draw_concordance(table: pd.DataFrame, *, caption: str = "") -> Lines:
    """The lines of `analysis.concordance.concordance`, with how many there were and which are shown."""
    found, shown = int(table.attrs.get("found", len(table))), len(table)
    asked = ", ".join(dict.fromkeys(str(pattern) for pattern in table["pattern"]))
    if not shown:
        return Lines(table, compose("No place fits.", selection_note(caption)))
    rule = (
        f"{'The only place' if found == 1 else f'All {found:,} places'} of {asked}"
        if found == shown
        else f"{shown} of {count(found, 'place')} of {asked}: one in every {found / shown:.1f}".removesuffix(
            ".0"
        )
        + " in text order"
    )
    order = _SORTED[str(table.attrs.get("order", "text"))]
    return Lines(table, compose(f"{rule}; {order}.", selection_note(caption)))


def _who(row: dict[Any, Any]) -> str:
    spoken = "" if row["voice"] == "author" else f"{row['speaker']} ({row['voice']})"
    known = [str(row[c]) for c in ("source", "date") if str(row[c]) != "unknown"]
    return ", ".join(filter(None, [*known, spoken]))


def _line(row: dict[Any, Any]) -> str:
    address = f"{row['doc_id']}:{row['start']}-{row['end']}"
    return (
        f"<tr><td class='wb-left'>{escape(str(row['left']))}</td><td class='wb-hit'><mark>{escape(str(row['hit']))}</mark></td>"
        f"<td class='wb-right'>{escape(str(row['right']))}</td></tr>"
        f"<tr class='wb-where'><td colspan='3'>{escape(_who(row))} <span class='wb-address'>{escape(address)}</span></td></tr>"
    )
