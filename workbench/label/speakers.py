"""Who a speaker label names: its office, its person, and the person a short label stands for.

`read_label` reads the words of one label without the document; `resolve` reads all labels of a
document together with what stands before the first of them. Both only repeat what the document
says: a surname that fits two persons, or none, keeps its displayed form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from workbench.schema import plain

HONORIFICS = frozenset(
    "mr mrs ms miss mx dr sir madam madame dame lord lady baroness prof professor rev reverend father sister "
    "fr hon rabbi imam pastor monsieur herr frau senor".split()
)
# Words that name an office or a rank. A label holds a person when one of them stands before a name.
OFFICES = frozenset(
    "president vice-president minister premier secretary undersecretary under-secretary secretary-general "
    "chancellor ambassador governor senator representative congressman congresswoman delegate mayor "
    "administrator director director-general commissioner chair chairman chairwoman chairperson leader speaker "
    "general gen lt col colonel maj major capt captain sgt sergeant admiral adm commander lieutenant corporal "
    "brigadier marshal chief judge justice king queen prince princess taoiseach tanaiste pope cardinal bishop "
    "archbishop patriarch coach advisor adviser counsel counselor counsellor attorney solicitor surgeon "
    "spokesman spokeswoman spokesperson officer treasurer comptroller envoy coordinator superintendent sheriff "
    "councilman councilwoman councilmember councilor councillor rep sen gov amb pres dean provost rector head "
    "deputy acting assistant emir sheikh sultan premier-designate president-elect laureate moderator host "
    "correspondent anchor reporter editor lady gentleman foreign-minister commandant inspector-general ceo "
    "co-chair co-chairman".split()
)
# Words that go before or inside an office: "under secretary", "attorney general", "first lady".
_OFFICE_PARTS = OFFICES | frozenset(
    "vice prime first second foreign defence defense finance interior press national security state under lieutenant "
    "lt permanent special executive principal senior associate general surgeon high chief us u.s uk eu un "
    "former the majority minority whip house white joint staff party opposition federal trade energy".split()
)
_LINKS = frozenset("of for the and to on in at de la del von van der den af al el bin ibn du da dos di y e & -".split())
_PARTICLES = frozenset("de la del della von van der den ter af al el bin ibn ben du da dos di le st st. abu".split())

_GENERIC = re.compile(
    r"""(?:the\ |a\ |an\ |another\ |several\ )?
    (?:(?:unidentified|unknown|unnamed|male|female|senior|local|u\.?s\.?|white\ house|state\ department|defense
        |administration|department|government|law\ enforcement|military|event|conference|audience|foreign|studio
        |young|press|state|first|second|third|fourth|\w+ian|\w+ish|\w+ese|french|german|voice|off-?screen|embassy
        |intelligence|pool|video|group|panel|school|crowd|student|vice|prime|\w+)\ ){0,4}?
    (?:q|question|questions|questioner|answer|moderator|moderators|host|interviewer|interviewee|reporters?|journalists?|press
        |operator|participants?|audience|crowd|members?|unidentified|unknown|inaudible|speakers?|man|woman|men|women|boy|girl
        |voices?|voice-?over|narrator|announcer|officials?|aides?|interpreter|translator|child|children|students?
        |president|presidents|prime\ minister|vice\ president|first\ lady|second\ gentleman|secretary|secretary-general
        |chair|chairman|chairwoman|chairperson|speaker|court|witness|clerk|chaplain|crowd|all|everyone|staff|staffer|chorus
        |correspondent|anchor|caller|guest|male|female|host|emcee|mc|facilitator|spokesperson|spokesman
        |spokeswoman|veteran|worker|teacher|protesters?|hecklers?|singer|person|panelists?|attendees?|minister
        |chancellor|governor|mayor|senator|ambassador|king|queen|general|director|leader|premier|taoiseach|response)
    (?:\ (?:\#?\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|[a-h]))?""",
    re.VERBOSE,
)
# Labels that head a field, a list or a notice; they open no turn however often they come back.
_NEVER_FIRST = frozenset(
    "to from re cc dear subject note notes nb contact contacts background date time when where who what why how "
    "which source sources photo photos image images video audio caption credit media tags topics topic related read see "
    "share update updated published posted by about for immediate embargo embargoed release summary overview "
    "introduction conclusion key highlights agenda example examples warning correction important location "
    "address phone telephone tel fax email e-mail web website url http https font site colours colors copyright figure table section "
    "chapter part article step steps total page pages number no first firstly secondly thirdly finally also but so "
    "if then now here there this that these those it its my your our their his her i we you he she they is are was "
    "were sentence offense offence commutation status language nominations nomination withdrawal withdrawals "
    "fact facts remarks statement statements readout press-release editor's editors factbox scoreboard standings "
    "results result keywords category categories filed index bottom and or on in at as because let look actually "
    "finally meanwhile today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august september october november december more not".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’.\-]*|#?\d{1,2}|&|/|-", re.UNICODE)
_MIXED_CAPS = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|O'|D')[A-Z]")
MAX_WORDS = 16  # "Minister of Foreign Affairs of the Kingdom of … X Y"; longer ones are sentences


