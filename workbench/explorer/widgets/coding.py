"""Coding by hand: one sentence at a time, by keys, blind to the machine and to other coders.

Browsers send keys only to a field that is being typed in, so one small field takes them: a digit gives
the code, `u` undoes the last one, `n` skips the sentence. It keeps the focus, so that a hundred
sentences need no mouse; the buttons do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.explorer.markup import figure_style, style, text
from workbench.explorer.widgets.elements import button, classed, column, html, message, note, put, row, shown
from workbench.verbs.hand_coding import CodingTask, check_coder

if TYPE_CHECKING:
    import pandas as pd

AROUND = 2  # sentences of context on each side: one is often a fragment in transcripts


class CodingBox:
    """Widgets over one coding; `root` is what is displayed. Every code is written when it is given."""

    def __init__(self, coding: CodingTask, coder: str = "", *, read_only: bool = False) -> None:
        self.coding, self.read_only = coding, read_only
        self._items = coding.items().to_dict("records")
        self._coder = ""
        self._codes: dict[tuple[str, int], str] = {}
        self._position, self._given = 0, list[int]()
        self.name = w.Text(
            value=coder, description="Coder", placeholder="your name or initials", continuous_update=False
        )
        self.start = button("Start or continue", self._begin)
        self.progress = w.IntProgress(max=max(1, len(self._items)), description="Coded")
        classed(self.progress, "wbx-progress")
        self.said = html("", "wbx-says")
        self.page = html("", "wbx-coding-page")
        self.buttons = [self._button(k, option) for k, option in enumerate(coding.options)]
        self.undo = button("u  undo", self._undo, tip="Undo the last code (key u)")
        self.next = button("n  next", self._next, tip="Skip this sentence (key n)")
        digits = ", ".join(f"{k + 1} {option}" for k, option in enumerate(coding.options))
        self.keys = classed(
            w.Text(
                description="Keys",
                placeholder=f"{digits}, u undo, n next",
                tooltip="press a key here",
                continuous_update=True,
            ),
            "wbx-keys",
        )
        self.keys.observe(self._typed, "value")
        self.work = column(self.progress, self.page, row(*self.buttons, self.next, self.undo), self.keys)
        head = html(
            f"<h3 class='wbx-small'>Coding: {text(coding.question)}</h3><p class='wbx-quiet'>{text(coding.rule)}.</p>"
        )
        self.root = column(
            html(f"<style>{style()}</style>"),
            head,
            row(self.name, self.start),
            self.said,
            self.work,
            cls="wbx",
        )
        shown(self.work, False)
        if read_only:
            put(self.start, disabled=True)
            put(self.said, value=note("Read-only: codes cannot be given here."))
        elif coder:
            self._begin()

    # ------------------------------------------------------------ what happens

    def press(self, key: str) -> None:
        """Do what a key says; nothing for another."""
        if key.isdigit() and 0 < int(key) <= len(self.coding.options):
            self._press(int(key) - 1)
        elif key.casefold() == "u":
            self._undo()
        elif key.casefold() == "n":
            self._next()

    def _button(self, k: int, option: str) -> Any:
        return button(f"{k + 1}  {option}", lambda: self._press(k), tip=f"{option} (key {k + 1})")

    def _begin(self) -> None:
        try:
            self._coder = check_coder(self.name.value)
            codes = self.coding.codes()
        except WorkbenchError as error:
            put(self.said, value=message(error))
            return
        own_codes = codes[codes["coder"] == self._coder]
        keys = zip(own_codes["doc_id"], own_codes["sentence"], strict=True)
        self._codes = dict(zip(((str(d), int(s)) for d, s in keys), own_codes["code"], strict=True))
        self._given, self._position = [], self._open_from(0)
        shown(self.work, True)
        self._show()

    def _press(self, k: int) -> None:
        if self._position >= len(self._items):
            return
        if self._write(self._position, self.coding.options[k]):
            self._given.append(self._position)
            self._position = self._open_from(self._position + 1)
            self._show()

    def _undo(self) -> None:
        if not self._given:
            put(self.said, value=note("Nothing to undo since you started."))
            return
        last = self._given[-1]
        if self._write(last, ""):
            self._given.pop()
            self._position = last
            self._show("Undone.")

    def _next(self) -> None:
        self._position = self._open_from(self._position + 1)
        self._show()

    def _write(self, at: int, code: str) -> bool:
        item = self._items[at]
        try:
            self.coding.add(self._coder, item, code)
        except WorkbenchError as error:
            put(self.said, value=message(error))
            return False
        key = (str(item["doc_id"]), int(item["sentence"]))
        if code:
            self._codes[key] = code
        else:
            self._codes.pop(key, None)
        return True

    def _open_from(self, at: int) -> int:
        """The next sentence without a code of this coder, from the beginning again after the last; past the end when none is left."""
        order = [*range(at, len(self._items)), *range(min(at, len(self._items)))]
        return next((k for k in order if self._key(k) not in self._codes), len(self._items))

    def _key(self, at: int) -> tuple[str, int]:
        return str(self._items[at]["doc_id"]), int(self._items[at]["sentence"])

    def _typed(self, change: Any) -> None:
        typed = str(change["new"])
        if not typed:
            return
        put(self.keys, value="")
        if self._coder:
            self.press(typed[-1])

    # ------------------------------------------------------------ what is seen

    def _show(self, said: str = "") -> None:
        done = sum(self._key(k) in self._codes for k in range(len(self._items)))
        put(self.progress, value=done)
        told = f"{done} of {len(self._items)} coded by {self._coder}."
        over = self._position >= len(self._items)
        for one in (*self.buttons, self.next):
            put(one, disabled=over)
        put(self.page, value=_over(self.coding) if over else self._page(self._position))
        put(
            self.said, value=note(" ".join(filter(None, [said, told])))
        )  # last: whoever hears it sees the new sentence

    def _page(self, at: int) -> str:
        """A sentence with what stands around it; no label, score or code of anybody."""
        item = self._items[at]
        doc_id, sentence = str(item["doc_id"]), int(item["sentence"])
        words = self.coding.texts.text(doc_id)
        sentences = self.coding.texts.tables.sentences.to_pandas()
        near = sentences[
            (sentences["doc_id"] == doc_id)
            & sentences["sentence"].between(sentence - AROUND, sentence + AROUND)
        ].sort_values("start")
        start, end = int(item["start"]), int(item["end"])
        before = words[int(near["start"].iloc[0]) : start]
        after = words[end : int(near["end"].iloc[-1])]
        return (
            f"<div role='region' aria-live='polite' aria-label='sentence {at + 1} of {len(self._items)}'>"
            f"<p class='wbx-quiet'>{at + 1} of {len(self._items)} · {text(_about(self.coding.texts.tables.documents.to_pandas(), doc_id))}</p>"
            f"<p class='wbx-coded'><span class='wbx-context'>{text(before)}</span>"
            f"<mark>{text(words[start:end])}</mark><span class='wbx-context'>{text(after)}</span></p></div>"
        )

    def static(self) -> str:
        """What an exported notebook shows, where no widget lives."""
        codes = self.coding.codes()
        counts = codes["coder"].value_counts().sort_index()
        done = "; ".join(f"{coder} {n} of {len(self._items)}" for coder, n in counts.items()) or "nobody yet"
        return (
            f"<style>{figure_style()}</style><div class='wbx-static'><p>Coding by hand ({text(self.coding.question)}) needs a "
            f"running notebook: open it in JupyterLab. Coded so far: {text(done)}. The codes are in {text(self.coding.place.name)}.</p></div>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The widgets where they can live, a sentence about them everywhere else: one output, so that never both show."""
        live = self.root._repr_mimebundle_()
        return {**live, "text/html": self.static(), "text/plain": "Coding by hand needs a running notebook."}


def _about(documents: pd.DataFrame, doc_id: str) -> str:
    """Date and address of a document; not its source, which a coder may have an opinion of."""
    row = documents[documents["doc_id"] == doc_id].iloc[0]
    return ", ".join(str(part) for part in (row["date"], doc_id) if isinstance(part, str) and part)


def _over(coding: CodingTask) -> str:
    return f"<p><b>You have coded every sentence.</b> The codes are in {text(coding.place.name)}; run the notebook again to see the results.</p>"
