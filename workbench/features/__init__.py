"""Features: what can be counted in a sentence (words, stems, n-grams, topics, entities, queries, quotations).

A feature gives its hits as a relation in DuckDB; `cells` counts them by group and document. Only counts of the items
that are shown leave DuckDB.
"""
