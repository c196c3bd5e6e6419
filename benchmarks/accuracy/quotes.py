"""Who said what, on PolNeAR: quotes found, their source, indirect speech, and whether confidence means something.

A predicted and a labelled content match when they overlap by at least half of the shorter one: a labelled
content often holds several quotations ("…," he said. "…") that are quotes of their own here. For indirect
speech the stricter half of the longer one is printed beside it. A labelled content is direct when it is
flagged so or holds quotation marks of any shape, indirect otherwise. A source is right when the predicted
span, or the resolved speaker, holds the head word of the labelled source. PolNeAR also labels beliefs,
intentions and attitudes. Documents are split in two halves by a checksum of their name: rules and
confidence were made on the development half, figures are of the check half.

`python -m benchmarks.accuracy.quotes --data DIR` rewrites the measured shares in label/confidence.toml.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.rows import FigureRow, figure_row, read_rows
from workbench.label.quotes.quotes import AttributedQuote, find_attributed_quotes, rule_confidence
from workbench.schema import UNKNOWN, Quote, Segment

FILE = "polnear.jsonl.gz"
MIN_RULE = 20  # quotes of a rule on the development half; fewer are pooled as "unmeasured"
BINS = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01))  # of the reliability table
KINDS = ("named", "office", "pronoun")

_MARKS = re.compile(r"[\"“”«»]|''|‘[^’]*’|(?<!\w)'\w[^']*'(?!\w)")
_PRONOUNS = frozenset("he she they we i you it who that which".split())
_BEFORE_HEAD_ENDS = re.compile(r",| who | which | that | \(| --? | — ")
_LINK = re.compile(r" (?:of|for|at|in|from|with|on|to|and|by) ")

Spans = Sequence[Sequence[int]]


class Gold(NamedTuple):
    """A labelled attribution: its content spans, its source's head word and its place, and the kind of source."""

    spans: Spans
    direct: bool
    mixed: bool
    head: str
    head_start: int
    kind: str


class Outcome(NamedTuple):
    """A predicted quote held against the labels: matched by half of the shorter, of the longer, source right."""

    found: AttributedQuote
    matched: bool
    closely: bool
    right: bool | None
    kind: str


class QuotesCase(NamedTuple):
    """One document: what was predicted, and for each labelled content whether it was found (also closely)."""

    outcomes: list[Outcome]
    golds: list[tuple[Gold, bool, bool]]


def development(name: str) -> bool:
    """Whether a document belongs to the half on which rules and confidence were made."""
    return zlib.crc32(name.encode()) % 2 == 0


def paragraphs(text: str) -> list[Segment]:
    """Each line that is not blank as a paragraph of body text."""
    return [
        Segment(line.start(), line.end(), "paragraph", None, None, "line")
        for line in re.finditer(r"[^\n]+\n*", text)
        if line[0].strip()
    ]


def measure(data: Path) -> list[FigureRow]:
    """Figures of the check half; n counts contents for recall and F1, predicted quotes for the rest."""
    cases = [_case(record) for record in read_rows(data / FILE) if not development(record["file"])]
    rows = _found_rows(cases, "direct and partial", _direct, _gold_direct, 0.90)
    rows.append(_source_row(cases, "direct and partial: right source among found", _direct, 0.82))
    rows += _found_rows(cases, "indirect", _indirect, _gold_indirect, 0.60)
    rows.append(_source_row(cases, "indirect: right source among found", _indirect))
    for kind in KINDS:
        for name, gold in (("direct and partial", _gold_direct), ("indirect", _gold_indirect)):
            shares = [_recall(case, _of_kind(gold, kind)) for case in cases]
            rows.append(_share_row(f"{name}: recall, source {kind}", shares))
        rows.append(_source_row(cases, f"direct and partial: right source, {kind}", _of_source(kind)))
    return rows + _reliability(cases)


# ---------------------------------------------------------------- what is labelled and what is found


def _case(record: dict[str, Any]) -> QuotesCase:
    text: str = record["text"]
    golds = [_gold(text, label) for label in record["attributions"] if label["content"]]
    finds = find_attributed_quotes(text, paragraphs(text))
    outcomes = [_outcome(text, item, golds) for item in finds]
    return QuotesCase(outcomes, [_found(gold, finds) for gold in golds])


