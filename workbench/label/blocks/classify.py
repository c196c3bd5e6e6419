"""Give each block its kind: title, text, caption, chrome.

The body of the story is found first, then the kinds of what stands before, within and after it. The kinds that
an analyst gives to single lines in `metadata.toml` override every rule and the classifier.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from workbench.label.blocks import boilerplate
from workbench.label.blocks.boilerplate import LineLabel
from workbench.label.blocks.classifier import ArticleBlocks, find_article
from workbench.label.blocks.features import extractor_votes
from workbench.label.blocks.lines import Block
from workbench.label.blocks.repeated_lines import chrome_candidates, mark_recurring_lines
from workbench.label.datelines import find_dateline, find_lead
from workbench.schema import BODY_KINDS, Document, Problem, plain
from workbench.settings.sources import Source

# A standfirst is a sentence or two; a shorter line below the title is a kicker or a menu entry.
MIN_STORY = 40  # characters from which a block with a dateline is a paragraph, not a line about it
MIN_STANDFIRST_WORDS = 10
MAX_STANDFIRST_WORDS = 60
MIN_TITLE_WORDS, MAX_TITLE_WORDS = 2, 35
LONG_TITLE = 16  # words; a longer line is rather the standfirst below it
HEAD_BLOCKS = 400  # a title stands above the body, however long the menu
LIKELY = 1.0  # what the chain's opinion adds to the points of a title, which reach from 0 to 2.6


class Layout(NamedTuple):
    """Kind and rule of each block; which of them could be chrome if they recur, and what was known of those."""

    kinds: list[LineLabel]
    candidates: list[int]
    recurring: Mapping[str, int]


def classify(
    blocks: Sequence[Block],
    source: Source | None,
    title: str | None,
    settled: Collection[int] = frozenset(),
    recurring: Mapping[str, int] | None = None,
) -> Layout:
    """Classify the blocks of a document: kind and rule of each, speaker turns aside; `title` as the container states it, if it does.

    `settled` are the blocks that are spoken under a label whatever they look like (`turns.spoken_blocks`);
    `recurring` says how strongly lines recur in documents like this one (`repeated_lines.recurrence_strength`).
    """
    article = _classes_below_front_matter(blocks, settled)
    classes, shares = article.classes, article.body
    story_starts = [n for n, block in enumerate(blocks) if n not in settled and starts_story(block.text)]
    for number in story_starts:
        classes[number] = "body"
    votes = extractor_votes(blocks)
    if votes:
        _apply_votes(blocks, classes, votes)
    else:
        _doubt_likely_extras(classes, article.extra)
        _accept_sentences(blocks, classes)
        _mark_opening_lines(blocks, classes)
    kinds = [
        _spoken_block_label(block) if number in settled else _block_label(block, classes[number], source)
        for number, block in enumerate(blocks)
    ]
    doubtful = chrome_candidates(blocks, kinds, settled)
    strengths = mark_recurring_lines(blocks, kinds, doubtful, recurring) if recurring else {}
    first = next((n for n, kind in enumerate(kinds) if kind.kind == "paragraph"), len(blocks))
    last = next((n for n in range(len(blocks) - 1, -1, -1) if kinds[n].kind == "paragraph"), -1)
    _mark_captions(blocks, kinds)
    found_title = _find_title(blocks, kinds, classes, first, min(story_starts, default=len(blocks)), title)
    if found_title is not None:
        title_number, kinds[found_title[0]] = found_title
        _mark_standfirst(blocks, kinds, title_number, first, votes)
        _mark_captions_above_credits(blocks, kinds, title_number)
    _mark_repeated_dates(blocks, kinds, last)
    kinds = [_with_confidence(kind, share) for kind, share in zip(kinds, shares, strict=True)]
    return Layout(kinds, doubtful, strengths)


def _classes_below_front_matter(blocks: Sequence[Block], settled: Collection[int]) -> ArticleBlocks:
    """The chain's class of each block; front matter is chrome, and the page begins below it."""
    front_matter = next((n for n, block in enumerate(blocks) if block.hint != "front"), len(blocks))
    settled_below = frozenset(number - front_matter for number in settled)
    article = find_article(blocks[front_matter:], settled_below)
    zeros = [0.0] * front_matter
    return ArticleBlocks(
        ["chrome"] * front_matter + article.classes, zeros + article.body, zeros + article.extra
    )


def _with_confidence(label: LineLabel, share: float) -> LineLabel:
    """What the chain decided, with how sure it is that this is text, or none; `share` is the former."""
    if label.rule not in JUDGED:
        return label
    return LineLabel(label.kind, label.rule, round(share if label.kind in BODY_KINDS else 1 - share, 2))


