"""Questions and answers as a report prints them: a table of both sides, and what it says."""

from __future__ import annotations

import pandas as pd

from workbench.display.blocks import Table
from workbench.display.formatting import count

SHOWN = 180  # characters of each side, around its hit
_ELLIPSIS = "…"
_COLUMNS = {"question": "question", "answer": "answer", "where": "where"}


def exchange_table(taken: pd.DataFrame, documents: pd.DataFrame, *, at_most: int = 20) -> Table:
    """Both sides of the exchanges in which a word stands, cut to what is around it.

    In: a table of `analysis.questions.exchanges_with_hits`; documents [doc_id, date]. Rows are taken at even steps when
        there are more than `at_most`; each side begins with who speaks.
    """
    dates = documents.set_index("doc_id")["date"].astype("object")
    n = min(at_most, len(taken))
    steps = [round(k * (len(taken) - 1) / max(1, n - 1)) for k in range(n)]
    rows = [
        {
            "question": f"{row['asker']}: {_around(row['question'], row['asked_word'])}",
            "answer": f"{row['answerer']}: {_around(row['answer'], row['answered_word'])}"
            if isinstance(row["answerer"], str)
            else "nobody answers",
            "where": f"{_day(dates.get(row['doc_id']))}{row['doc_id']}:{row['question_start']}-{row['question_end']}",
        }
        for row in taken.iloc[steps].to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    of = f", {len(rows)} of {len(taken)} at even steps" if len(rows) < len(taken) else ""
    return Table(frame, f"Questions and answers that hold it{of}", columns=_COLUMNS)


def exchange_reading(exchanged: pd.DataFrame, taken: pd.DataFrame) -> str:
    """How many questions ask after it, and whether the answers take it up.

    In: tables of `analysis.questions.exchanges` and `analysis.questions.exchanges_with_hits`.
    """
    if not len(exchanged):
        return (
            "These texts hold no question with its answer: no questioner is labelled and nobody interviews."
        )
    key = ["doc_id", "exchange"]
    total = len(exchanged.drop_duplicates(key))
    sides = taken.groupby(key)[["asked", "answered"]].max() > 0
    asked, both = int(sides["asked"].sum()), int((sides["asked"] & sides["answered"]).sum())
    brought = int((~sides["asked"] & sides["answered"]).sum())
    if not len(sides):
        return f"None of {count(total, 'question')} or their answers holds it."
    said = [
        f"Of {count(total, 'question')}, {count(asked, 'question')} {'holds' if asked == 1 else 'hold'} it"
    ]
    if asked:
        said[0] += f", and {both} of their answers take{'s' if both == 1 else ''} it up"
    if brought:
        said.append(
            f"{count(brought, 'answer')} {'brings' if brought == 1 else 'bring'} it in without being asked"
        )
    return f"{'; '.join(said)}. An answer may take a matter up in other words: read it before calling it evasive."


def office_reading(offices: pd.DataFrame) -> str:
    """Whose office changes between the documents. In: a table of `analysis.questions.offices`."""
    if not len(offices):
        return "Nobody speaks under a label of his own in these texts."
    known = offices[offices["role"].notna()]
    several = known.groupby("speaker")["role"].nunique()
    moved = [str(name) for name, n in several.items() if n > 1]
    without = int((offices.groupby("speaker")["role"].count() == 0).sum())
    said = [f"{count(offices['speaker'].nunique(), 'speaker')} under labels of their own."]
    if moved:
        said.append(
            f"In more than one office: {', '.join(moved[:5])}{' and more' if len(moved) > 5 else ''}."
        )
    if without:
        said.append(f"For {without} of them no document states an office.")
    return " ".join([*said, "An office is what the page says on its day; nothing is looked up elsewhere."])


def _day(date: object) -> str:
    return f"{date}, " if isinstance(date, str) else ""


def _around(words: object, hit: object) -> str:
    """The piece of a side around its hit, or its beginning; cut at words."""
    if not isinstance(words, str):
        return ""
    if len(words) <= SHOWN:
        return words
    at = words.casefold().find(hit.casefold()) if isinstance(hit, str) else 0
    start = max(0, min(at - SHOWN // 2, len(words) - SHOWN))
    end = min(len(words), start + SHOWN)
    piece = words[start:end]
    if start:
        piece = _ELLIPSIS + piece.split(" ", 1)[-1]
    if end < len(words):
        piece = piece.rsplit(" ", 1)[0] + _ELLIPSIS
    return piece
