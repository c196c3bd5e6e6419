"""Folder -> store, and file -> JSON: the one place that knows the order of the steps.

read -> label -> sentences -> tokens, sentiment, mentions -> entities, toward. `build` keeps what it made and
makes only what is missing; `parse` shows how files were understood and keeps nothing. A step is imported where it
is called: a build without mentions never loads spaCy.
"""

# Made when first asked for; what stands before them always is. Each stands on the labels alone, but `toward`,
# which stands on the mentions.
LAYERS = ("tokens", "sentiment", "mentions", "toward")
USUAL = ("tokens", "sentiment", "mentions")  # what a build makes unasked
QUICK = ("tokens", "sentiment")  # all but the names, which cost 150 times everything else together