# Share of the extractor's story that the chain must find as well to be trusted with the page. Swept 0.5-0.85 on
# article_extraction_benchmark, sites held out: F1 .958 at 0.5, .960 at 0.6, .964 at 0.7 and 0.8.
AGREED = 0.7


def _apply_votes(blocks: Sequence[Block], classes: list[str], votes: Sequence[bool]) -> None:
    """HTML: what the extractor leaves out is not the story; of what it keeps, the chain takes furniture away.

    Where the chain would take away much of it, the page is of a kind that the chain does not know (another
    language, a list), and the extractor's vote stands.
    """
    voted = sum(len(block.text) for block, vote in zip(blocks, votes, strict=True) if vote)
    agreed = sum(
        len(block.text)
        for block, vote, class_name in zip(blocks, votes, classes, strict=True)
        if vote and class_name == "body"
    )
    trusted = agreed >= AGREED * voted
    for number, vote in enumerate(votes):
        if vote and not trusted:
            classes[number] = "body"
        elif classes[number] == "body" and not vote:
            classes[number] = "chrome"


def starts_story(text: str) -> bool:
    """Whether a block begins with a dateline that names an agency or a day."""
    lead = find_lead(text).dateline if len(text) > MIN_STORY else None
    return lead is not None and (lead.agency is not None or lead.date is not None)


# How probable an extra must be, by the best paths through it, for a block that is likelier body to be taken for
# one: a caption in the story does more harm than a line of the story in the captions. Swept on one half of
# l3s_gn1_lines, sites held out; on the other half (189 pages) captions and credits kept out rise from 0.69 to
# 0.74 and word F1 falls from .959 to .951.
DOUBTED = 0.1


def _doubt_likely_extras(classes: list[str], extra: Sequence[float]) -> None:
    """Without markup: what may well be a caption, a credit or the like is not the story."""
    for number, share in enumerate(extra):
        if classes[number] == "body" and share >= DOUBTED:
            classes[number] = "extra"


# A text of so few blocks is a brief or a statement rather than a page: its sentences are the story.
FEW_BLOCKS = 8
_SENTENCE = re.compile(r"[\"'(\[]?[A-Z\d][^.!?]*\s(?:.*\s)?[^.!?]*[.!?][\"')\]]*")
MIN_SENTENCE_WORDS = 3


def _accept_sentences(blocks: Sequence[Block], classes: list[str]) -> None:
    """A few lines, or a page on which the chain found no story: whole sentences are text.

    The chain has learned from pages full of menus; two sentences below a headline look to it like more of them.
    """
    if len(blocks) > FEW_BLOCKS and "body" in classes:
        return
    alone = len(blocks) == 1  # such as a post, which has no full stop
    for number, block in enumerate(blocks):
        if classes[number] in ("chrome", "title", "extra") and (alone or is_sentence(block.text)):
            classes[number] = "body"


def is_sentence(text: str) -> bool:
    """Whether a block begins with a capital, ends with a full stop, and has words in small letters between."""
    words = text.split()
    if len(words) < MIN_SENTENCE_WORDS or not _SENTENCE.fullmatch(text) or boilerplate.has_credit(text):
        return False
    return sum(word[0].islower() for word in words) * 3 >= len(words)


_ENDED = re.compile(r"[.!?:,;][\"')\]*_]*$")


def _mark_opening_lines(blocks: Sequence[Block], classes: list[str]) -> None:
    """Lines without a full stop above the first sentence of the story are its head, not its body.

    The chain has seen few pages with so little above the story, and would begin the body with the title.
    """
    for number, block in enumerate(blocks):
        if classes[number] != "body":
            continue
        if (
            len(blocks) == 1
            or _ENDED.search(block.text[-12:])
            or starts_story(block.text)
            or block.text.count(" ") >= MAX_STANDFIRST_WORDS
        ):
            return
        classes[number] = "open"


OTHERS = {
    "chrome": LineLabel("chrome", "no prose"),
    "open": LineLabel("chrome", "short line above the story"),
    "title": LineLabel("chrome", "like a title"),
    "related": LineLabel("related", "list of other stories"),
    "remark": LineLabel("chrome", "readers' remarks"),
    "body": LineLabel("paragraph", "prose"),
}
GUESSED = "reads like a caption"
LOOSE = (
    "no prose",
    "short line above the story",
    "like a title",
)  # rules that what stands around may overrule
HEADLINE, BELOW = "headline", "prose below the title"
JUDGED = frozenset(
    (*(named.rule for named in OTHERS.values()), GUESSED, HEADLINE, BELOW)
)  # the chain had its say


