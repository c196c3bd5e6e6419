"""Record what a commit computes from a folder of documents, and compare two recordings.

    python -m benchmarks.recording documents --kind fixtures --out DIR
    python -m benchmarks.recording documents --kind mixed --data DATA --out DIR
    python -m benchmarks.recording record --commit REV --documents DIR --out RECORDING
    python -m benchmarks.recording record --tree . --documents DIR --out RECORDING
    python -m benchmarks.recording compare OLD NEW [--wanted FILE] [--examples 3]

A recording holds three parts, each a folder of Parquet tables:

- `parse`: the output of `workbench parse --json`, one table for each list in it (`segments`, `quotes`, ...) and
  `document` for the rest. Every value is JSON text, so that a change of type is a difference, too;
- `tables`: every Delta table of the store after `workbench build`, with the layers that a build
  leaves out (sentiment toward entities), read with deltalake;
- `results`: the named results of every notebook that `make report` runs, one table for each report, and
  `reports` with the state of each.

The code of the recorded commit runs in a temporary project. The recording fails when a kernel of a report
imports the package from elsewhere.

`compare` exits with 1 when a difference is not stated as wanted in `benchmarks/recording/wanted.toml`, whose
head explains the rules, and with 2 when the two recordings cannot be compared. It compares tables as multisets of
rows; the order of rows does not count.

Not recorded, since two runs of one commit differ in them, or since they name code and not a result:
see `IGNORED_TABLES`, `IGNORED_COLUMNS` and `KEPT_OF_STAMP` in `benchmarks/recording/record.py`.
"""
