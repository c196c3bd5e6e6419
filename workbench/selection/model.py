"""Selection: a frozen rule for "which text", without any text in it.

It is written on one line (`source:TASS since:2015 mentions:Syria "political process"`), stands in a
TOML table, travels as a notebook parameter, prints as a caption and has a digest. Document fields
(source, genre, language, place, since, until, arrived, mentions, topic, story, query, stories) choose documents;
sentence fields (speaker, voice) choose sentences within them, and leave the documents that have such sentences.

`saved:"name"` stands for a saved selection. It is no field of a Selection: it is replaced by what was saved
while a line is read (`workbench.selection.saved`), so that captions, digests and records say what was meant.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from workbench.errors import BadSelection, did_you_mean
from workbench.schema import GENRES, VOICES, plain
from workbench.selection.query import parse_query

STORIES = ("copies", "one per story")
LISTS = ("source", "genre", "language", "place", "mentions", "topic", "story", "speaker", "voice")
DATES = ("since", "until")
SAVED = "saved"  # on a line or in a table: the name of a saved selection, which takes its place
FindSaved = Callable[[str], "Selection"]  # the saved selection of a name; BadSelection for an unknown one
CLOSED: Mapping[str, tuple[str, ...]] = {"genre": GENRES, "voice": VOICES}

_WORDS = {
    "source": "source", "genre": "genre", "language": "language", "place": "place",
    "mentions": "mentioning", "topic": "on the topic", "story": "of the story", "speaker": "spoken by", "voice": "in the voice of",
}  # fmt: skip
_ITEM = re.compile(r'(?P<field>[A-Za-z_]+):(?P<value>(?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)')
_PIECE = re.compile(r'"([^"]*)"|([^\s",]+)')
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True)
class Selection:
    """Which text: every field narrows; values within one field are alternatives.

    A value of `source`, `place`, `mentions`, `topic`, `story` or `speaker` stands for every known value of which it is
    the whole or a run of whole words, in any case: `speaker:Putin` finds Vladimir Putin. Dates are
    ISO 8601 as far as wanted (2015, 2015-12, 2015-12-11), both ends included; a document is inside
    when its date, as far as it is known, lies wholly inside, so an undated one never is. `arrived` leaves
    what the corpus had taken in by the end of that day, or by that UTC time (2015-12-11T07:00:00+00:00).
    `stories` counts "copies" or "one per story". Raises BadSelection with the hint.
    """

    source: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    genre: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    voice: tuple[str, ...] = ()
    query: str = ""
    stories: str = "copies"
    arrived: str | None = None

    def __post_init__(self) -> None:
        for name in LISTS:
            object.__setattr__(self, name, _as_tuple(name, getattr(self, name)))
        for name in DATES:
            _check_date(name, getattr(self, name))
        object.__setattr__(self, "arrived", _as_moment(self.arrived))
        if self.since and self.until and period(self.since)[0] > period(self.until)[1]:
            raise BadSelection(
                "selection", problem=f"since {self.since} is after until {self.until}", hint="swap them"
            )
        for name, known in (*CLOSED.items(), ("stories", STORIES)):
            wanted = getattr(self, name)
            for value in (wanted,) if isinstance(wanted, str) else wanted:
                if value not in known:
                    raise BadSelection(
                        "selection", problem=f"`{value}` is no {name}", hint=did_you_mean(value, known)
                    )
        object.__setattr__(self, "query", " ".join(plain(self.query).split()))
        parse_query(self.query)

    def __str__(self) -> str:
        return self.line()

    def __bool__(self) -> bool:
        """False when nothing is narrowed."""
        return self != Selection()

    @classmethod
    def parse(cls, line: str | Selection | None, find_saved: FindSaved | None = None) -> Selection:
        """The selection written on one line; what is not `field:value` is the query.

        `find_saved` gives the selection that `saved:"name"` stands for; without it, `saved:` is refused.

        >>> Selection.parse('source:TASS since:2015 "political process"').query
        '"political process"'
        """
        if isinstance(line, Selection):
            return line
        found: dict[str, Any] = {}

        def take(item: re.Match[str]) -> str:
            _add(found, item["field"].lower(), _pieces(item["value"]))
            return " "

        query = _outside_quotes(_ITEM, take, plain(line or ""))
        name = found.pop(SAVED, None)
        return _inside_saved(name, cls(**found, query=" ".join(query.split())), find_saved)

    @classmethod
    def from_table(
        cls, table: Mapping[str, Any], place: str = "selection", find_saved: FindSaved | None = None
    ) -> Selection:
        """The selection in a TOML table; an unknown key is refused with its nearest known one.

        `find_saved` as in `parse`.
        """
        for key in table:
            if key not in (*FIELDS, SAVED):
                raise BadSelection(
                    place, problem=f"no field `{key}`", hint=did_you_mean(key, (*FIELDS, SAVED))
                )
        values: dict[str, Any] = dict(table)
        name = values.pop(SAVED, None)
        if name is not None and not isinstance(name, str):
            raise BadSelection(place, problem="`saved` is not one name", hint='write saved = "name"')
        return _inside_saved(name, cls(**values), find_saved)

    def table(self) -> dict[str, Any]:
        """Only what is set, as plain values: a TOML table that `from_table` reads back."""
        unset = Selection()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in FIELDS
            if (value := getattr(self, name)) != getattr(unset, name)
        }

    def line(self) -> str:
        """One line that `parse` reads back to the same selection."""
        parts = [
            f"{name}:{','.join(map(_quoted, value if isinstance(value, list) else [value]))}"
            for name, value in self.table().items()
            if name != "query"
        ]
        return " ".join([*parts, self.query]).strip()

    def caption(self) -> str:
        """The selection in words, for figures and reports."""
        parts = [f"{_WORDS[name]} {_or(getattr(self, name))}" for name in LISTS if getattr(self, name)]
        if self.since or self.until:
            parts.append(
                " ".join(f"{word} {day}" for word, day in (("from", self.since), ("to", self.until)) if day)
            )
        if self.arrived:
            parts.append(f"arrived by {self.arrived.replace('T', ' ').replace('+00:00', ' UTC')}")
        if self.query:
            parts.append(f"containing {self.query}")
        if self.stories != "copies":
            parts.append("one document per story")
        return "; ".join(parts) or "all documents"

    def digest(self) -> str:
        """Twelve hex digits, the same for the same rule on every machine."""
        return hashlib.sha256(self.line().encode()).hexdigest()[:12]

    def narrowed(self, **changes: Any) -> Selection:
        """A copy with some fields set anew."""
        return replace(self, **changes)

    def is_dated(self) -> bool:
        """Whether dates matter, so that undated documents fall out."""
        return bool(self.since or self.until)

    def is_spoken(self) -> bool:
        """Whether speakers or voices matter, so that documents without their words fall out."""
        return bool(self.speaker or self.voice)

    def holds_date(self, date: str | None) -> bool:
        """Whether a document of this date (ISO 8601, as long as it is known) is inside."""
        if not self.is_dated():
            return True
        if not date or date.startswith("--"):
            return False
        first, last = period(date)
        return (not self.since or first >= period(self.since)[0]) and (
            not self.until or last <= period(self.until)[1]
        )

    def holds_arrival(self, added: str | None) -> bool:
        """Whether a document taken in at this UTC time was there by `arrived`."""
        return not self.arrived or bool(added and added[: len(self.arrived)] <= self.arrived)


FIELDS = tuple(field.name for field in fields(Selection))


def narrow(outer: Selection, inner: Selection) -> Selection:
    """What lies inside both selections; BadSelection when both have values of a field and neither has all of the other's."""
    found: dict[str, Any] = {}
    for name in inner.table():
        old, new = getattr(outer, name), getattr(inner, name)
        if not old or old == new or name == "stories":
            found[name] = new
        elif name == "since":
            found[name] = max(old, new, key=lambda date: period(date)[0])
        elif name == "until":
            found[name] = min(old, new, key=lambda date: period(date)[1])
        elif name == "arrived":
            found[name] = min(old, new, key=lambda moment: moment + "~")  # a day ends after its times
        elif name == "query":
            found[name] = f"({old}) ({new})"
        elif set(new) <= set(old) or set(old) <= set(new):
            found[name] = new if set(new) <= set(old) else old
        else:
            problem = f"{name} is {', '.join(old)} here, so it cannot be narrowed to {', '.join(new)}"
            raise BadSelection(
                "selection", problem=problem, hint=f"leave {name} out of one of the two selections"
            )
    return outer.narrowed(**found)


