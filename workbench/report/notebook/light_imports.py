"""Importing papermill, nbformat and nbconvert without what a report never uses.

jupyter_server installs jsonschema's format checkers. One of them compiles a grammar of web addresses
when jsonschema is imported: 1.5 s of the 3.7 s that `import papermill` took on two shared cores.
No notebook schema uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNUSED = ("rfc3987_syntax", "pyarrow.fs")  # 1.5 s; and 0.3 s for papermill's HDFS handler


@contextmanager
def light_imports() -> Iterator[None]:
    """Inside, the unused modules count as not installed; afterwards they can be imported as ever."""
    hidden = [name for name in _UNUSED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
