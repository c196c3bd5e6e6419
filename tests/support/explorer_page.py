"""What the tests of the explorer's page share: a document of script, and hands and eyes on the page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

PWN = "window.__pwned=1"
ATTACK = f"<script>{PWN}</script><img src=x onerror={PWN}>"
HOSTILE = f"""{ATTACK} talks with Ann Lee

GENEVA, March 3, 2020 - "We welcome {ATTACK} the great agreement," Ann {ATTACK} Lee said on Tuesday.

</style></title></textarea><svg onload={PWN}> Sanctions against Syria are a terrible mistake, the ministry said.
<iframe srcdoc="<script>parent.{PWN}</script>"></iframe> [a link](javascript:{PWN}) {{{{ x }}}} $$\\alpha$$ ]]> <!-- <b
"""
# The handles of ipywidgets' slider have a role and a value but no name of their own, and it offers no way
# to give one; the dates can be written into the search line instead.
NOT_OURS = (".noUi-handle",)
VIEWS = ("Documents", "Concordance", "Topics", "Sentiment", "Entities", "Timeline", "Reader")
LIVE_MARKUP = """() => [...document.querySelectorAll('.wbx *, .wbx-static *')].filter(e => /^(SCRIPT|IMG|IFRAME|OBJECT|EMBED)$/.test(e.tagName)
  || [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value) && a.name === 'href')).map(e => e.outerHTML.slice(0, 200))"""
INSIDE = """() => { const of = e => e.getBoundingClientRect(), hit = of(document.querySelector('.wbx-now')), box = of(document.querySelector('.wbx-text'));
  return hit.top >= box.top && hit.bottom <= box.bottom && hit.top >= 0 && hit.bottom <= innerHeight; }"""


def search(page: Any, line: str) -> None:
    page.fill(".wbx-search input", line)


def count(page: Any, n: int) -> None:
    page.locator(f".wbx-count b:text-is('{n}')").first.wait_for(timeout=20_000)


def button(page: Any, name: str | re.Pattern[str]) -> Any:
    return page.locator(".wbx").get_by_role("button", name=name, exact=isinstance(name, str)).first


def view(page: Any, name: str) -> None:
    """Turn to a view and wait until it shows something."""
    button(page, name).click()
    shown = {"Documents": ".wbx-row", "Reader": ".wbx-doc"}.get(name, ".wbx-drawn > *")
    page.locator(f"{shown} >> visible=true").first.wait_for(timeout=60_000)
    page.locator(".wbx-figure .wbx-note-line:has-text('Counting')").wait_for(state="hidden", timeout=60_000)
    page.locator(".wbx-count .wbx-note-line:has-text('Reading')").wait_for(state="hidden", timeout=60_000)


def reset(page: Any) -> None:
    """Everything, as a list."""
    if button(page, "Reset").is_enabled():
        button(page, "Reset").click()
    view(page, "Documents")
    count(page, 3)
    page.locator(".wbx-value", has_text=re.compile(r"^unknown\s2$")).wait_for()  # the facets follow the list


def said(page: Any, words: str, timeout: int = 60_000) -> Any:
    line = page.locator(".wbx-says:visible", has_text=words).first
    line.wait_for(timeout=timeout)
    return line


def picture(page: Any, name: str) -> None:
    """A picture for the guide, where they are asked for."""
    if folder := os.environ.get("WORKBENCH_PICTURES"):
        page.locator(".wbx").first.scroll_into_view_if_needed()
        page.mouse.move(0, 0)
        box = page.locator(".wbx").first.bounding_box()
        box["height"] = min(box["height"], 870)  # what JupyterLab shows of it
        page.screenshot(path=str(Path(folder) / f"explorer-{name}.png"), clip=box)


def faults(page: Any) -> list[str]:
    """axe's violations inside the explorer."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)"
    )
    context = {"include": [[".wbx"]], "exclude": [[name] for name in NOT_OURS]}
    found = axe.Axe().run(page, context=context).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def inert(page: Any) -> bool:
    """Whether nothing of a document has become markup, let alone run."""
    return page.evaluate("window.__pwned ?? null") is None and page.evaluate(LIVE_MARKUP) == []
