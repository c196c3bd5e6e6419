"""Series, spikes and change points: gaps, unfinished periods, planted changes, and none in noise."""

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import change_points as changes
from workbench.analysis.change_points import before_after, before_after_mean, change_points, spikes
from workbench.analysis.frequency import word_hits
from workbench.analysis.timeline import mean_series, rate_series
from workbench.analysis.units import count_units
from workbench.errors import BadParameter


def dated(days: dict[str, str]):  # type: ignore[no-untyped-def]
    """A corpus with one text for each date; hits of `war*` and units of one group."""
    c = corpus({f"{k:03}.txt": (text, "Wire", "author", None) for k, text in enumerate(days.values())})
    c.documents["date"] = list(days)
    precision = {10: "day", 7: "month", 4: "year"}
    c.documents["date_precision"] = [precision[len(day)] for day in days]
    return c, count_units(c.sentences, c.tokens, c.documents), word_hits(c.tokens, c.documents, ["war*"])


DAYS = {
    "2015-01-30": "War began. Nobody spoke.", "2015-02-02": "Peace held. All was calm.",
    "2015-04-15": "War and war. Sanctions hurt.", "2015": "War some time.",
}  # fmt: skip


def series(counts, words=1000, kind="rate"):  # type: ignore[no-untyped-def]
    """A table as `rate_series` gives it, from counts of a month each."""
    counts = np.asarray(counts, dtype=float)
    size = np.broadcast_to(words, counts.shape)
    start = pd.period_range("2010-01", periods=len(counts), freq="M")
    table = pd.DataFrame({
        "group": "Wire", "item": "war", "period": start.astype(str), "start": start.astype(str) + "-01", "complete": True,
        "n": counts, "size": size, "value": counts / size * (1000 if kind == "rate" else 1), "sufficient": True,
    })  # fmt: skip
    table.attrs["kind"] = kind
    return table


def test_a_month_without_text_is_a_gap_and_one_with_text_but_no_hit_is_zero() -> None:
    _, u, hits = dated(DAYS)
    found = rate_series(hits, u, item="pattern").set_index("period")
    assert list(found.index) == ["2015-01", "2015-02", "2015-03", "2015-04"]
    assert list(found["n"]) == [1, 0, 0, 2]
    assert found.loc["2015-02", "value"] == 0
    assert np.isnan(found.loc["2015-03", "value"])
    assert found.loc["2015-01", "value"] == pytest.approx(1000 / 4)


def test_the_last_month_is_unfinished_until_its_last_day_was_collected() -> None:
    _, u, hits = dated(DAYS)
    assert list(rate_series(hits, u, item="pattern")["complete"]) == [True, True, True, False]
    assert rate_series(hits, u, item="pattern", collected_until="2015-04-30")["complete"].all()


def test_a_document_with_a_year_alone_is_left_out_and_counted() -> None:
    _, u, hits = dated(DAYS)
    assert rate_series(hits, u, item="pattern").attrs["undated"] == 1


def test_weeks_begin_on_monday_and_days_are_days() -> None:
    _, u, hits = dated(DAYS)
    weeks = rate_series(hits, u, item="pattern", per="week")
    assert (weeks["period"].iloc[0], weeks["start"].iloc[0]) == ("2015-W05", "2015-01-26")
    assert len(rate_series(hits, u, item="pattern", per="day")) == 76


def test_events_open_periods() -> None:
    _, u, hits = dated(DAYS)
    found = rate_series(
        hits, u, item="pattern", per="event", events={"truce": "2015-02-01", "end": "2015-04-01"}
    )
    assert list(found["period"]) == ["before truce", "truce", "end"]
    assert list(found["n"]) == [1, 0, 2]
    assert list(found["until"]) == ["2015-01-31", "2015-03-31", "2015-04-15"]


def test_means_of_sentiment_are_a_series_too() -> None:
    c, u, _ = dated(DAYS)
    found = mean_series(c.sentiment, u)
    assert list(found["n"]) == [2, 2, 0, 2]
    assert found["value"].iloc[3] == pytest.approx(-0.2)
    compared = before_after_mean(c.sentiment, u, "2015-04-01").iloc[0]
    assert (compared["before"], compared["after"], compared["sufficient"]) == (0, pytest.approx(-0.2), False)


def test_what_nobody_can_read_is_refused_with_its_mend() -> None:
    _, u, hits = dated(DAYS)
    with pytest.raises(BadParameter, match="did you mean `month`"):
        rate_series(hits, u, item="pattern", per="mont")  # type: ignore[arg-type]
    with pytest.raises(BadParameter, match="no event is given"):
        rate_series(hits, u, item="pattern", per="event")
    with pytest.raises(BadParameter, match="write it as 2015-12-11"):
        before_after(hits, u, "last May", item="pattern")


