"""`workbench correct`: correct a speaker, a false quotation or a label, with the reason and the effect."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from workbench.cli.console import counted, print_list
from workbench.cli.options import CorpusFolder, Json, Limit, Quiet, command_line, corpus_option
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import visible

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.pipeline.label_corrections import PlannedCorrection

VERBS = ("speaker", "quote", "label", "list", "undo")
PLACE = "workbench correct"


def correct(  # noqa: PLR0913 - one parameter for each option
    verb: Annotated[
        str,
        typer.Argument(help="One of speaker, quote, label, list, undo.", autocompletion=lambda: list(VERBS)),
    ] = "list",
    target: Annotated[
        str, typer.Argument(help="Address, as in visit.txt:1204-1309; or the name of a speaker, with --to.")
    ] = "",
    value: Annotated[str, typer.Argument(help="The right speaker, or the right kind of the passage.")] = "",
    to: Annotated[
        str, typer.Option("--to", help="Name to give to a speaker everywhere; unknown where it is nobody.")
    ] = "",
    document: Annotated[
        str | None, typer.Option(help="Correct the speaker in this document only (default: in all).")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the quotation: it is none.")] = False,
    reason: Annotated[str, typer.Option(help="Reason for the correction; it is stored with it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the effect and write nothing.")] = False,
    corpus: CorpusFolder = None,
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Correct who speaks, a false quotation or the kind of a passage.

    `speaker` corrects a turn or a quotation at an address, or with --to a name throughout; `quote` a quotation,
    which --delete removes; `label` the kind of a passage; `list` shows all corrections, `undo` removes one.
    The effect is printed before metadata.toml is written; --dry-run stops there.
    """
    from workbench import load
    from workbench.pipeline import label_corrections

    if verb not in VERBS:
        raise BadParameter(PLACE, problem=f"no verb `{verb}`", hint=did_you_mean(verb, VERBS))
    loaded = load(corpus, progress=not quiet and not as_json and sys.stderr.isatty())
    if verb == "list":
        _print_corrections(loaded, limit, as_json, quiet)
        return
    option = corpus_option(corpus)
    if not target:
        example = command_line("correct", verb, "visit.txt:1204-1309", *EXAMPLES[verb], *option)
        raise BadParameter(f"{PLACE} {verb}", problem="nothing is named", hint=example)
    if verb == "undo":
        place = label_corrections.undo(loaded, target, document)
        said = {"written": str(place), "corpus": load(corpus).version}
        typer.echo(json.dumps(said) if as_json else f"removed from {place}; corpus {said['corpus']}")
        return
    planned = plan(loaded, verb, target, CorrectionRequest(value, to, document, delete, reason))
    if not as_json:
        typer.echo(visible(f"{planned.subject}\n  {described(planned)}: {planned.effect}"))
    if dry_run:
        if as_json:
            typer.echo(json.dumps(_as_json(planned)))
        elif not quiet:
            typer.echo("nothing is written; without --dry-run it is")
        return
    place = label_corrections.write(loaded, planned)
    version = load(corpus, progress=not quiet and not as_json and sys.stderr.isatty()).version
    if as_json:
        typer.echo(json.dumps(_as_json(planned) | {"written": str(place), "corpus": version}))
    elif not quiet:
        typer.echo(f"written to {place}; corpus {version}\nto take it back: {undo_line(planned, option)}")


EXAMPLES = {
    "speaker": ("Anna Berg", "--reason", "…"),
    "quote": ("--delete", "--reason", "…"),
    "label": ("caption", "--reason", "…"),
    "undo": (),
}


class CorrectionRequest(NamedTuple):
    """What a command line says is right at its target."""

    value: str
    to: str
    document: str | None
    delete: bool
    reason: str


def plan(corpus: Corpus, verb: str, target: str, request: CorrectionRequest) -> PlannedCorrection:
    """The correction that a command line asks for; BadParameter for one that does not say what is right."""
    from workbench.pipeline import label_corrections

    place = f"{PLACE} {verb}"
    value, to, document, delete, reason = request
    if delete and (verb != "quote" or value or to):
        hint = command_line("correct", "quote", target, "--delete", "--reason", "…")
        raise BadParameter(place, problem="--delete stands alone and removes a quotation", hint=hint)
    if to and (verb != "speaker" or value):
        hint = command_line("correct", "speaker", "customs", "--to", "unknown", "--reason", "…")
        raise BadParameter(place, problem="--to gives a speaker another name", hint=hint)
    if document is not None and not to:
        raise BadParameter(place, problem="--document goes with --to", hint="an address names its document")
    if to:
        return label_corrections.plan_rename(corpus, target, to, reason, document)
    if delete:
        return label_corrections.plan_quote(corpus, target, None, reason)
    if not value:
        what = {"speaker": "who speaks", "quote": "who is quoted, or --delete", "label": "what it is"}[verb]
        hint = command_line("correct", verb, target, *EXAMPLES[verb])
        raise BadParameter(place, problem=f"it does not say {what}", hint=hint)
    if verb == "label":
        return label_corrections.plan_label(corpus, target, value, reason)
    if verb == "quote":
        return label_corrections.plan_quote(corpus, target, value, reason)
    return label_corrections.plan_speaker(corpus, target, value, reason)


def described(planned: PlannedCorrection) -> str:
    """What the correction says, in words: what is right, and the basis that is stored."""
    values = planned.values
    right = (
        "deleted"
        if "delete" in values
        else str(values.get("speaker") or values.get("kind") or values.get("to"))
    )
    return f"→ {right} (corrected in metadata.toml: {values['reason']})"


def undo_line(planned: PlannedCorrection, option: tuple[str, ...] = ()) -> str:
    """The command that takes a correction back."""
    if planned.table == "speakers":
        document = () if planned.doc_id == "*" else ("--document", planned.doc_id)
        return command_line("correct", "undo", planned.key, *document, *option)
    return command_line("correct", "undo", f"{planned.doc_id}:{planned.key}", *option)


def _as_json(planned: PlannedCorrection) -> dict[str, object]:
    return {
        "document": planned.doc_id, "table": planned.table, "address": planned.key, "values": dict(planned.values),
        "effect": planned.effect._asdict(),
    }  # fmt: skip


def _print_corrections(corpus: Corpus, limit: int | None, as_json: bool, quiet: bool) -> None:
    from workbench.pipeline import label_corrections

    rows = label_corrections.listed(corpus)
    if as_json:
        typer.echo(json.dumps(rows[:limit] if limit else rows))
        return
    if not rows:
        typer.echo("No label is corrected here.")
        return
    columns = [name for name in rows[0] if name != "place"]
    table = [tuple(row[name] for name in columns) for row in rows]
    print_list("corrections of labels", columns, table, limit=limit, noun="correction", quiet=quiet)
    stale = [row for row in rows if row["effect"] != "in effect"]
    if stale and not quiet:
        verb = "has" if len(stale) == 1 else "have"
        typer.echo(
            f"{counted(len(stale), 'correction')} {verb} no effect; to remove the first: {_undo_row(stale[0])}"
        )


def _undo_row(row: dict[str, str]) -> str:
    if row["table"] == "speakers":
        only = () if row["document"] == "*" else ("--document", row["document"])
        return command_line("correct", "undo", row["address"], *only)
    return command_line("correct", "undo", f"{row['document']}:{row['address']}")
