"""File -> JSON: how files were understood, nothing kept. The contract that outside checks call."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from workbench.errors import BadCorpus
from workbench.pipeline import LAYERS
from workbench.pipeline.plan import path_of
from workbench.pipeline.process import (
    PART,
    ProcessedDocument,
    ProcessedFile,
    arrow_rows,
    numbered,
    process_file,
)
from workbench.schema import TABLES, Problem
from workbench.settings import Settings, load_settings

# Files whose names are linked with one another. Few files are one question, and are linked as a corpus
# would be; of many, so many at a time, so that the memory stays that of 200 texts.
TOGETHER = 200

Parsed = dict[str, Any]


def parse(
    files: Sequence[Path],
    settings: Settings | None = None,
    *,
    layers: Collection[str] = ("sentiment", "mentions"),
    root: Path | None = None,
) -> Iterator[Parsed]:
    """One object for each document of `files` (a folder stands for the files in it), in their order.

    Keys: `document` (the columns of documents without text; `added` is null), `text`, `segments`,
    `quotes`, `sentences`, `problems`, and, as `layers` asks, `tokens`, `sentiment`, `mentions` with
    `entities`: lists of objects with the columns of the tables and, where there is a span, its `text`.
    What cannot be read, a file or parts of one, gives an object with the file's path and problems and
    nothing else in it. Names are linked across `TOGETHER` files at a time. `doc_id` is the path below `root`, which by default
    is the folder that holds all files. Raises BadCorpus when a folder holds no file.
    """
    settings = settings or load_settings()
    files = list(_expanded(files))
    root = root or _common(files)
    size = TOGETHER if "mentions" in layers else 1
    for taken in _together(files, root, settings, size):
        documents = [one for file in taken for one in file.documents]
        rows = _tables(documents, settings, layers)
        for file in taken:
            yield from _objects(file, rows, layers)


def _together(
    files: Sequence[Path], root: Path, settings: Settings, size: int
) -> Iterator[list[ProcessedFile]]:
    """The files, `size` at a time; a file of many documents in its parts, each of them alone."""
    taken: list[ProcessedFile] = []
    for file in files:
        for part in process_file(file, path_of(file, root), root, settings):
            large = len(part.documents) >= PART or part.more
            if taken and large:
                yield taken
                taken = []
            taken.append(part)
            if large or len(taken) >= size:
                yield taken
                taken = []
    if taken:
        yield taken


def _expanded(files: Sequence[Path]) -> Iterator[Path]:
    from workbench.read import find_files

    for path in map(Path, files):
        if not path.is_dir():
            yield path.absolute()
            continue
        below = find_files(path.absolute())
        if not below:
            raise BadCorpus(
                path, problem="there is no file to read in it", hint="name files, or another folder"
            )
        yield from below


def _common(files: Sequence[Path]) -> Path:
    """The folder that holds all files; doc_ids are paths below it."""
    return Path(os.path.commonpath([file.parent for file in files])) if files else Path.cwd()


def _tables(
    documents: list[ProcessedDocument], settings: Settings, layers: Collection[str]
) -> dict[str, dict[str, list[Parsed]]]:
    """Rows of the layers asked for, by table and doc_id."""
    from workbench.pipeline.layers import MAKE, link_tables
    from workbench.store.frames import sentence_scores

    labelled = [one.labelled for one in documents]
    tables = {layer: MAKE[layer](settings, labelled) for layer in LAYERS if layer in layers}
    if "sentiment" in tables:
        tables["sentiment"] = sentence_scores(tables["sentiment"])
    if "mentions" in layers:
        segments = arrow_rows("segments", numbered(documents, "segments"))
        shown = arrow_rows("documents", [[*one.row.values()] for one in documents]).drop_columns(["text"])
        tables |= link_tables(settings, tables["mentions"], segments, shown)
    rows: dict[str, list[Parsed]] = {name: table.to_pylist() for name, table in tables.items()}
    by_document = {
        name: {doc_id: list(group) for doc_id, group in groupby(table, key=lambda row: row["doc_id"])}
        for name, table in rows.items()
        if name != "entities"
    }
    return by_document | {"entities": {str(row["entity"]): [row] for row in rows.get("entities", [])}}


def _objects(
    file: ProcessedFile, rows: Mapping[str, Mapping[str, list[Parsed]]], layers: Collection[str]
) -> Iterator[Parsed]:
    for one in file.documents:
        yield _object(one, rows, layers)
    if file.refused or not (file.documents or file.more):
        columns = [name for name in TABLES["documents"] if name != "text"]
        nothing: Parsed = {name: [] for name in ("segments", "quotes", "sentences", *layers)}
        nothing |= {"entities": []} if "mentions" in layers else {}
        document = dict.fromkeys(columns) | {"doc_id": file.path, "path": file.path}
        yield {"document": document, "text": None, **nothing, "problems": _problems(file.path, file.refused)}


def _object(
    one: ProcessedDocument, rows: Mapping[str, Mapping[str, list[Parsed]]], layers: Collection[str]
) -> Parsed:
    doc_id, text = one.labelled.doc_id, one.labelled.text
    parsed: Parsed = {
        "document": {name: said for name, said in one.row.items() if name != "text"},
        "text": text,
    }
    for name in ("segments", "quotes", "sentences"):
        columns = list(TABLES[name])
        found = [dict(zip(columns, row, strict=True)) for row in numbered([one], name)]
        parsed[name] = [_cut(row, text) for row in found]
    for name in (layer for layer in LAYERS if layer in layers):
        found = rows[name].get(doc_id, [])
        parsed[name] = [_cut(row, text) for row in found] if name != "sentiment" else found
    if "mentions" in layers:
        parsed["entities"] = _entities(parsed["mentions"], rows["entities"])
    parsed["problems"] = _problems(doc_id, one.problems)
    return parsed


def _entities(mentions: list[Parsed], entities: Mapping[str, list[Parsed]]) -> list[Parsed]:
    """The entities that a document mentions, the most frequent in it first; `n` counts there."""
    counts: dict[str, int] = {}
    for row in mentions:
        counts[row["entity"]] = counts.get(row["entity"], 0) + 1
    shown = sorted(counts, key=lambda name: (-counts[name], str(name)))
    return [
        row | {"aliases": list(row["aliases"]), "n": counts[name]}
        for name in shown
        for row in entities.get(name, [])
    ]


def _cut(row: Parsed, text: str) -> Parsed:
    return row | {"text": text[row["start"] : row["end"]]}


def _problems(doc_id: str, problems: Sequence[Problem]) -> list[Parsed]:
    return [{"doc_id": doc_id, **problem._asdict()} for problem in problems]
