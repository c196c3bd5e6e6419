"""Numbers as people read them: sensible digits, a real minus, the interval beside the value."""

from __future__ import annotations

import math
from typing import Any

MINUS, DASH, NONE = "−", "–", "–"

SHARES = frozenset({"share", "sentence_share", "positive", "neutral", "negative"})  # shown in percent
SCORES = frozenset({"mean", "score", "score_unmasked", "masked", "unmasked", "difference", "npmi", "dispersion",
                    "log_ratio", "confidence", "mean_other"})  # two decimals  # fmt: skip
PROBABILITIES = frozenset({"p", "q", "p_documents"})


def number(value: float, digits: int | None = None) -> str:
    """A number with sensible digits.

    >>> number(1234.4), number(12.34), number(0.123), number(-0.5, 2)
    ('1,234', '12.3', '0.12', '−0.50')
    """
    if value is None or math.isnan(value):
        return NONE
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or size == 0 else 1 if size >= 1 else 2
    said = f"{value:,.{digits}f}"
    if float(said.replace(",", "")) == 0:
        said = said.removeprefix("-")
    return said.replace("-", MINUS)


def plain_number(value: float) -> str:
    """A number of which nobody says what it counts: a whole one without decimals.

    >>> plain_number(9.0), plain_number(9.25)
    ('9', '9.2')
    """
    return number(value, 0) if float(value).is_integer() else number(value)


def short(value: float) -> str:
    """A number on an axis: no digit more than it needs.

    >>> short(10.0), short(0.25), short(-1.5)
    ('10', '0.25', '−1.5')
    """
    return f"{value:g}".replace("-", MINUS)


def percent(share: float, sign: bool = True) -> str:
    """A share in percent: 0.714 is "71 %"; below one percent, one decimal.

    >>> percent(0.714), percent(0.004), percent(0)
    ('71\u202f%', '0.4\u202f%', '0\u202f%')
    """
    if share is None or math.isnan(share):
        return NONE
    said = number(share * 100, 1 if 0 < share * 100 < 0.95 else 0)
    return f"{said}\u202f%" if sign else said


def interval(low: float, high: float, kind: str = "") -> str:
    """The limits in brackets: [3.1–5.6], with "to" where a minus stands.

    >>> interval(3.14, 5.6), interval(-0.2, 0.4, "mean")
    ('[3.1–5.6]', '[−0.20 to 0.40]')
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    if kind in SHARES:
        return f"[{percent(low, sign=False)}{DASH}{percent(high, sign=False)}]"
    digits = 2 if kind in SCORES else None if max(abs(low), abs(high)) < 1 else 0 if high >= 100 else 1
    a, b = number(low, digits), number(high, digits)
    return f"[{a} to {b}]" if MINUS in a + b else f"[{a}{DASH}{b}]"


def probability(p: float) -> str:
    """A p value: "< 0.001", otherwise three decimals.

    >>> probability(0.0002), probability(0.0312)
    ('< 0.001', '0.031')
    """
    return NONE if math.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def cell(column: str, value: Any) -> str:
    """A value of a table as text, by what its column is."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return ("yes" if value else "too little") if column == "sufficient" else ("yes" if value else "no")
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    if (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or str(value) in ("nan", "None", "<NA>")
    ):
        return NONE
    if not isinstance(value, (int, float)) and not hasattr(value, "dtype"):
        return str(value)
    if column in SHARES:
        return percent(float(value))
    if column in PROBABILITIES:
        return probability(float(value))
    if float(value).is_integer() and column not in SCORES and "int" in type(value).__name__:
        return number(float(value), 0)
    return number(float(value), 2 if column in SCORES else None)


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun in the right number.

    >>> count(1, "sentence"), count(1200, "sentence"), count(2, "story", "stories")
    ('1 sentence', '1,200 sentences', '2 stories')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(words: list[str]) -> str:
    """Words in a row: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
