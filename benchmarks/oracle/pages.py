"""Compare labels, quotations, speakers, dates, names and stories with the truth of an example corpus."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.oracle.scores import Score
from workbench.corpus import Corpus
from workbench.example import Truth

LABELS, QUOTES, METADATA, NAMES, STORIES = "labels", "quotes", "metadata", "entities", "stories"
CLASSES = {
    "body": ("standfirst", "turn", "paragraph"),
    "caption": ("caption", "credit"),
    "chrome": ("chrome", "related", "footer", "separator"),
    "head": ("title", "byline", "date", "place"),
}
CLASS_OF = {kind: name for name, kinds in CLASSES.items() for kind in kinds}
SAME = 0.5  # share of an indirect quotation, and of what was found, that the two must have in common
LEAST_MENTIONS = 3  # of a person whose entity is asked for
HOLDS = 0.8  # share of the mentions of a person that its entity must hold
STRANGER = 0.2  # share of the mentions of somebody else from which an entity is a merger of two


class PlacedLine(NamedTuple):
    """A line of the truth at its place in the text of its document."""

    start: int
    end: int
    line: Mapping[str, Any]


def place_lines(text: str, lines: list[Mapping[str, Any]]) -> tuple[list[PlacedLine], int]:
    """The lines of a page where they stand in its text, and how many do not stand there."""
    placed, position, lost = [], 0, 0
    for line in lines:
        start = text.find(line["text"], position)
        if start < 0:
            lost += 1
            continue
        position = start + len(line["text"])
        placed.append(PlacedLine(start, position, line))
    return placed, lost


def compare_pages(texts: Corpus, truth: Truth, *, names: bool = True) -> list[Score]:
    """The rows for everything that is true of single pages, and of pages that share text."""
    documents = texts.tables.documents.to_pandas()
    readable = {k: d for k, d in truth.documents.items() if d["readable"] and k in set(documents["doc_id"])}
    placed, scores = {}, []
    lost = 0
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        if doc_id in readable:
            placed[doc_id], missing = place_lines(str(text), readable[doc_id]["lines"])
            lost += missing
    total = sum(len(lines) for lines in placed.values())
    scores.append(Score(LABELS, "lines in the text", found=total, missed=lost))
    scores += _labels(texts, placed)
    scores += _turns(texts, placed, truth)
    scores += _quotes(texts, placed, truth)
    scores += _metadata(documents, readable)
    scores += _stories(texts, readable)
    if names:
        scores += _entities(texts, placed, truth)
    return scores


def _labels(texts: Corpus, placed: Mapping[str, list[PlacedLine]]) -> Iterator[Score]:
    """By class of line: the class that most characters of the line are labelled with."""
    found, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for doc_id, mine in _by_document(texts.tables.segments.to_pandas(), placed):
        spans = sorted(zip(mine["start"], mine["end"], mine["kind"], strict=True))
        starts = [span[0] for span in spans]
        for start, end, line in placed[doc_id]:
            true = CLASS_OF.get(line["kind"])
            if true is None:
                continue
            counts = Counter[str]()
            for a, b, kind in spans[max(0, bisect_left(starts, start) - 1) :]:
                if a >= end:
                    break
                counts[CLASS_OF.get(kind, true)] += max(0, min(b, end) - max(a, start))
            given = max(counts, key=lambda name: (counts[name], name == true)) if counts else "nothing"
            if given == true:
                found[true] += 1
            else:
                missed[true] += 1
                wrong[given] += 1
    for name in CLASSES:
        yield Score(LABELS, f"{name} lines", found=found[name], missed=missed[name], false_alarms=wrong[name])


def _turns(texts: Corpus, placed: Mapping[str, list[PlacedLine]], truth: Truth) -> Iterator[Score]:
    found = missed = wrong = 0
    for doc_id, mine in _by_document(texts.tables.segments.to_pandas(), placed):
        turns = mine[mine["kind"] == "turn"]
        for start, end, line in placed[doc_id]:
            if line["kind"] != "turn" or line["speaker"] == "question":
                continue
            inside = turns[(turns["start"] < end) & (turns["end"] > start)]
            said = [str(name) for name in inside["speaker"].dropna()]
            verdict = judge_speaker(said[0], line["speaker"], truth) if said else "missed"
            found, missed, wrong = (
                found + (verdict == "found"),
                missed + (verdict == "missed"),
                wrong + (verdict == "false"),
            )
    yield Score(LABELS, "speakers of turns", found=found, missed=missed + wrong, false_alarms=wrong)


def judge_speaker(given: str, key: str, truth: Truth) -> str:
    """Whether the name that was given is that of the speaker: found, missed (nobody, or an office) or false."""
    person, said = truth.entities[key], _folded(given)
    forms = [_folded(form) for form in (person["name"], *person["aliases"])]
    families = {form.split(" ", 1)[1] for form in forms}
    others = [_folded(e["name"]) for k, e in truth.entities.items() if k != key and e["kind"] == "person"]
    if any(said.endswith(form) for form in forms) and _is_introduction(said, forms, truth):
        return "found"
    if any(name in said for name in others):
        return "false"
    bare = re.sub(r"^(?:mr|ms|mrs|madam)\.? ", "", said)
    if bare in families:
        return "found"
    offices = {_folded(form).removeprefix("the ") for form in person["offices"]}
    return "missed" if said in ("", "unknown") or said.removeprefix("the ") in offices else "false"


def _is_introduction(said: str, forms: list[str], truth: Truth) -> bool:
    """Whether nothing but an office stands before the name: a country is none of it."""
    before = next(said.removesuffix(form) for form in forms if said.endswith(form)).strip()
    countries = {_folded(e["name"]) for e in truth.entities.values() if e["kind"] == "country"}
    return before not in countries


def _quotes(texts: Corpus, placed: Mapping[str, list[PlacedLine]], truth: Truth) -> Iterator[Score]:
    """Spans exact to the character where there are marks, overlapping by half where there are none; then speakers."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    quotes = {doc_id: mine for doc_id, mine in _by_document(texts.tables.quotes.to_pandas(), placed)}
    for doc_id, lines in placed.items():
        mine = quotes.get(doc_id)
        given = list(mine.itertuples(index=False)) if mine is not None else []
        true = [
            (start + q["start"], start + q["end"], q)
            for start, _, line in lines
            for q in line.get("quotes", ())
        ]
        reported = [(start, end) for start, end, line in lines if CLASS_OF.get(line["kind"]) == "body"]
        used = set()
        allowed = [(a, b) for a, b, q in true if q["kind"] != "direct"]
        allowed += [(start + a, start + b) for start, _, line in lines for a, b in line.get("attitudes", ())]
        for start, end, quote in true:
            number = _match(start, end, quote["kind"], given)
            counts[quote["kind"]]["found" if number is not None else "missed"] += 1
            if number is None:
                continue
            used.add(number)
            verdict = judge_speaker(str(given[number].speaker), quote["speaker"], truth)
            counts[f"speakers named by {quote['named_by'] or 'nobody'}"][verdict] += 1
        for number, quote in enumerate(given):
            if quote.kind == "indirect" and any(quote.start < b and quote.end > a for a, b in allowed):
                continue
            if number not in used and any(a <= quote.start < b for a, b in reported):
                counts["indirect" if quote.kind == "indirect" else "direct"]["false"] += 1
    for kind in ("direct", "partial", "indirect", "speakers named by name", "speakers named by pronoun",
                 "speakers named by office", "speakers named by nobody"):  # fmt: skip
        c = counts[kind]
        missed = c["missed"] + (c["false"] if kind.startswith("speakers") else 0)
        yield Score(QUOTES, kind, found=c["found"], missed=missed, false_alarms=c["false"])


