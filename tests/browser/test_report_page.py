"""A report in a real browser: it asks for nothing, complains of nothing, and can be read by anyone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.fake_runs import lay_run, some_changes
from support.report_cells import code, html, ordinary

from workbench.report.diff.render import section
from workbench.report.index import write_index
from workbench.report.records import ReportRecord, write_record


@pytest.fixture
def report(draw: Callable[..., Path]) -> Path:
    changes = section(some_changes(), Path(), None)
    return draw(ordinary(), select="source:TASS since:2015", changes=changes, top=5)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    about = {
        "key": "k", "made": "2026-01-05T08:00:00+00:00", "selection": "all documents",
        "parameters": {"top": 5}, "corpus_version": "0" * 16,
    }  # fmt: skip
    write_record(tmp_path, ReportRecord(name="sentiment", notebook="sentiment", state="done", **about))
    failed = ReportRecord(name="topics", notebook="topics", **about).failed(
        "NameError: x", "topics.failed.html"
    )
    write_record(tmp_path, failed)
    for k, value in enumerate((3.0, 5.0, 4.0)):
        lay_run(tmp_path, "week", f"2020030{k + 1}T0700Z", value)
    lay_run(tmp_path, "week", "20200308T0700Z", 1.0, "failed", reason="it broke", made="2020-03-30")
    return write_index(tmp_path)


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_opens_offline_asks_for_nothing_and_axe_finds_no_fault(
    report: Path, open_file: Any, violations: Any, width: int, scheme: str
) -> None:
    opened = open_file(report, width=width, scheme=scheme)
    for details in opened.page.query_selector_all("details"):
        details.evaluate("one => { one.open = true }")
    assert opened.overflow() <= 0
    assert violations(opened) == []
    assert opened.requests == []
    assert opened.complaints == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_index_opens_offline_and_axe_finds_no_fault(
    index: Path, open_file: Any, violations: Any, width: int, scheme: str
) -> None:
    opened = open_file(index, width=width, scheme=scheme)
    for details in opened.page.query_selector_all("details"):
        details.evaluate("one => { one.open = true }")
    assert opened.overflow() <= 0
    assert violations(opened) == []
    assert (opened.requests, opened.complaints) == ([], [])


def test_a_report_reads_the_same_without_script(report: Path, open_file: Any) -> None:
    page = open_file(report, script=False).page
    assert page.locator("h1").count() == 1
    assert page.locator("table caption").first.is_visible()
    assert page.locator("details.wb-code").first.is_visible()
    assert page.locator(".wb-filter").count() == 0


def test_code_is_hidden_and_one_click_away(report: Path, open_file: Any) -> None:
    page = open_file(report).page
    first = page.locator("details.wb-code").first
    assert not first.locator("pre").is_visible()
    first.locator("summary").click()
    assert first.locator("pre").is_visible()
    page.get_by_role("button", name="Show all code").click()
    assert page.locator("details.wb-code pre").last.is_visible()


def test_a_table_sorts_by_number_and_back(report: Path, open_file: Any) -> None:
    page = open_file(report).page
    table = page.locator("table", has_text="Fifteen words")
    column = lambda: [int(text) for text in table.locator("td.wb-number").all_text_contents()]  # noqa: E731
    as_given = column()
    table.get_by_role("button", name="n", exact=True).click()
    assert column() == sorted(as_given)
    assert table.locator("th[aria-sort=ascending]").inner_text().strip().startswith("n")
    table.get_by_role("button", name="n", exact=True).click()
    assert column() == sorted(as_given, reverse=True)


def test_the_address_keeps_how_tables_are_sorted_and_filtered_and_a_link_to_a_section_leaves_them(
    report: Path, open_file: Any
) -> None:
    def table(page: Any) -> Any:
        return page.locator("table", has_text="Fifteen words")

    def rows(page: Any) -> list[str]:
        return list(table(page).locator("tbody tr:visible").all_text_contents())

    page = open_file(report).page
    for _ in range(2):
        table(page).get_by_role("button", name="n", exact=True).click()
    page.get_by_role("searchbox").fill("1~2-& Über")
    assert rows(page) == []
    page.get_by_role("searchbox").fill("word 1")
    wanted, address = rows(page), page.url
    assert len(wanted) == 6
    assert address.endswith("-:word%201"), "downwards, and these words"
    page.locator("nav a").first.click()
    assert page.url.split("~")[1] == address.split("~")[1], "the tables stay as they are"
    for url in (address, page.url):
        other = open_file(report).page
        other.goto("about:blank")
        other.goto(url)
        assert rows(other) == wanted
        assert other.get_by_role("searchbox").input_value() == "word 1"
        assert other.url == url


def test_an_address_that_means_nothing_changes_nothing(report: Path, open_file: Any) -> None:
    opened = open_file(report)
    as_given = opened.page.locator("main td, main th").all_text_contents()
    for junk in (
        "~",
        "~x",
        "~2:99+:",
        "~2:0+:%E0%A4%A",
        "~999:1-:a&2",
        "~2:<img src=x>",
        "~2::%3Cimg src=x%3E~",
    ):
        opened.page.goto("about:blank")
        opened.page.goto(report.resolve().as_uri() + "#" + junk)
        assert opened.page.locator("main td, main th").all_text_contents() == as_given, junk
    assert (opened.complaints, opened.requests, opened.page.locator("img[src=x]").count()) == ([], [], 0)


def test_sorting_a_folded_table_takes_the_folded_rows_along(draw: Any, open_file: Any) -> None:
    def table(numbers: list[int]) -> str:
        rows = "".join(f"<tr><td>{n}</td></tr>" for n in numbers)
        return f"<table><thead><tr><th>n</th></tr></thead><tbody>{rows}</tbody></table>"

    folded = f"<div class='wb-table'>{table([9, 8])}<details class='wb-more'><summary>2 more</summary>{table([1, 2])}</details></div>"
    page = open_file(draw([code("x", html(folded))])).page
    page.get_by_role("button", name="n", exact=True).first.click()
    assert page.locator(".wb-table td").all_text_contents() == ["1", "2", "8", "9"]


def test_a_long_table_can_be_filtered_and_says_how_many_rows_are_left(report: Path, open_file: Any) -> None:
    page = open_file(report).page
    page.get_by_role("searchbox").fill("word 1")
    rows = page.locator("table", has_text="Fifteen words").locator("tbody tr:visible")
    assert rows.count() == 6  # word 1 and 10 to 14
    assert page.locator(".wb-filter output").inner_text() == "6 of 15"


def test_every_link_of_the_contents_leads_to_a_heading(report: Path, open_file: Any) -> None:
    page = open_file(report).page
    links = page.locator("nav a")
    assert links.all_text_contents() == ["What changed", "Arms control comes first", "A wide table"]
    for link in links.all():
        target = link.get_attribute("href")
        assert page.locator(f'h2[id="{target[1:]}"]').count() == 1


def test_headings_have_no_gaps(report: Path, open_file: Any) -> None:
    tags = open_file(report).page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )
    assert tags[0] == 1
    assert tags.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(tags))


def test_a_report_prints_to_pdf_without_its_tools(report: Path, open_file: Any) -> None:
    page = open_file(report).page
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert not page.locator(".wb-tools").is_visible()
    assert not page.locator("details.wb-code").first.is_visible()
    assert page.locator("footer pre").is_visible()