def _gold(text: str, label: dict[str, Any]) -> Gold:
    spans: Spans = label["content"]
    marked = bool(_MARKS.search(text[max(0, spans[0][0] - 1) : spans[-1][1] + 1]))
    if not label["source"]:
        return Gold(spans, label["direct"] or marked, not label["direct"], "", 0, "")
    start, end = label["source"][0][0], label["source"][-1][1]
    whole = text[start:end].strip()
    phrase = _LINK.split(_BEFORE_HEAD_ENDS.split(whole)[0])[0]
    head = (phrase.split() or [whole])[-1].strip(".,")
    if whole.lower() in _PRONOUNS:
        kind = "pronoun"
    else:
        kind = "named" if head[:1].isupper() and not re.match(r"(?:the|an?) ", whole, re.I) else "office"
    place = text.find(head, start)
    return Gold(spans, label["direct"] or marked, not label["direct"], head.lower(), place, kind)


def _overlap(spans: Spans, quote: Quote) -> int:
    return sum(max(0, min(end, quote.end) - max(start, quote.start)) for start, end in spans)


def _match(gold: Gold, quote: Quote, closely: bool) -> bool:
    lengths = (quote.end - quote.start, sum(end - start for start, end in gold.spans))
    return _overlap(gold.spans, quote) >= max(1, 0.5 * (max(lengths) if closely else min(lengths)))


def _outcome(text: str, item: AttributedQuote, golds: Sequence[Gold]) -> Outcome:
    quote = item.quote
    pool = [gold for gold in golds if (gold.mixed if quote.kind == "indirect" else gold.direct)]
    matching = [gold for gold in pool if _match(gold, quote, closely=False)]
    closely = any(_match(gold, quote, closely=True) for gold in matching)
    sourced = [gold for gold in matching if gold.head]
    right = any(_is_source(text, gold, quote) for gold in sourced) if sourced else None
    return Outcome(item, bool(matching), closely, right, sourced[0].kind if sourced else "")


def _is_source(text: str, gold: Gold, quote: Quote) -> bool:
    if quote.speaker_start is None or quote.speaker_end is None:
        return False
    if quote.speaker_start < gold.head_start + len(gold.head) and gold.head_start < quote.speaker_end:
        return True
    named = f"{quote.speaker} {text[quote.speaker_start : quote.speaker_end]}".lower()
    return gold.head in [word.strip(".,") for word in named.split()]


def _found(gold: Gold, finds: Sequence[AttributedQuote]) -> tuple[Gold, bool, bool]:
    of_kind = [item.quote for item in finds if (item.quote.kind != "indirect") == gold.direct]
    return (
        gold,
        any(_match(gold, quote, closely=False) for quote in of_kind),
        any(_match(gold, quote, closely=True) for quote in of_kind),
    )


# ---------------------------------------------------------------- figures


def _direct(outcome: Outcome) -> bool:
    return outcome.found.quote.kind != "indirect"


def _indirect(outcome: Outcome) -> bool:
    return not _direct(outcome)


def _gold_direct(gold: Gold) -> bool:
    return gold.direct


def _gold_indirect(gold: Gold) -> bool:
    return not gold.direct


def _of_kind(which: Callable[[Gold], bool], kind: str) -> Callable[[Gold], bool]:
    return lambda gold: which(gold) and gold.kind == kind


def _of_source(kind: str) -> Callable[[Outcome], bool]:
    return lambda outcome: _direct(outcome) and outcome.kind == kind


class _Share(NamedTuple):
    """How many of a document's cases there are, and how many of them are good."""

    good: int
    n: int


def _pooled(shares: Sequence[_Share]) -> float:
    """Share of good cases over the documents."""
    n = sum(share.n for share in shares)
    return sum(share.good for share in shares) / n if n else 0.0


def _share(flags: Iterable[bool]) -> _Share:
    listed = list(flags)
    return _Share(sum(listed), len(listed))


def _precision(case: QuotesCase, which: Callable[[Outcome], bool], closely: bool = False) -> _Share:
    return _share(o.closely if closely else o.matched for o in case.outcomes if which(o))


def _recall(case: QuotesCase, which: Callable[[Gold], bool], closely: bool = False) -> _Share:
    return _share(near if closely else found for gold, found, near in case.golds if which(gold))


def _f1_score(pairs: Sequence[tuple[_Share, _Share]]) -> float:
    precision, recall = _pooled([p for p, _ in pairs]), _pooled([r for _, r in pairs])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share_row(figure: str, shares: Sequence[_Share], goal: float | None = None) -> FigureRow:
    """A row of a pooled share, resampled by document; n counts the cases."""
    return figure_row("polnear", figure, shares, _pooled, goal)._replace(n=sum(s.n for s in shares))


