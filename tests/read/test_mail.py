"""Mail: messages, mailboxes and saved pages."""

import pytest
from support.mail_files import message, saved_page
from support.written_files import PROSE, lines, one, parse

from workbench.errors import UnreadableFile
from workbench.read import read
from workbench.read.limits import Refused
from workbench.read.mail import mbox, message as mail
from workbench.schema import Document, Problem


def test_headers_stand_in_front_and_what_they_state_is_known():
    found = one(bytes(message(subject="RE: Fwd: The harbour opens – at last")))
    assert found.known == {
        "title": "The harbour opens – at last", "date": "2015-03-12", "author": "Anna Bell <press@harbour.example>",
    }  # fmt: skip
    assert lines(found, "front")[0] == "Subject: RE: Fwd: The harbour opens – at last"
    assert " ".join(lines(found, "")).strip() == PROSE.strip()


def test_quoted_replies_are_kept():
    text = "I agree.\n\nOn Monday Anna wrote:\n> The harbour opens.\n>> When?\n"
    assert one(bytes(message(text))).text.endswith(text.strip())


def test_the_page_is_read_where_the_plain_text_says_next_to_nothing():
    page = f"<html><body><h1>The harbour opens</h1><p>{PROSE}</p></body></html>"
    for plain in ("", "Open this in your browser."):
        found = one(bytes(message(plain, page)))
        assert PROSE.strip() in lines(found)
        assert found.hints[found.text.split("\n").index("The harbour opens")] != "front"
    assert "<" not in one(bytes(message(PROSE, page))).text.split("\n\n", 1)[1]


def test_lines_that_flow_are_joined():
    made = message()
    made.set_content("The harbour is \nopen again.\n-- \nAnna\n", cte="8bit")
    made.set_param("format", "flowed")
    assert one(bytes(made)).text.endswith("The harbour is open again.\n-- \nAnna")


def test_attached_messages_are_documents_and_other_attachments_are_told():
    made = message()
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="annex.pdf")
    made.add_attachment(message("An older letter of the ministry.", subject="The letter"))
    outer, inner = parse(bytes(made))
    assert outer.repairs == ("attachments left out: 1 (annex.pdf)",)
    assert inner.known["title"] == "The letter"
    assert "older letter" not in outer.text


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8", "no-such-charset"])
def test_the_stated_charset_is_used_and_a_wrong_one_forgiven(charset):
    encoding = "utf-8" if charset.startswith("no") else charset
    raw = f"From: a@b.example\nMessage-ID: <1>\nContent-Type: text/plain; charset={charset}\n\n".encode() + (
        "Совет города собрался в понедельник.".encode(encoding)
    )
    assert one(raw).text.endswith("Совет города собрался в понедельник.")


def test_a_text_that_prints_a_mail_head_is_no_message():
    printed = "From: The Ministry\nTo: All editors\nDate: 3 May 2011\n\nThe harbour opens.\n"
    assert one(printed.encode()).known == {}


def box(*messages):
    return b"".join(
        b"From press@harbour.example Thu Mar 12 23:30:00 2015\n"
        + bytes(one).replace(b"\nFrom ", b"\n>From ").rstrip(b"\n")
        + b"\n\n"
        for one in messages
    )


def stored(tmp_path, raw, name="letters.mbox"):
    path = tmp_path / name
    path.write_bytes(raw)
    return list(read(path, tmp_path))


def test_a_mailbox_is_a_document_a_message(tmp_path):
    texts = ["The first letter.", "From the harbour we saw the ships.", "Third, with\n\nFrom here on a gap."]
    found = stored(tmp_path, box(*(message(text, subject=text[:9]) for text in texts)), "letters")
    assert [one.doc_id for one in found] == ["letters#1", "letters#2", "letters#3"]
    assert [one.text.split("\n\n", 1)[1].strip() for one in found] == texts


def test_a_message_beyond_the_bound_is_a_problem_and_the_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(mbox, "MAX_MAIL", 2_000)
    found = stored(tmp_path, box(message("First."), message("x " * 4_000), message("Third.")))
    assert [type(one) for one in found] == [Document, Problem, Document]
    assert "more than 2,000 bytes" in found[1].problem
    assert found[2].doc_id == "letters.mbox#3"


def test_a_saved_page_is_read_with_its_address():
    (found,) = parse(saved_page("The caf=C3=A9 at the harbour is open."))
    assert found.text == "The café at the harbour is open."
    assert found.known == {
        "url": "https://harbour.example/opens",
        "title": "The harbour opens",
        "date": "2015-03-12",
    }


def test_the_day_a_page_was_saved_is_no_date_where_the_page_names_one():
    assert "date" not in one(saved_page("Northport, 3 May 2011. The harbour is open.")).known


def test_a_saved_page_without_a_page_is_refused():
    raw = saved_page("x").replace(
        b"Content-Type: text/html\r\nContent-Transfer", b"Content-Type: text/css\r\nContent-Transfer"
    )
    with pytest.raises(Refused, match="no HTML"):
        parse(raw, "a.mhtml")


def test_parts_nested_without_end_are_refused(tmp_path):
    head = b"From: a@b.example\nMessage-ID: <1>\nMIME-Version: 1.0\n"
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000)
    )
    path = tmp_path / "a.eml"
    path.write_bytes(head + nested + b"\nx\n")
    with pytest.raises(UnreadableFile, match=r"nested without end|no text"):
        list(read(path, tmp_path))


def test_more_parts_than_the_bound_are_refused(monkeypatch):
    monkeypatch.setattr(mail, "MAX_PARTS", 2)
    with pytest.raises(Refused, match="more than 2 parts"):
        parse(bytes(message("a", "<p>b</p>")))


def test_a_message_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(mail, "MAX_MAIL", 100)
    with pytest.raises(Refused, match="more than 100 bytes"):
        parse(bytes(message()))
