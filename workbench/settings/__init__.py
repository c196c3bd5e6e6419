"""Settings are data: TOML files of the package, overlaid by the project's, checked when loaded.

`load_settings` is the one door. Each file has its module here, which documents every key, refuses a
wrong one with "did you mean", and gives one frozen value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.settings import aliases, sentiment_masks, sources, target_sentiment, topics
from workbench.settings.loader import SettingsLayer, read_layers, refuse_old_names


@dataclass(frozen=True)
class Settings:
    """What the packages need to know: sources, topics, aliases, lexicon, judge, a digest of them all and one of each."""

    sources: sources.Sources
    topics: topics.Topics
    aliases: aliases.Aliases
    sentiment_masks: sentiment_masks.SentimentMasks
    digest: str
    digests: Mapping[str, str] = field(default_factory=dict)
    target_sentiment: target_sentiment.TargetSentimentSettings = field(
        default_factory=target_sentiment.TargetSentimentSettings
    )
    folder: Path | None = field(default=None, compare=False)  # of the project; saved selections stand there


def load_settings(folder: Path | None = None) -> Settings:
    """The package's settings overlaid by the TOML files of `folder`, if one is given.

    Raises BadSettings with the file, the key and the nearest known one, and for a file under its old name.
    """
    if folder is not None:
        refuse_old_names(folder)
    read = {
        name: read_layers(f"{name}.toml", folder)
        for name in ("sources", "topics", "aliases", "sentiment_masks", "target_sentiment")
    }
    return Settings(
        sources=sources.parse(read["sources"]),
        topics=topics.parse(read["topics"]),
        aliases=aliases.parse(read["aliases"]),
        sentiment_masks=sentiment_masks.parse(read["sentiment_masks"]),
        target_sentiment=target_sentiment.parse(read["target_sentiment"]),
        digest=_digest(read),
        digests={name: _digest({name: found}) for name, found in read.items()},
        folder=folder,
    )


def _digest(read: dict[str, list[SettingsLayer]]) -> str:
    """Sixteen hex digits over what all layers say, the same on every machine; a file that says nothing counts as none."""
    content = repr(
        [
            (name, [_ordered(layer.table) for layer in found if layer.table])
            for name, found in sorted(read.items())
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _ordered(table: object) -> object:
    """A nested table with its keys in order, so that moving a line changes no digest."""
    if isinstance(table, dict):
        return sorted((key, _ordered(value)) for key, value in table.items())
    return table
