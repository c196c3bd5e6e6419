"""Add layers to labelled text: sentences, tokens, mentions, sentiment. Only this package imports NLTK and spaCy.

Import the module you need (`workbench.annotate.tokens` …): this package itself loads nothing.
"""
