"""Find clauses, negation and semantic roles by rule over tokens, as far as word order tells.

No parser: clauses end at marks and at conjunctions that open a new one, a subject is the name nearest
before a verb, an object the name nearest after it, and a passive swaps the two.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.languages import default_language
from workbench.schema import plain

_LANGUAGE = default_language()

_TOKEN = re.compile(r"'s\b|\w+n't\b|\w+(?:-\w+)*|[^\w\s]")
_HARD = frozenset(';:()"[]')
_RELATIVE = _LANGUAGE.syntax.relative
_OPENS = _LANGUAGE.syntax.opens
_AFTER_COMMA = _LANGUAGE.syntax.after_comma
_BE = _LANGUAGE.syntax.be
_NEGATIONS = _LANGUAGE.syntax.negations
_IRREGULAR = _LANGUAGE.syntax.participles
PRONOUNS = _LANGUAGE.syntax.pronouns
PREPOSITIONS = _LANGUAGE.syntax.prepositions
SPEECH = _LANGUAGE.syntax.speech


class ParsedSentence(NamedTuple):
    """A sentence: its tokens, lower case, with places, clauses, negation, names and quotation."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    clause: list[int]
    named: list[bool]  # a name (capital, not at the beginning) or a personal pronoun
    capital: list[bool]
    quoted: list[bool]


def parse_sentence(sentence: str) -> ParsedSentence:
    """Tokens of a sentence with what the rules tell of each."""
    matches = list(_TOKEN.finditer(plain(sentence)))
    forms = [match[0] for match in matches]
    words = [form.lower() for form in forms]
    capital = [form[0].isupper() and n > 0 and words[n - 1] not in ('"', ":") for n, form in enumerate(forms)]
    named = [(c and w not in _OPENS) or w in PRONOUNS for c, w in zip(capital, words, strict=True)]
    return ParsedSentence(words, [m.start() for m in matches], [m.end() for m in matches],
                  _clauses(words), named, capital, _quoted(words))  # fmt: skip


def _clauses(words: list[str]) -> list[int]:
    """The number of the clause of each token."""
    numbers, clause = [], 0
    for n, word in enumerate(words):
        before = words[n - 1] if n else ""
        opened = (word in _OPENS and n > 0) or (
            before == "," and (word in _AFTER_COMMA or word.endswith("ing"))
        )
        dash = word == "-" and n > 0
        if word in _HARD or dash or opened:
            clause += 1
        numbers.append(clause)
    return numbers


def _quoted(words: list[str]) -> list[bool]:
    """Whether each token stands between quotation marks."""
    inside, out = False, []
    for word in words:
        inside ^= word == '"'
        out.append(inside)
    return out


def is_negated(syntax: ParsedSentence, token: int) -> bool:
    """Whether a negation stands at most four words before `token` in its clause."""
    return any(
        syntax.clause[n] == syntax.clause[token]
        and (syntax.words[n] in _NEGATIONS or syntax.words[n].endswith("n't"))
        for n in range(max(0, token - 4), token)
    )


def is_passive(syntax: ParsedSentence, token: int) -> bool:
    """Whether the verb at `token` is a participle behind a form of be: "was sharply criticised"."""
    word = syntax.words[token]
    if not (word.endswith(("ed", "en")) or word in _IRREGULAR):
        return False
    return any(syntax.words[n] in _BE for n in range(max(0, token - 3), token))


def tokens_of(syntax: ParsedSentence, start: int, end: int) -> tuple[int, int]:
    """First token of the span `start:end` and one past its last; at least one token where there is any."""
    inside = [n for n in range(len(syntax.words)) if syntax.ends[n] > start and syntax.starts[n] < end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def clauses_of_target(syntax: ParsedSentence, first: int, last: int) -> set[int]:
    """The clauses that speak of the tokens `first:last`: their own and a relative one ("X, who …")."""
    clauses = {syntax.clause[first]}
    next_token = last + 1 if last < len(syntax.words) and syntax.words[last] == "," else last
    if next_token < len(syntax.words) and syntax.words[next_token] in _RELATIVE:
        clauses.add(syntax.clause[next_token])
    return clauses


def names_between(syntax: ParsedSentence, low: int, high: int) -> int:
    """Names between two tokens: with one between, the nearer name is the subject or object."""
    count, inside = 0, False
    for n in range(low, high):
        count += syntax.named[n] and not inside and syntax.words[n] != "'s"
        inside = syntax.named[n]
    return count


def role(syntax: ParsedSentence, token: int, first: int, last: int, clauses: set[int]) -> str:
    """What the tokens `first:last` are to the word at `token`.

    modifier ("the corrupt X"), possessed ("X's failure"), subject, object, agent ("criticised by X"),
    patient (the subject of a passive), target ("criticism of X"), apposition ("X, a respected judge,"),
    near (in the clause, another name is nearer) or far (in another clause).
    """
    words = syntax.words
    if syntax.clause[token] not in clauses:
        return "far"
    if token < first:
        between = words[token + 1 : first]
        if "," not in between and names_between(syntax, token + 1, first) == 0:
            return _role_before_target(syntax, token, between)
        return "near"
    if token < last:
        return "inside"
    between = words[last:token]
    if between[:1] == ["'s"] and token - last <= 4:
        return "possessed"
    if (
        between[:1] == [","]
        and between[1:2]
        and between[1] in ("a", "an", "the", "one")
        and "," not in between[1:]
    ):
        return "apposition"
    if names_between(syntax, last, token) == 0:
        return "patient" if is_passive(syntax, token) else "subject"
    return "near"


def _role_before_target(syntax: ParsedSentence, token: int, between: list[str]) -> str:
    """The role of a target behind the word at `token`, no other name between."""
    if "by" in between:
        return "agent"
    prepositions = [word for word in between if word in PREPOSITIONS]
    if not prepositions:
        return "modifier" if len(between) <= 1 and not syntax.words[token].endswith(("s", "ed")) else "object"
    return "target"