class Name(NamedTuple):
    """A label without its document: `kind` is generic, titled (office or honorific before a name), name.

    `role` and `person` are words as written; `caps` says that the label is written in capitals.
    """

    kind: str
    role: str | None
    person: str | None
    caps: bool


class Speaker(NamedTuple):
    """A label within its document: who speaks, and the office the document gives for that person."""

    speaker: str
    role: str | None


@lru_cache(maxsize=8192)
def read_label(words: str) -> Name | None:
    """Read a label such as "US Secretary of State John Kerry"; None when it can name no speaker."""
    tokens = words.replace(",", " , ").split()
    if not tokens or len(tokens) > MAX_WORDS or not _only_names(tokens):
        return None
    caps = _is_caps(tokens)
    low = " ".join(_low(token) for token in tokens if token != ",")
    if _GENERIC.fullmatch(low) and _generic_ok(low, caps):
        return Name("generic", None, None, caps)
    if _low(tokens[0]) in _NEVER_FIRST or any(char.isdigit() for char in low):
        return None
    return _split(tokens, caps)


def _low(token: str) -> str:
    return token.casefold().rstrip(".")


def _only_names(tokens: Sequence[str]) -> bool:
    """Every word begins with a capital or links two that do; nothing but names and links."""
    if not (tokens[0][0].isupper() or tokens[0][0].isdigit()):
        return False
    for token in tokens:
        if token == "," or token.casefold() in _LINKS:
            continue
        if not _WORD.fullmatch(token) or not (token[0].isupper() or token[0] in "#/&-" or token.isdigit()
                                              or "'" in token[:2]):  # fmt: skip
            return False
    return tokens[-1].casefold() not in _LINKS - _PARTICLES


def _is_caps(tokens: Sequence[str]) -> bool:
    """Capitals but for honorifics, links and Mc: "Ms. PSAKI", "MR. McDONOUGH", "KING of JORDAN"."""
    seen = False
    for token in tokens:
        if token.isupper() or _MIXED_CAPS.match(token) and token[3:].isupper():
            seen = seen or len(token.strip(".")) > 1 or len(tokens) == 1
        elif not (_low(token) in HONORIFICS or token in _LINKS or not any(map(str.isalpha, token))):
            return False
    return seen


def _generic_ok(low: str, caps: bool) -> bool:
    """In mixed case only the plainest generic labels stand: "Question", "Male Speaker", "A participant"."""
    return caps or len(low.split()) <= 4


def _split(tokens: list[str], caps: bool) -> Name | None:
    """Part office from person: "President of Russia | Vladimir Putin", "Mr. | Kirby"."""
    if "," in tokens:
        return _split_at_comma(tokens, caps)
    if _low(tokens[0]) in HONORIFICS:
        rest = tokens[1:]
        return Name("titled", None, " ".join(rest), caps) if 1 <= len(rest) <= 5 else None
    last = max((i for i, token in enumerate(tokens) if _low(token) in OFFICES), default=-1)
    if last < 0:
        return Name("name", None, " ".join(tokens), caps) if len(tokens) <= 5 else None
    cut = _person_start(tokens, last)
    if cut >= len(tokens):
        return Name("office", " ".join(tokens), None, caps)
    person = [token for token in tokens[cut:] if _low(token) not in HONORIFICS] or tokens[cut:]
    return Name("titled", " ".join(tokens[:cut]), " ".join(person), caps)


def _person_start(tokens: Sequence[str], office: int) -> int:
    """First word of the person: the one after the office, or the last two when "of …" follows the office."""
    after = office + 1
    while after < len(tokens) and _low(tokens[after]) in _OFFICE_PARTS:
        after += 1
    if after >= len(tokens) or tokens[after].casefold() not in ("of", "for", "to", "and", "on", "at", "in", "the"):
        return after
    cut = max(after + 2, len(tokens) - 2)
    while cut - 1 > after + 1 and tokens[cut - 1].casefold() in _PARTICLES:
        cut -= 1
    return cut if cut < len(tokens) and len(tokens) - cut >= 2 else len(tokens)


