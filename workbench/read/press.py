"""Split exports of press databases into articles: Nexis (Uni, Academic) and Factiva, several articles a file, in any format we read.

A document that another reader made is looked at line by line; when it is such an export, it becomes one
document an article. The lines stay as they are: paragraphs of the story are hinted `body`; the header block
and the index terms are hinted `front` and go to `known` (title, date, source, author, place, language).
Lines before the first article and after the last (search terms, list of results) stay with the nearest
one, hinted `front`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from workbench.read.source import ParsedDocument

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = re.compile(rf"(?i)(?:(?:{_MONTHS})\.? \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:{_MONTHS})\.?,? \d{{4}})\b")
_LANGUAGES = {"english": "en", "french": "fr", "german": "de", "spanish": "es", "russian": "ru", "italian": "it",
              "portuguese": "pt", "dutch": "nl", "polish": "pl", "arabic": "ar", "chinese": "zh", "japanese": "ja",
              "turkish": "tr", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi"}  # fmt: skip
MAX_TITLE = 400  # characters; a longer line above a date is prose


class ExportedArticle(NamedTuple):
    """Lines `first:end` of an export; those in `front` are header or index, `known` is what they state."""

    first: int
    end: int
    front: frozenset[int]
    known: Mapping[str, str]


def split_press_export(documents: Iterable[ParsedDocument]) -> Iterator[ParsedDocument]:
    """Split a document that is an export of a press database into its articles; others stay as they are."""
    for document in documents:
        if not _may_be_export(document.text):
            yield document
            continue
        lines = [line.strip() for line in document.text.split("\n")]
        articles = next((list(of(lines)) for holds, of in _FORMS if holds(lines)), [])
        if not articles:
            yield document
            continue
        for number, article in enumerate(articles):
            first = articles[number - 1].end if number else 0
            end = article.end if number < len(articles) - 1 else len(lines)
            yield _part(document, lines, article, first, end)


def _may_be_export(text: str) -> bool:
    """Cheaply: whether the text has the words without which no form below holds. Most texts have none."""
    around = pairwise(text.split(" of "))  # "Document 3 of 12"
    return "Document" in text or any(a[-1:].isdigit() and b[:1].isdigit() for a, b in around)


def _part(
    document: ParsedDocument, lines: Sequence[str], article: ExportedArticle, first: int, end: int
) -> ParsedDocument:
    """An article as a document, from line `first` to `end`, without the blank lines around it."""
    while first < end - 1 and not lines[first]:
        first += 1
    while end - 1 > first and not lines[end - 1]:
        end -= 1
    outside = {*range(first, article.first), *range(article.end, end)}
    hints = dict.fromkeys(
        (n - first for n in range(first, end) if n in article.front or n in outside), "front"
    )
    title = article.known.get("title") or "\n"
    story = (n - first for n in _body(lines, first, end, hints) if not lines[n].endswith(title))
    hints |= dict.fromkeys(story, "body")
    text = "\n".join(document.text.split("\n")[first:end])
    return document._replace(text=text, known={**document.known, **article.known}, hints=hints)


def _body(lines: Sequence[str], first: int, end: int, hints: Mapping[int, str]) -> Iterator[int]:
    """Where the paragraphs of an article begin: below blank lines and the header, or at every line without such."""
    unhinted = [n for n in range(first, end) if lines[n] and n - first not in hints]
    parted = any(not lines[n] for n in range(unhinted[0], unhinted[-1])) if unhinted else False
    return (n for n in unhinted if not parted or not lines[n - 1] or n - 1 - first in hints)


# ---------------------------------------------------------------- Nexis

_END = re.compile(r"End of Document$")
_COUNT = re.compile(r"(?:Document )?\d{1,5} of \d{1,5}(?: DOCUMENTS?)?$")
_FIELD = re.compile(
    r"(?i)(byline|section|length|dateline|highlight|load-date|language|publication-type|pub-type|subject|organization|"
    r"company|person|industry|geographic|city|state|country|ticker|graphic|series|correction(?:-date)?|url|"
    r"journal-code|acc-no|document-type|distribution|type|notes?|category|copyright)\s*:\s*(.*)$"
)
_HEAD_FIELD = re.compile(
    r"(?i)(?:byline|section|length|dateline|highlight|series|category|type|copyright)\s*:"
)
MAX_FIELD = 8  # lines from one field of the head to the next, blank ones included; a highlight has up to 5
_LENGTH = re.compile(r"(?i)length:\s*[\d,.]+ words?$")
_LOADED = re.compile(r"(?i)load-date:\s*\S")
# What stands below an article and never in one: the first of these lines ends its text.
_INDEX = re.compile(
    r"(?i)(?:load-date|language|publication-type|pub-type|journal-code|acc-no|document-type|distribution)\s*:|"
    r"classification$|(?:subject|geographic|industry|organization|company|person)\s*:.*\(\d\d%\)"
)
_RIGHTS = re.compile(r"(?i)copyright\b|\u00a9|\(c\) ?\d{4}|all rights reserved")


def _is_nexis(lines: Sequence[str]) -> bool:
    ends = any(_END.match(line) for line in lines)
    counts = any(_COUNT.match(line) and "of" in line for line in lines)
    lengths = any(_LENGTH.match(line) for line in lines)
    return (ends and (lengths or any(_LOADED.match(line) for line in lines))) or (counts and lengths)


def _nexis(lines: Sequence[str]) -> Iterator[ExportedArticle]:
    """Cut behind each "End of Document", or before each "3 of 12 DOCUMENTS"."""
    ends = [number + 1 for number, line in enumerate(lines) if _END.match(line)]
    if ends:
        for first, end in zip([0, *ends], ends, strict=False):
            yield _nexis_article(lines, first, end)
        return
    starts = [number for number, line in enumerate(lines) if _COUNT.match(line)]
    for first, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _nexis_article(lines, first, end, counted=True)


def _nexis_article(lines: Sequence[str], first: int, end: int, counted: bool = False) -> ExportedArticle:
    body = _nexis_body(lines, first, end)
    heading = _counted_head(lines, first, body) if counted else _listed_head(lines, first, body)
    metadata = {key: value for key, value in heading.items() if isinstance(value, str) and value}
    title = heading["lines"]
    assert isinstance(title, range)
    begin = first if counted or not title else title.start
    index = next((n for n in range(body, end) if _INDEX.match(lines[n])), end)
    fields = [*range(begin, body), *range(index, end)]
    metadata |= _nexis_fields([lines[n] for n in fields])
    return ExportedArticle(begin, end, frozenset(fields) - frozenset(title), metadata)


def _listed_head(lines: Sequence[str], first: int, body: int) -> dict[str, str | range]:
    """Title, source, date, one a line. Above them may stand a list of results, with dates of other articles."""
    date_line = max((n for n in range(first, body) if _DAY.match(lines[n])), default=first)
    above = [n for n in range(first, date_line) if lines[n]]
    if len(above) < 2:
        return {"lines": range(0)}
    title, source = lines[above[-2]], lines[above[-1]]
    metadata = {
        "source": source,
        "date": _first(_DAY, lines[date_line]),
        "title": title if len(title) <= MAX_TITLE else "",
    }
    return {**metadata, "lines": range(above[-2], above[-2] + 1)}


def _counted_head(lines: Sequence[str], first: int, body: int) -> dict[str, str | range]:
    """Source; date and edition; title; fields. The title is the block of lines above the first field."""
    date_line = next((n for n in range(first, body) if _DAY.match(lines[n])), None)
    above = [n for n in range(first, date_line or first) if lines[n] and not _COUNT.match(lines[n])]
    if date_line is None or not above:
        return {"lines": range(0)}
    last = next((n for n in range(date_line, body) if _FIELD.match(lines[n])), body) - 1
    while last > date_line and not lines[last]:
        last -= 1
    start = last
    if not all(lines[first:body]):
        while start - 1 > date_line and lines[start - 1]:
            start -= 1
    title = range(start, last + 1) if last > date_line else range(0)
    title_text = " ".join(lines[n] for n in title)
    metadata = {
        "source": lines[above[0]],
        "date": _first(_DAY, lines[date_line]),
        "title": title_text if len(title_text) <= MAX_TITLE else "",
    }
    return {**metadata, "lines": title}


def _nexis_body(lines: Sequence[str], first: int, end: int) -> int:
    """The first line of the article's text: below "Body", or below the last field of its head."""
    for number in range(first, end):
        if lines[number] == "Body":
            return number + 1
    start = first
    for number in range(first, end):
        if _HEAD_FIELD.match(lines[number]) and (start == first or number - start < MAX_FIELD):
            start = number
    if start > first and not all(lines[first:start]):  # where blank lines part the blocks, a field may run on
        while start < end and lines[start]:
            start += 1
        return start
    return start + 1 if start > first else first


