"""The only door to scikit-learn: a table of counts taken apart into topics, by NMF or LDA.

Loaded when a model is first asked for; the extra `topics` installs it.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

from workbench.analysis.tails import Floats
from workbench.errors import MissingExtra

Method = Literal["nmf", "lda"]
METHODS = ("nmf", "lda")
ROUNDS = {
    "nmf": 400,
    "lda": 30,
}  # at most; NMF ends by itself after about 60, LDA's bound moves little after 20
TOLERANCE = 1e-4


def decompose(counts: Any, k: int, method: Method, seed: int) -> tuple[Floats, Floats]:
    """(weight of each topic in each unit, weight of each term in each topic) of k topics.

    In: counts, sparse units x terms. NMF works on tf-idf of unit length (squared loss), LDA on the counts
    (variational Bayes). The same counts, k and seed give the same topics. MissingExtra without the extra.
    """
    sk = _sklearn()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.ConvergenceWarning)  # stopping early is a matter of digits here
        if method == "lda":
            model = sk.LDA(
                n_components=k, random_state=seed, max_iter=ROUNDS["lda"], learning_method="batch", n_jobs=1
            )
            weights = model.fit_transform(counts)
        else:
            model = sk.NMF(
                n_components=k, random_state=seed, init="nndsvdar", max_iter=ROUNDS["nmf"], tol=TOLERANCE
            )
            weights = model.fit_transform(sk.Tfidf(sublinear_tf=True).fit_transform(counts))
    return np.asarray(weights, dtype=float), np.asarray(model.components_, dtype=float)


def matched(agreement: Floats) -> Floats:
    """The agreement of each row with its own column, columns given out so that the sum is greatest."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-agreement)
    return np.asarray(agreement[rows, columns], dtype=float)


class _Names:
    """What is used of scikit-learn."""

    def __init__(self) -> None:
        from sklearn.decomposition import NMF, LatentDirichletAllocation
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.feature_extraction.text import TfidfTransformer

        self.NMF, self.LDA, self.Tfidf = NMF, LatentDirichletAllocation, TfidfTransformer
        self.ConvergenceWarning = ConvergenceWarning


def _sklearn() -> _Names:
    try:
        return _Names()
    except ImportError as error:
        raise MissingExtra(
            "topics found in the data",
            problem="scikit-learn is not installed",
            mend='pip install "analyst-workbench[topics]"',
        ) from error


def counts_of(unit: Any, term: Any, n_units: int, n_terms: int) -> Any:
    """A sparse table units x terms that counts how often each pair stands in the two lists."""
    _sklearn()  # scipy comes with it, and its absence has the same mend
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(unit)), (unit, term)), shape=(n_units, n_terms))
