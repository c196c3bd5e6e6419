"""`workbench report`: check every job, bring the corpus up to date once, run, say where the reports are."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.cli.commands import notebook_places
from workbench.errors import BadSelection
from workbench.project import Project, find_project
from workbench.report.plan import Plan
from workbench.report.run import Job, Result, Setting, plan, run_reports

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.selection import Selection


def run(
    notebooks: Sequence[str],
    given: Mapping[str, str],
    *,
    select: str,
    out: Path | None,
    deadline: float,
    force: bool,
    quiet: bool,
) -> list[Result]:
    """Run the named notebooks with the parameters given and return what became of each.

    Everything is checked before the corpus is read, and the corpus is read before a kernel starts.
    """
    project = find_project()
    jobs = [Job(place, dict(given), select) for place in notebook_places(notebooks, project)]
    folder = (out or project.reports).absolute()
    plans = [plan(job, Setting(project.folder, folder)) for job in jobs]
    results: list[Result] = []
    for name in dict.fromkeys(_corpus_of(one) for one in plans):
        corpus = _ready(name, project, quiet)
        mine = [one for one in plans if _corpus_of(one) == name]
        for one in mine:
            _something_in(corpus, one.select)
        setting = Setting(
            project.folder, folder, corpus.version, corpus.settings.digest, deadline=deadline, force=force
        )
        tell = None if quiet else lambda result: typer.echo(str(result))
        results += run_reports([one.job for one in mine], setting, tell=tell)
    if not quiet:
        typer.echo(f"index: {folder / 'index.html'}")
    return results


def _corpus_of(one: Plan) -> str:
    """The folder that the notebook's parameter `corpus` names; "" for the project's own."""
    return str(one.values.get("corpus") or "")


def _ready(name: str, project: Project, quiet: bool) -> Corpus:
    """The corpus with every layer made, so that no kernel waits for a language model."""
    from workbench import build, load

    built = build(name or None, project=project, progress=not quiet and sys.stderr.isatty())
    if not quiet:
        typer.echo(f"{name or built.folder}: {built}")
    return load(name or None, project=project, build=False)


def _something_in(corpus: Corpus, select: Selection) -> None:
    """Refuse a selection without a document before a kernel starts."""
    if select and not corpus.where(select).doc_ids:
        raise BadSelection(
            corpus.folder,
            problem=f"no document is inside the selection: {select.caption()}",
            mend="widen it; `workbench check` lists sources, dates and genres",
        )


def print_parameters(notebooks: Sequence[str]) -> None:
    """Print name, type, default and meaning of every parameter of the notebooks."""
    from workbench.report.schema import read_schema

    for place in notebook_places(notebooks, find_project()):
        typer.echo(typer.style(place.stem, bold=True))
        for parameter in read_schema(place).parameters:
            typer.echo(f"  {parameter}")
