"""Sentences of a selection with the group each counts in: the denominators of every rate, kept in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workbench.analysis.units import ALL, AUTHOR, DOCUMENT_COLUMNS, GROUPINGS, JOINT, unknown
from workbench.errors import BadParameter, did_you_mean
from workbench.features.context import CountContext
from workbench.schema import UNKNOWN
from workbench.store import Session, quoted

Ints = npt.NDArray[np.int64]
SPOKEN = ("voice", "speaker")  # groupings that differ between sentences of a document
MENTIONING = "entity:"  # before a name: the group of the sentences that mention it

_DOCUMENTS = """
SELECT s.number AS d, m.doc_id, source, title, date, genre, place, language, story,
  CASE WHEN date_precision IN ('day', 'month', 'year') THEN substr(date, 1, 4) END AS year,
  CASE WHEN date_precision IN ('day', 'month') THEN substr(date, 1, 7) END AS month
FROM documents m JOIN state s ON s.doc_id = m.doc_id"""
_SENTENCES = """
SELECT d.number AS d, s.sentence, s.segment, s.start, s."end", s.voice, s.speaker, coalesce(w.words, 0)::INTEGER AS words
FROM sentences s JOIN state d ON d.doc_id = s.doc_id
LEFT JOIN (SELECT document, sentence, count(*) AS words FROM tokens WHERE word GROUP BY ALL) w
  ON w.document = d.number AND w.sentence = s.sentence"""


@dataclass(frozen=True)
class Scope:
    """What a selection leaves of a corpus: documents (None for all), voices and speakers (empty for all)."""

    doc_ids: tuple[str, ...] | None = None
    voices: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()

    def is_spoken(self) -> bool:
        """Whether it chooses among the sentences of a document."""
        return bool(self.voices or self.speakers)


@dataclass(frozen=True)
class Units:
    """Sentences in groups. `sentences` and `documents` name tables of the session.

    `sentences` has [d, sentence, segment, words, g], `documents` [d, words, sentences, g]; `d` is the number of a
    document, `g` that of a group in `groups`, the groups' names in alphabetical order.
    """

    context: CountContext
    scope: Scope
    by: tuple[str, ...]
    groups: tuple[str, ...]
    sentences: str
    documents: str
    labels: str

    @property
    def session(self) -> Session:
        """The connection in which the tables are."""
        return self.context.session

    @property
    def grouping(self) -> str:
        """What the groups are, in words: "source", "source · voice"."""
        return JOINT.join(self.by)

    def is_whole_documents(self) -> bool:
        """Whether every document lies in one group with all its sentences, so that `d` alone says where a hit counts."""
        return not self.scope.is_spoken() and not set(self.by) & {*SPOKEN, "entity"}

    @cached_property
    def sizes(self) -> Sizes:
        """Words and sentences of each document in each group."""
        rows = self.session.table(f"SELECT g, d, words, sentences FROM {self.documents} ORDER BY g, d")
        columns = (rows.column(name).to_numpy().astype(np.int64) for name in rows.column_names)
        return Sizes(*columns)


@dataclass(frozen=True)
class Sizes:
    """Group, document, words and sentences, a row for each document of each group, in that order."""

    group: Ints
    document: Ints
    words: Ints
    sentences: Ints


def units_of(context: CountContext, scope: Scope, by: str | Sequence[str] = "source") -> Units:
    """The sentences of a selection in groups by source, genre, month, year, voice, speaker, … or an attribute.

    `by` is one of `analysis.units.GROUPINGS`, the name of an attribute, or a list of them; or a list of `entity:NAME`,
    each the sentences that mention it (one that mentions two stands in both groups). BadParameter for another.
    """
    session, names = context.session, (by,) if isinstance(by, str) else tuple(by)
    if names and all(name.startswith(MENTIONING) for name in names):
        return _mentioning(context, scope, [name.removeprefix(MENTIONING) for name in names])
    attributes = [name for name in names if name not in GROUPINGS]
    if attributes:
        check_attributes(session, attributes)
    documents, sentences = documents_table(session), sentences_table(session)
    where = _conditions(session, scope, "s")
    joins = _joins(session, documents, attributes)
    label = label_of(names, "s")
    if set(names) & set(SPOKEN) or scope.is_spoken():
        rows = session.create(
            f"SELECT s.d, s.sentence, s.segment, s.words, {label} AS label FROM {sentences} s {joins} WHERE {where}",
            name="labelled",
        )
        placed, sizes, groups = _grouped(session, rows)
    else:
        held = session.create(
            f"SELECT d, sum(words)::BIGINT AS words, count(*) AS sentences FROM {sentences} GROUP BY d",
            name="held",
        )
        rows = session.create(
            f"SELECT s.d, s.words, s.sentences, {label} AS label FROM {held} s {joins} WHERE {where}",
            name="labelled",
        )
        groups = _group_names(session, rows)
        sizes = session.create(
            f"SELECT d, words, sentences, g::INTEGER AS g FROM {rows} JOIN {groups} USING (label)",
            name="sizes",
        )
        placed = (
            f"(SELECT s.d, s.sentence, s.segment, s.words, z.g FROM {sentences} s JOIN {sizes} z USING (d))"
        )
    found = session.table(f"SELECT label FROM {groups} ORDER BY g")
    return Units(context, scope, names, tuple(found.column("label").to_pylist()), placed, sizes, groups)


def _mentioning(context: CountContext, scope: Scope, names: Sequence[str]) -> Units:
    """The sentences that mention each of the named entities, in the words of the selection, as groups."""
    session = context.session
    known = session.table("SELECT entity FROM entities ORDER BY n DESC, entity").column("entity").to_pylist()
    for name in names:
        if name not in known:
            raise BadParameter(
                "by", problem=f"no entity `{name}` is mentioned", hint=did_you_mean(name, known)
            )
    said = " AND ".join(["m.sentence IS NOT NULL", *spoken_conditions(scope, "m")])
    rows = session.create(
        f"SELECT s.d, s.sentence, s.segment, s.words, m.label FROM {sentences_table(session)} s JOIN ("
        "SELECT DISTINCT n.number AS d, m.sentence, m.entity AS label FROM mentions m JOIN state n ON n.doc_id = m.doc_id "
        f"WHERE m.entity IN (SELECT unnest(?::VARCHAR[])) AND {said}) m USING (d, sentence) "
        f"WHERE {_conditions(session, scope, 's')}",
        [list(names)],
        name="mentioning",
    )
    placed, sizes, groups = _grouped(session, rows)
    found = session.table(f"SELECT label FROM {groups} ORDER BY g")
    return Units(context, scope, ("entity",), tuple(found.column("label").to_pylist()), placed, sizes, groups)


def _grouped(session: Session, rows: str) -> tuple[str, str, str]:
    """Tables of the session with the sentences, the sizes and the names of groups, from sentences with a `label`."""
    groups = _group_names(session, rows)
    placed = session.create(
        f"SELECT d, sentence, segment, words, g::INTEGER AS g FROM {rows} JOIN {groups} USING (label)",
        name="units",
    )
    sizes = session.create(
        f"SELECT d, g, sum(words)::BIGINT AS words, count(*) AS sentences FROM {placed} GROUP BY ALL",
        name="sizes",
    )
    return placed, sizes, groups


def _group_names(session: Session, rows: str) -> str:
    """A table of the session [label, g] with the groups of rows that have a `label`, numbered in alphabetical order."""
    return session.create(
        f"SELECT label, row_number() OVER (ORDER BY label) - 1 AS g FROM (SELECT DISTINCT label FROM {rows})",
        name="groups",
    )


def documents_table(session: Session) -> str:
    """A table of the session with what is known of each document, by its number `d`; unknown values are null."""
    return session.create(_DOCUMENTS, name="docs")


def sentences_table(session: Session) -> str:
    """A table of the session with each sentence of body text, its words, its voice and its speaker."""
    return session.create(_SENTENCES, name="sents")


def check_attributes(session: Session, names: Sequence[str]) -> None:
    """Refuse a grouping that is neither a column of documents nor an attribute of one: BadParameter with the nearest."""
    known = session.table("SELECT DISTINCT name FROM attributes ORDER BY name").column("name").to_pylist()
    for name in names:
        if name not in known:
            raise BadParameter(
                "by", problem=f"cannot group by `{name}`", hint=did_you_mean(name, [*GROUPINGS, *known])
            )


def label_of(names: Sequence[str], spoken: str) -> str:
    """SQL for the group's name of a row; `spoken` is the alias of what has a voice and a speaker."""
    return f" || '{JOINT}' || ".join(_part(name, spoken) for name in names)


