"""Questions and answers: who asked what, who answered, and which answers take a word up.

A question is what a questioner says in one turn. Questioners are those whom the page only calls so ("Q",
"QUESTION", "Reporter"; a participant, a member of the audience). Where there are no reporters, interviewers
ask too: whoever ends at least `OFTEN` of the turns with a question mark, and at least twice as often as the
one who says most. A moderator who gives the floor asks nothing. An answer is what one speaker says until the
next question, so a question to a panel can have several answers, and one that is cut off has none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from workbench.languages import default_language

_LANGUAGE = default_language()

COLUMNS = (
    "doc_id exchange asker question_start question_end answerer answer_start answer_end n_turns question answer"
).split()
# The last word of a label that names no person and asks.
REPORTERS = _LANGUAGE.speakers.reporters
ASKING = REPORTERS | _LANGUAGE.speakers.asking
GIVING_THE_FLOOR = _LANGUAGE.speakers.giving_the_floor
OFTEN = 0.15  # of an interviewer's turns end with "?"; those who are interviewed end up to 0.14 so
LEAST_QUESTIONS = 2  # such turns before somebody without a label that asks is taken for an interviewer
OFFICE_COLUMNS = "speaker role since until n_docs n_turns words".split()


class Turn(NamedTuple):
    """What one speaker says from one label to the next: `spans` of spoken text, stage marks left out."""

    speaker: str
    role: str | None
    spans: list[tuple[int, int]]

    def words(self, text: str) -> str:
        """The spoken words, one space between paragraphs."""
        return " ".join(" ".join(text[start:end].split()) for start, end in self.spans)


def exchanges(segments: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Every question of the transcripts with its answers.

    In:  segments and documents as in the schema; several documents, whatever their order.
    Out: [doc_id, exchange, asker, question_start, question_end, answerer, answer_start, answer_end, n_turns,
         question, answer]: a row for each answerer of a question, numbered from 0 within the document; a
         question that nobody answered has one row with `answerer` and what follows it absent. `n_turns` of
         the answerer lie between `answer_start` and `answer_end`, `answer` holds the words of those alone.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows: list[dict[str, Any]] = []
    for doc_id, turns in _turns_of(segments):
        rows += _exchanges_of(doc_id, turns, texts[doc_id])
    out = pd.DataFrame(rows, columns=COLUMNS)
    whole = ["exchange", "question_start", "question_end", "answer_start", "answer_end", "n_turns"]
    return out.astype(dict.fromkeys(whole, "Int32") | dict.fromkeys(["asker", "answerer"], "str"))


def exchanges_with_hits(exchanged: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Exchanges of question and answer that contain a hit, and on which side.

    In:  a table of `exchanges`; places [doc_id, start, surface] as of `frequency.word_hits`.
    Out: its columns with `asked` and `answered`, the hits within question and answer, and `asked_word` and
         `answered_word`, the first of them as written, absent where there is none; rows without any hit are
         left out. A question's hits stand in the row of each of its answers.
    """
    by_doc = {
        str(doc_id): list(zip(rows["start"], rows["surface"], strict=True))
        for doc_id, rows in places.groupby("doc_id", observed=True)
    }

    def hits(row: Mapping[Hashable, Any], side: str) -> list[str]:
        start, end = row[f"{side}_start"], row[f"{side}_end"]
        if pd.isna(start):
            return []
        return [surface for at, surface in by_doc.get(row["doc_id"], ()) if start <= at < end]

    records = exchanged.to_dict("records")
    asked, answered = ([hits(row, side) for row in records] for side in ("question", "answer"))
    out = exchanged.assign(
        asked=[len(found) for found in asked],
        answered=[len(found) for found in answered],
        asked_word=pd.array([next(iter(found), None) for found in asked], dtype="str"),
        answered_word=pd.array([next(iter(found), None) for found in answered], dtype="str"),
    )
    return out[(out["asked"] > 0) | (out["answered"] > 0)].reset_index(drop=True)


