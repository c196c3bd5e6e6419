"""Which lines recur in the corpus, and which files must therefore be labelled again.

A document's lines are counted as they are without any such evidence, so that the labels of a corpus
depend on its documents alone: not on the order of building, nor on how often it was built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.pipeline.plan import DocumentState

if TYPE_CHECKING:
    from workbench.label import RepeatedLines

NONE: RepeatedLines = {}


def evidence_of(rows: Sequence[DocumentState]) -> RepeatedLines:
    """How strongly each line recurs, by group of documents; lines that do not recur are left out.

    Copies of one story are one document here: three prints of a story prove nothing of its last line.
    """
    from workbench.label.blocks.repeated_lines import recurrence_strength

    signs: dict[str, set[str]] = {}
    seen: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        if row.doc_id and row.group and row.lines:
            sign, *keys = row.lines.split(" ")
            signs.setdefault(row.group, set()).add(sign)
            lines = seen.setdefault(row.group, {})
            for key in keys:
                lines.setdefault(key, set()).add(sign)
    found = {
        group: {key: n for key, by in lines.items() if (n := recurrence_strength(len(by), len(signs[group])))}
        for group, lines in seen.items()
    }
    return {group: lines for group, lines in found.items() if lines}


def outdated(rows: Sequence[DocumentState], evidence: RepeatedLines) -> set[str]:
    """Paths of the files with a document that was labelled under other evidence than this."""
    return {row.path for row in rows if row.doc_id and row.evidence != digest_of(known_of(row, evidence))}


def known_of(row: DocumentState, evidence: RepeatedLines) -> dict[str, int]:
    """What of the evidence concerns a document."""
    lines = evidence.get(row.group or "", {})
    return {key: lines[key] for key in (row.lines or "").split(" ")[1:] if key in lines}


def digest_of(known: Mapping[str, int]) -> str:
    """Eight hex digits over the evidence that a document was labelled with; nothing for none."""
    if not known:
        return ""
    lines = "\n".join(f"{key} {strong}" for key, strong in sorted(known.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:8]
