"""What the analyst knows better, written where it belongs, and what moved because of it."""

from __future__ import annotations

import os
from pathlib import Path

import tomlkit

from workbench.errors import BadSettings
from workbench.explorer.facet_counts import FACETS, FacetCounts, names_of
from workbench.explorer.index import Index
from workbench.settings.loader import read_toml
from workbench.settings.metadata import FILE, load_metadata

FIELDS = ("date", "title", "source", "place", "genre", "language")
TOLD = 6  # movements that are told; the facets show the others


def write_metadata(root: Path, doc_id: str, field: str, value: str, reason: str) -> Path:
    """Say in the `metadata.toml` beside a document what one of its fields is; where it stands.

    Comments of the file are kept. Raises BadSettings when the value or the reason means nothing; the
    file is then as it was.
    """
    path, sign, part = doc_id.partition("#")
    place = (root / path).parent / FILE
    if not place.resolve().is_relative_to(root.resolve()):
        raise BadSettings(
            place, problem="it lies outside the corpus", hint="correct the document in its folder"
        )
    name = Path(path).name + sign + part
    if not value.strip() or not reason.strip():
        missing = "value" if not value.strip() else "reason"
        raise BadSettings(place, problem=f"no {missing} is given", hint=f"write the {missing} first")
    if place.is_file():
        read_toml(place)  # refuses what is no TOML, with the line
    document = tomlkit.parse(place.read_text(encoding="utf-8")) if place.is_file() else tomlkit.document()
    entry = document.setdefault(name, tomlkit.table())
    entry[field] = value.strip()
    entry["reason"] = reason.strip()
    new = place.with_name(f".{FILE}.{os.getpid()}")
    try:
        new.write_text(tomlkit.dumps(document), encoding="utf-8")
        try:
            load_metadata(new)
        except BadSettings as error:
            raise BadSettings(place, problem=error.problem, hint=error.hint) from None
        new.replace(place)
    except OSError as error:
        raise BadSettings(
            place, problem=f"it cannot be written ({error.strerror})", hint="make its folder writable"
        ) from error
    finally:
        new.unlink(missing_ok=True)
    return place


def moved(old: tuple[Index, FacetCounts], new: tuple[Index, FacetCounts]) -> list[str]:
    """What a correction changed in what is on the screen, in words: documents, then counts of facets."""
    said = []
    (before_index, before), (after_index, after) = old, new
    if len(before.shown) != len(after.shown):
        said.append(f"{len(before.shown):,} → {len(after.shown):,} documents")
    for facet in FACETS:
        was = dict(zip(names_of(before_index, facet), before.counts[facet].tolist(), strict=True))
        now = dict(zip(names_of(after_index, facet), after.counts[facet].tolist(), strict=True))
        said += [
            f"{facet} {name}: {was.get(name, 0):,} → {now.get(name, 0):,}"
            for name in sorted({*was, *now})
            if was.get(name, 0) != now.get(name, 0)
        ]
    return [*said[:TOLD], *([f"and {len(said) - TOLD} more counts"] if len(said) > TOLD else [])]