def _split_at_comma(tokens: list[str], caps: bool) -> Name | None:
    """"Sergei Lavrov, Foreign Minister" or "Donald Trump, Jr."."""
    at = tokens.index(",")
    name, rest = tokens[:at], [token for token in tokens[at + 1 :]]
    if not 1 <= len(name) <= 5 or not rest or name[-1].casefold() in _LINKS:
        return None
    if _low(rest[0]) in ("jr", "sr", "ii", "iii", "iv"):
        return Name("name", None, " ".join(name) + " " + " ".join(rest), caps)
    if any(_low(token) in OFFICES for token in rest) and len(name) >= 2:
        return Name("titled", " ".join(rest).replace(" ,", ","), " ".join(name), caps)
    return None


# ---------------------------------------------------------------- within the document


def resolve(labels: Sequence[Name], displayed: Sequence[str], head: str) -> list[Speaker]:
    """Speaker and role of every label, in order.

    `head` is the document before its first label (title, place, introduction). A full name comes from
    another label or from the head; a surname that fits several persons stays as displayed.
    """
    folded = " ".join(plain(head).split())
    persons = _full_names(labels, folded)
    roles = _roles(labels, persons, folded)
    taken = {_surname(name.person) for name in labels if name.person}
    return [_speaker(name, shown, persons, roles, folded, taken) for name, shown in zip(labels, displayed, strict=True)]


def _speaker(
    name: Name, shown: str, persons: dict[str, set[str]], roles: dict[str, str], head: str, taken: set[str]
) -> Speaker:
    if name.person is None:
        found = _holder(shown, head, taken)
        if found is None:
            return Speaker(readable(shown), None)
        full = _only(persons.get(_surname(found[1]), set())) or found[1]
        return Speaker(full, roles.get(full.casefold(), found[0]))
    full = _person(name.person, persons)
    role = readable(name.role) if name.role else None
    if full is None:
        return Speaker(readable(shown), role)
    return Speaker(full, roles.get(full.casefold(), role))


def _person(person: str, persons: dict[str, set[str]]) -> str | None:
    """The full name a label's person stands for, or None when nobody or several bear it."""
    known = persons.get(_surname(person), set())
    same = [full for full in known if _fits(person, full)]
    if len(same) == 1:
        return same[0]
    if len(person.split()) >= 2:
        exact = [full for full in known if full.casefold() == person.casefold()]
        return exact[0] if exact else readable(person)
    return None


def _fits(short: str, full: str) -> bool:
    """"Kerry" and "J. Kerry" and "John Kerry" fit "John F. Kerry"."""
    mine, whole = short.casefold().split(), full.casefold().split()
    if mine[-1] != whole[-1] and _surname(short) != _surname(full):
        return False
    if len(mine) == 1:
        return True
    return mine == whole or mine[0].rstrip(".") == whole[0][: len(mine[0].rstrip("."))] and (
        len(mine[0].rstrip(".")) == 1 or mine[0] == whole[0]
    )


def _surname(person: str) -> str:
    words = [word for word in person.casefold().replace(",", "").split() if word.strip(".") not in ("jr", "sr", "ii", "iii")]
    return words[-1] if words else ""


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _full_names(labels: Sequence[Name], head: str) -> dict[str, set[str]]:
    """Surname to the full names that labels and head give for it."""
    found: dict[str, set[str]] = {}
    for name in labels:
        if name.person and len(name.person.split()) >= 2 and not (name.kind == "titled" and name.role is None):
            found.setdefault(_surname(name.person), set()).add(name.person)
    surnames = {_surname(name.person) for name in labels if name.person}
    for surname in surnames:
        for full in _named(surname, head):
            found.setdefault(surname, set()).add(full)
    for surname, names in found.items():
        found[surname] = _merge(names)
    return found


def _merge(names: set[str]) -> set[str]:
    """One spelling a person: mixed case before capitals, the longer before the shorter that fits it."""
    kept: dict[str, str] = {}
    for name in sorted(names, key=lambda item: (item.isupper(), -len(item), item)):
        if not any(_fits(name, other) for other in kept.values() if len(name.split()) >= 2):
            kept[name.casefold()] = readable(name)
    return set(kept.values())


