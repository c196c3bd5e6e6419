"""A report's page as a tagged PDF: contents with page numbers, running title, headings as bookmarks."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

from workbench.deliver.html_tree import replace_dead_links
from workbench.errors import MissingExtra


def pdf_of(page: str) -> bytes:
    """The PDF of a whole page; nothing is fetched from anywhere.

    Raises MissingExtra when WeasyPrint is not installed, or cannot find the system's Pango library.
    """
    weasyprint = ready()
    fonts = weasyprint.text.fonts.FontConfiguration()
    whole, own = on_paper(plain_colours(evidence_open(replace_dead_links(page))))
    document = weasyprint.HTML(string=whole, base_url=None, url_fetcher=nothing(), media_type="print")
    # What is handed over beside the page counts as the reader's style, which any rule of the page overrules.
    styles = weasyprint.CSS(string=own, font_config=fonts, media_type="print")
    return bytes(document.write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1"))


def on_paper(page: str) -> tuple[str, str]:
    """The page with the styles of paper in place of its own, and its own, which are to count less than these."""
    before, _, rest = page.partition("<style>")
    own, _, after = rest.partition("</style>")
    paper = resources.files("workbench.deliver").joinpath("paper.css").read_text(encoding="utf-8")
    return f"{before}<style>\n{paper}</style>{after}", own


def evidence_open(page: str) -> str:
    """The page with the folds of its evidence appendix open: on paper there is no other place to read it."""
    before, appendix, after = page.partition('<section class="wb-appendix"')
    return (
        before
        + appendix
        + after.replace('<details class="wb-evidence">', '<details class="wb-evidence" open="open">')
    )


def plain_colours(page: str) -> str:
    """The page with the colour variables of its drawings as plain colours.

    In an attribute such as `style="fill: var(--wb-paper, #fff)"` of a drawing a variable would be black,
    and a hollow mark, which says "too little data", would be a full one.
    """
    return re.sub(r"<svg\b.*?</svg>", lambda svg: _VARIABLE.sub(_print_colour, svg[0]), page, flags=re.S)


_VARIABLE = re.compile(r"var\(\s*--(?:wb-)?([a-z]+)[^()]*\)")
_COLOURS = {"paper": "#ffffff", "ink": "#000000", "quiet": "#555555", "line": "#bbbbbb", "accent": "#0b5c8f"}


def _print_colour(found: re.Match[str]) -> str:
    return _COLOURS.get(found[1], "#000000")


def ready() -> Any:
    """WeasyPrint; MissingExtra with the hint where it or its library is absent."""
    try:
        import weasyprint
        import weasyprint.text.fonts
    except ModuleNotFoundError as error:
        hint = "pip install 'analyst-workbench[pdf]', or leave `pdf` out of the formats"
        raise MissingExtra("pdf", problem="WeasyPrint is not installed", hint=hint) from error
    except OSError as error:
        hint = (
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 (macOS: brew install pango), or leave `pdf` out"
        )
        raise MissingExtra(
            "pdf", problem="the system has no Pango library, which draws the text", hint=hint
        ) from error
    return weasyprint


def nothing() -> Any:
    """A fetcher of what stands in the page itself, and of nothing else."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",))
