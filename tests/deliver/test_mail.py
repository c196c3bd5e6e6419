"""Mail against a server of the test's own: what arrives, what is refused, a server that hangs, no secret anywhere."""

from __future__ import annotations

import email
import email.policy
import io
import re
import socketserver
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image
from support.report_pages import page_of, usual

from workbench.deliver import rasterize
from workbench.deliver.mail import Server, mail_of, post, server_of
from workbench.deliver.mail_body import BulletList, MailBody, MailImage, Paragraph
from workbench.errors import MissingExtra, NotDelivered
from workbench.project import find_project
from workbench.report.jobs.model import Deliver, JobFile
from workbench.schedule import delivery
from workbench.schedule.slots import Slot, SlotStore

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)


class _Line(socketserver.StreamRequestHandler):
    """Enough SMTP to take a mail; or silence."""

    def handle(self) -> None:
        if self.server.hangs:  # type: ignore[attr-defined]
            self.server.over.wait(30)  # type: ignore[attr-defined]
            return
        self.wfile.write(b"220 ready\r\n")
        while command := self.rfile.readline().strip().upper():
            if command == b"DATA":
                self.wfile.write(b"354 go\r\n")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line.removeprefix(b"."))  # RFC 5321, 4.5.2: a leading dot is sent twice
                self.server.mails.append(b"".join(lines))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                return


@pytest.fixture
def smtp():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line)
    server.daemon_threads = True
    server.mails, server.hangs, server.over = [], False, threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


def needed() -> None:
    try:
        rasterize.ready("mail", "read figures in the report")
    except MissingExtra as error:
        pytest.skip(f"{error.problem}; {error.hint}")


def at(smtp) -> Server:
    return Server("127.0.0.1", smtp.server_address[1], "none", "reports@example.org")


def received(smtp) -> EmailMessage:
    """The last mail, as the server got it."""
    return email.message_from_bytes(smtp.mails[-1], policy=email.policy.default)


def shape(part: EmailMessage) -> object:
    """The types of a mail's parts, as they stand inside each other."""
    inside = [shape(one) for one in part.iter_parts()] if part.is_multipart() else []
    return (part.get_content_type(), *inside) if inside else part.get_content_type()


def test_a_mail_has_plain_text_harmless_html_and_the_report_beside_it(smtp):
    nasty = "<script>1</script> \u202egnp.exe"
    letter = MailBody(
        "The <week>\r\nBcc: evil@example.org", "The <week>", [Paragraph(nasty), BulletList([nasty])]
    )
    post(
        mail_of(letter, sender="a@example.org", to=["b@example.org"], key="k", files=[("weekly.html", b"<h1>x</h1>")]),
        at(smtp),
    )  # fmt: skip
    mail = received(smtp)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "The <week> Bcc: evil@example.org"
    html = mail.get_body(("html",)).get_content()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "\u202e" not in html + mail.get_body(("plain",)).get_content(), (
        "nothing turns the reading direction"
    )
    assert "<script>1</script>" in mail.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["weekly.html"]


def test_the_same_slot_sent_twice_is_the_same_mail():
    letter = MailBody("t", "t", [])
    ids = {mail_of(letter, sender="a@b", to=["c@d"], key=key)["Message-ID"] for key in ("one", "one", "two")}
    assert len(ids) == 2


def test_images_are_left_out_before_files_and_the_mail_says_so(monkeypatch):
    pictures = [
        MailImage(f"Heading {n}", f"Reading {n}", "dots", b"x" * 400 + bytes([n]), 100) for n in range(3)
    ]
    monkeypatch.setattr("workbench.deliver.mail.LARGEST", 1500)
    files = [("weekly.html", b"x" * 600), ("weekly.pdf", b"x" * 2000), ("weekly.docx", b"x" * 100)]
    mail = mail_of(MailBody("t", "t", pictures), sender="a@b", to=["c@d"], key="k", files=files)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["weekly.html", "weekly.docx"]
    html = mail.get_body(("html",)).get_content()
    assert html.count("<img ") == 1
    assert all(f"Reading {n}" in html for n in range(3)), "the words of a figure stay"
    assert "2 figures are left out" in html
    assert "left in the reports folder: weekly.pdf" in html
    assert len([part for part in mail.walk() if part.get_content_type() == "image/png"]) == 1
    sweep = [(f"{n}.html", b"x" * 900) for n in range(50)]
    said = mail_of(MailBody("t", "t", []), sender="a@b", to=["c@d"], key="k", files=sweep).get_body(
        ("plain",)
    )
    assert "left in the reports folder: 1.html, 2.html, 3.html, 4.html and 45 more." in said.get_content()


