"""Rows for tests of names and their linking, built by hand: no labeller is asked."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from support.paths import SEEDS
from workbench.schema import TABLES, Labelled, Mention, Meta, Quote, Segment, plain
from workbench.settings import aliases
from workbench.settings.loader import SettingsLayer, read_layers

ALIASES = aliases.parse(read_layers("aliases.toml", None))
SETTINGS = SimpleNamespace(aliases=ALIASES)


def document(
    text: str, *segments: Segment, doc_id: str = "a.txt", quotes: tuple[Quote, ...] = (), language: str = "en"
) -> Labelled:
    """A text as one paragraph, or with the segments given."""
    meta = Meta(None, None, None, "none", "", None, "article", language, None)
    whole = (Segment(0, len(text), "paragraph", None, None, "test"),)
    return Labelled(doc_id, text, meta, list(segments or whole), list(quotes), [])


def cut(text: str, *marks: tuple[str, str, str | None, str | None]) -> list[Segment]:
    """Segments from (first words, kind, speaker, role), each up to the first words of the next."""
    flat, starts, at = plain(text), [], 0
    for words, *_ in marks:
        at = flat.index(words, at)
        starts.append(at)
        at += 1
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [
        Segment(s, e, k, who, role, "test")
        for s, e, (_, k, who, role) in zip(starts, ends, marks, strict=True)
    ]


def seeds() -> list[Labelled]:
    """The two seeds with the segments that matter for names."""
    kremlin = (SEEDS / "000_c09b3d58b53652ec.txt").read_text(encoding="utf-8")
    tass = (SEEDS / "003_a52b3706e287451f.txt").read_text(encoding="utf-8")
    putin, kerry = ("Vladimir Putin", "President of Russia"), ("John Kerry", "US Secretary of State")
    nobody = (None, None)
    first = cut(
        kremlin,
        ("View", "chrome", *nobody), ("Meeting with", "title", *nobody), ("May 7", "date", *nobody),
        ("Vladimir Putin welcomed", "paragraph", *nobody), ("* * *", "separator", *nobody),
        ("President of Russia Vl", "speaker_label", *putin), ("Mr Secretary of State", "turn", *putin),
        ("US Secretary of State John Kerry: ", "speaker_label", *kerry), ("Thank you very, very", "turn", *kerry),
        ("[Sergei", "insertion", *nobody), (" on any number", "turn", *kerry), ("<…>", "separator", *nobody),
    )  # fmt: skip
    second = cut(
        tass,
        ("All news", "chrome", *nobody), ("US Secretary of State John Kerry to visit", "title", *nobody),
        ("Moscow hopes", "standfirst", *nobody), ("US Secretary of State John Kerry Al", "caption", *nobody),
        ("Alexander Scherbak/", "credit", *nobody), ("US Secretary", "caption", *nobody), ("©", "credit", *nobody),
        ("MOSCOW, December", "dateline", *nobody), ("US Secretary of State John Kerry will", "paragraph", *nobody),
    )  # fmt: skip
    return [document(kremlin, *first, doc_id="kremlin.txt"), document(tass, *second, doc_id="tass.txt")]


def mention(
    surface: str, label: str = "person", beside: str | None = None, speaker: str | None = None
) -> Mention:
    """A mention without a place."""
    return Mention(
        None, 0, len(surface), surface, label, None, "turn" if speaker else "author", speaker, beside
    )


def frames(
    found: dict[str, list[Mention]],
    speakers: dict[str, list[tuple[str, str | None]]] | None = None,
    stories: dict[str, str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The mentions, segments and documents tables of what is given by document."""
    mentions = [(doc_id, *m) for doc_id, rows in found.items() for m in rows]
    segments = [
        (doc_id, i, 0, 1, "turn", name, role, "test", None)
        for doc_id, pairs in (speakers or {}).items()
        for i, (name, role) in enumerate(pairs)
    ]
    return (
        pd.DataFrame(mentions, columns=list(TABLES["mentions"])),
        pd.DataFrame(segments, columns=list(TABLES["segments"])),
        pd.DataFrame([(d, (stories or {}).get(d, d)) for d in found], columns=["doc_id", "story"]),
    )


def decisions(**table: object) -> aliases.Aliases:
    """Settings with these [[accept]] and [[refuse]] entries alone."""
    return aliases.parse([SettingsLayer("test.toml", table)])
