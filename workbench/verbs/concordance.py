"""Every place of a word, a phrase or a pattern with what stands left and right of it (KWIC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from workbench.analysis.concordance import ORDERS, Order, sorted_lines
from workbench.display.blocks import Figure, Table
from workbench.display.plots.concordance import draw_concordance
from workbench.errors import BadParameter, did_you_mean
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import Item
from workbench.features.lines import at_place, concordance_lines
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import Asked, By, ask, code_line, nearest_words

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

LINES, WIDTH = 50, 60  # lines, and characters on each side, unless asked


@dataclass(frozen=True, repr=False)
class LinesFigure(Figure):
    """The lines of a concordance, shown as lines and not as a drawing."""

    lines: str = ""

    def html(self) -> str:
        """The hit in the middle of each line, with who says it and where."""
        return self.lines


def concordance(
    corpus: Corpus,
    query: str | Sequence[str],
    *,
    by: By = "all",
    sort: Order = "text",
    n: int = LINES,
    width: int = WIDTH,
) -> Result:
    """Lines with the hit in the middle, in the order of the texts or by the words to the left or right.

    In:  `query` one pattern or several, as `analysis.matches` reads them; at most `n` lines: every k-th in text order
         where there are more; at most `width` characters on each side, no word cut in two.
    Out: Result; table [doc_id, sentence, start, end, left, hit, right, pattern, group, voice, speaker, source, date,
         genre]; `table.attrs["found"]` is the number of all places. Only the lines shown are cut from the texts.
    Raises BadParameter for a pattern, grouping or order that is none, with the nearest.
    """
    if sort not in ORDERS:
        raise BadParameter("sort", problem=f"cannot sort by `{sort}`", hint=did_you_mean(sort, ORDERS))
    if n < 1:
        raise BadParameter(
            "n", problem=f"{n} lines show nothing", hint=f"ask for 1 or more, {LINES} is usual"
        )
    asked = ask(corpus, [query] if isinstance(query, str) else query, by)
    units = asked.units
    lines, found = concordance_lines(asked.hits(units), units, n, width)
    table = sorted_lines(lines, sort, found=found, by=units.grouping)
    hint = "" if found else "".join(nearest_words(units, pattern) for pattern in asked.feature)
    given = asked.feature[0] if len(asked.feature) == 1 else asked.feature
    return Result(
        table, f"{found:,} {'place' if found == 1 else 'places'} in {len(units.sizes.document):,} texts; {len(table):,} shown.{hint}",
        Notes(
            "Where does it stand, and in which words?",
            "The hit stands in the middle of its line; who says it, when and where is below.",
            "The lines shown are every k-th in text order where there are more; they are no measure of what is frequent.",
            "Patterns are matched in the words of each sentence, whatever their case; only the lines shown are cut from the texts.",
        ),
        corpus.caption,
        code_line(
            corpus, "concordance", given, by=None if by == "all" else asked.by, sort=None if sort == "text" else sort,
            n=None if n == LINES else n, width=None if width == WIDTH else width,
        ),
        corpus.provenance(), partial(_draw, caption=corpus.caption), partial(_evidence, asked), "pattern",
    )  # fmt: skip


def _draw(table: pd.DataFrame, *, caption: str) -> Figure:
    shown = draw_concordance(table, caption=caption)
    columns = {name: name for name in ("left", "hit", "right", "speaker", "source", "date")}
    return LinesFigure("", shown.caption, shown.caption, Table(table, columns=columns), shown.html())


def _evidence(asked: Asked, rows: Sequence[Row], n: int) -> list[Evidence]:
    """The sentence of each line; of a pattern, those that hold it."""
    units = asked.units
    hits = asked.hits(units)
    number = {name: k for k, name in enumerate(asked.feature)}
    found = []
    for row in rows:
        item, one = Item(number[str(row["pattern"])], str(row["pattern"]), 0), hits
        if "start" in row:
            one = at_place(hits, units, str(row["doc_id"]), int(row["start"]), int(row["end"]))
        found += sampled_evidence(one, units, [(item, ())], at_most=n)
    return found
