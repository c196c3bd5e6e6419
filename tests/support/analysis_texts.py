"""A small corpus written for the tests of analysis, figures and evidence: tables as the store gives them."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd

from workbench.schema import TABLES

MINISTRY = (
    "The envoy will visit the capital on Monday. We impose sanctions, the ministry said. "
    "Sanctions hurt trade. The US froze arms control talks. Talks on arms control continue. "
    "The ministry praised cooperation with the US. It told us nothing new."
)
MEETING = (
    "Thank you for your cooperation. We value cooperation and joint work. Human rights matter to us. "
    "New START is a treaty. We welcome the new start of talks. Cooperation between Anna Berg and Ivan Petrov helps."
)
NAMES = {"US": "place", "Anna Berg": "person", "Ivan Petrov": "person", "New START": "agreement"}


def corpus(texts: dict[str, tuple[str, str | None, str, str | None]] | None = None) -> SimpleNamespace:
    """All tables for texts given as doc_id -> (text, source, voice, speaker), one sentence a full stop."""
    given = texts or {
        "a.txt": (MINISTRY, "Wire", "quote", "ministry"),
        "b.txt": (MEETING, "Court <b>", "turn", "Anna Berg"),
    }
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for doc_id, (text, source, voice, speaker) in given.items():
        _add(rows, doc_id, text, source, voice, speaker)
    tables = {name: pd.DataFrame(rows[name], columns=list(TABLES[name])) for name in TABLES}
    dtypes = {"string": "str", "int": "Int32", "float": "float64", "bool": "bool"}
    for name, table in tables.items():
        for column, (kind, _) in TABLES[name].items():
            if kind in dtypes:
                table[column] = table[column].astype(dtypes[kind])
    tables["tokens"] = tables["tokens"].astype(
        {"doc_id": "category", "form": "category", "sentence": "int32"}
    )
    return SimpleNamespace(**tables)


def random_corpus(documents: int, seed: int, source: str = "Wire") -> SimpleNamespace:
    """Documents of random words, each document with its own taste for some of them."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(120)])
    weights = 1 / np.arange(1, 121)
    texts = {}
    for number in range(documents):
        taste = weights * rng.gamma(2, 1, 120)
        chosen = rng.choice(words, size=150, p=taste / taste.sum())
        text = " ".join(" ".join(chosen[k : k + 10]) + "." for k in range(0, 150, 10))
        texts[f"{source}{number:03}.txt"] = (text, source, "author", None)
    return corpus(texts)


def _add(
    rows: dict[str, list[dict[str, object]]],
    doc_id: str,
    text: str,
    source: str | None,
    voice: str,
    speaker: str | None,
) -> None:
    rows["documents"].append(dict.fromkeys(TABLES["documents"]) | {
        "doc_id": doc_id, "path": doc_id, "source": source, "title": f"<i>Title</i> of {doc_id}", "date": "2015-12-11",
        "date_precision": "day", "date_basis": "stated", "genre": "article", "language": "en", "story": doc_id,
        "words": len(re.findall(r"\w+", text)), "text": text, "sha256": "0", "added": "2026-01-01T00:00:00Z",
    })  # fmt: skip
    rows["segments"].append({"doc_id": doc_id, "segment": 0, "start": 0, "end": len(text), "kind": "paragraph",
                             "speaker": speaker, "role": None, "rule": "test"})  # fmt: skip
    for number, found in enumerate(re.finditer(r"\S[^.]*\.", text)):
        rows["sentences"].append({"doc_id": doc_id, "sentence": number, "segment": 0, "start": found.start(),
                                  "end": found.end(), "voice": voice, "speaker": speaker})  # fmt: skip
        score = (
            0.5 if "cooperation" in found.group().lower() else -0.4 if "anctions" in found.group() else 0.0
        )
        rows["sentiment"].append({
            "doc_id": doc_id, "sentence": number, "score": score, "positive": 0.1, "negative": 0.1,
            "score_second": score * 0.8 - (0.3 if "value" in found.group() else 0.0),
            "score_unmasked": score + (0.2 if "US" in found.group() else 0.0),
            "hits": [{"word": "hurt", "start": 0, "valence": -2.4, "rule": "", "masked": False},
                     {"word": "<b>Great</b>", "start": 0, "valence": 3.1, "rule": "", "masked": True}],
        })  # fmt: skip
        for token in re.finditer(r"[\w'-]+|[^\w\s]", found.group()):
            rows["tokens"].append({
                "doc_id": doc_id, "sentence": number, "start": found.start() + token.start(),
                "end": found.start() + token.end(), "form": token.group() if token.group() == "US" else token.group().lower(), "word": token.group()[0].isalnum(),
            })  # fmt: skip
        for name in re.finditer("|".join(NAMES), found.group()):
            rows["mentions"].append({
                "doc_id": doc_id, "sentence": number, "start": found.start() + name.start(),
                "end": found.start() + name.end(), "surface": name.group(), "label": NAMES[name.group()],
                "entity": name.group(), "voice": voice, "speaker": speaker,
            })  # fmt: skip
    known = {row["entity"] for row in rows["entities"]}
    for name in sorted({str(row["entity"]) for row in rows["mentions"]} - known):
        rows["entities"].append(
            {"entity": name, "name": name, "label": NAMES[name], "aliases": [name], "n": 1}
        )
