"""One language: its name, its layers, and its groups of data, each read when it is first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from workbench.errors import BadSettings, did_you_mean
from workbench.languages import groups

Group = TypeVar("Group")
LAYERS = ("names", "sentiment", "toward")  # that a language may have or lack; labels and tokens exist for all


def group_name(kind: type) -> str:
    """The name of a group of data, which is that of its file and its attribute: PersonalNames -> personal_names."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


GROUPS = tuple(
    group_name(kind) for kind in vars(groups).values() if isinstance(kind, type) and is_dataclass(kind)
)


@dataclass(frozen=True)
class Language:
    """What is known of a language.

    code            ISO 639-1
    name            in English, as messages say it
    features        the layers that exist for it (of `LAYERS`) and its groups of data (of `GROUPS`)
    sentence_model  name of its sentence model in the Punkt package, "" when there is none
    snowball        name of its stemmer in NLTK, "" when there is none

    A group that the language lacks raises BadSettings; ask `features` first.
    """

    code: str
    name: str
    features: frozenset[str]
    sentence_model: str = ""
    snowball: str = ""
    folder: Traversable | None = field(default=None, repr=False, compare=False)

    @cached_property
    def abbreviations(self) -> groups.Abbreviations:
        """Abbreviations after which a sentence or a name goes on."""
        return self._group(groups.Abbreviations)

    @cached_property
    def clauses(self) -> groups.Clauses:
        """Closed classes by which reporting clauses are found."""
        return self._group(groups.Clauses)

    @cached_property
    def connotations(self) -> groups.Connotations:
        """What words say of the persons and bodies beside them."""
        return self._group(groups.Connotations)

    @cached_property
    def countries(self) -> groups.Countries:
        """Countries, their other names, their peoples."""
        return self._group(groups.Countries)

    @cached_property
    def datelines(self) -> groups.Datelines:
        """The head of a wire story."""
        return self._group(groups.Datelines)

    @cached_property
    def calendar(self) -> groups.Calendar:
        """Months, days of the week and what else belongs to a date."""
        return self._group(groups.Calendar)

    @cached_property
    def page(self) -> groups.Page:
        """Lines of a page that are not its story."""
        return self._group(groups.Page)

    @cached_property
    def people(self) -> groups.People:
        """Words by which a source is led back to a person."""
        return self._group(groups.People)

    @cached_property
    def personal_names(self) -> groups.PersonalNames:
        """Names of persons and offices."""
        return self._group(groups.PersonalNames)

    @cached_property
    def quotation(self) -> groups.Quotation:
        """Quotation marks."""
        return self._group(groups.Quotation)

    @cached_property
    def reporting(self) -> groups.Reporting:
        """Verbs and nouns that report."""
        return self._group(groups.Reporting)

    @cached_property
    def speakers(self) -> groups.Speakers:
        """Words of transcripts."""
        return self._group(groups.Speakers)

    @cached_property
    def syntax(self) -> groups.Syntax:
        """Closed classes for who does what to whom."""
        return self._group(groups.Syntax)

    @cached_property
    def vocabulary(self) -> groups.Vocabulary:
        """Frequent words."""
        return self._group(groups.Vocabulary)

    def _group(self, kind: type[Group]) -> Group:
        """A group of data from the file that bears its name."""
        name = group_name(kind)
        path = f"workbench/languages/{self.code}/{name}.toml"
        file = self.folder.joinpath(f"{name}.toml") if self.folder is not None else None
        if file is None or not file.is_file():
            raise BadSettings(
                path,
                problem=f"{self.name} has no data on {name}",
                hint=f'add this file, or ask supports("{self.code}", "{name}") first',
            )
        return read_group(path, _table(path, file), kind)


def load_language(code: str, folder: Traversable) -> Language:
    """Load the language of a folder; its groups are the TOML files beside `language.toml`."""
    path = f"workbench/languages/{code}/language.toml"
    table = _table(path, folder.joinpath("language.toml"))
    keys = ("name", "layers", "sentence_model", "snowball")
    for key in table:
        if key not in keys:
            raise BadSettings(path, problem=f"a language has no key `{key}`", hint=did_you_mean(key, keys))
    if not isinstance(table.get("name"), str):
        raise BadSettings(path, problem="no `name`", hint='write name = "…", the language in English')
    layers = _value(path, "layers", table.get("layers", []), "tuple[str, ...]")
    for layer in layers:
        if layer not in LAYERS:
            raise BadSettings(path, problem=f"no layer is called {layer}", hint=did_you_mean(layer, LAYERS))
    files = {file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")}
    for name in sorted(files - {"language", *GROUPS}):
        problem = f"no group of data is called {name}"
        raise BadSettings(f"{path[:-13]}{name}.toml", problem=problem, hint=did_you_mean(name, GROUPS))
    features = frozenset(layers) | files - {"language"}
    return Language(
        code,
        table["name"],
        features,
        table.get("sentence_model", ""),
        table.get("snowball", ""),
        folder=folder,
    )


def read_group(path: str, table: Mapping[str, Any], kind: type[Group]) -> Group:
    """Read a group of data as its dataclass says: words between spaces or in a list, an expression, or a table.

    Raises BadSettings for a key that the group does not have, one that is missing, or one of another type.
    """
    group_fields = {group_field.name: group_field for group_field in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in group_fields:
            problem = f"{kind.__name__} has no field `{key}`"
            raise BadSettings(path, problem=problem, hint=did_you_mean(key, group_fields))
    values = {}
    for name, group_field in group_fields.items():
        if name in table:
            values[name] = _value(path, name, table[name], str(group_field.type))
        elif group_field.default is MISSING and group_field.default_factory is MISSING:
            problem = f"{kind.__name__} lacks `{name}`"
            raise BadSettings(path, problem=problem, hint=f"add `{name}`; groups.py says what it holds")
    return kind(**values)


def _value(path: str, name: str, value: Any, kind: str) -> Any:
    """A value of a TOML file as the type of its field."""
    if kind == "str" and isinstance(value, str):
        return value
    if kind.startswith("Mapping") and isinstance(value, dict):
        return value
    if kind.startswith("tuple[Mapping") and isinstance(value, list) and all(map(_is_table, value)):
        return tuple(value)
    if kind.startswith(("frozenset", "tuple")):
        words = value.split() if isinstance(value, str) else value
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return frozenset(words) if kind.startswith("frozenset") else tuple(words)
    raise BadSettings(
        path,
        problem=f"`{name}` is {type(value).__name__}, not {kind}",
        hint="write words between spaces, a list of texts, an expression, or a table, as groups.py says",
    )


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _table(path: str, file: Traversable) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(path, problem=f"not valid TOML: {error}", hint="correct that line") from error
