"""Small sound files of every format, written here, and the ways in which they are damaged."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import random
import tarfile
import zipfile

ARTICLE = """RIGA, December 11. /HARBOUR/. The council of the town met on Monday.
"We shall not close the harbour," Mayor Anna Berzina said. "Not this year."
According to the ministry, the debts are 3.5 million euros. Asked about it, she said that nobody knows.
[Editor's note: the figure is from 2014.] «Нет», сказал он. “No – never,” it’s said.
"""
TALK = """Statement after the talks
December 15, 2015, 21:30, Riga

President of Borduria Ivan Petrov: Good evening. (Applause.)

We spoke of the harbour.
SECRETARY KELLY: (Via interpreter) Thank you, Mr President.
QUESTION: When?
Q And why?
MR. KIRBY: I said: "No."
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Council | Gazette</title><meta property="og:site_name" content="Gazette">
<script type="application/ld+json">{"headline": "Council", "datePublished": "2015-12-11"}</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>Council</h1><p>The council met on Monday to speak of the harbour.</p><figure><figcaption>Night</figcaption></figure></article></body></html>"""
MAIL = """From: Anna <a@example.org>
To: b@example.org
Subject: =?utf-8?q?Caf=C3=A9?=
Date: Fri, 11 Dec 2015 10:00:00 +0200
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

The council met on Monday.
--cut
Content-Type: text/html; charset=utf-8

<p>The council met on Monday.</p>
--cut--
"""
RTF = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0\b Council\b0\par The caf\'e9 met on Monday.\par \u8220?No,\u8221? she said.\par}"
CSV = 'title,date,text\nCouncil,2015-12-11,"The council, she said, ""met"" on Monday.\nIt ended."\nMayor,,He left.\n'


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip of the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def seeds() -> dict[str, bytes]:
    """File name -> content; a format whose library is not installed is left out."""
    found: dict[str, bytes] = {
        "article.txt": ARTICLE.encode(), "talk.txt": TALK.encode(), "wide.txt": ARTICLE.encode("utf-16"),
        "front.md": f"---\ntitle: \"A\\u2019b\"\ndate: 2015-12-11\n---\n# H\n{TALK}".encode(),
        "page.html": PAGE.encode(), "mail.eml": MAIL.encode(),
        "mail.mbox": b"".join(b"From a@example.org Fri Dec 11 10:00:00 2015\n" + MAIL.encode() + b"\n" for _ in range(2)),
        "page.mhtml": MAIL.replace("alternative", "related").encode(), "note.rtf": RTF.encode(), "rows.csv": CSV.encode(),
        "rows.jsonl": "\n".join(json.dumps({"title": "A", "text": one}) for one in (ARTICLE, TALK)).encode(),
        "note.pdf": _pdf(), "all.zip": zipped({"a.txt": ARTICLE, "in/b.html": PAGE, "c.csv": CSV}),
        "note.odt": _odt(), "rows.csv.gz": gzip.compress(CSV.encode(), mtime=0),
    }  # fmt: skip
    found["all.tar"] = _tar({"a.txt": ARTICLE.encode(), "b.csv": CSV.encode()})
    found["all.tar.gz"] = gzip.compress(found["all.tar"], mtime=0)
    found["nested.zip"] = zipped({"in.tar.gz": found["all.tar.gz"], "a.eml": MAIL})
    for name, make in (
        ("book.xlsx", _xlsx),
        ("rows.parquet", _parquet),
        ("note.docx", _docx),
        ("web.warc.gz", _warc),
    ):
        with contextlib.suppress(ImportError):
            found[name] = make()
    return found


def _pdf() -> bytes:
    body = b"BT /F1 12 Tf 72 720 Td (The council met on Monday to speak of the harbour.) Tj ET"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF" % (len(body), body)
    )


def _odt() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text>'
        "<text:h>Council</text:h><text:p>The council met.</text:p></office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active.append(["title", "text"])
    book.active.append(["=1+1", ARTICLE])
    book.save(out)
    return out.getvalue()


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"title": ["A", None], "text": [ARTICLE, TALK]}), out)
    return out.getvalue()


def _docx() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for line in TALK.split("\n"):
        document.add_paragraph(line)
    document.add_table(1, 2).cell(0, 0).text = "cell"
    document.save(out)
    return out.getvalue()


def _warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    stated = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
    writer.write_record(
        writer.create_warc_record(
            "https://example.org/a", "response", io.BytesIO(PAGE.encode()), http_headers=stated
        )
    )
    return out.getvalue()


# What trips parsers: nulls, ends of lines of all kinds, marks that open, directions, halves of characters.
NASTY = tuple(
    piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
    for piece in (b"\0", b"\xff", b"\x80" * 9, b"\r", b"\r\n", b"\x1a", "\u2028", "\x85", "\u202e", "\ufeff", "\ud800", "\U0010ffff", "e\u0301" * 30,
     '"', "“", "”", "«", "'", "(", "[", "]", ")", ":", ": ", "\n", "\n\n", "---\n", "Q ", "QUESTION: ", "MR. ", "said", " said that ", "2015-13-45",
     "99999999999999999999", "-1", "0", "December 32, 2015", "&#x110000;", "<", "<table>", "</p>", "<![CDATA[", "<!ENTITY a 'b'>", "&a;",
     "=", "%00", "../", "\\", "{", "{\"", "}", ",", ";", "\t", "\\u0000", "\\'", "\\bin99999999 ", "A" * 3_000, "(" * 400, "\"" * 400, "<div>" * 400,
     "[" * 400, "\n" * 400, "Anna Berzina " * 40, "From a@b Fri Dec 11 10:00:00 2015\n", "Content-Type: text/plain; charset=utf-7\n")
)  # fmt: skip


def mutate(raw: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """`raw` with one to six damages; the inside of a zip or gz is damaged as often as its outside."""
    if rng.random() < 0.6 and (inner := _inside(raw, others, rng)) is not None:
        return inner
    damaged = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(damaged) + 1)
        end = min(len(damaged), at + int(rng.paretovariate(0.7)))
        match rng.choice(("flip", "delete", "repeat", "insert", "insert", "splice", "cut")):
            case "flip":
                damaged[at:end] = rng.randbytes(min(end - at, 4))
            case "delete":
                del damaged[at:end]
            case "repeat":
                damaged[at:at] = bytes(damaged[at:end])[:5_000] * rng.randint(1, 20)
            case "insert":
                damaged[at:at] = rng.choice(NASTY)
            case "splice":
                other = rng.choice(others)
                start = rng.randrange(len(other))
                damaged[at:end] = other[start : start + rng.randint(1, 400)]
            case "cut" if rng.random() < 0.2:
                del damaged[at:]
    return bytes(damaged)


def _inside(raw: bytes, others: list[bytes], rng: random.Random) -> bytes | None:
    try:
        if raw.startswith(b"\x1f\x8b"):
            return gzip.compress(mutate(gzip.decompress(raw), others, rng), mtime=0)
        if raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
            name = rng.choice(list(members))
            members[name] = mutate(bytes(members[name]), others, rng)  # type: ignore[arg-type]
            return zipped(members)
    except Exception:  # it is damaged already
        return None
    return None
