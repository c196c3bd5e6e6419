"""Folder -> store, incrementally: read what is new, make the layers asked for, link the names."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from workbench.errors import BadCorpus
from workbench.pipeline import LAYERS, QUICK, USUAL
from workbench.pipeline.executors import ordered_map
from workbench.pipeline.layers import (
    TABLE,
    BuildContext,
    commit_state,
    complete_layers,
    is_linked,
    tables_of_batch,
)
from workbench.pipeline.numbers import LAST, number_documents
from workbench.pipeline.plan import (
    BuildPlan,
    DocumentState,
    FileTask,
    corpus_version,
    finished_layers,
    make_plan,
    read_state,
)
from workbench.pipeline.process import PART, ProcessedFile, arrow_rows, process_file
from workbench.pipeline.repeated_lines import evidence_of, outdated
from workbench.pipeline.stories import BodyTexts, stage_moved, update_stories, with_stories
from workbench.pipeline.versions import LayerVersions, layer_versions
from workbench.project import Project, find_corpus, find_project, store_place
from workbench.schema import VERSION
from workbench.settings import Settings, load_settings
from workbench.store import Change, Commit, Staging, Store, open_store, write_lock

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.label import RepeatedLines
    from workbench.pipeline.layers import Link

LABELS = (
    "documents",
    "dates",
    "attributes",
    "segments",
    "quotes",
    "sentences",
)  # what every build makes, beside problems

CHARACTERS = (
    1 << 20
)  # of documents kept together: 64 long transcripts have several times that, and fill 100 MB as rows
LARGE = 32 * 2**20  # bytes; a tenth of a second of reading, and packed some 300 MB of tables at most


class BuildResult(NamedTuple):
    """What a build did. All but `documents`, `problems` and `seconds` count files.

    `version` is the corpus version. `read` were read (new, changed, or under changed rules), `replaced` of them had been there before,
    `reused` were left alone; `refused` could not be read, now or at an earlier build.
    """

    folder: Path
    version: str
    documents: int
    read: int
    reused: int
    replaced: int
    removed: int
    refused: int
    problems: int
    seconds: float

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{self.documents} documents: {self.read} files read, {self.reused} unchanged, {self.removed} removed, "
            f"{self.refused} refused; {self.problems} problems; corpus {self.version}; {self.seconds:.1f} s"
        )


class Batch(NamedTuple):
    """What a batch of files became: rows of every table, and what is to be known of each document."""

    tables: dict[str, pa.Table]
    rows: list[DocumentState]


def build(
    folder: str | Path | None = None,
    *,
    project: Project | None = None,
    settings: Settings | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    layers: Collection[str] = USUAL,
) -> BuildResult:
    """Bring the store of a folder up to date, and make `layers` for every document.

    Files whose bytes and rules are as they were are not read. The new corpus becomes visible whole, at
    the end of reading; names follow, in commits of their own. `executor` takes the batches (serial by
    default). Raises BadCorpus when nothing could be read; what was built before then stays.
    """
    began = time.monotonic()
    project = project or find_project()
    root = find_corpus(folder, project)
    settings = settings or load_settings(project.settings)
    store = open_store(store_place(root, project))
    context = BuildContext(store, settings, layer_versions(settings), executor, progress)
    head = store.latest()
    plan = make_plan(root, store, context.rules)
    if not _is_done(context, plan, layers):
        with write_lock(store.place):
            if store.latest() != head:  # another build ended while we waited
                plan = make_plan(root, store, context.rules)
            _announce_rebuild(store, plan)
            state = None
            if not _is_done(context, plan, ()):
                state = _commit_labels(context, root, plan, [layer for layer in QUICK if layer in layers])
            complete_layers(context, layers, state)
            store.vacuum()
    plan.book.save()
    return _built(store, root, plan, began)


def ensure(
    store: Store,
    layers: Collection[str],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: bool = False,
    link: Link | None = None,
) -> Commit:
    """Make what is missing of `layers` for the documents already in the store; its newest commit.

    `link` links the names instead of `link.entities.linker.link`, with the same arguments.
    """
    with write_lock(store.place):
        return complete_layers(
            BuildContext(store, settings, layer_versions(settings), executor, progress, link), layers
        )


class WorkerContext(NamedTuple):
    """What a worker processes files with: where they are, the rules, the layers that cost little, and which
    lines are known to recur."""

    root: Path
    settings: Settings
    rules: LayerVersions
    layers: Collection[str]
    evidence: RepeatedLines


def process_batch(worker: WorkerContext, tasks: Sequence[FileTask]) -> list[Batch]:
    """Files to rows: read, labelled, with those layers that cost little. Runs in a worker."""
    return list(process_parts(worker, tasks))


def process_parts(worker: WorkerContext, tasks: Sequence[FileTask]) -> Iterator[Batch]:
    """The same a part at a time, for files that hold more documents than fit into memory."""
    waiting: list[tuple[FileTask, ProcessedFile]] = []
    for task in tasks:
        for part in process_file(task.file, task.path, worker.root, worker.settings, worker.evidence):
            waiting.append((task, part))
            texts = [document.labelled.text for _, file in waiting for document in file.documents]
            if len(texts) >= PART or sum(map(len, texts)) >= CHARACTERS:
                yield _batch(worker, waiting)
                waiting = []
    if waiting:
        yield _batch(worker, waiting)


def _batch(worker: WorkerContext, processed: Sequence[tuple[FileTask, ProcessedFile]]) -> Batch:
    tasks = {task.path: task for task, _ in processed}
    tables = tables_of_batch(
        worker.settings,
        [file for _, file in processed],
        worker.layers,
        lambda path, doc_id, text: _added(tasks[path], doc_id, text),
    )
    done: dict[str, Any] = {layer: getattr(worker.rules, layer) for layer in worker.layers}
    return Batch(tables, [row for task, file in processed for row in _states(task, file, done)])


def _added(task: FileTask, doc_id: str, text: str) -> str | None:
    """When a document was taken in: as before, where its file gave it before with the same text."""
    sign, added = (task.had or {}).get(doc_id, ("", ""))
    if sign and sign == hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest():
        return added
    return task.added


def _states(task: FileTask, file: ProcessedFile, done: dict[str, Any]) -> list[DocumentState]:
    """What is to be known of a file: a row for each document, or one without doc_id."""
    states = [
        DocumentState(
            task.path,
            document.labelled.doc_id,
            task.sha256,
            task.rules,
            document.content,
            group=document.group,
            lines=document.lines,
            evidence=document.evidence,
            **done,
        )
        for document in file.documents
    ]
    nothing = [DocumentState(task.path, None, task.sha256, task.rules, None)]
    return states if states or file.more else nothing


def _process_all(
    worker: WorkerContext, tasks: Sequence[FileTask], executor: Executor | None
) -> Iterator[Batch]:
    """The batches of all tasks in their order; a large file is processed here, so that no worker hands it over whole."""
    for large, group in groupby(tasks, key=_is_large):
        if large:
            yield from process_parts(worker, list(group))
        else:
            for parts in ordered_map(partial(process_batch, worker), list(group), executor):
                yield from parts


def _is_large(task: FileTask) -> bool:
    try:
        return task.file.stat().st_size > LARGE
    except OSError:
        return False


def _announce_rebuild(store: Store, plan: BuildPlan) -> None:
    """Say on stderr that the store of an older version is built again, which takes as long as a first build."""
    head = store.latest()
    if head is not None and head.schema != VERSION:
        files = f"{len(plan.tasks):,} file{'' if len(plan.tasks) == 1 else 's'}"
        sentence = f"An older version of the workbench made this store; it is built again from the documents ({files})."
        tqdm.write(sentence, file=sys.stderr)


def _is_done(context: BuildContext, plan: BuildPlan, layers: Collection[str]) -> bool:
    """Whether a build would change nothing, so that none need be begun (and no lock be had)."""
    head = context.store.latest()
    if head is None or plan.tasks or plan.gone or head.content != corpus_version(plan.kept, context.rules):
        return False
    if outdated(plan.kept, evidence_of(plan.kept)):
        return False
    missing = set(layers) - set(finished_layers(plan.kept, context.rules))
    linked = not {"mentions", "toward"} & set(layers) or is_linked(head, plan.kept, context.rules)
    return not missing and linked and head.facts["settings"] == context.settings.digest


def _commit_labels(
    context: BuildContext, root: Path, plan: BuildPlan, cheap: list[str]
) -> list[DocumentState]:
    """Read the files of the plan and commit them with everything else that changed; what is now known of every document."""
    from workbench.read import metadata_problems

    now = datetime.now(UTC).isoformat(timespec="seconds")
    bodies = BodyTexts()
    worker = WorkerContext(root, context.settings, context.rules, cheap, evidence_of(plan.kept))
    with Staging(context.store.place) as staging:
        rows = _stage(
            context, worker, [task._replace(added=task.added or now) for task in plan.tasks], staging, bodies
        )
        evidence = evidence_of([*plan.kept, *rows])
        if again := outdated([*plan.kept, *rows], evidence):
            plan = plan.again(again, context.store)
            tasks = [task._replace(added=task.added or now) for task in plan.tasks if task.path in again]
            rows = _drop(rows, again, staging, bodies)
            rows += _stage(context, worker._replace(evidence=evidence), tasks, staging, bodies)
        rows, last = number_documents(_with_kept_layers(rows, plan.gone), context.store.latest())
        state = sorted([*plan.kept, *rows], key=lambda row: (row.path, row.doc_id or ""))
        if not any(row.doc_id for row in state):
            _refuse(root, staging)
        entries = metadata_problems(root, [root / row.path for row in state])
        staging.add("problems", arrow_rows("problems", entries))
        facts = {
            LAST: last,
            "settings": context.settings.digest,
            "metadata": sorted({problem.path for problem in entries}),
        }
        stories = update_stories(context, bodies, state, plan.kept)
        stage_moved(context, staging, stories)
        changes = _changes(context, plan, rows, staging, cheap)
        commit_state(context, state, with_stories(changes, stories), stories=stories.rules, **facts)
    return state


def _stage(
    context: BuildContext,
    worker: WorkerContext,
    tasks: Sequence[FileTask],
    staging: Staging,
    bodies: BodyTexts,
) -> list[DocumentState]:
    """Take the files, put what they gave on its way into the commit, and say what is now known of them."""
    rows: list[DocumentState] = []
    seen = ""
    with context.bar(len(tasks), "reading") as bar:
        for batch in _process_all(worker, tasks, context.executor):
            rows += batch.rows
            for table, added in batch.tables.items():
                staging.add(table, added)
            bodies.add(batch.tables["documents"], batch.tables["segments"])
            bar.update(len({row.path for row in batch.rows} - {seen}))
            seen = batch.rows[-1].path if batch.rows else seen
    return rows


def _drop(
    rows: Sequence[DocumentState], paths: Collection[str], staging: Staging, bodies: BodyTexts
) -> list[DocumentState]:
    """Take back what files gave that are labelled again; the rows of the others."""
    doc_ids = {row.doc_id for row in rows if row.path in paths and row.doc_id}
    staging.drop({"doc_id": doc_ids, "path": set(paths)})
    bodies.drop(doc_ids)
    return [row for row in rows if row.path not in paths]


def _with_kept_layers(rows: list[DocumentState], gone: list[DocumentState]) -> list[DocumentState]:
    """Rows of documents that were labelled as before keep the layers that stand on the labels."""
    before = {row.doc_id: row for row in gone if row.doc_id}
    return [
        row._replace(
            number=before[row.doc_id].number,
            **{layer: getattr(row, layer) or getattr(before[row.doc_id], layer) for layer in LAYERS},
        )
        if row.doc_id in before and before[row.doc_id].content == row.content
        else row
        for row in rows
    ]


def _changes(
    context: BuildContext,
    plan: BuildPlan,
    rows: list[DocumentState],
    staging: Staging,
    cheap: Collection[str],
) -> dict[str, Change]:
    """What the plan does to each table: the rows of changed and removed files go, those read come."""
    now = {row.doc_id: row for row in rows}
    gone = [row.doc_id for row in plan.gone if row.doc_id]
    whole = not plan.kept
    changes = {name: Change(staging.rows(name), gone, whole) for name in LABELS}
    for layer, table in TABLE.items():
        if layer in cheap:
            changes[table] = Change(staging.rows(table), gone, whole)
        else:
            changes[table] = Change(
                drop=[one for one in gone if one not in now or not getattr(now[one], layer)]
            )
    changes["mentions"] = changes[TABLE["mentions"]]
    head = context.store.latest()
    paths = {row.path for row in [*plan.gone, *rows]} | set(head.facts.get("metadata", []) if head else [])
    return changes | {"problems": Change(staging.rows("problems"), sorted(paths))}


def _refuse(root: Path, staging: Staging) -> None:
    """No document at all: say why the first of the files was refused."""
    problems = staging.rows("problems")
    first = (
        problems.read_all().to_pylist()[0]
        if problems
        else {"path": "", "problem": "nothing found", "hint": ""}
    )
    raise BadCorpus(
        root,
        problem=f"none of its files could be read; {first['path']}: {first['problem']}",
        hint=first["hint"] or "put documents there, or name another folder",
    )


def _built(store: Store, root: Path, plan: BuildPlan, began: float) -> BuildResult:
    head, state = store.latest(), read_state(store)
    assert head is not None
    return BuildResult(
        folder=root,
        version=head.content,
        documents=sum(1 for row in state if row.doc_id),
        read=len(plan.tasks),
        reused=len({row.path for row in plan.kept}),
        replaced=len(plan.replaced),
        removed=len(plan.removed),
        refused=sum(1 for row in state if not row.doc_id),
        problems=store.read("problems", ["path"]).num_rows,
        seconds=round(time.monotonic() - began, 3),
    )
