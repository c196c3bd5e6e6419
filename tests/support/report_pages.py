"""Pages of reports as they are rendered, without running a notebook."""

from __future__ import annotations

import pandas as pd

from workbench.display import KeyFigures
from workbench.display.blocks import DisplayBlock, Figure, Heading, Reading, Table
from workbench.display.canvas import canvas, to_svg
from workbench.report.notebook.parameters import ParameterSchema
from workbench.report.page.render import PageFacts, PagePart, render
from workbench.selection.model import Selection


def dots(words: str, alt: str = "Three dots, rising") -> Figure:
    """A small figure of our own, drawn as all are."""
    with canvas(1.2) as (drawing, axes):
        axes.plot([1, 2, 3], [1, 2, 3], "o-", color="#0072B2")
        axes.set_xlabel(words)
        return Figure(to_svg(drawing, alt), alt, f"Caption of {words}.", Table(pd.DataFrame({"n": [1]})))


def notebook(title: str, *shown: DisplayBlock) -> dict[str, object]:
    """An executed notebook that has shown these, each from a cell of its own."""
    cells: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": f"# {title}"}]
    for number, one in enumerate(shown):
        output = {"output_type": "display_data", "metadata": {}, "data": one._repr_mimebundle_()}
        cells.append({"cell_type": "code", "metadata": {}, "source": f"show({number})", "outputs": [output]})
    return {"cells": cells}


def usual(title: str, figures: int = 2) -> dict[str, object]:
    """A notebook of key figures and so many sections with a figure and its reading."""
    shown: list[DisplayBlock] = [KeyFigures([("4.2", f"rate of {title}", "[3.1–5.6] per 1,000 words")])]
    for number in range(figures):
        shown += [
            Heading(f"Finding {number} of {title}"),
            dots(f"{title} {number}"),
            Reading(f"Reading {number} says 3.1 of it. Another sentence."),
        ]
    return notebook(title, *shown)


def page_of(
    *notebooks: dict[str, object],
    title: str = "The week",
    notices: tuple[str, ...] = (),
    changes: str = "",
    last_good: tuple[str, str] | None = None,
) -> str:
    """The page of these notebooks, as the runner renders it."""
    parts = [
        PagePart(f"n{number}", ParameterSchema(f"n{number}.ipynb", ()), {}, {})
        for number in range(len(notebooks))
    ]
    return render(
        notebooks,
        PageFacts(
            title=title, parts=parts, select=Selection(), made="2026-11-23 06:00 UTC", stamp={"Corpus version": "v1"},
            command="workbench report weekly --slot 2026-11-23T05:00Z", changes=changes, last_good=last_good,
            notices=[("degraded", notice) for notice in notices],
        ),
    )  # fmt: skip
