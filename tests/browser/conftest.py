"""A real browser for reports: Debian's Chromium, offline, with every request counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_notebook
from support import live

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Beside a failed test of a live page: what the page shows, what it complained of, what its server said."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for page, base, complaints in live.listened():
            report.sections.append((f"live page {page.url}", live.describe(page, base, complaints)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page with what it asked for and complained about since it was opened."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def overflow(self) -> int:
        """Pixels that stick out to the right."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def pwned(self) -> Any:
        return self.page.evaluate("window.__pwned ?? null")


@pytest.fixture
def open_file(browser: Any) -> Iterator[Callable[..., Opened]]:
    """`open_file(path, width=1280, scheme="light")`: the file in a fresh, offline browser context."""
    contexts = []

    def open_(path: Path, *, width: int = 1280, scheme: str = "light", script: bool = True) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        context.set_offline(True)
        opened = Opened(context.new_page())
        own = path.resolve().as_uri()

        def route(route: Any) -> None:
            if route.request.url == own:
                route.continue_()
            else:
                opened.requests.append(route.request.url)
                route.abort()

        context.route("**/*", route)
        opened.page.on("console", lambda said: opened.complaints.append(said.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.goto(own)
        return opened

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def violations() -> Callable[[Opened], list[str]]:
    """axe's violations on an opened page, a line each; empty when there are none."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)"
    )

    def run(opened: Opened) -> list[str]:
        # Our own policy forbids scripts from outside; the test tool comes in through the debugger.
        found = axe.Axe().run(opened.page).response["violations"]
        return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return run


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., Path]:
    """`draw(cells, name="topic_frequency")`: the page of an executed notebook, without running it."""
    from workbench.report.notebook.parameters import ParameterSchema, schema_of
    from workbench.report.page.render import PageFacts, PagePart, render
    from workbench.report.plan import reproduce
    from workbench.selection.model import Selection

    def draw_(
        cells: list[Any],
        name: str = "topic_frequency",
        select: str = "",
        failure: str = "",
        changes: str = "",
        **changed: Any,
    ) -> Path:
        notebook = new_notebook(cells=cells)
        schema = schema_of(Path(f"{name}.ipynb"), notebook.cells)
        assert isinstance(schema, ParameterSchema)
        facts = PageFacts(
            title="", parts=[PagePart(name, schema, schema.defaults() | changed, changed)],
            select=Selection.parse(select), made="2026-01-05 08:00 UTC",
            stamp={"Corpus version": "0" * 16, "Notebook": f"{name}.ipynb"},
            command=reproduce(name, changed, select), failure=failure, changes=changes,
            notices=[("failed", f"This report failed: {failure}")] if failure else [],
        )  # fmt: skip
        path = tmp_path / "page.html"
        path.write_text(render([notebook], facts), encoding="utf-8")
        return path

    return draw_