def hit_groups(units: Units, *, own_voice: bool) -> tuple[str, str]:
    """(joins, group) in SQL that place each hit `h` in its group; a hit outside the units falls away.

    A hit with a voice and a speaker of its own (a mention) is grouped by them and not by those of its sentence: a
    name in an editor's insertion is not the speaker's word.
    """
    if own_voice and set(units.by) & set(SPOKEN):
        documents = documents_table(units.session)
        attributes = [name for name in units.by if name not in GROUPINGS]
        joins = _joins(units.session, documents, attributes, "h")
        return (
            f"SEMI JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence {joins} "
            f"JOIN {units.labels} u ON u.label = {label_of(units.by, 'h')}",
            "u.g::INTEGER",
        )
    if units.is_whole_documents():
        return f"JOIN {units.documents} u ON u.d = h.d", "u.g"
    return f"JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence", "u.g"


def _part(name: str, spoken: str) -> str:
    if name == "all":
        return f"'{ALL}'"
    known = unknown(name).replace("'", "''")
    if name == "doc_id":
        return "m.doc_id"
    if name == "voice":
        return f"coalesce(nullif({spoken}.voice, '{UNKNOWN}'), '{known}')"
    if name == "speaker":
        said = f"coalesce(nullif({spoken}.speaker, '{UNKNOWN}'), '{known}')"
        return f"CASE WHEN {spoken}.voice = 'author' THEN '{AUTHOR}' ELSE {said} END"
    column = f"m.{name}" if name in DOCUMENT_COLUMNS else f"{_alias(name)}.value"
    return f"coalesce(nullif({column}, '{UNKNOWN}'), '{known}')"