def _named(surname: str, head: str) -> Iterator[str]:
    """Full names in the head that end in `surname`: "Secretary of State John Kerry" gives "John Kerry"."""
    for match in re.finditer(rf"\b{re.escape(surname)}\b", head, re.IGNORECASE):
        if not match[0][0].isupper():
            continue
        before = head[max(0, match.start() - 60) : match.start()].split(" ")[:-1]
        given: list[str] = []
        for word in reversed(before):
            if not _is_given(word) or len(given) == 3:
                break
            given.insert(0, word)
        while given and given[0].casefold() in _PARTICLES:
            given.pop(0)
        if given:
            yield " ".join([*given, match[0]])


def _is_given(word: str) -> bool:
    """A word that can be a given name or a middle initial: capital, no office, no honorific, no end of sentence."""
    if word.casefold() in _PARTICLES:
        return True
    if re.fullmatch(r"[A-Z]\.", word):
        return True
    low = _low(word)
    return bool(
        re.fullmatch(r"[^\W\d_][\w'\-]*", word)
        and word[0].isupper()
        and low not in _OFFICE_PARTS
        and low not in HONORIFICS
        and low not in _NEVER_FIRST
        and low not in _LINKS
        and low not in ("with", "remarks", "briefing", "press", "meeting", "interview", "gaggle", "conference")
    )


def _roles(labels: Sequence[Name], persons: dict[str, set[str]], head: str) -> dict[str, str]:
    """Full name to the longest office that a label or the head gives it."""
    roles: dict[str, str] = {}
    for name in labels:
        if name.role and name.person:
            full = _person(name.person, persons)
            _longer(roles, full, readable(name.role))
    for names in persons.values():
        for full in names:
            for match in re.finditer(re.escape(full), head, re.IGNORECASE):
                _longer(roles, full, _office_before(head[max(0, match.start() - 90) : match.start()]))
    return roles


def _longer(roles: dict[str, str], full: str | None, role: str | None) -> None:
    if full and role and len(role) > len(roles.get(full.casefold(), "")):
        roles[full.casefold()] = role


def _office_before(before: str) -> str | None:
    """The office that ends right before a name: "… with US Secretary of State" gives "US Secretary of State"."""
    words = before.split()
    start = len(words)
    while start > 0:
        word = words[start - 1]
        if word.casefold() in ("of", "for", "and", "to", "the"):
            if start < 2 or not (_low(words[start - 2]) in _OFFICE_PARTS or words[start - 2] in ("of", "for")):
                break
        elif not (word[0].isupper() and word.replace(".", "").replace("-", "").isalpha()) or _low(word) in _NEVER_FIRST:
            break
        start -= 1
    role = words[start:]
    if not any(_low(word) in OFFICES for word in role) or role[0] in ("of", "for", "and", "to", "the"):
        return None
    return " ".join(role)


_BY = r"\bby\ (?:the\ )?(?:U\.?S\.?\ )?{office}\ ((?:[A-Z][\w'\-]+|[A-Z]\.)(?:\ (?:[A-Z][\w'\-]+|[A-Z]\.)){{0,2}}?)(?=\ (?:[a-z]|At|In|On|And|During|After|Before|To|With)|[,.;:]|$|\ [A-Z])"


def _holder(shown: str, head: str, taken: set[str]) -> tuple[str, str] | None:
    """(office, person) for "THE PRESIDENT" when the head says "by President X"; None otherwise."""
    office = re.sub(r"^the\s+", "", shown.strip().casefold())
    if office == shown.strip().casefold() or not any(_low(word) in OFFICES for word in office.split()):
        return None
    found = {}
    for match in re.finditer(_BY.format(office=re.escape(office.title()).replace(r"\ ", " ")), head, re.VERBOSE):
        if _surname(match[1].split()[0]) not in taken:
            found[match[1]] = office.title()
    return next(((role, person) for person, role in found.items()), None) if len(found) == 1 else None


def readable(words: str) -> str:
    """Capitals in reading case: "MR. O'HARA" gives "Mr. O'Hara"; words that are not in capitals stay."""
    if not _is_caps(words.split()):
        return words
    return " ".join(_capitalise(word) if word.isupper() else word for word in words.split())


def _capitalise(word: str) -> str:
    if word in ("US", "U.S.", "UK", "EU", "UN", "CEO", "II", "III", "IV", "FEMA", "NATO"):
        return word
    if word.casefold() in ("of", "and", "for"):
        return word.casefold()
    return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word) if len(word.strip(".")) > 1 else word
