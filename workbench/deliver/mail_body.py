"""What a mail says, part by part, as plain text and as HTML that mail programs show: light and dark, nothing loaded.

Mail programs know neither style sheets with variables nor grids, and some of them turn colours over for a dark screen.
So each part has its colours beside its words, both of ink and of paper, and the few programs that ask for dark colours
find them by class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape

from workbench.schema import visible

WIDTH = 600  # pixels of the text column: what a preview pane shows
UNBROKEN = 16  # characters of a value that stays in one line: half of a telephone's width
LONGEST = 400  # characters of a line: what is longer stands in the report
_FONT = "font-family: Arial, Helvetica, sans-serif"
_INK, _QUIET, _PAPER, _SHADE, _LINE = "#1c1e21", "#5a6068", "#ffffff", "#f4f5f7", "#d9dce1"
_BOXES = {"failed": ("#a3271c", "#fdf1ef"), "degraded": ("#7a5200", "#fdf6e3")}
# An inline colour is stronger than a rule, so these must be important.
_DARK = """@media (prefers-color-scheme: dark) {
.ink { color: #e4e6ea !important; background: #16181c !important; } .quiet { color: #a2a8b2 !important; }
.line { border-color: #3a3f48 !important; } .shade { color: #e4e6ea !important; background: #202329 !important; }
.failed { color: #e4e6ea !important; background: #36201e !important; border-color: #ff9d92 !important; }
.degraded { color: #e4e6ea !important; background: #332a17 !important; border-color: #f0c36a !important; } }"""


class MailPart:
    """Base of a letter's parts; everything in them is text and is escaped."""

    def text(self) -> str:
        """Plain text."""
        raise NotImplementedError

    def html(self) -> str:
        """HTML for a mail program."""
        raise NotImplementedError


@dataclass(frozen=True)
class Paragraph(MailPart):
    """A paragraph; `quiet` for what matters less."""

    words: str
    quiet: bool = False

    def text(self) -> str:
        """The words."""
        return self.words

    def html(self) -> str:
        """A paragraph."""
        look = (
            f' class="quiet" style="margin: 0 0 12px; color: {_QUIET}; font-size: 14px"' if self.quiet else ""
        )
        return f"<p{look or _margin(12)}>{_escape_line(self.words)}</p>"


@dataclass(frozen=True)
class MailHeading(MailPart):
    """A heading."""

    words: str

    def text(self) -> str:
        """The words, underlined."""
        return f"{self.words}\n{'-' * len(self.words)}"

    def html(self) -> str:
        """A heading of the second level."""
        return f'<h2 style="font-size: 18px; line-height: 1.3; margin: 28px 0 10px">{_escape_line(self.words)}</h2>'


@dataclass(frozen=True)
class NoticeBox(MailPart):
    """What must be known first; `kind` is failed or degraded."""

    kind: str
    head: str
    lines: Sequence[str]

    def text(self) -> str:
        """A star before each line."""
        return "\n".join([f"*** {self.head} ***", *(f"* {line}" for line in self.lines)])

    def html(self) -> str:
        """A box with a coloured edge."""
        edge, shade = _BOXES[self.kind]
        inside = "".join(f'<p style="margin: 4px 0 0">{_escape_line(line)}</p>' for line in self.lines)
        look = f"margin: 0 0 16px; padding: 12px 16px; border-left: 4px solid {edge}; background: {shade}; color: {_INK}"
        return f'<div class="{self.kind}" style="{look}"><strong>{_escape_line(self.head)}</strong>{inside}</div>'


@dataclass(frozen=True)
class BulletList(MailPart):
    """A list."""

    lines: Sequence[str]

    def text(self) -> str:
        """A dash before each line."""
        return "\n".join(f"- {line}" for line in self.lines)

    def html(self) -> str:
        """A list."""
        items = "".join(f"<li{_margin(6)}>{_escape_line(line)}</li>" for line in self.lines)
        return f'<ul style="margin: 0 0 12px; padding-left: 22px">{items}</ul>'


@dataclass(frozen=True)
class KeyFigureTable(MailPart):
    """Key figures: what it is, the value, a sentence with its interval. `name` says of which report."""

    rows: Sequence[tuple[str, str, str]]
    name: str = ""

    def text(self) -> str:
        """A line for each."""
        lines = [f"- {what}: {value}" + (f" ({more})" if more else "") for what, value, more in self.rows]
        return "\n".join([*[_headed(self.name)] * bool(self.name), *lines])

    def html(self) -> str:
        """A table of two columns: what it is with its sentence, and the value."""
        cell = f"padding: 8px 0; border-bottom: 1px solid {_LINE}; vertical-align: top; font-weight: normal"
        rows = "".join(
            f'<tr><th scope="row" align="left" class="line" style="{cell}; padding-right: 16px">{_escape_line(what)}'
            + (
                f'<br><span class="quiet" style="color: {_QUIET}; font-size: 14px">{_escape_line(more)}</span>'
                if more
                else ""
            )
            + f'</th><td align="right" class="line" style="{cell}{_whole(value)}"><strong>{_escape_line(value)}</strong></td></tr>'
            for what, value, more in self.rows
        )
        name = (
            f'<p style="margin: 16px 0 2px"><strong>{_escape_line(self.name)}</strong></p>'
            if self.name
            else ""
        )
        look = "border-collapse: collapse; width: 100%; margin: 0 0 12px"
        return f'{name}<table cellpadding="0" cellspacing="0" border="0" width="100%" style="{look}">{rows}</table>'


@dataclass(frozen=True)
class MailImage(MailPart):
    """A figure with its heading and reading; `png` is empty where it is not shown. `width` is that on the screen."""

    heading: str
    reading: str
    alt: str
    png: bytes = field(default=b"", repr=False)
    width: int = 0

    @property
    def cid(self) -> str:
        """What the HTML calls the image by; "" for one that is not shown."""
        words = f"{self.heading}|{self.alt}".encode() + self.png
        return f"{hashlib.sha256(words).hexdigest()[:24]}@workbench.invalid" if self.png else ""

    def text(self) -> str:
        """Heading, reading and what it shows in words."""
        return "\n".join(
            filter(
                None, [_headed(self.heading) if self.heading else "", self.reading, f"[Figure: {self.alt}]"]
            )
        )

    def html(self) -> str:
        """The image on white paper, whatever the screen, between its heading and its reading."""
        head = f'<h3 style="font-size: 16px; line-height: 1.3; margin: 20px 0 6px">{_escape_line(self.heading)}</h3>'
        said = f"<p{_margin(12)}>{_escape_line(self.reading)}</p>" if self.reading else ""
        if not self.png:
            alt = f'<p class="quiet" style="margin: 0 0 12px; color: {_QUIET}; font-size: 14px">{_escape_line(self.alt)}</p>'
            return (head if self.heading else "") + (said or alt)
        look = "display: block; width: 100%; height: auto; border: 0; border-radius: 4px; background: #ffffff; color: #1c1e21"
        image = (
            f'<img src="cid:{self.cid}" alt="{_escape_line(self.alt)}" width="{self.width}" '
            f'style="{look}; max-width: {self.width}px; margin: 0 0 10px">'
        )
        return (head if self.heading else "") + image + said


@dataclass(frozen=True)
class CommandLine(MailPart):
    """A line to be typed into a terminal."""

    line: str

    def text(self) -> str:
        """The line, set in; it is whole however long it is."""
        return f"    {self.line}"

    def html(self) -> str:
        """The line as code."""
        look = f"margin: 0 0 12px; padding: 10px 12px; background: {_SHADE}; color: {_INK}; font: 14px/1.5 Menlo, Consolas, monospace; white-space: pre-wrap; word-break: break-word"
        return f'<pre class="shade" style="{look}">{escape(self.line)}</pre>'


@dataclass(frozen=True)
class MailBody:
    """A mail before it is one: its subject, its title, its parts in their order."""

    subject: str
    title: str
    parts: Sequence[MailPart]

    @property
    def pictures(self) -> list[MailImage]:
        """The images to be sent, each once."""
        shown = [part for part in self.parts if isinstance(part, MailImage) and part.png]
        return list({picture.cid: picture for picture in shown}.values())

    def without(self, cids: set[str], note: str) -> MailBody:
        """The same letter without these images, and with a note that says so."""
        parts = [
            replace(part, png=b"") if isinstance(part, MailImage) and part.cid in cids else part
            for part in self.parts
        ]
        return replace(self, parts=[*parts, Paragraph(note, quiet=True)])

    def noting(self, words: str) -> MailBody:
        """The same letter with one more sentence at its end."""
        return replace(self, parts=[*self.parts, Paragraph(words, quiet=True)])

    def text(self) -> str:
        """The whole letter as plain text."""
        head = f"{self.title}\n{'=' * min(len(self.title), 72)}"
        return visible("\n\n".join([head, *(part.text() for part in self.parts)])) + "\n"

    def html(self) -> str:
        """The whole letter as an HTML document that loads nothing."""
        paper = f"background: {_PAPER}; color: {_INK}"
        font = f"{_FONT}; font-size: 16px; line-height: 1.5"
        parts = "\n".join(part.html() for part in self.parts)
        return visible(
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
            f"<title>{_escape_line(self.title)}</title>\n<style>{_DARK}</style>\n</head>\n"
            f'<body class="ink" style="margin: 0; padding: 0; {paper}">\n'
            f'<table role="presentation" class="ink" cellpadding="0" cellspacing="0" border="0" width="100%" bgcolor="{_PAPER}" style="{paper}; table-layout: fixed">'
            f'<tr><td align="center" style="padding: 24px 16px">\n<div role="main" style="max-width: {WIDTH}px; margin: 0 auto; text-align: left; {font}; overflow-wrap: break-word">\n'
            f'<h1 style="font-size: 24px; line-height: 1.25; margin: 0 0 8px">{_escape_line(self.title)}</h1>\n{parts}\n'
            "</div>\n</td></tr></table>\n</body>\n</html>\n"
        )


def _escape_line(words: str) -> str:
    """Text as HTML, in one line and not without end."""
    line = " ".join(words.split())
    return escape(line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…")


def _headed(words: str) -> str:
    """What stands above something in plain text."""
    return words if words.endswith(("?", ".", ":", "!")) else f"{words}:"


def _whole(value: str) -> str:
    """A number or a name is not broken."""
    return "; white-space: nowrap" if len(value) <= UNBROKEN else ""


def _margin(below: int) -> str:
    return f' style="margin: 0 0 {below}px"'
