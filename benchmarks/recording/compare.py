"""Compare two recordings table by table, as multisets of rows, and say which differences are wanted."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.recording.record import META, PARTS
from benchmarks.recording.wanted import DifferenceRule, Rules

# By what a changed row is found again: the first line all of whose columns the table has. Rows that the first
# key of a line does not pair are paired by the next.
KEYS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("doc_id", "start", "end"), ("doc_id", "start")),
    (("doc_id", "sentence", "lexicon", "masked"),),
    (("doc_id", "sentence"),),
    (("path", "problem"), ("path",)),
    (("doc_id", "entity"),),
    (("a", "b"),),
    (("entity",),),
    (("doc_id",),),
    (("report",),),
    (("name",),),
)
SHOWN = 160  # characters of a value in an example
MEMORY = "4GB"  # DuckDB spills to a temporary folder beyond it


class CannotCompare(Exception):
    """The recordings are missing, or of different documents."""


@dataclass
class TableDifference:
    """How a table differs, in rows, in documents and in values of a column; `faults` are sentences.

    `wanted` counts the rows among them that a rule explains, `unexplained` all that no rule does:
    rows, columns or the whole table.
    """

    table: str
    equal: int = 0
    changed: int = 0
    only_old: int = 0
    only_new: int = 0
    documents: tuple[int, int, int, int] | None = None
    values: dict[str, int] = field(default_factory=dict)
    wanted: int = 0
    unexplained: int = 0
    faults: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


@dataclass
class RecordingComparison:
    """The differences of every table, by part."""

    parts: dict[str, list[TableDifference]] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether every difference is explained by a rule."""
        return not any(one.unexplained for tables in self.parts.values() for one in tables)


