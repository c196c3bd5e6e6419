"""Run the code of one commit on a folder of documents and keep what it computes."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

PARTS = ("parse", "tables", "results")
META = "recording.json"
IGNORED_TABLES = {
    "state",  # digests of code and settings, by which the build knows what is up to date
}
IGNORED_COLUMNS = {
    "documents": {"added"},  # the time of the build
    "document": {"added"},
}
# Of the stamp of a report only what describes its text. The rest is time, versions and digests of code.
KEPT_OF_STAMP = ("selection", "parameters", "since", "until", "documents", "line")
# Of the outcome of a report neither its time, its paths nor its key, which is a digest of code and settings.
KEPT_OF_OUTCOME = ("state", "reason", "remark")
BATCH_ROWS = 50_000

# Layers that a build leaves out until somebody reads them. A name that the recorded commit lacks is passed over.
READ_LAYERS = """
import workbench
corpus = workbench.load("documents")
tables = getattr(corpus, "tables", corpus)
for name in ("tokens", "sentiment", "mentions", "entities", "toward", "target_sentiment", "pairs"):
    try:
        len(getattr(tables, name))
    except AttributeError:
        continue
"""
KERNEL_PROBE = """
import json, pathlib, sys
import workbench
files = sorted({module.__file__ for name, module in list(sys.modules.items())
                if name.partition(".")[0] == "workbench" and getattr(module, "__file__", None)})
