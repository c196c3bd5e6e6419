"""Too little data is an answer: one stated rule per analysis, all of them here.

A rule is the least that must be there before a number is drawn solid. Below it the number is still
shown, hollow, with its interval. `because` is the sentence that a report prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

# Swept 10–400 with even, bursty and very bursty counts (tests/analysis/test_interval_coverage.py, marker null): from 10
# documents on, intervals over documents cover the truth in 93–97 % of the runs.
LEAST_DOCUMENTS = 10


@dataclass(frozen=True)
class Rule:
    """The least of each count that makes an answer, and why."""

    least: Mapping[str, int]
    because: str

    def __str__(self) -> str:
        """The rule as a report prints it: `n 5, sentences 20: because`."""
        return f"at least {', '.join(f'{n} {what}' for what, n in self.least.items())}: {self.because}"


RULES: Mapping[str, Rule] = MappingProxyType({
    "rate": Rule({"hits": 5, "sentences": 15}, "with fewer than five hits one sentence more or less changes the rate by a fifth"),
    # of hits, those outside the document that has most: what the rule leaves is covered in 93.1 % of the runs or more;
    # with a share of 20 % in 92.4 %, since it takes away samples whose limits are wide and hold the truth
    "rate of documents": Rule({"percent_elsewhere": 10}, "a rate of which one document makes nine tenths describes it and not its source"),
    "mean": Rule({"sentences": 15}, "below fifteen sentences the interval of a mean covers less than it promises"),
    "share": Rule({"sentences": 10}, "below ten sentences a share moves in steps of more than ten points"),
    "keyness": Rule({"hits": 5}, "a word seen fewer than five times in all tells two groups apart by accident"),
    "dispersion": Rule({"parts": 5}, "evenness over fewer than five parts cannot be told from chance"),
    "collocate": Rule({"together": 5, "sentences": 3}, "fewer than five times together, or all in one or two sentences, may be one phrase repeated"),
    "comention": Rule({"together": 3, "each": 3}, "a pair seen together once or twice may be one sentence copied"),
    "spike": Rule({"periods": 8}, "the noise of a series cannot be told from fewer than eight complete periods"),
    "change": Rule({"periods": 8}, "with fewer than eight complete periods almost no order of them is rarer than one in twenty"),
    # six topics over White House documents, stability of three draws: 30 documents 0.53–0.60, 60 0.40–0.59,
    # 100 0.44–0.68, 150 0.61–0.70
    "found topics": Rule({"units": 100, "terms": 500}, "below a hundred texts the topics of one run are other topics in the next"),
    "topic": Rule({"units": 5}, "a topic that leads in fewer than five texts may be one text told twice"),
    "coding": Rule({"sentences": 30}, "below thirty coded sentences a share is known to within eighteen points at best"),
    "correlation": Rule({"sentences": 30}, "below thirty sentences the interval of a correlation is wider than half the scale"),
    "course": Rule({"sentences": 40}, "in ten parts of fewer than four sentences each the course follows single sentences"),
    "documents": Rule({"documents": LEAST_DOCUMENTS}, "fewer documents describe themselves, not their source"),
})  # fmt: skip


def sufficient(rule: str, **have: npt.ArrayLike) -> Bools:
    """Whether each row has what `rule` asks for; a count that is not handed over is a KeyError.

    >>> sufficient("rate", hits=[4, 5], sentences=[50, 50]).tolist()
    [False, True]
    """
    least = RULES[rule].least
    passed = [np.asarray(have[what]) >= n for what, n in least.items()]
    return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*passed)))
