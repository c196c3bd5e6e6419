"""What is planted in an example corpus, in units of the smallest effect that its size lets one detect.

The smallest detectable effect is the one that a test at 5 % finds in 80 % of the corpora of this size:

- counts vary by `dispersion(b, s) = (1 - b)(p + s (c1^2 + c2^2))` times Poisson's variance, where b is the share of a topic
  among the sentences, s the sentences of a document, p those of a paragraph, which share their topic, and c1 and c2 the
  shares of the sentences that follow the first and the second topic of their document;
- a rise in one of m months: root-scale distance z f / (2 sqrt(mu)), f the root of the dispersion, mu the expected
  sentences of the month, z = 4.25 (5 % shared out over 18 months and 8 topics, and 80 % power);
- two rates: log ratio 2.80 f sqrt(1/mu1 + 1/mu2);
- a tone: difference of means 2.80 s sqrt(2 (1/n1 + 1/n2)), s the spread of the scores of sentences; a sentence that
  turns from positive to negative moves the mean by twice `TONE`, from neutral once; 2 stands for the likeness of neighbours;
- two shares: 2.80 sqrt(p(1-p)(1/n1 + 1/n2)) with p = 1/2;
- files lost by a feed: the fewest that leave so few in two months that Poisson gives that 5 % or less;
- second spellings and namesakes: three documents, since a name seen once or twice is one slip; late files: five.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

NAMES = (
    "topic_rise", "tone_change", "source_difference", "confounder", "alias", "shared_surname", "broken_feed",
    "late_batch", "changed_wording",
)  # fmt: skip
DETECT = 2.80  # 1.96 + 0.84: two-sided 5 %, power 80 %
DETECT_MONTH = 4.25  # 3.41 + 0.84: the same with 5 % shared out over 144 months of series
TONE = 0.5  # mean VADER score of a clause of clauses.toml that has a tone
FOLLOWS = (0.35, 0.2)  # shares of the paragraphs of a document that follow its first and its second topic
PARAGRAPH = 1.5  # sentences with a topic in a paragraph
FEW_DOCUMENTS = 3
LATE_DOCUMENTS = 5
MOST = 0.75  # share of the sentences that a planted topic may take at most


@dataclass(frozen=True)
class Effects:
    """The size of each planted effect, in smallest detectable ones; 0 plants none.

    `confounded_by` says what makes the difference between two ministries that is none of theirs.
    """

    topic_rise: float = 2.0
    tone_change: float = 2.0
    source_difference: float = 2.0
    confounder: float = 2.0
    alias: float = 2.0
    shared_surname: float = 2.0
    broken_feed: float = 2.0
    late_batch: float = 2.0
    changed_wording: float = 2.0
    confounded_by: Literal["genre", "year"] = "genre"

    def __post_init__(self) -> None:
        for name in NAMES:
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name}: {getattr(self, name)} is no size; give 0 (none) or more")
        if self.confounded_by not in ("genre", "year"):
            raise ValueError(f'confounded_by: "{self.confounded_by}" is neither "genre" nor "year"')

    @classmethod
    def of(cls, size: float, confounded_by: Literal["genre", "year"] = "genre") -> Effects:
        """Every effect at one size."""
        return cls(size, size, size, size, size, size, size, size, size, confounded_by)

    def sizes(self) -> Mapping[str, float]:
        """The size of each effect by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name in NAMES}


def dispersion(share: float, sentences: float) -> float:
    """How much more the count of a topic's sentences varies than Poisson's."""
    return (1 - share) * (PARAGRAPH + sentences * sum(part**2 for part in FOLLOWS))


def smallest_rise(share: float, sentences: float, documents: float) -> float:
    """The distance of roots, divided by the root of the expected count, of a month that is found."""
    expected = share * sentences * documents
    return DETECT_MONTH * math.sqrt(dispersion(share, sentences)) / (2 * math.sqrt(expected))


def risen_share(share: float, distance: float) -> float:
    """The share of a topic after a rise by that distance of roots."""
    return min(MOST, share * (1 + distance) ** 2)


def smallest_ratio(share: float, sentences: float, documents: tuple[float, float]) -> float:
    """The log ratio of two rates that is found."""
    expected = [share * sentences * n for n in documents]
    return DETECT * math.sqrt(dispersion(share, sentences) * sum(1 / n for n in expected))


def smallest_tone(spread: float, sentences: tuple[float, float]) -> float:
    """The difference of two mean scores that is found."""
    return DETECT * spread * math.sqrt(2 * sum(1 / n for n in sentences))


def turned_share(difference: float, positive: float, neutral: float) -> float:
    """The share of sentences that turn negative so that the mean falls by `difference`: positive ones, then neutral."""
    both = difference / (2 * TONE)
    if both <= positive:
        return both
    return min(positive + neutral, positive + (difference - 2 * TONE * positive) / TONE)


def smallest_share(documents: tuple[float, float]) -> float:
    """The difference of two shares of documents that is found."""
    return DETECT * math.sqrt(0.25 * sum(1 / n for n in documents))


def smallest_loss(documents: float) -> int:
    """How many of the documents that are due must be missing to be noticed."""
    chance, left = 0.0, -1
    while chance <= 0.05:
        left += 1
        chance += math.exp(-documents) * documents**left / math.factorial(left)
    return max(1, math.ceil(documents) - left + 1)
