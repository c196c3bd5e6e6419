"""Select text: the grammar of a selection, its frozen value, and its application to tables."""

from workbench.selection.model import Selection

__all__ = ["Selection"]
