"""The query language of a selection, and its translation to SQLite's full-text search.

Words must all occur; `"a phrase"`, `sanction*` (any ending), `a OR b`, `NOT a` or `-a`,
`a NEAR/5 b` (at most five words between), brackets. Case and accents do not matter.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from workbench.errors import BadSelection

NEAR = 10  # words between, for a bare NEAR; SQLite's own default
DEPTH = 50  # brackets in one query: far beyond what a person writes, far below Python's recursion limit


class Term(NamedTuple):
    """A word, a phrase or the beginning of a word (`stem*`), lower case, as tuple of words."""

    words: tuple[str, ...]
    prefix: bool = False


class Near(NamedTuple):
    """Terms with at most `distance` words between them, in any order."""

    terms: tuple[Term, ...]
    distance: int


class Operator(NamedTuple):
    """`and`, `or` of two or more parts; `not` of exactly (wanted, unwanted)."""

    op: str
    parts: tuple[Node, ...]


Node = Term | Near | Operator

_LEX = re.compile(
    r'\s*(?:(?P<phrase>"[^"]*"\*?)|(?P<near>NEAR(?:/\d+)?(?=\s|$))|(?P<bracket>[()])|(?P<word>[^\s()"]+)|(?P<open>"))'
)
_WORD = re.compile(r"\w+")


def parse_query(text: str) -> Node | None:
    """The tree of a query; None for an empty one. Raises BadSelection at what cannot be read."""
    tokens = _tokenize(text)
    if not tokens:
        return None
    if tokens.count("(") > DEPTH:
        _refuse(text[:40] + "…", f"more than {DEPTH} brackets", "split it into several selections")
    node, rest = _parse_or(tokens, text)
    if rest:
        _refuse(text, f"`{rest[0]}` stands where nothing can", "check the brackets")
    return node


def to_fts(node: Node) -> str:
    """The query in FTS5's language, every word quoted so that nothing in it is syntax."""
    match node:
        case Term(words, prefix):
            return f'"{" ".join(words)}"' + ("*" if prefix else "")
        case Near(terms, distance):
            return f"NEAR({' '.join(map(to_fts, terms))}, {distance})"
        case Operator(op, parts):
            return "(" + f" {op.upper()} ".join(map(to_fts, parts)) + ")"


def terms(node: Node | None) -> list[Term]:
    """The terms a reader wants to see marked: all but the unwanted ones."""
    match node:
        case None:
            return []
        case Term():
            return [node]
        case Near(found, _):
            return list(found)
        case Operator("not", (wanted, _)):
            return terms(wanted)
        case Operator(_, parts):
            return [term for part in parts for term in terms(part)]


def term_pattern(term: Term) -> re.Pattern[str]:
    """Expression that finds a term in a plain text, as whole words, whatever stands between them."""
    body = r"\W+".join(map(re.escape, term.words)) + (r"\w*" if term.prefix else "")
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _tokenize(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _LEX.match(text, at)
        if not found or found["open"]:
            _refuse(text, "a quotation mark is not closed", 'write "two words"')
        tokens.append(found.group().strip())
        at = found.end()
    return tokens


def _parse_or(tokens: list[str], text: str) -> tuple[Node, list[str]]:
    """part (OR part)*"""
    part, tokens = _parse_and(tokens, text)
    parts = [part]
    while tokens and tokens[0] == "OR":
        part, tokens = _parse_and(tokens[1:], text)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Operator("or", tuple(parts))), tokens


def _parse_and(tokens: list[str], text: str) -> tuple[Node, list[str]]:
    """Parts side by side, with AND or nothing between; NOT and - take away from what stands before."""
    wanted: list[Node] = []
    unwanted: list[Node] = []
    while tokens and tokens[0] not in (")", "OR"):
        if tokens[0] == "AND":
            if not wanted or len(tokens) == 1 or tokens[1] in (")", "OR", "AND"):
                _refuse(text, "AND joins nothing", "write a AND b")
            tokens = tokens[1:]
        negative = tokens[0] == "NOT" or (tokens[0].startswith("-") and len(tokens[0]) > 1)
        if negative:
            tokens = tokens[1:] if tokens[0] == "NOT" else [tokens[0][1:], *tokens[1:]]
        part, tokens = _parse_near(tokens, text)
        (unwanted if negative else wanted).append(part)
    if not wanted:
        problem = "it only says what is unwanted" if unwanted else "a word is missing"
        _refuse(text, problem, "write at least one wanted word")
    node = wanted[0] if len(wanted) == 1 else Operator("and", tuple(wanted))
    for part in unwanted:
        node = Operator("not", (node, part))
    return node, tokens


def _parse_near(tokens: list[str], text: str) -> tuple[Node, list[str]]:
    """item (NEAR/n item)*"""
    first, tokens = _parse_item(tokens, text)
    while tokens and tokens[0].startswith("NEAR") and (tokens[0] == "NEAR" or tokens[0][4] == "/"):
        distance = int(tokens[0][5:] or NEAR)
        second, tokens = _parse_item(tokens[1:], text)
        before = first.terms if isinstance(first, Near) else (first,)
        if not isinstance(second, Term) or any(not isinstance(term, Term) for term in before):
            _refuse(text, "NEAR takes words and phrases only", 'write a NEAR/5 "b c"')
        first = Near((*before, second), distance)
    return first, tokens


def _parse_item(tokens: list[str], text: str) -> tuple[Node, list[str]]:
    if not tokens or tokens[0] in (")", "OR", "AND", "NOT") or tokens[0].startswith("NEAR/"):
        _refuse(text, "a word is missing", "write a word or a phrase on both sides")
    if tokens[0] == "(":
        node, rest = _parse_or(tokens[1:], text)
        if not rest:
            _refuse(text, "a bracket is not closed", "add )")
        return node, rest[1:]
    return _parse_term(tokens[0], text), tokens[1:]


def _parse_term(token: str, text: str) -> Term:
    words = tuple(word.lower() for word in _WORD.findall(token))
    prefix = token.endswith(("*", '*"'))
    if not words or "*" in token.rstrip('"*') or "?" in token:
        _refuse(
            text,
            f"`{token}` holds no word to look for",
            "write letters or digits; * only at the end of a word",
        )
    return Term(words, prefix)


def _refuse(text: str, problem: str, hint: str) -> NoReturn:
    raise BadSelection(f"query {text!r}", problem=problem, hint=hint)