def _spoken_block_label(block: Block) -> LineLabel:
    """What a block inside a speech is: a few marks part it or sign it, everything else is spoken."""
    text = block.text
    if len(text) <= boilerplate.MAX_LINE:
        if boilerplate.is_separator(text):
            return LineLabel("separator", "marks only")
        if boilerplate.is_footer(text):
            return LineLabel("footer", "rights")
    return OTHERS["body"]


def _block_label(block: Block, class_name: str, source: Source | None) -> LineLabel:
    """What a block is by itself, with the class that the chain found for it."""
    text = block.text
    if block.hint == "front":
        return LineLabel("chrome", "front matter")
    if block.hint == "running":
        return LineLabel("chrome", "running head")
    if block.hint == "body":
        return LineLabel("paragraph", "article of an export")
    if boilerplate.is_separator(text):
        return LineLabel("separator", "marks only")
    if "vote" in block.hint and class_name == "body":
        return OTHERS["body"]
    if len(text) <= boilerplate.MAX_LINE:
        if source is not None and source.is_chrome(text):
            return LineLabel("chrome", f"chrome line of {source.name}")
        if label := _short_line_label(text):
            return label
    if boilerplate.is_reporting_credit(text):
        return LineLabel("credit", "reporting credit")
    if boilerplate.reporting_credit_start(text):
        return LineLabel("paragraph", "prose before a reporting credit")
    if class_name == "extra":
        return LineLabel("caption", GUESSED) if text.count(" ") >= 3 else OTHERS["chrome"]
    return OTHERS[class_name]


def _short_line_label(text: str) -> LineLabel | None:
    """What a short line is by its own words."""
    bare = boilerplate.strip_leading_marks(text)
    if boilerplate.has_only_marks(text):
        return LineLabel("chrome", "marks only")
    if boilerplate.address_in_line(text):
        return LineLabel("chrome", "address line")
    if boilerplate.date_line(bare) and not starts_story(bare):
        return LineLabel("date", "date line")
    if boilerplate.byline(text):
        return LineLabel("byline", "by-line")
    if boilerplate.is_footer(text) and re.search(r"(?:19|20)\d\d|rights reserved", text):
        return LineLabel("footer", "rights")
    if boilerplate.is_credit(text):
        return LineLabel("credit", "picture credit")
    return None


def _find_title(
    blocks: Sequence[Block],
    kinds: Sequence[LineLabel],
    classes: Sequence[str],
    first: int,
    stop: int,
    title: str | None,
) -> tuple[int, LineLabel] | None:
    """The block of the title: the one the container states, a heading, or the line most like one above the body."""
    if title:
        folded = _folded(title)
        for number, block in enumerate(blocks[:HEAD_BLOCKS]):
            if len(block.text) > 2 * len(title) + 8:
                continue
            if _folded(boilerplate.strip_leading_marks(block.text)) == folded and kinds[number].rule not in (
                "front matter",
                "running head",
            ):
                return number, LineLabel("title", "stated title")
    best, best_score = None, 0.0
    for number in range(min(stop, HEAD_BLOCKS)):
        likely = classes[number] == "title"
        rules = LOOSE if number > 3 else (*LOOSE, GUESSED, "readers' remarks")
        if (number > first and not likely) or kinds[number].rule not in rules:
            continue
        score = _title_score(blocks, kinds, number, first) + LIKELY * likely
        if score > best_score:
            best, best_score = number, score
    return (best, LineLabel("title", HEADLINE)) if best is not None else None


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split())


def _title_score(blocks: Sequence[Block], kinds: Sequence[LineLabel], number: int, first: int) -> float:
    text = boilerplate.strip_leading_marks(blocks[number].text)
    words = text.split()
    if not MIN_TITLE_WORDS <= len(words) <= MAX_TITLE_WORDS or not any(char.isalpha() for char in text):
        return 0.0
    score = min(len(words), 8) / 8
    if "heading" in blocks[number].hint:
        score += 1.0
    following = [kind.kind for kind in kinds[number + 1 : number + 6]]
    if any(kind in ("date", "byline", "paragraph", "caption") for kind in following):
        score += 0.6
    if following[:1] in (["date"], ["byline"], ["place"]):
        score += 0.6
    score -= 0.04 * max(0, len(words) - LONG_TITLE)
    if text.endswith((",", ":", "|", ">", "/", "…", "...")) or "|" in text or text[0] in "<>|":
        score -= 0.8
    if text[0].islower() or text[0] == "(" or text.endswith("."):
        score -= 0.4
    return score - 0.02 * min(first - number, 20)


