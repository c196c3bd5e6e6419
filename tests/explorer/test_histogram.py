"""The bars above the date range, and what moving its ends means."""

import numpy as np
import pandas as pd
import pytest

from workbench.explorer.histogram import Axis, _labels, axis_of, chosen_range, histogram, with_range
from workbench.explorer.index import _days
from workbench.selection.model import Selection

MONTHS = Axis("month", ("2015-01", "2015-02", "2015-03"), (20150101, 20150201, 20150301, 20150401))


class Dated:
    """As much of an index as dates need."""

    def __init__(self, *dates):
        self.first, self.last = _days(pd.Series(dates, dtype="object"))


class Found:
    def __init__(self, n):
        self.dated = np.ones(n, bool)


@pytest.mark.parametrize(
    ("dates", "unit", "bars"),
    [
        (("2015-03-01", "2015-03-04"), "day", 4),
        (("2015-03-01", "2017-02"), "month", 24),
        (("1950", "2015-03-01"), "year", 66),
        (("2015-12-11",), "day", 1),
        ((None, "--12-11"), "year", 0),
    ],
)
def test_periods_suit_the_span_of_the_corpus(dates, unit, bars):
    axis = axis_of(Dated(*dates))
    assert (axis.unit, len(axis.labels)) == (unit, bars)


def test_each_document_stands_in_its_period_or_is_counted_as_loose():
    index = Dated("2015-03-01", "2015-03", "2016", None, "--12-11", "2016-05-02", "2015-03-31")
    found = histogram(index, Found(7))
    bars = dict(zip(found.axis.labels, found.counts.tolist(), strict=True))
    assert {label: n for label, n in bars.items() if n} == {"2015-03": 3, "2016-05": 1}
    assert found.loose == 3


def test_an_end_that_stays_at_the_end_sets_no_date():
    assert with_range(MONTHS, Selection(), 0, 2) == Selection()
    assert with_range(MONTHS, Selection(source=("TASS",)), 1, 2).line() == "source:TASS since:2015-02"
    assert with_range(MONTHS, Selection(), 0, 1).line() == "until:2015-02"
    exact = Selection(since="2015-02-14")
    assert with_range(MONTHS, exact, 1, 1).line() == "since:2015-02-14 until:2015-02"
    assert with_range(MONTHS, exact, 0, 2) == Selection()


@pytest.mark.parametrize(
    ("line", "bars"),
    [("", (0, 2)), ("since:2015-02", (1, 2)), ("until:2015-01-15", (0, 0)), ("since:2001 until:2002", (0, 0)), ("since:2030", (2, 2))],
)  # fmt: skip
def test_the_range_shows_the_dates_of_the_selection(line, bars):
    assert chosen_range(MONTHS, Selection.parse(line)) == bars


def test_a_hundred_years_of_days_are_never_listed():
    assert len(_labels(19000101, 20201231, "day")) == 151
