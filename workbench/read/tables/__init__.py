"""Tables of documents, one a row: CSV, TSV, JSONL, XLSX, Parquet."""
