"""Link mentions across documents to entities, and documents to stories.

`link` gives every mention its entity, `suggest` lists merges for an analyst to decide, `decision_effects` counts
what each accepted or refused merge moved, `moves` what changes from one set of decisions to another.
"""

from workbench.link.entities.decisions import decision_effects, moves, suggest
from workbench.link.entities.linker import Linker, link

__all__ = ["Linker", "decision_effects", "link", "moves", "suggest"]