def _match(start: int, end: int, kind: str, given: list[Any]) -> int | None:
    for number, quote in enumerate(given):
        if kind != "indirect" and quote.kind != "indirect" and (quote.start, quote.end) == (start, end):
            return number
        common = min(end, quote.end) - max(start, quote.start)
        if kind == "indirect" == quote.kind and common >= SAME * max(end - start, quote.end - quote.start):
            return number
    return None


def _metadata(documents: pd.DataFrame, readable: Mapping[str, Mapping[str, Any]]) -> Iterator[Score]:
    mine = documents[documents["doc_id"].isin(list(readable))]
    for name in ("date", "source", "title", "genre"):
        found = missed = wrong = 0
        for row in mine.to_dict("records"):
            given, true = row[name], readable[row["doc_id"]][name]
            unknown = (
                pd.isna(given)
                or (name == "date" and row["date_precision"] != "day")
                or (name, given) == ("genre", "other")
            )
            right = not unknown and _folded(str(given)) == _folded(true)
            found, missed, wrong = found + right, missed + (not right), wrong + (not right and not unknown)
        yield Score(
            METADATA,
            f"{name}s" if name != "genre" else "genres",
            found=found,
            missed=missed,
            false_alarms=wrong,
        )


def _stories(texts: Corpus, readable: Mapping[str, Mapping[str, Any]]) -> Iterator[Score]:
    """Pairs of documents of one story."""
    true, given = (defaultdict(list), defaultdict(list))
    for row in texts.tables.documents.to_pandas().to_dict("records"):
        if row["doc_id"] in readable:
            true[readable[row["doc_id"]]["story"]].append(row["doc_id"])
            given[row["story"]].append(row["doc_id"])
    pairs = [
        {(a, b) for group in groups.values() for a in group for b in group if a < b}
        for groups in (true, given)
    ]
    yield Score(STORIES, "pairs of one story", found=len(pairs[0] & pairs[1]), missed=len(pairs[0] - pairs[1]),
                false_alarms=len(pairs[1] - pairs[0]))  # fmt: skip


