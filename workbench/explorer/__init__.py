"""The explorer: search, filter, read and report a corpus with widgets in a notebook.

State is one Selection and a few view settings; everything that can be had without a widget (facet
counts, completion, histogram, marks, the line of code) is a plain function of the index and the state,
tested alone. Widgets only show the values of these functions and send changes back.
Text of documents enters HTML through `markup.text` only. Counting and drawing are done by `analysis`
and `display`, with the calls that the notebooks make.

No other package imports ipywidgets.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.explorer.app import Explorer
    from workbench.explorer.widgets.coding import CodingBox
    from workbench.verbs.hand_coding import CodingTask

READ_ONLY = "WORKBENCH_READ_ONLY"  # environment variable set by `workbench explore`: nothing can be corrected, saved or run


def explore(corpus: str | None = None, select: str = "", *, read_only: bool | None = None) -> Explorer:
    """The explorer of a folder of documents, to be displayed as the last line of a cell.

    It opens in the state it was left in; with another `select` than then, it opens with that.
    """
    from workbench.explorer.app import open_explorer

    closed = bool(os.environ.get(READ_ONLY)) if read_only is None else read_only
    return open_explorer(corpus, select, read_only=closed)


def code(coding: CodingTask, coder: str = "") -> CodingBox:
    """Widgets to code a sample by hand (`hand_coding.open_coding`), to be displayed as the last line of a cell."""
    from workbench.explorer.widgets.coding import CodingBox

    return CodingBox(coding, coder, read_only=bool(os.environ.get(READ_ONLY)))
