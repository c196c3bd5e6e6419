"""One file through reading, labelling and sentences: what it gave, or why it was refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import BadSettings, WorkbenchError
from workbench.languages import UNDETERMINED, default_language, languages_with, supports
from workbench.pipeline.repeated_lines import NONE, digest_of
from workbench.schema import BODY_KINDS, Document, Labelled, Meta, Problem, Segment, arrow_schema, plain
from workbench.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.label import RepeatedLines

_WORD = re.compile(r"\w+(?:['.-]\w+)*")


class ProcessedDocument(NamedTuple):
    """A document with all that was found before the layers: its row, its labels, its problems.

    `content` is the hash of everything but `added`; what depends on the labels only is kept by it.
    """

    row: dict[str, Any]
    labelled: Labelled
    problems: list[Problem]
    content: str
    group: str = ""
    lines: str = ""
    evidence: str = ""
    attributes: Mapping[str, str] = MappingProxyType({})


class ProcessedFile(NamedTuple):
    """What a file, or a part of one, gave: its documents, and the problems that concern no single one.

    `more` says that the file gave documents in an earlier part.
    """

    path: str
    documents: list[ProcessedDocument]
    refused: list[Problem]
    more: bool = False


# Documents of one file that are kept together, as rows of all tables some 20 kB each: the most that a
# batch of small files holds a few times over, so that a large table costs no more memory than they do.
PART = 256


def process_file(
    file: Path, path: str, root: Path, settings: Settings, evidence: RepeatedLines = NONE
) -> Iterator[ProcessedFile]:
    """Read and label one file, known as `path`; what is wrong with it is a problem, and the others go on.

    It comes in parts of at most `PART` documents, at least one. Raises BadSettings for a `metadata.toml`
    beside it that cannot be meant.
    """
    taken, refused, more = list[ProcessedDocument](), list[Problem](), False
    for found in _documents(file, path, root, settings, evidence):
        if isinstance(found, Problem):
            refused.append(found)
        else:
            taken.append(found)
        if len(taken) + len(refused) >= PART and taken:
            yield ProcessedFile(path, taken, refused, more)
            taken, refused, more = [], [], True
    if taken or refused or not more:
        yield ProcessedFile(path, taken, refused, more)


def _documents(
    file: Path, path: str, root: Path, settings: Settings, evidence: RepeatedLines
) -> Iterator[ProcessedDocument | Problem]:
    from workbench.read import read

    try:
        for item in read(file, root):
            yield item if isinstance(item, Problem) else _process_or_report(item, settings, evidence)
    except BadSettings:
        raise
    except WorkbenchError as error:
        yield Problem(path, error.problem, error.hint, "refused")
    except Exception as error:  # a fault of ours in one file must not take the other thousand with it
        yield _fault(path, error)


def _process_or_report(
    document: Document, settings: Settings, evidence: RepeatedLines
) -> ProcessedDocument | Problem:
    try:
        return _process(document, settings, evidence)
    except (WorkbenchError, MemoryError):
        raise
    except Exception as error:  # nor one document the others of its file
        return _fault(document.path, error, document.doc_id.removeprefix(document.path).removeprefix("#"))


def _fault(path: str, error: Exception, part: str = "") -> Problem:
    problem = f"the workbench failed on {part or 'it'}: {type(error).__name__}: {error}"
    return Problem(path, problem, "report this with the file", "refused")


def tables_of(
    files: Iterable[ProcessedFile], added: Callable[[str, str, str], str | None]
) -> dict[str, pa.Table]:
    """Arrow rows of documents, dates, attributes, segments, quotes, sentences and problems; `added` by path, doc_id and text."""
    files = list(files)
    taken = [one for file in files for one in file.documents]
    rows: dict[str, list[Sequence[Any]]] = {
        "documents": [
            [
                *(
                    one.row
                    | {
                        "text": one.labelled.text,
                        "added": added(one.row["path"], one.labelled.doc_id, one.labelled.text),
                    }
                ).values()
            ]
            for one in taken
        ],
        "dates": [
            (one.labelled.doc_id, "issued", meta.date, meta.date_precision, meta.date_basis, None, None)
            for one in taken
            for meta in [one.labelled.meta]
            if meta.date is not None
        ],
        "attributes": [
            (one.labelled.doc_id, name, value) for one in taken for name, value in one.attributes.items()
        ],
        "segments": numbered(taken, "segments"),
        "quotes": numbered(taken, "quotes"),
        "sentences": numbered(taken, "sentences"),
        "problems": [
            *(problem for one in taken for problem in one.problems),
            *(problem for file in files for problem in file.refused),
        ],
    }
    return {table: arrow_rows(table, found) for table, found in rows.items()}


def numbered(taken: Sequence[ProcessedDocument], what: str) -> list[Sequence[Any]]:
    """Rows (doc_id, number, …) of the segments, quotes or sentences of documents."""
    return [
        (one.labelled.doc_id, number, *row)
        for one in taken
        for number, row in enumerate(getattr(one.labelled, what))
    ]


def arrow_rows(table: str, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows, in the order of the table's columns, as Arrow."""
    import pyarrow as pa

    schema = arrow_schema(table)
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def count_words(text: str, segments: Iterable[Segment]) -> int:
    """Words of body text: runs of letters and digits, with the apostrophes, points and hyphens inside."""
    body = plain(text)
    return sum(
        sum(1 for _ in _WORD.finditer(body, segment.start, segment.end))
        for segment in segments
        if segment.kind in BODY_KINDS
    )