def entities_of_people(
    texts: Corpus, placed: Mapping[str, list[PlacedLine]]
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """For each person or country the product's entities of its mentions, and how many mentions were found in all."""
    held: dict[str, Counter[str]] = defaultdict(Counter)
    found = Counter[str]()
    mentions = {doc_id: mine for doc_id, mine in _by_document(texts.tables.mentions.to_pandas(), placed)}
    for doc_id, lines in placed.items():
        mine = mentions.get(doc_id)
        rows = (
            list(mine[["start", "end", "entity"]].itertuples(index=False, name=None))
            if mine is not None
            else []
        )
        for start, _, line in lines:
            if CLASS_OF.get(line["kind"]) not in ("body", "caption"):
                continue
            for a, b, key in line.get("mentions", ()):
                inside = [entity for s, e, entity in rows if s < start + b and e > start + a]
                found["found" if inside else "missed"] += 1
                held[key][str(inside[0]) if inside else ""] += 1
    return held, found


def _entities(texts: Corpus, placed: Mapping[str, list[PlacedLine]], truth: Truth) -> Iterator[Score]:
    held, mentions = entities_of_people(texts, placed)
    yield Score(NAMES, "mentions", found=mentions["found"], missed=mentions["missed"])
    for kind, name in (("person", "people"), ("country", "countries")):
        keys = [
            k for k, c in held.items() if truth.entities[k]["kind"] == kind and c.total() >= LEAST_MENTIONS
        ]
        found = sum(
            held[k].most_common(1)[0][1] >= HOLDS * held[k].total() and held[k].most_common(1)[0][0] != ""
            for k in keys
        )
        owners = Counter(
            entity
            for k in keys
            for entity, n in held[k].items()
            if entity and n >= STRANGER * held[k].total()
        )
        merged = sum(n > 1 for n in owners.values())
        yield Score(
            NAMES, f"{name} with one entity", found=found, missed=len(keys) - found, false_alarms=merged
        )


def _by_document(table: pd.DataFrame, placed: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    for doc_id, mine in table.groupby("doc_id", observed=True, sort=False):
        if doc_id in placed:
            yield str(doc_id), mine


def _folded(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").casefold().split())
