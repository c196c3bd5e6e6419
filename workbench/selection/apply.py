"""A selection applied to tables: which documents it means, and which rows of each table.

Document fields (source, place, genre, language, story, since, until, arrived, mentions, topic, query, stories)
choose documents; speaker and voice choose sentences in them, with their tokens and scores, and the quotes and
mentions that have such a speaker or voice themselves, and leave the documents that have such words. Segments of
those documents stay whole: they are the context.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd

from workbench.schema import UNKNOWN
from workbench.selection.model import Selection, matching_values

BY_VALUE = ("source", "genre", "language", "place", "story")
SPOKEN = ("sentences", "mentions", "quotes")  # tables whose rows have a speaker and a voice


def select_documents(
    selection: Selection,
    documents: pd.DataFrame,
    mentions: Callable[[], tuple[pd.DataFrame, pd.DataFrame]],
    search: Callable[[str], set[str]],
    topics: Callable[[], pd.DataFrame],
    spoken: Callable[[], pd.DataFrame],
) -> list[str]:
    """The doc_ids that `selection` means, in order: chosen by its document fields, with words by its speakers and in its voices.

    In: documents [doc_id, source, genre, language, place, date, story, added]; `mentions()` gives mentions
    [doc_id, entity] and entities [entity, aliases]; `search(query)` gives doc_ids; `topics()` gives
    [doc_id, topic]; `spoken()` gives [doc_id, voice, speaker]. They are asked only when the selection names them.
    One document per story is chosen before the words of speakers are looked for.
    Raises BadSelection for a value that nothing here has.
    """
    inside = pd.Series(True, index=documents.index)
    for name in BY_VALUE:
        if wanted := getattr(selection, name):
            known = documents[name].astype("object").fillna(UNKNOWN)
            inside &= known.isin(matching_values(wanted, known, name))
    if selection.is_dated():
        dates = documents["date"].astype("object")
        inside &= dates.map(lambda date: selection.holds_date(None if pd.isna(date) else date)).astype("bool")
    if selection.arrived:
        added = documents["added"].astype("object")
        inside &= added.map(
            lambda moment: selection.holds_arrival(None if pd.isna(moment) else moment)
        ).astype("bool")
    if selection.mentions:
        inside &= documents["doc_id"].isin(_mentioning(selection.mentions, *mentions()))
    if selection.topic:
        on = topics()
        inside &= documents["doc_id"].isin(
            on.loc[on["topic"].isin(matching_values(selection.topic, on["topic"], "topic")), "doc_id"]
        )
    if selection.query:
        inside &= documents["doc_id"].isin(search(selection.query))
    found = documents[inside]
    if selection.stories == "one per story":
        first = found["doc_id"] == found["story"]  # the story's own first document, where it is inside
        found = pd.concat([found[first], found[~first]]).drop_duplicates("story").sort_index()
    if selection.is_spoken():
        found = found[found["doc_id"].isin(_speaking(selection, spoken()))]
    return [str(doc_id) for doc_id in found["doc_id"]]


def filter_by_speaker(
    table: str, rows: pd.DataFrame, selection: Selection, speakers: Callable[[], Collection[str]]
) -> pd.DataFrame:
    """The rows of sentences, quotes or mentions in the voices and by the speakers of `selection`.

    `speakers()` gives every speaker known in the corpus, of whom the wanted ones must be.
    """
    if selection.voice:
        voice = (
            rows["voice"] if table != "quotes" else rows["kind"].where(rows["kind"] == "indirect", "quote")
        )
        rows = rows[voice.isin(selection.voice)]
    if selection.speaker:
        rows = rows[rows["speaker"].isin(matching_values(selection.speaker, speakers(), "speaker"))]
    return rows.reset_index(drop=True)


def filter_by_sentence(rows: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The rows of tokens or sentiment that belong to one of `sentences`."""
    wanted = pd.MultiIndex.from_frame(sentences[["doc_id", "sentence"]])
    present = pd.MultiIndex.from_arrays([rows["doc_id"].astype("str"), rows["sentence"].astype("int64")])
    return rows[present.isin(wanted)].reset_index(drop=True)


def filter_target_sentiment(rows: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows of toward that judge one of `mentions`, by its name or a pronoun."""
    wanted = pd.MultiIndex.from_frame(mentions[["doc_id", "start", "end"]])
    present = pd.MultiIndex.from_frame(rows[["doc_id", "name_start", "name_end"]])
    return rows[present.isin(wanted)].reset_index(drop=True)


def recount_entities(entities: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The entities among `mentions`, `n` counted there; the most frequent first, then in their order."""
    counts = mentions["entity"].value_counts()
    found = entities[entities["entity"].isin(counts.index)]
    found = found.assign(n=found["entity"].map(counts).astype("int32"))
    return found.sort_values("n", ascending=False, kind="stable").reset_index(drop=True)


def _speaking(selection: Selection, spoken: pd.DataFrame) -> set[str]:
    """Documents with words by one of the speakers in one of the voices."""
    fits = pd.Series(True, index=spoken.index)
    if selection.speaker:
        known = spoken["speaker"].dropna()
        fits &= spoken["speaker"].isin(matching_values(selection.speaker, known, "speaker"))
    if selection.voice:
        fits &= spoken["voice"].isin(selection.voice)
    return set(spoken.loc[fits, "doc_id"])


def _mentioning(wanted: Collection[str], mentions: pd.DataFrame, entities: pd.DataFrame) -> set[str]:
    """Documents that mention an entity which one of `wanted` stands for, by its name or a form of it."""
    names = {form: {entity} for entity in entities["entity"] for form in (entity,)}
    for entity, aliases in zip(entities["entity"], entities["aliases"], strict=True):
        for form in aliases:
            names.setdefault(form, set()).add(entity)
    meant = {entity for form in matching_values(wanted, names, "mentions") for entity in names[form]}
    return set(mentions.loc[mentions["entity"].isin(meant), "doc_id"])
