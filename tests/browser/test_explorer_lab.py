"""The explorer in a real JupyterLab, over the seeds and a document of script: typed into, clicked, dragged, read.

The pictures of `docs/guide/explorer.md` are made here: WORKBENCH_PICTURES=docs/images pytest tests/browser/test_explorer_lab.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import live
import pytest

pytestmark = pytest.mark.slow
ATTACK = "<script>window.__pwned=1</script><img src=x onerror=window.__pwned=1>"
HOSTILE = f"""{ATTACK} talks with Ann Lee

GENEVA, March 3, 2020 - "We welcome {ATTACK} the great agreement," Ann {ATTACK} Lee said on Tuesday.

</style></title><svg onload=window.__pwned=1> Sanctions against Syria are a terrible mistake, the ministry said.
"""
# The handles of ipywidgets' slider have a role and a value but no name of their own, and it offers no way
# to give one; the dates can be written into the search line instead.
NOT_OURS = (".noUi-handle",)


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The explorer over the seeds and a document of script, open in JupyterLab."""
    pytest.importorskip("jupyterlab")
    folder = live.project(tmp_path_factory.mktemp("lab"), hostile=HOSTILE)
    with live.lab(folder) as base:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        opened = context.new_page()
        opened.complaints = live.listen(opened)
        opened.folder, opened.base = folder, base
        live.open_lab(opened, base)
        yield opened
        context.close()


def search(page: Any, line: str) -> None:
    page.fill(".wbx-search input", line)


def count(page: Any, n: int) -> None:
    page.locator(f".wbx-count b:text-is('{n}')").wait_for(timeout=20_000)


def button(page: Any, name: str | re.Pattern[str]) -> Any:
    return page.locator(".wbx").get_by_role("button", name=name, exact=isinstance(name, str)).first


def picture(page: Any, name: str) -> None:
    """A picture for the guide, where they are asked for."""
    if folder := os.environ.get("WORKBENCH_PICTURES"):
        page.locator(".wbx").first.scroll_into_view_if_needed()
        page.screenshot(path=str(Path(folder) / f"explorer-{name}.png"))


def faults(page: Any) -> list[str]:
    """axe's violations inside the explorer."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)"
    )
    context = {"include": [[".wbx"]], "exclude": [[name] for name in NOT_OURS]}
    found = axe.Axe().run(page, context=context).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def test_typing_and_clicking_narrow_and_an_error_keeps_the_result(page: Any) -> None:
    count(page, 3)
    search(page, "mentions:Syria")
    page.locator(".wbx-chip:visible").wait_for()
    search(page, "mentions:Syria source:TSS")
    page.locator(".wbx-error:has-text('Did you mean')").wait_for()
    search(page, "")
    count(page, 3)
    button(page, re.compile("^TASS")).click()
    count(page, 1)
    assert page.input_value(".wbx-search input") == "source:TASS"
    button(page, "Undo").click()
    count(page, 3)
    assert faults(page) == []


def test_dragging_the_dates_narrows(page: Any) -> None:
    handle = page.locator(".wbx-range .noUi-handle-lower")
    box, bar = handle.bounding_box(), page.locator(".wbx-range .noUi-base").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(bar["x"] + bar["width"] * 0.2, box["y"] + 5, steps=4)
    page.mouse.up()
    page.locator(".wbx-chip:visible:has-text('since:')").wait_for()
    count(page, 2)
    button(page, "Reset").click()
    count(page, 3)


def test_what_the_ministry_said_about_syria_and_in_which_tone(page: Any) -> None:
    """The walk of the guide, within ten clicks."""
    picture(page, "start")
    button(page, re.compile("^Russian.foreign.ministry")).click()
    count(page, 1)
    search(page, page.input_value(".wbx-search input") + " Syria")
    page.locator(".wbx-chip:visible:has-text('words: Syria')").wait_for()
    button(page, "Sentiment").click()
    page.locator(".wbx-drawn figure").wait_for(timeout=60_000)
    picture(page, "tone")
    button(page, "Documents").click()
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
    assert faults(page) == []
    assert page.evaluate("window.__pwned ?? null") is None
