"""Find reporting verbs and nouns in a text, and what each can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from workbench.languages import default_language

_REPORTING = default_language().reporting
FRAMES = ("say", "think", "about")


class Cue(NamedTuple):
    """A reporting word at `start:end`; `frames` maps what it can do to its class; `form` is base, s, ed or ing."""

    start: int
    end: int
    lemma: str
    form: str
    frames: Mapping[str, str]
    guarded: bool


class _Verb(NamedTuple):
    lemma: str
    form: str
    frames: dict[str, str]  # frame -> class, without a particle
    particles: dict[str, dict[str, str]]  # " for" -> frame -> class
    guarded: bool  # reports only before a clause, a colon or a quotation


@lru_cache(maxsize=1)
def reporting_nouns() -> dict[str, str]:
    """Nouns that report, in singular and plural, with their class: claim, warnings."""
    nouns: dict[str, str] = {}
    for cls, words in _REPORTING.noun.items():
        for noun in words.split():
            nouns.setdefault(noun, cls)
            nouns.setdefault(noun + "s", cls)
    return nouns


@lru_cache(maxsize=1)
def _verbs() -> dict[str, _Verb]:
    """Every inflected form with its verb."""
    frames: dict[str, dict[str, str]] = {}
    particles: dict[str, dict[str, dict[str, str]]] = {}
    for frame, frame_words in zip(FRAMES, (_REPORTING.say, _REPORTING.think, _REPORTING.about), strict=True):
        for cls, words in frame_words.items():
            for word in words.split():
                base, _, particle = word.partition("-")
                if particle:
                    tail = " " + particle.replace("-", " ")
                    particles.setdefault(base, {}).setdefault(tail, {}).setdefault(frame, cls)
                else:
                    frames.setdefault(base, {}).setdefault(frame, cls)
    known: dict[str, _Verb] = {}
    guarded = _REPORTING.clause_only
    for base in frames.keys() | particles.keys():
        for form, kind in _forms(base, _REPORTING.irregular):
            known.setdefault(
                form, _Verb(base, kind, frames.get(base, {}), particles.get(base, {}), form in guarded)
            )
    return known


def _forms(base: str, irregular: Mapping[str, str]) -> list[tuple[str, str]]:
    """Inflected forms of a verb, each with its kind."""
    if base in irregular:
        forms = irregular[base].split()
    else:
        stem = base[:-1] if base.endswith("e") else base
        soft = base[:-1] + "i" if re.search(r"[^aeiou]y$", base) else ""
        s = soft + "es" if soft else base + ("es" if re.search(r"(s|sh|ch|x|z|o)$", base) else "s")
        forms = [s, (soft or stem) + "ed", stem + "ing"]
    return [(base, "base")] + [(form, _inflection(form, base)) for form in forms]


def _inflection(form: str, base: str) -> str:
    if form.endswith("ing") and not base.endswith("ing"):
        return "ing"
    return "s" if form.endswith("s") and len(form) <= len(base) + 2 and form != base else "ed"


_INSIDE = frozenset("_'-")  # marks that belong to the word they touch
_PARTED = bytes(byte if chr(byte).isalnum() or chr(byte) in _INSIDE else 32 for byte in range(256))


_SPACE = ord(" ")


@lru_cache(maxsize=1)
def _encoded() -> dict[bytes, tuple[bytes, _Verb]]:
    """Each form as a word of bytes: the same behind a space, and its verb."""
    return {word: (b" " + word, verb) for form, verb in _verbs().items() for word in [form.encode("latin-1")]}


def find_cues(plain: str) -> list[Cue]:
    """Every form of a reporting verb in a plain text, in order, verb or not: that is for the clause to say.

    The text as bytes, one a character, is cut into words at everything that is no letter, and each word is looked
    up: four times as fast as an expression of all the forms. What is found is sought again behind the find before
    it, for its place, and then looked at in the text itself.
    """
    forms, cues = _encoded(), []
    words = b" %b " % plain.encode("latin-1", errors="replace").translate(_PARTED)
    stop = 0
    for word in filter(forms.__contains__, words.split()):
        behind_space, verb = forms[word]
        start = words.find(
            behind_space, stop
        )  # with the space put before the text: the place of the word in it
        stop = start + len(word)
        while words[stop + 1] != _SPACE:  # the beginning of a longer word
            start = words.find(behind_space, stop)
            stop = start + len(word)
        if plain[start - 1 : start] == " " and not plain[stop : stop + 1].isalnum():
            cue = _cue(plain, start, stop, verb)
            if cue:
                cues.append(cue)
    return cues


def _cue(plain: str, start: int, stop: int, verb: _Verb) -> Cue | None:
    """What the verb at `start:stop` can do, with what follows it; None for nothing."""
    if verb.particles and (particle := _particle(plain, stop, verb)):
        return Cue(start, stop + len(particle), verb.lemma, verb.form, verb.particles[particle], False)
    return Cue(start, stop, verb.lemma, verb.form, verb.frames, verb.guarded) if verb.frames else None


def _particle(plain: str, stop: int, verb: _Verb) -> str:
    """What follows the verb and changes what it can do (call *for*); "" when nothing does."""
    return next((particle for particle in verb.particles if plain.startswith(particle, stop)), "")
