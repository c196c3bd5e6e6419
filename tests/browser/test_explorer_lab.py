"""The explorer in a real JupyterLab, over the seeds and a document of script: typed into, clicked, dragged, read.

One server, one page, in the order of this file. The pictures of `docs/guide/explorer.md`
are made here: WORKBENCH_PICTURES=docs/images pytest tests/browser/test_explorer_lab.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import live
from support.explorer_page import (
    ATTACK,
    HOSTILE,
    INSIDE,
    VIEWS,
    button,
    count,
    faults,
    inert,
    picture,
    reset,
    said,
    search,
    view,
)  # fmt: skip

pytestmark = pytest.mark.slow
LOOKED_AT = ("Concordance", "Sentiment", "Reader")  # the others are drawn as Sentiment is


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    pytest.importorskip("jupyterlab")
    return live.project(tmp_path_factory.mktemp("explorer"), hostile=HOSTILE)


@pytest.fixture(scope="module")
def page(browser: Any, folder: Path) -> Iterator[Any]:
    """The explorer over the seeds and a document of script, open in JupyterLab."""
    with live.lab(folder) as base:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        opened = context.new_page()
        opened.complaints = live.listen(opened, base)
        opened.base = base
        live.open_lab(opened, base)
        yield opened
        context.close()


def test_typing_and_clicking_narrow_and_an_error_keeps_the_result(page: Any) -> None:
    count(page, 3)
    search(page, "mentions:Syria")
    page.locator(".wbx-chip:visible").wait_for()
    search(page, "mentions:Syria source:TSS")
    page.locator(".wbx-error:has-text('Did you mean')").wait_for()
    search(page, "")
    button(page, re.compile("^TASS")).click()
    count(page, 1)
    assert page.input_value(".wbx-search input") == "source:TASS"
    page.locator(".wbx-value", has_text=re.compile(r"^Geneva.Communique\s1$")).wait_for()
    button(page, "Undo").click()
    count(page, 3)
    page.locator(".wbx-value", has_text=re.compile(r"^Geneva.Communique\s2$")).wait_for()


def test_the_last_word_of_the_line_is_completed(page: Any) -> None:
    search(page, "speaker:Vlad")
    page.locator("datalist option[value='speaker:\"Vladimir Putin\" ']").wait_for(state="attached")
    reset(page)


def test_dragging_the_dates_narrows(page: Any) -> None:
    handle = page.locator(".wbx-range .noUi-handle-lower")
    box, bar = handle.bounding_box(), page.locator(".wbx-range .noUi-base").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(bar["x"] + bar["width"] * 0.2, box["y"] + 5, steps=4)
    page.mouse.up()
    page.locator(".wbx-chip:visible:has-text('since:')").wait_for()
    count(page, 2)
    reset(page)


def test_what_the_ministry_said_about_syria_and_in_which_tone(page: Any) -> None:
    """The walk of the guide, within ten clicks."""
    search(page, "Kerry")
    count(page, 2)
    picture(page, "list")
    reset(page)
    button(page, re.compile("^Russian.foreign.ministry")).click()
    count(page, 1)
    search(page, page.input_value(".wbx-search input") + " Syria")
    page.locator(".wbx-chip:visible:has-text('words: Syria')").wait_for()
    view(page, "Sentiment")
    assert "TASS is neither clearly positive nor clearly negative" in page.inner_text(".wb-reading")
    picture(page, "tone")
    view(page, "Documents")
    page.locator(".wbx-open:visible").first.click()
    page.locator(".wbx-now").first.wait_for(timeout=60_000)
    button(page, "Hit ›").click()
    page.locator(".wbx-layer:has-text('Sentiment')").click()
    page.locator(".wbx-text .wbx-sentiment").first.wait_for()
    picture(page, "reader")
    assert page.locator(".wbx-now").first.inner_text().startswith("Syria")
    mark = page.locator(".wbx-text .wbx-quotes[tabindex]").first
    mark.focus()
    assert "quote of" in mark.locator(".wbx-note").first.inner_text()


def test_hits_are_stepped_through_by_keys_each_brought_into_view(page: Any) -> None:
    reset(page)
    search(page, "source:Kremlin Russia OR cooperation OR President OR talks")
    count(page, 1)
    page.locator(".wbx-open:visible").first.press("Enter")
    where = page.locator(".wbx-count", has_text=re.compile(r"hit 1 of \d\d"))
    where.wait_for(timeout=60_000)
    of = int(where.inner_text().split()[-1])
    for k in range(2, of + 1):
        button(page, "Hit ›").press("Enter")
        page.locator(f".wbx-count:has-text('hit {k} of {of}')").wait_for()
        page.wait_for_function(INSIDE)
    assert page.evaluate("document.querySelector('.wbx-text').scrollTop") > 0


@pytest.mark.parametrize(("width", "theme"), [(1400, "Light"), (900, "Dark")])
def test_axe_finds_no_fault_in_any_view_and_nothing_sticks_out(page: Any, width: int, theme: str) -> None:
    reset(page)
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate(live.THEME, f"JupyterLab {theme}")
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=f"JupyterLab {theme}")
    search(page, "speaker:Lavro Syria")
    page.locator(".wbx-error:visible").wait_for()
    found = faults(page)
    search(page, "Syria OR talks")
    page.locator(".wbx-chip:visible").wait_for()
    for name in VIEWS[1:]:
        view(page, name)
        found += [f"{name}: {fault}" for fault in (faults(page) if name in LOOKED_AT else ())]
        assert page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.wbx'))") <= 0, (
            name
        )
    button(page, re.compile("Correct this document")).click()
    button(page, "Make a report").click()
    found += faults(page)
    button(page, "Make a report").click()
    button(page, re.compile("Correct this document")).click()
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert found == []


def test_a_document_of_script_is_inert_in_every_view(page: Any) -> None:
    reset(page)
    search(page, "source:unknown talks OR agreement OR sanctions")
    count(page, 1)
    for name in VIEWS:
        view(page, name)
        assert inert(page), name
    for layer in page.locator(".wbx-layer:has-text('Topics'), .wbx-layer:has-text('Sentiment')").all():
        if "mod-active" not in layer.get_attribute("class"):
            layer.click()
    page.locator(".wbx-text .wbx-sentiment").first.wait_for()
    for mark in page.locator(".wbx-text .wbx-m[tabindex]").all()[:12]:
        mark.hover()
    assert ATTACK in page.locator(".wbx-text").inner_text()
    button(page, "Copy as code").click()
    assert inert(page)
    button(page, "Copy as code").click()


def test_two_names_become_one_and_the_counts_move(page: Any, folder: Path) -> None:
    reset(page)
    search(page, "mentions:Washington")
    count(page, 1)
    page.locator(".wbx-open:visible").first.click()
    page.locator(".wbx-now").first.wait_for(timeout=60_000)
    button(page, re.compile("Correct this document")).click()
    form = page.locator(".wbx-correct")
    form.get_by_label("Name", exact=True).select_option("Washington")
    form.get_by_label("Other name").fill("United States")
    form.get_by_label("Reason").last.fill("the capital stands for the government")
    button(page, "Same entity").click()
    moved = said(page, "Changed counts:").inner_text()
    assert "3 from Washington to United States" in moved
    assert "1 → 2 documents" in moved
    count(page, 2)
    assert "the capital stands for" in (folder / "settings" / "aliases.toml").read_text(encoding="utf-8")


def test_a_selection_is_saved_and_opened_again(page: Any, folder: Path) -> None:
    reset(page)
    search(page, 'source:TASS "foreign ministry"')
    count(page, 1)
    button(page, "Save selection").click()
    page.locator(".wbx-actions-box").get_by_label("Name").fill("the ministry")
    button(page, "Save").click()
    said(page, "Saved as “the ministry”")
    assert '"the ministry"' in (folder / "settings" / "selections.toml").read_text(encoding="utf-8")
    reset(page)
    page.locator(".wbx-actions-box").get_by_label("Saved").select_option("the ministry")
    count(page, 1)
    assert page.input_value(".wbx-search input") == 'source:TASS "foreign ministry"'
    button(page, "Save selection").click()


def test_a_report_is_made_behind_and_opens_below(page: Any) -> None:
    reset(page)
    search(page, "source:unknown,TASS")
    count(page, 2)
    button(page, "Make a report").click()
    page.locator(".wbx-actions-box").get_by_label("Notebook").select_option("sentiment")
    button(page, "Make the report").click()
    page.locator(".wbx-progress:visible").wait_for()
    view(page, "Topics")  # meanwhile the explorer answers
    said(page, "is ready", timeout=180_000)
    report = page.frame_locator("iframe.wbx-report")
    report.locator("h1").wait_for(timeout=20_000)
    assert report.locator("figure.wb-figure").count() >= 2
    assert page.evaluate("window.__pwned ?? null") is None
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save a copy").click()
    assert "<h1" in Path(saved.value.path()).read_text(encoding="utf-8")
    button(page, "Make a report").click()


def test_the_cell_run_again_and_the_page_loaded_again_open_as_it_was_left(page: Any) -> None:
    reset(page)
    search(page, "speaker:Putin Syria")
    count(page, 1)
    view(page, "Sentiment")
    page.evaluate(live.RUN_ALL)
    page.locator(".wbx-drawn:visible figure").wait_for(timeout=60_000)
    assert page.input_value(".wbx-search input") == "speaker:Putin Syria"
    page.wait_for_timeout(500)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    page.locator(".wbx-drawn:visible figure").wait_for(timeout=60_000)
    assert page.input_value(".wbx-search input") == "speaker:Putin Syria"
    search(page, "")
    count(page, 3)


def test_an_exported_notebook_shows_the_selection_without_any_widget(
    page: Any, folder: Path, open_file: Any
) -> None:
    """As it was saved by the test before."""
    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "html",
        "notebooks/explorer.ipynb",
        "--output-dir",
        ".",
    ]
    subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(live.ROOT)}, check=True, capture_output=True)  # fmt: skip
    exported = open_file(folder / "explorer.html").page
    static = exported.locator(".wbx-static")
    assert "1 document" in static.inner_text()
    assert static.locator("figure.wb-figure svg").first.is_visible()
    assert static.get_by_text("Meeting with US Secretary of State John Kerry").first.is_visible()


def test_jupyterlab_complained_of_nothing_and_nothing_outside_was_asked(page: Any) -> None:
    assert page.complaints == []
