"""Write an example corpus with a planted truth: pages of invented outlets about invented countries."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from workbench.example.documents import Text, write_text
from workbench.example.effects import Effects
from workbench.example.plan import Plan, PlannedPage, make_plan
from workbench.example.sites import as_html, as_text, page_lines, with_no_break_spaces
from workbench.example.truth import Truth, describe_document, describe_entities, describe_sources
from workbench.example.world import World, invent_world

LEAST_PAGES = 40  # below, some kinds of page and some effects have no room


def write(folder: Path, *, seed: int = 1, effects: Effects | None = None, pages: int = 240) -> Truth:
    """Write an example corpus into a folder, and what is true of it beside the folder.

    For a folder `texts`: the pages go into `texts/<host of the source>/`; pages that arrive later into `texts-late/`, to
    be copied into `texts` after a first build; the truth into `texts-truth.json`; names, addresses and marks of the
    invented sources into `settings/sources.toml`, unless there is such a file. The same seed, effects and pages give
    the same bytes. Raises ValueError for fewer than 40 pages and FileExistsError for a folder that is not empty.
    """
    folder = Path(folder)
    if pages < LEAST_PAGES:
        raise ValueError(f"pages: {pages} are too few for an example; give {LEAST_PAGES} or more")
    if folder.is_dir() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; give a new folder for the example")
    effects = effects or Effects()
    world = invent_world(seed, shared_surname=effects.shared_surname > 0)
    plan = make_plan(world, effects, pages, seed)
    ids = {page.number: _file_name(page, world) for page in plan.pages}
    texts = _texts(plan, world, seed)
    titles = {
        key: [texts[p.number].title.text for p in plan.pages if p.source == key] for key in world.sources
    }
    documents = {}
    for page in plan.pages:
        text = texts[page.number]
        lines = page_lines(world, page, text, seed, titles[page.source])
        if page.source == "presidency" and not page.markup:
            lines = with_no_break_spaces(lines)
        made = as_html(world, page, text, lines, seed) if page.markup else as_text(lines)
        root = folder.with_name(f"{folder.name}-late") if page.late else folder
        path = root / ids[page.number]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(made, page, seed))
        title = next(line.text.text for line in lines if line.kind == "title")
        documents[ids[page.number]] = describe_document(page, title, lines, world, ids)
    truth = Truth(seed, pages, describe_sources(world), describe_entities(world), plan.effects, documents)
    truth.save(folder.with_name(f"{folder.name}-truth.json"))
    _write_settings(folder.parent / "settings" / "sources.toml", world)
    return truth


def sources_toml(world: World) -> str:
    """The entries of `sources.toml` for the invented sources."""
    entries = []
    for source in world.sources.values():
        lines = [f'["{source.name}"]', f'addresses = ["{source.host}"]', f'mastheads = ["{source.name}"]']
        lines += [f'marks = ["{source.mark}"]'] if source.mark else []
        lines += ['genre = "article"'] if source.kind in ("agency", "portal") else []
        entries.append("\n".join(lines))
    head = "# The invented sources of the example: how a page shows that it is theirs."
    return "\n\n".join([head, *entries]) + "\n"


def _texts(plan: Plan, world: World, seed: int) -> Mapping[int, Text]:
    """The text of every page; a page that repeats another one is written after it."""
    texts: dict[int, Text] = {}
    waiting = list(plan.pages)
    while waiting:
        page = waiting.pop(0)
        origin = page.copies if page.copies is not None else page.updates
        if origin is not None and origin not in texts:
            waiting.append(page)
            continue
        texts[page.number] = write_text(world, page, seed, texts[origin] if origin is not None else None)
    return texts


def _file_name(page: PlannedPage, world: World) -> str:
    suffix = "html" if page.markup else "txt"
    return f"{world.sources[page.source].host}/{page.number:04}-{page.genre}.{suffix}"


def _bytes(made: str, page: PlannedPage, seed: int) -> bytes:
    """The bytes of a file; those of a broken feed are empty, end in the middle of the head, or are no text."""
    raw = made.encode("utf-8")
    if not page.broken:
        return raw
    rng = random.Random(f"broken {seed} {page.number}")  # noqa: S311
    if page.broken == "empty":
        return b""
    if page.broken == "cut":
        return raw[: raw.find(b"<body>")]
    return bytes(rng.randrange(256) for _ in range(len(raw) // 3)) + b"\0\0\0"


def _write_settings(path: Path, world: World) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sources_toml(world), encoding="utf-8", newline="\n")
