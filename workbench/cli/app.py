"""The command line of the workbench: every command, in the order of `workbench --help`.

Each command imports what it calls only when it is called, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import corpus, doctor, entities, explore, fetch, lab, new, parse, report, schedule

app = typer.Typer(
    name="workbench",
    help="From pages as they were downloaded to a comparison you can defend.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"analyst-workbench {__version__}")
        raise typer.Exit


for command in (
    new.new, parse.parse, fetch.fetch, corpus.build, corpus.check, corpus.search, report.report, entities.entities,
    corpus.export, lab.lab, explore.explore, doctor.doctor,
):  # fmt: skip
    app.command()(command)
app.add_typer(schedule.app, name="schedule")
