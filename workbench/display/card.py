"""The card of a corpus: what a cell shows that ends in `corpus`, in a dozen lines whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from workbench.display.blocks import DisplayBlock
from workbench.display.formatting import count
from workbench.schema import visible

if TYPE_CHECKING:
    from workbench.corpus import Corpus

COLUMNS = ("doc_id", "path", "source", "date", "genre", "language", "words", "story")
LAYERS = ("tokens", "sentiment", "mentions", "toward")
NAMED = 5  # values of a column that the card names
LETTERS = 40  # of a value


@dataclass(frozen=True, repr=False)
class CorpusCard(DisplayBlock):
    """Rows of a label and a value under a title; `hint` says how to go on."""

    title: str
    rows: list[tuple[str, str]]
    hint: str

    def text(self) -> str:
        """One line a row, labels aligned."""
        width = max(len(label) for label, _ in self.rows)
        lines = [f"  {label:<{width}}  {value}" for label, value in self.rows]
        return "\n".join([self.title, *lines, self.hint])

    def html(self) -> str:
        """A small table; every text is escaped."""
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(label)}</th>"
            f"<td style='text-align:left'>{escape(value)}</td></tr>"
            for label, value in self.rows
        )
        return (
            f"<table><caption style='text-align:left;font-weight:600'>{escape(self.title)}</caption>"
            f"<tbody>{rows}</tbody></table><p>{escape(self.hint)}</p>"
        )


def corpus_card(corpus: Corpus) -> CorpusCard:
    """Documents, words, sources, dates, languages, problems and layers of a corpus as it is selected.

    Reads a few short columns of the documents, never a text or a token.
    """
    documents = corpus.tables.documents.to_pandas(columns=COLUMNS)
    problems = corpus.tables.problems.to_pandas(columns=("path", "severity"))
    if corpus.selection:
        problems = problems[problems["path"].isin(documents["path"])]
    dates = documents["date"].dropna()
    dates = dates[~dates.str.startswith("--")]
    undated = len(documents) - len(dates)
    span = f"{dates.min()} to {dates.max()}" if len(dates) else "none known"
    made = [table for table in LAYERS if corpus.has_layer(table, make=False)]
    rows = [
        ("documents", f"{len(documents):,}, {count(documents['story'].nunique(), 'story', 'stories')}"),
        ("words", f"{int(documents['words'].sum()):,}"),
        ("sources", _most(documents["source"])),
        ("dates", span + (f"; {undated:,} without a year" if undated else "")),
        ("genres", _most(documents["genre"])),
        ("languages", _most(documents["language"])),
        (
            "problems",
            ", ".join(f"{n:,} {kind}" for kind, n in problems["severity"].value_counts().items()) or "none",
        ),
        ("layers made", ", ".join(made) or "none; each is made when it is first asked for"),
        ("version", corpus.version),
    ]
    if corpus.selection:
        rows.insert(0, ("selection", _cut(corpus.caption, 200)))
    hint = 'Narrow it: corpus.where("source:… since:2015"); ask it: corpus.rates("topics"); its tables: corpus.tables.quotes.head()'
    return CorpusCard(f"Corpus {_cut(corpus.folder.name, LETTERS)}", rows, hint)


def _most(values: pd.Series) -> str:
    """The most frequent values with their counts, and how many more there are."""
    counted = values.fillna("unknown").value_counts()
    named = [f"{_cut(str(value), LETTERS)} {n:,}" for value, n in counted.head(NAMED).items()]
    return (
        ", ".join(named) + (f" and {len(counted) - NAMED:,} more" if len(counted) > NAMED else "") or "none"
    )


def _cut(words: str, letters: int) -> str:
    words = visible(words)
    return words if len(words) <= letters else f"{words[: letters - 1]}…"
