"""Files of office formats, written here byte by byte: small, and every place in them known."""

import io
import textwrap
import zipfile
from pathlib import Path

from workbench.read import formats
from workbench.read.press import split_press_export

PROSE = (
    "The council of the town met on Monday to speak of the harbour and its debts. The mayor said that the "
    "ships would come again in the spring, and that nobody had asked the banks for more. The clerk read the "
    "letter of the ministry aloud, and the members listened to it without a word until he had ended it. "
)


def parse(raw, name="file"):
    """The documents of a file, by the reader that its content asks for."""
    return list(split_press_export(formats.choose_reader(raw, Path(name)).parse(raw)))


def one(raw, name="file"):
    (parsed,) = parse(raw, name)
    return parsed


def lines(parsed, hint=None):
    """The lines of a document; with `hint` only those so hinted ("" for none)."""
    shown = [
        (parsed.hints.get(number, ""), line) for number, line in enumerate(parsed.text.split("\n")) if line
    ]
    return [line for mark, line in shown if hint is None or mark == hint]


def pdf(pages, info="", trailer=""):
    """A PDF of pages, each a list of (x, y, size, text) or (x, y, size, text, matrix) in Helvetica."""
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for page in pages:
        content = b"\n".join(_shown(*one) for one in page)
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids), b" ".join(b"%d 0 R" % kid for kid in kids),
    )  # fmt: skip
    objects.append(f"<< {info} >>".encode("latin-1"))
    return assemble(objects, f"/Info {len(objects)} 0 R {trailer}")


def assemble(objects, trailer=""):
    """The objects as a file with its table of places."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer.encode(), start,
    ))  # fmt: skip
    return out.getvalue()


def _shown(x, y, size, text, matrix="1 0 0 1"):
    said = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %d Tf %s %d %d Tm (%s) Tj ET" % (size, matrix.encode(), x, y, said)


def set_lines(text, x, y, *, width, size=10, leading=13):
    """`text` wrapped at `width` letters, from (x, y) downwards."""
    wrapped = textwrap.wrap(text, width) if isinstance(text, str) else text
    return [(x, y - leading * number, size, line) for number, line in enumerate(wrapped)]


def odt(body, styles="", meta="", more=()):
    """An OpenDocument text with the given content, automatic styles and properties."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
        "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
        **dict(more),
    }
    return zipped(parts)


def zipped(parts):
    """A zip of names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def rezipped(raw, **changed):
    """The zip `raw` with parts changed or added; "/" in a name is written "__", "." is written "_dot_"."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | named)
