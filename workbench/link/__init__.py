"""Across documents: which mentions are one entity.

`link` gives every mention its entity, `suggest` lists the merges it did not dare, `ledger` counts what
each accepted or refused merge moved, `moves` what changes from one set of decisions to another.
"""

from workbench.link.entities import Linker, link
from workbench.link.ledger import ledger, moves
from workbench.link.suggestions import suggest

__all__ = ["Linker", "ledger", "link", "moves", "suggest"]
