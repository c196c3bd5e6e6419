"""The layers on a built corpus: computed when first asked for, once per document, and kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
from tqdm import tqdm

from workbench import schema
from workbench.languages import supports
from workbench.pipeline import LAYERS
from workbench.pipeline.executors import BATCH, batches, ordered_map
from workbench.pipeline.numbers import number_tokens
from workbench.pipeline.plan import DocumentState, corpus_version, finished_layers, read_state
from workbench.pipeline.process import ProcessedFile, arrow_rows, tables_of
from workbench.pipeline.versions import LayerVersions
from workbench.schema import Labelled, Mention, Meta, Quote, Segment, Sentence
from workbench.settings import Settings
from workbench.store import Change, Commit, Store, from_frame, schema_of, to_frame
from workbench.store.frames import score_rows

if TYPE_CHECKING:
    import pandas as pd

    from workbench.settings.aliases import Aliases

    Frame = pd.DataFrame
    Link = Callable[[Frame, Frame, Frame, Aliases], tuple[Frame, Frame]]

KEEP_EVERY = 8 * BATCH  # documents between two commits: with names, about a minute of work is lost to a crash
TABLE = {"tokens": "tokens", "sentiment": "sentiment", "mentions": "names", "toward": "toward"}


class BuildContext(NamedTuple):
    """What a build works with: the store, the settings and their rules, and how to run the steps.

    `link` links the names of the corpus instead of `link.entities.linker.link`, with the same arguments.
    """

    store: Store
    settings: Settings
    rules: LayerVersions
    executor: Executor | None = None
    progress: bool = False
    link: Link | None = None

    def bar(self, total: int, what: str) -> tqdm:
        """A progress bar over `total` texts; none where progress is not asked for or not seen by anybody."""
        return tqdm(total=total, desc=what, unit="text", disable=None if self.progress else True, leave=False)


def make_tokens(_settings: Settings, batch: Sequence[Labelled]) -> pa.Table:
    """The tokens of a batch of documents."""
    from workbench.annotate.tokens import token_table

    return token_table(batch)


def make_sentiment(settings: Settings, batch: Sequence[Labelled]) -> pa.Table:
    """The scores of the sentences of a batch, in the languages that support sentiment."""
    from workbench.annotate.sentiment.layer import sentiment_table

    return score_rows(sentiment_table(_supported(batch, "sentiment"), settings.sentiment_masks))


def make_mentions(settings: Settings, batch: Sequence[Labelled]) -> pa.Table:
    """The names in a batch of documents, not linked yet, in the languages that support names."""
    from workbench.annotate.ner.layer import find_mentions

    searched = _supported(batch, "names")
    mentions = zip(searched, find_mentions(searched, settings), strict=True)
    return arrow_rows("mentions", [(document.doc_id, *row) for document, rows in mentions for row in rows])


def make_target_sentiment(
    settings: Settings, batch: Sequence[tuple[Labelled, Sequence[Mention]]]
) -> pa.Table:
    """Sentiment toward the names of a batch of documents, in the languages that support it."""
    from workbench.annotate.target_sentiment.layer import target_sentiment_layer

    judged = [(document, names) for document, names in batch if supports(document.meta.language, "toward")]
    return target_sentiment_layer(judged, settings.target_sentiment)


# One function a layer, each with a version of its own (`versions.ENTRIES`). They run in workers.
MAKE: Mapping[str, Callable[[Settings, Sequence[Any]], pa.Table]] = {
    "tokens": make_tokens,
    "sentiment": make_sentiment,
    "mentions": make_mentions,
    "toward": make_target_sentiment,
}


def _supported(batch: Sequence[Labelled], layer: str) -> list[Labelled]:
    """The documents of a batch whose language has a layer."""
    return [document for document in batch if supports(document.meta.language, layer)]


def tables_of_batch(
    settings: Settings,
    files: Sequence[ProcessedFile],
    layers: Collection[str],
    added: Callable[[str, str, str], str | None] = lambda *_: None,
) -> dict[str, pa.Table]:
    """Every table of a batch of files as the store holds it: what was read and labelled, and these layers of it."""
    tables = tables_of(files, added)
    documents = [document.labelled for file in files for document in file.documents]
    for layer in (layer for layer in LAYERS if layer in layers):
        tables[TABLE[layer]] = MAKE[layer](settings, documents)
    return tables


def complete_layers(
    context: BuildContext, layers: Collection[str], state: list[DocumentState] | None = None
) -> Commit:
    """Make what is missing of `layers`, names last and then linked. Under `write_lock` only.

    `state` is what the newest commit knows of every document, read where it is not given. Every commit on
    the way is a whole corpus in which more documents have the layer.
    """
    state = read_state(context.store) if state is None else state
    if "toward" in layers:
        layers = {*layers, "mentions"}
    for layer in (layer for layer in LAYERS if layer in layers):
        state = _make(context, layer, state)
    head = context.store.latest()
    assert head is not None
    if "mentions" in layers and not is_linked(head, state, context.rules):
        head = _link(context, state)
    return head


def commit_state(
    context: BuildContext, rows: Sequence[DocumentState], changes: dict[str, Change], **facts: Any
) -> Commit:
    """Commit `changes` together with what is now known of every document; other facts stay as they were."""
    head = context.store.latest()
    state = Change(pa.Table.from_pylist([row._asdict() for row in rows], schema_of("state")), whole=True)
    now = dict(head.facts) if head else {}
    now |= {"rules": context.rules._asdict()} | facts
    linked = now.get("linked") == linked_as(rows, context.rules)
    now["layers"] = [*finished_layers(rows, context.rules), *(["entities"] if linked else [])]
    if "tokens" in changes:
        changes = changes | number_tokens(context.store, rows, changes["tokens"])
    return context.store.commit(changes | {"state": state}, corpus_version(rows, context.rules), now)


def _make(context: BuildContext, layer: str, state: list[DocumentState]) -> list[DocumentState]:
    """Make one layer for the documents that lack it, with a commit every now and then."""
    rule = getattr(context.rules, layer)
    missing = [row.doc_id for row in state if row.doc_id and getattr(row, layer) != rule]
    stale = {row.doc_id for row in state if getattr(row, layer)}
    work = partial(MAKE[layer], context.settings)
    with context.bar(len(missing), layer) as bar:
        for part in batches(missing, KEEP_EVERY):
            documents: Any = _labelled(context.store, part)
            if layer == "toward":
                names = _by_document(context.store, "names", part, Mention)
                documents = [(document, names.get(document.doc_id, [])) for document in documents]
            rows = pa.concat_tables(ordered_map(work, documents, context.executor))
            done = set(part)
            state = [row._replace(**{layer: rule}) if row.doc_id in done else row for row in state]
            commit_state(context, state, {TABLE[layer]: Change(rows, sorted(done & stale))})
            bar.update(len(part))
    return state


def linked_as(rows: Sequence[DocumentState], rules: LayerVersions) -> str:
    """What the entities depend on: the documents and the rules for their names."""
    same = LayerVersions("", "", "", rules.mentions, rules.link, rules.stories, "")
    return corpus_version([row for row in rows if row.doc_id], same)


def is_linked(head: Commit, rows: Sequence[DocumentState], rules: LayerVersions) -> bool:
    """Whether mentions and entities are those of these documents under these rules."""
    return bool(head.facts.get("linked") == linked_as(rows, rules))


# What linking looks at. The other columns of the names stay in Arrow and get their entity there.
LINKED_BY = {
    "mentions": ("doc_id", "surface", "label", "beside", "speaker"),
    "segments": ("doc_id", "speaker", "role"),
    "documents": ("doc_id", "story", "language"),
}


def link_tables(
    settings: Settings, names: pa.Table, segments: pa.Table, documents: pa.Table, link: Link | None = None
) -> dict[str, pa.Table]:
    """The tables `mentions`, with the entity of each, `entities` and `name_forms`, of all names together."""
    from workbench.link.entities.linker import link as link_entities
    from workbench.link.entities.name_forms import forms_of_entities

    mentions, speakers, stories = (
        to_frame(table, rows.select(LINKED_BY[table]))
        for table, rows in (("mentions", names), ("segments", segments), ("documents", documents))
    )
    mentions, entities = (link or link_entities)(mentions, speakers, stories, settings.aliases)
    forms = forms_of_entities(mentions, stories)
    place = names.schema.get_field_index("entity")
    entity = pa.array(mentions["entity"], names.schema.field(place).type, from_pandas=True)
    return {
        "mentions": names.set_column(place, names.schema.field(place), entity),
        "entities": from_frame(schema.arrow_schema("entities"), entities),
        "name_forms": from_frame(schema.arrow_schema("name_forms"), forms),
    }


def _link(context: BuildContext, state: list[DocumentState]) -> Commit:
    """Link the names of the whole corpus and put mentions, entities and forms of names anew."""
    read = context.store.read
    segments, documents = (read(table, LINKED_BY[table]) for table in ("segments", "documents"))
    tables = link_tables(context.settings, read("names"), segments, documents, context.link)
    changes = {name: Change(table, whole=True) for name, table in tables.items()}
    return commit_state(context, state, changes, linked=linked_as(state, context.rules))


def _labelled(store: Store, doc_ids: Sequence[str]) -> list[Labelled]:
    """Documents with their labels, from the store, in the order of `doc_ids`."""
    columns = ("doc_id", "text", *Meta._fields)
    documents = {
        row["doc_id"]: row for row in store.read("documents", columns, {"doc_id": doc_ids}).to_pylist()
    }
    segments = _by_document(store, "segments", doc_ids, Segment)
    quotes = _by_document(store, "quotes", doc_ids, Quote)
    sentences = _by_document(store, "sentences", doc_ids, Sentence)
    return [
        Labelled(
            doc_id,
            documents[doc_id]["text"],
            Meta(*(documents[doc_id][name] for name in Meta._fields)),
            segments.get(doc_id, []),
            quotes.get(doc_id, []),
            sentences.get(doc_id, []),
        )
        for doc_id in doc_ids
    ]


def _by_document(store: Store, table: str, doc_ids: Sequence[str], kind: Any) -> dict[str, list[Any]]:
    """The rows of each document as named tuples, in their order."""
    rows = store.read(table, ("doc_id", *kind._fields), {"doc_id": doc_ids}).to_pylist()
    by_document = groupby(rows, key=itemgetter("doc_id"))
    return {
        doc_id: [kind(*(row[name] for name in kind._fields)) for row in own] for doc_id, own in by_document
    }
