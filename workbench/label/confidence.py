"""How often each rule names the right source, as measured; see the head of confidence.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from workbench.schema import UNKNOWN

_UNMEASURED = "unmeasured"  # the entry for a rule that was not met while measuring


@lru_cache(maxsize=1)
def _shares() -> dict[str, float]:
    """Rule to the share of its quotes whose source is right, two digits."""
    text = resources.files("workbench.label").joinpath("confidence.toml").read_text(encoding="utf-8")
    return {entry["rule"]: round(entry["right"] / entry["n"], 2) for entry in tomllib.loads(text)["rule"]}


def confidence(rule: str, speaker: str) -> float:
    """Share of the rule's quotes that are quotes with the right source, 0 to 1, two digits.

    For an UNKNOWN speaker the share says how sure it is that somebody said this at all.
    """
    shares = _shares()
    return shares.get("unknown" if speaker == UNKNOWN else rule, shares[_UNMEASURED])