def _joins(session: Session, documents: str, attributes: Sequence[str], rows: str = "s") -> str:
    """Joins that bring what is known of a document, and its attributes, beside each row of the alias `rows`."""
    joins = [f"JOIN {documents} m ON m.d = {rows}.d"]
    for name in attributes:
        values = session.create(
            "SELECT doc_id, min(value) AS value FROM attributes WHERE name = ? GROUP BY doc_id",
            [name],
            name="attribute",
        )
        joins.append(f"LEFT JOIN {values} {_alias(name)} ON {_alias(name)}.doc_id = m.doc_id")
    return " ".join(joins)


def _alias(attribute: str) -> str:
    return '"attribute ' + attribute.replace('"', '""') + '"'


def _conditions(session: Session, scope: Scope, rows: str) -> str:
    """The WHERE of a selection over rows with `d`, and with voice and speaker where it asks for them."""
    parts = ["true"]
    if scope.doc_ids is not None:
        parts.append(f"{rows}.d IN (SELECT number FROM {selected_table(session, scope.doc_ids)})")
    return " AND ".join([*parts, *spoken_conditions(scope, rows)])


def spoken_conditions(scope: Scope, rows: str) -> list[str]:
    """Conditions in SQL on the voice and the speaker of the rows of an alias, where the selection asks for them."""
    asked = (("voice", scope.voices), ("speaker", scope.speakers))
    return [f"{rows}.{column} IN ({', '.join(map(quoted, values))})" for column, values in asked if values]


def selected_table(session: Session, doc_ids: Sequence[str]) -> str:
    """A table of the session with the numbers of these documents."""
    return session.create(
        "SELECT number FROM state WHERE doc_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(doc_ids)],
        name="chosen",
    )
