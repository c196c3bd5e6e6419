"""Reading settings files in layers, and refusing what means nothing in them.

Settings are TOML. A file of the package is overlaid by the project's file of the same name.
Each `settings/<stem>.py` turns the layers of `<stem>.toml` into one frozen value with `parse`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import BadSettings, did_you_mean

# Settings files of a project that have a new name: a file under the old one would be ignored.
RENAMED = {"lexicon.toml": "sentiment_masks.toml", "toward.toml": "target_sentiment.toml"}


class SettingsLayer(NamedTuple):
    """One settings file as read: where it is, and its table."""

    place: str
    table: Mapping[str, Any]


def read_toml(path: Path) -> dict[str, Any]:
    """The table of a TOML file; BadSettings with the line when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(path, problem=f"not valid TOML: {error}", hint="correct that line") from error
    except UnicodeDecodeError as error:
        raise BadSettings(path, problem="not UTF-8 text", hint="save the file as UTF-8") from error


def refuse_old_names(folder: Path) -> None:
    """Raise BadSettings for a settings file of `folder` that still has the name of an older version."""
    for old, new in RENAMED.items():
        if (folder / old).is_file():
            raise BadSettings(
                folder / old,
                problem=f"settings are no longer read from {old}",
                hint=f"rename the file to {new}; docs/guide/migrating.md lists what else has a new name",
            )


def read_layers(name: str, folder: Path | None) -> list[SettingsLayer]:
    """The layers of `name` (such as "topics.toml"): the package's, then the project's if there is one."""
    own = resources.files("workbench.settings").joinpath(name).read_text(encoding="utf-8")
    found = [SettingsLayer(f"workbench/settings/{name}", tomllib.loads(own))]
    if folder is not None and (folder / name).is_file():
        found.append(SettingsLayer(str(folder / name), read_toml(folder / name)))
    return found


def check_keys(place: str, table: Mapping[str, Any], known: Collection[str], what: str) -> None:
    """Refuse a key of `table` that is not in `known`; `what` says what the table describes."""
    for key in table:
        if key not in known:
            raise BadSettings(place, problem=f"{what} has no setting `{key}`", hint=did_you_mean(key, known))


def strings(place: str, key: str, value: Any) -> tuple[str, ...]:
    """A string or a list of strings as a tuple; BadSettings otherwise."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise BadSettings(
        place,
        problem=f"`{key}` is {type(value).__name__}, not text or a list of texts",
        hint=f'write {key} = ["…", "…"]',
    )