def _found_rows(
    cases: Sequence[QuotesCase],
    name: str,
    which: Callable[[Outcome], bool],
    gold: Callable[[Gold], bool],
    goal: float,
) -> list[FigureRow]:
    """F1, precision and recall of one kind of reported speech, and F1 by the stricter match."""
    rows = []
    for closely, label in ((False, ""), (True, ", half of the longer")):
        pairs = [(_precision(case, which, closely), _recall(case, gold, closely)) for case in cases]
        n = sum(recall.n for _, recall in pairs)
        wanted = None if closely else goal
        rows.append(figure_row("polnear", f"{name}{label}: F1", pairs, _f1_score, wanted)._replace(n=n))
        if not closely:
            rows.append(_share_row(f"{name}: precision", [p for p, _ in pairs]))
            rows.append(_share_row(f"{name}: recall", [r for _, r in pairs]))
    return rows


def _source_row(
    cases: Sequence[QuotesCase], figure: str, which: Callable[[Outcome], bool], goal: float | None = None
) -> FigureRow:
    """Share of found quotes whose source is right, of those that have a labelled source."""
    return _share_row(
        figure, [_share(o.right for o in c.outcomes if which(o) and o.right is not None) for c in cases], goal
    )


# ---------------------------------------------------------------- confidence


def _sure(outcome: Outcome) -> float:
    return rule_confidence(outcome.found.rule, outcome.found.quote.speaker or UNKNOWN)


def _good(outcome: Outcome) -> bool:
    """What confidence promises: a quote with the right source; for an unknown speaker, a quote at all."""
    if outcome.found.quote.speaker_start is None:
        return outcome.matched
    return bool(outcome.right)


def _counts(outcome: Outcome) -> bool:
    """A match with a content that has no labelled source says nothing about the source."""
    return not outcome.matched or outcome.right is not None


def _reliability(cases: Sequence[QuotesCase]) -> list[FigureRow]:
    """Per bin of confidence: the share that was good (value) beside the mean confidence (in the name)."""
    rows = []
    for low, high in BINS:
        here = [[o for o in case.outcomes if low <= _sure(o) < high and _counts(o)] for case in cases]
        sure = [_sure(o) for outcomes in here for o in outcomes]
        if sure:
            figure = f"reliability: confidence {sum(sure) / len(sure):.2f} on average"
            rows.append(_share_row(figure, [_share(map(_good, outcomes)) for outcomes in here]))
    return rows


def calibrate(data: Path) -> str:
    """The text of confidence.toml, measured on the development half."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for record in read_rows(data / FILE):
        if not development(record["file"]):
            continue
        for outcome in filter(_counts, _case(record).outcomes):
            unknown = outcome.found.quote.speaker == UNKNOWN
            rule = "unknown" if unknown else outcome.found.rule
            counts[rule][0] += outcome.matched if unknown else _good(outcome)
            counts[rule][1] += 1
    rare = [rule for rule, (_, n) in counts.items() if n < MIN_RULE]
    pooled = [sum(counts[rule][place] for rule in rare) for place in (0, 1)]
    table = {rule: count for rule, count in counts.items() if rule not in rare}
    table["unmeasured"] = pooled if pooled[1] else [1, 2]
    return _HEAD + "".join(
        f'\n[[rule]]\nrule = "{rule}"\nright = {right}\nn = {n}\n'
        for rule, (right, n) in sorted(table.items())
    )


_HEAD = """# How often each rule of label/quotes/quotes.py is right: quotes of the rule (n), and among them those that are
# quotes with the right source (right). For "unknown", right counts those that somebody said at all.
# Measured on the development half of PolNeAR (see benchmarks/accuracy/quotes.py, which defines "right" and
# writes this file: python -m benchmarks.accuracy.quotes --data DIR). Rules met fewer than 20 times are pooled
# as "unmeasured". A rule is: where the clause stands, what its verb can do, what kind of source it has.
"""


def main() -> None:
    """Measure and write label/confidence.toml."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    place = Path(__file__).parents[2] / "workbench" / "label" / "confidence.toml"
    place.write_text(calibrate(parser.parse_args().data), encoding="utf-8")


if __name__ == "__main__":
    main()
