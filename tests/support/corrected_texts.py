"""Two invented texts with labels to correct: a news story with quotations, a briefing with turns."""

from __future__ import annotations

from pathlib import Path

STORY = """Ferry talks enter a second day

PORT ARDEN, March 3 (Gazette) - The ferry company said on Friday that the boats would sail again in April. "We have agreed on the timetable," Elena Markov said after the meeting. "It is a first step that took us a long year to make."

The harbour of the town seen at dusk by our reader.

Customs said that the lists were late, and that the boats could not be loaded before noon. Officials call the ship "the Old Ferry of the North, the pride of us all." The mayor was not there.
"""
BRIEFING = """Briefing

MR. ABLE: We have come to talk about grain and water, and we hope that the towns will hear us.

MS. REED: Thank you. I think we can do it. Karsten is with us.

PIPELINE DISPUTE: We shall see, and I say that we go. I hope that you are with us.

MS. REED: Thank you.
"""
SPEECH = """Remarks on the ferry

We have come to talk about grain and water, and we hope that the towns will hear us in the end of it all.

I thank the mayor for the hall, and the people of Port Arden for their patience in these long months.
"""
STEP = '"It is a first step that took us a long year to make."'
SHIP = '"the Old Ferry of the North, the pride of us all."'
DUSK = "The harbour of the town seen at dusk by our reader."
REED = "MS. REED: Thank you. I think we can do it. Karsten is with us."


def address(text: str, words: str) -> str:
    """Where words stand in a text, as an address has it."""
    start = text.index(words)
    return f"{start}-{start + len(words)}"


def write_corpus(folder: Path, **texts: str) -> Path:
    """A corpus of these texts in `folder`; the story and the briefing where none is given."""
    folder.mkdir(exist_ok=True)
    for name, text in (texts or {"story": STORY, "briefing": BRIEFING}).items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