def matching_values(wanted: Iterable[str], known: Iterable[str], field: str) -> set[str]:
    """The known values that the wanted ones stand for; BadSelection when one stands for none.

    A wanted value stands for a known one that it equals, or of which it is a run of whole words.
    """
    choices = sorted({value for value in known if value})
    found: set[str] = set()
    for value in wanted:
        hits = {choice for choice in choices if _stands_for(value, choice)}
        if not hits:
            raise BadSelection(
                "selection", problem=f"nothing here has {field} `{value}`", hint=did_you_mean(value, choices)
            )
        found |= {choice for choice in hits if choice.casefold() == value.casefold()} or hits
    return found


def period(date: str) -> tuple[str, str]:
    """First and last day of an ISO 8601 year, month or day.

    >>> period("2015-02")
    ('2015-02-01', '2015-02-28')
    """
    year, month, day = (_DATE.match(date) or _refuse_date("date", date)).groups()
    if day:
        return date, date
    if month:
        return f"{date}-01", f"{date}-{calendar.monthrange(int(year), int(month))[1]:02d}"
    return f"{year}-01-01", f"{year}-12-31"


def _stands_for(value: str, choice: str) -> bool:
    wanted, known = plain(value).casefold(), plain(choice).casefold()
    return wanted == known or re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", known) is not None


