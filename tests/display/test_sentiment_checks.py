"""The checks of sentiment as figures and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import lexicon_agreement, mask_sensitivity, sentiment_arc
from workbench.analysis.units import count_units
from workbench.display import draw_agreement, draw_course, draw_disagreements, draw_sensitivity
from workbench.display.readings.sentiment import agreement_reading, course_reading, sensitivity_reading


@pytest.fixture(scope="module")
def made():
    found = corpus()
    found.units = count_units(found.sentences, found.tokens, found.documents)
    return found


def parts(values: list[float], half: float) -> pd.DataFrame:
    table = pd.DataFrame({"part": range(1, len(values) + 1), "n": 20, "mean": values, "low": [v - half for v in values],
                          "high": [v + half for v in values], "positive": 0.5, "negative": 0.2, "speaker": "Ann <b>",
                          "sufficient": True})  # fmt: skip
    table.attrs |= {"doc_id": "a.txt", "mean": float(np.mean(values)), "n": 20 * len(values)}
    return table


def test_the_agreement_says_how_far_and_names_the_source_of_the_words(made) -> None:
    table = lexicon_agreement.agreement(made.sentiment, made.units)
    figure = draw_agreement(table, caption="source TASS")
    assert "Open Database License" in figure.caption
    assert "Court &lt;b&gt;" in figure.svg
    assert "too few sentences to tell" in agreement_reading(table)


def test_the_order_of_groups_is_compared() -> None:
    rows = [{"group": g, "n": 90, "r": 0.6, "r_low": 0.5, "r_high": 0.7, "same": 0.7, "opposed": 0.05, "mean": m,
             "mean_second": s, "sufficient": True} for g, m, s in (("A", 0.2, 0.1), ("B", 0.1, 0.3))]  # fmt: skip
    assert "another order" in agreement_reading(pd.DataFrame(rows))
    rows[1]["mean_second"] = 0.0
    assert "same order" in agreement_reading(pd.DataFrame(rows))


def test_disagreements_print_the_words_of_both(made) -> None:
    table = lexicon_agreement.disagreements(made.sentiment, made.units, made.tokens)
    assert "words_second" in draw_disagreements(table).headings()


def test_the_masks_are_drawn_step_by_step_and_read(made) -> None:
    table = mask_sensitivity.sensitivity(made.sentiment, made.units)
    figure = draw_sensitivity(table)
    assert len(figure.table.frame) == len(table)
    assert "The masks move Wire most" in sensitivity_reading(table)
    assert (
        sensitivity_reading(table.assign(moved=0.0))
        == "No mask moves the mean of any group by as much as 0.01."
    )


def test_a_part_that_lies_apart_is_named_and_an_even_course_is_chance() -> None:
    assert course_reading(parts([0.5, 0.1, 0.1, 0.1], 0.05)).startswith("Part 1 (0.50")
    assert "within chance" in course_reading(parts([0.1, 0.12, 0.1], 0.2))
    assert 'aria-label="Mean sentiment of the parts' in draw_course(parts([0.5, 0.1], 0.1)).svg


def test_a_short_document_is_no_empty_figure_but_a_reason(made) -> None:
    refused = sentiment_arc.course_or_none(made.sentiment, made.units, sentiment_arc.longest(made.units))
    shown = draw_course(refused)
    assert "scored sentences are too few" in shown.html()
    assert course_reading(refused) == ""
