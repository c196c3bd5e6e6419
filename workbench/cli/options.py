"""Options that mean the same in every command, and the refusal of a folder where older versions took one."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand

from workbench.errors import BadParameter

CorpusFolder = Annotated[
    str | None,
    typer.Option(
        "--corpus", metavar="FOLDER", help="Folder of documents (default: the corpus of the project)."
    ),
]
Select = Annotated[
    str,
    typer.Option(
        "--select",
        metavar="SELECTION",
        help='Use only this part of the text, such as: source:TASS since:2015 "political process".',
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        help="Largest number of rows to show; 0 shows all (default: 20).",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON with every row instead of a table.")]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print the result alone: no progress, no summary, no next step."),
]

TYPED = "workbench.typed"  # in the context of a command: its arguments as they were typed
ROWS = 20  # of a list, where --limit says nothing: they fit on a screen


def rows_to_show(limit: int | None, rows: int) -> int:
    """How many of `rows` rows a list shows.

    >>> rows_to_show(None, 50), rows_to_show(0, 50), rows_to_show(30, 50), rows_to_show(None, 3)
    (20, 50, 30, 3)
    """
    return min(rows, ROWS if limit is None else limit or rows)


class CorpusCommand(TyperCommand):
    """A command on a corpus. It remembers what was typed, so that a refusal can give the line to type instead."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options and arguments, and remember them as they were typed."""
        ctx.meta[TYPED] = list(args)
        return super().parse_args(ctx, args)


class OptionsOnly(CorpusCommand):
    """A command without arguments. One that is given is refused, since it once was the folder of the corpus."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.context_settings = {**self.context_settings, "allow_extra_args": True}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options; BadParameter for anything that is none."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            refuse_folder(ctx, rest[0])
        return rest


def refuse_folder(ctx: Any, folder: str) -> NoReturn:
    """Refuse the folder of the corpus as an argument; the hint is the same line with the option `--corpus`."""
    others = list(ctx.meta[TYPED])
    others.remove(folder)
    raise BadParameter(
        f"workbench {ctx.info_name}",
        problem=f"the folder of documents is an option now, and `{folder}` stands where it was before",
        hint=command_line(ctx.info_name, *others, "--corpus", folder),
    )


def command_line(*words: str | None) -> str:
    """A line of `workbench` as one types it; words that are None or empty are left out.

    >>> command_line("search", "sanctions Iran", "--limit", "0")
    "workbench search 'sanctions Iran' --limit 0"
    """
    return shlex.join(["workbench", *(word for word in words if word)])


def corpus_option(folder: str | None) -> tuple[str, ...]:
    """The option that names the corpus again in a line to type; nothing for the corpus of the project."""
    return ("--corpus", folder) if folder else ()


def is_folder(word: str) -> bool:
    """Whether a word names a folder below the working directory or the project."""
    from workbench.project import find_project

    return bool(word) and ((Path.cwd() / word).is_dir() or (find_project().folder / word).is_dir())