def offices(segments: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Who speaks in transcripts, in which office, and when the documents say so.

    In:  segments and documents as in the schema.
    Out: [speaker, role, since, until, n_docs, n_turns, words]: a row for each office that the documents give
         a speaker, `role` absent where they give none; `since` and `until` are the first and last date of
         such a document, absent where none is dated; who says most comes first, a speaker's rows together.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows = [
        (turn.speaker, turn.role, doc_id, len(turn.words(texts[doc_id]).split()))
        for doc_id, turns in _turns_of(segments)
        for turn in turns
    ]
    table = pd.DataFrame(rows, columns=["speaker", "role", "doc_id", "words"])
    dates = documents.set_index("doc_id")["date"].astype("object")
    dates = dates.where(dates.str.match(r"\d{4}").fillna(value=False).astype(bool))
    table["date"] = table["doc_id"].map(dates)
    out = (
        table.groupby(["speaker", "role"], dropna=False)
        .agg(
            since=("date", lambda days: min(days.dropna(), default=None)),
            until=("date", lambda days: max(days.dropna(), default=None)),
            n_docs=("doc_id", "nunique"),
            n_turns=("doc_id", "size"),
            words=("words", "sum"),
        )
        .reset_index()
    )
    most = out.groupby("speaker")["words"].transform("sum")
    order = out.assign(most=most).sort_values(
        ["most", "speaker", "since"], ascending=[False, True, True], kind="stable"
    )
    return order[OFFICE_COLUMNS].reset_index(drop=True)


def _turns_of(segments: pd.DataFrame) -> Iterator[tuple[str, list[Turn]]]:
    """The turns of each document that has any: what follows one label up to the next."""
    spoken = segments[segments["kind"].isin(["speaker_label", "turn"])].sort_values(["doc_id", "start"])
    columns = ["doc_id", "kind", "speaker", "role", "start", "end"]
    rows = spoken[columns].astype("object").itertuples(index=False, name=None)
    for doc_id, mine in groupby(rows, key=lambda row: str(row[0])):
        turns: list[Turn] = []
        for _, kind, speaker, role, start, end in mine:
            if kind == "speaker_label":
                turns.append(Turn(str(speaker), role if isinstance(role, str) else None, []))
            elif turns:
                turns[-1].spans.append((int(start), int(end)))
        yield doc_id, [turn for turn in turns if turn.spans]


def _exchanges_of(doc_id: str, turns: list[Turn], text: str) -> list[dict[str, Any]]:
    asking = _questioners(turns, text)
    rows: list[dict[str, Any]] = []
    n = 0
    for at, turn in enumerate(turns):
        if turn.speaker not in asking:
            continue
        question = {
            "doc_id": doc_id, "exchange": n, "asker": turn.speaker, "question_start": turn.spans[0][0],
            "question_end": turn.spans[-1][1], "question": turn.words(text),
        }  # fmt: skip
        n += 1
        answers: dict[str, list[Turn]] = {}
        for other in turns[at + 1 :]:
            if other.speaker in asking:
                break
            if _last_word(other.speaker) not in GIVING_THE_FLOOR:
                answers.setdefault(other.speaker, []).append(other)
        rows += [question | _answer(who, said, text) for who, said in answers.items()] or [question]
    return rows


def _answer(answerer: str, said: list[Turn], text: str) -> dict[str, Any]:
    return {
        "answerer": answerer, "answer_start": said[0].spans[0][0], "answer_end": said[-1].spans[-1][1],
        "n_turns": len(said), "answer": " ".join(turn.words(text) for turn in said),
    }  # fmt: skip


def _questioners(turns: list[Turn], text: str) -> set[str]:
    """Those who ask in a document: the ones labelled so, and its interviewers."""
    said: dict[str, list[str]] = {}
    for turn in turns:
        said.setdefault(turn.speaker, []).append(turn.words(text))
    asked = {name: [_is_asked(words) for words in mine] for name, mine in said.items()}
    share = {name: sum(marks) / len(marks) for name, marks in asked.items()}
    labelled = {name for name in said if _last_word(name) in ASKING}
    named = set(said) - labelled
    if not named or any(_last_word(name) in REPORTERS for name in labelled):
        return labelled if named else set()
    answering = max(named, key=lambda name: sum(map(len, said[name])))
    interviewers = {
        name
        for name in named - {answering}
        if sum(asked[name]) >= LEAST_QUESTIONS and share[name] >= max(OFTEN, 2 * share[answering])
    }
    return labelled | interviewers


def _is_asked(words: str) -> bool:
    return words.rstrip("\"'”’)] ").endswith("?")


def _last_word(name: str) -> str:
    """The last word of a label in the singular: "AUDIENCE MEMBERS" ends with "member"."""
    word = name.casefold().strip(" .:").rpartition(" ")[2]
    return word if word == "press" else word.rstrip("s")
