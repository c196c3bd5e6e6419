"""Lay out white space in HTML: which elements keep their lines, and where their lines begin paragraphs.

Prose in a `<pre>` is often wrapped by hand at 60 to 80 columns. Its lines stay lines of the text, as in a
file of plain text, and the same step of labelling joins them (`label.blocks`). This module only separates
the paragraphs by blank lines and says which lines begin something, so that a hint never cuts a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

COLLAPSE, LINES, KEEP = (
    "collapse",
    "lines",
    "keep",
)  # what happens to spaces and line feeds: CSS normal, pre-line, pre
PREFORMATTED = frozenset(("pre", "xmp", "listing", "plaintext", "textarea"))
_VALUES = {
    "pre": KEEP, "pre-wrap": KEEP, "break-spaces": KEEP, "-moz-pre-wrap": KEEP, "pre-line": LINES,
    "normal": COLLAPSE, "nowrap": COLLAPSE, "initial": COLLAPSE,
}  # fmt: skip
_WHITE_SPACE = re.compile(r"(?i)(?:^|[;{\s])white-space\s{0,9}:\s{0,9}([a-z-]+)")
_SELECTOR = re.compile(r"[a-z][a-z0-9]*|[a-z][a-z0-9]*[.#][\w-]+|[.#][\w-]+")
MAX_STYLE = (
    2 * 2**20
)  # characters of style blocks that are read; the largest seen in a saved page has 0.9 million

MAX_TABS = 10  # beside each other; a thousand would make a file of four times its size

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_INLINE = re.compile(r"[ \t\f\v]+")
_TABS = re.compile(r"\t+")
_RETURNS = re.compile(r"\r\n?")


def rules(tree: Any) -> dict[str, str]:
    """What the page's style blocks say of white space: a simple selector (`pre`, `.a`, `#a`, `div.a`) to its mode."""
    style_rules: dict[str, str] = {}
    budget = MAX_STYLE
    for style in tree.iter("style"):
        css = (style.text or "")[:budget]
        budget -= len(css)
        if "white-space" in css:
            style_rules |= _rules(css)
    return style_rules


def _rules(css: str) -> dict[str, str]:
    """The rules outside of `@media` and the like, which may not hold for a screen."""
    first, *rest = css.split("/*")
    css = first + "".join(piece.partition("*/")[2] for piece in rest)
    properties = {}
    depth = 0
    for piece in css.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:
            selectors, _, declared = piece.partition("{")
            mode = _mode(declared)
            if mode:
                for selector in selectors.rsplit(";", 1)[-1].split(","):
                    if _SELECTOR.fullmatch(name := selector.strip()):
                        properties[name] = mode
        depth = max(0, depth + opened - 1)
    return properties


def _mode(declared: str) -> str | None:
    """The mode that declarations ask for: the last one counts; None where they say nothing of white space."""
    if "white-space" not in declared.lower():
        return None
    values = [_VALUES.get(value.lower()) for value in _WHITE_SPACE.findall(declared)]
    return values[-1] if values else None


def mode_of(element: Any, tag: str, inherited: str, styles: dict[str, str]) -> str:
    """The mode of white space inside an element; a style attribute stands above style blocks, these above the tag."""
    attributes = element.attrib
    if attributes and (mode := _mode(attributes.get("style", ""))):
        return mode
    if styles:
        classes = attributes.get("class", "").split()
        names = [f"#{attributes.get('id', '')}", *(f"{tag}.{name}" for name in classes)]
        for name in (*names, *(f".{name}" for name in classes), tag):
            if name in styles:
                return styles[name]
    return KEEP if tag in PREFORMATTED else inherited


def lines_of(text: str, mode: str) -> list[str]:
    """The lines of a run of text inside an element of this mode; neighbouring runs go on in one line."""
    if mode == COLLAPSE:
        return [_SPACES.sub(" ", text)]
    text = _RETURNS.sub("\n", text)
    text = _INLINE.sub(" ", text) if mode == LINES else _TABS.sub(_spaces, text)
    return text.split("\n")


def _spaces(tabs: re.Match[str]) -> str:
    return "    " * min(len(tabs[0]), MAX_TABS)


