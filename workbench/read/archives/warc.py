"""Read web archives (WARC): the pages in them, each with its address and the time it was captured.

The only door to warcio. Responses and resources that hold a page, a text or a PDF are read; pictures,
scripts and answers other than 200 are no documents. The time of capture is not the date of the text: it
goes to `known` as `captured`, never as `date`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from workbench.read.archives.archive import UNREADABLE
from workbench.read.decode import NotText
from workbench.read.formats import read_documents
from workbench.read.limits import require
from workbench.read.source import BudgetExceeded, ParsedDocument, SourceFile, UnreadPart, damaged
from workbench.settings.fetch_manifest import charset_of

KINDS = ("response", "resource")
_TEXT = re.compile(r"(?i)\s*(?:text/(?:html|plain|markdown)|application/(?:xhtml\+xml|pdf))\b")
_SUFFIX = {"html": ".html", "xhtml": ".html", "pdf": ".pdf", "markdown": ".md"}


def holds(source: SourceFile) -> bool:
    """The mark of a record at its head, packed or not."""
    head = source.head
    if head.startswith(b"\x1f\x8b"):
        try:
            source.file.seek(0)
            head = gzip.GzipFile(fileobj=source.file, mode="rb").read(8)
        except UNREADABLE:
            return False
    return head.startswith((b"WARC/0.", b"WARC/1."))


def parts(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """Read the documents of all records, in their order; `part` is the number of the record among the pages."""
    require("warcio", "web archives (WARC)")
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    source.file.seek(0)
    number = 0
    records = ArchiveIterator(source.file)
    records.INC_RECORD = ""  # what it would print of a record of a wrong length is told below
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            source.budget.member()
            if not _is_page(record):
                continue
            number += 1
            yield from _page(source, str(number), record)
        except NotText:
            raise
        except (*UNREADABLE, ArchiveLoadFailed, AttributeError, TypeError) as error:
            raise damaged(error) from error
    if records.err_count:
        problem = f"{records.err_count:,} records are longer than they state: their texts may be cut"
        yield UnreadPart("", problem, "download the archive again", "doubtful")


def _is_page(record: Any) -> bool:
    if record.rec_type not in KINDS:
        return False
    headers = record.http_headers
    if headers is None:
        return bool(_TEXT.match(record.rec_headers.get_header("Content-Type") or ""))
    return headers.get_statuscode() == "200" and bool(_TEXT.match(headers.get_header("Content-Type") or ""))


def _page(source: SourceFile, part: str, record: Any) -> Iterator[ParsedDocument | UnreadPart]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    stated = {"url": url.strip("<> "), "captured": record.rec_headers.get_header("WARC-Date") or ""}
    stated = {key: value for key, value in stated.items() if value}
    try:
        inner = source.inside(_name(url, record), record.content_stream())
        if getattr(record.raw_stream, "limit", 0) > 0:
            yield UnreadPart(
                f"{part} {url}", "the record is cut short", "download the archive again", "doubtful"
            )
        inner.charset = charset_of((record.http_headers or record.rec_headers).get_header("Content-Type"))
        with inner.file:
            for document in read_documents(inner):
                full_part = f"{part}#{document.part}" if document.part else part
                if isinstance(document, ParsedDocument):
                    yield document._replace(part=full_part, known={**document.known, **stated})
                else:
                    yield document._replace(part=full_part)
    except BudgetExceeded:
        raise
    except NotText as error:
        yield UnreadPart(f"{part} {url}", str(error), getattr(error, "hint", "fetch the page again"))


def _name(url: str, record: Any) -> str:
    """A file name for a page: what its address ends in, with the suffix of its content type."""
    stated = record.http_headers or record.rec_headers
    kind = re.split(r"[/+;\s]", stated.get_header("Content-Type").strip().lower())[1]
    try:
        file_name = PurePosixPath(urlsplit(url).path).name
    except ValueError:
        file_name = ""
    return (PurePosixPath(file_name).stem or "page") + _SUFFIX.get(kind, ".txt")
