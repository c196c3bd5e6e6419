"""Find lines that recur across the documents of a source: evidence for chrome that no rule knows.

A page by itself cannot tell "Follow our channel" from the story; forty pages of one source can. Each document
lists the lines that could be chrome (`chrome_candidates`), the pipeline counts them over the corpus, and a
document whose lines recur is labelled again with that evidence (`mark_recurring_lines`). A formula that
recurs in the text itself ("By the authority vested in me …") must stay text: a whole sentence is chrome
only at the edge of the page, and only where a good part of the source's documents have it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from workbench.label.blocks.boilerplate import LineLabel
from workbench.label.blocks.features import ends_sentence
from workbench.label.blocks.lines import Block
from workbench.schema import Document

RepeatedLines = Mapping[str, Mapping[str, int]]  # by group of documents: how strongly each line recurs there
NO_REPEATED_LINES: RepeatedLines = {}

# What recurs is said in three strengths, so that one more document seldom changes any label.
AT_EDGE, INSIDE, SENTENCE = 1, 2, 3
MIN_DOCUMENTS = 3  # below, two reports of one event that share a heading would do
MIN_STRONG = 5  # documents, for a line within the story or a whole sentence
# Shares of the source's documents. In every fourth of 7,638 White House documents the text itself repeats
# formulas in 0.1-1.5 % of them and never in 4 %; a site's chrome stands on nearly all its pages of a kind.
INSIDE_SHARE = 0.10
SENTENCE_SHARE = 0.20
MAX_CHARS = 160
MOST = 100  # candidates that are counted at each end of a document: what is chrome stands there

_DIGITS = re.compile(r"\d+")
_ZERO = dict.fromkeys(range(ord("0"), ord("9") + 1), "0")  # the same in two steps, in a third of the time
_ZEROS = re.compile("00+")
_LIST = re.compile(r"\W*\(?\w{1,4}[.)]\W*$|.*[:;,]$")  # a list number, or a line that announces what follows


def document_group(source: str | None, document: Document) -> str:
    """Whose documents are compared: those of a source; where none is known of a host, else of a folder."""
    if source:
        return f"source {source}"
    url = document.known.get("url")
    host = urlsplit(url).hostname if url else None
    return f"host {host}" if host else f"folder {PurePosixPath(document.path).parent.as_posix()}"


def line_key(text: str) -> str:
    """Twelve hex digits for a line, whatever its numbers and capitals: "Page 3 of 9" recurs as "page 4 of 9"."""
    normalised = " ".join(text.casefold().split())
    normalised = (
        _ZEROS.sub("0", normalised.translate(_ZERO)) if normalised.isascii() else _DIGITS.sub("0", normalised)
    )
    return hashlib.blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def longest_paragraph_key(blocks: Sequence[Block]) -> str:
    """The key of the longest paragraph: copies and updates of one story share it, and are one witness."""
    return line_key(max((block.text for block in blocks), key=len, default=""))


def chrome_candidates(
    blocks: Sequence[Block], kinds: Sequence[LineLabel], settled: Collection[int]
) -> list[int]:
    """Numbers of the blocks of the story that are short and not spoken under a label."""
    candidates = [
        number
        for number, block in enumerate(blocks)
        if kinds[number].rule == "prose" and number not in settled and _is_candidate(block)
    ]
    return candidates if len(candidates) <= 2 * MOST else [*candidates[:MOST], *candidates[-MOST:]]


def recurrence_strength(document_count: int, group_size: int) -> int:
    """How strongly a line recurs that `document_count` of the `group_size` documents of a group have; 0 for not at all."""
    if document_count >= MIN_STRONG and document_count >= SENTENCE_SHARE * group_size:
        return SENTENCE
    if document_count >= MIN_STRONG and document_count >= INSIDE_SHARE * group_size:
        return INSIDE
    return AT_EDGE if document_count >= MIN_DOCUMENTS else 0


def mark_recurring_lines(
    blocks: Sequence[Block], kinds: list[LineLabel], numbers: Collection[int], recurring: Mapping[str, int]
) -> dict[str, int]:
    """Call the recurring ones of the candidates chrome, in place; the evidence that was there, used or not.

    From both ends of the story inwards a line that recurs is chrome, and the next one becomes the edge.
    """
    strengths = {number: recurring.get(line_key(blocks[number].text), 0) for number in numbers}
    strengths = {number: strength for number, strength in strengths.items() if strength}
    if not strengths:
        return {}
    paragraphs = [number for number, kind in enumerate(kinds) if kind.kind == "paragraph"]
    marked = {
        number
        for number, strength in strengths.items()
        if strength >= INSIDE and not _is_sentence(blocks[number])
    }
    for inwards in (paragraphs, paragraphs[::-1]):
        for number in inwards:
            if number in marked:
                continue
            needed = SENTENCE if _is_sentence(blocks[number]) else AT_EDGE
            if strengths.get(number, 0) < needed:
                break
            marked.add(number)
    if len(marked) < len(paragraphs):  # a document that would be left without text is no page with chrome
        for number in marked:
            kinds[number] = LineLabel("chrome", "recurs across documents of this source")
    return {line_key(blocks[number].text): strength for number, strength in strengths.items()}


def _is_candidate(block: Block) -> bool:
    text = block.text
    return len(text) <= MAX_CHARS and not text[0].islower() and block.hint != "body" and not _LIST.match(text)


def _is_sentence(block: Block) -> bool:
    return ends_sentence(block.text)
