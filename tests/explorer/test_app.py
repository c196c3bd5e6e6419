"""The explorer without a browser: every click does what it says, and a wrong line changes nothing."""

import asyncio
import json
import shutil

import ipywidgets as w
import pytest
from support.event_loops import run_alone
from support.explorer_texts import explorer_corpus, load_explorer_corpus

from workbench.errors import BadSelection
from workbench.explorer import persistence
from workbench.explorer.app import Explorer
from workbench.explorer.debounce import REST, Debouncer
from workbench.explorer.index import build_index
from workbench.explorer.state import State
from workbench.explorer.views import VIEW
from workbench.explorer.widgets.elements import is_shown
from workbench.project import find_project
from workbench.selection.model import Selection
from workbench.selection.saved import saved_selections

NOTEBOOK = {"cells": [{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [], "execution_count": None,
    "source": 'corpus: str = "texts"  # folder\nselect: str = ""  # text\ntop: int = 3  # rows\nwide: bool = False\nwords: list[str] = []'}],
    "metadata": {}, "nbformat": 4, "nbformat_minor": 5}  # fmt: skip


@pytest.fixture(scope="module")
def explorer_project(tmp_path_factory):
    """A project with a notebook, its corpus and all that the explorer asks of it: built once, copied by each test."""
    folder = tmp_path_factory.mktemp("explorer")
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "count.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        build_index(explorer_corpus(patch, folder))
    return folder


