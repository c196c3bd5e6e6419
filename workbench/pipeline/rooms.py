"""The rooms as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.schema import Document, Labelled, Mention, Problem, Quote, Segment, Sentence
from workbench.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from workbench.label import Labels, RepeatedLines
    from workbench.link.stories.near_duplicates import Memory
    from workbench.settings.aliases import Aliases
    from workbench.settings.sentiment_masks import SentimentMasks
    from workbench.settings.target_sentiment import TargetSentimentSettings

# Made when first asked for; what stands before them always is. Each stands on the labels alone, but `toward`,
# which stands on the mentions.
LAYERS = ("tokens", "sentiment", "mentions", "toward")
USUAL = ("tokens", "sentiment", "mentions")  # what a build makes unasked
QUICK = ("tokens", "sentiment")  # all but the names, which cost 150 times everything else together


class Rooms(NamedTuple):
    """The functions of the rooms, in the order in which a document goes through them."""

    find_files: Callable[[Path], list[Path]]
    read: Callable[[Path, Path], Iterator[Document | Problem]]
    label: Callable[[Document, Settings, RepeatedLines], Labels]
    split_sentences: Callable[[str, list[Segment], list[Quote]], list[Sentence]]
    token_table: Callable[[Sequence[Labelled]], pa.Table]
    sentiment_table: Callable[[Sequence[Labelled], SentimentMasks], pa.Table]
    find_mentions: Callable[[Sequence[Labelled], Settings], list[list[Mention]]]
    link: Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame, Aliases], tuple[pd.DataFrame, pd.DataFrame]]
    stale_metadata: Callable[[Path, Sequence[Path]], list[Problem]]
    find_pairs: Callable[[Mapping[str, str], pd.DataFrame, Memory], pd.DataFrame]
    group_stories: Callable[[pd.DataFrame, pd.DataFrame], pd.Series[str]]
    toward_layer: Callable[[Sequence[tuple[Labelled, Sequence[Mention]]], TargetSentimentSettings], pa.Table]


def _read(path: Path, root: Path) -> Iterator[Document | Problem]:
    from workbench.read import read

    return read(path, root)


def _find_files(root: Path) -> list[Path]:
    from workbench.read import find_files

    return find_files(root)


def _label(document: Document, settings: Settings, evidence: RepeatedLines) -> Labels:
    from workbench.label import label

    return label(document, settings, evidence)


def _split_sentences(text: str, segments: list[Segment], quotes: list[Quote]) -> list[Sentence]:
    from workbench.annotate.sentences import split_sentences

    return split_sentences(text, segments, quotes)


def _token_table(batch: Sequence[Labelled]) -> pa.Table:
    from workbench.annotate.tokens import token_table

    return token_table(batch)


def _sentiment_table(batch: Sequence[Labelled], lexicon: SentimentMasks) -> pa.Table:
    from workbench.annotate.sentiment.layer import sentiment_table

    return sentiment_table(batch, lexicon)


def _find_mentions(batch: Sequence[Labelled], settings: Settings) -> list[list[Mention]]:
    from workbench.annotate.ner.layer import find_mentions

    return find_mentions(batch, settings)


def _link(
    mentions: pd.DataFrame, segments: pd.DataFrame, documents: pd.DataFrame, aliases: Aliases
) -> tuple[pd.DataFrame, pd.DataFrame]:
    from workbench.link.entities.linker import link

    return link(mentions, segments, documents, aliases)


def _stale_metadata(root: Path, files: Sequence[Path]) -> list[Problem]:
    from workbench.read import stale_metadata

    return stale_metadata(root, files)


def _find_pairs(texts: Mapping[str, str], documents: pd.DataFrame, memory: Memory) -> pd.DataFrame:
    from workbench.link.stories.near_duplicates import find_pairs

    return find_pairs(texts, documents, memory)


def _group_stories(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.Series[str]:
    from workbench.link.stories.near_duplicates import group_stories

    return group_stories(pairs, documents)


def _toward_layer(
    batch: Sequence[tuple[Labelled, Sequence[Mention]]], judging: TargetSentimentSettings
) -> pa.Table:
    from workbench.annotate.target_sentiment.layer import target_sentiment_layer

    return target_sentiment_layer(batch, judging)


# Each room is loaded when it is first entered: a build without mentions never loads spaCy.
ROOMS = Rooms(
    _find_files,
    _read,
    _label,
    _split_sentences,
    _token_table,
    _sentiment_table,
    _find_mentions,
    _link,
    _stale_metadata,
    _find_pairs,
    _group_stories,
    _toward_layer,
)
