"""One file through reading, labelling and sentences: what it gave, or why it was refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import BadSettings, WorkbenchError
from workbench.languages import UNDETERMINED, default_language, languages_with, supports
from workbench.pipeline.repeated_lines import NONE, digest_of
from workbench.schema import BODY_KINDS, TABLES, Document, Labelled, Problem, Segment, arrow_schema, plain
from workbench.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.label import RepeatedLines

_WORD = re.compile(r"\w+(?:['.-]\w+)*")


class ProcessedDocument(NamedTuple):
    """A document with all that was found before the layers: its labels, what is known of its file, its problems.

    `content` is the hash of everything but `added`; what depends on the labels only is kept by it. `group`, `lines`
    and `evidence` are those of its `DocumentState`.
    """

    labelled: Labelled
    path: str
    sha256: str
    words: int
    problems: list[Problem]
    attributes: Mapping[str, str]
    content: str = ""
    group: str = ""
    lines: str = ""
    evidence: str = ""

    def row(self, text: str | None = None, added: str | None = None) -> tuple[Any, ...]:
        """The row of the documents table; the text, and when it was taken in, stand there only where it is stored."""
        doc_id, meta = self.labelled.doc_id, self.labelled.meta
        return (doc_id, self.path, *meta, self.words, text, self.sha256, doc_id, added)


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

    It comes in parts of at most `PART` documents, at least one. Raises BadSettings for settings that mean nothing.
    """
    documents, refused, more = list[ProcessedDocument](), list[Problem](), False
    for outcome in _documents(file, path, root, settings, evidence):
        if isinstance(outcome, Problem):
            refused.append(outcome)
        else:
            documents.append(outcome)
        if len(documents) + len(refused) >= PART and documents:
            yield ProcessedFile(path, documents, refused, more)
            documents, refused, more = [], [], True
    if documents or refused or not more:
        yield ProcessedFile(path, documents, refused, more)


def _documents(
    file: Path, path: str, root: Path, settings: Settings, evidence: RepeatedLines
) -> Iterator[ProcessedDocument | Problem]:
    from workbench.read import read

    try:
        for item in read(file, root):
            if isinstance(item, Problem):
                yield item
                continue
            try:
                outcome: ProcessedDocument | Problem = process_document(item, settings, evidence)
            except (WorkbenchError, MemoryError):
                raise
            except (
                Exception
            ) as error:  # a fault of ours in one document must not take the others of its file with it
                outcome = _fault(path, error, item.doc_id.removeprefix(path).removeprefix("#"))
            yield outcome
    except BadSettings:
        raise
    except WorkbenchError as error:
        yield Problem(path, error.problem, error.hint, "refused")
    except Exception as error:  # nor one file the other thousand
        yield _fault(path, error)


def _fault(path: str, error: Exception, part: str = "") -> Problem:
    problem = f"the workbench failed on {part or 'it'}: {type(error).__name__}: {error}"
    return Problem(path, problem, "report this with the file", "refused")


def tables_of(
    files: Iterable[ProcessedFile], added: Callable[[str, str, str], str | None]
) -> dict[str, pa.Table]:
    """Arrow rows of documents, dates, attributes, segments, quotes, sentences and problems; `added` by path, doc_id and text."""
    files = list(files)
    documents = [document for file in files for document in file.documents]
    labels = [document.labelled for document in documents]
    rows: dict[str, list[Sequence[Any]]] = {
        "documents": [
            document.row(text, added(document.path, doc_id, text))
            for document in documents
            for doc_id, text in [document.labelled[:2]]
        ],
        "dates": [
            (doc_id, "issued", meta.date, meta.date_precision, meta.date_basis, None, None)
            for doc_id, _, meta, *_ in labels
            if meta.date is not None
        ],
        "attributes": [
            (document.labelled.doc_id, name, value)
            for document in documents
            for name, value in document.attributes.items()
        ],
        "problems": [
            *(problem for document in documents for problem in document.problems),
            *(problem for file in files for problem in file.refused),
        ],
    }
    for table in ("segments", "quotes", "sentences"):
        rows[table] = [
            (labelled.doc_id, number, *span)
            for labelled in labels
            for number, span in enumerate(getattr(labelled, table))
        ]
    return {table: arrow_rows(table, those) for table, those in rows.items()}


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


def process_document(document: Document, settings: Settings, evidence: RepeatedLines) -> ProcessedDocument:
    """Label one document, cut its sentences and note what is doubtful about it."""
    from workbench.annotate.sentences import split_sentences
    from workbench.label import label

    labels = label(document, settings, evidence)
    sentences = split_sentences(document.text, labels.segments, labels.quotes)
    problems = [*labels.problems, *_language_problems(document.path, labels.meta.language)]
    processed = ProcessedDocument(
        Labelled(document.doc_id, document.text, labels.meta, labels.segments, labels.quotes, sentences),
        document.path,
        document.sha256,
        count_words(document.text, labels.segments),
        [_placed(problem, document) for problem in problems],
        dict(document.attributes),
        group=labels.group,
        lines=" ".join([labels.sign, *labels.lines]),
        evidence=digest_of(labels.evidence),
    )
    return processed._replace(content=_content(processed))


def _placed(problem: Problem, document: Document) -> Problem:
    """A problem of one document of several in a file says which, and its hint names that one alone."""
    if document.doc_id == document.path:
        return problem
    part = document.doc_id.removeprefix(document.path).removeprefix("#")
    hint = problem.hint.replace(f'["{document.path}"]', f'["{document.doc_id}"]')
    return problem._replace(problem=f"{part}: {problem.problem}", hint=hint)


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


def _content(document: ProcessedDocument) -> str:
    """Hash of a document with its labels, the same on every machine."""
    row = dict(zip(TABLES["documents"], document.row(), strict=True))
    _, text, _, *labels = document.labelled
    parts = [row, text, *labels, document.problems]
    parts += [sorted(document.attributes.items())] if document.attributes else []
    written = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