def _mark_standfirst(
    blocks: Sequence[Block], kinds: list[LineLabel], title_number: int, first: int, votes: Sequence[bool]
) -> None:
    """The standfirst: the prose between title and story; of HTML, what the extractor takes for story as well."""
    for number in range(title_number + 1, min(first + 1, len(blocks))):
        text = blocks[number].text
        words = text.count(" ") + 1
        plain_line = kinds[number].rule in (*LOOSE, "prose", GUESSED)
        if not plain_line or (votes and not votes[number]) or find_dateline(text):
            continue
        if boilerplate.has_credit(text) or not MIN_STANDFIRST_WORDS <= words <= MAX_STANDFIRST_WORDS:
            continue
        if number == first and text.rstrip().endswith("."):
            return  # a whole sentence right above the story is its first paragraph
        kinds[number] = LineLabel("standfirst", BELOW)
        return


def _mark_captions(blocks: Sequence[Block], kinds: list[LineLabel]) -> None:
    """Captions: a line that carries a picture credit, and a line whose words such a line repeats."""
    for number, block in enumerate(blocks):
        if kinds[number].rule in (*LOOSE, GUESSED) and boilerplate.has_credit(block.text):
            kinds[number] = LineLabel("caption", "line with a picture credit")
    captions = any(kind.kind == "caption" for kind in kinds)
    for number, block in enumerate(blocks if captions else ()):
        if kinds[number].rule not in (*LOOSE, GUESSED) or block.text.count(" ") < 2:
            continue
        near = [
            blocks[n].text
            for n in (number - 1, number + 1)
            if 0 <= n < len(blocks) and kinds[n].kind == "caption"
        ]
        if any(block.text in text for text in near):
            kinds[number] = LineLabel("caption", "line at a picture credit")


def _mark_captions_above_credits(blocks: Sequence[Block], kinds: list[LineLabel], title_number: int) -> None:
    """Below the title, a line right above a picture credit is the picture's caption."""
    for number in range(title_number + 1, len(blocks) - 1):
        if (
            kinds[number].rule in LOOSE
            and kinds[number + 1].kind == "credit"
            and blocks[number].text.count(" ") >= 2
        ):
            kinds[number] = LineLabel("caption", "line above a picture credit")


def _mark_repeated_dates(blocks: Sequence[Block], kinds: list[LineLabel], last: int) -> None:
    """Below the story: a date line that was seen above is repeated."""
    above = zip(blocks[: last + 1], kinds[: last + 1], strict=True)
    date_lines = {_folded(block.text) for block, kind in above if kind.kind == "date"}
    for number in range(last + 1, len(blocks)):
        if kinds[number].kind == "date" and _folded(blocks[number].text) in date_lines:
            kinds[number] = LineLabel("date", "date line repeated below the story")


# ---------------------------------------------------------------- overrides of single lines in metadata.toml

OVERRIDE = "said in metadata.toml"
GOES_ON = ("…", "...")  # behind the beginning of a long line


def apply_overrides(document: Document, blocks: Sequence[Block], kinds: list[LineLabel]) -> list[Problem]:
    """Apply the kinds of lines of `metadata.toml` to `kinds`, in place; returns a problem for each line not found."""
    kinds_of_lines: Mapping[str, str] = json.loads(document.known.get("lines", "{}"))
    if not kinds_of_lines:
        return []
    wanted = {_override_key(line): (line, kind) for line, kind in kinds_of_lines.items()}
    beginnings = {key.rstrip("….").rstrip(): key for key in wanted if key.endswith(GOES_ON)}
    matched = set()
    for number, block in enumerate(blocks):
        text = _override_key(block.text)
        key = text if text in wanted else next((k for b, k in beginnings.items() if text.startswith(b)), None)
        if key is not None:
            matched.add(key)
            kinds[number] = LineLabel(wanted[key][1], OVERRIDE)
    return [_unmatched_override(document.path, *wanted[key]) for key in wanted if key not in matched]


def _unmatched_override(path: str, line: str, kind: str) -> Problem:
    return Problem(
        path,
        f'metadata.toml calls the line "{line}" {kind}, and there is no such line',
        "write the whole line as the page has it, or its beginning and …; or remove the entry",
        "doubtful",
    )


def _override_key(text: str) -> str:
    return " ".join(plain(text).casefold().split())
