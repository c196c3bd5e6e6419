"""Dictionary topics as a feature: every hit of `topics.toml` in the body text, found once per version and dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import regex

from workbench.analysis.matches import WordParts, pattern_words, word_parts
from workbench.analysis.topics import topic_hits
from workbench.features.context import CountContext
from workbench.features.hits import Hits
from workbench.features.units import Units, hit_groups
from workbench.store import Session

BATCH = 16_384  # numbers of documents whose words are matched at once


def topics(units: Units) -> Hits:
    """Where each topic of the dictionary has a hit; a longer entry blocks a shorter one inside it."""
    return Hits("topic", *_relations(units.context))


def topic_words(units: Units, top: int) -> pd.DataFrame:
    """[group, topic, word, n]: the words that made the hits of each topic in each group, as written, folded; `top` rows."""
    hits = topics(units)
    joins, group = hit_groups(units, own_voice=False)
    found: pd.DataFrame = units.session.table(
        f"""
        SELECT l.label AS "group", n.name AS topic, c.word, c.n::BIGINT AS n FROM (
          SELECT {group} AS g, h.k, lower(substring(t.text, h.start + 1, h."end" - h.start)) AS word, count(*) AS n
          FROM {hits.rows} h {joins} JOIN state s ON s.number = h.d JOIN documents t ON t.doc_id = s.doc_id GROUP BY ALL) c
        JOIN {units.labels} l USING (g) JOIN {hits.names} n ON n.k = c.k
        ORDER BY c.n DESC, l.label, n.name, c.word LIMIT {int(top)}"""
    ).to_pandas()
    found.attrs["by"] = units.grouping
    return found


def documents_by_topic(context: CountContext) -> pd.DataFrame:
    """[doc_id, topic] of the corpus, a row for each topic that has a hit in a document, in the order of documents."""
    rows, names = _relations(context)
    found: pd.DataFrame = context.session.table(
        f"SELECT s.doc_id, n.name AS topic FROM (SELECT DISTINCT d, k FROM {rows}) r JOIN state s ON s.number = r.d "
        f"JOIN {names} n USING (k) WHERE s.doc_id IS NOT NULL ORDER BY s.doc_id, r.k"
    ).to_pandas()
    return found


def _relations(context: CountContext) -> tuple[str, str]:
    """The hits of all topics and the topics' names, as tables of the session."""
    names = context.settings.topics.names
    rows = context.session.put_once("topics", lambda: found_topics(context))
    listed = context.session.put_once(
        "topic_names", lambda: pa.table({"k": np.arange(len(names)), "name": pa.array(names, pa.string())})
    )
    return rows, listed


def found_topics(context: CountContext) -> pa.Table:
    """[d, sentence, start, end, k] of every hit in the corpus, whatever the selection; `k` numbers the topics."""
    dictionary = context.settings.topics
    number = {name: k for k, name in enumerate(dictionary.names)}

    def make() -> pa.Table:
        patterns = [
            *(pattern for listed in dictionary.patterns.values() for pattern in listed),
            *dictionary.nothing,
        ]
        parts = [
            pa.table({
                "d": found["doc_id"].to_numpy(np.int32), "sentence": found["sentence"].to_numpy(np.int32),
                "start": found["start"].to_numpy(np.int32), "end": found["end"].to_numpy(np.int32),
                "k": found["topic"].map(number).to_numpy(np.int32),
            })
            for words in words_that_fit(context, patterns)
            for found in [topic_hits(words, context.cut, dictionary, surface=False)]
        ]  # fmt: skip
        return pa.concat_tables([_EMPTY.empty_table(), *parts])

    return context.kept("topics", [context.settings.digests["topics"]], ["tokens"], make)


_EMPTY = pa.schema([(name, pa.int32()) for name in ("d", "sentence", "start", "end", "k")])


def words_that_fit(context: CountContext, patterns: Sequence[str]) -> Iterator[WordParts]:
    """The words of the corpus that fit a word of one of the patterns, a batch of documents at a time.

    Every place of a pattern lies among them: words that stand side by side in the text stand so here too, and a
    word left out between two of them keeps these apart, since places are compared by their code points.
    """
    session = context.session
    wanted = sorted({word.lower() for pattern in patterns for word in pattern_words(pattern)})
    if not wanted:
        return
    forms = _fitting_forms(session, wanted)
    last = (
        session.table(f"SELECT max(document) AS d FROM tokens SEMI JOIN {forms} f ON f.number = form_number")
        .column("d")[0]
        .as_py()
    )
    for first in range(0, (last if last is not None else -1) + 1, BATCH):
        rows = session.table(
            f'SELECT document AS doc_id, sentence, start, "end", f.form FROM tokens JOIN {forms} f ON f.number = form_number '
            f"WHERE document >= {first} AND document < {first + BATCH} ORDER BY document, start"
        )
        if rows.num_rows:
            yield word_parts(rows.set_column(4, "form", rows.column("form").dictionary_encode()).to_pandas())


def _fitting_forms(session: Session, words: Sequence[str]) -> str:
    """A table of the session [number, form] with the forms that have a part which fits one of the words.

    Whole words are looked up and beginnings joined by their first two letters: an expression over thousands of words
    took five times as long as all the rest.
    """
    exact = [word for word in words if "*" not in word]
    heads = [word[:-1] for word in words if word.endswith("*") and "*" not in word[:-1] and len(word) > 2]
    others = [word for word in words if word not in exact and word[:-1] not in heads]
    return session.create(
        """
        WITH parts AS (SELECT number, unnest(regexp_extract_all(lower(form), ?)) AS part FROM forms),
        fitting AS (
          SELECT number FROM parts WHERE part IN (SELECT unnest(?::VARCHAR[]))
          UNION SELECT number FROM parts JOIN (SELECT unnest(?::VARCHAR[]) AS head) h
            ON substr(part, 1, 2) = substr(head, 1, 2) AND starts_with(part, head)
          UNION SELECT number FROM forms WHERE ? != '' AND regexp_matches(form, ?))
        SELECT number, form FROM forms SEMI JOIN fitting USING (number)""",
        [r"[\p{L}\p{N}_]+", exact, heads, "".join(others), form_expression(others or ["_"])],
        name="fitting",
    )


def form_expression(words: Sequence[str]) -> str:
    """An expression of RE2 that fits every form with a part that fits one of the words; `*` is any rest of a part."""
    part = r"[\p{L}\p{N}_]"
    listed = "|".join(regex.escape(word).replace(r"\*", f"{part}*") for word in words)
    return f"(?i)(?:^|[^\\p{{L}}\\p{{N}}_])(?:{listed})(?:$|[^\\p{{L}}\\p{{N}}_])"
