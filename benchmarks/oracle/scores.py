"""What was found, missed and claimed wrongly, added up over corpora."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

ANY = "any"  # the size of what does not depend on the size of an effect


@dataclass(frozen=True)
class Score:
    """A row of the oracle's table: what a part or a report found of what is true, at a size of the effects."""

    report: str
    what: str
    size: str = ANY
    found: int = 0
    missed: int = 0
    false_alarms: int = 0
    corpora: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """What the row is about."""
        return self.report, self.what, self.size


def add_up(scores: Iterable[Score]) -> list[Score]:
    """One row for each report, thing and size, in the order of their first appearance."""
    summed: dict[tuple[str, str, str], Score] = {}
    for score in scores:
        before = summed.get(score.key)
        summed[score.key] = score if before is None else replace(
            before, found=before.found + score.found, missed=before.missed + score.missed,
            false_alarms=before.false_alarms + score.false_alarms, corpora=before.corpora + score.corpora,
        )  # fmt: skip
    return list(summed.values())


def as_markdown(scores: Iterable[Score], order: Mapping[str, float]) -> str:
    """The table as Markdown; sizes of one effect stand below each other."""
    rows = list(scores)
    first = {(row.report, row.what): number for number, row in reversed(list(enumerate(rows)))}
    rows.sort(key=lambda row: (first[row.report, row.what], order.get(row.size, -1)))
    lines = [
        "| report or part | what | size | found | missed | false alarms | corpora |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r.report} | {r.what} | {r.size} | {r.found:,} | {r.missed:,} | {r.false_alarms:,} | {r.corpora} |"
        for r in rows
    ]
    return "\n".join(lines)
