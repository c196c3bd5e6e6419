"""Which person a pronoun means, against the coreference of GUM (news, speeches, interviews), named by people.

The names are GUM's own persons that hold a capital, so that only the rule for pronouns is measured. A pronoun
that the rule leaves open counts against `found`, never against `right`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.accuracy.rows import FigureRow, figure_row, read_rows
from workbench.annotate.sentences import split_sentences
from workbench.annotate.target_sentiment.layer import PERSONS, resolve_pronouns
from workbench.annotate.target_sentiment.syntax import PRONOUNS
from workbench.schema import Labelled, Mention, Meta, Segment

NAME = "GUM, he and she"
META = Meta(None, None, None, "none", "", None, "other", "en", None)


def measure(data: Path) -> list[FigureRow]:
    """The share of resolved pronouns that mean who the annotators said, and the share resolved rightly."""
    documents = [_judged(row) for row in read_rows(data / "gum_news_speech_interview.jsonl.gz")]

    def share(of: int) -> Any:
        return lambda cases: sum(case[0] for case in cases) / max(1, sum(case[of] for case in cases))

    rows = [figure_row(NAME, "right of those resolved", documents, share(1), None),
            figure_row(NAME, "found of those that mean somebody named", documents, share(2), None)]  # fmt: skip
    return [row._replace(n=sum(case[k] for case in documents)) for row, k in zip(rows, (1, 2), strict=True)]


def _judged(row: dict[str, Any]) -> tuple[int, int, int]:
    """Rightly resolved, resolved, and to be resolved, among the pronouns of a document."""
    text = row["text"]
    segments, at = [], 0
    for line in text.splitlines(keepends=True):
        segments.append(Segment(at, at + len(line), "paragraph", None, None, "line"))
        at += len(line)
    sentences = split_sentences(text, segments, [])
    document = Labelled(row["doc"], text, META, segments, [], sentences)
    who: dict[tuple[int, int], str] = {}
    names: list[Mention] = []
    for said in row["mentions"]:
        span = (said["start"], said["end"])
        if PERSONS.fullmatch(said["text"]):
            who[span] = said["id"]
        elif said["type"] == "person" and _is_name(said["text"]):
            inside = [n for n, s in enumerate(sentences) if s.start <= span[0] < s.end]
            if inside:
                names.append(Mention(inside[0], *span, said["text"], "person", None, "author", None))
                who[span] = said["id"]
    named = {who[m.start, m.end] for m in names}
    wanted = [span for span, one in who.items() if PERSONS.fullmatch(text[slice(*span)]) and one in named]
    found = [p for p in resolve_pronouns(document, names) if (p.start, p.end) in who]
    right = sum(who[p.start, p.end] == who[p.means.start, p.means.end] for p in found)
    return right, len(found), len(wanted)


def _is_name(text: str) -> bool:
    """Whether what the annotators marked is a name: a few words with a capital, not "We" or "The man"."""
    first = text.split()[0].lower()
    return (
        text[:1].isupper() and len(text.split()) <= 4 and first not in PRONOUNS and first not in ("the", "a")
    )
