"""Plan corrections, write them to metadata.toml, and report which counts they changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadParameter, BadSettings
from workbench.explorer.facet_counts import FACETS, FacetCounts, names_of
from workbench.explorer.index import Index
from workbench.pipeline import label_corrections
from workbench.settings.metadata_editor import entry_place, write_fields

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.pipeline.label_corrections import PlannedCorrection

FIELDS = ("date", "title", "source", "place", "genre", "language")
LISTED = 6  # changes that are listed; the facets show the others


def write_metadata(root: Path, doc_id: str, field: str, value: str, reason: str) -> Path:
    """Correct one field of a document in the `metadata.toml` beside it; returns the path of that file.

    Comments of the file are kept. Raises BadSettings when the value is not valid or the reason is
    empty; the file is then left unchanged.
    """
    metadata_file, _ = entry_place(root, doc_id)
    if not value.strip() or not reason.strip():
        missing = "value" if not value.strip() else "reason"
        raise BadSettings(metadata_file, problem=f"no {missing} is given", hint=f"write the {missing} first")
    return write_fields(root, doc_id, {field: value.strip(), "reason": reason.strip()})


def plan_label_correction(
    corpus: Corpus, what: str, address: str, value: str, reason: str
) -> PlannedCorrection:
    """Plan a correction of turns, quotes or labels, or delete a quotation, at an address. Raises BadParameter where it means nothing."""
    if not address:
        raise BadParameter("correction", problem="no place is chosen", hint="choose one of the list first")
    if what == "delete":
        return label_corrections.plan_quote(corpus, address, None, reason)
    if not value.strip():
        raise BadParameter("correction", problem="no value is given", hint="write who speaks, or the kind")
    if what == "labels":
        return label_corrections.plan_label(corpus, address, value.strip(), reason)
    if what == "quotes":
        return label_corrections.plan_quote(corpus, address, value, reason)
    return label_corrections.plan_turn(corpus, address, value, reason)


def effect_line(planned: PlannedCorrection) -> str:
    """What a planned correction speaks of and changes, as a sentence."""
    subject = planned.subject[:1].upper() + planned.subject[1:]
    return f"{subject}: {planned.effect}."


def changed_counts(old: tuple[Index, FacetCounts], new: tuple[Index, FacetCounts]) -> list[str]:
    """The counts on the screen that a correction changed, in words: documents first, then facets."""
    changes = []
    (before_index, before), (after_index, after) = old, new
    if len(before.shown) != len(after.shown):
        changes.append(f"{len(before.shown):,} → {len(after.shown):,} documents")
    for facet in FACETS:
        was = dict(zip(names_of(before_index, facet), before.counts[facet].tolist(), strict=True))
        now = dict(zip(names_of(after_index, facet), after.counts[facet].tolist(), strict=True))
        changes += [
            f"{facet} {name}: {was.get(name, 0):,} → {now.get(name, 0):,}"
            for name in sorted({*was, *now})
            if was.get(name, 0) != now.get(name, 0)
        ]
    return [
        *changes[:LISTED],
        *([f"and {len(changes) - LISTED} more counts"] if len(changes) > LISTED else []),
    ]
