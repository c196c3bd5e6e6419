"""Settings of `topics.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.settings.toml import Layer


@dataclass(frozen=True)
class Topics:
    """What `topics.toml` says."""


def parse(found: Sequence[Layer]) -> Topics:
    """The frozen value of the layers found."""
    return Topics()
