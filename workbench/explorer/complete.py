"""Completion of the search line: field names, then the values of a field, most documents first."""

from __future__ import annotations

import re

from workbench.explorer.answer import FACETS, FIELD, Answer, names_of
from workbench.explorer.histogram import axis_of
from workbench.explorer.index import BY_VALUE, Index
from workbench.selection import FIELDS, STORIES

AT_MOST = 12
_LAST = re.compile(
    r'(?:^|(?<=\s))(?P<field>[A-Za-z_]+):(?P<done>(?:"[^"]*",|[^\s",]+,)*)(?P<part>"[^"]*|[^\s",]*)$'
)
_WORD = re.compile(r"(?:^|(?<=\s))(?P<word>[^\W\d_]+)$")
_FACET = {field: facet for facet, field in FIELD.items()}


def completions(index: Index, found: Answer, line: str) -> list[str]:
    """Whole lines that `line` could become: its last word completed. Empty inside a quoted phrase.

    A field's values are those of which a word begins with what is written, the ones with most documents
    in the present answer first. A word is completed to a field, or to a name that it begins.
    """
    if last := _LAST.search(line):
        head = line[: last.start("part")]
        return [
            f"{head}{_quoted(value)} " for value in _values(index, found, last["field"].lower(), last["part"])
        ]
    if line.count('"') % 2 or not (word := _WORD.search(line)):
        return []
    head, part = line[: word.start()], word["word"]
    fields = [f"{name}:" for name in FIELDS if name != "query" and name.startswith(part.lower())]
    named = [
        f"{FIELD[facet]}:{_quoted(value)} "
        for facet in ("entity", "speaker", "source", "topic")
        if len(part) > 1
        for value in _known(index, found, facet, part)[:3]
    ]
    return [head + end for end in (*fields, *named)][:AT_MOST]


def _values(index: Index, found: Answer, field: str, written: str) -> list[str]:
    part = written.lstrip('"')
    if field in ("since", "until"):
        return [label for label in axis_of(index).labels if label.startswith(part)][:AT_MOST]
    if field == "stories":
        return [rule for rule in STORIES if rule.startswith(part)]
    facet = _FACET.get(field, field)
    return _known(index, found, facet, part)[:AT_MOST] if facet in (*FACETS, *BY_VALUE) else []


def _known(index: Index, found: Answer, facet: str, part: str) -> list[str]:
    """The values of a facet of which a word begins with `part`, most documents first."""
    names = names_of(index, facet)
    if facet == "voice":
        fitting = [k for k, name in enumerate(names) if name.startswith(part)]
    elif facet == "entity":
        fitting = sorted({int(index.forms.code[k]) for k in index.forms.names.beginning(part)})
    else:
        pairs = {"speaker": index.spoken, "topic": index.topical}.get(facet) or index.values[facet]
        fitting = pairs.names.beginning(part)
    counts = found.counts.get(facet)
    ranked = sorted(fitting, key=lambda k: (-int(counts[k]) if counts is not None else 0, names[k]))
    return [names[k] for k in ranked[:AT_MOST]]


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value
