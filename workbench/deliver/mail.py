"""A report, or the reason why there is none, by mail. The server is named in the environment alone:

`WORKBENCH_SMTP_HOST`, `_PORT` (587), `_SECURITY` (starttls, tls, none), `_FROM`, `_USER`, and `_PASSWORD` or
`_PASSWORD_FILE`. No secret is written into any file, log or message.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from workbench.deliver.mail_body import MailBody
from workbench.display.formatting import count, listed
from workbench.errors import NotDelivered, did_you_mean
from workbench.schema import visible

SECURITY = ("starttls", "tls", "none")
TIMEOUT = 20.0  # seconds for each answer of the server
LONGEST = 90.0  # seconds for the whole mail, for a server that answers drop by drop
LARGEST = 15_000_000  # bytes of all files and images: most servers refuse 20 MB, and encoding adds a third
NAMED = 4  # files that are left out; a sweep may have fifty
KINDS = {
    ".html": ("text", "html"),
    ".pdf": ("application", "pdf"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@dataclass(frozen=True)
class Server:
    """A mail server; its password is not shown when it is printed."""

    host: str
    port: int = 587
    security: str = "starttls"
    sender: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


def server_of(environment: Mapping[str, str]) -> Server:
    """The server that the environment names; NotDelivered with the hint when it names none that can be meant."""
    given = {key.removeprefix("WORKBENCH_SMTP_"): value for key, value in environment.items()}
    security, port = given.get("SECURITY", "starttls"), given.get("PORT", "587")
    if not given.get("HOST"):
        raise _refusal("no mail server is named", "set WORKBENCH_SMTP_HOST where the schedule is run")
    if security not in SECURITY:
        raise _refusal(f"WORKBENCH_SMTP_SECURITY cannot be `{security}`", did_you_mean(security, SECURITY))
    if not port.isdigit():
        raise _refusal(f"WORKBENCH_SMTP_PORT cannot be `{port}`", "write a number such as 587")
    password = given.get("PASSWORD", "")
    if file := given.get("PASSWORD_FILE"):
        try:
            password = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise _refusal(
                "the file that WORKBENCH_SMTP_PASSWORD_FILE names cannot be read", "give the right to read it"
            ) from None
    if password and security == "none":
        raise _refusal(
            "a password would go over the network unprotected", "set WORKBENCH_SMTP_SECURITY=starttls"
        )
    user = given.get("USER", "")
    sender = given.get("FROM") or (user if "@" in user else f"workbench@{given['HOST']}")
    return Server(given["HOST"], int(port), security, sender, user, password)


def mail_of(
    letter: MailBody, *, sender: str, to: Sequence[str], key: str, files: Sequence[tuple[str, bytes]] = ()
) -> EmailMessage:
    """A mail: the letter as plain text and as HTML with its images, files (name and content) beside it.

    `key` names what the mail is about: sent twice after a crash, it is the same mail to a mail program. What is
    too large is left out and said: images first, then files.
    """
    small, left = _fitting(files, LARGEST)
    if len(small) < len(files):
        sent = {name for name, _ in small}
        names = [name for name, _ in files if name not in sent]
        more = [f"{len(names) - NAMED} more"] * (len(names) > NAMED)
        letter = letter.noting(
            f"Too large for a mail, and left in the reports folder: {listed([*names[:NAMED], *more])}."
        )
    letter = _without_too_much(letter, left)
    mail = EmailMessage()
    mail["Subject"] = visible(" ".join(letter.subject.split()))[:200]
    mail["From"], mail["To"], mail["Date"] = sender, ", ".join(to), formatdate()
    mail["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@workbench.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text(), cte="quoted-printable")
    mail.add_alternative(letter.html(), subtype="html", cte="quoted-printable")
    page = mail.get_payload(1)
    assert isinstance(page, EmailMessage)
    for number, picture in enumerate(letter.pictures, 1):
        page.add_related(
            picture.png,
            "image",
            "png",
            cid=f"<{picture.cid}>",
            disposition="inline",
            filename=f"figure-{number}.png",
        )
    for name, content in small:
        main, sub = KINDS.get(Path(name).suffix, ("application", "octet-stream"))
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail


def _fitting(files: Sequence[tuple[str, bytes]], left: int) -> tuple[list[tuple[str, bytes]], int]:
    """The files that fit, in their order, and the bytes that are left after them."""
    small = []
    for name, content in files:
        if len(content) <= left:
            small.append((name, content))
            left -= len(content)
    return small, left


def _without_too_much(letter: MailBody, left: int) -> MailBody:
    """The letter with as many of its images as fit, the first ones first."""
    too_much = set()
    for picture in letter.pictures:
        left -= len(picture.png)
        if left < 0:
            too_much.add(picture.cid)
    if not too_much:
        return letter
    said = count(len(too_much), "figure is", "figures are")
    return letter.without(too_much, f"{said} left out, since the mail would be too large; see the report.")


def post(mail: EmailMessage, server: Server, *, timeout: float = TIMEOUT, longest: float = LONGEST) -> None:
    """Hand a mail to the server; NotDelivered with the reason, after `longest` seconds at the latest."""
    failures: list[Exception] = []

    def work() -> None:
        try:
            _post(mail, server, timeout)
        except (OSError, smtplib.SMTPException) as error:
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(longest)
    place = f"{server.host}:{server.port}"
    if thread.is_alive():
        raise NotDelivered(
            place, problem=f"the mail server took more than {longest:g} seconds", hint="it is tried again"
        )
    if failures:
        raise NotDelivered(
            place,
            problem=f"the mail server did not take it: {_reason(failures[0])}",
            hint="it is tried again",
        )


def _post(mail: EmailMessage, server: Server, timeout: float) -> None:
    secure = ssl.create_default_context()
    line: smtplib.SMTP
    if server.security == "tls":
        line = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=secure)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=timeout)
    with line:
        if server.security == "starttls":
            line.starttls(context=secure)
        if server.user:
            line.login(server.user, server.password)
        line.send_message(mail)


def _reason(error: Exception) -> str:
    """Why, without what was sent: a server may repeat a user's name, never believe it keeps a password."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "user or password refused"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"it refused {', '.join(error.recipients)}"
    if isinstance(error, TimeoutError) or str(error).endswith("timed out"):
        return "it did not answer in time"
    return f"{type(error).__name__}" + (
        f": {error}" if isinstance(error, OSError | smtplib.SMTPNotSupportedError) else ""
    )


def _refusal(problem: str, hint: str) -> NotDelivered:
    return NotDelivered("mail", problem=problem, hint=hint)
