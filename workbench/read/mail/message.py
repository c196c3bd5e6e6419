"""Read mail messages (.eml): headers, the plain text or the page, and attached messages.

Quoted replies stay as they are. Each attached message is a document of its own; a repair notes how many other
attachments are left out. Mailboxes (`mbox`) and saved pages (`mhtml`) are read by the same functions.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Mapping
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from workbench.read.decode import decode
from workbench.read.limits import Refused
from workbench.read.office.paragraphs import clean
from workbench.read.source import ParsedDocument
from workbench.read.web import html

_HEAD = 65_536  # bytes; the headers of a message that passed ten servers are below 20,000


def guess(raw: bytes, path: Path) -> bool:
    """Headers that a mail server writes; with the right name any headers."""
    if path.suffix.lower() == ".eml":
        return b":" in raw[:_HEAD].split(b"\n", 1)[0]
    return has_headers(raw[:_HEAD])


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The message, then those attached to it."""
    yield from read_messages(open_message(raw))


# ---------------------------------------------------------------- one message of the mail standard: its parts, its headers in words, its text; shared by eml, mbox and mhtml

MAX_MAIL = 64 * 2**20  # bytes of one message; mail servers stop at 25 to 50 MB, saved pages are below 30
MAX_PARTS = 2_000  # parts of one message; a saved page has one for each picture, rarely 300
MAX_HEADER = 4_000  # characters of a header that is shown; a list of recipients may run on for ever
SHOWN = ("Subject", "From", "Date", "To", "Cc")
# A message in two versions may say in the plain one only "open this in your browser".
FULLER = 3.0
_HEADER = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_MARKS = re.compile(rb"(?im)^(?:message-id|received|mime-version|return-path|delivered-to|x-[\w-]+):")
_SENT = re.compile(rb"(?im)^(?:from|date|subject|to):")


def has_headers(head: bytes) -> bool:
    """Whether `head` begins with the headers of a message as servers write them, not as a person prints them."""
    block = _HEADER.match(head.lstrip(b"\r\n"))
    return bool(block and _MARKS.search(block[0]) and len(_SENT.findall(block[0])) >= 1)


def open_message(raw: bytes) -> Message:
    """The message in `raw`. Raises Refused for one that is too large, nested too deeply or has too many parts."""
    if len(raw) > MAX_MAIL:
        raise Refused(f"a message of more than {MAX_MAIL:,} bytes", "save its text and its attachments apart")
    try:
        message = email.message_from_bytes(raw)
        count = sum(1 for _ in message.walk())
    except RecursionError as error:
        raise Refused("message parts are nested without end", "save its text by hand") from error
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Refused(f"the message is damaged ({error})", "export it again") from error
    if count > MAX_PARTS:
        raise Refused(f"a message of more than {MAX_PARTS:,} parts", "save its text by hand")
    return message


def decoded_header(message: Message, name: str) -> str:
    """A header in words: encoded words decoded, white space made single; empty without one."""
    try:
        header = message.get(name)
        if header is None:
            return ""
        parts = decode_header(str(header)[: 2 * MAX_HEADER])
        text = "".join(
            part if isinstance(part, str) else _decoded(part, charset or "utf-8") for part, charset in parts
        )
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        text = str(message.get_all(name, [""])[0])
    return " ".join(clean(text)[0].split())[:MAX_HEADER]


def iso_day(header: str) -> str:
    """The day of a Date header as ISO 8601, by the sender's own clock; empty when it is no date."""
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return ""


def part_bytes(part: Message) -> bytes:
    """The bytes of a part; those of a text in UTF-8, whatever it came in."""
    try:
        raw = part.get_payload(decode=True)
        charset = part.get_content_charset() or ""
    except (MessageError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refused(f"a part of the message is damaged ({error})", "export it again") from error
    if not isinstance(raw, bytes):
        return b""
    return _decoded(raw, charset).encode(errors="replace") if charset else raw


def _decoded(raw: bytes, charset: str) -> str:
    """As stated; by content where that fails. What only looks like a charset (`zlib`) is none."""
    if charset.lower() not in ("us-ascii", "ascii", "unknown-8bit"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError, TypeError, AssertionError):
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_messages(message: Message) -> Iterator[ParsedDocument]:
    """The message as a document, then each message that is attached to it."""
    yield _document(message)
    for part in message.walk():
        if part is not message and part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                yield _document(inner[0])


def _own_parts(message: Message) -> Iterator[Message]:
    """The parts of a message that hold something, without those of messages attached to it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and part is not message:
            continue
        if isinstance(inner, list):
            waiting += [child for child in reversed(inner) if isinstance(child, Message)]
        else:
            yield part


def _document(message: Message) -> ParsedDocument:
    parts = list(_own_parts(message))
    attached = [part for part in parts if _is_attached(part)]
    texts = [part for part in parts if not _is_attached(part)]
    body = _body(texts)
    header_lines = [f"{name}: {header}" for name in SHOWN if (header := decoded_header(message, name))]
    shift = len(header_lines) + 1 if header_lines else 0
    hints = dict.fromkeys(range(len(header_lines)), "front") | {
        n + shift: hint for n, hint in body.hints.items()
    }
    repairs = list(body.repairs)
    if attached:
        names = ", ".join(filter(None, (clean(part.get_filename() or "")[0] for part in attached[:5])))
        repairs.append(f"attachments left out: {len(attached)}" + (f" ({names})" if names else ""))
    text = "\n".join([*header_lines, "", body.text] if header_lines else [body.text])
    return ParsedDocument(text, {**body.known, **_known(message)}, tuple(repairs), hints)


def _known(message: Message) -> Mapping[str, str]:
    stated = {
        "title": re.sub(r"(?i)^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", "", decoded_header(message, "Subject")),
        "date": iso_day(decoded_header(message, "Date")),
        "author": decoded_header(message, "From"),
    }
    return {key: value for key, value in stated.items() if value}


def _is_attached(part: Message) -> bool:
    stated = str(part.get("Content-Disposition", "")).lower()
    return stated.startswith("attachment") or part.get_content_type() not in ("text/plain", "text/html")


def _body(parts: list[Message]) -> ParsedDocument:
    """The text: the plain version, or the page where that is the only one or says far more."""
    plain = [_plain(part) for part in parts if part.get_content_type() == "text/plain"]
    pages = [part_bytes(part) for part in parts if part.get_content_type() == "text/html"]
    text = "\n\n".join(plain_part.text for plain_part in plain if plain_part.text.strip())
    page = next((page for page in pages if page.strip()), None)
    if page is not None:
        (page_document,) = html.parse(page)
        if len(page_document.text) > FULLER * len(text):
            return page_document
    return ParsedDocument(
        text, {}, tuple(repair for plain_part in plain for repair in plain_part.repairs), {}
    )


def _plain(part: Message) -> ParsedDocument:
    decoded = decode(part_bytes(part))
    text = decoded.text
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text)
    text, _ = clean(text)
    return ParsedDocument(text.strip("\n"), {}, decoded.repairs, {})


def _unflowed(text: str) -> str:
    """Lines that end in a space go on (RFC 3676), but for the mark of a signature and quoted replies."""
    return re.sub(r"(?m)^(?!>|-- $)(.*\S) \n(?![> \n])", r"\1 ", text)
