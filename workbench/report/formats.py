"""The forms that a report's page is also wanted in, made from the page beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.report.files import write_file

if TYPE_CHECKING:
    from workbench.report.run import ReportResult

FORMATS = ("html", "pdf", "docx")


def ready(formats: Iterable[str]) -> None:
    """Raise MissingExtra, before a kernel starts, for a form that cannot be made here."""
    wanted = set(formats)
    if "pdf" in wanted:
        from workbench.deliver import pdf

        pdf.ready()
    if "docx" in wanted:
        from workbench.deliver import docx

        docx.ready()


def convert_report(result: ReportResult, formats: Iterable[str]) -> ReportResult:
    """The result with the other forms of its page; one that stands there and is newer is left as it is."""
    page = result.paths.get("html")
    if page is None or result.state == "failed":
        return result
    paths = dict(result.paths)
    for kind in FORMATS[1:]:
        if kind in formats:
            paths[kind] = page.with_suffix(f".{kind}")
            if not paths[kind].is_file() or paths[kind].stat().st_mtime_ns < page.stat().st_mtime_ns:
                write_file(paths[kind], _maker(kind)(page.read_text(encoding="utf-8")))
    return replace(result, paths=paths)


def _maker(kind: str) -> Callable[[str], bytes]:
    if kind == "pdf":
        from workbench.deliver.pdf import pdf_of

        return pdf_of
    from workbench.deliver.docx import docx_of

    return docx_of
