"""Settings of `sources.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.settings.toml import Layer


@dataclass(frozen=True)
class Sources:
    """What `sources.toml` says."""


def parse(found: Sequence[Layer]) -> Sources:
    """The frozen value of the layers found."""
    return Sources()
