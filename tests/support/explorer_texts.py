"""A small corpus for the explorer's tests, made by the fake steps: two sources, three speakers, copies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from support.fake_steps import install, label as plain_label, write
from workbench.corpus import Corpus, load
from workbench.label import Labels
from workbench.schema import Quote

TEXTS = {
    "a": "Copy one, wire\nday 2015-03-01\nSame line.\nAnna: We met Bo in Oslo.\n",
    "b": "Copy two\nday 2015-03\nSame line.\nBo: Treaty talks in Rome.\n",
    "c": "Third, wire\nday 2016\nAnna: Sanctions are good for Oslo.\nBo: Treaty it is.\n",
    "d": "Fourth\nday --12-11\nNothing new. Treaty talks and sanctions in Rome.\n",
    "e": "Fifth, wire\nday none\nCarl: Oslo and Rome.\n",
    "f": "Sixth\nday 2015-03-01\nNo word of Anna here. »Quoted words of Anna« stand.\n",
}
TOPICS = 'only = ["arms", "penalties"]\narms = ["treaty"]\npenalties = ["sanction*", "oslo"]\n'


def label(document: Any, settings: Any, *more: Any) -> Labels:
    made = plain_label(document, settings, *more)
    day = re.search(r"^day (\S+)$", document.text, re.MULTILINE)
    date = None if day is None or day[1] == "none" else day[1]
    found = re.search("»[^«]*«", document.text)
    quote = found and Quote(found.start(), found.end(), "partial", "Anna", None, None, None, None, 0.5)
    precision = {None: "none", 4: "year", 7: "month", 10: "day"}.get(date and len(date), "month-day")
    return made._replace(
        meta=made.meta._replace(date=date, date_precision=precision), quotes=[quote] if quote else []
    )


def group_stories(pairs: Any, documents: Any) -> Any:
    """The two copies are one story, named for the second of them."""
    return pd.Series({d: "b.txt" if d == "a.txt" else d for d in documents["doc_id"]})


def explorer_corpus(patch: Any, folder: Path, texts: dict[str, str] = TEXTS) -> Corpus:
    """The corpus in `folder`, which must be the working directory."""
    (folder / "settings").mkdir(exist_ok=True)
    (folder / "settings" / "topics.toml").write_text(TOPICS, encoding="utf-8")
    write(folder / "texts", **texts)
    return load_explorer_corpus(patch)


def load_explorer_corpus(patch: Any) -> Corpus:
    """The corpus that lies in the working directory already."""
    install(patch, label=label, group_stories=group_stories)
    return load("texts")