def test_before_and_after_keep_their_counts_words_and_interval() -> None:
    days = {
        f"2015-{1 + k // 25:02}-{1 + k % 25:02}": "War " * (1 + 3 * (k >= 25)) + "and peace again."
        for k in range(50)
    }
    _, u, hits = dated(days)
    row = before_after(hits, u, "2015-02-01", item="pattern").iloc[0]
    assert (row["n_before"], row["n"], row["size_before"], row["size"]) == (25, 100, 100, 175)
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["difference"] == pytest.approx(1000 * (100 / 175 - 25 / 100))
    assert (row["basis"], row["n_docs"], row["sufficient"]) == ("documents", 25, True)


def test_before_and_after_with_one_side_empty_is_no_row() -> None:
    _, u, hits = dated(DAYS)
    assert len(before_after(hits, u, "2001-01-01", item="pattern")) == 0


def test_a_planted_change_is_found_where_it_was_planted() -> None:
    rng = np.random.default_rng(1)
    found = change_points(series(np.r_[rng.poisson(10, 14), rng.poisson(22, 16)]))
    assert list(found["date"]) == ["2011-03-01"]
    assert found["after"].iloc[0] > 1.5 * found["before"].iloc[0]


def test_two_planted_changes_are_both_found() -> None:
    rng = np.random.default_rng(2)
    found = change_points(series(np.r_[rng.poisson(10, 15), rng.poisson(30, 15), rng.poisson(8, 15)]))
    assert list(found["date"]) == ["2011-04-01", "2012-07-01"]


def test_a_change_of_a_mean_is_found_too() -> None:
    rng = np.random.default_rng(3)
    level = np.r_[rng.normal(0.1, 0.05, 15), rng.normal(-0.1, 0.05, 15)]
    table = series(level * 50, words=50, kind="mean")
    assert list(change_points(table)["date"]) == ["2011-04-01"]


def test_more_text_is_no_change_and_no_spike() -> None:
    words = np.r_[np.full(15, 1000), np.full(15, 8000)]
    table = series(np.random.default_rng(6).poisson(words * 0.01), words)
    assert len(change_points(table)) == 0
    assert (spikes(table)["q"] > 0.05).all()


def test_a_planted_spike_is_first_and_alone() -> None:
    counts = np.random.default_rng(5).poisson(10, 24)
    counts[7] = 45
    found = spikes(series(counts))
    assert list(found[found["q"] < 0.05]["period"]) == ["2010-08"]
    assert found["times"].iloc[0] > 3


def test_an_unfinished_period_and_an_empty_one_are_neither_spike_nor_change() -> None:
    table = series([10] * 12)
    table.loc[11, ["complete", "n", "value"]] = [False, 90.0, 90.0]
    assert "2010-12" not in set(spikes(table)["period"])
    table.loc[4, ["size", "value"]] = [0, np.nan]
    assert len(spikes(table)) == 10


def test_seven_periods_are_too_few_for_either() -> None:
    table = series([1, 1, 1, 9, 9, 9, 9])
    assert spikes(table)["p"].isna().all()
    assert len(change_points(table)) == 0


def noise(rng, kind):  # type: ignore[no-untyped-def]
    if kind == "mean":
        size = rng.integers(15, 80, 30)
        return series(rng.normal(0.1, 0.4 / np.sqrt(size)) * size, size, "mean")
    grown = {"growing": np.linspace(500, 3000, 30), "stepped": np.r_[np.full(15, 1000), np.full(15, 8000)]}
    words = grown[kind] if kind in grown else rng.lognormal(7, 0.4, 30).round()
    taste = rng.gamma(4, 0.25, 30) if kind == "bursty" else 1.0
    return series(rng.poisson(words * 0.008 * taste), words)


@pytest.mark.null
@pytest.mark.parametrize("kind", ["plain", "bursty", "growing", "stepped", "mean"])
def test_series_of_constant_level_show_no_change_point_and_no_spike(kind, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """200 series of 30 periods: at most 8 % with a change point, at most 8 % with a spike (5 % promised)."""
    monkeypatch.setattr(changes, "SHUFFLES", 199)
    rng, changed, spiked = np.random.default_rng(11), 0, 0
    for _ in range(200):
        table = noise(rng, kind)
        changed += len(change_points(table)) > 0
        spiked += bool((spikes(table)["q"] < 0.05).any())
    assert changed / 200 <= 0.08, changed
    assert spiked / 200 <= 0.08, spiked
