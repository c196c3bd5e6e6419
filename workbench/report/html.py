"""An executed notebook as one clean page that can be mailed.

The filters for markdown, code and terminal colours are nbconvert's; the page around them is ours.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from workbench.report.clean import Cleaner, Heading, text_of
from workbench.report.imports import light_imports
from workbench.report.page import page
from workbench.report.schema import Schema
from workbench.selection import Selection

with light_imports():
    from nbconvert.filters import Highlight2HTML, ansi2html
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# The first of these that an output has is shown.
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
_HIDDEN_TAGS = {"injected-parameters", "papermill-error-cell-tag", "remove-cell"}


@dataclass(frozen=True)
class Facts:
    """What a report says about itself. `values` are all parameters, `changed` those that were given."""

    name: str
    schema: Schema
    values: Mapping[str, Any]
    changed: Mapping[str, Any]
    select: Selection
    made: str
    stamp: Mapping[str, str]
    failure: str = ""


def render(nb: Any, facts: Facts) -> str:
    """The whole page of an executed notebook (a NotebookNode or the dict of its JSON)."""
    cleaner = Cleaner()
    title, cells = _title(nb, facts.name)
    body = _body(cells, cleaner)
    return page(
        title,
        f'<main class="wb-page" id="top">\n{_opening(title, facts)}\n{_contents(cleaner.headings)}\n'
        f'<div class="wb-body">\n{body}\n</div>\n</main>\n{_stamp(facts)}',
    )


def reproduce(facts: Facts) -> str:
    """The command line that makes this report again."""
    words = ["workbench", "report", facts.name]
    for name, value in facts.changed.items():
        words += ["-p", f"{name}={_on_command_line(value)}"]
    return shlex.join(words + (["--select", facts.select.line()] if facts.select else []))


# ---------------------------------------------------------------- cells


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


def _body(cells: list[Any], cleaner: Cleaner) -> str:
    """The cells in their order; code that shows nothing is kept with the next code that does."""
    parts, waiting = [], ""
    for cell in cells:
        source = _joined(cell["source"]).strip("\n")
        if cell["cell_type"] == "markdown" and source.strip():
            parts.append(f'<div class="wb-text">{cleaner.clean(_markdown(source))}</div>')
        if cell["cell_type"] != "code" or not source.strip():
            continue
        waiting = f"{waiting}\n\n{source}".strip("\n")
        outputs = "\n".join(filter(None, (_output(output, cleaner) for output in cell.get("outputs", []))))
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


def _output(output: Mapping[str, Any], cleaner: Cleaner) -> str:
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
    return f'<div class="wb-output">{_data(mime, _joined(data[mime]), output.get("metadata", {}), cleaner)}</div>'


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


def _opening(title: str, facts: Facts) -> str:
    """Title block and parameters."""
    caption = facts.select.caption()
    changed = [f"{name} = {_shown(value)}" for name, value in facts.changed.items()]
    parts = [caption[:1].upper() + caption[1:], *changed, facts.made]
    words = " ".join(f"<span>{escape(part)}</span>" for part in parts)
    failed = f'<p class="wb-failed">This report failed: {escape(facts.failure)}</p>' if facts.failure else ""
    return (
        f'<header class="wb-title">\n<h1>{escape(title)}</h1>\n<p class="wb-facts">{words}</p>\n{failed}'
        f'{_parameters(facts)}<div class="wb-tools"></div>\n</header>'
    )


def _parameters(facts: Facts) -> str:
    if not facts.schema.parameters:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(p.name)}</th><td>{escape(_shown(facts.values.get(p.name)))}</td>'
        f"<td>{escape(_shown(p.default))}</td><td>{escape(p.help or p.type_in_words)}</td></tr>"
        for p in facts.schema.parameters
    )
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("Parameter", "Here", "Default", "Meaning"))
    return (
        f'<details class="wb-parameters" id="parameters"><summary>Parameters</summary><div class="wb-scroll" '
        f'role="group" tabindex="0" aria-label="Parameters"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>\n"
    )


def _contents(headings: list[Heading]) -> str:
    """A contents list of the sections, when there are at least two."""
    sections = [heading for heading in headings if heading.level == 2]
    if len(sections) < 2:
        return ""
    items = "".join(f'<li><a href="#{escape(one.id)}">{escape(one.text)}</a></li>' for one in sections)
    return f'<nav class="wb-contents" aria-labelledby="contents"><p id="contents">Contents</p><ol>{items}</ol></nav>'


def _stamp(facts: Facts) -> str:
    """What the report was made from, and the line that makes it again."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.stamp.items())
    return (
        f'<footer class="wb-stamp" id="stamp"><p>This report was made from:</p><dl>{rows}</dl>'
        f'<p>This line makes it again:</p><pre tabindex="0"><code>{escape(reproduce(facts))}</code></pre></footer>'
    )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)


def _on_command_line(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else "none" if value is None else str(value)


def _terminal(text: str) -> str:
    """Text of a terminal, escaped, its eight colours as classes; exact ones cannot fit light and dark."""
    return re.sub(r' style="[^"]*"', "", str(ansi2html(text)))  # type: ignore[no-untyped-call]


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
