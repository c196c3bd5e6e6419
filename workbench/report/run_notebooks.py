"""Notebooks that somebody asks for by hand: checked, their corpus brought up to date once, then run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workbench.errors import BadSelection
from workbench.project import pin
from workbench.report.diff.attribution import Documents, settings_of
from workbench.report.notebook.kernel_env import DEADLINE
from workbench.report.plan import NotebookPlan, ReportRequest, RunConfig, plan
from workbench.report.run import ReportResult, run_reports
from workbench.selection.saved import meant_saved
from workbench.verbs.hand_coding import digest

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.project import Project
    from workbench.selection.model import Selection

Tell = Callable[[object], object]


def run_notebooks(
    jobs: Sequence[ReportRequest],
    project: Project,
    formats: tuple[str, ...] = ("html",),
    *,
    deadline: float = DEADLINE,
    force: bool = False,
    tell: Tell | None = None,
    progress: bool = False,
) -> list[ReportResult]:
    """Run the notebooks of `jobs`, each as a report below the project's reports; what became of each.

    Everything is checked before the corpus is read, and the corpus is read before a kernel starts. `tell`
    hears of what was built and of each result. Raises what `plan` raises, BadCorpus, and BadSelection for a
    selection without a document; a notebook that fails is a Result with state failed.
    """
    folder = project.reports
    plans = [plan(job, RunConfig(project.folder, folder, formats=formats)) for job in jobs]
    results: list[ReportResult] = []
    for name in dict.fromkeys(_corpus_of(one) for one in plans):
        corpus = _ready(name, project, tell, progress)
        mine = [one for one in plans if _corpus_of(one) == name]
        for one in mine:
            _something_in(corpus, one.select, project)
        setting = RunConfig(
            project.folder,
            folder,
            corpus.version,
            corpus.settings.digest + digest(project),
            deadline=deadline,
            formats=formats,
            force=force,
            documents=Documents(corpus),
            settings=settings_of(corpus, digest(project)),
            pin=pin(corpus.folder, corpus.version, project),
        )
        results += run_reports([one.job for one in mine], setting, tell=tell)
    return results


def _corpus_of(one: NotebookPlan) -> str:
    """The folder that the notebook's parameter `corpus` names; "" for the project's own."""
    return str(one.values.get("corpus") or "")


def _ready(name: str, project: Project, tell: Tell | None, progress: bool) -> Corpus:
    """The corpus with every layer made, so that no kernel waits for a language model."""
    from workbench import build, load

    built = build(name or None, project=project, progress=progress)
    if tell is not None:
        tell(f"{name or built.folder}: {built}")
    return load(name or None, project=project, build=False)


def _something_in(corpus: Corpus, select: Selection, project: Project) -> None:
    """Refuse a selection without a document before a kernel starts."""
    if select and not corpus.where(select).doc_ids:
        raise BadSelection(
            corpus.folder,
            problem=f"no document is inside the selection: {select.caption()}",
            hint=meant_saved(select, project.settings)
            or "widen it; `workbench check` lists sources, dates and genres",
        )
