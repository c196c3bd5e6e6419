"""The twenty least certain labels."""

import pandas as pd

from workbench.analysis.quality import least_certain_labels
from workbench.label import label
from workbench.schema import Document
from workbench.settings import load_settings


def tables(confidences, basis="stated in a date line"):
    text = "".join(f"line {chr(97 + n)}\n" for n in range(len(confidences)))
    segments = pd.DataFrame(
        [
            ("a.txt", 7 * n, 7 * n + 7, "paragraph" if n % 2 else "chrome", "prose", c)
            for n, c in enumerate(confidences)
        ],
        columns=["doc_id", "start", "end", "kind", "rule", "confidence"],
    )
    documents = pd.DataFrame(
        {"doc_id": ["a.txt"], "text": [text], "date": ["2020-01-01"], "date_basis": [basis]}
    )
    return segments, documents


def test_the_least_certain_line_comes_first_and_what_a_rule_decided_is_left_out():
    found = least_certain_labels(*tables([0.9, 0.55, None, 0.7, 0.99]))
    assert found["words"].tolist() == ["line b", "line d", "line a"]
    assert found["why"].tolist() == [
        "prose; could also be no text",
        "prose; could also be no text",
        "prose; could also be text",
    ]
    assert found["confidence"].is_monotonic_increasing


def test_a_date_with_a_rival_is_shown_before_the_lines_with_its_basis():
    found = least_certain_labels(*tables([0.6], "stated in a date line; other date lines say 2019-12-31"))
    assert found["what"].tolist() == ["date", "line"]
    assert found["why"][0].endswith("2019-12-31")


def test_twenty_are_shown_and_nothing_is_no_error():
    assert len(least_certain_labels(*tables([0.6] * 40))) == 20
    assert least_certain_labels(*tables([])).empty


def test_what_the_chain_judges_has_a_confidence_and_what_a_rule_decides_has_none():
    body = (
        "The ministry said on Friday that the talks about grain had gone on until the evening and would be "
        "resumed when the delegations had heard from their capitals, two of which had asked for time."
    )
    text = f"Grain talks enter a second day\n\nBy Jane Roe\n\n{body}\n\n{body[:92]}.\n\nHome\n"
    labels = label(Document("a.txt", "a.txt", text, ""), load_settings())
    sure = {text[s.start : s.end].strip(): s.confidence for s in labels.segments}
    assert sure[body] >= 0.9
    assert sure["By Jane Roe"] is None
    assert sure["Home"] is not None
