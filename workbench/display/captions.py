"""What a caption must say: the unit, what was counted, how the interval was made, the selection."""

from __future__ import annotations

import pandas as pd

from workbench.display.formatting import count, listed

_BASIS = {
    "documents": "by resampling documents",
    "sentences": "by resampling sentences within the documents, which are few: they speak of these texts only",
    "exact": "exact Poisson limits where there are fewer than five hits",
    "words": "taking words for independent, since documents are few: they speak of these texts only",
}


def basis_note(table: pd.DataFrame) -> str:
    """How the limits of this table were made: "Lines are 95 % intervals by resampling documents."""
    kinds = [kind for kind in _BASIS if "basis" in table and (table["basis"] == kind).any()]
    return f"Lines are 95 % intervals, {'; '.join(_BASIS[kind] for kind in kinds)}." if kinds else ""


def hollow_note(table: pd.DataFrame, rule: str) -> str:
    """What a hollow dot means, when there is one."""
    none = "sufficient" not in table or bool(table["sufficient"].all())
    return "" if none else f"Hollow: too little data ({rule})."


def sizes_note(table: pd.DataFrame, what: str = "words") -> str:
    """The denominators: "TASS 412 words in 1 document; Kremlin …"."""
    if what not in table or "group" not in table:
        return ""
    sizes = table.drop_duplicates("group")
    noun = {"words": "word", "n": "sentence", "n_sentences": "sentence"}[what]
    said = [
        f"{row['group']} {count(int(row[what]), noun)} in {count(int(row['n_docs']), 'document')}"
        for row in sizes.head(6).to_dict("records")
    ]
    more = len(sizes) - 6
    note = listed(said + ([f"{more:,} more"] if more > 0 else [])) + "."
    return note[:1].upper() + note[1:]


def selection_note(caption: str) -> str:
    """Which text this is: "Text: source TASS; from 2015." """
    return f"Text: {caption.rstrip('.')}." if caption.strip() else ""


def compose(*parts: str) -> str:
    """The parts that are there, in a row."""
    return " ".join(part.strip() for part in parts if part and part.strip())
