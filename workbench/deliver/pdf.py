"""A report's page as a tagged PDF: contents with page numbers, running title, headings as bookmarks."""

from __future__ import annotations

import re
from typing import Any

from workbench.errors import MissingExtra

# Beside the page's own print styles. A folded part cannot be opened on paper.
_PAPER = """
@page { size: A4; margin: 20mm 18mm 22mm;
  @top-left { content: string(title); font: 8pt sans-serif; color: #555; }
  @top-right { content: string(section); font: 8pt sans-serif; color: #555; }
  @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; color: #555; } }
@page :first { @top-left { content: none } @top-right { content: none } }
body { font-family: "Noto Sans", "Liberation Sans", "DejaVu Sans", Arial, sans-serif; font-size: 9.5pt; line-height: 1.45; }
h1 { string-set: title content(); font-size: 20pt; } h2 { string-set: section content(); font-size: 14pt; margin-top: 22pt; }
h3 { font-size: 11.5pt; }
table { font-size: 8pt; width: 100%; } th, td { padding-right: 6pt; overflow-wrap: break-word; }
details:not([open]) > :not(summary) { display: none; } details:not([open]) { display: none; }
.wb-contents ol { padding-left: 14pt; } .wb-contents a { color: inherit; text-decoration: none; }
.wb-contents a::after { content: leader(".") target-counter(attr(href), page); }
.wb-stamp dl { display: block; } .wb-stamp dt { float: left; clear: left; width: 32mm; } .wb-stamp dd { margin-left: 34mm; }
pre { font-size: 7.5pt; } img, svg { max-width: 100%; }
.wb-figure svg { width: auto; max-width: 150mm; max-height: 165mm; } figcaption, .wb-reading { break-inside: avoid; font-size: 9pt; }
.wb-changes table { font-size: 8pt; } .wb-changes thead th.wb-number, .wb-changes tbody th { white-space: normal; min-width: 0; }
.wb-appendix .wb-evidence, .wb-appendix .wb-sentence { font-size: 7.5pt; line-height: 1.3; margin-bottom: 4pt; }
.wb-appendix .wb-address { font-size: 6.5pt; } .wb-appendix .wb-evidence li { margin-bottom: 4pt; }
.wb-keys { display: block !important; } .wb-keys div { display: inline-block; vertical-align: top; width: 46mm; margin: 0 5mm 4mm 0; }
.wb-keys b { font-size: 12pt; } .wb-keys dt, .wb-keys span { font-size: 8pt; } .wb-stamp { break-inside: avoid; }
"""


def pdf_of(page: str) -> bytes:
    """The PDF of a whole page; nothing is fetched from anywhere.

    Raises MissingExtra when WeasyPrint is not installed, or cannot find the system's Pango library.
    """
    weasyprint = ready()
    fonts = weasyprint.text.fonts.FontConfiguration()
    paper = weasyprint.CSS(string=_PAPER, font_config=fonts)
    document = weasyprint.HTML(
        string=plain_colours(evidence_open(page)), base_url=None, url_fetcher=nothing(), media_type="print"
    )
    return bytes(document.write_pdf(stylesheets=[paper], font_config=fonts, pdf_variant="pdf/ua-1"))


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
    """WeasyPrint; MissingExtra with the mend where it or its library is absent."""
    try:
        import weasyprint
        import weasyprint.text.fonts
    except ModuleNotFoundError as error:
        mend = "pip install 'analyst-workbench[pdf]', or leave `pdf` out of the formats"
        raise MissingExtra("pdf", problem="WeasyPrint is not installed", mend=mend) from error
    except OSError as error:
        mend = (
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 (macOS: brew install pango), or leave `pdf` out"
        )
        raise MissingExtra(
            "pdf", problem="the system has no Pango library, which draws the text", mend=mend
        ) from error
    return weasyprint


def nothing() -> Any:
    """A fetcher of what stands in the page itself, and of nothing else."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",))
