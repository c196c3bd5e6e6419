"""`workbench doctor`: find what is missing, broken or locked, and print the line that mends it.

Each check looks at one thing and answers with `Finding`s. A part that is optional and absent is no problem.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.cli.options import Json
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.project import Project

PACKAGE = "analyst-workbench"
OK, OPTIONAL, PROBLEM = "ok", "optional", "problem"
ROOM = 500 * 10**6  # bytes: a store of some thousand documents while it is written anew, and its reports
# What each extra adds; `dev` is for those who change the workbench.
EXTRAS = {
    "files": "reads PDF pages, spreadsheets and web archives",
    "topics": "finds topics without a dictionary (notebook found_topics)",
    "pdf": "writes reports as PDF",
    "docx": "writes reports as Word documents",
    "live": "serves the explorer as a page (workbench explore)",
    "scheduler": "adds the form Create job to JupyterLab",
    "remote": "copies reports to object stores",
}


@dataclass(frozen=True)
class Finding:
    """What one check found; `hint` is the line that mends it."""

    name: str
    state: str
    detail: str
    hint: str = ""


def doctor(as_json: Json = False) -> None:
    """Check the installation and the project, and print the line that mends each problem.

    Optional parts that are not installed are listed and are no problem. Exit code 1 when there is a problem.
    """
    findings = list(examine())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        print_findings(findings)
    raise typer.Exit(1 if any(finding.state == PROBLEM for finding in findings) else 0)


def print_findings(findings: list[Finding]) -> None:
    """Print one line for each finding, its hint below it, and the number of problems."""
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        typer.echo(f"{finding.state:8}  {finding.name:{width}}  {finding.detail}")
        if finding.hint:
            typer.echo(f"{'':8}  {'':{width}}  hint: {finding.hint}")
    n = sum(finding.state == PROBLEM for finding in findings)
    typer.echo(f"{n or 'no'} problem{'' if n == 1 else 's'}")


def examine() -> Iterator[Finding]:
    """Every finding about the installation, then about the project around the working directory."""
    from workbench.project import find_project

    yield from check_program()
    yield check_model("sentences", _load_punkt)
    yield check_model("names", _load_names)
    yield from check_extras()
    try:
        project = find_project()
    except WorkbenchError as error:
        yield _problem("project", error)
        return
    yield check_project(project)
    of_a_project = (check_documents, check_settings, check_store) if project.file.is_file() else ()
    for check in (*of_a_project, check_writing, check_disk):
        yield check(project)


def check_program() -> Iterator[Finding]:
    """The version of the package and of Python, and whether every library that it needs is installed."""
    about = f"Python {platform.python_version()} on {platform.system()}"
    try:
        version = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        yield Finding("program", PROBLEM, f"{PACKAGE} is not installed; {about}", f"pip install {PACKAGE}")
        return
    if absent := missing_libraries(""):
        problem = f"{', '.join(absent)} not installed"
        yield Finding("program", PROBLEM, problem, f"pip install --force-reinstall {PACKAGE}")
    else:
        yield Finding("program", OK, f"{PACKAGE} {version}, {about}")


def check_model(name: str, load: Callable[[], str]) -> Finding:
    """Whether a language model can be loaded."""
    try:
        return Finding(name, OK, load())
    except WorkbenchError as error:
        return _problem(name, error)
    except Exception as error:  # a damaged installation fails in any way, and the other checks go on
        reason = f"cannot be loaded: {type(error).__name__}: {error}".splitlines()[0]
        return Finding(name, PROBLEM, reason, f"pip install --force-reinstall {PACKAGE}")


def _load_punkt() -> str:
    from workbench.annotate.sentences import punkt_tokenizer

    punkt_tokenizer()
    return f"Punkt of NLTK {metadata.version('nltk')}"


def _load_names() -> str:
    from workbench.annotate.ner.model import load_model
    from workbench.project import find_project
    from workbench.settings import Settings, load_settings

    try:
        settings: Settings = load_settings(find_project().settings)
    except WorkbenchError:  # the check of the settings says what is wrong with them
        settings = load_settings()
    load_model(settings.aliases.model)
    return f"{settings.aliases.model} of spaCy {metadata.version('spacy')}"


def check_extras() -> Iterator[Finding]:
    """Which optional parts are installed, and for each one that is not, what it would add."""
    if not requirements():  # the package is not installed, which another check says
        return
    missing = {extra: missing_libraries(extra) for extra in EXTRAS}
    if installed := [extra for extra in EXTRAS if not missing[extra]]:
        yield Finding("extras", OK, ", ".join(installed))
    for extra, names in missing.items():
        if names:
            detail = f"not installed; it {EXTRAS[extra]}"
            yield Finding(f"extra {extra}", OPTIONAL, detail, install_line(extra))
    if not missing["pdf"]:
        yield from _check_pango()


def _check_pango() -> Iterator[Finding]:
    from workbench.deliver.pdf import ready

    try:
        ready()
    except WorkbenchError as error:
        yield _problem("pango", error)


def install_line(extra: str) -> str:
    """The line that installs an extra."""
    return f"pip install '{PACKAGE}[{extra}]'"


def missing_libraries(extra: str) -> list[str]:
    """The libraries of an extra, or of the core for "", that are not installed."""
    return [name for name in requirements().get(extra, []) if not _installed(name)]


def requirements() -> dict[str, list[str]]:
    """The names of the libraries that each extra of the package needs; those of the core under "".

    Empty when the package is not installed but read from a folder.
    """
    found: dict[str, list[str]] = {}
    try:
        lines = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return found
    for line in lines:
        name, extra = re.match(r"[\w.-]+", line), re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        if name:
            found.setdefault(extra[1] if extra else "", []).append(name[0])
    return found


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def check_project(project: Project) -> Finding:
    """Whether the working directory is in a project."""
    if project.file.is_file():
        return Finding("project", OK, str(project.folder))
    detail = f"no workbench.toml in {project.folder} or above it"
    return Finding("project", OPTIONAL, detail, "workbench new my-project")


def check_documents(project: Project) -> Finding:
    """Whether the corpus of the project is there and has files."""
    from workbench.project import find_corpus
    from workbench.read import find_files

    if project.corpus is None:
        hint = f'write corpus = "texts" in {project.file}, or name a folder in each command'
        return Finding("documents", OPTIONAL, "the project names no folder of documents", hint)
    try:
        corpus = find_corpus(None, project)
    except WorkbenchError as error:
        return _problem("documents", error)
    n = len(find_files(corpus))
    if not n:
        return Finding("documents", OPTIONAL, f"{corpus}: no file yet", "put your documents there")
    return Finding("documents", OK, f"{corpus}: {n:,} file{'' if n == 1 else 's'}")


def check_settings(project: Project) -> Finding:
    """Whether the settings of the project can be read, and none has an old name."""
    from workbench.settings import load_settings

    try:
        load_settings(project.settings)
    except WorkbenchError as error:
        return _problem("settings", error)
    own = sorted(path.name for path in project.settings.glob("*.toml"))
    return Finding("settings", OK, ", ".join(own) or "those of the package")


def check_writing(project: Project) -> Finding:
    """Whether reports and stores can be written."""
    from workbench.project import STORES

    for folder in (project.reports, project.folder / STORES):
        present = _existing(folder)
        try:
            with tempfile.TemporaryFile(dir=present):
                pass
        except OSError as error:
            reason = f"{folder}: cannot be written: {error.strerror or error}"
            hint = f"make {present} a folder that you may write to"
            return Finding("writing", PROBLEM, reason, hint)
    return Finding("writing", OK, f"reports into {project.reports}")


def check_store(project: Project) -> Finding:
    """Whether another process holds the store of the project's corpus."""
    from workbench.project import find_corpus, store_place
    from workbench.store.locks import LockTimeout, lock

    try:
        place = store_place(find_corpus(None, project), project)
    except WorkbenchError:
        return Finding("store", OK, "none: there are no documents")
    if not (place / "lock").exists():
        return Finding("store", OK, "not built yet")
    try:
        with lock(place / "lock"):
            return Finding("store", OK, f"{place}: nobody builds it")
    except LockTimeout:
        hint = "wait until the other `workbench` command ends, or end it"
        return Finding("store", PROBLEM, f"{place}: another process is building it", hint)
    except OSError as error:
        reason = f"{place}: it cannot be locked: {error.strerror or error}"
        return Finding(
            "store", PROBLEM, reason, "make it writable, or move the project to a disk of this machine"
        )


def check_disk(project: Project) -> Finding:
    """Whether there is room for a store and its reports."""
    free = shutil.disk_usage(_existing(project.folder)).free
    detail = f"{free / 10**9:,.1f} GB free"
    if free < ROOM:
        hint = "free some space; reports/ and .workbench/ of a project can be made again"
        return Finding("disk", PROBLEM, detail, hint)
    return Finding("disk", OK, detail)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _problem(name: str, error: WorkbenchError) -> Finding:
    return Finding(name, PROBLEM, f"{error.place}: {error.problem}", error.hint)
