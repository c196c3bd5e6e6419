"""NLTK's Punkt, deciding only where there is something to decide.

Punkt (Kiss and Strunk 2006) judges each full stop, question mark or exclamation mark from the word
before it and the token after it. NLTK builds token objects for every one; nearly all follow an ordinary
word and can only be ends. Those are told here by one look at a set; the others are asked of NLTK's own
tokenizer, once for each different pair. The result equals `PunktSentenceTokenizer.span_tokenize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from punkt import load_model

from workbench.annotate.nltk_door import PunktParameters, PunktSentenceTokenizer
from workbench.languages import default_language

_LANGUAGE = default_language()

OWN_ABBREVIATIONS = _LANGUAGE.abbreviations.sentence
_ODD_SPACES = re.compile(r"[\t\r\x0b\x0c]")


@cache
def tokenizer() -> PunktSentenceTokenizer:
    """NLTK's own sentence tokenizer with NLTK's parameters for the language and our abbreviations."""
    model, parameters = load_model(_LANGUAGE.punkt), PunktParameters()
    parameters.abbrev_types = set(model.abbrev_types) | OWN_ABBREVIATIONS
    parameters.collocations = set(model.collocations)
    parameters.sent_starters = set(model.sent_starters)
    parameters.ortho_context.update(model.ortho_context)
    return PunktSentenceTokenizer(parameters)


@cache
def _undecided() -> frozenset[str]:
    """Word types after which a full stop may be no end: abbreviations and first words of collocations."""
    parameters = tokenizer()._params
    return frozenset(parameters.abbrev_types) | {first for first, _ in parameters.collocations}


@lru_cache(maxsize=100_000)
def _asked(context: str) -> bool:
    return bool(tokenizer().text_contains_sentbreak(context))


@cache
def _candidate() -> re.Pattern[str]:
    """NLTK's own expression for a possible end, compiled by `re`: NLTK's wrapper counts time at every match."""
    return re.compile(tokenizer()._lang_vars.period_context_re().pattern, re.UNICODE | re.VERBOSE)


def _contexts(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each candidate that NLTK would judge, with the start of the word before it.

    As NLTK: of several marks at one word ("What?!") the last is the candidate.
    """
    blanks = text if not _ODD_SPACES.search(text) else _ODD_SPACES.sub(" ", text)
    held: re.Match[str] | None = None
    start = stop = 0
    for match in _candidate().finditer(text):
        at = match.start()
        space = max(blanks.rfind(" ", stop, at), blanks.rfind("\n", stop, at))
        word = space + 1 if space > stop else start
        if held is not None and stop <= word:
            yield held, start
        held, start, stop = match, word, at
    if held is not None:
        yield held, start


def _slices(text: str) -> Iterator[tuple[int, int]]:
    """The sentences before closing marks are realigned."""
    begin, undecided = 0, _undecided()
    for match, start in _contexts(text):
        word = text[start : match.start()]
        sure = len(word) > 1 and word.isalpha() and word.lower() not in undecided
        if sure or _asked(word + match.group() + match.group("after_tok")):
            yield begin, match.end()
            begin = match.start("next_tok") if match.group("next_tok") else match.end()
    yield begin, len(text.rstrip())


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of a paragraph, exactly as NLTK's `span_tokenize` gives them."""
    closing = tokenizer()._lang_vars.re_boundary_realignment
    spans, shift = [], 0
    slices = list(_slices(text))
    for (start, end), following in zip(slices, [*slices[1:], None], strict=True):
        start += shift
        mark = closing.match(text[following[0] : following[1]]) if following else None
        if mark and following:
            spans.append((start, following[0] + len(mark.group().rstrip())))
            shift = mark.end()
        else:
            shift = 0
            if start < end:
                spans.append((start, end))
    return spans
