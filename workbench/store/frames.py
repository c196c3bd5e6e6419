"""Tables as pandas DataFrames."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import pyarrow as pa

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
