"""Mail against a server of the test's own: what arrives, what is refused, a server that hangs, no secret anywhere."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.deliver.mail import Server, letter, post, server_of
from workbench.errors import NotDelivered
from workbench.project import find_project
from workbench.report.jobs import Deliver, JobFile
from workbench.schedule import sending
from workbench.schedule.ledger import Ledger, Slot

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
                    lines.append(line)
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


def at(smtp) -> Server:
    return Server("127.0.0.1", smtp.server_address[1], "none", "reports@example.org")


def test_a_mail_has_plain_text_harmless_html_and_the_report_beside_it(smtp, tmp_path):
    page = tmp_path / "weekly.html"
    page.write_text("<h1>x</h1>")
    post(
        letter("The <week>\r\nBcc: evil@example.org", ["<script>1</script>"], sender="a@example.org",
               to=["b@example.org"], key="k", files=[page]),
        at(smtp),
    )  # fmt: skip
    mail = email.message_from_bytes(smtp.mails[0], policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "The <week> Bcc: evil@example.org"
    html = mail.get_body(("html",)).get_content()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<script>1</script>" in mail.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["weekly.html"]


def test_the_same_slot_sent_twice_is_the_same_mail():
    ids = {letter("t", [], sender="a@b", to=["c@d"], key=key)["Message-ID"] for key in ("one", "one", "two")}
    assert len(ids) == 2


@pytest.mark.faults
def test_a_server_that_hangs_is_given_up_in_time_and_the_mail_waits_with_the_reason(
    smtp, tmp_path, monkeypatch
):
    smtp.hangs = True
    monkeypatch.setenv("WORKBENCH_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("WORKBENCH_SMTP_PORT", str(smtp.server_address[1]))
    monkeypatch.setenv("WORKBENCH_SMTP_SECURITY", "none")
    monkeypatch.setattr(sending, "post", lambda mail, server: post(mail, server, timeout=0.2, longest=2))
    ledger, project = Ledger(tmp_path / "ledger.sqlite"), find_project(tmp_path)
    job = JobFile("weekly", "The week", ("one",), deliver=Deliver(("b@example.org",)))
    row = Slot("weekly", MONDAY, None, None, "ran", result={"files": {"html": ["weekly/one.html"]}})
    page = project.reports / "weekly" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    ledger.put(row, MONDAY)
    sending.send(project, job, row, ledger)
    (waiting,) = ledger.deliveries()
    assert (waiting["state"], waiting["tries"]) == ("waiting", 1)
    assert "did not answer in time" in waiting["reason"]
    assert page.read_text() == "the report"
    sending.resend(project, {"weekly": job}, ledger)
    assert ledger.deliveries()[0]["tries"] == 1, "not before its pause is over"
    smtp.hangs = False
    monkeypatch.setattr(sending, "PAUSE", sending.PAUSE * 0)
    sending.resend(project, {"weekly": job}, ledger)
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
    assert sending.wanted(job, Slot("weekly", MONDAY, None, None, state, result=result)) is expected


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
    assert said in refused.value.mend
    assert "hunter2" not in str(refused.value)


def test_a_password_comes_from_a_file_and_is_not_printed(tmp_path: Path):
    (tmp_path / "secret").write_text("hunter2\n")
    server = server_of({"WORKBENCH_SMTP_HOST": "h", "WORKBENCH_SMTP_PASSWORD_FILE": str(tmp_path / "secret")})
    assert server.password == "hunter2"
    assert "hunter2" not in repr(server)
    assert replace(server, port=25).port == 25
