"""The stories of a corpus: the bodies of all its documents, compared, to `pairs` and `documents.story`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from workbench.files import write_atomically
from workbench.pipeline.executors import batches
from workbench.pipeline.layers import BuildContext
from workbench.pipeline.plan import DocumentState, corpus_version
from workbench.pipeline.versions import LayerVersions
from workbench.schema import BODY_KINDS
from workbench.store import Change, Staging, from_frame, schema_of, to_frame

if TYPE_CHECKING:
    from workbench.link.stories.near_duplicates import PairCache

KNOWN = (
    "doc_id",
    "title",
    "date",
    "source",
    "story",
)  # of documents, by what documents are grouped into stories
COMPARED = "compared.json"  # beside the tables
MOST_COMPARED = 200_000  # pairs kept in it, some 40 MB; 7,638 transcripts have 15,000
IN_MEMORY = 1 << 24  # bytes of bodies; more of them go to disk
READ = 512  # documents of the store whose bodies are read at a time


class StoryUpdate(NamedTuple):
    """Pairs of the corpus, the story of every document, the kept documents whose story changed, under which rules.

    Where nothing that stories depend on changed, `pairs` is None and everything stays as it is.
    """

    pairs: pa.Table | None
    story: dict[str, str]
    moved: list[str]
    rules: str


class BodyTexts(Mapping[str, str]):
    """The body of each document by doc_id, on disk when they are many."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as the mapping
        self._places: dict[str, tuple[int, int]] = {}
        self.known: list[pa.Table] = []
        self._end = 0

    def add(self, documents: pa.Table, segments: pa.Table) -> None:
        """Take in documents [KNOWN, text] with their segments [doc_id, start, end, kind]."""
        self.known.append(documents.select(KNOWN))
        spans: dict[str, list[tuple[int, int]]] = {}
        chosen = segments.filter(pc.is_in(segments.column("kind"), pa.array(BODY_KINDS)))
        columns = (chosen.column(name).to_pylist() for name in ("doc_id", "start", "end"))
        for doc_id, start, end in zip(*columns, strict=True):
            spans.setdefault(doc_id, []).append((start, end))
        self._file.seek(self._end)
        for row in documents.select(["doc_id", "text"]).to_pylist():
            pieces = (row["text"][start:end].strip() for start, end in sorted(spans.get(row["doc_id"], [])))
            body = "\n\n".join(pieces).encode("utf-8", "replace")
            self._places[row["doc_id"]] = (self._end, len(body))
            self._end += self._file.write(body)

    def drop(self, doc_ids: Collection[str]) -> None:
        """Forget documents that are taken in again; their old bodies stay on disk until the end."""
        unwanted = pa.array(sorted(doc_ids), pa.string())
        self.known = [
            table.filter(pc.invert(pc.is_in(table.column("doc_id"), unwanted))) for table in self.known
        ]
        for doc_id in doc_ids:
            del self._places[doc_id]

    def __getitem__(self, doc_id: str) -> str:
        """The body, each segment a paragraph of its own."""
        start, length = self._places[doc_id]
        self._file.seek(start)
        return self._file.read(length).decode()

    def __iter__(self) -> Iterator[str]:
        """The doc_ids as they came."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many documents."""
        return len(self._places)


def update_stories(
    context: BuildContext, bodies: BodyTexts, state: Sequence[DocumentState], kept: Sequence[DocumentState]
) -> StoryUpdate:
    """The stories of the corpus: `bodies` of what was read, and those of the `kept` documents of the store."""
    head, rules = context.store.latest(), _told_as(state, context.rules)
    if head is not None and head.facts.get("stories") == rules:
        return StoryUpdate(None, {}, [], rules)
    from workbench.link.stories.near_duplicates import find_pairs, group_stories

    kept_ids = [row.doc_id for row in kept if row.doc_id]
    read = len(bodies.known)
    for part in batches(kept_ids, READ):
        where = {"doc_id": part}
        segments = context.store.read("segments", ("doc_id", "start", "end", "kind"), where, head)
        bodies.add(context.store.read("documents", (*KNOWN, "text"), where, head), segments)
    documents = to_frame("documents", pa.concat_tables(bodies.known)).sort_values("doc_id", ignore_index=True)
    memory = _recall(context)
    pairs = find_pairs(bodies, documents, memory)
    _keep(context, memory)
    story = {str(doc_id): str(first) for doc_id, first in group_stories(pairs, documents).items()}
    moved = [
        row["doc_id"]
        for table in bodies.known[read:]
        for row in table.to_pylist()
        if row["story"] != story[row["doc_id"]]
    ]
    return StoryUpdate(from_frame(schema_of("pairs"), pairs), story, moved, rules)


def _recall(context: BuildContext) -> PairCache:
    """What was compared at the last build under the same rules. A cache: without it, every pair is compared again."""
    try:
        rules, memory = json.loads((context.store.place / COMPARED).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):  # absent or damaged
        return {}
    return memory if rules == context.rules.stories and isinstance(memory, dict) else {}


def _keep(context: BuildContext, memory: PairCache) -> None:
    """Write what was compared, whole or not at all."""
    kept = dict(islice(memory.items(), MOST_COMPARED))
    write_atomically(context.store.place / COMPARED, json.dumps([context.rules.stories, kept]))


def stage_moved(context: BuildContext, staging: Staging, stories: StoryUpdate) -> None:
    """Stage the whole rows of kept documents whose story changed, so that they can be put anew."""
    for part in batches(stories.moved, READ):
        staging.add("documents", context.store.read("documents", where={"doc_id": part}))


def with_stories(changes: dict[str, Change], stories: StoryUpdate) -> dict[str, Change]:
    """The changes with the story of each document written into its row, and the pairs."""
    if stories.pairs is None:
        return changes
    documents = changes["documents"]
    rows = documents.add
    assert rows is None or isinstance(rows, pa.RecordBatchReader)
    filled = Change(_filled(rows, stories.story), [*documents.drop, *stories.moved], documents.whole)
    return changes | {"documents": filled, "pairs": Change(stories.pairs, whole=True)}


def _told_as(rows: Sequence[DocumentState], rules: LayerVersions) -> str:
    """What the stories depend on: the documents with their labels, and the rules for stories."""
    same = LayerVersions(*("" for _ in LayerVersions._fields))._replace(stories=rules.stories)
    return corpus_version([row for row in rows if row.doc_id], same)


def _filled(rows: pa.RecordBatchReader | None, story: Mapping[str, str]) -> pa.RecordBatchReader | None:
    """Rows of documents with the story of each."""
    if rows is None:
        return None
    place, field = rows.schema.get_field_index("story"), rows.schema.field("story")

    def batches_filled() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            found = [story[doc_id] for doc_id in batch.column("doc_id").to_pylist()]
            yield batch.set_column(place, field, pa.array(found, field.type))

    return pa.RecordBatchReader.from_batches(rows.schema, batches_filled())
