"""A report's page as a tagged PDF: contents with page numbers, running title, headings as bookmarks."""

from __future__ import annotations

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
"""


def pdf_of(page: str) -> bytes:
    """The PDF of a whole page; nothing is fetched from anywhere.

    Raises MissingExtra when WeasyPrint is not installed, or cannot find the system's Pango library.
    """
    weasyprint = _weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()
    paper = weasyprint.CSS(string=_PAPER, font_config=fonts)
    document = weasyprint.HTML(string=page, base_url=None, url_fetcher=_nothing, media_type="print")
    return bytes(document.write_pdf(stylesheets=[paper], font_config=fonts, pdf_variant="pdf/ua-1"))


def _weasyprint() -> Any:
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


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    """Only what stands in the page itself is drawn."""
    if url.startswith("data:"):
        from weasyprint.urls import URLFetcher

        return URLFetcher().fetch(url)
    raise ValueError(f"not fetched: {url[:80]}")
