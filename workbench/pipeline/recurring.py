"""Which lines recur in the corpus, and which files must therefore be labelled again.

A document's lines are counted as they are without any such evidence, so that the labels of a corpus
depend on its documents alone: not on the order of building, nor on how often it was built.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.pipeline.plan import Row

if TYPE_CHECKING:
    from workbench.label import Evidence

NONE: Evidence = {}


def evidence_of(rows: Sequence[Row]) -> Evidence:
    """How strongly each line recurs, by group of documents; lines that do not recur are left out."""
    from workbench.label.recurring import strength

    sizes: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        if row.doc_id and row.group:
            sizes[row.group] += 1
            counts.setdefault(row.group, Counter()).update((row.lines or "").split())
    found = {
        group: {key: strong for key, n in lines.items() if (strong := strength(n, sizes[group]))}
        for group, lines in counts.items()
    }
    return {group: lines for group, lines in found.items() if lines}


def outdated(rows: Sequence[Row], evidence: Evidence) -> set[str]:
    """Paths of the files with a document that was labelled under other evidence than this."""
    return {row.path for row in rows if row.doc_id and row.evidence != digest_of(known_of(row, evidence))}


def known_of(row: Row, evidence: Evidence) -> dict[str, int]:
    """What of the evidence concerns a document."""
    lines = evidence.get(row.group or "", {})
    return {key: lines[key] for key in (row.lines or "").split() if key in lines}


def digest_of(known: Mapping[str, int]) -> str:
    """Eight hex digits over the evidence that a document was labelled with; nothing for none."""
    if not known:
        return ""
    lines = "\n".join(f"{key} {strong}" for key, strong in sorted(known.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:8]
