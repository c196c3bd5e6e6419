"""Check labels by hand: sample to code, agreement of coders, accuracy of labels, corrected shares.

The human check: what to code, how far coders agree, how far the machine is right, what follows.

Codes are a table [doc_id, sentence, coder, code] that lives with the corpus as a CSV file; the caller
reads and writes it. The sample keeps its stratum and weight, so that the codes of a few hundred
sentences speak for all of them.

What the program says of each sentence, as labels that a person can code without seeing them.
"""

from __future__ import annotations

import hashlib
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Z95, wilson
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient
from workbench.analysis.sentiment import SIGNS, scored
from workbench.errors import BadParameter, did_you_mean

SAMPLE = [*KEY, "machine", "stratum", "size", "drawn", "weight"]
AGREEMENT = "coder other n agreement low high kappa alpha sufficient".split()


def coding_sample(
    labels: pd.DataFrame, *, size: int = 200, strata: str = "machine", seed: int | None = None
) -> pd.DataFrame:
    """Sentences to code by hand: the same number from each stratum.

    In:  labels [doc_id, sentence, machine, <strata>], one row a sentence, `machine` what the program
         says (strings); `strata` a column of it.
    Out: [doc_id, sentence, machine, stratum, size, drawn, weight] in text order: `drawn` of the `size`
         sentences of the stratum, `weight` size / drawn. Rule: with a `seed` those whose hash with it is
         lowest, so that a sample keeps most of its sentences when texts are added; without one every
         k-th sentence in text order, first one first. A stratum smaller than its share gives all it has
         and the others share the rest.
    """
    if size < 1:
        raise BadParameter("size", problem=f"a sample of {size} sentences is empty", hint="use 100 or more")
    ordered = labels.drop_duplicates(KEY).sort_values(KEY, ignore_index=True)
    sizes = ordered[strata].astype(str).value_counts().sort_index()
    drawn = _shares(sizes, size)
    parts = []
    for stratum, many in drawn.items():
        mine = ordered[ordered[strata].astype(str) == stratum]
        if seed is not None:
            mine = mine.assign(
                _lot=[_lot(seed, *key) for key in mine[KEY].itertuples(index=False, name=None)]
            )
            chosen = mine.nsmallest(many, "_lot").drop(columns="_lot")
        else:
            chosen = mine.iloc[[k * len(mine) // many for k in range(many)]]
        parts.append(chosen.assign(stratum=stratum, size=len(mine), drawn=many, weight=len(mine) / many))
    out = pd.concat(parts) if parts else pd.DataFrame(columns=SAMPLE)
    return out.sort_values(KEY, ignore_index=True)[SAMPLE]


def _lot(seed: int, doc_id: str, sentence: int) -> int:
    """A number drawn for a sentence: the same on every machine, whatever else is in the corpus."""
    drawn = hashlib.sha256(f"{seed}\t{doc_id}\t{sentence}".encode()).digest()
    return int.from_bytes(drawn[:6], "big")


def settled(codes: pd.DataFrame) -> pd.DataFrame:
    """One code a sentence: that of all who coded it; where they differ it is none and does not count.

    In:  codes [doc_id, sentence, coder, code]. Out: [doc_id, sentence, code].
    """
    known = codes[codes["code"].notna()]
    alike = known.groupby(KEY)["code"].agg(["nunique", "first"]).reset_index()
    out = alike[alike["nunique"] == 1].rename(columns={"first": "code"})
    return out[[*KEY, "code"]].reset_index(drop=True)


def agreement(codes: pd.DataFrame) -> pd.DataFrame:
    """How far each pair of coders agrees, and all of them together.

    In:  codes [doc_id, sentence, coder, code]; codes without a value do not count.
    Out: [coder, other, n, agreement, low, high, kappa, alpha, sufficient], a row a pair and, with three
         coders or more, a last row "all" with Fleiss' kappa and alpha; `agreement` the share of the `n` sentences
         both coded in which they agree, with Wilson's limits; `kappa` Cohen's; `alpha` Krippendorff's
         for nominal codes. NaN where only one code was ever given: nothing can be told then.
         BadParameter when a coder coded a sentence twice.
    """
    known = codes[codes["code"].notna()]
    if known.duplicated([*KEY, "coder"]).any():
        twice = known[known.duplicated([*KEY, "coder"])].iloc[0]
        raise BadParameter(
            "codes", problem=f"{twice['coder']} coded {twice['doc_id']}, sentence {twice['sentence']} twice", hint="keep one of the rows",
        )  # fmt: skip
    wide = known.pivot(index=KEY, columns="coder", values="code")
    rows = [_pair(wide, a, b) for a, b in combinations(sorted(wide.columns), 2)]
    if wide.shape[1] > 2:
        several = int((wide.notna().sum(axis=1) > 1).sum())
        rows.append({
            "coder": "all", "other": "all", "n": several, "agreement": np.nan, "low": np.nan, "high": np.nan,
            "kappa": fleiss_kappa(known), "alpha": krippendorff_alpha(known), "sufficient": bool(sufficient("coding", sentences=several)),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=AGREEMENT)


def cohens_kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa (1960): agreement beyond what the two coders' own shares would give by chance."""
    seen = float((first.to_numpy() == second.to_numpy()).mean()) if len(first) else np.nan
    a, b = first.value_counts(normalize=True), second.value_counts(normalize=True)
    chance = float(a.mul(b, fill_value=0.0).sum())
    return (seen - chance) / (1 - chance) if chance < 1 else np.nan


def fleiss_kappa(codes: pd.DataFrame) -> float:
    """Fleiss' kappa (1971) over the sentences that all coders coded; NaN where there are none.

    In:  codes [doc_id, sentence, coder, code].
    """
    known = codes[codes["code"].notna()]
    counts = known.groupby([*KEY, "code"]).size().unstack("code", fill_value=0).to_numpy(float)
    coders = known["coder"].nunique()
    counts = counts[counts.sum(axis=1) == coders]
    if not len(counts) or coders < 2:
        return np.nan
    seen = float((((counts**2).sum(axis=1) - coders) / (coders * (coders - 1))).mean())
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return (seen - chance) / (1 - chance) if chance < 1 else np.nan


def krippendorff_alpha(codes: pd.DataFrame) -> float:
    """Krippendorff's alpha for nominal codes (2004, ch. 11): any number of coders, codes may be missing.

    In:  codes [doc_id, sentence, coder, code]. Sentences with a single code do not count.
    """
    counts = (
        codes[codes["code"].notna()]
        .groupby([*KEY, "code"])
        .size()
        .unstack("code", fill_value=0)
        .to_numpy(float)
    )
    many = counts.sum(axis=1)
    counts, many = counts[many > 1], many[many > 1]
    total = many.sum()
    if total == 0:
        return np.nan
    seen = ((many**2 - (counts**2).sum(axis=1)) / (many - 1)).sum() / total
    shares = counts.sum(axis=0)
    chance = (total**2 - (shares**2).sum()) / (total * (total - 1))
    return float(1 - seen / chance) if chance > 0 else np.nan


def accuracy(sample: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """How far the machine is right, by code: precision and recall against the human codes.

    In:  sample from `coding_sample`; codes of one coder, or codes settled after discussion.
    Out: [code, n_machine, n_human, hits, precision, precision_low, precision_high, recall, recall_low,
         recall_high, sufficient]. `precision` counts coded sentences, so its strata should be the machine's
         codes; `recall` weighs each sentence by what it stands for, its limits by Wilson's for Kish's
         effective number of sentences.
    """
    rows = []
    both = _coded(sample, codes)
    for code in sorted({*both["machine"], *both["code"]}):
        said, true = both["machine"] == code, both["code"] == code
        precision = _weighted_share(true[said], both["weight"][said])
        recall = _weighted_share(said[true], both["weight"][true])
        rows.append({
            "code": code, "n_machine": int(said.sum()), "n_human": int(true.sum()), "hits": int((said & true).sum()),
            "precision": precision[0], "precision_low": precision[1], "precision_high": precision[2],
            "recall": recall[0], "recall_low": recall[1], "recall_high": recall[2],
            "sufficient": bool(sufficient("coding", sentences=min(said.sum(), true.sum()))),
        })  # fmt: skip
    return pd.DataFrame(rows)


def corrected_share(sample: pd.DataFrame, codes: pd.DataFrame, code: str) -> pd.DataFrame:
    """The share of a code among all sentences, as the human codes correct it.

    In:  sample from `coding_sample`, codes of one coder; `code` the one in question.
    Out: one row [code, n, size, machine, share, low, high, sufficient]: `machine` the share that the program
         gives among all `size` sentences, `share` the stratified estimate from the `n` codes: the sum of
         size_h / size x p_h, with variance sum of (size_h / size)² (1 - n_h / size_h) p_h (1 - p_h) / (n_h - 1)
         (Cochran 1977, 5.2); p_h in the variance is moved toward a half as Agresti and Coull do, so
         that a stratum without error is not taken for certain. BadParameter when a stratum has no code.
    """
    both = _coded(sample, codes)
    strata = sample.drop_duplicates("stratum").set_index("stratum")
    missing = sorted(set(strata.index) - set(both["stratum"]))
    if missing:
        raise BadParameter(
            "codes", problem=f"no sentence of stratum `{missing[0]}` is coded", hint="code some of it first"
        )
    size = float(strata["size"].sum())
    by = both.assign(hit=both["code"] == code).groupby("stratum")["hit"].agg(["sum", "size"])
    n, weight = by["size"].to_numpy(float), strata.loc[by.index, "size"].to_numpy(float)
    share = by["sum"].to_numpy(float) / n
    moved = (by["sum"].to_numpy(float) + Z95**2 / 2) / (n + Z95**2)
    left = np.clip(1 - n / weight, 0, 1)
    spread = left * moved * (1 - moved) / np.maximum(n - 1, 1)
    value, half = (
        float((weight * share).sum() / size),
        Z95 * float(np.sqrt((weight**2 * spread).sum())) / size,
    )
    machine = float((sample["weight"] * (sample["machine"] == code)).sum() / size)
    return pd.DataFrame([{
        "code": code, "n": len(both), "size": int(size), "machine": machine, "share": value,
        "low": max(0.0, value - half), "high": min(1.0, value + half),
        "sufficient": bool(sufficient("coding", sentences=n.min())),
    }])  # fmt: skip


def corrected_shares(sample: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """`corrected_share` of every code; without an estimate while a stratum has no coded sentence.

    Out: [code, n, size, machine, share, low, high, sufficient], the machine's most frequent first;
         `attrs["missing"]` names the strata that nobody has coded yet.
    """
    both = _coded(sample, codes)
    missing = sorted(set(sample["stratum"]) - set(both["stratum"]))
    names = sorted({*sample["machine"], *both["code"]})
    if missing:
        size = float(sample.drop_duplicates("stratum")["size"].sum())
        shares = [float(sample["weight"][sample["machine"] == code].sum() / size) for code in names]
        out = pd.DataFrame({
            "code": names, "n": len(both), "size": int(size), "machine": shares, "share": np.nan,
            "low": np.nan, "high": np.nan, "sufficient": False,
        })  # fmt: skip
    else:
        out = pd.concat([corrected_share(sample, codes, code) for code in names], ignore_index=True)
    out = out.sort_values("machine", ascending=False, kind="stable", ignore_index=True)
    out.attrs["missing"] = missing
    return out


def _shares(sizes: pd.Series, size: int) -> dict[str, int]:
    """How many sentences of each stratum: equal shares, small strata whole, the rest to the others."""
    drawn: dict[str, int] = {}
    left = size
    for rank, (stratum, many) in enumerate(sizes.sort_values(kind="stable").items()):
        drawn[str(stratum)] = min(int(many), max(1, left // (len(sizes) - rank)))
        left -= drawn[str(stratum)]
    return drawn


def _coded(sample: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The sample with its codes; BadParameter when a sentence has codes of more than one coder."""
    known = codes[codes["code"].notna()]
    if known.duplicated(KEY).any():
        raise BadParameter(
            "codes",
            problem="some sentences have more than one code",
            hint="choose one coder, or settle the codes first",
        )
    return sample.merge(known[[*KEY, "code"]], on=KEY, how="inner")


def _pair(wide: pd.DataFrame, a: str, b: str) -> dict[str, object]:
    both = wide[[a, b]].dropna()
    alike = int((both[a] == both[b]).sum())
    low, high = wilson(alike, len(both))
    long = both.reset_index().melt(id_vars=KEY, var_name="coder", value_name="code")
    return {
        "coder": a, "other": b, "n": len(both), "agreement": alike / len(both) if len(both) else np.nan, "low": float(low),
        "high": float(high), "kappa": cohens_kappa(both[a], both[b]), "alpha": krippendorff_alpha(long),
        "sufficient": bool(sufficient("coding", sentences=len(both))),
    }  # fmt: skip


def _weighted_share(hit: pd.Series, weight: pd.Series) -> tuple[float, float, float]:
    """A weighted share with Wilson's limits for Kish's effective number of sentences."""
    if not len(hit):
        return np.nan, np.nan, np.nan
    share = float((hit * weight).sum() / weight.sum())
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    low, high = wilson(share * effective, effective)
    return share, float(low), float(high)


# ---------------------------------------------------------------- the labels of the program, to compare with codes

TONES = SIGNS
HITS = ("yes", "no")
STRATA = ("machine", "source", "voice", "machine and source", "machine and voice")


def tone_labels(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The tone of each sentence by its masked score.

    Out: [doc_id, sentence, machine, source, voice, machine and source, machine and voice]; `machine` one of TONES.
    """
    rows = scored(sentiment, units)
    return _with_strata(rows.assign(machine=rows["sign"].astype(str)))


def topic_labels(hits: pd.DataFrame, units: pd.DataFrame, topic: str) -> pd.DataFrame:
    """Whether the dictionary finds a topic in each sentence.

    In:  hits of `topics.find_topics`. Out: as `tone_labels`; `machine` yes or no. BadParameter for a
         topic that has no hit: nothing could be said of its precision.
    """
    found = hits[hits["topic"] == topic]
    if not len(found):
        known = sorted(hits["topic"].unique())
        raise BadParameter("topic", problem=f"no hit of a topic `{topic}`", hint=did_you_mean(topic, known))
    has = pd.MultiIndex.from_frame(found[KEY].astype({"sentence": "int64"}))
    mine = pd.MultiIndex.from_frame(units[KEY].astype({"sentence": "int64"})).isin(has)
    return _with_strata(units.assign(machine=["yes" if hit else "no" for hit in mine]))


def check_strata(strata: str) -> str:
    """The name of a stratification; BadParameter with the nearest for another."""
    if strata not in STRATA:
        raise BadParameter("strata", problem=f"no strata `{strata}`", hint=did_you_mean(strata, STRATA))
    return strata


def strata_table(sample: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The strata of the sample: [stratum, size, drawn, coded, weight], in the order of their size."""
    coded = sample.merge(codes[KEY], on=KEY)["stratum"].value_counts()
    out = sample.drop_duplicates("stratum")[["stratum", "size", "drawn", "weight"]]
    out.insert(3, "coded", out["stratum"].map(coded).fillna(0).astype(int))
    return out.sort_values("size", ascending=False, ignore_index=True)


def disagreements(sample: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Sentences of which the machine says another thing than people: [doc_id, sentence, form], `form` says which."""
    both = sample.merge(codes[[*KEY, "code"]], on=KEY)
    both = both[both["machine"] != both["code"]]
    word = "the machine says " + both["machine"].astype(str) + ", people " + both["code"].astype(str)
    return both[KEY].assign(form=word).reset_index(drop=True)


def _with_strata(rows: pd.DataFrame) -> pd.DataFrame:
    out = rows[[*KEY, "machine", "source", "voice"]].drop_duplicates(KEY).reset_index(drop=True)
    for other in ("source", "voice"):
        out[f"machine and {other}"] = out["machine"] + ", " + out[other].astype(str)
    return out
