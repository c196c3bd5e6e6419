"""Write corrections to metadata.toml, and report which counts they changed."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import BadSettings
from workbench.explorer.facet_counts import FACETS, FacetCounts, names_of
from workbench.explorer.index import Index
from workbench.files import replacing
from workbench.settings.metadata import FILE, load_metadata
from workbench.settings.toml_editor import new_table, open_document

FIELDS = ("date", "title", "source", "place", "genre", "language")
LISTED = 6  # changes that are listed; the facets show the others


def write_metadata(root: Path, doc_id: str, field: str, value: str, reason: str) -> Path:
    """Correct one field of a document in the `metadata.toml` beside it; returns the path of that file.

    Comments of the file are kept. Raises BadSettings when the value is not valid or the reason is
    empty; the file is then left unchanged.
    """
    path, sign, part = doc_id.partition("#")
    metadata_file = (root / path).parent / FILE
    if not metadata_file.resolve().is_relative_to(root.resolve()):
        raise BadSettings(
            metadata_file, problem="it lies outside the corpus", hint="correct the document in its folder"
        )
    name = Path(path).name + sign + part
    if not value.strip() or not reason.strip():
        missing = "value" if not value.strip() else "reason"
        raise BadSettings(metadata_file, problem=f"no {missing} is given", hint=f"write the {missing} first")
    document = open_document(metadata_file)
    entry = document.setdefault(name, new_table())
    entry[field] = value.strip()
    entry["reason"] = reason.strip()
    try:
        with replacing(metadata_file) as new:
            new.write_text(document.as_string(), encoding="utf-8")
            load_metadata(new)
    except BadSettings as error:
        raise BadSettings(metadata_file, problem=error.problem, hint=error.hint) from None
    except OSError as error:
        raise BadSettings(
            metadata_file, problem=f"it cannot be written ({error.strerror})", hint="make its folder writable"
        ) from error
    return metadata_file


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
