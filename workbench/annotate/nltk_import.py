"""Import NLTK without the optional libraries that it would load.

NLTK imports scikit-learn and scipy wherever it finds them, for classifiers and tests that are not used
here: 8.6 s of CPU time and 215 MB instead of 1.4 s and 61 MB (measured side by side, with the extra
`topics` installed). Both imports are optional there, so while NLTK loads, and in this thread alone, they
fail as if the two were not installed; afterwards everything is as before. A program that wants NLTK's
`SklearnClassifier` or Fisher's test imports nltk first.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

UNASKED = frozenset({"sklearn", "scipy"})


class _Absent:
    """Says of `UNASKED` that they are not installed, to one thread."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002
        if name.partition(".")[0] in UNASKED and threading.get_ident() == self.thread:
            raise ModuleNotFoundError(f"{name} is not needed here", name=name)


@contextmanager
def without_optional_imports() -> Iterator[None]:
    """Imports of scikit-learn and scipy fail inside, if they were not loaded before."""
    finder: Any = _Absent()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


with without_optional_imports():
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants
    from nltk.stem.snowball import SnowballStemmer
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

__all__ = [
    "PunktParameters", "PunktSentenceTokenizer", "SentimentIntensityAnalyzer", "SnowballStemmer", "VaderConstants",
]  # fmt: skip
