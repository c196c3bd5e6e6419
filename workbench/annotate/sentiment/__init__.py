"""Sentiment of sentences: VADER, a second lexicon, masks of names, an explanation of each score."""
