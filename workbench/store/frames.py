"""Tables as pandas DataFrames."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.schema import STORED, arrow_schema

# Whole numbers that may be absent: pandas' own Int32, since a missing value would turn them into floats.
NULLABLE = {"mentions": ("sentence",), "quotes": ("speaker_start", "speaker_end")}
# Columns with few values over millions of rows: codes instead of one text a row.
CODED = {"tokens": ("doc_id", "form")}
# Lists of structs over as many rows as there are names: kept as Arrow, a list of dicts when one is looked at.
PACKED = {"toward": ("receipt",)}


def to_frame(table: str, rows: pa.Table) -> pd.DataFrame:
    """`rows` of `table` as a DataFrame: texts as pandas strings, absent values as NA, lists as lists."""
    columns = {}
    for name in rows.column_names:
        column = rows.column(name)
        if name in NULLABLE.get(table, ()):
            columns[name] = column.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
        elif name in PACKED.get(table, ()):
            columns[name] = column.to_pandas(types_mapper=pd.ArrowDtype)
        elif name in CODED.get(table, ()):
            columns[name] = column.combine_chunks().dictionary_encode().to_pandas()
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns, columns=rows.column_names)


def from_frame(schema: pa.Schema, frame: pd.DataFrame, columns: Collection[str] | None = None) -> pa.Table:
    """The DataFrame as Arrow rows of `schema`, without its index."""
    wanted = list(columns or schema.names)
    return pa.Table.from_pandas(frame[wanted], schema=schema, preserve_index=False)


# Column of the frame of sentiment -> lexicon, and whether names, offices and courtesy are masked.
SCORES = {"score": ("vader", True), "score_unmasked": ("vader", False), "score_second": ("afinn", True)}


def score_rows(scored: pa.Table) -> pa.Table:
    """Sentiment as the store holds it, a row for each score of a sentence, from one row a sentence.

    The share of positive and of negative words and the receipt stand in the row of the masked score of VADER.
    """
    schema = arrow_schema("sentiment", STORED)
    pieces = []
    for column, (lexicon, masked) in SCORES.items():
        values = {"lexicon": lexicon, "masked": masked, "score": scored[column]}
        same = {
            name: scored[name] for name in schema.names if name in scored.column_names and name not in values
        }
        if column != "score":
            same |= dict.fromkeys(("positive", "negative", "hits"))
        columns = [(values | same)[name] for name in schema.names]
        pieces.append(
            pa.Table.from_arrays(
                [
                    value.cast(field.type)
                    if isinstance(value, pa.ChunkedArray)
                    else pa.repeat(pa.scalar(value, field.type), scored.num_rows)
                    for value, field in zip(columns, schema, strict=True)
                ],
                schema=schema,
            )
        )
    return pa.concat_tables(pieces)


def sentence_scores(rows: pa.Table) -> pa.Table:
    """Sentiment as `corpus.tables.sentiment`, exports and `parse` show it, one row a sentence: the inverse of `score_rows`.

    `rows` are in the order of documents and sentences, as the store gives them. This is the only place that
    turns the rows of the store into columns.
    """
    schema = arrow_schema("sentiment")
    parts = {
        column: rows.filter(
            pc.and_(pc.equal(rows["lexicon"], lexicon), pc.equal(rows["masked"], pa.scalar(masked)))
        )
        for column, (lexicon, masked) in SCORES.items()
    }
    columns = {column: part["score"] for column, part in parts.items()}
    first = parts["score"]
    columns |= {name: first[name] for name in schema.names if name not in columns}
    return pa.table({name: columns[name] for name in schema.names}, schema)