def _nexis_fields(lines: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        if match := _FIELD.match(line):
            fields.setdefault(match[1].lower(), match[2].strip())
    return _known(
        author=fields.get("byline"),
        place=fields.get("dateline"),
        language=fields.get("language"),
        url=fields.get("url"),
    )


def _known(**values: str | None) -> dict[str, str]:
    """Facts without the empty ones; a byline without "By", a language as its code."""
    metadata = {key: value for key, value in values.items() if value}
    if "author" in metadata:
        metadata["author"] = re.sub(r"(?i)^by:?\s+", "", metadata["author"])
    if "language" in metadata:
        code = _LANGUAGES.get(metadata.pop("language").split(";")[0].strip().lower())
        metadata |= {"language": code} if code else {}
    if not metadata.get("url", "http").startswith("http"):
        del metadata["url"]
    return metadata


def _first(pattern: re.Pattern[str], line: str) -> str:
    match = pattern.search(line)
    return match[0] if match else ""


# ---------------------------------------------------------------- Factiva

_FACTIVA_END = re.compile(r"(?:AN(?:\s{2,}|\t|\s*\|\s*))?Document [A-Z][A-Z0-9]{2,9}\d{6,}[a-z0-9]{5,}$")
_CODES = (
    "SE HD CR BY WC PD ET SN SC ED PG VOL LA CY CX LP TD CT RF ART CO IN NS RE IPC IPD PUB AN CLM DLN".split()
)
_CODE = re.compile(rf"({'|'.join(_CODES)})(?:$|(?:\s{{2,}}|\t|\s*\|\s*)(.*)$)")
_TEXT_CODES = frozenset(("LP", "TD"))
_WORDS = re.compile(r"(?i)[\d,.]+ words$")
_TIME = re.compile(r"\d{1,2}:\d\d(?: ?[AP]M)?(?: GMT)?$")
_HEADER_LINES = 25  # lines of a header that is not coded, blank ones included


def _is_factiva(lines: Sequence[str]) -> bool:
    coded = {match[1] for line in lines if (match := _CODE.match(line))}
    ends = any(_FACTIVA_END.match(line) for line in lines)
    return ends and ({"HD", "SN"} <= coded or any(_WORDS.fullmatch(line) for line in lines))


def _factiva(lines: Sequence[str]) -> Iterator[ExportedArticle]:
    """Cut behind each line "Document NYTF0000…": of coded articles behind the rest of their codes too."""
    ends = [number + 1 for number, line in enumerate(lines) if _FACTIVA_END.match(line)]
    first = 0
    for end in ends:
        begin = next((n for n in range(first, end) if lines[n]), first)
        codes = [(n, match) for n in range(begin, end) if (match := _CODE.match(lines[n]))]
        coded = {"HD", "SN"} <= {match[1] for _, match in codes}
        yield _coded(lines, codes, begin, end) if coded else _uncoded(lines, begin, end)
        first = end


def _coded(
    lines: Sequence[str], codes: Sequence[tuple[int, re.Match[str]]], begin: int, end: int
) -> ExportedArticle:
    start = next(index for index, (_, match) in enumerate(codes) if match[1] == "HD")
    if start and codes[start - 1][1][1] == "SE":
        start -= 1
    codes = codes[start:]
    fields: dict[str, str] = {}
    front: set[int] = set(range(begin, codes[0][0]))
    for (number, match), after in zip(codes, [*(n for n, _ in codes[1:]), end], strict=True):
        code = match[1]
        block = [match[2] or "", *lines[number + 1 : after]]
        fields.setdefault(code, " ".join(filter(None, block)))
        if code in _TEXT_CODES or code == "HD":
            front |= set() if match[2] else {number}
        else:
            front |= set(range(number, after))
    metadata = _known(title=fields.get("HD", "")[:MAX_TITLE], date=fields.get("PD"), source=fields.get("SN"),
                   author=fields.get("BY"), language=fields.get("LA"))  # fmt: skip
    return ExportedArticle(codes[0][0], end, frozenset(front), metadata)


def _uncoded(lines: Sequence[str], begin: int, end: int) -> ExportedArticle:
    """Section, headline, byline, "512 words", date, time, source, code, edition, page, language, rights."""
    header_lines = [n for n in range(begin, min(end, begin + _HEADER_LINES)) if lines[n]]
    words = next((index for index, n in enumerate(header_lines) if _WORDS.fullmatch(lines[n])), None)
    if words is None:
        return ExportedArticle(begin, end, frozenset({end - 1}), {})
    above, below = header_lines[:words], header_lines[words + 1 :]
    byline = next((lines[n] for n in above if re.match(r"(?i)by\b", lines[n])), None)
    titles = [n for n in above if lines[n] != byline]
    title = max(titles, key=lambda n: len(lines[n]), default=-1)
    rights = next((index for index, n in enumerate(below) if _RIGHTS.search(lines[n])), None)
    language = next((index for index, n in enumerate(below) if lines[n].lower() in _LANGUAGES), None)
    last = max((index for index in (rights, language) if index is not None), default=1)
    date = next((lines[n] for n in below[:2] if _DAY.match(lines[n])), "")
    source = next((lines[n] for n in below[:4] if lines[n] != date and not _TIME.match(lines[n])), "")
    front = {*above, header_lines[words], *below[: last + 1], end - 1} - {title}
    metadata = _known(title=lines[title][:MAX_TITLE] if titles else None, date=_first(_DAY, date), source=source,
                   author=byline, language=lines[below[language]] if language is not None else None)  # fmt: skip
    return ExportedArticle(begin, end, frozenset(front), metadata)


_FORMS: tuple[
    tuple[Callable[[Sequence[str]], bool], Callable[[Sequence[str]], Iterator[ExportedArticle]]], ...
] = (
    (_is_factiva, _factiva),
    (_is_nexis, _nexis),
)
