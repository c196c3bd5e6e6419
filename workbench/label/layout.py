"""Blocks to kinds: the story's body first, then what stands before, within and behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.label import furniture
from workbench.label.article import body_blocks
from workbench.label.blocks import Block
from workbench.label.datelines import find_dateline
from workbench.label.furniture import Named
from workbench.schema import plain
from workbench.settings.sources import Source

# A standfirst is a sentence or two; a shorter line below the title is a kicker or a menu entry.
MIN_STANDFIRST_WORDS = 10
MAX_STANDFIRST_WORDS = 60
MIN_TITLE_WORDS, MAX_TITLE_WORDS = 2, 35
HEAD_BLOCKS = 400  # a title stands above the body, however long the menu


def assign(blocks: Sequence[Block], source: Source | None, title: str | None) -> list[Named]:
    """Kind and rule of each block, speaker turns left aside; `title` as the container states it, if it does."""
    body = body_blocks(blocks)
    kinds = [_alone(block, is_body, source) for block, is_body in zip(blocks, body, strict=True)]
    first = next((n for n, kind in enumerate(kinds) if kind.kind == "paragraph"), len(blocks))
    last = next((n for n in range(len(blocks) - 1, -1, -1) if kinds[n].kind == "paragraph"), -1)
    head = _title(blocks, kinds, first, title)
    if head is not None:
        kinds[head[0]] = head[1]
        _below_title(blocks, kinds, head[0], first)
    _captions(blocks, kinds)
    _within(blocks, kinds, first, last)
    _behind(blocks, kinds, last)
    return kinds


def _alone(block: Block, is_body: bool, source: Source | None) -> Named:
    """What a block is by itself."""
    text = block.text
    if block.hint == "front":
        return Named("chrome", "front matter")
    if furniture.is_separator(text):
        return Named("separator", "marks only")
    if len(text) <= furniture.MAX_LINE:
        if source is not None and source.is_chrome(text):
            return Named("chrome", f"chrome line of {source.name}")
        if named := _short(text):
            return named
    if furniture.is_reporting(text):
        return Named("credit", "reporting credit")
    return Named("paragraph", "prose") if is_body else Named("chrome", "no prose")


def _short(text: str) -> Named | None:
    """What a short line is by its own words."""
    bare = furniture.bare(text)
    if furniture.is_marks(text):
        return Named("chrome", "marks only")
    if furniture.address(text):
        return Named("chrome", "address line")
    if furniture.date_line(bare):
        return Named("date", "date line")
    if furniture.byline(text):
        return Named("byline", "by-line")
    if furniture.is_footer(text) and re.search(r"(?:19|20)\d\d|rights reserved", text):
        return Named("footer", "rights")
    if furniture.is_credit(text):
        return Named("credit", "picture credit")
    return None


def _title(
    blocks: Sequence[Block], kinds: Sequence[Named], first: int, title: str | None
) -> tuple[int, Named] | None:
    """The block of the title: the one the container states, a heading, or the line most like one above the body."""
    if title:
        folded = _folded(title)
        for number, block in enumerate(blocks[:HEAD_BLOCKS]):
            if _folded(furniture.bare(block.text)) == folded and kinds[number].rule != "front matter":
                return number, Named("title", "stated title")
    best, best_score = None, 0.0
    for number, block in enumerate(blocks[: min(first, HEAD_BLOCKS)]):
        if kinds[number].kind == "chrome" and kinds[number].rule == "no prose" and (score := _title_score(blocks, kinds, number, first)) > best_score:
            best, best_score = number, score
    return (best, Named("title", "headline")) if best is not None else None


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split())


def _title_score(blocks: Sequence[Block], kinds: Sequence[Named], number: int, first: int) -> float:
    text = furniture.bare(blocks[number].text)
    words = text.split()
    if not MIN_TITLE_WORDS <= len(words) <= MAX_TITLE_WORDS or not any(mark.isalpha() for mark in text):
        return 0.0
    score = min(len(words), 8) / 8
    if "heading" in blocks[number].hint:
        score += 1.0
    following = [kind.kind for kind in kinds[number + 1 : number + 4]]
    if any(kind in ("date", "byline", "paragraph") for kind in following):
        score += 0.6
    if text.endswith((":", "|", ">", "/", "…", "...")) or "|" in text or text[0] in "<>|":
        score -= 0.8
    if text[0].islower() or text.endswith("."):
        score -= 0.4
    return score - 0.02 * min(first - number, 20)


def _below_title(blocks: Sequence[Block], kinds: list[Named], head: int, first: int) -> None:
    """The standfirst: the prose between title and story."""
    for number in range(head + 1, min(first + 1, len(blocks))):
        text = blocks[number].text
        words = text.count(" ") + 1
        plain_line = kinds[number].rule in ("no prose", "prose")
        if not plain_line or find_dateline(text):
            continue
        if furniture.has_credit(text) or not MIN_STANDFIRST_WORDS <= words <= MAX_STANDFIRST_WORDS:
            continue
        if number == first and text.rstrip().endswith("."):
            return  # a whole sentence right above the story is its first paragraph
        kinds[number] = Named("standfirst", "prose below the title")
        return


def _captions(blocks: Sequence[Block], kinds: list[Named]) -> None:
    """Captions: a line that carries a picture credit, or stands at one and names less than a sentence."""
    for number, block in enumerate(blocks):
        if kinds[number].rule in ("no prose", "picture credit") and furniture.has_credit(block.text):
            if not block.text.lstrip("\u00a9(").startswith(tuple("\u00a9")) and kinds[number].kind != "credit":
                kinds[number] = Named("caption", "line with a picture credit")
    for number, block in enumerate(blocks):
        if kinds[number].rule != "no prose" or len(block.text) > furniture.MAX_LINE or block.text.count(" ") < 2:
            continue
        near = [n for n in (number - 1, number + 1) if 0 <= n < len(blocks) and kinds[n].kind in ("caption", "credit")]
        if near and (number + 1 in near or any(block.text in blocks[n].text for n in near)):
            kinds[number] = Named("caption", "line at a picture credit")


def _within(blocks: Sequence[Block], kinds: list[Named], first: int, last: int) -> None:
    """Short lines within the story: a subheading belongs to it, a row of menu entries does not."""
    run: list[int] = []
    for number in range(first, last + 1):
        if kinds[number].rule == "no prose":
            run.append(number)
            continue
        if kinds[number].kind == "paragraph" and 0 < len(run) <= 2:
            for n in run:
                if len(blocks[n].text) >= 3 and not furniture.is_marks(blocks[n].text):
                    kinds[n] = Named("paragraph", "short line within the story")
        if kinds[number].kind == "paragraph":
            run = []


def _behind(blocks: Sequence[Block], kinds: list[Named], last: int) -> None:
    """Below the story: a date line that was seen above is repeated."""
    seen = {_folded(block.text) for block, kind in zip(blocks, kinds, strict=True) if kind.kind == "date"}
    for number in range(last + 1, len(blocks)):
        if kinds[number].kind == "date" and _folded(blocks[number].text) in seen:
            kinds[number] = Named("date", "date line repeated below the story")
