"""`workbench entities`: list the entities, review suggested merges, and record decisions about names."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import json_rows, print_list
from workbench.cli.options import (
    CorpusFolder,
    Json,
    Limit,
    Quiet,
    Select,
    command_line,
    corpus_option,
    is_folder,
    refuse_folder,
    rows_to_show,
)
from workbench.errors import BadParameter, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from workbench.corpus import Corpus
    from workbench.entity_decisions import MergeResult

VERBS = ("list", "suggest", "accept", "refuse", "undo", "ledger")
MOST_EVIDENCE = 3  # suggestions with their sentences, where --limit says nothing: the rest of a screen


def entities(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    verb: Annotated[
        str,
        typer.Argument(
            help="One of list, suggest, accept, refuse, undo, ledger.", autocompletion=lambda: list(VERBS)
        ),
    ] = "list",
    names: Annotated[
        list[str] | None, typer.Argument(help="Names to accept or refuse as the same entity.")
    ] = None,
    corpus: CorpusFolder = None,
    reason: Annotated[str, typer.Option(help="Reason for the decision; it is stored with it.")] = "",
    entity: Annotated[
        str | None, typer.Option(help="Name of the entity that accepted names belong to.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="Label of the entity: person, body, place, agreement, event, other.")
    ] = None,
    select: Select = "",
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the entities and decide which names mean the same one.

    `suggest` lists pairs of names that may be one; `accept`, `refuse` and `undo` record a decision and show
    which mentions move. Decisions are written to aliases.toml in the settings folder of the project and hold
    for the whole corpus.
    """
    from workbench import entity_decisions, load

    if verb not in VERBS:
        if is_folder(verb):
            refuse_folder(ctx, verb)
        raise BadParameter("workbench entities", problem=f"no verb `{verb}`", hint=did_you_mean(verb, VERBS))
    loaded = load(corpus, select, progress=not quiet and not as_json and sys.stderr.isatty())
    printer = EntityPrinter(loaded, corpus_option(corpus), limit, as_json, quiet)
    if verb == "list":
        printer.entities()
    elif verb == "suggest":
        printer.suggestions()
    elif verb == "ledger":
        printer.ledger(entity_decisions.ledger(loaded))
    else:
        printer.decision(decide(loaded, verb, list(names or []), reason, entity, label))


def decide(
    corpus: Corpus, verb: str, names: Sequence[str], reason: str, entity: str | None, label: str | None
) -> MergeResult:
    """Accept, refuse or undo; raises what `entity_decisions` raises."""
    from workbench import entity_decisions

    if verb == "accept":
        return entity_decisions.accept(corpus, names, reason=reason, entity=entity, label=label)
    if verb == "refuse":
        return entity_decisions.refuse(corpus, names, reason=reason)
    return entity_decisions.undo(corpus, names)


@dataclass(frozen=True)
class EntityPrinter:
    """Prints entities, suggestions and decisions as tables or JSON, under the options of the command.

    `option` names the corpus again in the lines to type.
    """

    corpus: Corpus
    option: tuple[str, ...]
    limit: int | None
    as_json: bool
    quiet: bool

    def entities(self) -> None:
        """Print the entities, the most mentioned first."""
        from workbench import entity_decisions

        entities, pairs = self.corpus.tables.entities.to_pandas(), entity_decisions.suggestions(self.corpus)
        if self.as_json:
            rows = {"entities": self._rows(entities), "suggestions": self._rows(pairs)}
            typer.echo(json.dumps(rows))
            return
        table = entities.assign(aliases=[", ".join(forms) for forms in entities["aliases"]])
        self._list("entities", table[["entity", "label", "n", "aliases"]], "entity")
        if not self.quiet and len(pairs):
            line = command_line("entities", "suggest", *self.option)
            verb = "pair of names may be" if len(pairs) == 1 else "pairs of names may be"
            typer.echo(f"{len(pairs):,} {verb} one entity: {line}")

    def suggestions(self) -> None:
        """Print the pairs of names that may be one, the first with their sentences, and how to decide."""
        from workbench import entity_decisions

        pairs = entity_decisions.suggestions(self.corpus)
        if self.as_json:
            typer.echo(json.dumps(self._rows(pairs)))
            return
        if not len(pairs):
            typer.echo("No two names look like the same entity, apart from those already joined.")
            return
        self._list("possibly the same", pairs, "pair")
        if self.quiet:
            return
        shown = pairs.head(MOST_EVIDENCE if self.limit is None else rows_to_show(self.limit, len(pairs)))
        typer.echo(f"\n{entity_decisions.suggestion_evidence(self.corpus, shown, each=1)}\n")
        first = pairs.iloc[0]
        typer.echo("To decide:")
        for verb in ("accept", "refuse"):
            line = command_line("entities", verb, first["a"], first["b"], "--reason", "…", *self.option)
            typer.echo(f"  {line}")

    def ledger(self, table: pd.DataFrame) -> None:
        """Print what each decision moved, and last those that no longer fit."""
        if self.as_json:
            typer.echo(json.dumps(self._rows(table)))
            return
        if not len(table):
            typer.echo("No decision moves a mention here.")
            return
        rows = table.assign(names=[" = ".join(names) for names in table["names"]])
        self._list("decisions about names", rows, "decision")
        stale = rows[rows["note"].str.startswith("no longer fits")]
        for row in stale.head(rows_to_show(self.limit, len(stale))).to_dict("records"):
            line = command_line("entities", "undo", *row["names"].split(" = "), *self.option)
            typer.echo(f"{row['names']}: {row['note']}\n  hint: {line}, or correct aliases.toml")

    def decision(self, decision: MergeResult) -> None:
        """Print what a decision moved and where it is written."""
        if self.as_json:
            result = {"said": decision.said, "place": str(decision.place), "moved": json_rows(decision.moved)}
            typer.echo(json.dumps(result | {"corpus": decision.corpus.version}))
            return
        typer.echo(decision.said)
        if len(decision.moved):
            self._list("what moved", decision.moved, "row")
        if not self.quiet:
            typer.echo(f"written to {decision.place}; corpus {decision.corpus.version}")

    def _rows(self, table: pd.DataFrame) -> list[dict[str, object]]:
        return json_rows(table.head(self.limit) if self.limit else table)

    def _list(self, title: str, table: pd.DataFrame, noun: str) -> None:
        rows = list(table.itertuples(index=False, name=None))
        print_list(title, list(table.columns), rows, limit=self.limit, noun=noun, quiet=self.quiet)