pathlib.Path(OUT).write_text(json.dumps(files))
"""


class RecordingFailed(Exception):
    """A command of the recorded commit failed in a way that leaves nothing to record."""


def record(source: Path, documents: Path, out: Path, parts: Sequence[str], deadline: float) -> dict[str, Any]:
    """Record the parts of what the tree `source` computes from `documents` into `out`; its description."""
    if out.exists() and any(out.iterdir()):
        raise RecordingFailed(f"{out} is not empty; name a new folder")
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        project = make_project(source, documents, Path(folder).resolve() / "project")
        run = CommandRunner(source.resolve(), project)
        seconds: dict[str, float] = {}
        for part in parts:
            began = time.monotonic()
            _log(f"{part} of {documents.name} ...")
            if part == "parse":
                write_tables(out / part, parse_tables(run))
            elif part == "results":
                run.check_kernel()
                write_tables(out / part, report_results(run, report_names(source), deadline))
            else:
                run.workbench("build", accept=(0, 1))
                run.python("-c", READ_LAYERS)
                write_store(out / part, project)
            seconds[part] = round(time.monotonic() - began, 1)
            _log(f"{part} of {documents.name}: {seconds[part]} s")
        meta = {
            "parts": list(parts), "seconds": seconds, "python": sys.version.split()[0],
            "documents": document_digests(project / "documents"),
        }  # fmt: skip
    (out / META).write_text(json.dumps(meta, indent=1), encoding="utf-8")
    return meta


@contextmanager
def tree_of(commit: str, repository: Path) -> Iterator[Path]:
    """The files of a commit in a temporary folder; the repository and its worktrees stay as they are."""
    with tempfile.TemporaryDirectory(prefix="recorded-tree-") as folder:
        archive = Path(folder) / "tree.tar"
        command = ["git", "-C", str(repository), "archive", "--format=tar", f"--output={archive}", commit]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RecordingFailed(f"git archive {commit}: {done.stderr.strip()}")
        tree = Path(folder) / "tree"
        with tarfile.open(archive) as files:
            files.extractall(tree, filter="data")
        archive.unlink()
        yield tree


def name_of(revision: str, repository: Path) -> str:
    """The full hash of a revision."""
    command = ["git", "-C", str(repository), "rev-parse", "--verify", f"{revision}^{{commit}}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RecordingFailed(f"no commit {revision}: {done.stderr.strip()}")
    return done.stdout.strip()


def make_project(source: Path, documents: Path, folder: Path) -> Path:
    """A project of its own: the documents, the notebooks of the recorded commit, no settings."""
    folder.mkdir(parents=True)
    shutil.copytree(documents, folder / "documents")
    for notebooks in (source / "notebooks", source / "workbench" / "notebooks"):
        if notebooks.is_dir():
            shutil.copytree(notebooks, folder / "notebooks")
            break
    (folder / "workbench.toml").write_text('corpus = "documents"\n', encoding="utf-8")
    return folder


def report_names(source: Path) -> list[str]:
    """The reports that `make report` of the recorded commit makes."""
    text = (source / "Makefile").read_text(encoding="utf-8")
    if found := re.search(r"^REPORTS\s*:?=\s*(.+)$", text, re.MULTILINE):  # of older commits
        return found[1].split()
    module = source / "workbench" / "project.py"
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DEFAULT_REPORTS":
            return list(ast.literal_eval(node.value))
    raise RecordingFailed(
        f"{module} has no DEFAULT_REPORTS, and {source / 'Makefile'} no line REPORTS := ..."
    )


class CommandRunner:
    """Runs commands of the recorded tree inside the temporary project."""

    def __init__(self, source: Path, project: Path) -> None:
        self.source, self.project = source, project
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")}
        # Before the site-packages, and so before an editable install of another tree.
        self.env = kept | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        found = Path(self.python("-c", "import workbench; print(workbench.__file__)").strip())
        self._check_imports([str(found)], "the interpreter")

    def python(self, *arguments: str, accept: Sequence[int] = (0,)) -> str:
        """Run the interpreter in the project; its output."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            self.write_output(output, *arguments, accept=accept)
            output.seek(0)
            return output.read()

    def workbench(self, *arguments: str, accept: Sequence[int] = (0,)) -> str:
        """Run a command of the recorded workbench; its output."""
        return self.python("-m", "workbench", *arguments, accept=accept)

    def write_output(self, output: Any, *arguments: str, accept: Sequence[int]) -> None:
        """Run the interpreter in the project and write its output to a file."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.project, env=self.env, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode not in accept:
            command = " ".join(arguments[:4])
            raise RecordingFailed(f"{command} ended with {done.returncode}:\n{done.stderr[-3000:]}")

    def check_kernel(self) -> None:
        """Run a report that says where its kernel imports the package from; RecordingFailed when elsewhere."""
        from nbformat import write
        from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

        places = self.project / "kernel_imports.json"
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        cells = [
            new_markdown_cell("# Where the kernel imports from"),
            new_code_cell("size: int = 1  # of nothing", metadata={"tags": ["parameters"]}),
            new_code_cell(KERNEL_PROBE.strip().replace("OUT", repr(str(places)))),
        ]
        notebook = self.project / "kernel_probe.ipynb"
        write(new_notebook(cells=cells, metadata=spec), notebook)
        self.workbench("report", str(notebook), "--out", str(self.project / "probe"), "--force")
        if not places.is_file():
            raise RecordingFailed("the report that probes the kernel ran no cell")
        self._check_imports(json.loads(places.read_text(encoding="utf-8")), "a kernel")

    def _check_imports(self, files: Iterable[str], who: str) -> None:
        others = [file for file in files if not Path(file).resolve().is_relative_to(self.source)]
        if others:
            raise RecordingFailed(f"{who} imports {others[0]}, which is not below {self.source}")

    def without_paths(self, text: str) -> str:
        """The text with the temporary folders replaced by words."""
        return text.replace(str(self.project), "PROJECT").replace(str(self.source), "TREE")


def parse_tables(run: CommandRunner) -> Iterator[tuple[str, list[dict[str, str | None]]]]:
    """The output of `workbench parse --json` as batches of rows, each value as JSON text."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        run.write_output(output, "-m", "workbench", "parse", "documents", "--json", accept=(0, 1))
        output.seek(0)
        for line in output:
            yield from flatten(json.loads(line)).items()


def flatten(parsed: Mapping[str, Any]) -> dict[str, list[dict[str, str | None]]]:
    """One parsed document as tables: each list of objects is one, all other values are `document`."""
    found = parsed.get("document")
    document: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    doc_id = {"doc_id": document.get("doc_id", parsed.get("doc_id"))}
    tables: dict[str, list[dict[str, Any]]] = {"document": [{**doc_id, **document}]}
    for name, value in parsed.items():
        if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
            tables[name] = [{**doc_id, **row} for row in value]
        elif name != "document":
            tables["document"][0][name] = value
    return {name: [_as_json(name, row) for row in rows] for name, rows in tables.items()}