def _process(document: Document, settings: Settings, evidence: RepeatedLines) -> ProcessedDocument:
    from workbench.annotate.sentences import split_sentences
    from workbench.label import label

    labels = label(document, settings, evidence)
    sentences = split_sentences(document.text, labels.segments, labels.quotes)
    labelled = Labelled(
        document.doc_id, document.text, labels.meta, labels.segments, labels.quotes, sentences
    )
    row = _row(document, labels.meta, labels.segments)
    problems = [*labels.problems, *_language_problems(document.path, labels.meta.language)]
    problems = [_placed(problem, document) for problem in problems]
    content = _content(row, labelled, problems, document.attributes)
    known = digest_of(labels.evidence)
    lines = " ".join([labels.sign, *labels.lines])
    return ProcessedDocument(
        row, labelled, problems, content, labels.group, lines, known, dict(document.attributes)
    )


def _placed(problem: Problem, document: Document) -> Problem:
    """A problem of one document of several in a file says which, and its hint names that one alone."""
    if document.doc_id == document.path:
        return problem
    part = document.doc_id.removeprefix(document.path).removeprefix("#")
    hint = problem.hint.replace(f'["{document.path}"]', f'["{document.doc_id}"]')
    return problem._replace(problem=f"{part}: {problem.problem}", hint=hint)


def _row(document: Document, meta: Meta, segments: list[Segment]) -> dict[str, Any]:
    """The columns of documents, in their order; `text` and `added` are filled in where they are kept."""
    return {
        "doc_id": document.doc_id,
        "path": document.path,
        **meta._asdict(),
        "words": count_words(document.text, segments),
        "text": None,
        "sha256": document.sha256,
        "story": document.doc_id,
        "added": None,
    }


def _language_problems(path: str, language: str) -> list[Problem]:
    missing = [layer for layer in ("names", "sentiment") if not supports(language, layer)]
    if missing:
        known = " or ".join(one.name for one in languages_with(missing[0]))
        unsought = " and ".join(f"no {layer}" for layer in missing)
        verb = "was" if missing == ["sentiment"] else "were"
        return [
            Problem(
                path,
                f"the text is not {known} ({language}): {unsought} {verb} looked for",
                "leave it out, select language:en, or read its sentences as they are",
                "note",
            )
        ]
    if language == UNDETERMINED:
        assumed = default_language()
        hint = f'state language = "{assumed.code}" for this file in metadata.toml'
        return [Problem(path, f"its language cannot be told: read as {assumed.name}", hint, "note")]
    return []


def _content(
    row: dict[str, Any], labelled: Labelled, problems: list[Problem], attributes: Mapping[str, str]
) -> str:
    """Hash of a document with its labels, the same on every machine."""
    parts = [row, labelled.text, labelled.segments, labelled.quotes, labelled.sentences, problems]
    parts += [sorted(attributes.items())] if attributes else []
    found = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(found.encode()).hexdigest()[:16]
