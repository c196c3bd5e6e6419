"""An executed notebook as one clean page that can be mailed.

The filters for markdown, code and terminal colours are nbconvert's; the page around them is ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from workbench.report.notebook.light_imports import light_imports
from workbench.report.notebook.parameters import ParameterSchema
from workbench.report.notebook.sections import GAP, LEFT_OUT
from workbench.report.page.evidence_appendix import Appendix
from workbench.report.page.frame import page_html
from workbench.report.page.sanitize import Cleaner, PageHeading, text_of
from workbench.selection.model import Selection

with light_imports():
    from nbconvert.filters import Highlight2HTML, ansi2html
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# The first of these that an output has is shown.
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
_CONTROL = "application/vnd.jupyter.widget-view+json"
_MADE = re.compile(r"[A-Z]\w*\(")  # how a widget without words of its own is printed: `Box(children=(…`
_STILL = "Controls stand here in a running notebook; a report has none."
_HIDDEN_TAGS = {"injected-parameters", "papermill-error-cell-tag", "remove-cell"}


@dataclass(frozen=True)
class PagePart:
    """A notebook of a report: its stem, all its parameters, and those that were given."""

    name: str
    schema: ParameterSchema
    values: Mapping[str, Any]
    changed: Mapping[str, Any]


@dataclass(frozen=True)
class PageFacts:
    """What a report says about itself. `title` "" takes the notebook's own; `command` makes it again.

    `notices` are sentences for its head: (kind, words), of kind failed or degraded, `last_good` where an
    earlier good report is: (words, address). `changes` is HTML of ours: what is different from that one.
    """

    title: str
    parts: Sequence[PagePart]
    select: Selection
    made: str
    stamp: Mapping[str, str]
    command: str
    failure: str = ""
    notices: Sequence[tuple[str, str]] = ()
    changes: str = ""
    last_good: tuple[str, str] | None = None


def render(notebooks: Sequence[Any], facts: PageFacts) -> str:
    """The whole page of executed notebooks (NotebookNodes or the dicts of their JSON), one for each part."""
    cleaner, chapters = Cleaner(), []
    appendix = Appendix(cleaner)
    title = facts.title
    for nb, part in zip(notebooks, facts.parts, strict=True):
        own, cells = _title(nb, part.name)
        if len(notebooks) == 1 and not title:
            title = own
        chapters.append(_chapter(own if len(notebooks) > 1 else "", cells, cleaner, appendix))
    title = title or "Report"
    listed = [
        *[PageHeading(2, "changes", "What changed")] * ('id="changes"' in facts.changes),
        *cleaner.headings,
        *[PageHeading(2, "evidence", "Evidence")] * bool(appendix.html()),
    ]
    return page_html(
        title,
        f'<main class="wb-page" id="top">\n{_opening(title, facts)}\n{_contents(listed, len(notebooks) > 1)}\n'
        f'{facts.changes}\n<div class="wb-body">\n{"".join(chapters)}\n</div>\n{appendix.html()}</main>\n{_stamp(facts)}',
    )


# ---------------------------------------------------------------- cells


def _chapter(title: str, cells: list[Any], cleaner: Cleaner, appendix: Appendix) -> str:
    """The cells of one notebook; with a title, as a chapter whose headings stand one level lower."""
    if not title:
        return _body(cells, cleaner, appendix)
    head = cleaner.clean(f"<h2>{escape(title)}</h2>")
    cleaner.lower = 1
    body = _body(cells, cleaner, appendix)
    cleaner.lower = 0
    return f'<section class="wb-chapter">\n{head}\n{body}\n</section>\n'


def _title(nb: Any, name: str) -> tuple[str, list[Any]]:
    """The report's title and the cells without it: the first line of the first cell when it is a `# heading`."""
    cells = [
        dict(cell) for cell in nb["cells"] if not _HIDDEN_TAGS & set(cell.get("metadata", {}).get("tags", []))
    ]
    for cell in cells:
        if cell["cell_type"] == "markdown" and _joined(cell["source"]).lstrip().startswith("# "):
            first, _, rest = _joined(cell["source"]).lstrip().partition("\n")
            cell["source"] = rest
            return _plain(first[2:]), cells
    return name.replace("_", " ").capitalize(), cells


