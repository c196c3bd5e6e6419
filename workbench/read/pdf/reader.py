"""Read PDF files: text in reading order, lines joined to paragraphs, running heads and page numbers hinted `running`.

The file is opened by a child process (`pdf_pages.py`) with bounds on memory, time and output, since a PDF
is a program and no look at its bytes tells what it will ask for; `pdf_layout.py` and
`pdf_paragraphs.py` make text of the places that the child reports. Locked, scanned and damaged files are refused with their hint.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from workbench.read.limits import Refused, require
from workbench.read.office.paragraphs import Paragraphs, Properties
from workbench.read.pdf import pages as pdf_pages, paragraphs as pdf_paragraphs
from workbench.read.source import ParsedDocument

MAX_PAGES = 5_000  # the longest report in the wild is below 3,000; a page of text takes about 10 ms
MAX_SECONDS = 120  # of work of the child; 5,000 pages of text need about 60
MAX_WAIT = 900  # seconds by the clock, for a machine that does ten things at once
MAX_MEMORY = 2 * 2**30  # bytes; a page of a newspaper needs 0.1 GB
MAX_OUTPUT = 512 * 2**20  # bytes of places and letters; a page gives about 10 kB
_HEAD = 1_024  # the mark may stand anywhere in here, says the specification of PDF 1.7 (appendix H)
_DAY = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_SECURITY = (pdf_pages.LOCKED, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def guess(raw: bytes, path: Path) -> bool:
    """The mark at its head; further down only where the name agrees, since texts speak of PDFs too."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return True
    return path.suffix.lower() == ".pdf" and b"%PDF-" in raw[:_HEAD]


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The file as one document. Raises Refused for a locked, scanned, damaged or boundless one."""
    require("pypdfium2", "PDF files")
    with tempfile.TemporaryFile() as answers:
        _ask(raw, answers)
        answers.seek(0)
        header = _line(answers)
        _refuse(header)
        pages = [_line(answers) for _ in range(header["pages"])]
    if not any(page["pieces"] for page in pages):
        raise Refused(
            "the PDF holds pictures of its pages but no text (a scan)"
            if any(page["images"] for page in pages)
            else "the PDF holds no text",
            "make the text readable with OCR: ocrmypdf scan.pdf text.pdf",
        )
    repairs: list[str] = []
    page_text = Paragraphs()
    for text, hint in pdf_paragraphs.find_paragraphs(pages, repairs):
        page_text.add(text, hint)
    yield page_text.parsed(_properties(header), (*_missing(pages), *repairs))


def _ask(raw: bytes, answers: IO[bytes]) -> None:
    """Let the child write what it finds in `raw` into `answers`."""
    bounds = [str(bound) for bound in (MAX_PAGES, MAX_MEMORY, MAX_SECONDS, MAX_OUTPUT)]
    command = [sys.executable, "-P", str(Path(pdf_pages.__file__)), *bounds]
    try:
        done = subprocess.run(
            command, input=raw, stdout=answers, stderr=subprocess.DEVNULL, timeout=MAX_WAIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _boundless() from error
    if done.returncode != 0:
        raise _boundless()


def _boundless() -> Refused:
    return Refused(
        f"the PDF could not be read within {MAX_SECONDS} s and {MAX_MEMORY / 2**30:.2g} GB",
        "open it, and print it to a new PDF, or save it as text",
    )


def _line(answers: IO[bytes]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(answers.readline())
    except ValueError as error:
        raise _boundless() from error
    return answer


def _refuse(header: dict[str, Any]) -> None:
    if header.get("error") in _SECURITY:
        raise Refused(
            "the PDF is locked with a password",
            "save it without: qpdf --decrypt --password=… locked.pdf open.pdf",
        )
    if "error" in header or not header["pages"]:
        raise Refused("the PDF is damaged", "download it again, or open it and print it to a new PDF")
    if header["pages"] > MAX_PAGES:
        raise Refused(
            f"the PDF has more than {MAX_PAGES:,} pages", "split it: qpdf --split-pages=1000 in.pdf out.pdf"
        )


def _missing(pages: list[dict[str, Any]]) -> Iterator[str]:
    """What was not read, in words."""
    scans = [number for number, page in enumerate(pages, start=1) if not page["pieces"] and page["images"]]
    if scans:
        yield f"{_pages(scans)} without text (scanned?): see ocrmypdf"
    broken = [number for number, page in enumerate(pages, start=1) if page["broken"]]
    if broken:
        yield f"{_pages(broken)} damaged and left out"


def _pages(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:10])) + (f" … ({len(numbers)} in all)" if len(numbers) > 10 else "")
    return f"page {listed}" if len(numbers) == 1 else f"pages {listed}"


def _properties(header: dict[str, Any]) -> Properties:
    day = _DAY.match(header.get("CreationDate", ""))
    return Properties(
        header.get("Title", ""), header.get("Author", ""), "-".join(day.groups()) if day else ""
    )
