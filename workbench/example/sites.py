"""Put a text on a page: menus, credits and links around it, as plain text or as one of three designs of HTML."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.example.documents import LABEL, NO_BREAK, Line, Text
from workbench.example.passage import Passage, fill
from workbench.example.plan import ARTICLE, PlannedPage
from workbench.example.prose import day_in_words
from workbench.example.world import World, read_data

FORMS = {
    "agency": (1, 3, 6, 2, 1, 3),
    "portal": (0, 2, 0, 2, 0, 2),
    "ministry": (5, 4, 6, 5, 4, 6),
    "presidency": (4, 5, 4, 5, 6, 4),
}
_SHORT = re.compile(r"(?<= )(\w{1,2}) ")


def page_lines(world: World, page: PlannedPage, text: Text, seed: int, others: Sequence[str]) -> list[Line]:
    """All lines of a page from top to bottom; `others` are titles of other pages of the site."""
    source = world.sources[page.source]
    rng = random.Random(f"site {seed} {page.number}")  # noqa: S311
    site = read_data("pages")["site"][FORMS[source.kind][source.style]]
    values: dict[str, Callable[[], str]] = {
        "outlet": lambda: source.name, "other": lambda: rng.choice(others), "host": lambda: source.host,
        "yyyy": lambda: str(page.date.year), "mark": lambda: source.mark, "slug": lambda: _slug(page, rng),
        "day": lambda: day_in_words(page.date), "country": lambda: world.countries[0].name,
        "country2": lambda: world.countries[1].name,
    }  # fmt: skip

    def around(templates: Sequence[str]) -> list[Line]:
        filled = [fill(template, lambda name: values[name](), rng).text for template in templates]
        kinds = ["date" if "{day}" in template else "chrome" for template in templates]
        return [Line(Passage(line), kind, of_site=True) for line, kind in zip(filled, kinds, strict=True)]

    made = [*around(site["head"]), Line(text.title, "title")]
    body = list(text.lines)
    if source.style % 2 and page.genre == ARTICLE and page.markup:
        made.append(Line(Passage(_stamp(page, rng)), "date"))
    inside = around(site["inside"]) if page.genre == ARTICLE and rng.random() < 0.7 else []
    if inside:
        first = next(i for i, line in enumerate(body) if line.kind == "paragraph")
        at = min(len(body), first + rng.randint(2, 4))
        body[at:at] = inside
    made += body
    return [line for line in made + around(site["foot"]) if line.text.text or line.kind == "chrome"]


def with_no_break_spaces(lines: Sequence[Line]) -> list[Line]:
    """The lines with a no-break space behind each word of one or two letters, as some sites set them."""
    return [
        replace(line, text=Passage(_SHORT.sub(rf"\1{NO_BREAK}", line.text.text), line.text.spans))
        for line in lines
    ]


def as_text(lines: Sequence[Line]) -> str:
    """The page saved as text: a blank line between paragraphs, menus line by line."""
    made: list[str] = []
    packed = [line.of_site or line.kind in ("caption", "credit") for line in lines]
    for number, line in enumerate(lines):
        if made and not (packed[number - 1] and packed[number]):
            made.append("")
        made.append(line.text.text)
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(made)).strip("\n") + "\n"


def as_html(world: World, page: PlannedPage, text: Text, lines: Sequence[Line], seed: int) -> str:
    """The page in the markup of its site."""
    source = world.sources[page.source]
    rng = random.Random(f"markup {seed} {page.number}")  # noqa: S311
    title = html.escape(text.title.text)
    head = [f"<title>{title} | {html.escape(source.name)}</title>", '<meta charset="utf-8">']
    if source.style % 3 == 0:
        head.append(f'<meta property="og:site_name" content="{html.escape(source.name)}">')
    if source.style % 3 == 1:
        head.append(
            f'<meta property="article:published_time" content="{page.date.isoformat()}T{rng.randint(6, 20):02}:00:00Z">'
        )
    if source.style % 2 == 0:
        head.append(f'<link rel="canonical" href="https://{source.host}/{_slug(page, rng)}">')
    start = next(i for i, line in enumerate(lines) if line.kind == "title")
    end = max(i for i, line in enumerate(lines) if not line.of_site) + 1
    design = (_semantic, _divs, _table)[source.style % 3]
    body = design(lines[:start], lines[start:end], lines[end:])
    head_lines = "\n".join(head)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head_lines}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def _semantic(top: Sequence[Line], story: Sequence[Line], bottom: Sequence[Line]) -> str:
    tags = {"title": "h1", "caption": "figcaption", "credit": "small", "date": "time", "chrome": "aside"}
    links = "".join(f'<li><a href="#">{_escaped(line)}</a></li>' for line in top if line.text.text)
    foot = "".join(f"<p>{_escaped(line)}</p>" for line in bottom if line.text.text)
    inner = "\n".join(_element(tags.get(line.kind, "p"), line) for line in story)
    return (
        f"<nav><ul>{links}</ul></nav>\n<main><article>\n{inner}\n</article></main>\n<footer>{foot}</footer>"
    )


def _divs(top: Sequence[Line], story: Sequence[Line], bottom: Sequence[Line]) -> str:
    names = {
        "title": "headline",
        "caption": "img-text",
        "credit": "img-by",
        "date": "stamp",
        "byline": "author",
        "chrome": "promo",
    }
    links = "".join(f'<span><a href="#">{_escaped(line)}</a></span><br>' for line in top if line.text.text)
    inner = "\n".join(
        f"<h2>{_escaped(line)}</h2>" if line.kind == "title"
        else f'<div class="{names[line.kind]}">{_escaped(line)}</div>' if line.kind in names
        else f"<p>{_escaped(line)}</p>"
        for line in story
    )  # fmt: skip
    foot = "".join(
        f'<div class="f"><a href="#">{_escaped(line)}</a></div>' for line in bottom if line.text.text
    )
    return f'<div id="top">{links}</div>\n<div id="c">\n{inner}\n</div>\n<div id="b">{foot}</div>'


def _table(top: Sequence[Line], story: Sequence[Line], bottom: Sequence[Line]) -> str:
    links = "".join(f'<tr><td><a href="#">{_escaped(line)}</a></td></tr>' for line in top if line.text.text)
    inner = "<br><br>\n".join(
        f"<b>{_escaped(line)}</b>" if line.kind == "title" else _escaped(line) for line in story
    )
    foot = "<br>".join(_escaped(line) for line in bottom if line.text.text)
    return f"<table>{links}</table>\n<table><tr><td>{inner}</td></tr></table>\n<center>{foot}</center>"


def _element(tag: str, line: Line) -> str:
    return f"<{tag}>{_escaped(line)}</{tag}>"


def _escaped(line: Line) -> str:
    text = html.escape(line.text.text, quote=False)
    label = next(iter(line.text.of(LABEL)), None)
    if label is None:
        return text
    name = html.escape(line.text.text[: label.end].rstrip(), quote=False)
    return f"<strong>{name}</strong> " + html.escape(line.text.text[label.end :], quote=False)


def _slug(page: PlannedPage, rng: random.Random) -> str:
    return f"{page.genre}s/{page.date.isoformat().replace('-', '/')}/{rng.randint(1000, 99999)}"


def _stamp(page: PlannedPage, rng: random.Random) -> str:
    clock = f"{rng.randint(6, 22)}:{rng.randint(0, 59):02}"
    return rng.choice((
        f"{day_in_words(page.date)}, {clock}", f"Published: {day_in_words(page.date)}", f"Last updated {day_in_words(page.date)} {clock} GMT",
    ))  # fmt: skip