def _plain(markdown: str) -> str:
    """A heading's text without its marks."""
    return text_of(Cleaner().clean(_markdown(markdown))) or "Report"


def _body(cells: list[Any], cleaner: Cleaner, appendix: Appendix) -> str:
    """The cells in their order; code that shows nothing is kept with the next code that does."""
    parts, waiting = [], ""
    for cell in cells:
        source = _joined(cell["source"]).strip("\n")
        if cell["cell_type"] == "markdown" and source.strip():
            parts.append(f'<div class="wb-text">{cleaner.clean(_markdown(source))}</div>')
        if cell["cell_type"] != "code" or not source.strip():
            continue
        if LEFT_OUT in cell.get("metadata", {}):  # shown, but not as what made the next output
            parts.append(_code(source))
            continue
        waiting = f"{waiting}\n\n{source}".strip("\n")
        outputs = "\n".join(
            filter(None, (_output(output, cleaner, appendix) for output in cell.get("outputs", [])))
        )
        if cell.get("metadata", {}).get(GAP):
            outputs += '<p class="wb-quiet">The rest of this section is missing; the others are made all the same.</p>'
        if outputs:
            parts.append(f'<div class="wb-cell">\n{outputs}\n{_code(waiting)}\n</div>')
            waiting = ""
    return "\n".join([*parts, _code(waiting) if waiting else ""])


def _markdown(source: str) -> str:
    return str(
        MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)
    )


def _code(source: str) -> str:
    coloured = Highlight2HTML(pygments_lexer="ipython3")(source)  # type: ignore[no-untyped-call]
    inside = Cleaner().clean(str(coloured)).replace("<pre>", '<pre tabindex="0">')
    return f'<details class="wb-code"><summary>Show the code</summary>{inside}</details>'


def _output(output: Mapping[str, Any], cleaner: Cleaner, appendix: Appendix) -> str:
    kind = output["output_type"]
    if kind == "stream":
        text = f'<pre tabindex="0">{_terminal(_joined(output["text"]))}</pre>'
        if output["name"] == "stderr":
            return f'<details class="wb-output wb-messages"><summary>Messages of the program</summary>{text}</details>'
        return f'<div class="wb-output">{text}</div>'
    if kind == "error":
        return _error(output)
    data = output.get("data", {})
    mime = next((one for one in _SHOWN if one in data), None)
    if mime is None:
        return ""
    content = _joined(data[mime])
    if mime == "text/plain" and _CONTROL in data and _MADE.match(content):
        return f'<p class="wb-output wb-quiet">{_STILL}</p>'
    shown = _data(mime, content, output.get("metadata", {}), cleaner)
    return f'<div class="wb-output">{appendix.take(shown)}</div>'


def _data(mime: str, content: str, metadata: Mapping[str, Any], cleaner: Cleaner) -> str:
    if mime in ("text/html", "image/svg+xml"):
        return cleaner.clean(content)
    if mime == "text/markdown":
        return cleaner.clean(_markdown(content))
    if mime == "text/plain":
        return f'<pre tabindex="0">{_terminal(content)}</pre>'
    alt = metadata.get(mime, {}).get("alt") or metadata.get("alt")
    given = f' alt="{escape(str(alt))}"' if alt else ""
    return cleaner.clean(f'<img src="data:{mime};base64,{content.strip()}"{given}>')


def _error(output: Mapping[str, Any]) -> str:
    name, value = escape(output.get("ename", "Error")), escape(output.get("evalue", ""))
    trace = _terminal("\n".join(output.get("traceback", [])))
    return (
        f'<div class="wb-output wb-error"><p><strong>This section failed: {name}</strong> {value}</p>'
        f'<details><summary>Show the traceback</summary><pre tabindex="0">{trace}</pre></details></div>'
    )


# ---------------------------------------------------------------- around the cells


