"""The box of actions: copy a selection as code, save it, make a report or a job of it, export it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as w

from workbench.explorer.widgets.elements import (
    button,
    classed,
    column,
    html,
    message,
    note,
    put,
    row,
    shown,
    toggle,
)
from workbench.export import FORMATS
from workbench.report.notebook.parameters import ParameterSchema

PANELS = {
    "code": "Copy as code",
    "save": "Save selection",
    "report": "Make a report",
    "job": "Add to schedule",
    "export": "Export",
}
CHOOSE = ("open a saved selection …", "")
CALENDAR = "minute, hour, day, month, weekday: 0 7 * * 1 is Monday at 7:00"


class ActionsBox:
    """`act(name, **values)` hears of save, open, report, stop, job and export."""

    def __init__(
        self, act: Callable[..., object], schemas: Mapping[str, ParameterSchema], *, read_only: bool
    ) -> None:
        self._act, self._schemas = act, schemas
        allowed = ["code"] if read_only else list(PANELS)
        self.heads = {name: toggle(PANELS[name], "wbx-action") for name in allowed}
        for name, head in self.heads.items():
            head.observe(lambda change, n=name: self._open(n if change["new"] else ""), "value")
        self.code = classed(w.Textarea(description="Code", rows=8), "wbx-code")
        self.name = w.Text(description="Name", placeholder="a name for this selection")
        self.saved = w.Dropdown(description="Saved", options=(CHOOSE,))
        self.saved.observe(lambda change: act("open", name=change["new"]) if change["new"] else None, "value")
        self.notebook = w.Dropdown(description="Notebook", options=tuple(schemas))
        self.notebook.observe(lambda _: self._form(), "value")
        self.fields: dict[str, Any] = {}
        self.form = column(cls="wbx-form")
        self.run = button(
            "Make the report", lambda: act("report", notebook=self.notebook.value, values=self.values())
        )
        self.stop = button("Stop", lambda: act("stop"))
        self.bar = classed(w.IntProgress(description="Running", min=0, max=100), "wbx-progress")
        self.made = html("", "wbx-made")
        self.job = w.Text(description="Job", placeholder="a name, such as weekly")
        self.cron = w.Text(description="When", value="0 7 * * 1", placeholder="minute hour day month weekday")
        self.what = html("", "wbx-quiet")
        self.format = w.Dropdown(description="Format", options=FORMATS)
        self.panels = {
            "code": column(self.code),
            "save": column(
                row(self.name, button("Save", lambda: act("save", name=self.name.value))),
                self.saved,
                cls="wbx-form",
            ),
            "report": column(
                self.notebook, self.form, row(self.run, self.stop, self.bar), self.made, cls="wbx-form"
            ),
            "job": column(
                self.job,
                row(self.cron, html(note(CALENDAR), "wbx-quiet")),
                self.what,
                button("Add", self._add_job),
                cls="wbx-form",
            ),
            "export": column(
                row(self.format, button("Write the files", lambda: act("export", to=self.format.value))),
                cls="wbx-form",
            ),
        }
        self.said = html("", "wbx-says")
        self.box = column(
            row(*self.heads.values(), cls="wbx-tools"),
            *self.panels.values(),
            self.said,
            cls="wbx-actions-box",
        )
        for panel in (*self.panels.values(), self.stop, self.bar):
            shown(panel, visible=False)
        self._form()

    def show(self, code: str, names: Sequence[str]) -> None:
        """Show the code of what is on the screen, and the selections that were saved."""
        put(self.code, value=code)
        options = (CHOOSE, *((name, name) for name in names))
        if self.saved.options != options:
            self.saved.options = options

    def tell(self, said: str | Exception) -> None:
        """Show the outcome of an action."""
        put(self.said, value=message(said) if isinstance(said, Exception) else note(said))

    def running(self, share: int | None, words: str = "") -> None:
        """Show how far a report is, or with None that none is being made."""
        busy = share is not None
        put(self.bar, value=share or 0)
        put(self.run, disabled=busy)
        for widget in (self.stop, self.bar):
            shown(widget, busy)
        put(self.said, value=note(words))

    def values(self) -> dict[str, Any]:
        """The values of the form by parameter; those at their default are left out."""
        defaults = self._schemas[self.notebook.value].defaults() if self.notebook.value else {}
        return {
            name: widget.value
            for name, widget in self.fields.items()
            if widget.value != _plain(defaults[name])
        }

    def _form(self) -> None:
        """A field for each parameter of the notebook, but `corpus` and `select`, which the explorer sets."""
        schema = self._schemas.get(self.notebook.value or "")
        self.fields = {
            parameter.name: field_of(parameter)
            for parameter in (schema.parameters if schema else ())
            if parameter.name not in ("corpus", "select")
        }
        helps = {parameter.name: parameter.help for parameter in (schema.parameters if schema else ())}
        put(
            self.what,
            value=note(
                f"Runs {self.notebook.value} on this selection, with the parameters set under “Make a report”."
            ),
        )
        self.form.children = tuple(
            row(widget, html(note(helps[name]), "wbx-quiet")) for name, widget in self.fields.items()
        )

    def _add_job(self) -> None:
        self._act(
            "job",
            name=self.job.value,
            cron=self.cron.value,
            notebook=self.notebook.value,
            values=self.values(),
        )

    def _open(self, name: str) -> None:
        if not name and any(head.value for head in self.heads.values()):
            return
        for other, head in self.heads.items():
            if other != name and head.value:
                head.value = False
        for other, panel in self.panels.items():
            shown(panel, other == name)


def field_of(parameter: Any) -> Any:
    """A form field for a parameter of a notebook: what it takes is what `report.schema` checks."""
    name, default = parameter.name, parameter.default
    if parameter.kind == "choice":
        return w.Dropdown(description=name, options=parameter.choices, value=default)
    if parameter.kind == "bool" and not parameter.optional:
        return w.Checkbox(description=name, value=default, indent=False)
    if parameter.kind == "int" and not parameter.optional:
        return w.IntText(description=name, value=default)
    if parameter.kind == "float" and not parameter.optional:
        return w.FloatText(description=name, value=default)
    return w.Text(description=name, value=_plain(default), placeholder=parameter.type_in_words)


def _plain(default: Any) -> Any:
    """A default as its field holds it: lists with commas, nothing as no text."""
    if default is None:
        return ""
    return ", ".join(map(str, default)) if isinstance(default, list) else default
