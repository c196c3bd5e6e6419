"""The commands. Each imports what it calls only when it is called, so that `--help` stays quick."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import __version__
from workbench.errors import BadCorpus, BadParameter, did_you_mean
from workbench.schema import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.project import Project

app = typer.Typer(
    name="workbench",
    help="From pages as they were downloaded to a comparison you can defend.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[
    str | None, typer.Argument(help="The folder of documents; the project's own when left out.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Select = Annotated[str, typer.Option(help='Which text, such as: source:TASS since:2015 "political process".')]


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"analyst-workbench {__version__}")
        raise typer.Exit


@app.command()
def parse(
    files: Annotated[list[Path], typer.Argument(help="Files, or a folder of them.")],
    as_json: Json = False,
    names: Annotated[bool, typer.Option(help="Find names too (loads the language model).")] = True,
) -> None:
    """Show how files are understood.

    Every segment with its rule, quotes, sentences, names, problems. With --json, one JSON object a line and document.
    """
    from workbench.pipeline import ALL, QUICK
    from workbench.pipeline.parse import parse as parse_files
    from workbench.project import find_project
    from workbench.settings import load_settings

    settings = load_settings(find_project().settings)
    refused = False
    layers = ALL if names else QUICK
    root = files[0].absolute() if len(files) == 1 and files[0].is_dir() else None
    for parsed in parse_files(files, settings, layers=layers, root=root):
        refused = refused or any(problem["severity"] == "refused" for problem in parsed["problems"])
        if as_json:
            typer.echo(json.dumps(parsed))
        else:
            _show_parsed(parsed)
    raise typer.Exit(1 if refused else 0)


@app.command()
def fetch(  # noqa: PLR0913 - one parameter for each option
    targets: Annotated[
        list[str], typer.Argument(help="Addresses of pages and feeds, or files with one address a line.")
    ],
    folder: Annotated[Path, typer.Argument(help="Where the pages go, with fetched.jsonl beside them.")],
    delay: Annotated[float, typer.Option(min=0.1, help="Seconds between two requests to a host.")] = 1.0,
    page_seconds: Annotated[float, typer.Option(min=1, help="Seconds that one page may take.")] = 60.0,
    total_minutes: Annotated[
        float, typer.Option(min=0.1, help="Minutes that the whole run may take.")
    ] = 360.0,
    max_mb: Annotated[
        float, typer.Option(min=0.001, help="Millions of bytes that one page may have.")
    ] = 20.0,
    contact: Annotated[str, typer.Option(help="Your mail address, told to the servers.")] = "",
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Visit private, loopback and link-local addresses too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Save pages with their address and time.

    A second run asks only for what is missing or changed. robots.txt is respected. With --json, one JSON object a line and address.
    """
    from workbench.cli.fetch import run
    from workbench.fetch import FetchLimits, agent

    rules = FetchLimits(
        delay=delay,
        page_seconds=page_seconds,
        total_seconds=60 * total_minutes,
        max_bytes=round(1e6 * max_mb),
        allow_private=allow_private,
        agent=agent(contact),
    )
    raise typer.Exit(run(targets, folder, rules=rules, as_json=as_json))


@app.command()
def build(folder: Folder = None, as_json: Json = False) -> None:
    """Read, label and store what is new or changed.

    Files of the folder that did not change are not read again.
    """
    from workbench.pipeline.build import build as build_corpus

    built = build_corpus(folder, progress=sys.stderr.isatty())
    if as_json:
        typer.echo(json.dumps(_plain(built._asdict())))
    else:
        typer.echo(str(built))
    raise typer.Exit(1 if built.refused else 0)


@app.command()
def check(folder: Folder = None, select: Select = "", as_json: Json = False) -> None:
    """The audit: what is missing or doubtful.

    What arrived and what was refused, where coverage has holes, and the labels to look at first.
    """
    from workbench import load
    from workbench.analysis import quality

    corpus = load(folder, select)
    documents, problems = corpus.documents, corpus.problems
    parts = {
        "what is missing": quality.shortfalls(documents, problems),
        "coverage by source and month": quality.coverage(documents),
        "text by kind and source": quality.segment_shares(corpus.segments, documents),
        "documents": documents[
            ["doc_id", "source", "title", "date", "date_basis", "genre", "language", "words"]
        ],
        "labels to look at first": quality.least_certain_labels(corpus.segments, documents),
        "quotes whose speaker is least sure": quality.least_certain(corpus.quotes, documents, top=20),
        "problems": quality.doubts(problems, documents),
    }
    if as_json:
        typer.echo(json.dumps({title: _rows(frame) for title, frame in parts.items()}))
    else:
        for title, frame in parts.items():
            _frame(title, frame)
        typer.echo(f"{len(documents)} documents, {len(problems)} problems; corpus {corpus.version}")
    raise typer.Exit(1 if (problems["severity"] == "refused").any() else 0)


