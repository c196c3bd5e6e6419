"""`workbench entities`: who is named, which merges are suggested, and the decisions about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import typer

from workbench import entity_decisions, load
from workbench.cli.commands import _rows, _table
from workbench.corpus import Corpus
from workbench.errors import BadParameter, did_you_mean

VERBS = ("list", "suggest", "accept", "refuse", "undo", "ledger")
SHOWN = 20  # suggestions on a screen or two; --json has them all


def run(  # noqa: PLR0913 - one parameter for each option
    folder: str | None, verb: str, names: Sequence[str], *,
    select: str = "", reason: str = "", entity: str | None = None, label: str | None = None, as_json: bool = False,
) -> None:  # fmt: skip
    """Do what the verb says and print it. A verb in the place of the folder means the project's own corpus."""
    if folder in VERBS and not Path(folder).is_dir():
        names = [verb, *names] if verb != "list" else names
        return run(
            None,
            str(folder),
            names,
            select=select,
            reason=reason,
            entity=entity,
            label=label,
            as_json=as_json,
        )
    if verb not in VERBS:
        raise BadParameter("entities", problem=f"no verb `{verb}`", hint=did_you_mean(verb, VERBS))
    corpus = load(folder, select)
    if verb == "list":
        _list(corpus, as_json)
    elif verb == "suggest":
        _suggest(corpus, as_json)
    elif verb == "ledger":
        show_ledger(entity_decisions.ledger(corpus), as_json)
    else:
        _decide(corpus, verb, names, reason, entity, label, as_json)


def _list(corpus: Corpus, as_json: bool) -> None:
    found = corpus.entities
    if as_json:
        typer.echo(
            json.dumps({"entities": _rows(found), "suggestions": _rows(entity_decisions.suggestions(corpus))})
        )
        return
    said = found.assign(aliases=[", ".join(forms) for forms in found["aliases"]])
    columns = ["entity", "label", "n", "aliases"]
    _table("entities", columns, said[columns].itertuples(index=False))
    doubtful = len(entity_decisions.suggestions(corpus))
    if doubtful:
        typer.echo(f"{doubtful} pairs may be one: workbench entities {corpus.folder.name} suggest")


def _suggest(corpus: Corpus, as_json: bool) -> None:
    found = entity_decisions.suggestions(corpus)
    if as_json:
        typer.echo(json.dumps(_rows(found)))
        return
    if not len(found):
        typer.echo("No two names look like one that are not one already.")
        return
    shown = found.head(SHOWN)
    _table("perhaps the same", list(shown.columns), shown.itertuples(index=False))
    typer.echo(f"\n{entity_decisions.suggestion_evidence(corpus, shown, each=1)}\n")
    first = found.iloc[0]
    typer.echo(
        f"{len(found)} pairs, {len(shown)} shown. To decide:\n"
        f'  workbench entities {corpus.folder.name} accept "{first["a"]}" "{first["b"]}" --reason "…"\n'
        f'  workbench entities {corpus.folder.name} refuse "{first["a"]}" "{first["b"]}" --reason "…"'
    )


def _decide(
    corpus: Corpus, verb: str, names: Sequence[str], reason: str, entity: str | None, label: str | None, as_json: bool
) -> None:  # fmt: skip
    if verb == "accept":
        done = entity_decisions.accept(corpus, names, reason=reason, entity=entity, label=label)
    elif verb == "refuse":
        done = entity_decisions.refuse(corpus, names, reason=reason)
    else:
        done = entity_decisions.undo(corpus, names)
    if as_json:
        told = {"said": done.said, "place": str(done.place), "moved": _rows(done.moved)}
        typer.echo(json.dumps(told | {"corpus": done.corpus.version}))
        return
    typer.echo(done.said)
    if len(done.moved):
        _table("what moved", list(done.moved.columns), done.moved.itertuples(index=False))
    typer.echo(f"written to {done.place}; corpus {done.corpus.version}")


def show_ledger(table: pd.DataFrame, as_json: bool) -> None:
    """Print what each decision moved, and last those that no longer fit."""
    if as_json:
        typer.echo(json.dumps(_rows(table)))
        return
    if not len(table):
        typer.echo("No decision moves a mention here.")
        return
    said = table.assign(names=[" = ".join(names) for names in table["names"]])
    _table("decisions about names", list(said.columns), said.itertuples(index=False))
    stale = said[said["note"].str.startswith("no longer fits")]
    for row in stale.to_dict("records"):
        typer.echo(
            f"{row['names']}: {row['note']}\n  hint: workbench entities FOLDER undo, or correct aliases.toml"
        )