class Tables(Mapping[str, pa.Table]):
    """The tables of one part of a recording, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}

    def __getitem__(self, name: str) -> pa.Table:
        return pq.read_table(self.files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def compare(old: Path, new: Path, rules: Rules, examples: int = 3) -> RecordingComparison:
    """Compare the parts that both recordings hold; CannotCompare when they read different documents."""
    known = [_meta(place) for place in (old, new)]
    if known[0]["documents"] != known[1]["documents"]:
        raise CannotCompare(
            f"{old} and {new} are recordings of different documents; record both from one folder"
        )
    parts = [part for part in PARTS if all(part in one["parts"] for one in known)]
    if not parts:
        raise CannotCompare(f"{old} and {new} have no part in common; record the same parts")
    found = RecordingComparison()
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        for part in parts:
            found.parts[part] = list(_compare_part(part, old / part, new / part, rules, examples, folder))
    return found


def _meta(place: Path) -> dict[str, list[str]]:
    try:
        found: dict[str, list[str]] = json.loads((place / META).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotCompare(f"{place} is no recording: {error}") from error
    return found


def _compare_part(
    part: str, old: Path, new: Path, rules: Rules, examples: int, scratch: str
) -> Iterator[TableDifference]:
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": scratch}) as sql:
        sides = [
            _Recording(sql, name, part, Tables(place), rules) for name, place in (("old", old), ("new", new))
        ]
        for table in sorted({*sides[0].tables, *sides[1].tables}):
            yield _compare_table(sql, part, table, sides, rules, examples)


class _Recording:
    """The tables of one side under their new names, as queries."""

    def __init__(
        self, sql: duckdb.DuckDBPyConnection, name: str, part: str, tables: Tables, rules: Rules
    ) -> None:
        self.sql, self.name, self.part, self.rules = sql, name, part, rules
        self.tables: dict[str, str] = {}
        adapted: set[str] = set()
        for rule in (rule for rule in rules if rule.kind == "adapt"):
            if (rule["side"] or "old") == name and (rule["part"] or "tables") == part:
                view = f"adapted_{name}_{len(adapted)}"
                sql.register(view, rule.adapter()(tables))
                self.tables[rule["table"]] = f"SELECT * FROM {view}"
                adapted.add(rule["table"])
                rule.explained += 1
        for table, file in tables.files.items():
            if table not in adapted:
                self.tables[self._renamed(table)] = _query(file)
        if name == "old":
            for table, query in self.tables.items():
                self.tables[table] = self._rewritten(table, self._with_new_columns(table, query))

    def columns(self, table: str) -> dict[str, str]:
        """Type of every column."""
        return _columns(self.sql, self.tables[table])

    def count(self, table: str) -> int:
        """Rows of a table."""
        return _number(self.sql, f"SELECT count(*) FROM ({self.tables[table]})")

    def _renamed(self, table: str) -> str:
        if self.name == "old":
            for rule in self.rules.of("rename", self.part, table):
                if rule["column"] is None:
                    rule.explained += 1
                    return str(rule["to"])
        return table

    def _with_new_columns(self, table: str, query: str) -> str:
        names = _columns(self.sql, query)
        renamed = []
        for rule in self.rules.of("rename", self.part, table):
            if rule["column"] in names:
                rule.explained += 1
                renamed.append(f"{_name(rule['column'])} AS {_name(rule['to'])}")
        return f"SELECT * RENAME ({', '.join(renamed)}) FROM ({query})" if renamed else query

    def _rewritten(self, table: str, query: str) -> str:
        for column in _columns(self.sql, query):
            for rule in self.rules.of("text", self.part, table, column):
                name, old, new = _name(column), _text(rule["old"]), _text(rule["new"])
                if rule["regex"]:
                    meets = f"regexp_matches({name}, {old})"
                    value = f"regexp_replace({name}, {old}, {new}, 'g')"
                else:
                    meets, value = f"{name} = {old}", new
                rule.explained += _number(self.sql, f"SELECT count(*) FROM ({query}) WHERE {meets}")
                query = f"SELECT * REPLACE (CASE WHEN {meets} THEN {value} ELSE {name} END AS {name}) FROM ({query})"
        return query


def _compare_table(
    sql: duckdb.DuckDBPyConnection,
    part: str,
    table: str,
    sides: Sequence[_Recording],
    rules: Rules,
    examples: int,
) -> TableDifference:
    old, new = sides
    found = TableDifference(table)
    if table not in new.tables or table not in old.tables:
        side, kind = (old, "gone") if table in old.tables else (new, "new")
        rows = side.count(table)
        found.only_old, found.only_new = (rows, 0) if kind == "gone" else (0, rows)
        _explain(rules.of(kind, part, table), None, found, f"the table {table} is {kind} ({rows} rows)", rows)
        return found
    if part != "tables":  # there a table without rows does not know its columns
        for side, other in ((old, new), (new, old)):
            if not side.count(table):
                side.tables[table] = f"SELECT * FROM ({other.tables[table]}) WHERE false"
    types = [side.columns(table) for side in sides]
    for kind, columns in (("gone", types[0].keys() - types[1]), ("new", types[1].keys() - types[0])):
        for column in sorted(columns):
            fitting = rules.of(kind, part, table, column)
            _explain(fitting, column, found, f"the column {table}.{column} is {kind}", 1)
    common = [column for column in types[0] if column in types[1]]
    if not common:
        found.unexplained += 1
        found.faults.append(f"{table} has no column in common")
        return found
    for number, side in enumerate(sides):
        shown = ", ".join(_cast(column, types[number], types[1 - number]) for column in common)
        sql.execute(
            f"CREATE OR REPLACE TEMP VIEW side_{side.name} AS SELECT {shown} FROM ({side.tables[table]})"
        )
    _differences(sql, common)
    left = [_number(sql, f"SELECT count(*) FROM left_{side.name}") for side in sides]
    found.equal = _number(sql, "SELECT count(*) FROM side_old") - left[0]
    if "doc_id" in common:
        found.documents = _documents(sql)
    _pair(sql, common, _keys(rules, part, table, common))
    found.changed = _number(sql, "SELECT count(*) FROM pairs WHERE old IS NOT NULL AND new IS NOT NULL")
    found.only_old, found.only_new = left[0] - found.changed, left[1] - found.changed
    if any(left):
        _judge(sql, part, table, common, rules, found)
        _show(sql, common, found, examples)
    return found


def _explain(
    rules: Sequence[DifferenceRule], column: str | None, found: TableDifference, fault: str, n: int
) -> None:
    """Credit the first rule about the whole table or column, or note the fault."""
    for rule in rules:
        if rule["where"] is None and (column is not None) == (rule["column"] is not None):
            rule.explained += 1
            found.wanted += n if column is None else 0
            return
    found.unexplained += 1
    found.faults.append(fault)


def _differences(sql: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Tables left_old and left_new: the rows that the other side lacks, as one struct and a number."""
    sql.execute("DROP TABLE IF EXISTS pairs")
    shown = ", ".join(f"{_name(column)} := {_name(column)}" for column in columns)
    for side, other in (("old", "new"), ("new", "old")):
        sql.execute(
            f"CREATE OR REPLACE TEMP TABLE left_{side} AS "
            f"SELECT struct_pack({shown}) AS r, row_number() OVER () AS id "
            f"FROM (SELECT * FROM side_{side} EXCEPT ALL SELECT * FROM side_{other})"
        )


