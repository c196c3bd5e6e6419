"""The command line of the workbench: every command, in the order of `workbench --help`.

Each command imports what it calls only when it is called, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import (
    check,
    corpus,
    correct,
    doctor,
    entities,
    explore,
    fetch,
    lab,
    new,
    parse,
    report,
    schedule,
    search,
)
from workbench.cli.options import CorpusCommand, OptionsOnly

app = typer.Typer(
    name="workbench",
    help="From pages as they were downloaded to a comparison you can defend.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"analyst-workbench {__version__}")
        raise typer.Exit


app.command()(new.new)
app.command()(parse.parse)
app.command(cls=CorpusCommand)(fetch.fetch)
app.command(cls=OptionsOnly)(corpus.build)
app.command(cls=OptionsOnly)(check.check)
app.command(cls=CorpusCommand)(correct.correct)
app.command(cls=CorpusCommand)(search.search)
app.command()(report.report)
app.command(cls=CorpusCommand)(entities.entities)
app.command(cls=OptionsOnly)(corpus.export)
app.command()(lab.lab)
app.command(cls=OptionsOnly)(explore.explore)
app.command()(doctor.doctor)
app.add_typer(schedule.app, name="schedule")