def test_a_report_arrives_with_its_first_figures_in_the_text(smtp, tmp_path, monkeypatch):
    needed()
    monkeypatch.setattr(delivery, "server_of", lambda _: at(smtp))
    project = find_project(tmp_path)
    place = project.reports / "weekly" / "20261123T0500Z" / "weekly.html"
    place.parent.mkdir(parents=True)
    place.write_text(page_of(usual("Überblick", 3), usual("b", 3)), encoding="utf-8")
    job = JobFile("weekly", "The week", ("a", "b"), deliver=Deliver(("b@example.org",)))
    kept = {"files": {"html": ["weekly/20261123T0500Z/weekly.html"]}, "changes": ["b: up from 1 to 2"]}
    row = Slot("weekly", MONDAY, "2026-11-16", "2026-11-22", "ran", result=kept)
    ledger = SlotStore(tmp_path / "ledger.sqlite")
    ledger.put(row, MONDAY)
    delivery.send(project, job, row, ledger)
    assert [one["state"] for one in ledger.deliveries()] == ["sent"]
    assert max(map(len, smtp.mails[0].split(b"\r\n"))) <= 998, "RFC 5322"
    assert smtp.mails[0].isascii()
    mail = received(smtp)
    alternative = (
        "multipart/alternative",
        "text/plain",
        ("multipart/related", "text/html", *["image/png"] * 4),
    )
    assert shape(mail) == ("multipart/mixed", alternative, "text/html")
    html = mail.get_body(("html",)).get_content()
    cids = re.findall(r'src="cid:([^"]+)"', html)
    images = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert sorted(f"<{cid}>" for cid in cids) == sorted(part["Content-ID"] for part in images)
    for part in images:
        picture = Image.open(io.BytesIO(part.get_content()))
        assert (picture.format, part.get_content_disposition()) == ("PNG", "inline")
        assert 400 <= picture.width <= 1200
        assert len(part.get_content()) < 200_000
    assert len(re.findall(r'alt="Three dots, rising"', html)) == 4
    order = ["About 2026-11-16 to 2026-11-22", "b: up from 1 to 2", "[3.1–5.6] per 1,000 words", "Finding 0 of Überblick",
             "Finding 1 of b", "2 more figures are in the report", "Open the attached weekly.html", "workbench report weekly --slot"]  # fmt: skip
    for said in (html, mail.get_body(("plain",)).get_content()):
        places = [said.index(words) for words in order]
        assert places == sorted(places)
        assert "Another sentence" not in said, "one sentence of a reading"
    assert "\n.ink {" in html, "a line that begins with a dot arrives as it was"
    loaded = re.findall(r'(?:src|href|background)\s*=\s*"([^"]*)"|url\(([^)]*)\)|@import', html)
    assert all(address.startswith("cid:") for address, _ in loaded)


@pytest.mark.faults
def test_a_server_that_hangs_is_given_up_in_time_and_the_mail_waits_with_the_reason(
    smtp, tmp_path, monkeypatch
):
    smtp.hangs = True
    monkeypatch.setenv("WORKBENCH_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("WORKBENCH_SMTP_PORT", str(smtp.server_address[1]))
    monkeypatch.setenv("WORKBENCH_SMTP_SECURITY", "none")
    monkeypatch.setattr(delivery, "post", lambda mail, server: post(mail, server, timeout=0.2, longest=2))
    ledger, project = SlotStore(tmp_path / "ledger.sqlite"), find_project(tmp_path)
    job = JobFile("weekly", "The week", ("one",), deliver=Deliver(("b@example.org",)))
    row = Slot("weekly", MONDAY, None, None, "ran", result={"files": {"html": ["weekly/one.html"]}})
    page = project.reports / "weekly" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    ledger.put(row, MONDAY)
    delivery.send(project, job, row, ledger)
    (waiting,) = ledger.deliveries()
    assert (waiting["state"], waiting["tries"]) == ("waiting", 1)
    assert "did not answer in time" in waiting["reason"]
    assert page.read_text() == "the report"
    delivery.resend(project, {"weekly": job}, ledger)
    assert ledger.deliveries()[0]["tries"] == 1, "not before its pause is over"
    smtp.hangs = False
    monkeypatch.setattr(delivery, "PAUSE", delivery.PAUSE * 0)
    delivery.resend(project, {"weekly": job}, ledger)
    assert ledger.deliveries()[0]["state"] == "sent"
    assert b"weekly" not in smtp.mails[0].split(b"Subject")[0]
    assert b"one.html" in smtp.mails[0]


@pytest.mark.parametrize(
    ("state", "on", "result", "expected"),
    [
        ("ran", ("success",), {}, True),
        ("ran", ("failure",), {}, False),
        ("failed", ("failure",), {}, True),
        ("failed", ("success",), {}, False),
        ("missed", ("failure",), {}, True),
        ("ran", ("change",), {"changes": ["up: sanctions"]}, True),
        ("ran", ("change",), {}, False),
        ("ran", ("success",), {"deliver": "nothing"}, False),
        ("skipped", ("success",), {"deliver": "notice"}, True),
        ("skipped", ("success",), {"deliver": "nothing"}, False),
    ],
)
def test_a_mail_goes_out_when_the_job_wants_it(state, on, result, expected):
    job = JobFile("weekly", "x", ("one",), deliver=Deliver(("b@example.org",), on))
    assert delivery.wants_mail(job, Slot("weekly", MONDAY, None, None, state, result=result)) is expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "WORKBENCH_SMTP_HOST"),
        ({"HOST": "h", "SECURITY": "start"}, "did you mean `starttls`"),
        ({"HOST": "h", "PORT": "x"}, "such as 587"),
        ({"HOST": "h", "PASSWORD_FILE": "/nowhere/at/all"}, "right to read"),
        ({"HOST": "h", "SECURITY": "none", "PASSWORD": "hunter2"}, "starttls"),
    ],
)
def test_a_server_that_cannot_be_meant_is_refused_without_its_password(given, said):
    with pytest.raises(NotDelivered) as refused:
        server_of({f"WORKBENCH_SMTP_{key}": value for key, value in given.items()})
    assert said in refused.value.hint
    assert "hunter2" not in str(refused.value)


def test_a_password_comes_from_a_file_and_is_not_printed(tmp_path: Path):
    (tmp_path / "secret").write_text("hunter2\n")
    server = server_of({"WORKBENCH_SMTP_HOST": "h", "WORKBENCH_SMTP_PASSWORD_FILE": str(tmp_path / "secret")})
    assert server.password == "hunter2"
    assert "hunter2" not in repr(server)
    assert replace(server, port=25).port == 25
