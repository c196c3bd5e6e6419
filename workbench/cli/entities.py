"""`workbench entities`: list the entities, review suggested merges, and record decisions about names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import Folder, Json, Select, json_rows, print_table
from workbench.errors import BadParameter, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from workbench.corpus import Corpus

VERBS = ("list", "suggest", "accept", "refuse", "undo", "ledger")
MOST_SUGGESTIONS = 20  # on a screen or two; --json has them all


def entities(  # noqa: PLR0913 - one parameter for each option
    folder: Folder = None,
    verb: Annotated[str, typer.Argument(help="One of list, suggest, accept, refuse, undo, ledger.")] = "list",
    names: Annotated[
        list[str] | None, typer.Argument(help="Names to accept or refuse as the same entity.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Reason for the decision; it is stored with it.")] = "",
    entity: Annotated[
        str | None, typer.Option(help="Name of the entity that accepted names belong to.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="Label of the entity: person, body, place, agreement, event, other.")
    ] = None,
    select: Select = "",
    as_json: Json = False,
) -> None:
    """List the entities and decide which names mean the same one.

    `suggest` lists pairs of names that may be one; `accept`, `refuse` and `undo` record a decision and show
    which mentions move. Decisions are written to aliases.toml in the settings folder of the project and hold
    for the whole corpus.
    """
    from workbench import entity_decisions, load

    words = list(names or [])
    if folder in VERBS and not Path(folder).is_dir():  # the verb stands where the folder would
        words = [verb, *words] if verb != "list" else words
        folder, verb = None, str(folder)
    if verb not in VERBS:
        raise BadParameter("entities", problem=f"no verb `{verb}`", hint=did_you_mean(verb, VERBS))
    corpus = load(folder, select)
    if verb == "list":
        _list(corpus, as_json)
    elif verb == "suggest":
        _suggest(corpus, as_json)
    elif verb == "ledger":
        _print_ledger(entity_decisions.ledger(corpus), as_json)
    else:
        _decide(corpus, verb, words, reason, entity, label, as_json)


def _list(corpus: Corpus, as_json: bool) -> None:
    from workbench import entity_decisions

    entities = corpus.entities
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "entities": json_rows(entities),
                    "suggestions": json_rows(entity_decisions.suggestions(corpus)),
                }
            )
        )
        return
    rows = entities.assign(aliases=[", ".join(forms) for forms in entities["aliases"]])
    columns = ["entity", "label", "n", "aliases"]
    print_table("entities", columns, rows[columns].itertuples(index=False))
    pairs = len(entity_decisions.suggestions(corpus))
    if pairs:
        typer.echo(f"{pairs} pairs may be one: workbench entities {corpus.folder.name} suggest")


def _suggest(corpus: Corpus, as_json: bool) -> None:
    from workbench import entity_decisions

    pairs = entity_decisions.suggestions(corpus)
    if as_json:
        typer.echo(json.dumps(json_rows(pairs)))
        return
    if not len(pairs):
        typer.echo("No two names look like the same entity, apart from those already joined.")
        return
    shown = pairs.head(MOST_SUGGESTIONS)
    print_table("possibly the same", list(shown.columns), shown.itertuples(index=False))
    typer.echo(f"\n{entity_decisions.suggestion_evidence(corpus, shown, each=1)}\n")
    first = pairs.iloc[0]
    typer.echo(
        f"{len(pairs)} pairs, {len(shown)} shown. To decide:\n"
        f'  workbench entities {corpus.folder.name} accept "{first["a"]}" "{first["b"]}" --reason "…"\n'
        f'  workbench entities {corpus.folder.name} refuse "{first["a"]}" "{first["b"]}" --reason "…"'
    )


def _decide(
    corpus: Corpus, verb: str, names: Sequence[str], reason: str, entity: str | None, label: str | None, as_json: bool
) -> None:  # fmt: skip
    from workbench import entity_decisions

    if verb == "accept":
        decision = entity_decisions.accept(corpus, names, reason=reason, entity=entity, label=label)
    elif verb == "refuse":
        decision = entity_decisions.refuse(corpus, names, reason=reason)
    else:
        decision = entity_decisions.undo(corpus, names)
    if as_json:
        result = {"said": decision.said, "place": str(decision.place), "moved": json_rows(decision.moved)}
        typer.echo(json.dumps(result | {"corpus": decision.corpus.version}))
        return
    typer.echo(decision.said)
    if len(decision.moved):
        print_table("what moved", list(decision.moved.columns), decision.moved.itertuples(index=False))
    typer.echo(f"written to {decision.place}; corpus {decision.corpus.version}")


def _print_ledger(table: pd.DataFrame, as_json: bool) -> None:
    """Print what each decision moved, and last those that no longer fit."""
    if as_json:
        typer.echo(json.dumps(json_rows(table)))
        return
    if not len(table):
        typer.echo("No decision moves a mention here.")
        return
    rows = table.assign(names=[" = ".join(names) for names in table["names"]])
    print_table("decisions about names", list(rows.columns), rows.itertuples(index=False))
    stale = rows[rows["note"].str.startswith("no longer fits")]
    for row in stale.to_dict("records"):
        typer.echo(
            f"{row['names']}: {row['note']}\n  hint: workbench entities FOLDER undo, or correct aliases.toml"
        )