def _opening(title: str, facts: PageFacts) -> str:
    """Title block, what must be known first, and parameters."""
    caption = facts.select.caption()
    changed = dict.fromkeys(
        f"{name} = {shown(value)}" for part in facts.parts for name, value in part.changed.items()
    )
    words = " ".join(
        f"<span>{escape(part)}</span>" for part in [caption[:1].upper() + caption[1:], *changed, facts.made]
    )
    notices = _notices(facts)
    return (
        f'<header class="wb-title">\n<h1>{escape(title)}</h1>\n<p class="wb-facts">{words}</p>\n{notices}'
        f'{_parameters(facts)}<div class="wb-tools"></div>\n</header>'
    )


def _notices(facts: PageFacts) -> str:
    """One box for a failure, one for all that is to be read with care, and the way to the last good report."""
    said = [f'<p class="wb-{kind}">{escape(words)}</p>' for kind, words in facts.notices if kind == "failed"]
    doubts = "".join(f"<li>{escape(words)}</li>" for kind, words in facts.notices if kind == "degraded")
    link = ""
    if facts.notices and facts.last_good:
        words, address = facts.last_good
        link = f'<p class="wb-good"><a href="{escape(address)}">{escape(words)}</a></p>'
    if doubts:
        head = "<p><strong>Read this report with care.</strong></p>"
        said.append(f'<div class="wb-degraded" role="note">{head}<ul>{doubts}</ul>{link}</div>\n')
        link = ""
    return "".join([*said, link])


def _parameters(facts: PageFacts) -> str:
    tables = "".join(_parameter_table(part, len(facts.parts) > 1) for part in facts.parts)
    if not tables:
        return ""
    return f'<details class="wb-parameters" id="parameters"><summary>Parameters</summary>{tables}</details>\n'


def _parameter_table(part: PagePart, named: bool) -> str:
    if not part.schema.parameters:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(p.name)}</th><td>{escape(shown(part.values.get(p.name)))}</td>'
        f"<td>{escape(shown(p.default))}</td><td>{escape(p.help or p.type_in_words)}</td></tr>"
        for p in part.schema.parameters
    )
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("Parameter", "Here", "Default", "Meaning"))
    label = f"Parameters of {part.name}" if named else "Parameters"
    caption = f"<caption>{escape(part.name)}</caption>" if named else ""
    return (
        f'<div class="wb-scroll" role="group" tabindex="0" aria-label="{escape(label)}"><table>{caption}'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _contents(headings: list[PageHeading], chapters: bool) -> str:
    """A contents list of the sections, when there are at least two; those of a chapter stand below it."""
    listed = [heading for heading in headings if heading.level <= (3 if chapters else 2)]
    if len(listed) < 2:
        return ""
    items: list[tuple[PageHeading, list[PageHeading]]] = []
    for one in listed:
        if one.level == 2 or not items:
            items.append((one, []))
        else:
            items[-1][1].append(one)
    inside = "".join(_item(one, "".join(_item(inner) for inner in below)) for one, below in items)
    return f'<nav class="wb-contents" aria-labelledby="contents"><p id="contents">Contents</p><ol>{inside}</ol></nav>'


def _item(heading: PageHeading, below: str = "") -> str:
    inner = f"<ol>{below}</ol>" if below else ""
    return f'<li><a href="#{escape(heading.id)}">{escape(heading.text)}</a>{inner}</li>'


def _stamp(facts: PageFacts) -> str:
    """What the report was made from, and the line that makes it again."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.stamp.items())
    return (
        f'<footer class="wb-stamp" id="stamp"><p>This report was made from:</p><dl>{rows}</dl>'
        f'<p>This line makes it again:</p><pre tabindex="0"><code>{escape(facts.command)}</code></pre></footer>'
    )


def shown(value: Any) -> str:
    """A parameter's value for a reader."""
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)


def _terminal(text: str) -> str:
    """Text of a terminal, escaped, its eight colours as classes; exact ones cannot fit light and dark."""
    return re.sub(r' style="[^"]*"', "", str(ansi2html(text)))  # type: ignore[no-untyped-call]


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