def _add(found: dict[str, Any], name: str, values: tuple[str, ...]) -> None:
    """Add one `field:value` item, refusing an unknown field and a second date or story rule."""
    if (name not in FIELDS and name != SAVED) or name == "query":
        known = [field for field in (*FIELDS, SAVED) if field != "query"]
        raise BadSelection("selection", problem=f"no field `{name}`", hint=did_you_mean(name, known))
    if name in LISTS:
        found[name] = found.get(name, ()) + values
    elif name in found or len(values) != 1:
        raise BadSelection(
            "selection", problem=f"`{name}` is given more than once", hint=f"keep one {name}:…"
        )
    else:
        found[name] = values[0]


def _inside_saved(name: str | None, asked: Selection, find_saved: FindSaved | None) -> Selection:
    """What is asked, inside the saved selection of a name where one is given."""
    if name is None:
        return asked
    if find_saved is None:
        raise BadSelection(
            "selection",
            problem=f"`saved:{name}` cannot be looked up here",
            hint="write the fields of the saved selection instead",
        )
    return narrow(find_saved(name), asked)


def _outside_quotes(pattern: re.Pattern[str], take: Any, line: str) -> str:
    """Substitute `pattern` where it does not begin inside a quoted phrase."""
    out, at = [], 0
    while at < len(line):
        item = pattern.match(line, at) if at == 0 or not line[at - 1].isalnum() else None
        if item:
            out.append(take(item))
            at = item.end()
        elif line[at] == '"':
            close = line.find('"', at + 1)
            close = len(line) if close < 0 else close + 1
            out.append(line[at:close])
            at = close
        else:
            out.append(line[at])
            at += 1
    return "".join(out)


def _pieces(value: str) -> tuple[str, ...]:
    return tuple(quoted or bare for quoted, bare in _PIECE.findall(value))


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value


def _or(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _as_tuple(name: str, value: Any) -> tuple[str, ...]:
    """Values of a list field in order, without repeats or quotation marks."""
    values = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(item, str) and item.strip() for item in values):
        raise BadSelection("selection", problem=f"`{name}` has an empty value", hint=f"write {name}:value")
    return tuple(dict.fromkeys(" ".join(item.replace('"', " ").split()) for item in values))


def _check_date(name: str, value: str | None) -> None:
    if value is None:
        return
    written = _DATE.match(value) or _refuse_date(name, value)
    year, month, day = (int(part) if part else 1 for part in written.groups())
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        _refuse_date(name, value)


def _as_moment(value: str | None) -> str | None:
    """A day, or a time in UTC to the second, as arrivals are noted."""
    if not value:
        return None
    if len(value) == len("2015-12-11"):
        _check_date("arrived", value)
        return value
    with suppress(ValueError):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat(timespec="seconds")
    raise BadSelection(
        "selection",
        problem=f"`{value}` is no day and no time with its zone for arrived",
        hint="write 2015-12-11 or 2015-12-11T07:00:00+00:00",
    )


def _refuse_date(name: str, value: str) -> NoReturn:
    raise BadSelection(
        "selection", problem=f"`{value}` is no date for {name}", hint="write 2015, 2015-12 or 2015-12-11"
    )
