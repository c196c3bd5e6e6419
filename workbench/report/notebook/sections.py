"""The sections of a notebook: one that fails leaves a gap, and those after it are made all the same.

A section begins at a heading of the second level (`## Topics`). What stands before the first one, the
imports and the reading of the text, is what all of them rest on: when that fails, the notebook fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_HEADING = re.compile(r"^##\s+(.+)$", re.M)
GAP = "workbench_gap"  # metadata of a cell that failed: its section
LEFT_OUT = "workbench_left_out"  # metadata of a cell that was not run, since its section had failed


@dataclass
class SectionStatus:
    """What became of the sections while a notebook runs: which failed and why, and how many are whole.

    `broken` says that the notebook cannot be shown: what all sections rest on failed, or the kernel is gone.
    """

    gaps: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    broken: bool = False
    now: str = ""
    _number: int = 0

    def begin(self, cell: Mapping[str, Any]) -> None:
        """Note the section that a cell opens, if it opens one."""
        if cell["cell_type"] == "markdown" and (found := _HEADING.findall(_joined(cell["source"]))):
            name, self._number = found[-1].rstrip("# \t\r") or found[-1], self._number + 1
            # two sections of one name are two
            self.now = f"{name} ({self._number})" if name in {*self.gaps, *self.whole} else name

    @property
    def failed(self) -> bool:
        """Whether the section that runs now has failed."""
        return self.now in self.gaps

    def succeed(self) -> None:
        """A code cell of this section came to its end."""
        self.whole.add(self.now)

    def fail(self, cell: Any, reason: str) -> None:
        """A code cell of this section failed."""
        cell.metadata[GAP] = self.now
        self.whole.discard(self.now)
        self.gaps[self.now] = reason
        self.broken = self.broken or not self.now

    @property
    def usable(self) -> bool:
        """Whether something is left to show: some section failed, and another one is whole."""
        return bool(self.gaps) and not self.broken and bool(self.whole - {""})


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
