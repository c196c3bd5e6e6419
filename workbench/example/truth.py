"""Record what is true of an example corpus, as JSON beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from workbench.example.documents import Line
from workbench.example.passage import MENTION, TOPIC, Passage
from workbench.example.plan import LETTER, Plan, PlannedPage
from workbench.example.world import PERSON, OfficeHolder, World, read_data


@dataclass(frozen=True)
class Truth:
    """What a corpus holds: its sources, its people and countries, its effects, and each document.

    `documents` has for each file below the corpus folder: source, genre, date (ISO 8601), title, `readable`, `late`,
    `story` (the first document of its family of near-duplicates), `form` (of a form letter), and `lines` in page order.
    A line has text, kind (of `workbench.schema.SEGMENT_KINDS`), and, where it has them: speaker (of a turn), `parts`
    (dateline, speaker_label, insertion), quotes, attitudes (of a crowd or the papers), mentions, topics, tones. All offsets count characters of the line.
    """

    seed: int
    pages: int
    sources: Mapping[str, Mapping[str, Any]]
    entities: Mapping[str, Mapping[str, Any]]
    effects: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the truth as JSON, an entry a line."""
        parts = []
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            if isinstance(value, Mapping):
                entries = ",\n".join(f"  {_json(key)}: {_json(entry)}" for key, entry in value.items())
                parts.append(f" {_json(name)}: {{\n{entries}\n }}")
            else:
                parts.append(f" {_json(name)}: {_json(value)}")
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: Path) -> Truth:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def describe_sources(world: World) -> dict[str, dict[str, Any]]:
    """The sources by name, with what is known of each."""
    return {
        s.name: {"key": s.key, "kind": s.kind, "host": s.host, "mark": s.mark} for s in world.sources.values()
    }


def describe_entities(world: World) -> dict[str, dict[str, Any]]:
    """People and countries by key: name, kind, other spellings, and the offices by which the text calls a person."""
    people = {p.key: _person(p) for p in world.people}
    countries = {c.name: {"kind": "country", "name": c.name, "aliases": []} for c in world.countries}
    return {**people, **countries}


def describe_document(
    page: PlannedPage, title: str, lines: Sequence[Line], world: World, ids: Mapping[int, str]
) -> dict[str, Any]:
    """What is true of a page."""
    origin = page.copies if page.copies is not None else page.updates
    return {
        "source": world.sources[page.source].name,
        "genre": "release"
        if title.startswith("Press ")
        else "statement"
        if page.genre == LETTER
        else page.genre,
        "date": page.date.isoformat(),
        "title": title,
        "readable": not page.broken,
        "late": page.late,
        "story": ids[origin if origin is not None else page.number],
        "form": page.form,
        "lines": [_line(line) for line in lines if line.text.text],
    }


def describe_effects(plan: Plan) -> dict[str, dict[str, Any]]:
    """What was planted, by effect."""
    return plan.effects


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _person(person: OfficeHolder) -> dict[str, Any]:
    office = next(o for o in read_data("names")["office"] if o["role"] == person.role)
    man = "man" if person.pronoun == "he" else "woman"
    offices = [form.replace("{man}", man) for form in office["later"]]
    aliases = [person.other] if person.other else []
    return {"kind": PERSON, "name": person.name, "family": person.family, "aliases": aliases, "offices": offices,
            "country": person.country.name, "role": person.role}  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    text = line.text
    made: dict[str, Any] = {"text": text.text, "kind": line.kind}
    if line.speaker:
        made["speaker"] = line.speaker
    parts = [
        [s.start, s.end, s.kind] for s in text.spans if s.kind in ("dateline", "speaker_label", "insertion")
    ]
    values = {
        "parts": parts,
        "quotes": _quotes(text),
        "mentions": [[s.start, s.end, s.value] for s in text.of(MENTION)],
        "topics": sorted({(s.start, s.end, s.value) for s in text.of(TOPIC)}),
        "attitudes": [[s.start, s.end] for s in text.of("attitude")],
        "tones": [[s.start, s.end, s.value] for s in text.of("tone")],
    }
    return made | {name: value for name, value in values.items() if value}


def _quotes(text: Passage) -> list[dict[str, Any]]:
    named = [s for s in text.of("speaker")]
    found: list[tuple[int, int, str, str]] = []
    for span in text.of("quote"):
        kind, _, speaker = span.value.partition(" ")
        found += [(span.start, span.end, kind, speaker)] if speaker else []
    found += [(s.start, s.end, "indirect", s.value) for s in text.of("indirect")]
    return [
        {"start": start, "end": end, "text": text.text[start:end], "kind": kind, "speaker": speaker,
         "named_by": min(named, key=lambda s: abs(s.start - start)).value if named else ""}
        for start, end, kind, speaker in sorted(found)
    ]  # fmt: skip
