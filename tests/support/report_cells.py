"""Cells of executed notebooks for the browser to look at, made without running anything."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell


def code(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> Any:
    made = [nbformat.from_dict(output) for output in outputs]
    return new_code_cell(source, outputs=made, metadata={"tags": list(tags)})


def html(content: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/html": content}, "metadata": {}}


def data(mime: str, content: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {mime: content}, "metadata": {}}


def text(content: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": content}


PARAMETERS = code(
    "from typing import Literal\n"
    "top: int = 10  # rows to show\n"
    "by: Literal['source', 'speaker'] = 'source'  # what is compared\n"
    'select: str = ""  # which text',
    tags=("parameters",),
)
SVG = (
    '<svg viewBox="0 0 200 80" role="img" aria-label="Three bars"><defs><clipPath id="c"><path d="M0 0h200v80H0z"/>'
    '</clipPath></defs><g clip-path="url(#c)"><rect x="10" y="10" width="120" height="12" style="fill: #0072b2"/>'
    '<rect x="10" y="30" width="60" height="12" style="fill: #0072b2"/></g>'
    '<text x="140" y="20" style="font-size: 10px" fill="currentColor">arms control</text></svg>'
)
ROWS = "".join(
    f"<tr><th scope='row'>word {k}</th><td class='wb-number'>{(k * 7) % 23}</td><td>[0.{k}–3.{k}]</td></tr>"
    for k in range(15)
)
TABLE = (
    "<div class='wb-table'><table><caption>Fifteen words</caption><thead><tr><th scope='col'>word</th>"
    f"<th scope='col' class='wb-number'>n</th><th scope='col'>interval</th></tr></thead><tbody>{ROWS}</tbody></table></div>"
)


def ordinary() -> list[Any]:
    """A little of everything a report shows."""
    wide = "".join(f"<th>column number {k}</th>" for k in range(14))
    cells = "".join(f"<td>a value that is rather long {k}</td>" for k in range(14))
    return [
        new_markdown_cell("# What do the two documents talk about?\n\nA question in a sentence."),
        PARAMETERS,
        new_markdown_cell("## Arms control comes first\n\nProse with `code`, *stress* and a [link](https://example.org)."),
        code("draw()", html(f"<figure class='wb-figure'>{SVG}<figcaption>Rates per 1,000 words.</figcaption></figure>")),
        code("show()", html(TABLE)),
        new_markdown_cell("## A wide table\n\n##### a heading too deep"),
        code("wide()", html(f"<table border='1'><thead><tr>{wide}</tr></thead><tbody><tr>{cells}</tr></tbody></table>")),
        code("print('x')", text("x" * 400), text("a warning\n", "stderr")),
        code(
            "raise ValueError('no')",
            {
                "output_type": "error", "ename": "ValueError", "evalue": "no",
                "traceback": ["\x1b[31mValueError\x1b[39m: no \x1b[32mgreen\x1b[39m \x1b[38;5;28mlong\x1b[39m " + "y" * 300],
            },
        ),
        code("png()", data("image/png", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAGAYXkW3wAAAABJRU5ErkJggg==")),
    ]  # fmt: skip
