"""What a corpus can be asked, a verb a file: each counts a feature, calls the statistics, and gives a Result.

Every verb takes the corpus, what is counted, and then the same words in the same order: `by`, `top`, `match`, `near`,
`every`. A verb is thin: `features` counts in DuckDB, `analysis` computes, `display` draws and reads.
"""
