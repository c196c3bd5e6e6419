"""`workbench report`: check every job, bring the corpus up to date once, run, say where the reports are."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from workbench.cli.commands import notebook_places
from workbench.project import find_project
from workbench.report.run import Job, Result, Setting, plan, run_reports


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
    from workbench import load

    project = find_project()
    jobs = [Job(place, dict(given), select) for place in notebook_places(notebooks, project)]
    folder = (out or project.reports).absolute()
    unread = Setting(project.folder, folder, deadline=deadline, force=force)
    plans = [plan(job, unread) for job in jobs]
    corpora = {str(one.values.get("corpus") or "") for one in plans}
    results: list[Result] = []
    for name in sorted(corpora):
        corpus = load(name or None, select, progress=sys.stderr.isatty())
        if not quiet:
            typer.echo(f"{name or corpus.folder}: {corpus.summary}")
        setting = Setting(
            project.folder, folder, corpus.version, corpus.settings.digest, deadline=deadline, force=force
        )
        mine = [one.job for one in plans if str(one.values.get("corpus") or "") == name]
        results += run_reports(mine, setting, tell=None if quiet else lambda result: typer.echo(str(result)))
    if not quiet:
        typer.echo(f"index: {folder / 'index.html'}")
    return results


def print_parameters(notebooks: Sequence[str]) -> None:
    """Print name, type, default and meaning of every parameter of the notebooks."""
    from workbench.report.schema import read_schema

    for place in notebook_places(notebooks, find_project()):
        typer.echo(typer.style(place.stem, bold=True))
        for parameter in read_schema(place).parameters:
            typer.echo(f"  {parameter}")
