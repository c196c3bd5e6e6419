"""The words of a speaker label: offices, forms of courtesy, generic speakers, names.

`read_label` reads one label without its document and says what it can name; whether it is a label at
all is decided by the document (`turns`), and who the person is, too (`speakers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MAX_WORDS = 18  # "Minister of Foreign Affairs of the Kingdom of … X Y"; longer ones are sentences
MAX_NAME = 5  # words of a person's name, particles included

HONORIFICS = frozenset(
    "mr mrs ms miss mx dr sir madam madame dame lord lady baroness prof professor rev reverend father sister "
    "fr hon rabbi imam pastor monsieur herr frau senor".split()
)
# Words that name an office or a rank: before a name they make it a person's, alone they stand for one.
OFFICES = frozenset(
    "president vice-president minister premier secretary undersecretary under-secretary secretary-general "
    "chancellor ambassador governor senator representative congressman congresswoman delegate mayor "
    "administrator director director-general commissioner chair chairman chairwoman chairperson leader speaker "
    "general gen lt col colonel maj major capt captain sgt sergeant admiral adm commander lieutenant corporal "
    "brigadier marshal chief judge justice king queen prince princess taoiseach tanaiste pope cardinal bishop "
    "archbishop patriarch coach advisor adviser counsel counselor counsellor attorney solicitor surgeon "
    "spokesman spokeswoman spokesperson officer treasurer comptroller envoy coordinator superintendent sheriff "
    "councilman councilwoman councilmember councilor councillor rep sen gov amb pres sec dean provost rector head "
    "deputy acting assistant emir amir sheikh sultan president-elect moderator host correspondent anchor reporter "
    "editor lady gentleman commandant ceo co-chair co-chairman candidate analyst commentator administration".split()
)
# Words that stand before or inside an office: "under secretary", "attorney general", "first lady".
OFFICE_PARTS = OFFICES | frozenset(
    "vice prime first second foreign defence defense finance interior press national security state under lt "
    "permanent special executive principal senior associate high us u.s uk u.k eu un former the majority minority "
    "whip house white joint staff party opposition federal trade energy".split()
)
LINKS = frozenset(
    "of for the and to on in at de la del von van der den af al el bin ibn du da dos di y e & -".split()
)
PARTICLES = frozenset("de la del della von van der den ter af al el bin ibn ben du da dos di le abu".split())
# Labels that head a field, a list, a notice or a menu; they open no turn however often they come back.
NEVER_FIRST = frozenset(
    "to from re cc dear subject note notes nb contact contacts background date time when where who what why how "
    "which source sources photo photos image images video audio caption credit courtesy media tags topics topic "
    "related read see share update updated published posted by about for immediate embargo embargoed release "
    "summary overview introduction conclusion key highlights agenda example examples warning correction important "
    "location address phone telephone tel fax email e-mail web website url http https font site colours colors "
    "copyright figure table section chapter part article step steps total page pages number no firstly secondly "
    "thirdly finally also but so if then now here there this that these those it its my your our their his her i "
    "we you he she they is are was were sentence offense offence commutation status language nominations "
    "nomination withdrawal withdrawals fact facts remarks statement statements readout editor's editors factbox "
    "results result keywords category categories filed index bottom and or on in at as because let look actually "
    "meanwhile today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december more not end applause laughter crosstalk "
    "cross-talk cheering cheers booing inaudible silence search links comments comment commentary advertisement "
    "advertisements previously breaking latest file story news password screen reply report icymi begin listed exclusive".split()
)
# The last word of a label that names no person: "Senior Administration Official", "Audience member".
_GENERIC = frozenset(
    "q question questions questioner answer moderator moderators host interviewer interviewee reporter reporters "
    "journalist journalists press operator participant participants audience crowd member members unidentified "
    "unknown speaker speakers man woman men women boy girl voice voices voice-over voiceover narrator announcer "
    "official officials aide aides interpreter translator child children student students clerk chaplain all "
    "everyone staff staffer chorus correspondent anchor caller guest male female emcee mc facilitator "
    "spokesperson spokesman spokeswoman veteran worker teacher protester protesters heckler hecklers singer person "
    "panelist panelists attendee attendees witness court photojournalist photographer cameraman customer".split()
)
# What may stand before it, in capitals any word may; in mixed case these only.
_GENERIC_BEFORE = frozenset(
    "the a an another unidentified unknown unnamed male female senior local us u.s white house state department "
    "defense administration government law enforcement military conference audience foreign young press first "
    "second third fourth voice embassy intelligence pool video group panel school crowd student of".split()
)
_COUNT = re.compile(r"#?\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|[a-h]")
_LONE_OFFICES = frozenset(
    ("president", "vice president", "prime minister", "first lady", "second gentleman", "first gentleman", "king",
     "queen", "secretary", "secretary-general", "secretary general", "chair", "chairman", "chairwoman", "chairperson",
     "chancellor", "minister", "foreign minister", "governor", "mayor", "senator", "ambassador", "speaker", "premier",
     "taoiseach", "press secretary", "attorney general", "president-elect", "deputy secretary", "emir", "amir")
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_][\w'.\-]*|#?\d{1,2}|[&/\-]|\"[^\"]*|[^\"]*\"")
_MIXED_CAPS = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|O'|D')[A-Z]{2}")
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


class Name(NamedTuple):
    """A label without its document.

    kind      generic (nobody by name), titled (office or courtesy before a name), office, name
    role      the office's words as written, or None
    person    the name's words as written, or None
    caps      the label is written in capitals
    """

    kind: str
    role: str | None
    person: str | None
    caps: bool


@lru_cache(maxsize=8192)
def read_label(words: str) -> Name | None:
    """Read a label such as "US Secretary of State John Kerry"; None when it can name no speaker."""
    words = re.sub(r"\s*\([^()]*\)", "", words)
    tokens = re.sub(r"\b([A-Z]\.)(?=[A-Z][a-z])", r"\1 ", words.replace(",", " , ")).split()
    if not tokens or len(tokens) > MAX_WORDS or low(tokens[0]) in NEVER_FIRST or not _only_names(tokens):
        return None
    caps = is_caps(tokens)
    plain_words = [low(word) for word in tokens if word != ","]
    if _is_generic(plain_words, caps):
        return Name("generic", None, None, caps)
    if any(char.isdigit() for char in words) or "'s" in words.casefold():
        return None
    return _split(tokens, caps)


def low(word: str) -> str:
    """A word for look-ups: folded, without its full stop."""
    return word.casefold().rstrip(".")


def is_caps(tokens: Sequence[str]) -> bool:
    """Capitals but for courtesy, links and Mc: "Ms. PSAKI", "MR. McDONOUGH", "KING of JORDAN"."""
    seen = False
    for word in tokens:
        if word.isupper() or _MIXED_CAPS.match(word):
            seen = seen or len(word.strip(".")) > 1 or len(tokens) == 1
        elif not (low(word) in HONORIFICS or word in LINKS or not any(map(str.isalpha, word))):
            return False
    return seen


def _only_names(tokens: Sequence[str]) -> bool:
    """Every word begins with a capital or links two that do."""
    if not tokens[0][0].isupper():
        return False
    for word in tokens:
        if word == "," or word.casefold() in LINKS:
            continue
        if not _WORD.fullmatch(word) or not (word[0].isupper() or word[0] in '#/&-"0123456789'
                                              or "'" in word[:2] or word.startswith("al-")):  # fmt: skip
            return False
    return tokens[-1].casefold() not in LINKS - PARTICLES and tokens[-1] != ","


def _is_generic(words: list[str], caps: bool) -> bool:
    """ "Question", "A participant", "SENIOR ADMINISTRATION OFFICIAL TWO", "THE PRESIDENT"."""
    if words[0] == "the" and " ".join(words[1:]) in _LONE_OFFICES:
        return True
    if len(words) > 1 and _COUNT.fullmatch(words[-1]):
        words = words[:-1]
    if words == ["a"]:
        return True
    if words[0] in ("members", "member") and "of" in words:
        return caps
    if words[-1] not in _GENERIC or len(words) > 6:
        return False
    return caps or all(word in _GENERIC_BEFORE or word in _GENERIC for word in words[:-1])


def _split(tokens: list[str], caps: bool) -> Name | None:
    """Part office from person: "President of Russia | Vladimir Putin", "Mr. | Kirby"."""
    if "," in tokens:
        return _split_at_comma(tokens, caps)
    if low(tokens[0]) in HONORIFICS:
        rest = tokens[1:]
        if not 1 <= len(rest) <= MAX_NAME or " ".join(map(low, rest)) in _LONE_OFFICES:
            return (
                Name("office", " ".join(rest), None, caps) if caps else None
            )  # "Mr. President:" is an address
        return Name("titled", None, " ".join(rest), caps)
    if caps and low(tokens[0]) == "the" and len(tokens) <= 3:
        return Name("office", " ".join(tokens), None, caps)  # "THE PRESIDNET", "THE COMMISSIONER"
    last = max((i for i, word in enumerate(tokens) if low(word) in OFFICES), default=-1)
    if last < 0:
        good = len(tokens) <= MAX_NAME and not any(
            word.casefold() in ("of", "for", "the", "to", "on", "in", "at") for word in tokens[1:]
        )
        return Name("name", None, " ".join(tokens), caps) if good else None
    cut = _person_start(tokens, last)
    if cut >= len(tokens):
        return Name("office", " ".join(tokens), None, caps)
    person = [word for word in tokens[cut:] if low(word) not in HONORIFICS] or tokens[cut:]
    if len(person) > MAX_NAME:
        return None
    return Name("titled", " ".join(tokens[:cut]), " ".join(person), caps)


def _person_start(tokens: Sequence[str], office: int) -> int:
    """First word of the person: the one after the office, or of the last two when "of …" follows it."""
    after = office + 1
    while after < len(tokens) and low(tokens[after]) in OFFICE_PARTS:
        after += 1
    if after >= len(tokens) or tokens[after].casefold() not in (
        "of",
        "for",
        "to",
        "and",
        "on",
        "at",
        "in",
        "the",
    ):
        return after
    cut = max(after + 2, len(tokens) - 2)
    while cut - 1 > after + 1 and tokens[cut - 1].casefold() in PARTICLES - {"the"}:
        cut -= 1
    if cut < len(tokens) and tokens[cut].casefold() in PARTICLES and cut - 1 > after + 1:
        cut -= 1  # "Ursula | von der Leyen"
    return cut if len(tokens) - cut >= 2 else len(tokens)


def _split_at_comma(tokens: list[str], caps: bool) -> Name | None:
    """ "Sergei Lavrov, Foreign Minister", "JANE DOE, CITY NEWS" or "Donald Trump, Jr."."""
    at = tokens.index(",")
    name, rest = tokens[:at], tokens[at + 1 :]
    if low(rest[0]) in _SUFFIXES:
        name, rest = [*name, rest[0]], rest[2:]
    first = _split(name, caps) if name[-1].casefold() not in LINKS else None
    if first is None or first.person is None or not rest:
        return first
    if any(low(word) in OFFICES for word in rest):
        return Name("titled", " ".join(rest).replace(" ,", ","), first.person, caps)
    return first if caps and len(first.person.split()) >= 2 else None


# ---------------------------------------------------------------- reading case

_ACRONYM = re.compile(
    r"(?:[A-Z]\.){2,}|[B-DF-HJ-NP-TV-XZ]{2,5}|US|UK|EU|UN|CEO|II|III|IV|FEMA|NATO|UNESCO|ABC|IAEA|BBC|COVID|AUKUS|OPEC|OSCE|ASEAN|BRICS|APEC|[A-Z]"
)


def readable(words: str) -> str:
    """Capitals in reading case: "MR. O'HARA" gives "Mr. O'Hara"; words that are not in capitals stay."""
    tokens = words.split()
    if not is_caps(tokens):
        return " ".join(tokens)
    return " ".join(_reading_case(word, i) for i, word in enumerate(tokens))


def is_acronym(word: str) -> bool:
    """ "NATO", "CBS", "U.S.": letters, not a name in capitals."""
    return _ACRONYM.fullmatch(word) is not None


def _reading_case(word: str, place: int) -> str:
    bare = word.rstrip(".,")
    if low(bare) in HONORIFICS or low(bare) in OFFICES:
        return word.capitalize()
    if not word.isupper() or _ACRONYM.fullmatch(word.rstrip(",")):
        return _MIXED_CAPS.sub(lambda match: match[0], word) if word.isupper() else _mc(word)
    if place and low(bare) in LINKS - PARTICLES:
        return word.casefold()
    shown = re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)
    return re.sub(r"\bMc([a-z])(?=[a-z]{2})", lambda match: "Mc" + match[1].upper(), shown)


def _mc(word: str) -> str:
    """ "McDONOUGH" gives "McDonough"."""
    match = _MIXED_CAPS.match(word)
    return word[: match.end() - 1] + word[match.end() - 1 :].casefold() if match else word
