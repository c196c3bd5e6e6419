"""Concordance: every place of a word or phrase with what stands left and right of it (KWIC)."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from workbench.analysis.frequency import word_hits
from workbench.analysis.rates import KEY
from workbench.analysis.units import grouping

Order = Literal["text", "left", "right"]
ORDERS = ("text", "left", "right")
COLUMNS = "doc_id sentence start end left hit right pattern group voice speaker source date genre".split()


def concordance(
    tokens: pd.DataFrame, documents: pd.DataFrame, units: pd.DataFrame, patterns: str | list[str], *,
    width: int = 60, order: Order = "text", at_most: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Lines with the hit in the middle: words, phrases, wildcards, expressions, NEAR (`places.find_places`).

    In:  tokens, documents, units; one pattern or several; at most `width` characters on each side, no word cut in two.
    Out: [doc_id, sentence, start, end, left, hit, right, pattern, group, voice, speaker, source, date,
         genre]; sorted by place in the text, or by the words next to the hit on the left or right. When
         there are more than `at_most`, every k-th line in text order is taken, first one first: the
         same lines each time, spread over all texts; `attrs["found"]` says how many there were.
    """
    hits = word_hits(tokens, documents, [patterns] if isinstance(patterns, str) else patterns)
    known = units[[*KEY, "group", "voice", "speaker", "source", "date", "genre"]]
    lines = hits.drop(columns=["topic"]).merge(known, on=KEY, how="inner")
    found = len(lines)
    if at_most is not None and found > at_most:
        lines = lines.iloc[[k * found // at_most for k in range(at_most)]]
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = list(zip(lines["doc_id"], lines["start"], lines["end"], strict=True))
    lines = lines.assign(
        left=[before(texts[d], s, width) for d, s, _ in spans], hit=lines["surface"],
        right=[after(texts[d], e, width) for d, _, e in spans],
    )  # fmt: skip
    return sorted_lines(lines, order, found=found, by=grouping(units))


def sorted_lines(lines: pd.DataFrame, order: Order, *, found: int, by: str) -> pd.DataFrame:
    """Lines with `left` and `right` in their order, as `concordance` gives them."""
    if order == "left":
        lines = lines.sort_values("left", key=lambda side: side.map(_backwards), kind="stable")
    elif order == "right":
        lines = lines.sort_values("right", key=lambda side: side.map(_onwards), kind="stable")
    out = lines[COLUMNS].reset_index(drop=True)
    out.attrs |= {"found": found, "order": order, "by": by}
    return out


def before(text: str, start: int, width: int) -> str:
    """At most `width` characters before a place, no word cut in two.

    >>> before("The ministers agreed.", 14, 6)
    'sters '
    """
    side = text[max(0, start - width) : start].replace("\n", " ")
    cut = start > width and not text[start - width - 1].isspace()
    return side.partition(" ")[2] if cut and " " in side.strip() else side


def after(text: str, end: int, width: int) -> str:
    """At most `width` characters after a place, no word cut in two."""
    side = text[end : end + width].replace("\n", " ")
    cut = end + width < len(text) and not text[end + width].isspace()
    return side.rpartition(" ")[0] if cut and " " in side.strip() else side


def _onwards(right: str) -> str:
    """The words after the hit, without the marks around them."""
    return right.lower().strip(" ,.;:\"'")


def _backwards(left: str) -> str:
    """The words before the hit, nearest first."""
    return " ".join(word.strip(",.;:\"'").lower() for word in reversed(left.split()))
