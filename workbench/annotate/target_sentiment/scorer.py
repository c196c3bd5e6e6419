"""Score sentiment toward a target by the clause and the relation around it, not by the whole sentence.

`target_sentiment(sentences, targets)` returns one row per target with score, label, confidence and
explanation. A `TargetSentimentModel` is anything of this shape, so that a trained model can replace this one:
`load_model` loads the one that the settings name.
Here it is a linear model over features that a person can read (`features`), its weights in `weights.toml`,
fitted by `benchmarks/accuracy/fit_toward.py`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module, metadata, resources, util
from math import exp
from pathlib import Path
from typing import NamedTuple

from workbench.annotate.target_sentiment.features import Clue, field_names, find_clues
from workbench.annotate.target_sentiment.syntax import ParsedSentence, parse_sentence
from workbench.errors import BadSettings
from workbench.settings.target_sentiment import DEFAULT_MODEL

LABELS = ("negative", "neutral", "positive")
LEAST = 0.1  # of the log odds; a word of a field that moves less gets no line of its own in a receipt
MOST = 3.0  # a feature counts at most this much, so that a sentence of forty insults stays on the scale


class SentimentTarget(NamedTuple):
    """A mention: the number of its sentence, and its half-open range of code points in that sentence."""

    sentence: int
    start: int
    end: int


class Reason(NamedTuple):
    """A line of the receipt: a word, where it begins, its relation to the mention, and what it moved.

    `relation` is a role of `syntax.role`, preposition, speaker, possessive, a field of `connotations.toml`, or
    "sentence" (word "") for what every mention of such a sentence starts with, and words that move little. `valence` is -4 to 4 after negation. `weight` is
    what the word adds to the log odds of positive against negative.
    """

    word: str
    start: int
    relation: str
    valence: float
    negated: bool
    weight: float


class TargetSentiment(NamedTuple):
    """Sentiment toward one target.

    `score` is the chance of positive less the chance of negative, -1 to 1; `label` the likeliest of LABELS,
    `confidence` its chance.
    """

    score: float
    label: str
    confidence: float
    receipt: tuple[Reason, ...]


TargetSentimentModel = Callable[[Sequence[str], Sequence[SentimentTarget]], list[TargetSentiment]]


def target_sentiment(sentences: Sequence[str], targets: Sequence[SentimentTarget]) -> list[TargetSentiment]:
    """Score the sentiment toward each target, in the order of `targets`.

    ValueError when a target lies outside its sentence.
    """
    parsed: dict[int, ParsedSentence] = {}
    scores = []
    for target in targets:
        if not 0 <= target.sentence < len(sentences):
            raise ValueError(f"{target}: there are {len(sentences)} sentences, numbered from 0")
        sentence = sentences[target.sentence]
        if not 0 <= target.start < target.end <= len(sentence):
            raise ValueError(f"{target} is no span of its sentence of {len(sentence)} characters")
        syntax = parsed.setdefault(target.sentence, parse_sentence(sentence))
        scores.append(_judge(sentence, find_clues(syntax, target.start, target.end)))
    return scores


@cache
def load_weights() -> Mapping[str, tuple[float, float, float]]:
    """For each feature its weight for each of LABELS."""
    weights_file = resources.files("workbench.annotate.target_sentiment").joinpath("weights.toml")
    table = tomllib.loads(weights_file.read_text(encoding="utf-8"))["features"]
    return {name: (row[0], row[1], row[2]) for name, row in table.items()}


def sum_clues(clues: Sequence[Clue]) -> dict[str, float]:
    """The features of a target: those of its clues added up, none above MOST."""
    total: dict[str, float] = {}
    for clue in clues:
        for name, size in clue.features.items():
            total[name] = min(total.get(name, 0.0) + size, MOST)
    return total


def _judge(sentence: str, clues: Sequence[Clue]) -> TargetSentiment:
    weights, features = load_weights(), sum_clues(clues)
    logits = [
        sum(size * weights[name][k] for name, size in features.items() if name in weights)
        for k in range(len(LABELS))
    ]
    top = max(logits)
    odds = [exp(logit - top) for logit in logits]
    chances = [each / sum(odds) for each in odds]
    best = chances.index(max(chances))
    receipt = _receipt([_reason(sentence, clue, weights) for clue in clues])
    return TargetSentiment(chances[2] - chances[0], LABELS[best], chances[best], receipt)


def _receipt(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The lines of a receipt; words of a field that move little are added to that of the sentence, the last."""
    is_small = [not r.valence and r.relation in field_names() and abs(r.weight) < LEAST for r in reasons]
    small_weight = sum(r.weight for r, left_out in zip(reasons, is_small, strict=True) if left_out)
    shown_reasons = [r for r, left_out in zip(reasons, is_small, strict=True) if not left_out]
    return (*shown_reasons[:-1], shown_reasons[-1]._replace(weight=shown_reasons[-1].weight + small_weight))


def _reason(sentence: str, clue: Clue, weights: Mapping[str, tuple[float, float, float]]) -> Reason:
    weight = sum(
        size * (weights[name][2] - weights[name][0])
        for name, size in clue.features.items()
        if name in weights
    )
    return Reason(
        sentence[clue.start : clue.end], clue.start, clue.relation, clue.valence, clue.negated, weight
    )


# ---------------------------------------------------------------- models of others

GROUP = "workbench.judges"  # of entry points


def load_model(name: str) -> TargetSentimentModel:
    """Load the target-sentiment model of this name: `package.module:function`, or an entry point of `workbench.judges`.

    Raises BadSettings when there is none, or what is there cannot be called.
    """
    path = _path(name)
    module, _, attribute = path.partition(":")
    try:
        target = import_module(module)
        for part in attribute.split("."):
            target = getattr(target, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadSettings(
            "target_sentiment.toml",
            problem=f"the judge {name!r} cannot be loaded: {error}",
            hint=f"install the package that has it, or leave the line out for {DEFAULT_MODEL}",
        ) from error
    if not callable(target):
        raise BadSettings(
            "target_sentiment.toml",
            problem=f"the judge {name!r} is no function",
            hint='write "package.module:function"',
        )
    model: TargetSentimentModel = target
    return model


def model_fingerprint(name: str) -> str:
    """Fingerprint the version of a model: its path, the bytes of its module, the version of its package.

    Loads nothing but the packages above the module; a judge that is not there is "absent".
    """
    path = _path(name)
    module = path.partition(":")[0]
    try:
        spec = util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return f"{path} absent"
    origin = Path(spec.origin or "")
    code = hashlib.sha256(origin.read_bytes()).hexdigest()[:16] if origin.is_file() else ""
    return f"{path} {code} {_versions(module)}"


def _path(name: str) -> str:
    """The import path of a judge: the name itself, or what its entry point says."""
    if ":" in name:
        return name
    entry_points = [point.value for point in metadata.entry_points(group=GROUP, name=name)]
    return entry_points[0] if entry_points else f"{name}:{name.rpartition('.')[2]}"


def _versions(module: str) -> str:
    names = sorted(set(metadata.packages_distributions().get(module.partition(".")[0], [])))
    return " ".join(f"{distribution}={metadata.version(distribution)}" for distribution in names)
