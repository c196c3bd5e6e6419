"""Settings of `lexicon.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.settings.toml import Layer


@dataclass(frozen=True)
class Lexicon:
    """What `lexicon.toml` says."""


def parse(found: Sequence[Layer]) -> Lexicon:
    """The frozen value of the layers found."""
    return Lexicon()