# ---------------------------------------------------------------- where lines begin paragraphs

MIN_WRAP, MAX_WRAP = 40, 100  # as in label.blocks: a wrapped line has at least and at most this length
MIN_RUN_ON = 0.3  # as there: share of the lines of wrap length before one with a small letter
LONGEST_WORD = 15  # letters; a line that is shorter than the width by more did not end for want of room
ENDS = ".!?:\"')]\u201d\u2019"
_GAP = re.compile(
    r"(?<![.!?:\"'\u201d ]) {3,}(?=\S)|\.{6,}|[|\u2502].*[|\u2502]"
)  # parts the cells of a table


_ADDRESS = re.compile(r"https?://|www\.")


class Laid(NamedTuple):
    """A line of a group: `begins` unless it goes on with the paragraph above; `row` in a table of aligned columns."""

    text: str
    begins: bool
    row: bool


def lay_out(lines: Sequence[str]) -> tuple[list[Laid], bool]:
    """The lines of an element with blank lines between paragraphs, and whether they are hard-wrapped prose.

    Blank lines at the ends go, a run of them becomes one. Lines that are not wrapped (verse, an address,
    code) all begin something and keep their order and blank lines.
    """
    stripped = [
        line.replace("\xa0", " ").rstrip() if line[:1] in "\xa0 " else line.rstrip() for line in lines
    ]
    bare = [line.strip() for line in stripped]
    rows = _rows(bare)
    if not _is_wrapped(bare, rows):
        laid = [Laid(line, True, row) for line, row in zip(stripped, rows, strict=True)]
        return _single_spaced(laid), False
    width = max(len(line) for line in stripped if len(line) <= MAX_WRAP)
    laid = []
    opener = False
    for number, line in enumerate(stripped):
        above = stripped[number - 1] if number else ""
        parted = not above or rows[number] != rows[number - 1] or _begins(above, line, opener)
        if number and parted and above and line and not (rows[number] and rows[number - 1]):
            laid.append(Laid("", True, False))
        opener = parted and line[:2] == "  "
        short = bool(above) and len(above) + LONGEST_WORD < width and not bare[number][:1].islower()
        laid.append(Laid(line, parted or short or rows[number], rows[number]))
    return _single_spaced(laid), True


def _begins(above: str, line: str, opener: bool) -> bool:
    """Whether an indent begins a paragraph: deeper than the line above, or as deep as that first line was.

    A second line of equal indent goes on with an indented quotation, unless the first was a whole sentence.
    """
    indent, before = _indent(line), _indent(above)
    if indent < 2 or indent < before:
        return indent + 8 < before  # below a centred heading
    return indent > before or (opener and above[-1] in ENDS)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_wrapped(bare: Sequence[str], rows: Sequence[bool]) -> bool:
    """Whether enough lines go on below with a small letter, each of them about as long as the longest.

    Lines of any length above an address, as in a list of offers, are not wrapped.
    """
    pairs = [
        (len(line), following[0].islower() and not _ADDRESS.match(following))
        for number, (line, following) in enumerate(pairwise(bare))
        if MIN_WRAP <= len(line) <= MAX_WRAP and following and not rows[number]
    ]
    if len(pairs) < 2:
        return False
    width = sorted(length for length, _ in pairs)[int(0.95 * (len(pairs) - 1))]
    run_on = sum(small and length + LONGEST_WORD >= width for length, small in pairs)
    return run_on >= MIN_RUN_ON * len(pairs)


def _rows(bare: Sequence[str]) -> list[bool]:
    """Which lines are rows of a table: they have a gap inside, and so has a neighbour."""
    gaps = [bool(_GAP.search(line)) for line in bare]
    return [
        gap and (gaps[number - 1 : number] == [True] or gaps[number + 1 : number + 2] == [True])
        for number, gap in enumerate(gaps)
    ]


def _single_spaced(laid: Sequence[Laid]) -> list[Laid]:
    """Without blank lines at the ends, and one where there were several."""
    lines: list[Laid] = []
    for line in laid:
        if line.text or (lines and lines[-1].text):
            lines.append(line)
    while lines and not lines[-1].text:
        lines.pop()
    return lines
