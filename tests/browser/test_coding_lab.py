"""Coding by hand in a real JupyterLab: by keys alone, written at once, resumed by another page, blind."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import live

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The validation notebook over the seeds, run, its widgets on the screen."""
    pytest.importorskip("jupyterlab")
    folder = live.project(tmp_path_factory.mktemp("lab"))
    with live.lab(folder) as base:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        opened = context.new_page()
        opened.complaints = live.listen(opened, base)
        opened.folder = folder
        opened.goto(f"{base}/lab/tree/notebooks/validation.ipynb?reset")
        opened.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=120_000)
        opened.evaluate(live.RUN_ALL)
        opened.evaluate("() => { const s = window.jupyterapp.shell; s.collapseLeft(); s.collapseRight(); }")
        opened.get_by_label("Coder").wait_for(timeout=240_000)
        yield opened
        context.close()


def codes(page: Any) -> list[dict[str, str]]:
    (place,) = (page.folder / "codes").glob("*.csv")
    with place.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def begin(page: Any, coder: str, said: str) -> None:
    page.get_by_label("Coder").fill(coder)
    page.get_by_label("Coder").press("Tab")
    page.locator(".wbx").get_by_role("button", name="Start or continue").press("Enter")
    page.locator(f".wbx-says:has-text('{said}')").wait_for(timeout=20_000)


def press(page: Any, key: str, said: str) -> None:
    page.keyboard.press(key)
    page.locator(f".wbx-says:has-text('{said}')").wait_for(timeout=20_000)


def look(page: Any, name: str) -> None:
    """A picture, where they are asked for."""
    if folder := os.environ.get("WORKBENCH_PICTURES"):
        page.locator(".wbx").scroll_into_view_if_needed()
        page.screenshot(path=str(Path(folder) / f"coding-{name}.png"))


def test_keys_alone_code_take_back_and_go_on(page: Any) -> None:
    begin(page, "Ada", "0 of 52 coded by Ada")
    page.get_by_label("Keys").focus()
    press(page, "1", "1 of 52 coded by Ada")
    press(page, "3", "2 of 52 coded by Ada")
    press(page, "u", "Undone. 1 of 52 coded by Ada")
    press(page, "2", "2 of 52 coded by Ada")
    assert [row["code"] for row in codes(page)] == ["positive", "negative", "", "neutral"]
    assert page.evaluate("document.activeElement.tagName") == "INPUT", "the field keeps the focus"
    look(page, "light")


def test_the_focus_is_visible_and_every_part_has_a_name(page: Any) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)"
    )
    found = axe.Axe().run(page, context={"include": [[".wbx"]]}).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
    page.locator(".wbx").get_by_role("button", name="n  next").focus()
    page.keyboard.press("Tab")
    assert "solid" in page.evaluate("getComputedStyle(document.activeElement).outlineStyle")


def test_a_second_coder_sees_the_first_sentence_and_no_code(page: Any) -> None:
    begin(page, "Ben", "0 of 52 coded by Ben")
    shown = page.locator(".wbx-coding-page").inner_text()
    assert shown.startswith("1 of 52")
    for word in ("positive", "negative", "neutral", "Ada"):
        assert word not in shown
    begin(page, "Ada", "2 of 52 coded by Ada")


@pytest.mark.parametrize(("width", "theme"), [(1400, "JupyterLab Dark"), (900, "JupyterLab Light")])
def test_it_fits_narrow_and_dark(page: Any, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate(live.THEME, theme)
    page.wait_for_timeout(800)
    look(page, f"{width}-{theme.split()[-1].lower()}")
    box = page.locator(".wbx")
    assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 1


def test_the_browser_complained_of_nothing(page: Any) -> None:
    assert page.complaints == []
