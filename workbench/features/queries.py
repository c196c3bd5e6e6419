"""Queries as a feature: words, phrases, wildcards, NEAR and regular expressions, as `analysis.matches` reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.analysis.matches import (
    WordParts,
    expression_places,
    find,
    near_places,
    near_sides,
    pattern_kind,
    word_parts,
)
from workbench.features.context import CountContext
from workbench.features.hits import Hits
from workbench.features.topics import BATCH, form_expression, words_that_fit
from workbench.features.units import Units
from workbench.schema import plain

TEXTS = 256  # documents whose sentences a regular expression reads at once

_SPANS = pa.schema([(name, pa.int32()) for name in ("d", "sentence", "start", "end")])


def queries(units: Units, patterns: Sequence[str]) -> Hits:
    """Where each pattern stands. Raises BadParameter, with the hint, for one that cannot be read."""
    context = units.context
    wanted = list(dict.fromkeys(pattern.strip() for pattern in patterns))
    for pattern in wanted:
        pattern_kind(pattern)
    tables = [
        context.session.put_once(_name(pattern), partial(found_places, context, pattern))
        for pattern in wanted
    ]
    rows = " UNION ALL ".join(f"SELECT *, {k} AS k FROM {table}" for k, table in enumerate(tables))
    names = context.session.create(
        "SELECT unnest(?::INTEGER[]) AS k, unnest(?::VARCHAR[]) AS name",
        [[*range(len(wanted))], wanted],
        name="patterns",
    )
    return Hits("pattern", f"({rows})", names)


def _name(pattern: str) -> str:
    """A name for the places of a pattern in the session."""
    return f"places_{hashlib.sha256(pattern.encode()).hexdigest()[:24]}"


def found_places(context: CountContext, pattern: str) -> pa.Table:
    """[d, sentence, start, end] of every place of a pattern in the corpus, whatever the selection."""

    def make() -> pa.Table:
        kind = pattern_kind(pattern)
        if kind == "expression":
            tables = (expression_places(pattern, rows) for rows in _sentences(context))
        elif kind == "near":
            tables = (near_places(words, pattern) for words in _words_beside(context, pattern))
        else:
            tables = (
                find(words, context.cut, {pattern: [pattern]}, surface=False)
                for words in words_that_fit(context, [pattern])
            )
        return pa.concat_tables([_SPANS.empty_table(), *map(_spans, tables)])

    return context.kept("places", [pattern], ["tokens"], make)


def _spans(found: pd.DataFrame) -> pa.Table:
    columns = (found[name].to_numpy(np.int32) for name in ("doc_id", "sentence", "start", "end"))
    return pa.table(dict(zip(_SPANS.names, columns, strict=True)))


def _words_beside(context: CountContext, pattern: str) -> Iterator[WordParts]:
    """All words of the sentences that hold a word of each side of a NEAR, a batch of documents at a time."""
    session = context.session
    held = [
        session.create(
            "SELECT DISTINCT document AS d, sentence FROM tokens SEMI JOIN "
            "(SELECT number FROM forms WHERE regexp_matches(form, ?)) f ON f.number = form_number",
            [form_expression([word.lower() for word in side])], name="side",
        )
        for side in near_sides(pattern)
    ]  # fmt: skip
    joins = " ".join(
        f"SEMI JOIN {table} s{n} ON s{n}.d = t.document AND s{n}.sentence = t.sentence"
        for n, table in enumerate(held)
    )
    last = session.table(f"SELECT max(d) AS d FROM {held[0]}").column("d")[0].as_py()
    for first in range(0, (last if last is not None else -1) + 1, BATCH):
        rows = session.table(
            f'SELECT document AS doc_id, sentence, start, "end", form FROM tokens t {joins} '
            f"WHERE document >= {first} AND document < {first + BATCH} ORDER BY document, start"
        )
        if rows.num_rows:
            yield word_parts(rows.set_column(4, "form", rows.column("form").dictionary_encode()).to_pandas())


def _sentences(context: CountContext) -> Iterator[list[tuple[int, int, int, str]]]:
    """(d, sentence, start, words) of the sentences of a batch of documents, from their first word to their last."""
    session = context.session
    last = session.table("SELECT max(document) AS d FROM tokens").column("d")[0].as_py()
    for first in range(0, (last if last is not None else -1) + 1, TEXTS):
        between = f"document >= {first} AND document < {first + TEXTS}"
        spans = session.table(
            f'SELECT document AS d, sentence, min(start) AS a, max("end") AS b FROM tokens WHERE {between} '
            "GROUP BY ALL ORDER BY d, sentence"
        ).to_pydict()
        texts = session.table(
            f"SELECT s.number AS d, m.text FROM documents m JOIN state s ON s.doc_id = m.doc_id WHERE {between.replace('document', 's.number')}"
        ).to_pydict()
        copies = {d: plain(text) for d, text in zip(texts["d"], texts["text"], strict=True)}
        yield [
            (d, sentence, a, copies[d][a:b])
            for d, sentence, a, b in zip(*(spans[c] for c in ("d", "sentence", "a", "b")), strict=True)
        ]
