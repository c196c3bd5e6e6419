"""What the human check came to: shares as the machine gives them and as the codes correct them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.captions import compose, selection_note
from workbench.display.formatting import count, interval, listed, number, percent
from workbench.display.named_results import Measured
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

MACHINE, PEOPLE = "the machine", "corrected by the codes"
START = (
    "To start, open the notebook validation in JupyterLab (workbench lab), run it, and code in its last section; "
    "a second coder does the same without seeing your codes."
)


def draw_corrected(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """The share of each code: as the machine gives it, and as the human codes correct it.

    In: a table of `analysis.agreement.corrected_shares`.
    """
    rows = [Row(str(r["code"]), _dots(r)) for r in table.to_dict("records")]
    told = [
        f"{r['code']}: machine {percent(r['machine'])}, corrected {_share(r)}"
        for r in table.to_dict("records")
    ]
    alt = "Dot plot of shares of sentences. " + "; ".join(told) + "."
    n, size = (int(table[name].iloc[0]) for name in ("n", "size")) if len(table) else (0, 0)
    notes = (
        f"Share of {size:,} sentences. What the machine says counts all of them.", _estimate_note(table, n),
        selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(rows, "share of sentences in percent", alt) if rows else ""
    return Figure(
        svg,
        alt,
        compose(*notes),
        Table(table, columns=("code", "n", "size", "machine", "share", "sufficient")),
    )


def _estimate_note(table: pd.DataFrame, n: int) -> str:
    if table["share"].isna().all():
        return "Nothing corrects it yet."
    said = f"The estimate stands on {n} coded sentences, each weighted by what it stands for, with its 95 % interval (Cochran 1977, 5.2)."
    return said + ("" if table["sufficient"].all() else " Hollow: fewer than thirty codes in a stratum.")


def agreement_reading(agreed: pd.DataFrame, codes: pd.DataFrame) -> str:
    """How far coders agree, or how to start coding. In: a table of `agreement.agreement`, the codes."""
    coders = sorted(codes["coder"].unique())
    if not coders:
        return (
            f"Nobody has coded a sentence yet, so nothing can be said of how often the machine errs. {START}"
        )
    given = listed([f"{coder} {count(int((codes['coder'] == coder).sum()), 'sentence')}" for coder in coders])
    if len(coders) == 1:
        return f"Coded by {given}. With one coder nobody knows how far two people would agree: ask a second one to code the same sentences."
    pairs = agreed[agreed["coder"] != "all"]
    said = [
        f"{r['coder']} and {r['other']} agree on {percent(r['agreement'])} {interval(r['low'], r['high'], 'share')} of {int(r['n'])} sentences (kappa {number(r['kappa'], 2)}, alpha {number(r['alpha'], 2)})"
        + ("" if r["sufficient"] else ", too few to tell")
        for r in pairs.to_dict("records")
    ]
    low = pairs["alpha"].min()
    judged = (
        " Below 0.667 Krippendorff advises to draw no conclusion: sharpen the question first."
        if low < 0.667
        else ""
    )
    return f"Coded by {given}. {'; '.join(said)}.{judged}"


def accuracy_reading(right: pd.DataFrame) -> str:
    """How far the machine is right. In: a table of `agreement.accuracy`."""
    if not len(right):
        return (
            "No sentence of the sample has a code that all its coders gave, so the machine cannot be judged."
        )
    n = int(right["n_machine"].sum())
    hits = int(right["hits"].sum())
    worst = right.dropna(subset=["precision"]).sort_values("precision", kind="stable")
    told = "".join(
        f" Of the sentences it calls {r['code']}, {percent(r['precision'])} {interval(r['precision_low'], r['precision_high'], 'share')} are so to a person."
        for r in worst.head(1).to_dict("records")
    )
    few = "" if right["sufficient"].all() else " Fewer than thirty codes of a kind are too few to tell."
    return f"The machine and the settled codes say the same of {hits} of {n} coded sentences.{told}{few}"


def corrected_reading(table: pd.DataFrame) -> str:
    """What the codes make of the headline share. In: a table of `agreement.corrected_shares`."""
    missing = table.attrs.get("missing", [])
    if missing:
        return f"No corrected share yet: nobody has coded a sentence of {listed([f'“{name}”' for name in missing[:4]])}."
    return " ".join(
        f"{str(r['code']).capitalize()}: the machine says {percent(r['machine'])}, the codes make it {_share(r)}"
        + ("." if r["sufficient"] else " (too few codes to tell).")
        for r in table.to_dict("records")
    )


def coding_keys(table: pd.DataFrame, codes: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Sentences coded, by how many, and the corrected share of each code, for the head of the notebook."""
    coded = len(codes.drop_duplicates(["doc_id", "sentence"]))
    keys = [(f"{coded:,}", "sentences coded", f"by {count(codes['coder'].nunique(), 'person', 'people')}")]
    for r in table.head(3).to_dict("records"):
        said = f"the machine says {percent(r['machine'])} of {int(r['size']):,} sentences"
        if pd.isna(r["share"]):
            keys.append(
                (
                    percent(r["machine"]),
                    f"{r['code']}, unchecked",
                    "as the machine says; no code corrects it yet",
                )
            )
        else:
            few = "" if r["sufficient"] else "; too few codes to tell"
            keys.append(
                (
                    Measured.of(percent(r["share"]), r, "share"),
                    f"{r['code']}, corrected",
                    f"{interval(r['low'], r['high'], 'share')}; {said}{few}",
                )
            )
    return keys


def _dots(r: Mapping[Hashable, Any]) -> list[Dot]:
    machine, share = r["machine"] * 100, r["share"] * 100
    nan = float("nan")
    dots = [Dot(MACHINE, machine, nan, nan, True, f"{number(machine, 0)} %")]
    if share == share:
        low, high = r["low"] * 100, r["high"] * 100
        dots.append(Dot(PEOPLE, share, low, high, bool(r["sufficient"]), f"{number(share, 0)} %"))
    return dots


def _share(r: Mapping[Hashable, Any]) -> str:
    if pd.isna(r["share"]):
        return "not known"
    return f"{percent(r['share'])} {interval(r['low'], r['high'], 'share')}"
