"""The explorer as a page of `workbench explore`: a real Voilà, behind its token, for reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from support import live
from support.explorer_page import HOSTILE, INSIDE, VIEWS, button, count, faults, inert, reset, search, view

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown(browser: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The seeds and a document of script by `workbench explore`, dark, in the browser of somebody who has the address."""
    pytest.importorskip("voila", reason="Voilà is not installed (extra live)")
    folder = live.project(tmp_path_factory.mktemp("explorer"), hostile=HOSTILE)
    with live.voila(folder, "--corpus=seeds", "--theme=dark") as base:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        opened = context.new_page()
        opened.complaints = live.listen(opened, base)
        opened.goto(f"{base}/")
        opened.asked_for_token = opened.url
        opened.goto(f"{base}/?token=secret", wait_until="commit")
        opened.locator(".wbx-count b").wait_for(timeout=180_000)
        yield opened
        context.close()


def test_voila_asks_for_the_token_and_shows_the_explorer_for_reading(shown: Any) -> None:
    assert "/login" in shown.asked_for_token
    reset(shown)
    assert shown.locator("h1").inner_text() == "The documents of seeds"
    assert shown.get_by_text("import os").count() == 0
    assert [head.inner_text() for head in shown.locator(".wbx-action:visible").all()] == ["Copy as code"]


def test_voila_filters_draws_and_reads(shown: Any) -> None:
    button(shown, re.compile("^Kremlin")).click()
    count(shown, 1)
    search(shown, "source:Kremlin Syria")
    shown.locator(".wbx-chip:visible:has-text('words: Syria')").wait_for()
    for name in VIEWS:
        view(shown, name)
        assert inert(shown)
    assert faults(shown) == []
    button(shown, "Hit ›").click()
    shown.locator(".wbx-count:has-text('hit 2 of ')").wait_for()
    shown.wait_for_function(INSIDE)
    assert shown.locator(".wbx-correct:visible").count() == 0


def test_voila_opens_as_it_was_left_when_the_page_is_loaded_again(shown: Any) -> None:
    shown.reload(wait_until="commit")
    shown.locator(".wbx-now").first.wait_for(timeout=180_000)
    assert shown.input_value(".wbx-search input") == "source:Kremlin Syria"
    assert shown.complaints == []
