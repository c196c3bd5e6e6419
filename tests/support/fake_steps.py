"""Steps for tests of the pipeline: small, quick, and they write down who was read."""

from __future__ import annotations

import hashlib
import os
import re
import signal
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import UnreadableFile
from workbench.label import Labels
from workbench.pipeline.process import arrow_rows
from workbench.schema import BODY_KINDS, Document, Mention, Meta, Segment, Sentence

READ: list[str] = []  # names of the files read since the list was last cleared
SCORED: list[str] = []  # doc_ids whose sentiment was computed
SEARCHED: list[str] = []  # doc_ids whose names were looked for
JUDGED: list[tuple[str, str]] = []  # doc_ids whose names were judged, and the judge


def find_files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.txt"))


def read(path, root):
    READ.append(path.name)
    raw = path.read_bytes()
    if b"\0" in raw:
        raise UnreadableFile(path, problem="the file is binary", hint="save it as text")
    name = path.relative_to(root).as_posix()
    yield Document(name, name, raw.decode(), hashlib.sha256(raw).hexdigest())


def label(document, settings, evidence):
    segments, start = [], 0
    for number, line in enumerate(document.text.splitlines(keepends=True)):
        speaker = re.match(r"(\w+): ", line)
        kind = "title" if number == 0 else "turn" if speaker else "paragraph"
        segments.append(Segment(start, start + len(line), kind, speaker and speaker[1], None, "fake"))
        start += len(line)
    found = re.search(r"^lang (\w+)$", document.text, re.MULTILINE)
    source = "Wire" if "wire" in document.text else None
    meta = Meta(source, segments[0] and document.text.splitlines()[0], "2015-12-11", "day", "stated", None,
                "article", found[1] if found else "en", None)  # fmt: skip
    return Labels(meta, segments, [], [])


def split_sentences(text, segments, quotes):
    return [
        Sentence(number, one.start, one.start + len(text[one.start : one.end].rstrip()),
                 "turn" if one.speaker else "author", one.speaker)
        for number, one in enumerate(segments)
        if one.kind in BODY_KINDS
    ]  # fmt: skip


def token_table(batch):
    rows = [
        (d.doc_id, n, s.start + m.start(), s.start + m.end(), m[0].lower(), m[0].isalpha())
        for d in batch
        for n, s in enumerate(d.sentences)
        for m in re.finditer(r"\S+", d.text[s.start : s.end])
    ]
    return arrow_rows("tokens", rows)


def sentiment_table(batch, lexicon):
    SCORED.extend(d.doc_id for d in batch)
    rows = [
        (d.doc_id, n, 0.5, 0.1, 0.0, 0.5, 0.4, [{"word": "good", "start": s.start, "valence": 1.9, "rule": "lexicon", "masked": False}])
        for d in batch
        for n, s in enumerate(d.sentences)
    ]  # fmt: skip
    return arrow_rows("sentiment", rows)


def find_mentions(batch, settings):
    SEARCHED.extend(d.doc_id for d in batch)
    fields = set(Mention._fields)
    return [
        [
            Mention(**{k: v for k, v in {
                "sentence": n, "start": s.start + m.start(), "end": s.start + m.end(), "surface": m[0], "beside": None,
                "label": "person", "entity": None, "voice": s.voice, "speaker": s.speaker}.items() if k in fields})
            for n, s in enumerate(d.sentences)
            for m in re.finditer(r"[A-Z][a-z]+", d.text[s.start : s.end])
        ]
        for d in batch
    ]  # fmt: skip


def link(mentions, segments, documents, aliases):
    mentions = mentions.assign(entity=mentions["surface"])
    counts = mentions["surface"].value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    entities = pd.DataFrame(
        {"entity": names, "name": names, "label": "person", "aliases": [[name] for name in names],
         "n": [int(counts[name]) for name in names]}
    )  # fmt: skip
    return mentions, entities


def metadata_problems(root, files):
    return []


def find_pairs(texts, documents, memory):
    """Documents whose bodies begin with the same line, each with the next."""
    first = sorted((texts[doc_id].splitlines()[:1], doc_id) for doc_id in documents["doc_id"])
    rows = [
        (a, b, "same text", 1.0, 1.0, "first lines") for (one, a), (two, b) in pairwise(first) if one == two
    ]
    return pd.DataFrame(rows, columns=["a", "b", "relation", "share_a", "share_b", "why"])


def group_stories(pairs, documents):
    story = {doc_id: doc_id for doc_id in documents["doc_id"]}
    for row in pairs.itertuples():
        story[row.b] = story[row.a]
    return pd.Series(story)


def target_sentiment_layer(batch, judging):
    JUDGED.extend((d.doc_id, judging.judge) for d, _ in batch)
    rows = [
        (d.doc_id, m.sentence, m.start, m.end, m.start, m.end, 0.5, "positive", 0.7,
         [{"word": "good", "start": m.start, "relation": "near", "valence": 1.9, "negated": False, "weight": 0.3}])
        for d, names in batch
        for m in names
        if m.sentence is not None
    ]  # fmt: skip
    return arrow_rows("toward", rows)


# The module from which the pipeline imports each step.
STEPS = {
    "find_files": "read",
    "read": "read",
    "metadata_problems": "read",
    "label": "label",
    "split_sentences": "annotate.sentences",
    "token_table": "annotate.tokens",
    "sentiment_table": "annotate.sentiment.layer",
    "find_mentions": "annotate.ner.layer",
    "target_sentiment_layer": "annotate.target_sentiment.layer",
    "link": "link.entities.linker",
    "find_pairs": "link.stories.near_duplicates",
    "group_stories": "link.stories.near_duplicates",
}


def install(patch: Any = None, **steps: Callable[..., Any]) -> None:
    """Put these steps, and the small ones for all others, in place of the real ones; without `patch`, for good."""
    for name, module in STEPS.items():
        step = steps.get(name, globals()[name])
        (patch.setattr if patch else setattr)(import_module(f"workbench.{module}"), name, step)


def clear() -> None:
    for seen in (READ, SCORED, SEARCHED, JUDGED):
        seen.clear()


def dying(function: Callable[..., Any], at: int) -> Callable[..., Any]:
    """`function`, which the `at`-th call (from 1) never enters: the process kills itself as kill -9 does."""
    calls = iter(range(1, 1_000_000))

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return wrapped


def write(folder: Path, **texts: str) -> Path:
    """Write `name.txt` files and return the folder."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
