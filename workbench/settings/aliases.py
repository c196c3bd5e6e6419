"""Settings of `aliases.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.settings.toml import Layer


@dataclass(frozen=True)
class Aliases:
    """What `aliases.toml` says."""


def parse(found: Sequence[Layer]) -> Aliases:
    """The frozen value of the layers found."""
    return Aliases()
