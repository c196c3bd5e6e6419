"""Across documents: which mentions are one entity.

`link` gives every mention its entity, `suggest` lists the merges it did not dare, `ledger` counts what
each accepted or refused merge moved.
"""

from workbench.link.entities import ledger, link
from workbench.link.suggestions import suggest

__all__ = ["ledger", "link", "suggest"]
