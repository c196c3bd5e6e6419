"""Topic models over documents or paragraphs: NMF or LDA, their stability, coherence and leading words.

The only door to scikit-learn: a table of counts taken apart into topics, by NMF or LDA.

Loaded when a model is first asked for; the extra `topics` installs it.

Topics found in the data: which words go together over documents or paragraphs, by NMF or LDA.

The number of topics is chosen by two measures that are shown: do the same topics come back from other
seeds and other texts (stability), and do a topic's words stand in the same texts (coherence, NPMI)? A
topic is named by its exclusive words and shown by sentences. Too few texts are refused with the reason:
a model always finds as many topics as it was asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.cooccurrence import npmi
from workbench.analysis.distributions import Floats
from workbench.analysis.frequency import STOP_WORDS, is_stop
from workbench.analysis.intervals import SEED, share_limits
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import RULES, sufficient
from workbench.analysis.units import grouping
from workbench.errors import BadParameter, MissingExtra, did_you_mean

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
            hint='pip install "analyst-workbench[topics]"',
        ) from error


def counts_of(unit: Any, term: Any, n_units: int, n_terms: int) -> Any:
    """A sparse table units x terms that counts how often each pair stands in the two lists."""
    _sklearn()  # scipy comes with it, and its absence has the same hint
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(unit)), (unit, term)), shape=(n_units, n_terms))


# ---------------------------------------------------------------- fitting topics over documents or paragraphs, by NMF or LDA

Over = Literal["documents", "segments"]
OVERS = ("documents", "segments")
CANDIDATES = (4, 6, 8, 10, 12, 15, 20)  # numbers of topics that are tried, ten texts a topic at least
RUNS = (
    5  # other seeds on other four fifths of the texts; with 10 the same number was chosen, in twice the time
)
TAKEN = 0.8  # of the texts in each run, as Greene et al. (2014) take them
LEADING = 10  # words of a topic that are compared, named and scored
LEAST_UNITS, MOST_SHARE, MOST_TERMS = (
    5,
    0.5,
    5000,
)  # a term stands in 5 units, in at most half, and 5,000 are kept
SHORTEST = 3  # letters of a term
LEAST_WORDS = {"documents": 50, "segments": 20}  # counted terms in a unit; below, a unit has no topic
STEADY = 0.5  # stability below which a topic is drawn hollow: half of its ten words change from run to run
NEAR_BEST = 0.9  # of the best coherence: among these numbers the most stable one is taken
TOPICS = "topic name share low high n words units coherence stability basis sufficient".split()

Ints = npt.NDArray[np.int64]


class Model(NamedTuple):
    """What was found, as tables; `reason` says why nothing was, and the tables are empty then."""

    reason: str
    numbers: pd.DataFrame  # [k, stability, coherence, chosen]
    terms: pd.DataFrame  # [topic, form, weight, exclusive, frex, rank]
    weights: pd.DataFrame  # [doc_id, segment, topic, share, words]
    quality: pd.DataFrame  # [topic, name, coherence, stability, units]
    method: str
    over: str


class _Texts(NamedTuple):
    """The counted words of the units: which unit and term each is, and what units and terms are."""

    unit: Ints
    term: Ints
    units: pd.DataFrame
    terms: pd.Index
    given: int  # units before those without enough counted words were left out


def find_model(
    tokens: pd.DataFrame, units: pd.DataFrame, *, over: Over = "documents", method: Method = "nmf",
    topics: int = 0, stop: frozenset[str] = STOP_WORDS,
) -> Model:  # fmt: skip
    """The topics of these texts; `topics` how many, or 0 for the number chosen by stability and coherence.

    In:  tokens (as written, or `annotate.stems.by_family`), units. Out: Model, all of its tables empty and
         `reason` set when there are fewer units than `reliability.RULES["found topics"]` asks for.
         BadParameter for a wrong `over`, `method` or number; MissingExtra without scikit-learn.
    """
    _check(over, method, topics)
    texts = _texts(tokens, units, over, stop)
    reason = _refusal(texts, over)
    if reason:
        return _nothing(reason, method, over)
    counts = counts_of(texts.unit, texts.term, len(texts.units), len(texts.terms))
    tried = [topics] if topics else [k for k in CANDIDATES if k * 10 <= len(texts.units)]
    together = _together(counts)
    fits = [_fit(counts, together, k, method) for k in tried]
    chosen = _choice([f.stability.mean() for f in fits], [f.coherence.mean() for f in fits])
    numbers = pd.DataFrame({
        "k": tried, "stability": [float(f.stability.mean()) for f in fits],
        "coherence": [float(f.coherence.mean()) for f in fits], "chosen": np.arange(len(tried)) == chosen,
    })  # fmt: skip
    return _told(fits[chosen], texts, counts, numbers, method, over)


def topic_table(model: Model, units: pd.DataFrame) -> pd.DataFrame:
    """The topics with their share of all words.

    Out: [topic, name, share, low, high, n, words, units, coherence, stability, basis, sufficient], largest
         first. A unit's words are shared out by the weights of its topics; `share` of all words of the
         counted units, with limits by resampling documents; `n` the words that come to; `units` those in
         which the topic is the largest.
    """
    rows = _shares(model, units.assign(group="all texts"))
    out = rows.merge(model.quality, on="topic") if len(rows) else pd.DataFrame(columns=TOPICS)
    out["sufficient"] = _steady(out) if len(out) else pd.Series(dtype=bool)
    out = out.sort_values(["share", "topic"], ascending=[False, True], ignore_index=True)[TOPICS]
    out.attrs |= {"reason": model.reason, "method": model.method, "over": model.over}
    return out


def topic_shares(model: Model, units: pd.DataFrame) -> pd.DataFrame:
    """How much of each group's words goes to each topic.

    Out: [group, topic, name, share, low, high, n, words, n_docs, basis, sufficient]; a unit that stands in
         several groups (a transcript, grouped by speaker) gives each the same mixture.
    """
    rows = _shares(model, units)
    if not len(rows):
        return pd.DataFrame(columns="group topic name share low high n words n_docs basis sufficient".split())
    out = rows.merge(model.quality[["topic", "name", "stability", "units"]], on="topic")
    out["sufficient"] = _steady(out) & sufficient("documents", documents=out["n_docs"])
    out = out.sort_values(["words", "group", "topic"], ascending=[False, True, True], ignore_index=True)
    out.attrs["by"] = grouping(units)
    return out.drop(columns=["stability", "units"])


def leading_terms(model: Model) -> pd.DataFrame:
    """The ten words that lead each topic, the most exclusive first: [topic, name, leading_words]."""
    leading = model.terms[model.terms["rank"] < LEADING].sort_values(["topic", "rank"])
    joined = leading.groupby("topic")["form"].agg(", ".join).rename("leading_words").reset_index()
    return model.quality[["topic", "name"]].merge(joined, on="topic", how="inner")


def exemplars(model: Model, tokens: pd.DataFrame, units: pd.DataFrame, *, each: int = 3) -> pd.DataFrame:
    """The sentences that show a topic: most of its words, each from another document.

    Out: [doc_id, sentence, start, end, topic, n]; `n` different words of the topic's first ten in the
         sentence; at most `each` a topic, most words first. Hand it to `evidence.behind` with a row of
         `topic_table`.
    """
    columns = [*KEY, "start", "end", "topic", "n"]
    if model.reason:
        return pd.DataFrame(columns=columns)
    leading = model.terms[model.terms["rank"] < LEADING][["topic", "form"]]
    words = tokens[tokens["form"].isin(leading["form"])][[*KEY, "form"]]
    words = words.assign(form=words["form"].astype("object"), doc_id=words["doc_id"].astype("object"))
    found = words.drop_duplicates().merge(leading, on="form").groupby([*KEY, "topic"]).size().rename("n")
    known = units[[*KEY, "segment", "start", "end"]]
    rows = found.reset_index().merge(known, on=KEY, how="inner")
    mixture = _by_document(model)
    rows = rows.merge(mixture, on=["doc_id", "topic"], how="inner")
    rows["length"] = rows["end"] - rows["start"]
    rows = rows[rows["length"] <= 600]  # a list read as one sentence shows nothing
    rows = rows.sort_values(
        ["topic", "n", "share", "length", "doc_id", "sentence"],
        ascending=[True, False, False, True, True, True],
    )
    rows = rows.drop_duplicates(["topic", "doc_id"]).groupby("topic").head(each)
    return rows[columns].reset_index(drop=True)


def frex(weights: Floats, balance: float = 0.5) -> tuple[Floats, Floats]:
    """(exclusivity, FREX) of each term in each topic, from weights (topics x terms).

    Bischof and Airoldi (2012): the harmonic mean of two ranks, how exclusive a term is to the topic (its
    share of the term's weight over all topics) and how frequent it is in it.
    """
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    exclusive = shares / np.maximum(shares.sum(axis=0, keepdims=True), 1e-300)
    ranked = [_ecdf(exclusive), _ecdf(shares)]
    return exclusive, np.asarray(1 / (balance / ranked[0] + (1 - balance) / ranked[1]))


class _Fit(NamedTuple):
    weights: Floats
    terms: Floats
    stability: Floats
    coherence: Floats


def _check(over: str, method: str, topics: int) -> None:
    for what, given, known in (("over", over, OVERS), ("method", method, METHODS)):
        if given not in known:
            raise BadParameter(what, problem=f"no `{given}`", hint=did_you_mean(given, known))
    if topics < 0 or topics == 1 or topics > 100:
        raise BadParameter(
            "topics", problem=f"cannot look for {topics} topics", hint="use 2 to 100, or 0 to have it chosen"
        )


def _texts(tokens: pd.DataFrame, units: pd.DataFrame, over: str, stop: frozenset[str]) -> _Texts:
    """The terms that are counted, in the units that hold enough of them."""
    part = ["doc_id"] if over == "documents" else ["doc_id", "segment"]
    words = tokens[tokens["word"].astype(bool)][[*KEY, "form"]]
    words = words.assign(form=words["form"].astype("object"), doc_id=words["doc_id"].astype("object"))
    words = words.merge(units[[*KEY, "segment"]], on=KEY, how="inner")
    forms = pd.Index(words["form"].unique())
    listed = np.array([_is_term(str(form), stop) for form in forms], dtype=bool)
    words = words[listed[forms.get_indexer(words["form"])]] if len(forms) else words
    words["unit"] = words.groupby(part, sort=True).ngroup()
    given = len(units.drop_duplicates(part))
    spread = words.drop_duplicates(["unit", "form"])["form"].value_counts()
    most = MOST_SHARE * max(1, words["unit"].nunique())
    spread = spread[(spread >= LEAST_UNITS) & (spread <= most)]
    kept = sorted(spread.index, key=lambda form: (-int(spread[form]), str(form)))[:MOST_TERMS]
    terms = pd.Index(sorted(kept), dtype="object")
    words = words[words["form"].isin(terms)]
    sizes = words["unit"].value_counts()
    words = words[words["unit"].isin(sizes[sizes >= LEAST_WORDS[over]].index)]
    first = words.drop_duplicates("unit").sort_values("unit")
    code = pd.Index(first["unit"]).get_indexer(pd.Index(words["unit"]))
    named = first[["doc_id", "segment"]].reset_index(drop=True)
    return _Texts(
        np.asarray(code, np.int64),
        np.asarray(terms.get_indexer(pd.Index(words["form"])), np.int64),
        named,
        terms,
        given,
    )


def _is_term(form: str, stop: frozenset[str]) -> bool:
    return len(form) >= SHORTEST and not is_stop(form, stop) and any(c.isalpha() for c in form)


def _refusal(texts: _Texts, over: str) -> str:
    """Why these texts are too few, or an empty text."""
    rule = RULES["found topics"]
    have = {"units": len(texts.units), "terms": len(texts.terms)}
    if bool(sufficient("found topics", **have)):
        return ""
    noun = "documents" if over == "documents" else "paragraphs"
    return (
        f"No topics are looked for: of {texts.given:,} {noun} {have['units']} hold {LEAST_WORDS[over]} words or more that also stand in "
        f"{LEAST_UNITS - 1} others, and these words are {have['terms']} different ones; at least {rule.least['units']} {noun} and "
        f"{rule.least['terms']} words are needed, because {rule.because}."
    )


def _nothing(reason: str, method: str, over: str) -> Model:
    numbers, terms, weights, quality = (pd.DataFrame(columns=columns.split()) for columns in (
        "k stability coherence chosen", "topic form weight exclusive frex rank", "doc_id segment topic share words",
        "topic name coherence stability units",
    ))  # fmt: skip
    return Model(reason, numbers, terms, weights, quality, method, over)


def _fit(counts: Any, together: tuple[Floats, Floats, int], k: int, method: Method) -> _Fit:
    """The model of all units, and how well it comes back from other seeds on four fifths of them."""
    weights, terms = decompose(counts, k, method, SEED % 2**31)
    leading = _leading(terms)
    runs = []
    for run in range(RUNS):
        rng = np.random.default_rng([SEED, run])
        rows = np.sort(rng.permutation(counts.shape[0])[: round(TAKEN * counts.shape[0])])
        other = _leading(decompose(counts[rows], k, method, run + 1)[1])
        runs.append(matched(_jaccard(leading, other)))
    return _Fit(weights, terms, np.mean(runs, axis=0), _coherence(leading, together))


def _leading(terms: Floats) -> Ints:
    """The first terms of each topic by weight."""
    return np.asarray(np.argsort(-terms, axis=1, kind="stable")[:, :LEADING], dtype=np.int64)


def _jaccard(a: Ints, b: Ints) -> Floats:
    shared = np.array([[len(set(x) & set(y)) for y in b.tolist()] for x in a.tolist()], dtype=float)
    return np.asarray(shared / (2 * LEADING - shared))


def _together(counts: Any) -> tuple[Any, Floats, int]:
    """Which terms stand in which units, in how many each, and how many units there are."""
    there = (counts > 0).astype(float)
    return there.tocsc(), np.asarray(there.sum(axis=0)).ravel(), counts.shape[0]


def _coherence(leading: Ints, together: tuple[Any, Floats, int]) -> Floats:
    """Mean NPMI over the pairs of each topic's leading terms, units as windows (Lau et al. 2014)."""
    there, alone, n = together
    out = []
    for row in leading:
        part = there[:, row]
        both = np.asarray((part.T @ part).todense(), dtype=float)
        a, b = np.triu_indices(len(row), 1)
        values = npmi(both[a, b], alone[row[a]], alone[row[b]], n)
        out.append(np.where(both[a, b] > 0, values, -1.0).mean())
    return np.asarray(out, dtype=float)


def _choice(stability: Sequence[float], coherence: Sequence[float]) -> int:
    """The most stable number among those near the best coherence; the smaller one of equals."""
    near = [value >= NEAR_BEST * max(coherence) for value in coherence]
    return max(range(len(near)), key=lambda at: (near[at], round(stability[at], 6), -at))


def _told(fit: _Fit, texts: _Texts, counts: Any, numbers: pd.DataFrame, method: str, over: str) -> Model:
    """The chosen model as tables; topics are numbered from 1, the heaviest first."""
    mixture = fit.weights / np.maximum(fit.weights.sum(axis=1, keepdims=True), 1e-300)
    words = np.asarray(counts.sum(axis=1)).ravel()
    order = np.argsort(-(mixture * words[:, None]).sum(axis=0), kind="stable")
    mixture, weights = mixture[:, order], fit.terms[order]
    exclusive, scores = frex(weights)
    terms = _term_table(texts.terms, weights, exclusive, scores)
    k, largest = len(order), mixture.argmax(axis=1)
    quality = pd.DataFrame({
        "topic": np.arange(1, k + 1), "name": [_name(terms, topic) for topic in range(1, k + 1)],
        "coherence": fit.coherence[order], "stability": fit.stability[order],
        "units": np.bincount(largest, minlength=k),
    })  # fmt: skip
    rows = np.repeat(np.arange(len(words)), k)
    shares = pd.DataFrame({
        "doc_id": texts.units["doc_id"].to_numpy()[rows], "segment": texts.units["segment"].to_numpy()[rows],
        "topic": np.tile(np.arange(1, k + 1), len(words)), "share": mixture.ravel(), "words": words[rows],
    })  # fmt: skip
    return Model("", numbers, terms, shares, quality, method, over)


def _term_table(forms: pd.Index, weights: Floats, exclusive: Floats, scores: Floats) -> pd.DataFrame:
    """The fifty heaviest terms of each topic; `rank` by FREX among the thirty heaviest comes first."""
    rows = []
    for topic, row in enumerate(weights):
        heavy = np.argsort(-row, kind="stable")[:50]
        head = heavy[:30]
        ranked = np.concatenate([head[np.argsort(-scores[topic][head], kind="stable")], heavy[30:]])
        for rank, at in enumerate(ranked):
            rows.append((topic + 1, str(forms[at]), row[at], exclusive[topic, at], scores[topic, at], rank))
    return pd.DataFrame(rows, columns="topic form weight exclusive frex rank".split())


def _name(terms: pd.DataFrame, topic: int) -> str:
    mine = terms[terms["topic"] == topic].sort_values("rank")
    return ", ".join(mine["form"].head(3))


def _ecdf(values: Floats) -> Floats:
    """The rank of each value in its row, as a share of the row."""
    order = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((order + 1) / values.shape[1], dtype=float)


def _by_document(model: Model) -> pd.DataFrame:
    """[doc_id, topic, share]: the mixture of each document."""
    weights = model.weights.assign(n=lambda w: w["share"] * w["words"])
    sums = weights.groupby(["doc_id", "topic"])[["n", "words"]].sum().reset_index()
    return sums.assign(share=sums["n"] / sums["words"])[["doc_id", "topic", "share"]]


def _shares(model: Model, units: pd.DataFrame) -> pd.DataFrame:
    """[group, topic, share, low, high, n, words, n_docs, basis] for groups of whole units."""
    if model.reason:
        return pd.DataFrame()
    part = ["doc_id"] if model.over == "documents" else ["doc_id", "segment"]
    wide = model.weights.pivot_table(index=part, columns="topic", values="share", sort=True)
    sizes = units.groupby([*part, "group"])["words"].sum().reset_index()
    placed = sizes.merge(wide.reset_index(), on=part, how="inner")
    rows = []
    for group, mine in placed.groupby("group", sort=True):
        words = mine["words"].to_numpy(float)
        above = mine[list(wide.columns)].to_numpy(float) * words[:, None]
        limits = share_limits(above, words, mine["doc_id"].to_numpy())
        rows.append(pd.DataFrame({
            "group": str(group), "topic": wide.columns.to_numpy(), "share": above.sum(axis=0) / max(words.sum(), 1),
            "low": limits.low, "high": limits.high, "n": above.sum(axis=0).round().astype(int),
            "words": int(words.sum()), "n_docs": mine["doc_id"].nunique(), "basis": limits.basis,
        }))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _steady(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Topics that come back, and lead in enough units to be read."""
    return np.asarray((table["stability"] >= STEADY) & sufficient("topic", units=table["units"].to_numpy()))
