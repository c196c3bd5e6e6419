"""What the program says of each sentence, as labels that a person can code without seeing them."""

from __future__ import annotations

import pandas as pd

from workbench.analysis.rates import KEY
from workbench.analysis.sentiment import SIGNS, scored
from workbench.errors import BadParameter, did_you_mean

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
        raise BadParameter("topic", problem=f"no hit of a topic `{topic}`", mend=did_you_mean(topic, known))
    has = pd.MultiIndex.from_frame(found[KEY].astype({"sentence": "int64"}))
    mine = pd.MultiIndex.from_frame(units[KEY].astype({"sentence": "int64"})).isin(has)
    return _with_strata(units.assign(machine=["yes" if hit else "no" for hit in mine]))


def check_strata(strata: str) -> str:
    """The name of a stratification; BadParameter with the nearest for another."""
    if strata not in STRATA:
        raise BadParameter("strata", problem=f"no strata `{strata}`", mend=did_you_mean(strata, STRATA))
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
