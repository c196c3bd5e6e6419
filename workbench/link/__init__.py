"""Across documents: which mentions are one entity.

`link` gives every mention its entity, `suggest` lists the merges it did not dare, `ledger` counts what
each accepted or refused merge moved, `moves` what changes from one set of decisions to another.
"""

from workbench.link.entities.decisions import decision_effects, moves, suggest
from workbench.link.entities.linker import Linker, link

__all__ = ["Linker", "decision_effects", "link", "moves", "suggest"]
