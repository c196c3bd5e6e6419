"""A report's page as a Word document: headings, real tables, figures as sharp images with their alt text."""

from __future__ import annotations

import base64
import re
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

from workbench.deliver.drawings import png_of, ready as drawing_ready, size_of
from workbench.deliver.pdf import evidence_open, plain_colours
from workbench.errors import MissingExtra

SCALE = 3.0  # pixels for each CSS pixel: 288 dots an inch on paper
# What is only for the screen, and what is folded, the innermost first; it all stands in the page.
_SCREEN = re.compile(r'<nav\b.*?</nav>|<div class="wb-tools">.*?</div>|<script\b.*?</script>', re.S)
_FOLDED = re.compile(r"<details(?![^>]*\bopen\b)[^>]*>(?:(?!<details\b).)*?</details>", re.S)
# Pandoc lays a figure out as a table, and drops what is outside the article.
_PLAINER = {
    "figure": "div",
    "figcaption": "p",
    "footer": "div",
    "header": "div",
    "main": "div",
    "details": "div",
    "summary": "p",
}
_SVG = re.compile(r"<svg\b[^>]*>.*?</svg>", re.S)


def docx_of(page: str) -> bytes:
    """The Word document of a whole page. MissingExtra when pandoc, or what draws the figures, is absent."""
    pypandoc = ready()
    title = unescape(re.findall(r"<title>(.*?)</title>", page, re.S)[0])
    body = re.findall(r"<body>(.*)</body>", page, re.S)[0]
    body = _SVG.sub(lambda svg: f"<p>{_image(svg[0])}</p>", plain_colours(_plainer(evidence_open(body))))
    whole = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>{body}</body></html>'
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "report.docx"
        options = ["--sandbox", "--metadata", "lang=en", "--metadata", f"pagetitle={title}"]
        pypandoc.convert_text(
            whole, "docx", format="html-raw_html", outputfile=str(place), extra_args=options
        )
        return place.read_bytes()


def _plainer(body: str) -> str:
    """The page's body without what is folded or for the screen, in elements that Word has too."""
    body, n = _SCREEN.sub("", body), 1
    while n:
        body, n = _FOLDED.subn("", body)
    for element, plain in _PLAINER.items():
        body = re.sub(rf"<(/?){element}\b[^>]*>", rf"<\1{plain}>", body)
    return _TABLE.sub(_with_widths, body.replace("</b><span", "</b><br><span"))


_TABLE = re.compile(r"<table\b.*?</table>", re.S)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.S)


def _with_widths(table: re.Match[str]) -> str:
    """A table as wide as the text, its columns by their longest cells; else Word programs squeeze it."""
    rows = [
        [len(unescape(re.sub(r"<[^>]+>", "", cell))) for cell in _CELL.findall(row)]
        for row in table[0].split("</tr>")
    ]
    rows = [row for row in rows if row]
    if rows and "</thead>" in table[0]:  # a head may break between its words
        heads = _CELL.findall(table[0].split("</tr>")[0])
        rows[0] = [max(map(len, re.sub(r"<[^>]+>", "", cell).split()), default=0) for cell in heads]
    n = max(map(len, rows), default=0)
    if not n or any(len(row) != n for row in rows) or "colspan" in table[0]:
        return table[0]
    longest = [min(max(column), 40) + 4 for column in zip(*rows, strict=True)]
    columns = "".join(f'<col style="width: {round(100 * one / sum(longest))}%">' for one in longest)
    body = re.sub(r"<colgroup\b.*?</colgroup>", "", table[0], flags=re.S)
    after = re.match(r"<table\b[^>]*>(\s*<caption\b.*?</caption>)?", body, re.S)
    assert after is not None
    return f"{after[0]}<colgroup>{columns}</colgroup>{body[after.end() :]}"


def ready() -> Any:
    """Pandoc's package; MissingExtra with the mend where it, or what draws the figures, is absent."""
    try:
        import pypandoc
    except ModuleNotFoundError as error:
        mend = "pip install 'analyst-workbench[docx]', or leave `docx` out of the formats"
        raise MissingExtra("docx", problem="pandoc is not installed", mend=mend) from error
    drawing_ready("docx", "leave `docx` out of the formats")
    return pypandoc


def _image(svg: str) -> str:
    """A drawing as an image of the same size on paper, with its own words as alt text."""
    head = svg[: svg.index(">") + 1]
    alt = (re.findall(r'aria-label="([^"]*)"', head) or [""])[0]
    source = base64.b64encode(png_of(svg, SCALE)).decode()
    return f'<img src="data:image/png;base64,{source}" alt="{alt}" width="{size_of(svg)[0]:g}">'
