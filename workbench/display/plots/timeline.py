"""The figure of a series in time: lines that end in their names, gaps left open, the last period hollow."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import SMALL, TEXT, WIDTH, canvas, date_ticks, text_width, to_svg
from workbench.display.captions import basis_note, compose, hollow_note, selection_note
from workbench.display.formatting import count, number, short
from workbench.display.palette import INK, LINE, PAPER, QUIET, colour_of, shape_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 2.7  # inches
CROWDED = 60  # periods; with more of them several lines are a tangle, so each has a panel of its own
PANEL = 1.35  # inches
COURSE = 3  # periods with a value; through two points there is always a line, and it means nothing
LINES = 4  # at once; more cross each other and nothing can be read
FAR = 2.5  # limits reach this many times beyond the largest value, then leave the drawing
COLUMNS = {
    "group": "group", "item": "of", "period": "period", "n": "n", "value": "value", "n_docs": "documents",
    "complete": "whole period", "sufficient": "enough data",
}  # fmt: skip


class SeriesLine(NamedTuple):
    """One series in time order, with the name written at its end."""

    name: str
    rows: pd.DataFrame


def draw_series(
    table: pd.DataFrame, *, caption: str = "", item: str | None = None, changes: pd.DataFrame | None = None,
) -> Figure:  # fmt: skip
    """Values over time, a line a group (or a line an item, when there is one group).

    In: a table of `analysis.timeline.rate_series` or `mean_series`; `item` which one when several groups
    have several items (default: the first); `changes` of `analysis.change_points.change_points`: dashed
    vertical lines. Dots are joined only where periods follow each other; a period without text is a gap.
    """
    lines, further = _lines(table, item)
    drawn = pd.concat([line.rows for line in lines]) if lines else table
    rate = table.attrs.get("kind", "rate") == "rate"
    found = _of_lines(changes, drawn)
    alt = _alt(lines, found)
    able = bool(lines) and drawn.loc[drawn["value"].notna(), "period"].nunique() >= COURSE
    svg = _draw(lines, found, alt, rate) if able else ""
    few = (
        ""
        if able
        else "Fewer than three periods hold text: no course is drawn, the values stand in the table."
    )
    notes = (
        _unit(table, lines, rate), few, basis_note(drawn).replace("Lines are", "Thin lines are") if able else "", _hollow(drawn) if able else "",
        "Each line has a panel and a scale of its own." if able and len(_panels(lines)) > 1 else "",
        _gap_note(drawn) if able else "", _change_note(found), further, _undated(table), selection_note(caption),
    )  # fmt: skip
    return Figure(svg, alt, compose(*notes), _table(drawn if able else drawn[drawn["value"].notna()]))


def _lines(table: pd.DataFrame, item: str | None) -> tuple[list[SeriesLine], str]:
    """The series to draw, those with most hits first, and a note on those left to the table."""
    if not len(table):
        return [], ""
    groups = table["group"].nunique()
    if groups > 1 or item is not None:
        table = table[table["item"] == (table["item"].iloc[0] if item is None else item)]
    key = "group" if groups > 1 else "item"
    order = table.groupby(key, sort=False)["n"].sum().sort_values(ascending=False, kind="stable").index
    more = len(order) - LINES
    note = f"{count(more, 'smaller series', 'smaller series')} not drawn." if more > 0 else ""
    return [
        SeriesLine(str(name), table[table[key] == name].reset_index(drop=True)) for name in order[:LINES]
    ], note


def _of_lines(changes: pd.DataFrame | None, drawn: pd.DataFrame) -> pd.DataFrame:
    if changes is None or not len(changes):
        return pd.DataFrame(columns=["group", "item", "date", "before", "after"])
    return changes.merge(drawn[["group", "item"]].drop_duplicates(), on=["group", "item"])


def _draw(lines: list[SeriesLine], changes: pd.DataFrame, alt: str, rate: bool) -> str:
    panels = _panels(lines)
    tall = HEIGHT if len(panels) == 1 else PANEL
    with canvas(tall) as (drawing, first):
        for at, mine in enumerate(panels):
            axes = first if at == 0 else drawing.add_axes((0.0, -at * (1 + 0.5 / tall), 1.0, 1.0))
            _draw_panel(axes, mine, lines, changes, rate)
            if len(panels) > 1:
                axes.set_title(mine[0].name, loc="left", fontsize=TEXT, color=INK)
            else:
                _name_ends(axes, lines)
        return to_svg(drawing, alt)


def _panels(lines: list[SeriesLine]) -> list[list[SeriesLine]]:
    """All lines together, or where their periods are many a panel each."""
    crowded = len(lines) > 1 and max(len(line.rows) for line in lines) > CROWDED
    return [[line] for line in lines] if crowded else [lines]


def _draw_panel(
    axes: Axes, mine: list[SeriesLine], lines: list[SeriesLine], changes: pd.DataFrame, rate: bool
) -> None:
    """One pair of axes: the lines `mine` on the dates of all `lines`, from zero to their own largest value."""
    values = pd.concat([line.rows for line in mine])
    # Where sentences score alike there are no limits: the values themselves then bound the drawing.
    top, bottom = float(values["value"].max()), float(values["value"].min())
    most = float(np.nanmax(values[["high", "value"]].to_numpy(float)))
    least = float(np.nanmin(values[["low", "value"]].to_numpy(float)))
    high = min(most, FAR * top) if top > 0 else most
    low = 0.0 if rate else min(0.0, least, bottom)
    high = max(high, top, 0.0)
    wide = (high - low) or 1.0
    axes.set_ylim(low - (0.0 if rate else 0.04 * wide), high + 0.06 * wide)
    names = 0.0 if len(mine) < len(lines) else max(text_width(line.name, SMALL) for line in lines) + 0.16
    date_axis(axes, pd.concat([line.rows for line in lines]), names)
    axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.5)
    axes.yaxis.set_major_formatter(lambda value, _: short(round(value, 6)) if value else "0")
    if low < 0 < high:
        axes.axhline(0, color=QUIET, linewidth=1)
    for change in _of_lines(changes, values).to_dict("records"):
        axes.axvline(day_number(str(change["date"])), color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    for at, line in enumerate(mine):
        _draw_line(axes, line, (at - (len(mine) - 1) / 2) * 0.03, high + 0.06 * wide)
    axes.set_ylabel(
        "hits per 1,000 words" if len(mine) == len(lines) and rate else "per 1,000" if rate else "mean score"
    )


def date_axis(axes: Axes, periods: pd.DataFrame, room: float) -> None:
    """Dates below, from the first period to the last, and `room` inches on the right."""
    first, last = day_number(str(periods["start"].min())), day_number(str(periods["until"].max()))
    span = max(last - first, 1.0)
    axes.set_xlim(first - 0.02 * span, last + 0.02 * span + span * room / max(WIDTH - room, 1.0))
    ticks = date_ticks(axes, _as_date(first), _as_date(last))
    axes.set_xticks([tick for tick in ticks if first - 0.02 * span <= tick <= last])


def _draw_line(axes: Axes, line: SeriesLine, shift: float, ceiling: float) -> None:
    """Dots at the middle of their periods, joined where they follow each other; intervals behind them."""
    rows, colour = line.rows, colour_of(line.name)
    x = _middles(rows)
    step = float(x[1] - x[0]) * shift if len(x) > 1 else 0.0
    x = [at + step for at in x]
    small = len(rows) > 60
    whole = rows["value"].where(rows["complete"]).to_numpy(float)
    axes.plot(x, whole, color=colour, linewidth=1.5, zorder=2)  # NaN leaves the gap open
    axes.plot(
        x[-2:],
        rows["value"].to_numpy(float)[-2:],
        color=colour,
        linewidth=1.2,
        linestyle=(0, (1, 2)),
        zorder=2,
    )
    for at, row in zip(x, rows.to_dict("records"), strict=True):
        if pd.isna(row["value"]):
            continue
        if not pd.isna(row["low"]):
            axes.plot(
                [at, at],
                [row["low"], min(row["high"], ceiling)],
                color=colour,
                linewidth=1.1,
                alpha=0.4,
                zorder=1,
            )
        solid = bool(row["sufficient"]) and bool(row["complete"])
        axes.plot([at], [row["value"]], marker=shape_of(line.name), markersize=3.2 if small else 5, markeredgecolor=colour,
                  markeredgewidth=1.2, markerfacecolor=colour if solid else PAPER, linestyle="none", zorder=3, clip_on=False)  # fmt: skip


def _name_ends(axes: Axes, lines: list[SeriesLine]) -> None:
    """The name of each line beside its last dot, names pushed apart where they would meet."""
    low, high = axes.get_ylim()
    tall = 0.17 * (high - low) / HEIGHT
    ends = []
    for line in lines:
        known = line.rows[line.rows["value"].notna()]
        if len(known):
            ends.append((float(known["value"].iloc[-1]), line.name))
    ends.sort()
    places = [value for value, _ in ends]
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + tall)
    over = max(0.0, places[-1] - (high - tall / 2)) if places else 0.0
    x = max(_middles(line.rows)[-1] for line in lines)
    reach = axes.get_xlim()
    for (_, name), y in zip(ends, places, strict=True):
        axes.text(
            x + 0.1 * (reach[1] - reach[0]) / WIDTH,
            y - over,
            name,
            fontsize=SMALL,
            color=INK,
            va="center",
            ha="left",
        )


def _middles(rows: pd.DataFrame) -> list[float]:
    return [
        (day_number(str(a)) + day_number(str(b)) + 1) / 2
        for a, b in zip(rows["start"], rows["until"], strict=True)
    ]


def day_number(date: str) -> float:
    """Days since 1970, as matplotlib counts them."""
    return float((dt.date.fromisoformat(date) - dt.date(1970, 1, 1)).days)


def _as_date(day: float) -> dt.datetime:
    return dt.datetime(1970, 1, 1) + dt.timedelta(days=day)


def _unit(table: pd.DataFrame, lines: list[SeriesLine], rate: bool) -> str:
    if not lines:
        return "There is no dated text to draw."
    per = str(table.attrs.get("per", "period"))
    item = f" of {lines[0].rows['item'].iloc[0]}" if rate else ""
    what = item if table["group"].nunique() > 1 else f" in {table['group'].iloc[0]}"
    total = int(sum(line.rows["n"].sum() for line in lines))
    measure = (
        "Hits per 1,000 words of all text of the period"
        if rate
        else "Mean score of the sentences of the period"
    )
    return f"{measure}{what}, a dot a {per}, {count(total, 'hit' if rate else 'sentence')} in all."


def _hollow(drawn: pd.DataFrame) -> str:
    last = (
        ""
        if drawn["complete"].all()
        else "The last period is not over or not wholly collected: hollow and dotted."
    )
    few = hollow_note(
        drawn[drawn["value"].notna()],
        "fewer than five hits or fifteen sentences in the period, or nine in ten hits in one of its documents",
    )
    return compose(last, few)


def _gap_note(drawn: pd.DataFrame) -> str:
    none = drawn[drawn["value"].isna()]["period"].nunique()
    return f"{count(none, 'period')} without text: the line is open there." if none else ""


def _change_note(changes: pd.DataFrame) -> str:
    said = [
        f"{c['date']} ({number(c['before'])} before, {number(c['after'])} after)"
        for c in changes.to_dict("records")
    ]
    return f"Dashed: a change of level found by a permutation test, {'; '.join(said)}." if said else ""


def _undated(table: pd.DataFrame) -> str:
    undated = int(table.attrs.get("undated", 0))
    return f"{count(undated, 'document')} without a date exact enough left out." if undated else ""


def _alt(lines: list[SeriesLine], changes: pd.DataFrame) -> str:
    said = []
    for line in lines:
        known = line.rows[line.rows["value"].notna()]
        if len(known):
            top = known.iloc[int(known["value"].to_numpy(float).argmax())]
            said.append(
                f"{line.name} from {number(known['value'].iloc[0])} in {known['period'].iloc[0]} to "
                f"{number(known['value'].iloc[-1])} in {known['period'].iloc[-1]}, highest {number(top['value'])} in {top['period']}"
            )
    jumps = f" Changes of level: {', '.join(str(d) for d in changes['date'])}." if len(changes) else ""
    return f"Lines over time: {'; '.join(said)}.{jumps}" if said else "Nothing to draw: no dated text."


def _table(drawn: pd.DataFrame) -> Table:
    shown = drawn.rename(columns={"low": "value_low", "high": "value_high"})
    single = drawn["group"].nunique() < 2
    return Table(shown, columns={c: name for c, name in COLUMNS.items() if not (single and c == "group")})
