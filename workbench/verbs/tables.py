"""The tables of a corpus, read when they are asked for: a few rows, those that answer a condition, batches, or all.

>>> corpus.tables.quotes.head()  # doctest: +SKIP
>>> corpus.tables.quotes.query("kind = 'direct' AND speaker LIKE '%Lavrov'")  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from workbench import schema
from workbench.errors import did_you_mean
from workbench.features.units import Scope, selected_table, spoken_conditions
from workbench.link.entities.name_forms import forms_of_entities
from workbench.selection import apply
from workbench.store import Session, from_frame, to_frame

if TYPE_CHECKING:
    from workbench.corpus import Corpus

SPOKEN = ("quotes", "sentences", "mentions")  # tables whose rows have a speaker and a voice themselves
DIRECT = (
    "documents",
    "dates",
    "attributes",
    "segments",
    "tokens",
    *SPOKEN,
)  # that the store holds as they are shown
QUOTE_VOICE = "(CASE WHEN r.kind = 'indirect' THEN 'indirect' ELSE 'quote' END)"
BATCH = 1_024  # documents whose rows are held at once
LONGEST = 1_900  # characters of a table's description


class CorpusTables:
    """The tables of the schema by name: documents, segments, quotes, sentences, tokens, mentions, sentiment, …"""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def __getattr__(self, name: str) -> CorpusTable:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in schema.TABLES:
            raise AttributeError(f"no table `{name}`; {did_you_mean(name, schema.TABLES)}")
        return CorpusTable(self._corpus, name)

    @property
    def frames(self) -> Frames:
        """The tables as whole DataFrames: `frames.sentences` is `tables.sentences.to_pandas()`."""
        return Frames(self)

    def __iter__(self) -> Iterator[CorpusTable]:
        return (CorpusTable(self._corpus, name) for name in schema.TABLES)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *schema.TABLES]

    def __repr__(self) -> str:
        return (
            "Tables: "
            + ", ".join(schema.TABLES)
            + '\nOne of them: corpus.tables.quotes, .head(), .query("…"), .to_pandas()'
        )


class Frames:
    """The tables of a corpus as whole DataFrames by name, each read when it is first asked for, and kept."""

    def __init__(self, tables: CorpusTables) -> None:
        self._tables = tables

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        table: CorpusTable = getattr(self._tables, name)
        return table.to_pandas()


class CorpusTable:
    """One table of a corpus, restricted by its selection; its columns are those of the schema.

    Segments of the documents inside the selection stay whole, since they are the context of what is said.
    """

    def __init__(self, corpus: Corpus, name: str) -> None:
        self._corpus, self.name = corpus, name

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(schema.TABLES[self.name])

    def head(self, n: int = 5) -> pd.DataFrame:
        """The first `n` rows."""
        return self._rows("", n)

    def query(self, condition: str) -> pd.DataFrame:
        """The rows that answer a condition in SQL, such as `kind = 'direct' AND confidence > 0.8`.

        Raises BadParameter where the condition cannot be read.
        """
        return self._rows(condition, None)

    def to_pandas(self, limit: int | None = None, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All rows, or the first `limit`, as a DataFrame that is kept: do not change it in place.

        Texts are pandas strings, absent values NA. With `columns` only these of the documents inside the selection
        are read, and nothing is kept.
        """
        if columns is not None:
            frame: pd.DataFrame = self._corpus.snapshot.read(
                self.name, list(columns), self._inside()
            ).to_pandas()
            return frame
        if limit is not None:
            return self.head(limit)
        return self._corpus.kept(self.name, self._frame)

    def to_arrow_batches(self, documents: int = BATCH) -> Iterator[pa.RecordBatch]:
        """All rows as Arrow batches, `documents` of the corpus at a time, so that memory stays bounded."""
        corpus = self._corpus
        if (
            not self._has_documents()
            or self.name == "toward"
            or (corpus.selection.is_spoken() and self.name in (*SPOKEN, "tokens", "sentiment"))
        ):
            yield from from_frame(schema.arrow_schema(self.name), self.to_pandas()).to_batches()
            return
        for first in range(0, len(corpus.doc_ids), documents):
            part = {"doc_id": corpus.doc_ids[first : first + documents]}
            yield from corpus.snapshot.read(self.name, self.columns, part).to_batches()

    def __len__(self) -> int:
        return len(self.to_pandas())

    def __repr__(self) -> str:
        lines = [f"  {name:16} {column.meaning}" for name, column in schema.TABLES[self.name].items()]
        hint = f'corpus.tables.{self.name}.head(), .query("…"), .to_pandas(), .to_arrow_batches()'
        text = "\n".join([f"Table {self.name} of {self._corpus.caption}", *lines, hint])
        return text if len(text) < LONGEST else text[:LONGEST] + "…"

    def _rows(self, condition: str, limit: int | None) -> pd.DataFrame:
        """Rows by a condition; of a table whose rows the store holds as they are shown, nothing else is read."""
        corpus = self._corpus
        if self.name in DIRECT:
            session = corpus.count_context(self.name).session
            where = self._conditions(corpus.scope(), session)
            return to_frame(self.name, session.rows(self.name, self.columns, where, condition, limit))
        frame = self.to_pandas()
        if not condition:
            return frame.head(limit) if limit is not None else frame
        session = corpus.count_context().session
        rows = session.put(from_frame(schema.arrow_schema(self.name), frame))
        found = session.rows(rows, self.columns, [], condition, limit, order=self.name)
        session.drop(rows)
        return to_frame(self.name, found)

    def _conditions(self, scope: Scope, session: Session) -> list[str]:
        """The selection in SQL for a table that the store holds as it is shown."""
        parts = []
        if scope.doc_ids is not None:
            chosen = selected_table(session, scope.doc_ids)
            parts.append(
                f"doc_id IN (SELECT doc_id FROM state SEMI JOIN {chosen} c ON c.number = state.number)"
            )
        if self.name in SPOKEN:
            parts += [
                part.replace("r.voice", QUOTE_VOICE) if self.name == "quotes" else part
                for part in spoken_conditions(scope, "r")
            ]
        elif self.name == "tokens" and scope.is_spoken():
            spoken = " AND ".join(spoken_conditions(scope, "s"))
            parts.append(
                f"(doc_id, sentence) IN (SELECT (s.doc_id, s.sentence) FROM sentences s WHERE {spoken})"
            )
        return parts

    def _has_documents(self) -> bool:
        return "doc_id" in schema.TABLES[self.name]

    def _inside(self) -> dict[str, list[str]] | None:
        return {"doc_id": self._corpus.doc_ids} if self._corpus.selection and self._has_documents() else None

    def _frame(self) -> pd.DataFrame:
        """The whole table as a DataFrame, restricted by the selection."""
        corpus, name = self._corpus, self.name
        selection, tables = corpus.selection, corpus.tables
        rows = to_frame(name, corpus.snapshot.read(name, where=self._inside()))
        if not selection:
            return rows
        if name in SPOKEN:
            return apply.filter_by_speaker(name, rows, selection, corpus.snapshot.speakers)
        if name in ("tokens", "sentiment") and selection.is_spoken():
            return apply.filter_by_sentence(rows, tables.sentences.to_pandas())
        if name == "toward" and selection.is_spoken():
            return apply.filter_target_sentiment(rows, tables.mentions.to_pandas())
        if name == "pairs":
            inside = rows["a"].isin(corpus.doc_ids) & rows["b"].isin(corpus.doc_ids)
            return rows[inside].reset_index(drop=True)
        if name == "entities":
            return apply.recount_entities(rows, tables.mentions.to_pandas())
        if name == "name_forms":
            return forms_of_entities(tables.mentions.to_pandas(), tables.documents.to_pandas())
        if name == "problems":
            inside = rows["path"].isin(tables.documents.to_pandas(columns=["path"])["path"]) | (
                rows["severity"] == "refused"
            )
            return rows[inside].reset_index(drop=True)
        return rows
