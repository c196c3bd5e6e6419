"""Settings of corrections to single labels in `metadata.toml`: turns, quotations, kinds of passages, speakers.

    ["2015/visit.txt".turns]              # who says a turn; the key is its address in the text
    "1204-1309" = {speaker = "Anna Berg", words = "We have come to talk …", reason = "the recording"}

    ["2015/visit.txt".quotes]             # who is quoted, or that it is no quotation
    "310-355" = {speaker = "Elena Markov", words = "a first step", reason = "the next line names her"}
    "702-731" = {delete = true, words = "the Old Ferry", reason = "the name of a ship"}

    ["2015/visit.txt".labels]             # what a passage is
    "40-88" = {kind = "caption", words = "The harbour at dusk", reason = "it stands below a picture"}

    ["2015/visit.txt".speakers]           # a speaker throughout a document; under "*", throughout the corpus
    "customs" = {to = "unknown", reason = "an office that is named, not heard"}

An address counts code points of the document's text. `words` are those that stand there, or their beginning, … and
their end: where the file has changed, the correction follows them, or is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.settings.loader import check_keys

# The tables of corrections, each with the keys that say what is right; `reason` and, but for speakers, `words` stand beside them.
VALUES: Mapping[str, tuple[str, ...]] = {
    "turns": ("speaker",),
    "quotes": ("speaker", "delete"),
    "labels": ("kind",),
    "speakers": ("to",),
}
LINE_KINDS = (
    "standfirst", "paragraph", "byline", "date", "caption", "credit", "stage", "chrome", "related", "footer",
)  # fmt: skip
_ADDRESS = re.compile(r"(\d+)\s*[-–:]\s*(\d+)")
_LIKE_ADDRESS = re.compile(r"[\d\s:–-]+")

Corrections = dict[str, dict[str, dict[str, Any]]]  # table -> address or speaker -> what is right


def is_correction(table: str, key: str, value: object) -> bool:
    """Whether a key below a table of corrections is one of them, rather than an entry on another file that was pasted there."""
    if table not in VALUES or not isinstance(value, Mapping):
        return False
    if table == "speakers":
        return "to" in value or set(value) <= {"to", "reason"}
    return _LIKE_ADDRESS.fullmatch(key) is not None


def parse_corrections(place: str, name: str, table: object) -> tuple[Corrections, list[BadSettings]]:
    """The corrections of an entry of `metadata.toml` by table and address, and what in them means nothing."""
    found: Corrections = {}
    problems: list[BadSettings] = []
    for kind, key, value in _listed(table):
        try:
            if kind != "speakers" and "*" in name:
                problem = f'"{name}" speaks of several files and has {kind}'
                raise BadSettings(place, problem=problem, hint="name one file for it")
            found.setdefault(kind, {})[key] = _correction(place, f'"{name}".{kind}."{key}"', kind, key, value)
            if "*" in name:
                found[kind][key]["everywhere"] = True
        except BadSettings as error:
            problems.append(error)
    return found, problems


def address_span(address: str) -> tuple[int, int] | None:
    """Start and end of an address such as 1204-1309; None where it is none.

    >>> address_span("1204-1309"), address_span("12-12"), address_span("customs")
    ((1204, 1309), None, None)
    """
    match = _ADDRESS.fullmatch(address.strip())
    span = (int(match[1]), int(match[2])) if match else (0, 0)
    return span if span[0] < span[1] else None


def _listed(table: object) -> Iterator[tuple[str, str, object]]:
    for kind in VALUES:
        rows = table.get(kind, {}) if isinstance(table, Mapping) else {}
        if isinstance(rows, Mapping):
            yield from ((kind, key, value) for key, value in rows.items())
        else:
            yield kind, "", rows


def _correction(place: str, what: str, kind: str, key: str, value: object) -> dict[str, Any]:
    """One correction with its reason; BadSettings for what means nothing."""
    wanted = VALUES[kind]
    if not key or not isinstance(value, Mapping):
        raise BadSettings(
            place, problem=f"{what} = {value!r} is no correction", hint=f"write {_example(kind)}"
        )
    keys = (*wanted, "reason") if kind == "speakers" else (*wanted, "words", "reason")
    check_keys(place, value, keys, what)
    if kind != "speakers" and address_span(key) is None:
        raise BadSettings(
            place, problem=f"{what} has no address", hint='write "start-end", such as "1204-1309"'
        )
    given = [name for name in wanted if name in value]
    if len(given) != 1:
        several = " and ".join(given) if given else f"no {' or '.join(wanted)}"
        raise BadSettings(place, problem=f"{what} has {several}", hint=f"write {_example(kind)}")
    if given == ["delete"] and value["delete"] is not True:
        raise BadSettings(
            place,
            problem=f"{what} has delete = {value['delete']!r}",
            hint="write delete = true, or remove the line",
        )
    for name in (name for name in keys if name != "delete" and (name in value or name not in wanted)):
        text = value.get(name, "")
        if not isinstance(text, str) or text.strip() in ("", "…"):
            hint = (
                "workbench correct writes it" if name == "words" else f'write {name} = "…" with what you know'
            )
            raise BadSettings(place, problem=f"{what} gives no {name}", hint=hint)
    if kind == "labels" and value["kind"] not in LINE_KINDS:
        hint = (
            'write title = "…" for the file'
            if value["kind"] == "title"
            else did_you_mean(value["kind"], LINE_KINDS)
        )
        raise BadSettings(place, problem=f'{what} has kind "{value["kind"]}"', hint=hint)
    return {name: item.strip() if isinstance(item, str) else item for name, item in value.items()}


def _example(kind: str) -> str:
    if kind == "speakers":
        return '"customs" = {to = "unknown", reason = "…"}'
    value = 'kind = "caption"' if kind == "labels" else 'speaker = "Anna Berg"'
    return f'"1204-1309" = {{{value}, words = "…", reason = "…"}}'
