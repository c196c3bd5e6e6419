"""Integers beside `doc_id` and `form`, by which DuckDB counts: given once in a store, never shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from workbench.pipeline.plan import DocumentState
from workbench.store import Change, Commit, Store, schema_of

LAST = "last_document_number"  # fact of a commit


def number_documents(rows: Sequence[DocumentState], head: Commit | None) -> tuple[list[DocumentState], int]:
    """The rows with a number each, and the greatest number that was ever given in the store.

    A document keeps its number while its text and labels stay; a changed one gets a new number.
    """
    last = int(head.facts.get(LAST, 0)) if head else 0
    numbered = []
    for row in rows:
        if row.doc_id is not None and row.number is None:
            last += 1
            row = row._replace(number=last)
        numbered.append(row)
    return numbered, last


def number_tokens(store: Store, state: Sequence[DocumentState], tokens: Change) -> dict[str, Change]:
    """The change of `tokens` with the numbers of documents and forms, and the forms that are new with it.

    The rows stream through; in memory are the forms of the corpus, which grow far slower than its tokens.
    """
    if tokens.add is None:
        return {"tokens": tokens}
    documents = {row.doc_id: row.number for row in state if row.doc_id and row.number is not None}
    head = store.latest()
    known = store.read("forms", version=head) if head and "forms" in head.tables else None
    numbers = dict(zip(known["form"].to_pylist(), known["number"].to_pylist(), strict=True)) if known else {}
    first_new = len(numbers)
    batches = tokens.add.to_batches() if isinstance(tokens.add, pa.Table) else tokens.add

    def numbered() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            columns = [
                _look_up(batch.column("doc_id"), documents.__getitem__),
                _look_up(batch.column("form"), lambda form: numbers.setdefault(form, len(numbers) + 1)),
            ]
            yield pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema_of("tokens"))

    def new_forms() -> Iterator[
        pa.RecordBatch
    ]:  # read after the tokens, since the store writes `forms` behind them
        forms = list(numbers)[first_new:]
        rows = [pa.array(range(first_new + 1, len(numbers) + 1), pa.int32()), pa.array(forms, pa.string())]
        yield pa.RecordBatch.from_arrays(rows, schema=schema_of("forms"))

    return {
        "tokens": tokens._replace(add=pa.RecordBatchReader.from_batches(schema_of("tokens"), numbered())),
        "forms": Change(pa.RecordBatchReader.from_batches(schema_of("forms"), new_forms())),
    }


def _look_up(texts: pa.Array, number_of: Callable[[str], int]) -> pa.Array:
    """The number of each text, looked up once for each that differs."""
    coded = texts.dictionary_encode()
    numbers = np.array([number_of(text) for text in coded.dictionary.to_pylist()], np.int32)
    return pa.array(numbers[coded.indices.to_numpy(zero_copy_only=False)] if len(texts) else numbers)
