"""Helpers that several test files use: small corpora, fake servers, hand-made rows and written files."""
