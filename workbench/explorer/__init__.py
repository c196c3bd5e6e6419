"""Widgets over a corpus: narrow the documents, read them marked, carry the selection on.

State is one Selection and a few view settings; everything that can be had without a widget (facet
counts, completion, histogram, marks, the line of code) is a plain function of the index and the state,
tested alone. Widgets are a thin skin over these functions: they show values and send changes back.
Text of documents enters HTML through `markup.text` only. Counting and drawing are done by `analysis`
and `figures`, with the calls that the notebooks make.

The only door to ipywidgets.
"""
