"""Names found by rule: what the model misses or misreads whatever the source.

Each rule is a compiled expression over the plain text of one unit (a paragraph). A rule proposes a
span with a label; `names_merge` decides between proposals.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from workbench.annotate import names_offices as offices
from workbench.settings.countries import ADJECTIVES, PLACES


class Proposal(NamedTuple):
    """A possible mention; of two that overlap the one with the higher `rank` stays, then the longer."""

    start: int
    end: int
    label: str
    rank: int
    beside: str | None = None


Known = tuple[tuple[str, tuple[str, ...]], ...]  # as in settings.aliases.Aliases

# Ranks. The model stands in the middle: sure rules overrule it, weak ones fill what it left.
SURE, FIRM, MODEL, WEAK = 4, 3, 2, 1

_PLACE = rf"(?:{offices._any([*PLACES, *ADJECTIVES])})"
_CAP = r"\p{Lu}[\w'&-]*"
_CAPS = rf"{_CAP}(?:\s{_CAP}){{0,3}}"
_NOT_NAME = (
    r"(?:The|This|That|These|Those|An?|In|On|At|By|For|From|Under|With|And|But|Or|If|As|Its?|Our|Their|His|Her|My|Your"
    r"|No|Any|Some|All|Both|Each|Every|New|First|Second|Last|Next|One|Two|Such|What|Which|Who|When|While|Mr|Mrs|Ms|Dr)"
)

_RULES: tuple[tuple[str, int, str], ...] = (
    # Treaty on …, Convention for the …, Agreement between … and …
    ("agreement", SURE,
     r"(?:Treaty|Agreement|Convention|Protocol|Accord|Pact|Charter|Memorandum|Communiqu[eé]|Declaration|Covenant)"
     r"\s(?:on|of|for|to|against|concerning|regarding|between)\s(?:the\s)?\p{Lu}[\w'-]*"
     r"(?:(?:,?\s(?:and|of|on|in|for|to|the|their|its|against|with)(?:\s(?:the|their|its|of|on|in))*)?\s\p{Lu}[\w'-]*)*"),
    # Geneva communique, Dayton Accords, Kyoto Protocol, Camp David accords
    ("agreement", SURE,
     rf"(?!{_NOT_NAME}\s){_CAP}(?:\s(?:and\s)?{_CAP}){{0,3}}\s"
     r"(?:[Cc]ommuniqu[eé]s?|[Aa]ccords?|[Pp]rotocols?|[Tt]reaty|[Tt]reaties|[Cc]onvention|Agreements?|Memorandum|Declaration|Pact"
     r"|agreements?(?=\s(?:of\s\d|on\b|was\b|were\b|is\b|are\b|and\b)|[,.;]))"),
    # resolution 2254, UN Security Council Resolution 242
    ("agreement", SURE,
     r"(?:(?:(?:UN|U\.N\.|United\sNations)\s)?(?:UNSC|Security\sCouncil|General\sAssembly)\s|(?:UN|U\.N\.)\s)?[Rr]esolutions?\s\d{2,4}(?!\w)"),
    # Victory Day, Remembrance Sunday
    ("event", SURE,
     rf"(?!{_NOT_NAME}\s)(?:{_CAP}\s){{1,3}}(?:Day|Revolution|Olympics|Games|Winter\sOlympics)(?=\W|$)"),
    # G8 summit, NATO summit, Munich Security Conference
    ("event", FIRM,
     rf"(?!{_NOT_NAME}\s){_CAP}(?:\s{_CAP}|\d){{0,3}}\s(?:[Ss]ummit|Conference|Forum|World\sCup|peace\s(?:talks|conference))(?!\w)"),
    # Russian foreign ministry, Russia's Ministry of Defence, the US Department of State
    ("body", SURE,
     rf"(?:{_PLACE}(?:'s?)?\s)(?:(?:foreign|defen[cs]e|finance|interior|justice|health|economy|trade|energy|education|culture|transport|agriculture)\s(?:ministry|department)"
     r"|foreign\soffice|central\sbank|supreme\scourt|national\sbank|state\sdepartment|parliament|armed\sforces)"),
    ("body", SURE,
     rf"(?:{_PLACE}(?:'s?)?\s)?(?:Ministry|Department|Office)\s(?:of|for)\s(?:the\s)?\p{{Lu}}[\w-]*(?:(?:,\s|\s|\sand\s)\p{{Lu}}[\w-]*){{0,3}}"),
    ("body", FIRM,
     rf"(?:{_PLACE}(?:'s?)?\s)?(?!{_NOT_NAME}\s){_CAP}(?:(?:\s|\sand\s|\sof\s){_CAP}){{0,3}}\s(?:Ministry|Department|Committee|Commission|Parliament|Supreme\sCourt)(?!\w)"),
)  # fmt: skip

_COMPILED = tuple(
    (label, rank, regex.compile(rf"(?<![\w-])(?:{rule})(?!\w)")) for label, rank, rule in _RULES
)
_COUNTRY = regex.compile(rf"(?<![\w.])(?:{offices._any(list(PLACES))})(?![\w]|-\p{{Ll}}|\.\w)")
_DATES = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)
_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|bin|ibn|ben|al|el|ter|zu|arap)"
PERSON_NAME = regex.compile(
    rf"(?!{_DATES}\b|{_NOT_NAME}\s)(?:\p{{Lu}}\.\s?)*(?:{_PARTICLE}\s)*(?:(?:al|el|d'|O')-?)?\p{{Lu}}[\p{{L}}'-]*\p{{L}}"
    rf"(?:\s(?!{_DATES}\b)(?:{_PARTICLE}\s)*(?:\p{{Lu}}\.(?=\s\p{{Lu}})|(?:al|el|d'|O')?-?\p{{Lu}}[\p{{L}}'-]*\p{{L}})){{0,3}}"
)
"""One to four capitalised words with initials and particles, as a name is written after a title."""


def propose(text: str, known: Known) -> Iterator[Proposal]:
    """Every name the rules see in the plain text of a unit."""
    for label, rank, rule in _COMPILED:
        yield from (Proposal(*m.span(), label, rank) for m in rule.finditer(text))
    for label, finder in _known_finders(known):
        yield from (Proposal(*m.span(), label, FIRM) for m in finder.finditer(text))
    yield from (Proposal(*m.span(), "place", FIRM) for m in _COUNTRY.finditer(text))
    yield from (Proposal(*m.span(), "office", SURE) for m in offices.VOCATIVE.finditer(text))
    yield from _titled(text)


def _titled(text: str) -> Iterator[Proposal]:
    """Persons after a courtesy title or rank: "Mr Donilon", "Gen. van Dam"."""
    for match in offices.TITLED.finditer(text):
        name = PERSON_NAME.match(text, match.end())
        if name and not offices.OFFICE.match(text, name.start()):
            sure = offices.SURE_TITLE.search(text, match.start(), match.end()) is not None
            yield Proposal(*name.span(), "person", SURE if sure else WEAK, match["title"].strip())


@lru_cache(maxsize=8)
def _known_finders(known: Known) -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """One expression for each list of known names."""
    return tuple(
        (
            "body" if kind == "agency" else kind,
            regex.compile(rf"(?<![\w.])(?:{offices._any(forms)})(?![\w]|\.\w)"),
        )
        for kind, forms in known
        if forms
    )


@lru_cache(maxsize=8)
def marks(known: Known) -> regex.Pattern[str]:
    """Spans that name an agency or a photographer without speaking of them: /TASS/, (Reuters), © …."""
    agencies = dict(known).get("agency", ())
    names = offices._any(agencies) if agencies else r"(?!)"
    return regex.compile(
        rf"[/(\[]\s?(?:{names})\s?[/)\]]|(?:©|\([Cc]\))[^\n]*|(?:Photo|Image|Picture)s?(?:\sby|\scredit)?:[^\n]*"
        rf"|\p{{Lu}}[\w'-]+\s\p{{Lu}}[\w'-]+/(?:{names})(?:\s\p{{Lu}}\w+)*"
        rf"|^(?:{names})\s-+\s"
    )