@pytest.fixture
def explorer(explorer_project, tmp_path, monkeypatch):
    shutil.copytree(explorer_project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    corpus = load_explorer_corpus(monkeypatch)
    return Explorer(
        corpus, State(order="title", falling=False), find_project(), debouncer=Debouncer(live=False)
    )


def titles(explorer):
    rows = zip(explorer.documents.rows, explorer.documents.titles, strict=True)
    return [title.description for row, title in rows if is_shown(row)]


def widgets_below(widget):
    """A widget and all below it, before it is closed or after."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets_below(child)


def press(explorer, facet, name):
    box = next(one for one in explorer.facets.facets if one.name == facet)
    button = box.pool[box._names.index(name)]
    button.value = not button.value


def test_typing_narrows_and_the_line_stays_as_typed(explorer):
    explorer.filter.line.value = "oslo  source:Wire"
    assert titles(explorer) == ["Copy one, wire", "Fifth, wire", "Third, wire"]
    assert explorer.filter.line.value == "oslo  source:Wire"
    assert "<b>3</b> of 6 documents" in explorer.filter.count.value


def test_a_field_that_waits_for_its_value_changes_nothing(explorer):
    explorer.filter.line.value = "oslo"
    explorer.filter.line.value = "oslo speaker:"
    assert len(titles(explorer)) == 3
    assert explorer.filter.line.options[:1] == ("oslo speaker:Anna ",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sorce:Wire", "No field `sorce`.</b> Did you mean `source`?"),
        ("source:Wir", "Nothing here has source `Wir`.</b> Did you mean `Wire`?"),
        ('"open', "A quotation mark is not closed"),
        ("since:2016 until:2015", "Since 2016 is after until 2015.</b> Swap them."),
        ("<script>:x <b>", ""),
    ],
)
def test_an_error_is_said_under_the_line_and_the_last_result_stays(explorer, line, said):
    explorer.filter.line.value = "source:Wire"
    explorer.filter.line.value = line
    assert said in explorer.filter.error.value
    assert "<script>" not in explorer.filter.error.value
    assert explorer.state.selection.line() == "source:Wire" or not said
    assert len(titles(explorer)) == (3 if said else 0)


def test_facets_move_one_another_and_the_line(explorer):
    press(explorer, "source", "Wire")
    press(explorer, "speaker", "Anna")
    assert explorer.filter.line.value == "source:Wire speaker:Anna"
    assert titles(explorer) == ["Copy one, wire", "Third, wire"]
    speakers = {
        v.split(" ")[0]: v.split(" ")[1] for v in (w.description for w in explorer.facets.facets[2].pool)
    }
    assert speakers == {"Anna": "2", "Bo": "1", "Carl": "1"}
    press(explorer, "source", "Wire")
    assert explorer.filter.line.value == "speaker:Anna"


CLICKS = {
    "facet": (lambda explorer: press(explorer, "source", "Wire"), "source:Wire oslo"),
    "chip": (lambda explorer: explorer.filter.pool[0].click(), "oslo"),
    "undo": (lambda explorer: explorer.filter.undo.click(), "speaker:Anna"),
    "stories": (
        lambda explorer: setattr(explorer.filter.stories, "value", "one per story"),
        'speaker:Anna stories:"one per story" oslo',
    ),
    "dates": (
        lambda explorer: setattr(explorer.facets.range, "value", (1, explorer.facets.range.max)),
        "since:2015-04 speaker:Anna oslo",
    ),
}


@pytest.mark.parametrize("click", list(CLICKS))
def test_what_is_clicked_before_the_line_was_read_is_meant_on_top_of_it(explorer, click):
    act, line = CLICKS[click]

    async def fast_hands():
        live = Explorer(explorer.corpus, State(), explorer.project, debouncer=Debouncer(live=True))
        live.go(Selection.parse("" if click == "facet" else "speaker:Anna"))
        live.filter.line.value = f"{live.filter.line.value} oslo".strip()
        act(live)
        at_once = live.state.selection
        await asyncio.sleep(3 * REST)
        return at_once, live.state.selection

    assert [one.line() for one in run_alone(fast_hands())] == [line, line]


def test_chips_undo_redo_and_reset(explorer):
    explorer.go(Selection.parse("source:Wire oslo"))
    explorer.filter.pool[0].click()
    assert explorer.filter.line.value == "oslo"
    explorer.filter.undo.click()
    assert explorer.filter.line.value == "source:Wire oslo"
    explorer.filter.redo.click()
    assert explorer.filter.line.value == "oslo"
    assert explorer.filter.redo.disabled
    explorer.filter.reset.click()
    assert explorer.filter.line.value == ""
    explorer.filter.undo.click()
    assert explorer.filter.line.value == "oslo"


def test_names_and_topics_are_said_to_be_counted_in_whole_documents_where_a_speaker_is_set(explorer):
    notes = lambda: [box.name for box in explorer.facets.facets if "whoever speaks" in box.note.value]  # noqa: E731
    assert notes() == []
    press(explorer, "speaker", "Anna")
    assert notes() == ["entity", "topic"]


def test_on_a_narrow_page_dates_and_facets_are_unfolded_by_a_switch(explorer):
    explorer.facets.switch.value = True
    assert "wbx-unfolded" in explorer.facets.box._dom_classes
    explorer.facets.switch.value = False
    assert "wbx-unfolded" not in explorer.facets.box._dom_classes


def test_the_range_sets_dates_and_the_bars_stay(explorer):
    bars = explorer.facets.bars.value.count("<rect")
    explorer.facets.range.value = (1, explorer.facets.range.max)
    assert explorer.state.selection.since == "2015-04"
    assert titles(explorer) == ["Third, wire"]
    assert explorer.facets.bars.value.count("<rect") == bars
    assert "wbx-out" in explorer.facets.bars.value


def test_one_per_story_is_a_switch(explorer):
    explorer.filter.stories.value = "one per story"
    assert "Copy one, wire" not in titles(explorer)
    assert "Copy two" in titles(explorer)


def test_the_list_is_sorted_and_the_unknown_come_last(explorer):
    explorer.documents.heads["date"].click()
    assert titles(explorer)[0] == "Third, wire"
    assert set(titles(explorer)[-2:]) == {"Fourth", "Fifth, wire"}
    explorer.documents.heads["date"].click()
    assert titles(explorer)[0] != "Third, wire"
    assert set(titles(explorer)[-2:]) == {"Fourth", "Fifth, wire"}


def test_a_title_opens_the_reader_and_steps_go_through_hits_and_documents(explorer):
    explorer.filter.line.value = "treaty OR oslo"
    explorer.documents.titles[-1 + len(titles(explorer))].click()
    assert explorer.state.view == "reader"
    assert "hit 1 of 2" in explorer.reader.where.value
    assert "Oslo" in explorer.reader.here.value
    explorer.reader.next_hit.click()
    assert "hit 2 of 2" in explorer.reader.where.value
    assert "Treaty" in explorer.reader.here.value
    explorer.reader.next_doc.click()
    assert explorer.state.doc_id == "a.txt"
    explorer.reader.layers["mentions"].value = False
    assert explorer.state.layers == ("hits", "quotes")


def test_figures_are_drawn_only_where_they_are_looked_at(explorer, monkeypatch):
    drawn = []
    monkeypatch.setitem(VIEW, "topics", lambda texts, by: drawn.append(by) or [])
    explorer.go(Selection.parse("oslo"))
    assert drawn == []
    explorer.look(view="topics")
    explorer.look(view="documents")
    explorer.look(view="topics")
    explorer.figure.by.value = "voice"
    assert drawn == ["source", "voice"]


def test_a_large_selection_is_counted_only_when_asked(explorer, monkeypatch):
    monkeypatch.setattr("workbench.explorer.app.MANY", 1)
    explorer.look(view="sentiment")
    assert "take a while to count" in explorer.figure.wait.value
    assert explorer.figure.drawn.value == ""
    explorer.figure.anyway.click()
    assert "<figure" in explorer.figure.drawn.value


def test_a_figure_comes_back_when_a_selection_that_was_too_large_is_undone(explorer, monkeypatch):
    explorer.go(Selection.parse("source:Wire"))
    explorer.look(view="sentiment")
    assert "<figure" in explorer.figure.drawn.value
    monkeypatch.setattr("workbench.explorer.app.MANY", explorer.words())
    explorer.go(Selection())
    assert "take a while to count" in explorer.figure.wait.value
    explorer._walk("undo")
    assert "<figure" in explorer.figure.drawn.value


def test_a_step_back_that_has_no_answer_any_more_is_said_and_not_taken(explorer, monkeypatch):
    explorer.go(Selection.parse("source:Wire"))
    explorer.go(Selection.parse("oslo"))

    def refused(index, selection):
        raise BadSelection("source:Wire", problem="nothing here has source `Wire`", hint="take another")

    monkeypatch.setattr("workbench.explorer.app.count_facets", refused)
    explorer._walk("undo")
    assert explorer.history.now == explorer.state.selection == Selection.parse("oslo")
    assert "nothing here has source" in explorer.filter.error.value.casefold()


def test_a_page_that_is_still_read_does_not_take_the_place_of_one_gone_back_to(explorer, monkeypatch):
    explorer.look(view="reader", doc_id="a.txt")
    waiting = []
    dropped = []
    monkeypatch.setattr(
        explorer.debouncer, "behind", lambda name, work, done: waiting.append((name, work, done))
    )
    monkeypatch.setattr(explorer.debouncer, "drop", dropped.append)
    explorer.look(doc_id="c.txt")
    assert [name for name, *_ in waiting] == ["reader"]
    explorer.look(doc_id="a.txt")
    assert dropped == ["reader"]


def test_a_view_of_nothing_says_what_to_do(explorer):
    explorer.look(view="topics")
    explorer.go(Selection.parse("source:Wire story:d.txt"))
    assert "Remove a filter" in explorer.figure.drawn.value


def test_a_correction_is_written_with_its_reason_and_moves_the_counts(explorer, tmp_path):
    explorer.look(view="reader", doc_id="d.txt")
    explorer.correct.field.value = "source"
    explorer.correct.value.value = "Gazette"
    explorer.correct.keep.click()
    assert "No reason is given" in explorer.correct.said.value
    explorer.correct.why.value = "the masthead"
    explorer.correct.keep.click()
    assert "Written to texts/metadata.toml." in explorer.correct.said.value
    written = (tmp_path / "texts" / "metadata.toml").read_text(encoding="utf-8")
    assert written == '["d.txt"]\nsource = "Gazette"\nreason = "the masthead"\n'
    explorer.correct.field.value = "date"
    explorer.correct.value.value = "soon"
    explorer.correct.keep.click()
    assert "has date &quot;soon&quot;" in explorer.correct.said.value
    assert (tmp_path / "texts" / "metadata.toml").read_text(encoding="utf-8") == written


def test_a_selection_is_saved_under_a_name_and_opened_again(explorer, tmp_path):
    explorer.go(Selection.parse('source:Wire "met bo"'))
    save = explorer.actions.box.panels["save"].children[0].children[1]
    save.click()
    assert "is not a valid name for a selection" in explorer.actions.box.said.value
    explorer.actions.box.name.value = "wire and Bo"
    save.click()
    assert saved_selections(tmp_path / "settings") == {"wire and Bo": Selection.parse('source:Wire "met bo"')}
    explorer.filter.reset.click()
    explorer.actions.box.saved.value = "wire and Bo"
    assert explorer.filter.line.value == 'source:Wire "met bo"'
    explorer.filter.reset.click()
    explorer.filter.line.value = 'saved:"wire and Bo" since:2015'
    explorer.catch_up()
    assert explorer.state.selection.line() == 'source:Wire since:2015 "met bo"'
    explorer.filter.line.value = 'saved:"wire and Bob"'
    explorer.catch_up()
    assert "Did you mean `wire and Bo`" in explorer.filter.error.value


def test_the_form_of_a_report_is_that_of_the_notebook(explorer):
    box = explorer.actions.box
    assert list(box.fields) == ["top", "wide", "words"]
    assert box.values() == {}
    box.fields["top"].value = 5
    box.fields["words"].value = "a, b"
    assert box.values() == {"top": 5, "words": "a, b"}


def test_files_are_written_without_formulas(explorer, tmp_path):
    explorer.go(Selection.parse("oslo"))
    explorer.actions._act("export", to="csv")
    assert "files are in exports/" in explorer.actions.box.said.value
    assert len(list(tmp_path.glob("exports/*/documents.csv"))) == 1


def test_widgets_share_layouts_and_styles_so_that_a_page_loads_fast(explorer):
    """Each widget of its own would bring a layout and a style; JupyterLab gives up on a kernel with many models."""
    opened = [
        widget
        for widget in widgets_below(explorer.root)
        if isinstance(widget, w.Button | w.ToggleButton | w.HTML | w.Box)
    ]
    assert len(opened) > 50
    assert (
        len(
            {
                widget.layout.model_id
                for widget in opened
                if type(widget) in (w.Button, w.ToggleButton, w.HTML, w.Box)
            }
        )
        == 1
    )
    assert (
        len(
            {widget.style.model_id for widget in opened if type(widget) in (w.Button, w.ToggleButton, w.HTML)}
        )
        == 3
    )


def test_a_closed_explorer_leaves_what_another_shares(explorer):
    other = Explorer(explorer.corpus, State(), explorer.project, debouncer=Debouncer(live=False))
    other.close()
    assert all(widget.comm is None for widget in widgets_below(other.root))
    assert all(widget.layout.comm is not None for widget in widgets_below(explorer.root))
    explorer.look(view="reader", doc_id="a.txt")
    assert explorer.reader.box.comm is not None


def test_a_cell_that_is_run_again_closes_the_explorer_it_showed(explorer, monkeypatch):
    monkeypatch.setattr("workbench.explorer.app._cell", lambda: "cell-1")
    explorer._ipython_display_()
    again = Explorer(explorer.corpus, State(), explorer.project, debouncer=Debouncer(live=False))
    again._ipython_display_()
    assert explorer.root.comm is None
    assert again.root.comm is not None
    again._ipython_display_()  # the same explorer in the same cell stays open
    assert again.root.comm is not None


def test_read_only_offers_nothing_that_writes(explorer):
    closed = Explorer(
        explorer.corpus, State(), explorer.project, debouncer=Debouncer(live=False), read_only=True
    )
    assert list(closed.actions.box.heads) == ["code"]
    closed.look(view="reader", doc_id="a.txt")
    assert not is_shown(closed.correct.box)


def test_the_state_is_kept_and_comes_back_unless_it_is_opened_with_something_else(tmp_path):
    state = State(Selection.parse("oslo"), view="topics")
    persistence.remember(tmp_path / "x.json", "", state)
    assert persistence.recall(tmp_path / "x.json", "") == state
    assert persistence.recall(tmp_path / "x.json", "source:Wire") is None
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    assert persistence.recall(tmp_path / "x.json", "") is None


def test_a_remembered_selection_that_no_longer_fits_is_let_go(explorer):
    opened = Explorer(
        explorer.corpus,
        State(Selection.parse("source:Gone")),
        explorer.project,
        debouncer=Debouncer(live=False),
    )
    assert not opened.state.selection


def test_the_static_copy_is_hidden_where_the_widgets_live(explorer):
    html = explorer.static()
    assert "<div class='wbx-static'>" in html
    assert "6 documents: all documents" in html
    assert ".wbx-static { display: none; }" in explorer.root.children[0].value
    assert ".wbx-static" not in html.split("<div")[0]


def test_nothing_of_a_hostile_document_is_markup_anywhere(tmp_path, monkeypatch, explorer):
    attack = "<img src=x onerror=alert(1)>"
    (tmp_path / "hostile").mkdir()
    monkeypatch.chdir(tmp_path / "hostile")
    texts = {"h": f"Title {attack}, wire\n{attack}: Oslo {attack} treaty.\nAnna: {attack} Oslo.\n"}
    hostile = Explorer(
        explorer_corpus(monkeypatch, tmp_path / "hostile", texts),
        State(),
        find_project(),
        debouncer=Debouncer(live=False),
    )
    hostile.filter.line.value = f"oslo {attack}"
    hostile.filter.line.value = "oslo"
    seen = []
    for view in ("documents", "concordance", "topics", "sentiment", "entities", "timeline", "reader"):
        hostile.look(view=view)
        seen += [widget.value for widget in all_html(hostile.root)]
    assert any("&lt;img" in value for value in seen)
    assert not any("<img" in value for value in (*seen, hostile.static()))


def all_html(widget):
    """Every HTML widget below one."""
    if type(widget).__name__ == "HTML":
        yield widget
    for child in getattr(widget, "children", ()):
        yield from all_html(child)


def test_a_selection_becomes_a_job_of_the_schedule(explorer, tmp_path):
    from workbench.report.jobs.check import load_job

    box = explorer.actions.box
    explorer.go(Selection.parse("source:Wire oslo"))
    box.job.value, box.fields["top"].value = "weekly wire", 7
    add = box.panels["job"].children[-1]
    add.click()
    assert "Added: jobs/weekly-wire.toml." in box.said.value
    job = load_job(tmp_path / "jobs" / "weekly-wire.toml")
    assert (job.selection, job.notebooks, dict(job.parameters)) == (
        explorer.state.selection,
        ("count",),
        {"top": 7},
    )
    assert job.schedule.cron == "0 7 * * 1"
    box.job.value, box.cron.value = "never", "every day"
    add.click()
    assert "wbx-error" in box.said.value
    assert not (tmp_path / "jobs" / "never.toml").exists()


def test_two_names_become_one_with_a_reason_and_the_counts_move(explorer, tmp_path):
    explorer.look(view="reader", doc_id="a.txt")
    explorer.correct.name.value, explorer.correct.other.value = "Bo", "Oslo"
    explorer.correct.one.click()
    assert "No reason is given" in explorer.correct.said.value
    assert not (tmp_path / "settings" / "aliases.toml").exists()


def test_what_is_being_corrected_stays_while_hits_are_stepped_through(explorer):
    explorer.filter.line.value = "treaty OR oslo"
    explorer.look(view="reader", doc_id="c.txt")
    explorer.correct.field.value = "title"
    explorer.correct.value.value = "A better title"
    explorer.reader.next_hit.click()
    assert explorer.correct.value.value == "A better title"
    explorer.reader.next_doc.click()
    assert explorer.correct.value.value == "Copy one, wire"


def test_the_reader_leaves_a_document_that_the_selection_no_longer_has(explorer):
    explorer.look(view="reader", doc_id="d.txt")
    explorer.filter.line.value = "source:Wire"
    assert explorer.state.doc_id == "a.txt"
    assert "Copy one, wire" in explorer.reader.head.value
    explorer.filter.line.value = "source:Wire story:d.txt"
    assert explorer.state.doc_id == "a.txt"
