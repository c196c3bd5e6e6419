"""What the coverage ledger says, in words."""

from __future__ import annotations

import pandas as pd

from workbench.display.formatting import count, listed
from workbench.schema import UNKNOWN


def coverage_reading(ledger: pd.DataFrame) -> str:
    """Where nothing or too little arrived, and what stands outside any period.

    In: a table of `analysis.quality.coverage`.
    """
    gaps = [
        f"{row['source']} in {row['period']}" for row in ledger[ledger["mark"] == "gap"].to_dict("records")
    ]
    dips = [
        f"{row['source']} in {row['period']} ({row['n_docs']} where {row['usual']:g} are usual)"
        for row in ledger[ledger["mark"] == "dip"].to_dict("records")
    ]
    undated = int(ledger.loc[ledger["period"] == UNKNOWN, "n_docs"].sum())
    said = [
        f"Nothing arrived from {_some(gaps)}." if gaps else "No source has a period without a document.",
        f"Fewer than chance allows: {_some(dips)}." if dips else "",
        f"{count(undated, 'document')} cannot be placed in a period." if undated else "",
    ]
    dated = ledger[ledger["period"] != UNKNOWN]
    if len(dated) and dated.groupby("source")["period"].nunique().max() < 4:
        said.append("With fewer than four periods for any source, nobody can say what is usual.")
    return " ".join(filter(None, said))


def _some(names: list[str], most: int = 5) -> str:
    return listed(names if len(names) <= most else [*names[:most], f"{len(names) - most} more"])