def _as_json(table: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    ignored = IGNORED_COLUMNS.get(table, set())
    return {name: _json(value) for name, value in row.items() if name not in ignored}


def _json(value: Any) -> str | None:
    """A value as text: words as they are, anything else as JSON, nothing as null."""
    if value is None or isinstance(value, str):
        # Lone halves of surrogate pairs cannot be stored.
        return value if value is None else value.encode("utf-8", "backslashreplace").decode()
    return json.dumps(value, ensure_ascii=True, sort_keys=True)


def report_results(
    run: CommandRunner, names: Sequence[str], deadline: float
) -> Iterator[tuple[str, list[Any]]]:
    """The named results of the reports, a table for each, and `reports` with the state of each."""
    arguments = ["--json", "--force", "--deadline", str(deadline)]
    said = run.workbench("report", *names, *arguments, accept=(0, 1))
    outcomes = {outcome["name"]: outcome for outcome in json.loads(said.strip().splitlines()[-1])}
    if missing := set(names) - set(outcomes):
        raise RecordingFailed(f"no outcome of the reports {sorted(missing)}")
    for name in names:
        row = {key: run.without_paths(str(outcomes[name].get(key, ""))) for key in KEPT_OF_OUTCOME}
        yield "reports", [{"report": name, **row}]
        yield name, list(_results(run.project / "reports" / f"{name}.results.json"))


def _results(path: Path) -> Iterator[dict[str, str | None]]:
    """Rows of the named results that lie beside a page; none where the report failed before it had any."""
    if not path.is_file():
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    empty: dict[str, str | None] = dict.fromkeys(("low", "high", "n", "key"))
    for key in KEPT_OF_STAMP:
        yield empty | {"name": f"stamp: {key}", "value": _json(kept["stamp"].get(key))}
    for row in kept["results"]:
        yield {name: _json(value) for name, value in row.items()}


def write_tables(folder: Path, batches: Iterable[tuple[str, list[dict[str, str | None]]]]) -> None:
    """Write batches of rows, mixed by table, as one Parquet file of text columns for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting: dict[str, list[dict[str, str | None]]] = defaultdict(list)
    pieces: dict[str, list[pa.Table]] = defaultdict(list)
    for table, rows in batches:
        waiting[table] += rows
        if len(waiting[table]) >= BATCH_ROWS:
            pieces[table].append(_text_table(waiting.pop(table)))
    for table, rows in waiting.items():
        pieces[table].append(_text_table(rows))
    for table, parts in pieces.items():
        whole = pa.concat_tables(parts, promote_options="default")
        pq.write_table(whole, folder / f"{table}.parquet", compression="zstd")


def _text_table(rows: Sequence[Mapping[str, str | None]]) -> pa.Table:
    columns = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns})


def write_store(folder: Path, project: Path) -> None:
    """Copy every Delta table of the project's store, whatever its name, without what is ignored."""
    found = sorted(path.parent for path in (project / ".workbench").rglob("_delta_log"))
    if not found:
        raise RecordingFailed("the build left no Delta table below .workbench")
    folder.mkdir(parents=True, exist_ok=True)
    for place in found:
        if place.name not in IGNORED_TABLES:
            _copy_delta(place, folder / f"{place.name}.parquet", IGNORED_COLUMNS.get(place.name, set()))


def _copy_delta(place: Path, target: Path, ignored: set[str]) -> None:
    dataset = DeltaTable(str(place)).to_pyarrow_dataset()
    columns = [name for name in dataset.schema.names if name not in ignored]
    scanner = dataset.scanner(columns=columns, batch_size=BATCH_ROWS)
    with pq.ParquetWriter(target, scanner.projected_schema, compression="zstd") as writer:
        for batch in scanner.to_batches():
            writer.write_batch(batch)


def document_digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every document by its path, so that two recordings can be told to have read the same."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