def _documents(sql: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """Documents that are equal, differ, or are on one side only, as far as this table knows them."""
    (row,) = sql.execute(
        """
        WITH o AS (SELECT DISTINCT doc_id FROM side_old), n AS (SELECT DISTINCT doc_id FROM side_new),
             d AS (SELECT r.doc_id AS doc_id FROM left_old UNION SELECT r.doc_id FROM left_new),
             b AS (SELECT doc_id FROM o INTERSECT SELECT doc_id FROM n)
        SELECT (SELECT count(*) FROM b WHERE doc_id NOT IN (SELECT doc_id FROM d WHERE doc_id IS NOT NULL)),
               (SELECT count(*) FROM b WHERE doc_id IN (SELECT doc_id FROM d)),
               (SELECT count(*) FROM (SELECT doc_id FROM o EXCEPT SELECT doc_id FROM n)),
               (SELECT count(*) FROM (SELECT doc_id FROM n EXCEPT SELECT doc_id FROM o))
        """
    ).fetchall()
    equal, changed, only_old, only_new = map(int, row)
    return equal, changed, only_old, only_new


def _keys(rules: Rules, part: str, table: str, columns: Sequence[str]) -> Sequence[Sequence[str]]:
    for rule in rules.of("key", part, table):
        rule.explained += 1
        return [rule["columns"]]
    fitting = (line for line in KEYS if all(column in columns for key in line for column in key))
    return next(fitting, ())


def _pair(sql: duckdb.DuckDBPyConnection, columns: Sequence[str], keys: Sequence[Sequence[str]]) -> None:
    """The table pairs: each row that is left, beside the changed one with its key; null where there is none."""
    order = ", ".join(f"CAST(r.{_name(column)} AS VARCHAR)" for column in columns)
    sql.execute(
        "CREATE TEMP TABLE pairs AS "
        "SELECT o.r AS old, n.r AS new, o.id AS old_id, n.id AS new_id FROM left_old o, left_new n WHERE false"
    )
    for key in keys:
        by = ", ".join(f"r.{_name(column)}" for column in key)
        same = " AND ".join(f"o.r.{_name(column)} IS NOT DISTINCT FROM n.r.{_name(column)}" for column in key)
        ranked = [
            f"(SELECT *, row_number() OVER (PARTITION BY {by} ORDER BY {order}) AS place FROM left_{side} "
            f"WHERE id NOT IN (SELECT {side}_id FROM pairs))"
            for side in ("old", "new")
        ]
        sql.execute(
            f"INSERT INTO pairs SELECT o.r, n.r, o.id, n.id FROM {ranked[0]} o JOIN {ranked[1]} n ON o.place = n.place AND {same}"
        )
    sql.execute(
        "INSERT INTO pairs SELECT r, NULL, id, NULL FROM left_old "
        "WHERE id NOT IN (SELECT old_id FROM pairs WHERE old_id IS NOT NULL)"
    )
    sql.execute(
        "INSERT INTO pairs SELECT NULL, r, NULL, id FROM left_new "
        "WHERE id NOT IN (SELECT new_id FROM pairs WHERE new_id IS NOT NULL)"
    )


def _judge(
    sql: duckdb.DuckDBPyConnection,
    part: str,
    table: str,
    columns: Sequence[str],
    rules: Rules,
    found: TableDifference,
) -> None:
    """Count the values that changed, credit the rules that explain them, and mark the rows that none explains."""
    both = "old IS NOT NULL AND new IS NOT NULL"
    unexplained = []
    for column in columns:
        name = _name(column)
        differs = f"({both} AND old.{name} IS DISTINCT FROM new.{name})"
        if not (n := _number(sql, f"SELECT count(*) FROM pairs WHERE {differs}")):
            continue
        found.values[column] = n
        allowed = [_credit(sql, rule, differs) for rule in rules.of("changed", part, table, column)]
        unexplained.append(f"({differs} AND NOT ({' OR '.join(allowed) or 'false'}))")
    for kind, alone in (("gone", "new IS NULL"), ("new", "old IS NULL")):
        fitting = [rule for rule in rules.of(kind, part, table) if rule["where"] and not rule["column"]]
        allowed = [_credit(sql, rule, alone) for rule in fitting]
        unexplained.append(f"({alone} AND NOT ({' OR '.join(allowed) or 'false'}))")
    sql.execute(
        f"ALTER TABLE pairs ADD COLUMN fault BOOLEAN; UPDATE pairs SET fault = {' OR '.join(unexplained)}"
    )
    rows = _number(sql, "SELECT count(*) FROM pairs")
    faults = _number(sql, "SELECT count(*) FROM pairs WHERE fault")
    found.unexplained += faults
    found.wanted += rows - faults


def _credit(sql: duckdb.DuckDBPyConnection, rule: DifferenceRule, differs: str) -> str:
    """The condition of a rule, after counting the differences that meet it."""
    meets = f"coalesce(({rule['where'] or 'true'}), false)"
    rule.explained += _number(sql, f"SELECT count(*) FROM pairs WHERE {differs} AND {meets}")
    return meets


def _show(
    sql: duckdb.DuckDBPyConnection, columns: Sequence[str], found: TableDifference, examples: int
) -> None:
    """Examples of rows that no rule explains: a changed one with its key and the values that differ."""
    cells = ", ".join(f"old.{_name(c)} IS DISTINCT FROM new.{_name(c)}" for c in columns)
    text = [
        f"[{', '.join(f'CAST({side}.{_name(c)} AS VARCHAR)' for c in columns)}]" for side in ("old", "new")
    ]
    rows = sql.execute(
        f"SELECT old IS NOT NULL, new IS NOT NULL, [{cells}], {text[0]}, {text[1]} FROM pairs WHERE fault "
        f"ORDER BY coalesce({text[0]}, {text[1]}) LIMIT {int(examples)}"
    ).fetchall()
    for in_old, in_new, differs, was, now in rows:
        if in_old and in_new:
            same = [f"{c}={_short(v)}" for c, v, d in zip(columns, was, differs, strict=True) if not d and v]
            changes = [
                f"{c}: {_short(a)} -> {_short(b)}"
                for c, a, b, d in zip(columns, was, now, differs, strict=True)
                if d
            ]
            found.examples.append(f"changed  {' '.join(same[:4])} | {'; '.join(changes)}")
        else:
            values = [
                f"{c}={_short(v)}"
                for c, v in zip(columns, was if in_old else now, strict=True)
                if v is not None
            ]
            found.examples.append(f"only in {'old' if in_old else 'new'}  {' '.join(values)}")


def print_comparison(found: RecordingComparison, rules: Rules) -> None:
    """Print the differences part by part, then what each rule explained."""
    for part, tables in found.parts.items():
        print(f"{part}")
        for one in tables:
            state = "equal" if not (one.changed or one.only_old or one.only_new or one.faults) else "wanted"
            state = "DIFFERENT" if one.unexplained else state
            line = (
                f"  {one.table:<24} {state:<10} rows: {one.equal} equal, {one.changed} changed, "
                f"{one.only_old} only in old, {one.only_new} only in new"
            )
            if one.documents is not None and state != "equal":
                equal, changed, *alone = one.documents
                line += f"; documents: {equal} equal, {changed} changed, {alone[0]} only in old, {alone[1]} only in new"
            print(line)
            if one.values:
                print("    values changed: " + ", ".join(f"{c} {n}" for c, n in one.values.items()))
            if one.wanted or one.unexplained:
                print(f"    {one.wanted} rows wanted, {one.unexplained} differences unexplained")
            for text in [*one.faults, *one.examples]:
                print(f"    {text}")
    print("wanted rules")
    for rule in rules:
        print(f"  {rule.explained or 'NOTHING':>8} explained by: {rule} ({rule['reason']})")
    if not rules:
        print("  none")
    print("no unexplained difference" if found.good else "there are unexplained differences")


def _query(file: Path) -> str:
    """A Parquet file as a query. DuckDB refuses one without columns, which an empty list of objects leaves."""
    if pq.read_schema(file).names:
        return f"SELECT * FROM read_parquet({_text(str(file))})"
    return "SELECT CAST(NULL AS VARCHAR) AS doc_id WHERE false"


def _columns(sql: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    return {row[0]: row[1] for row in sql.execute(f"DESCRIBE {query}").fetchall()}


def _cast(column: str, mine: Mapping[str, str], other: Mapping[str, str]) -> str:
    """A column; as text where the other side has another type, so that 1 equals 1 of a wider type."""
    name = _name(column)
    return name if mine[column] == other[column] else f"CAST({name} AS VARCHAR) AS {name}"


def _number(sql: duckdb.DuckDBPyConnection, query: str) -> int:
    row = sql.execute(query).fetchone()
    return int(row[0]) if row else 0


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
