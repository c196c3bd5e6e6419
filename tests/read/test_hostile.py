"""Hostile files: each is read or refused in a sentence, within bounds, and nothing but our errors is raised."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from support.mail_files import message, saved_page
from support.press_exports import EXPORTS
from support.rtf_files import rtf
from support.word_files import body, word
from support.written_files import PROSE, assemble, odt, parse, pdf, rezipped, set_lines, zipped

from workbench.errors import UnreadableFile
from workbench.read import formats, limits, press, read, source
from workbench.read.decode import NotText
from workbench.read.limits import Refused, open_zip, parse_xml
from workbench.read.mail import mbox, message as eml, mhtml
from workbench.read.office import docx, odt as odt_reader, rtf as rtf_reader
from workbench.read.pdf import reader as pdf_reader
from workbench.read.source import open_source
from workbench.schema import Document

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def refusal(raw, name="file"):
    with pytest.raises(Refused) as refused:
        parse(raw, name)
    return str(refused.value)


# ---------------------------------------------------------------- archives


def test_a_member_that_unpacks_to_far_more_than_its_size_is_refused():
    bomb = rezipped(word("x"), word__document_dot_xml=b"<!--" + b" " * 40_000_000 + b"-->")
    assert "zip bomb" in refusal(bomb)


def test_a_member_whose_stated_size_is_a_lie_is_refused_by_what_it_unpacks_to():
    raw = bytearray(zipped({"a": b"a" * 3_000_000}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = raw.index(mark) + place
        raw[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(Refused, match=r"damaged|bomb"):
        open_zip(bytes(raw)).read("a")


def test_members_share_one_bound(monkeypatch):
    monkeypatch.setattr(limits, "MAX_TOTAL", 1_000)
    archive = open_zip(zipped({"a": bytes(range(256)) * 3, "b": bytes(range(256)) * 3}))
    archive.read("a")
    with pytest.raises(Refused, match="more than 232 bytes"):
        archive.read("b")


def test_more_members_than_the_bound_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_MEMBERS", 3)
    with pytest.raises(Refused, match="more than 3 files"):
        open_zip(zipped({str(number): "x" for number in range(4)}))


def test_a_locked_member_is_refused():
    raw = bytearray(zipped({"a": "text"}))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        raw[raw.index(mark) + place] |= 1
    with pytest.raises(Refused, match="locked with a password"):
        open_zip(bytes(raw)).read("a")


def test_links_and_folders_are_no_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.mkdir("folder")
        archive.writestr("text", "x")
    assert open_zip(out.getvalue()).names == ("text",)


# ---------------------------------------------------------------- XML

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "xml",
    [
        f"{LAUGHS}<w:document {NAMES}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>",
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document {NAMES}><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>',
    ],
)
def test_entities_are_refused_and_never_read(xml):
    assert "entities" in refusal(rezipped(word("x"), word__document_dot_xml=xml))


def test_xml_nested_without_end_is_refused():
    deep = "<w:tbl><w:tr><w:tc>" * 20_000
    assert "damaged" in refusal(body(deep))
    assert "damaged" in refusal(odt("<text:section>" * 20_000))


def test_xml_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_XML", 1_000)
    with pytest.raises(Refused, match="more than 1,000 bytes of XML"):
        parse_xml(b"<a>" + b" " * 1_000 + b"</a>", "`a.xml`")


# ---------------------------------------------------------------- PDF


def drawing(levels, times):
    """A PDF whose page draws a form that draws a form …, `times` each, `levels` deep."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
        _stream(b"/X Do"),
    ]  # fmt: skip
    for level in range(levels):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
        objects.append(_stream(b"/X Do " * times, form % (6 + level)))
    objects.append(_stream(b"BT /F1 9 Tf (x) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"))
    return assemble(objects)


def _stream(content, keys=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), keys, content)


def test_a_pdf_that_draws_itself_without_end_is_refused_within_its_bound(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_SECONDS", 1)
    assert "could not be read within 1 s" in refusal(drawing(12, 20))


def test_a_pdf_that_asks_for_more_memory_than_its_bound_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_MEMORY", 200 * 2**20)
    packed = zlib.compress(b"BT /F1 9 Tf 1 0 0 1 72 700 Tm (x) Tj ET\n" * 1_000_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        _stream(packed, b"/Filter /FlateDecode"),
    ]  # fmt: skip
    assert "could not be read within" in refusal(assemble(objects))


def test_a_pdf_of_pages_within_pages_is_read_or_refused():
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 99999999 /Kids [2 0 R 2 0 R] >>",
    ]
    with pytest.raises(Refused):
        parse(assemble(objects))


# ---------------------------------------------------------------- characters


