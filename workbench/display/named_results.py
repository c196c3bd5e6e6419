"""What a figure or a table says, as named numbers for machines: a report compares them with its last good run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

MIME = "application/vnd.workbench.result+json"
Row = dict[str, Any]


class Measured(str):
    """A key figure as it is printed, with the number itself, its limits and its n for machines."""

    value: float
    low: float | None
    high: float | None
    n: float | None

    @classmethod
    def of(
        cls, printed: str, row: Mapping[Any, Any], measure: str, low: str = "low", high: str = "high"
    ) -> Measured:
        """That of a row of a table: its `measure` between its `low` and `high`, resting on its `n`."""
        made = cls(printed)
        made.value, made.n = float(row[measure]), _plain(row.get("n"))
        made.low, made.high = _plain(row.get(low)), _plain(row.get(high))
        return made


def named_keys(figures: Iterable[Sequence[str]]) -> list[Row]:
    """Key figures by what they are; a value that reads as a number is one, any other stays words.

    A measured one brings its exact number, limits and n.
    """
    rows = []
    for figure in figures:
        row: Row = {"name": figure[1], "value": _number(figure[0]), "key": True}
        if isinstance(figure[0], Measured) and _plain(figure[0].value) is not None:
            row |= {key: getattr(figure[0], key) for key in ("value", "low", "high", "n")}
        rows.append(row)
    return rows


def named_rows(
    frame: pd.DataFrame, headings: Mapping[str, str], limits: Mapping[str, tuple[str, str]]
) -> list[Row]:
    """A row for each value that has an interval, named by its measure and the words of its line.

    A table without intervals, or two lines with the same words, gives nothing: there is no name to compare by.
    """
    words = [
        c for c in headings
        if not pd.api.types.is_numeric_dtype(frame[c]) and not pd.api.types.is_bool_dtype(frame[c])
    ]  # fmt: skip
    measures = [column for column in limits if column in headings]
    if not measures or not words or frame[words].astype(str).duplicated().any():
        return []
    rows = []
    for line in frame.to_dict("records"):
        for measure in measures:
            value, low, high = (_plain(line[c]) for c in (measure, *limits[measure]))
            if value is not None:
                who = ", ".join(str(line[c]) for c in words)
                name = f"{who}: {headings[measure]}"
                rows.append(
                    {"name": name, "value": value, "low": low, "high": high, "n": _plain(line.get("n"))}
                )
    return rows


def _number(text: str) -> float | str:
    plain = text.replace(",", "").replace("\u2212", "-").replace("\u202f", "").removesuffix("%")
    try:
        value = float(plain)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _plain(value: Any) -> float | None:
    """A finite number, or None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