@app.command()
def search(
    folder: Annotated[str, typer.Argument(help="The folder of documents.")],
    query: Annotated[str, typer.Argument(help='Words, "phrases", word*, a OR b, NOT a, a NEAR/5 b.')],
    select: Select = "",
    limit: Annotated[int, typer.Option(min=1, help="The best so many.")] = 20,
    as_json: Json = False,
) -> None:
    """The documents that answer a query, best first."""
    from workbench import load
    from workbench.store.fulltext import CLOSE, OPEN

    found = load(folder, select).search(query, limit)
    if as_json:
        rows = [
            answer._asdict() | {"passage": answer.passage.replace(OPEN, "").replace(CLOSE, "")}
            for answer in found
        ]
        typer.echo(json.dumps(rows))
        return
    for answer in found:
        passage = " ".join(answer.passage.replace(OPEN, "[").replace(CLOSE, "]").split())
        marked = typer.style(visible(answer.doc_id), bold=True)
        typer.echo(f"{marked}\n  {visible(passage)}")
    typer.echo(f"{len(found)} documents")


@app.command()
def report(  # noqa: PLR0913 - one parameter for each option
    names: Annotated[
        list[str],
        typer.Argument(metavar="NOTEBOOK|JOB...", help="Such as topic_frequency, or weekly; or: verify RUN."),
    ],
    parameter: Annotated[
        list[str] | None, typer.Option("-p", help="A parameter: name=value. Repeat for more.")
    ] = None,
    select: Select = "",
    corpus: Annotated[
        str | None, typer.Option(help="The folder of documents; the project's own when left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the reports go; the project's own when left out.")
    ] = None,
    to: Annotated[str, typer.Option(help="Beside the page also: pdf, docx, or both with a comma.")] = "",
    deadline: Annotated[float, typer.Option(min=1, help="Seconds that each notebook may take.")] = 900,
    force: Annotated[bool, typer.Option(help="Run again even when nothing changed.")] = False,
    slot: Annotated[str, typer.Option(help="Of a job: run it as for this time, 2015-12-14T07:00Z.")] = "",
    check_only: Annotated[bool, typer.Option("--check", help="Check everything, run nothing.")] = False,
    show: Annotated[
        bool, typer.Option("--parameters", help="Show the parameters of the notebooks, run nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run notebooks or jobs, and say where the reports are.

    `report verify RUN` runs a stored report again from its stamp, beside nothing that is there, and says which
    results differ; RUN is a job, a job/slot, a report's name, or a path to a page or a run's folder.
    """
    from workbench.cli.report import ReportRequests, carry_out, check_all, print_parameters, verify_all

    if names[0] == "verify":
        raise typer.Exit(verify_all(names[1:], out=out, deadline=deadline, as_json=as_json))
    wish = ReportRequests.of(names, dict(_pair(text) for text in parameter or []), select, corpus, slot)
    if show:
        print_parameters(wish)
        return
    if check_only:
        raise typer.Exit(check_all(wish, as_json))
    done = carry_out(wish, out=out, deadline=deadline, force=force, quiet=as_json, to=to)
    if as_json:
        typer.echo(json.dumps([_plain(vars(one)) for one in done]))
    bad = any(one.state in ("failed", "degraded") for one in done)
    raise typer.Exit(1 if bad else 0)


@app.command()
def entities(  # noqa: PLR0913 - one parameter for each option
    folder: Folder = None,
    verb: Annotated[str, typer.Argument(help="list, suggest, accept, refuse, undo or ledger.")] = "list",
    names: Annotated[list[str] | None, typer.Argument(help="The names that are one, or are not.")] = None,
    reason: Annotated[str, typer.Option(help="Why: it stands beside the decision for good.")] = "",
    entity: Annotated[str | None, typer.Option(help="What accepted names are called.")] = None,
    label: Annotated[str | None, typer.Option(help="person, body, place, agreement, event, other.")] = None,
    select: Select = "",
    as_json: Json = False,
) -> None:
    """Who and what is named, and which names are one.

    Suggestions are accepted or refused, and it is shown what moved. Decisions are written to aliases.toml in the project's settings folder and hold for the whole corpus.
    """
    from workbench.cli.entities import run

    run(folder, verb, names or [], select=select, reason=reason, entity=entity, label=label, as_json=as_json)


@app.command()
def export(
    folder: Annotated[str, typer.Argument(help="The folder of documents.")],
    to: Annotated[str, typer.Option(help="csv, parquet or jsonl.")] = "csv",
    out: Annotated[Path, typer.Option(help="Where the files go.")] = Path("export"),
    select: Select = "",
) -> None:
    """Write every table of a corpus as a file.

    Text that looks like a formula stays text in CSV.
    """
    from workbench import load
    from workbench.export import FORMATS, write_tables

    if to not in FORMATS:
        raise BadParameter("export --to", problem=f"no format `{to}`", hint=did_you_mean(to, FORMATS))
    for path in write_tables(load(folder, select), out, to):
        typer.echo(str(path))


@app.command()
def lab() -> None:
    """Open JupyterLab on the project's notebooks.

    With its form "Create job" where the extra `scheduler` is installed.
    """
    from importlib.util import find_spec

    from workbench.lab import SETTINGS
    from workbench.project import find_project

    project = find_project()
    if not project.notebooks.is_dir():
        raise BadCorpus(
            project.notebooks, problem="there is no notebooks folder", hint="start in a project's folder"
        )
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={project.folder}"]
    command.append(f"--LabApp.default_url=/lab/tree/{project.notebooks.name}")
    if find_spec("jupyter_scheduler"):
        command += [f"--{name}={value}" for name, value in SETTINGS.items()]
    raise typer.Exit(subprocess.call(command, cwd=project.folder))


@app.command()
def explore(  # noqa: PLR0913 - one parameter for each option
    folder: Folder = None,
    select: Select = "",
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port of the page, or the next that is free.")
    ] = 8866,
    ip: Annotated[
        str, typer.Option(help="Who may come: this machine only, unless you say so.")
    ] = "127.0.0.1",
    token: Annotated[
        str, typer.Option(help="What the address must carry; made and printed when left out.")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Allow corrections, saving and reports.")] = False,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
) -> None:
    """Show the explorer as a page without code.

    It needs the extra `live`, and is read-only unless --write is given.
    """
    from workbench.cli.explore import run

    code = run(folder, select, port=port, ip=ip, token=token, write=write, browser=browser, theme=theme)
    raise typer.Exit(code)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadParameter("-p", problem=f"`{text}` is no name=value", hint="write -p top=5")
    return name.strip(), value.strip()


def _show_parsed(parsed: dict[str, Any]) -> None:
    from rich.console import Console

    from workbench.cli.parse import parse_view

    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    for part in parse_view(parsed):
        console.print(part)
    console.print()


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", title_style="bold"
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            *("" if value is None or value != value else escape(visible(str(value))) for value in row)
        )
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(table)


def _frame(title: str, frame: Any) -> None:
    """A DataFrame as a table with sensible digits; nothing at all when it has no rows."""
    if len(frame):
        shares = {column: frame[column].map("{:.1%}".format) for column in ("share",) if column in frame}
        _table(title, list(frame.columns), frame.assign(**shares).itertuples(index=False))
        typer.echo()


def _rows(frame: Any) -> list[dict[str, Any]]:
    return json.loads(frame.to_json(orient="records"))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """A value that JSON can hold: paths as text, tuples as lists."""
    if hasattr(value, "paths") and hasattr(value, "state"):
        return _plain(vars(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def notebook_places(names: Sequence[str], project: Project, others: Iterable[str] = ()) -> list[Path]:
    """The notebooks named, by stem below the project's notebooks folder or by path.

    Raises BadParameter with the nearest name for one that is not there.
    """
    known = {path.stem: path for path in sorted(project.notebooks.glob("*.ipynb"))}
    places = []
    for name in names:
        place = known.get(name.removesuffix(".ipynb"), Path(name))
        if not place.is_file():
            hint = (
                did_you_mean(name, [*known, *others])
                if known
                else "there is none here: start in the folder that holds workbench.toml and notebooks/"
            )
            raise BadParameter(project.notebooks, problem=f"no notebook `{name}`", hint=hint)
        places.append(place)
    return places
