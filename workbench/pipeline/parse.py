"""File -> JSON: how files were understood, nothing kept. The contract that outside checks call."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.errors import BadCorpus
from workbench.pipeline import LAYERS
from workbench.pipeline.plan import path_of
from workbench.pipeline.process import PART, ProcessedDocument, ProcessedFile, process_file
from workbench.schema import TABLES, Problem
from workbench.settings import Settings, load_settings

# Files whose names are linked with one another. Few files are one question, and are linked as a corpus
# would be; of many, so many at a time, so that the memory stays that of 200 texts.
TOGETHER = 200

LABELS = ("segments", "quotes", "sentences")  # tables of spans that every document has

Parsed = dict[str, Any]
Rows = Mapping[str, Mapping[str, list[Parsed]]]


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
    nothing else in it. A file that is named twice is parsed once. Names are linked across `TOGETHER` files at a time. `doc_id` is the path below `root`, which by default
    is the folder that holds all files. Raises BadCorpus when a folder holds no file.
    """
    settings = settings or load_settings()
    paths = _expanded(files)
    root = root or _common(paths)
    size = TOGETHER if "mentions" in layers else 1
    for batch in _together(paths, root, settings, size):
        rows = _rows_by_document(batch, settings, layers)
        for file in batch:
            yield from _objects(file, rows, layers)


def _together(
    files: Sequence[Path], root: Path, settings: Settings, size: int
) -> Iterator[list[ProcessedFile]]:
    """The files, `size` at a time; a file of many documents in its parts, each of them alone."""
    batch: list[ProcessedFile] = []
    for file in files:
        for part in process_file(file, path_of(file, root), root, settings):
            large = len(part.documents) >= PART or part.more
            if batch and large:
                yield batch
                batch = []
            batch.append(part)
            if large or len(batch) >= size:
                yield batch
                batch = []
    if batch:
        yield batch


def _expanded(files: Sequence[Path]) -> list[Path]:
    """The files, and those below the folders among them, each once. BadCorpus for a folder without any."""
    from workbench.read import find_files

    paths: list[Path] = []
    for path in map(Path, files):
        below = find_files(path.absolute()) if path.is_dir() else [path.absolute()]
        if not below:
            raise BadCorpus(
                path, problem="there is no file to read in it", hint="name files, or another folder"
            )
        paths += below
    return list(dict.fromkeys(paths))


def _common(files: Sequence[Path]) -> Path:
    """The folder that holds all files; doc_ids are paths below it."""
    return Path(os.path.commonpath([file.parent for file in files])) if files else Path.cwd()


def _rows_by_document(batch: Sequence[ProcessedFile], settings: Settings, layers: Collection[str]) -> Rows:
    """The tables that a build would store, as rows by table and doc_id; those of `entities` by entity."""
    from workbench.pipeline.layers import link_tables, tables_of_batch
    from workbench.store.frames import sentence_scores

    tables = tables_of_batch(settings, batch, layers)
    if "sentiment" in layers:
        tables["sentiment"] = sentence_scores(tables["sentiment"])
    if "mentions" in layers:
        tables |= link_tables(settings, tables["names"], tables["segments"], tables["documents"])
    tables["documents"] = tables["documents"].drop_columns(["text"])
    shown = ("documents", *LABELS, *(layer for layer in LAYERS if layer in layers), "entities")
    return {
        name: {
            key: list(rows)
            for key, rows in groupby(
                tables[name].to_pylist(), itemgetter("entity" if name == "entities" else "doc_id")
            )
        }
        for name in shown
        if name in tables
    }


def _objects(file: ProcessedFile, rows: Rows, layers: Collection[str]) -> Iterator[Parsed]:
    for document in file.documents:
        yield _object(document, rows, layers)
    if file.refused or not (file.documents or file.more):
        columns = [name for name in TABLES["documents"] if name != "text"]
        nothing: Parsed = {name: [] for name in (*LABELS, *layers)}
        nothing |= {"entities": []} if "mentions" in layers else {}
        document_row = dict.fromkeys(columns) | {"doc_id": file.path, "path": file.path}
        yield {
            "document": document_row,
            "text": None,
            **nothing,
            "problems": _problems(file.path, file.refused),
        }


def _object(document: ProcessedDocument, rows: Rows, layers: Collection[str]) -> Parsed:
    doc_id, text = document.labelled.doc_id, document.labelled.text
    parsed: Parsed = {"document": rows["documents"][doc_id][0], "text": text}
    for name in (*LABELS, *(layer for layer in LAYERS if layer in layers)):
        own = rows[name].get(doc_id, [])
        if name != "sentiment":  # a score has no span of its own
            own = [row | {"text": text[row["start"] : row["end"]]} for row in own]
        parsed[name] = own
    if "mentions" in layers:
        counts = Counter(row["entity"] for row in parsed["mentions"])
        parsed["entities"] = [
            row | {"n": n}  # in this document
            for name, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
            for row in rows["entities"].get(name, [])
        ]
    parsed["problems"] = _problems(doc_id, document.problems)
    return parsed


def _problems(doc_id: str, problems: Sequence[Problem]) -> list[Parsed]:
    return [{"doc_id": doc_id, **problem._asdict()} for problem in problems]
