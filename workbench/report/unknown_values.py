"""Find values of a selection that a corpus does not have, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import BadCorpus, BadSelection

if TYPE_CHECKING:
    from workbench.project import Project
    from workbench.selection.model import Selection


def unknown_value(selection: Selection, corpus: str, project: Project) -> BadSelection | None:
    """The first value of a selection that the corpus, as it was built last, does not have, with the nearest known one.

    `corpus` is a folder, or "" for the project's own. None where every value is known, and where the corpus, or what
    the selection asks for in it, was not built yet: a run checks again after its build.
    """
    from workbench.corpus import load

    if not selection:
        return None
    try:
        _ = load(corpus or None, selection, project=project, build=False).doc_ids
    except BadSelection as error:
        return error
    except BadCorpus:
        return None
    return None
