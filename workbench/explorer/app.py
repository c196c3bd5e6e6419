"""The explorer: one state, the widgets that show it, and the handlers of every change."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from workbench.display import fix_colours
from workbench.errors import WorkbenchError
from workbench.explorer import persistence
from workbench.explorer.actions import Actions
from workbench.explorer.corrections import changed_counts, effect_line, plan_label_correction
from workbench.explorer.debounce import REST, Debouncer
from workbench.explorer.facet_counts import FacetCounts, count_facets, names_of
from workbench.explorer.index import Index, build_index
from workbench.explorer.markup import figure_style, style, text
from workbench.explorer.reader import MarkedDocument, read_document
from workbench.explorer.state import VIEWS, History, State
from workbench.explorer.views import MANY, VIEW, static
from workbench.explorer.widgets.corrections import CorrectBox
from workbench.explorer.widgets.documents import DocumentsBox, in_order
from workbench.explorer.widgets.elements import classed, close, column, html, put, row, shown
from workbench.explorer.widgets.facets import FacetBox
from workbench.explorer.widgets.figure import FigureBox
from workbench.explorer.widgets.reader import ReaderBox
from workbench.explorer.widgets.search import FilterBox
from workbench.pipeline import label_corrections
from workbench.pipeline.label_corrections import places
from workbench.selection.model import FIELDS, SAVED, Selection
from workbench.selection.saved import parse_selection

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.project import Project

_OPEN_FIELD = re.compile(
    rf"(?:^|\s)(?:{'|'.join((*FIELDS, SAVED))}):$", re.IGNORECASE
)  # a field that waits for its value
SETTLED = 2.0  # seconds without a change before the static copy is drawn anew
STATIC_WORDS = 200_000  # a figure in the static copy takes under a second up to here; beyond, the table alone
OFFERED = 500  # names offered to be merged with
_displayed: dict[str, Explorer] = {}  # by the cell that shows it


class Explorer:
    """Widgets over one corpus; `root` is what is displayed.

    `debouncer` says when things are done: live in a kernel, at once in a test.
    """

    def __init__(
        self, corpus: Corpus, state: State, project: Project, *, read_only: bool = False,
        debouncer: Debouncer | None = None, remember: Callable[[State], object] = lambda _: None,
    ) -> None:  # fmt: skip
        self.corpus, self.project, self.state = corpus, project, state
        self.debouncer = debouncer or Debouncer.of_kernel()
        self._remember = remember
        self.index: Index = build_index(corpus)
        fix_colours(names_of(self.index, "source"))
        self.facet_counts: FacetCounts = self._first_answer()
        self.history = History(now=self.state.selection)
        self._texts: Corpus | None = None
        self._page: MarkedDocument | None = None
        self._page_key: tuple[Any, ...] = ()
        self._drawn: tuple[Any, ...] = ()
        self._copy: Any = None
        self._quiet = False
        self.filter = FilterBox(self._typed, self.go, self._walk, self.catch_up)
        self.facets = FacetBox(self.go, self.catch_up)
        self.documents = DocumentsBox(self.look)
        self.figure = FigureBox(lambda by: self.look(by=by), lambda: self._draw(anyway=True))
        self.correct = CorrectBox(
            self._correct_document,
            self._correct_names,
            self._correct_label,
            lambda table: places(self.corpus, self.state.doc_id, table),
            read_only=read_only,
        )
        self.reader = ReaderBox(self.look, self._step, self.correct)
        self.actions = Actions(self, read_only=read_only)
        self.views = classed(
            w.ToggleButtons(options=[(name.capitalize(), name) for name in VIEWS], description="View"),
            "wbx-views",
        )
        self.views.observe(lambda change: None if self._quiet else self.look(view=change["new"]), "value")
        main = column(
            self.views,
            self.documents.box,
            self.figure.box,
            self.reader.box,
            self.actions.box.box,
            cls="wbx-main",
        )
        body = row(self.facets.switch, self.facets.box, main, cls="wbx-body")
        self.root = column(html(f"<style>{style()}</style>"), self.filter.box, body, cls="wbx")
        self.refresh()

    # ------------------------------------------------------------ changes

    def go(self, selection: Selection, *, keep_line: bool = False) -> bool:
        """Show a selection; False with a message when it is not valid or matches nothing, and the last one stays."""
        try:
            facet_counts = count_facets(self.index, selection)
        except WorkbenchError as error:
            self.filter.refuse(error)
            self.facets.show(self.index, self.facet_counts)
            return False
        self.facet_counts, self.history = facet_counts, self.history.to(selection)
        self.state = self.state.changed(selection=selection, page=0, hit=0)
        self.refresh(keep_line=keep_line)
        return True

    def look(self, **changes: Any) -> None:
        """Change the view of the same selection."""
        self.state = self.state.changed(**changes)
        self._show_view(focus="hit" in changes or "doc_id" in changes)
        self._settled()

    def refresh(self, *, keep_line: bool = False) -> None:
        """Update every widget."""
        n, of = len(self.facet_counts.shown), len(self.index)
        said = f"<span role='status'><b>{n:,}</b> of {of:,} documents</span>"
        self.filter.selection = self.state.selection
        self.filter.show(self.state.selection, self.history, said, keep_line=keep_line)
        self.filter.offer(self.index, self.facet_counts)
        self.facets.show(self.index, self.facet_counts)
        self._show_view(focus=False)
        self._settled()

    def _typed(self, line: str) -> None:
        self.debouncer.later("typed", lambda: self._apply_line(line), REST)

    def catch_up(self) -> None:
        """Apply the line that was typed before a click is handled."""
        self.debouncer.now("typed")

    def _apply_line(self, line: str) -> None:
        """Apply a line as it was typed, without a field that has no value yet."""
        try:
            selection = parse_selection(_OPEN_FIELD.sub("", line), self.project.settings)
        except WorkbenchError as error:
            self.filter.refuse(error)
            return
        finally:
            self.filter.offer(self.index, self.facet_counts)
        self.go(selection, keep_line=True)

    def _walk(self, way: str) -> None:
        now = self.history
        history = now.undone() if way == "undo" else now.redone() if way == "redo" else now.to(Selection())
        if self.go(history.now):
            self.history = history
            self.filter.show(self.state.selection, history, self.filter.count.value, keep_line=False)

    def _first_answer(self) -> FacetCounts:
        """The answer to the selection that was asked for or remembered; to none where it has no answer any more."""
        try:
            return count_facets(self.index, self.state.selection)
        except WorkbenchError:
            self.state = self.state.changed(selection=Selection())
            return count_facets(self.index, self.state.selection)

    # ------------------------------------------------------------ views

    def _show_view(self, *, focus: bool) -> None:
        view = self.state.view
        self._quiet = True
        put(self.views, value=view)
        self._quiet = False
        if view == "reader" and self._page_key != self._reader_key():
            self.reader.waiting()
        for box, names in (
            (self.documents, ("documents",)),
            (self.reader, ("reader",)),
            (self.figure, tuple(VIEW)),
        ):
            shown(box.box, view in names)
        if view == "documents":
            self.documents.show(self.index, self.facet_counts, self.state)
        elif view == "reader":
            self._open_page(focus=focus)
        else:
            self._draw()
        self.actions.show()

    def _draw(self, *, anyway: bool = False) -> None:
        """Count and draw a view in the background, unless it is shown already."""
        view, by, selection = self.state.view, self.state.by, self.state.selection
        key = (view, by, selection, self.index.version)
        if view not in VIEW or (key == self._drawn and not anyway):
            return
        words = self.words()
        if words > MANY and not anyway:
            self.debouncer.drop("figure")
            self._drawn = ()
            self.figure.too_large(
                f"These {words:,} words take a while to count. Narrow the selection, or count them all."
            )
            return
        self.figure.waiting("Counting …", view, by)
        self._drawn = ()

        def done(result: Any) -> None:
            self._drawn = key
            self.figure.show(result)

        self.debouncer.behind("figure", lambda: VIEW[view](self.texts(selection), by), done)

    def _open_page(self, *, focus: bool) -> None:
        """Read the document in the background, unless it is shown already."""
        doc_id, *_ = key = self._reader_key()
        if not doc_id:
            self.debouncer.drop("reader")
            self.reader.show(None, self.state, focus=False)
            return
        if key == self._page_key:
            self.debouncer.drop("reader")  # another one may still be read
            self.reader.show(self._page, self.state, focus=focus)
            return
        chosen = {
            names_of(self.index, f)[k]
            for f in ("entity", "topic")
            for k in self.facet_counts.chosen.get(f, ())
        }
        selection = self.state.selection

        def done(result: Any) -> None:
            self._page, self._page_key = result, key
            self.correct.know(self._names())
            self.reader.show(result, self.state, focus=focus)

        self.debouncer.behind("reader", lambda: read_document(self.corpus, doc_id, selection, chosen), done)

    def _reader_key(self) -> tuple[Any, ...]:
        """What the reader shows for the state as it is."""
        return self._within(), self.state.selection, self.index.version

    def _within(self) -> str:
        """The document that is read, while the selection has it; else the first of the list."""
        ids = self.index.documents["doc_id"].iloc[self.facet_counts.shown]
        if len(ids) and self.state.doc_id not in set(ids):
            self.state = self.state.changed(doc_id=self._neighbour(0), hit=0)
        return self.state.doc_id

    def _step(self, step: int) -> None:
        self.look(doc_id=self._neighbour(step), hit=0)

    def _neighbour(self, step: int) -> str:
        """The document before or after the one that is read, in the order of the list."""
        rows = in_order(self.index, self.facet_counts.shown, self.state.order, self.state.falling)
        ids = [str(self.index.documents["doc_id"].iloc[k]) for k in rows]
        if not ids:
            return self.state.doc_id
        position = ids.index(self.state.doc_id) if self.state.doc_id in ids else -1 if step > 0 else 0
        return ids[(position + step) % len(ids)]

    def _names(self) -> list[str]:
        names, counts = names_of(self.index, "entity"), self.facet_counts.counts["entity"]
        return [names[k] for k in sorted(range(len(names)), key=lambda k: -int(counts[k]))[:OFFERED]]

    def texts(self, selection: Selection) -> Corpus:
        """The corpus narrowed to a selection; the last one is kept, so that its tables are read once."""
        texts = self._texts
        if texts is None or texts.selection != selection or texts.version != self.corpus.version:
            texts = self._texts = self.corpus.where(selection)
        return texts

    def words(self) -> int:
        """Words of the documents that are shown."""
        return int(self.index.documents["words"].to_numpy()[self.facet_counts.shown].sum())

    # ------------------------------------------------------------ corrections

    def _correct_document(self, field: str, value: str, reason: str) -> None:
        from workbench.explorer.corrections import write_metadata

        doc_id = self.state.doc_id

        def work() -> tuple[Corpus, str]:
            place = write_metadata(self.corpus.folder, doc_id, field, value, reason)
            return self.actions.load(), f"Written to {_near(place, self.project.folder)}."

        self._correct(work)

    def _correct_names(self, what: str, name: str, other: str, reason: str) -> None:
        from workbench import entity_decisions

        def work() -> tuple[Corpus, str]:
            decide = entity_decisions.accept if what == "accept" else entity_decisions.refuse
            decided = decide(self.corpus, [name, other], reason=reason, project=self.project)
            return decided.corpus, decided.said

        self._correct(work)

    def _correct_label(self, what: str, address: str, value: str, reason: str, write: bool) -> None:
        def work() -> tuple[Corpus, str]:
            planned = plan_label_correction(self.corpus, what, address, value, reason)
            place = label_corrections.write(self.corpus, planned)
            return (
                self.actions.load(),
                f"{effect_line(planned)} Written to {_near(place, self.project.folder)}.",
            )

        def show(result: Any) -> None:
            self.correct.tell(
                result if isinstance(result, Exception) else f"{effect_line(result)} Not written yet."
            )

        if write:
            self._correct(work)
        else:
            self.debouncer.behind(
                "correct", lambda: plan_label_correction(self.corpus, what, address, value, reason), show
            )

    def _correct(self, work: Callable[[], tuple[Corpus, str]]) -> None:
        """Write a correction behind, read the corpus again, and say what moved."""
        self.correct.tell("Saving the correction and reading the corpus again …")

        def behind() -> tuple[Corpus, Index, str]:
            corpus, said = work()
            return corpus, build_index(corpus), said

        def done(result: Any) -> None:
            if isinstance(result, Exception):
                self.correct.tell(result)
                return
            corpus, index, said = result
            before = (self.index, self.facet_counts)
            self.corpus, self.index = corpus, index
            self.facet_counts = self._first_answer()
            changes = changed_counts(before, (self.index, self.facet_counts))
            self._texts, self._page_key, self._drawn = None, (), ()
            self.refresh()
            self.correct.tell(
                f"{said} {'Changed counts: ' + '; '.join(changes) + '.' if changes else 'No count changed.'}"
            )

        self.debouncer.behind("correct", behind, done)

    # ------------------------------------------------------------ what stays

    def _settled(self) -> None:
        self._remember(self.state)
        if self._copy is not None:
            self.debouncer.later(
                "copy", lambda: self.debouncer.behind("copy", self.static, self._put_copy), SETTLED
            )

    def _put_copy(self, result: Any) -> None:
        if isinstance(result, str):
            self._copy.update(_raw(result), raw=True)

    def static(self) -> str:
        """What an exported notebook shows; hidden by the style of the widgets where they live."""
        state, facet_counts = self.state, self.facet_counts
        ids = list(self.index.documents["doc_id"].iloc[facet_counts.shown])
        view = state.view if self.words() <= STATIC_WORDS else ""
        try:
            drawn = static(self.texts(state.selection), ids, view, state.by)
        except WorkbenchError as error:
            drawn = f"<p>{text(error.problem)}</p>"
        return f"<style>{figure_style()}</style><div class='wbx-static'>{drawn}</div>"

    def close(self) -> None:
        """Close the widgets; what is still counted is dropped."""
        for name in ("figure", "reader", "copy", "correct"):
            self.debouncer.drop(name)
        self._copy = None
        close(self.root)

    def _ipython_display_(self) -> None:
        from IPython import display

        cell = _cell()
        if (before := _displayed.get(cell)) is not None and before is not self:
            before.close()  # the cell was run again: the page would keep every widget of the time before
        if cell:
            _displayed[cell] = self
        display.display(self.root)  # type: ignore[no-untyped-call]
        self._copy = display.display(_raw(self.static()), raw=True, display_id=True)  # type: ignore[no-untyped-call]


def open_explorer(
    folder: str | Path | None,
    select: str,
    *,
    read_only: bool,
    debouncer: Debouncer | None = None,
) -> Explorer:
    """The explorer of a folder in the state it was left in, unless it is opened with another selection."""
    from workbench.corpus import load
    from workbench.project import find_project, store_place

    project = find_project()
    corpus = load(folder, project=project)
    selection = parse_selection(select, project.settings)
    line = selection.line()
    state_file = store_place(corpus.folder, project) / "explorer.json"
    state = persistence.recall(state_file, line) or State(selection)
    return Explorer(
        corpus,
        state,
        project,
        read_only=read_only,
        debouncer=debouncer,
        remember=lambda now: persistence.remember(state_file, line, now),
    )


def _cell() -> str:
    """The cell that is being run, as the frontend numbers it; empty where none says so."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str((parent or {}).get("metadata", {}).get("cellId") or "")


def _raw(html_: str) -> dict[str, str]:
    return {"text/html": html_, "text/plain": "the selection as a table and a figure"}


def _near(place: Path, folder: Path) -> str:
    return str(place.relative_to(folder)) if place.is_relative_to(folder) else str(place)
