"""Text is data: nothing that a document, a title, a name or a parameter brings runs in a report."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell
from support.report_cells import PARAMETERS, code, data, html, text

from workbench.report.page.sanitize import Cleaner

PWN = "window.__pwned=1"
ATTACKS = {
    "script": f"<script>{PWN}</script>",
    "script in upper case": f"<SCRIPT>{PWN}</SCRIPT >",
    "unclosed script": f"<script>{PWN}//",
    "onerror": f'<img src=x onerror="{PWN}">',
    "onerror after a data image": f'<img src="data:image/png;base64,AAAA" onerror={PWN}>',
    "javascript link": f'<a href="javascript:{PWN}">click</a>',
    "javascript link with a tab": f'<a href="java\tscript:{PWN}">click</a>',
    "javascript link in entities": f'<a href="&#106;avascript:{PWN}">click</a>',
    "data link": f'<a href="data:text/html,<script>{PWN}</script>">click</a>',
    "end of style": f"</style><script>{PWN}</script>",
    "end of details and main": f"</details></div></main><script>{PWN}</script>",
    "cdata": f"]]><script>{PWN}</script>",
    "comment": f"<!--><img src=x onerror={PWN}>-->",
    "open comment": f"<!-- <img src=x onerror={PWN}>",
    "svg onload": f'<svg onload="{PWN}"><circle r="5"/></svg>',
    "script in svg": f"<svg><script>{PWN}</script><script href='data:,{PWN}'/></svg>",
    "animate in svg": f'<svg><a xlink:href="#"><animate attributeName="href" values="javascript:{PWN}"/><text y="9">x</text></a></svg>',
    "foreignObject": f"<svg><foreignObject><iframe srcdoc='<script>parent.{PWN}</script>'></iframe></foreignObject></svg>",
    "use of another file": '<svg><use href="http://127.0.0.1:9/x.svg#a"/></svg>',
    "iframe": f'<iframe src="javascript:parent.{PWN}"></iframe>',
    "iframe srcdoc": f"<iframe srcdoc='<script>parent.{PWN}</script>'></iframe>",
    "object and embed": f'<object data="data:text/html,<script>{PWN}</script>"></object><embed src="javascript:{PWN}">',
    "form": f'<form action="javascript:{PWN}"><button>go</button><input autofocus onfocus="{PWN}"></form>',
    "autofocus": f'<div tabindex=1 autofocus onfocus="{PWN}">x</div>',
    "base and meta": '<base href="http://127.0.0.1:9/"><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    "external image": '<img src="http://127.0.0.1:9/a.png"><img srcset="http://127.0.0.1:9/b.png 1x" src="//127.0.0.1:9/c.png">',
    "external style": '<link rel=stylesheet href="http://127.0.0.1:9/a.css"><style>@import "http://127.0.0.1:9/b.css";</style>',
    "url in style": '<p style="background: url(http://127.0.0.1:9/a.png); list-style-image: image-set(\'http://127.0.0.1:9/b\' 1x)">x</p>',
    "escaped url in style": r'<p style="background: u\72l(http://127.0.0.1:9/a.png)">x</p>',
    "mutation by noscript": f'<noscript><p title="</noscript><img src=x onerror={PWN}>">',
    "mutation by math": f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={PWN}&gt;\">",
    "mutation by svg style": f'<svg></p><style><a id="</style><img src=1 onerror={PWN}>">',
    "template": f"<template><script>{PWN}</script></template><div shadowrootmode=open><script>{PWN}</script></div>",
    "details toggle": f'<details open ontoggle="{PWN}"><summary>s</summary>x</details>',
    "clobbering": '<img name="querySelectorAll" src="data:image/png;base64,AAAA"><a id="contents">x</a>',
    "attribute breakout": f'<a title=\'"><img src=x onerror={PWN}>\'>x</a>',
    "nul and slash": f"<img/src=x/onerror={PWN}>\x00<scr\x00ipt>{PWN}</scr\x00ipt>",
}  # fmt: skip


def everywhere(attack: str) -> list[Any]:
    """A notebook with the attack in every place that text can come from."""
    return [
        new_markdown_cell(f"# A title {attack}"),
        PARAMETERS,
        new_markdown_cell(
            f"## A heading {attack}\n\n{attack}\n\n```\n{attack}\n```\n\n[link]({attack}) `{attack}`"
        ),
        code(f"print({attack!r})", text(attack), text(attack, "stderr")),
        code("html", html(attack)),
        code("mixed", html(f"<table><tr><td>{attack}</td></tr></table><p>after</p>")),
        code("svg", data("image/svg+xml", f"<svg xmlns='http://www.w3.org/2000/svg'><g>{attack}</g></svg>")),
        code("md", data("text/markdown", attack)),
        code("plain", data("text/plain", attack)),
        code("png", data("image/png", f'AAAA" onerror="{PWN}')),
        code("err", {"output_type": "error", "ename": attack, "evalue": attack, "traceback": [attack]}),
    ]


@pytest.mark.parametrize("attack", list(ATTACKS.values()), ids=list(ATTACKS))
def test_a_hostile_text_is_inert_in_every_place_of_a_report(draw: Any, open_file: Any, attack: str) -> None:
    path = draw(everywhere(attack), name=f"x{attack}", failure=attack, top=attack)
    opened = open_file(path)
    page = opened.page
    for details in page.query_selector_all("details"):
        details.evaluate("one => { one.open = true }")
    page.evaluate(CLICK_ALL)
    page.wait_for_timeout(50)
    assert opened.pwned() is None
    assert opened.requests == []
    assert page.evaluate("document.scripts.length") == 1
    # Not only the policy holds it back: there is nothing to hold back.
    assert page.evaluate(HANDLERS) == []
    assert [said for said in opened.complaints if "Content Security Policy" in said] == []
    assert page.locator("main, footer").count() == 2
    assert page.locator("footer pre").is_visible()


# Clicks every link, and follows those that are no ordinary address.
CLICK_ALL = """() => { for (const a of document.querySelectorAll('a')) {
  const to = a.getAttribute('href') || '';
  if (/^(https?:|mailto:|#|[^:]*$)/i.test(to)) a.addEventListener('click', e => e.preventDefault());
  a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
}}"""
HANDLERS = """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]
  .filter(a => a.name.startsWith('on') || /^\\s*(javascript|data:text)/i.test(a.value) && a.name !== 'title' && a.name !== 'alt')
  .map(a => e.outerHTML.slice(0, 200)))"""


@pytest.mark.parametrize("attack", list(ATTACKS.values()), ids=list(ATTACKS))
def test_the_cleaned_html_alone_is_inert_even_without_the_policy(
    tmp_path: Path, open_file: Any, attack: str
) -> None:
    path = tmp_path / "bare.html"
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><main>{Cleaner().clean(attack)}</main>", encoding="utf-8"
    )
    opened = open_file(path)
    opened.page.evaluate(CLICK_ALL)
    opened.page.wait_for_timeout(50)
    assert opened.pwned() is None
    assert opened.requests == []
    assert opened.page.evaluate("document.scripts.length") == 0


def test_the_selection_and_the_reproducing_line_are_text(draw: Any, open_file: Any) -> None:
    select = f'source:"O\'Brien {{x}} </code><script>{PWN}</script> $(id)"'
    opened = open_file(draw([PARAMETERS], select=select))
    assert opened.pwned() is None
    words = shlex.split(opened.page.locator("footer pre").inner_text())
    assert words == ["workbench", "report", "topic_frequency", "--select", select]
