"""Texts with names that can be merged, and how the tests find and link them."""

from __future__ import annotations

import re

from support import fake_steps as steps
from workbench.link import link
from workbench.schema import Mention

FULL = re.compile(r"Oslo|(?:Ole |M[uo]ammar )?(?:Falk|Saleh)")


def find_names(batch, settings):
    steps.SEARCHED.extend(d.doc_id for d in batch)
    return [
        [
            Mention(n, s.start + m.start(), s.start + m.end(), m[0], "place" if m[0] == "Oslo" else "person",
                    None, s.voice, s.speaker)
            for n, s in enumerate(d.sentences)
            for m in FULL.finditer(d.text[s.start : s.end])
        ]
        for d in batch
    ]  # fmt: skip


TEXTS = {
    "a": "First\nOle Falk went to Oslo.\nFalk came back.\nOle Falk rests.\n",
    "b": "Second\nAgain it is Falk who speaks.\nThen Falk leaves.\n",
    "c": "Third\nHere Muammar Saleh waits.\n",
    "d": "Fourth\nThere Moammar Saleh waits.\n",
}


def install(patch):
    """The small steps of the pipeline, with these names, linked as the workbench links them."""
    steps.install(patch, find_mentions=find_names, link=link)
