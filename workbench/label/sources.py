"""Finding the source beside a reporting word: the noun phrase before it, or behind it when inverted."""

from __future__ import annotations

import re
from typing import NamedTuple


class Source(NamedTuple):
    """A noun phrase at `start:end`; `kind` is name, office or pronoun; `sure` when it touches the cue."""

    start: int
    end: int
    kind: str
    sure: bool


PRONOUNS = frozenset(
    "he she they we i you it who that which one some many others both neither everyone nobody".split()
)
_DETERMINERS = "the|a|an|his|her|their|its|our|my|some|many|several|most|other|one|two|three|four|five|both|these|those|this|that|few|all|any|no|every|each|another"
_HELPERS = re.compile(
    r"(?:\s|^)(?:has|have|had|was|were|is|are|be|been|being|does|do|did|not|will|would|could|should|may|might|must|can|cannot|to"
    r"|\w+n't|also|then|later|once|twice|never|ever|still|often|even|just|only|already|again|simply|all|both|soon|now"
    r"|recently|subsequently|himself|herself|themselves|itself|went on|came out|\w+ly|and|or|'s|'ve|'d|'ll)$",
    re.IGNORECASE,
)
_CAP = r"(?:[A-Z][\w.&'-]*|\d+)"
_NAME = rf"(?:[A-Z][\w.&-]*(?:'[A-Z]\w+)?)(?:(?: (?:of the|of|the|and|for the|for|de|la|von|van|bin|al|el|&|at))? {_CAP})*"
_WORD = r"[a-zA-Z][\w.'&-]*"
_TAIL = re.compile(
    rf"(?:(?P<pronoun>\b(?:{'|'.join(sorted(PRONOUNS))}))"
    rf"|(?P<det>\b(?:{_DETERMINERS}) (?:{_WORD} ){{0,6}}{_WORD})"
    rf"|(?P<name>(?:\b(?:[a-z][a-z-]+ ){{0,3}})?\b{_NAME})"
    rf"|(?P<bare>\b(?:[a-z][\w-]+ ){{0,2}}[a-z][\w-]+s))$",
    re.IGNORECASE if False else 0,
)
_START = re.compile(
    rf"\s*(?:(?P<pronoun>(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t|[Ww]ho|[Ss]ome|[Mm]any|[Oo]thers)\b)"
    rf"|(?P<phrase>(?:(?:{_DETERMINERS})\b ?|)(?:{_WORD},? ?){{1,14}}))"
)
_STOP = re.compile(
    r"\s(?:on|in|at|during|who|which|that|after|when|as|while|told|to|from|before|about|because|over|but|by|if|is|was|has|had|where|amid|via|through|earlier|later|yesterday|today|tonight|last|this|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|following|upon|near)\b|[,;:(?!\"\n]|\s--?\s|\.(?=\s|$)(?<!\b[A-Z]\.)(?<!Mr\.)(?<!Ms\.)(?<!Mrs\.)(?<!Dr\.)(?<!Sen\.)(?<!Rep\.)(?<!Gov\.)(?<!Gen\.)(?<!St\.)"
)
_LEAD = re.compile(
    r"^\s*(?:(?:but|and|yet|so|still|however|meanwhile|instead|nevertheless|also|then|now|indeed|as|that|while|when|because|if|although|though|whether|where|after|before|since)\s+)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:on|in|at|during|after|before|by|with|from|since|to|of|for|about|against|as|over|under|through)$",
    re.IGNORECASE,
)


def source_before(plain: str, left: int, cue: int) -> Source | None:
    """The subject that ends before the cue, not reaching back past `left`.

    Helpers between ("has also", "later") are skipped, and so is an apposition between commas.
    """
    stop = _skip_helpers(plain, left, cue)
    skipped = stop
    while stop > left and plain[stop - 1] in ",)-":
        chunk = _before_apposition(plain, left, stop)
        if chunk is None:
            break
        stop = chunk
    if stop <= left:
        return None
    found = _tail(plain, left, stop)
    return found._replace(sure=stop == skipped) if found else None


def _skip_helpers(plain: str, left: int, stop: int) -> int:
    while stop > left:
        while stop > left and plain[stop - 1] == " ":
            stop -= 1
        match = _HELPERS.search(plain, max(left, stop - 16), stop)
        if not match or match.start() < left:
            return stop
        stop = match.start()
    return stop


def _before_apposition(plain: str, left: int, stop: int) -> int | None:
    """End of the phrase that the apposition ending at `stop` explains."""
    mark = plain[stop - 1]
    if mark == ")":
        place = plain.rfind("(", left, stop - 1)
        return len(plain[:place].rstrip()) if place > left else None
    if mark == "-":
        place = plain.rfind("-", left, plain.rfind(" ", left, stop))
        return len(plain[:place].rstrip(" -")) if place > left else None
    place = plain.rfind(",", left, stop - 1)
    while place > left:
        if re.match(
            r", (?:a|an|the|who|whose|which|where|\d|former|speaking|his|her|its|of|[A-Z]|chief|head|one|director|president|chair|in|at|on|when|whom|co-)",
            plain[place : place + 12],
        ) and _named(plain, left, place):
            return place
        place = plain.rfind(",", left, place)
    return None


def _named(plain: str, left: int, place: int) -> bool:
    found = _tail(plain, left, place)
    return found is not None and found.kind != "pronoun"


def _tail(plain: str, left: int, stop: int) -> Source | None:
    """The noun phrase that ends at `stop`, with what hangs on it by of, for, at, in, from."""
    base = max(left, stop - 160)
    cut = max(plain.rfind(mark, base, stop) for mark in (", ", "; ", ": ", " - ", "--", '" ', "\x01", "("))
    base = max(base, cut + 1) if cut >= 0 else base
    match = _TAIL.search(plain, base, stop)
    if not match:
        return None
    kind = match.lastgroup or ""
    start = match.start()
    kind = {"det": "office", "bare": "office"}.get(kind, kind)
    for _ in range(3):
        head = plain[base:start].rstrip()
        link = re.search(r"\b(?:of|for|at|with|from|in)$", head)
        if not link:
            break
        before = _TAIL.search(head, 0, len(head[: link.start()].rstrip()))
        if not before or before.lastgroup == "pronoun":
            break
        start, kind = base + before.start(), "office" if before.lastgroup != "name" else "name"
    while lead := _LEAD.match(plain[start:stop]):
        start += lead.end()
    return Source(start, stop, kind, True) if start < stop else None


def source_after(plain: str, cue_end: int, right: int) -> Source | None:
    """The subject behind an inverted cue: said John Kerry, the US secretary of state."""
    stop = _STOP.search(plain, cue_end, right)
    end = stop.start() if stop else right
    start = cue_end
    while start < end and plain[start] == " ":
        start += 1
    if start >= end:
        return None
    phrase = plain[start:end].rstrip()
    words = phrase.split()
    if len(words) > 14:
        return None
    if words[0].lower() in PRONOUNS:
        return Source(start, start + len(words[0]), "pronoun", True)
    if not (
        words[0][0].isupper()
        or re.match(rf"(?:{_DETERMINERS})$", words[0])
        or any(w[0].isupper() for w in words)
        or words[-1].endswith("s")
    ):
        return None
    kind = (
        "name"
        if re.search(r"[A-Z]\w+[^a-z]*$", words[-1]) and words[0].lower() not in ("the", "a", "an")
        else "office"
    )
    return Source(start, start + len(phrase), kind, True)