def test_null_characters_and_halves_of_pairs_become_replacement_characters(tmp_path):
    files = {
        "a.rtf": rtf("a\\u0?b\\u-10179?c\\u-8704?d"),
        "a.eml": b"From: a@b\nMessage-ID: 1\nContent-Type: text/plain; charset=utf-7\n\na\x00b+2D0-c",
        "a.pdf": pdf([set_lines("null \x00 here and there", 72, 700, width=80)]),
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
        (found,) = read(tmp_path / name, tmp_path)
        found.text.encode()
        assert "\0" not in found.text


# ---------------------------------------------------------------- any bytes at all

SEEDS = {
    docx: word("#The harbour opens", PROSE, title="The harbour opens"),
    odt_reader: odt(
        f"<text:h>The harbour</text:h><text:p>{PROSE}<text:s/></text:p>", meta="<dc:title>x</dc:title>"
    ),
    rtf_reader: rtf(
        r"{\info{\title x}{\creatim\yr2015\mo3\dy12}}\pard Caf\'e9 \u8220?{\footnote y}\par\intbl a\cell\row"
    ),
    eml: bytes(message(PROSE, "<p>page</p>")),
    mhtml: saved_page("The caf=C3=A9 is open."),
}


def mutated(raw, changes):
    """`raw` with bytes replaced, cut out or doubled at places given as shares of its length."""
    for share, kind, new in changes:
        at = int(share * len(raw))
        raw = {
            "put": raw[:at] + new + raw[at + len(new) :],
            "cut": raw[:at] + raw[at + 7 * len(new) :],
            "twice": raw[:at] + raw[at : at + 40] + raw[at:],
            "end": raw[: max(at, 1)],
        }[kind]
    return raw


CHANGES = st.lists(
    st.tuples(st.floats(0, 0.999), st.sampled_from(["put", "put", "cut", "twice", "end"]), st.binary(min_size=1, max_size=6)),
    min_size=1, max_size=4,
)  # fmt: skip
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(reader, raw):
    try:
        found = list(press.split_press_export(reader.parse(raw)))
    except NotText:
        return
    for one in found:
        assert isinstance(one.text, str)
        assert all(0 <= number <= one.text.count("\n") for number in one.hints)


@pytest.mark.parametrize("reader", SEEDS, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
@QUICK
@given(changes=CHANGES)
def test_damaged_files_are_read_or_refused(reader, changes):
    raw = mutated(SEEDS[reader], changes)
    reader.guess(raw, Path("file"))
    read_or_refused(reader, raw)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels"])
@QUICK
@given(changes=CHANGES)
def test_damaged_parts_of_a_word_file_are_read_or_refused(part, changes):
    raw = SEEDS[docx]
    content = mutated(open_zip(raw).read(part), changes)
    read_or_refused(docx, rezipped(raw, **{part.replace("/", "__").replace(".", "_dot_"): content}))


@settings(QUICK, max_examples=8)
@given(changes=CHANGES)
def test_damaged_pdfs_are_read_or_refused(changes):
    raw = pdf([set_lines(PROSE, 72, 740, width=80)] * 3, "/Title (x) /CreationDate (D:20150312)")
    read_or_refused(pdf_reader, mutated(raw, changes))


@QUICK
@given(changes=CHANGES, name=st.sampled_from(sorted(EXPORTS)))
def test_damaged_exports_of_press_databases_are_read_or_refused(changes, name):
    raw = mutated(EXPORTS[name], changes)
    read_or_refused(formats.choose_reader(raw, Path("file")), raw)


@QUICK
@given(st.lists(st.sampled_from([
    "End of Document", "Body", "Length: 5 words", "Load-Date: x", "1 of 2 DOCUMENTS", "LENGTH: 5 words", "HD", "SN", "HD  x",
    "SN\tx", "AN", "Document ABCD0000202003eg35000b1", "512 words", "5 March 2020", "March 5, 2020", "", "The text.",
]), max_size=25))  # fmt: skip
def test_every_line_of_a_text_that_looks_like_an_export_is_kept(said):
    text = "\n".join(said)
    found = list(press.split_press_export([source.ParsedDocument(text, {}, (), {})]))
    kept = [line for one in found for line in one.text.split("\n") if line]
    assert kept == [line for line in said if line] or not any(said)


@QUICK
@given(changes=CHANGES)
def test_damaged_mailboxes_are_read_or_refused(changes):
    start = b"From press@harbour.example Thu Mar 12 23:30:00 2015\n"
    raw = start + mutated(SEEDS[eml] + b"\n\n" + start + SEEDS[eml], changes)
    source = open_source(Path("box"), io.BytesIO(raw), len(raw), {})
    if mbox.holds(source):
        assert list(mbox.parts(source))


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.odt", "a.rtf", "a.eml", "a.mhtml", "a.doc", "a.mbox"])
@QUICK
@given(raw=st.binary(min_size=1, max_size=200))
def test_any_bytes_under_any_name_are_read_or_refused(name, raw, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    try:
        found = list(read(path, path.parent))
    except UnreadableFile:
        return
    assert all(isinstance(one, Document) for one in found)
