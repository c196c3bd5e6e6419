"""Settings of `target_sentiment.toml`: who judges the sentiment toward an entity. Its key is documented there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import BadSettings
from workbench.settings.loader import SettingsLayer, check_keys

DEFAULT_MODEL = "workbench.annotate.target_sentiment.scorer:target_sentiment"
OLD = "workbench.annotate.toward:toward"  # import path of the same function in older versions
_NAME = re.compile(r"[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*)?|[\w.-]+")


@dataclass(frozen=True)
class TargetSentimentSettings:
    """What `target_sentiment.toml` says: the judge, by import path (`module:function`) or name of an entry point."""

    judge: str = DEFAULT_MODEL


def parse(found: Sequence[SettingsLayer]) -> TargetSentimentSettings:
    """The layers as one value, the last one first; BadSettings for an unknown key or what is no name."""
    judge = DEFAULT_MODEL
    for place, table in found:
        check_keys(place, table, ("judge",), "target_sentiment.toml")
        judge = table.get("judge", judge)
        if not isinstance(judge, str) or not _NAME.fullmatch(judge):
            hint = f'write judge = "package.module:function", as in judge = "{DEFAULT_MODEL}"'
            raise BadSettings(place, problem=f"judge {judge!r} is no name", hint=hint)
        if judge == OLD:
            raise BadSettings(
                place,
                problem=f"there is no judge {judge!r} any more",
                hint=f'write judge = "{DEFAULT_MODEL}", or leave the line out: it is the default',
            )
    return TargetSentimentSettings(judge)
