"""From pages as they were downloaded to a comparison you can defend.

>>> import workbench
>>> corpus = workbench.load("seeds", "source:TASS")  # doctest: +SKIP

Names are loaded when first used, so that `import workbench` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.corpus import Corpus, load
    from workbench.pipeline.build import build
    from workbench.selection.model import Selection

__version__ = "0.1.0"
__all__ = ["Corpus", "Selection", "build", "load"]

_HOME = {"load": "corpus", "Corpus": "corpus", "build": "pipeline.build", "Selection": "selection.model"}


def __getattr__(name: str) -> Any:
    """A public name, from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    return getattr(import_module(f"workbench.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
