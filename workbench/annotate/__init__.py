"""Segments to layers: sentences, tokens, mentions, sentiment. The only door to nltk and spaCy.

Import the module you need (`workbench.annotate.tokens` …): this package itself loads nothing.
"""
