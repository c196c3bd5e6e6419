"""`workbench report verify`: a stored report run again from its stamp, its named results compared.

It runs the notebooks as they were run then, with their parameters, on the version of the corpus that the stamp
names, in a folder of its own. Settings and program are today's; where they are other ones, that is said.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.errors import ReportFailed
from workbench.project import Project, find_corpus, pin, store_place
from workbench.report.diff.attribution import settings_of
from workbench.report.diff.compare import ResultChange, compare, inputs
from workbench.report.notebook import execute as engine
from workbench.report.notebook.kernel_env import private_folder
from workbench.report.notebook.parameters import schema_of
from workbench.report.plan import package_digest
from workbench.report.records import ReportRecord, changed_files, read_record
from workbench.report.results import NamedResult, ResultStamp, packages, read_results, take
from workbench.report.runs import read_runs
from workbench.verbs.hand_coding import digest

SUFFIX = ".results.json"
SAME = 1e-9  # relative: another machine may add up in another order


@dataclass(frozen=True)
class Verified:
    """What became of verifying a report: which results differ, which files were touched, which inputs are other.

    `kept` is the folder with the run's notebooks where something differs.
    """

    name: str
    same: int
    changes: tuple[ResultChange, ...] = ()
    touched: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    kept: str = ""

    @property
    def good(self) -> bool:
        """Whether every result is the same and no file was touched."""
        return not self.changes and not self.touched

    def table(self) -> dict[str, Any]:
        """All of it as plain values."""
        changes = [asdict(one) | {"difference": one.difference} for one in self.changes]
        return asdict(self) | {"good": self.good, "changes": changes}

    def __str__(self) -> str:
        n = len(self.changes)
        said = f"{n} of {self.same + n} results differ" if n else f"all {self.same} results are the same"
        lines = [f"{self.name}: {said}", *(f"  {_line(change)}" for change in self.changes)]
        lines += [f"  {file} was changed after it was made" for file in self.touched]
        if self.others:
            why = "that may be why" if n else "no result hangs on it"
            lines.append(f"  not as it was then: {'; '.join(self.others)} ({why})")
        return "\n".join([*lines, *[f"  the notebooks of this run: {self.kept}"] * bool(self.kept)])


def stored(name: str, project: Project) -> list[Path]:
    """The kept results that a name means: a job (its newest run with results), job/slot, report, page or folder.

    Raises ReportFailed when there are none.
    """
    places = [Path(name), project.reports / name]
    runs = [run.folder for run in reversed(read_runs(name, project))] if "/" not in name else []
    for place in [*runs, *places]:
        if found := sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else _beside(place):
            return found
    raise ReportFailed(
        name, problem=f"no stored report is there, nor below {project.reports}",
        hint="name a job, job/slot, a report, its page, or the folder of a run; one that failed has no results",
    )  # fmt: skip


def verify(place: Path, project: Project, *, deadline: float) -> Verified:
    """Run a stored report again and compare its named results.

    Raises ReportFailed for results or notebooks that cannot be read and for a notebook that fails now, BadCorpus
    when the version of the corpus is no longer there.
    """
    name = place.name.removesuffix(SUFFIX)
    last, record = read_results(place), read_record(place.parent, name)
    if last is None or record is None:
        raise ReportFailed(place, problem="its stamp cannot be read", hint="make the report anew")
    stamp, old = last
    notebooks = _notebooks(place.parent, name, record)
    now, pinned = _today(stamp, notebooks, record, project)
    with private_folder() as kept:
        new = take([_run(path, nb, pinned, project, kept, deadline) for path, nb in notebooks.items()])
        changes, same = _differ(old, new)
        shown = _shown_notebooks(kept) if changes else ""
    return Verified(
        name, same, tuple(changes), tuple(changed_files(place.parent, record)), tuple(inputs(stamp, now)),
        shown,
    )  # fmt: skip


def _shown_notebooks(folder: Path) -> str:
    """A folder that stays, with the notebooks of this run."""
    kept = tempfile.mkdtemp(prefix="wb-verify-")
    for path in folder.glob("*.ipynb"):
        shutil.copy(path, kept)
    return kept


def _beside(place: Path) -> list[Path]:
    """The results of a page, of a results file, or of a report named without its ending."""
    stem = place.name.removesuffix(SUFFIX).removesuffix(".html")
    found = place.with_name(f"{stem}{SUFFIX}")
    return [found] if found.is_file() else []


def _notebooks(folder: Path, name: str, record: ReportRecord) -> dict[Path, dict[str, Any]]:
    """The executed notebooks of a good report, in their order."""
    places = [folder / file for file in record.files if file.endswith(".ipynb")]
    try:
        found = {path: json.loads(path.read_text(encoding="utf-8")) for path in places}
    except (OSError, ValueError) as error:
        raise ReportFailed(
            folder / name, problem=f"a notebook of it cannot be read ({error})", hint="make the report anew"
        ) from error
    if not found:
        raise ReportFailed(folder / name, problem="it has no notebooks", hint="make the report anew")
    return found


def _today(
    stamp: ResultStamp, notebooks: Mapping[Path, Any], record: ReportRecord, project: Project
) -> tuple[ResultStamp, str]:
    """The stamp as it would be today, and what pins kernels to its corpus; BadCorpus when the version of the corpus is no longer there."""
    from workbench.corpus import load
    from workbench.store import open_store

    if not stamp.corpus_version:
        return ResultStamp(**{**stamp.__dict__, "package": package_digest(), "packages": packages()}), ""
    path, nb = next(iter(notebooks.items()))
    defaults = schema_of(path, nb["cells"]).defaults()
    folder = record.parameters.get("corpus", defaults.get("corpus")) or None
    open_store(store_place(find_corpus(folder, project), project)).by_content(stamp.corpus_version)
    corpus = load(folder, project=project, build=False)
    codes = digest(project)
    now = ResultStamp(**{
        **stamp.__dict__, "package": package_digest(), "packages": packages(),
        "settings_digest": corpus.settings.digest + codes, "settings": settings_of(corpus, codes),
    })  # fmt: skip
    return now, pin(corpus.folder, stamp.corpus_version, project)


def _run(path: Path, nb: dict[str, Any], pinned: str, project: Project, kept: Path, deadline: float) -> Any:
    """Run a notebook as it was run then, its results kept in a folder of its own."""
    cells = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in nb["cells"]
    ]
    done: list[Any] = []
    try:
        engine.execute(
            nb | {"cells": cells}, {}, cwd=project.folder, kept=done, deadline=deadline, pin=pinned
        )
    except Exception as error:  # whatever the notebook raised is what there is to say
        why = getattr(error, "evalue", "") or str(error)
        raise ReportFailed(
            path,
            problem=f"it fails now: {str(why).strip().splitlines()[0]}",
            hint="see whether its inputs are still there",
        ) from error
    (kept / path.name).write_text(json.dumps(done[0], ensure_ascii=False), encoding="utf-8")
    return done[0]


def _differ(old: Sequence[NamedResult], new: Sequence[NamedResult]) -> tuple[list[ResultChange], int]:
    """Results that differ by more than adding up in another order, in value, limits or n."""
    then, now = ({one.name: one for one in rows} for rows in (old, new))
    close = {name for name in then if name in now and _is_close(then[name], now[name])}
    changes, _ = compare(
        [one for one in old if one.name not in close], [one for one in new if one.name not in close]
    )
    limits = [
        ResultChange(name, "other limits", then[name].value, now[name].value, now[name].low, now[name].high)
        for name in then
        if name in now and name not in close and then[name].value == now[name].value
    ]
    return [*changes, *limits], len(close)


def _is_close(a: NamedResult, b: NamedResult) -> bool:
    pairs = zip(asdict(a).values(), asdict(b).values(), strict=True)
    return all(
        math.isclose(x, y, rel_tol=SAME, abs_tol=1e-12)
        if isinstance(x, float) and isinstance(y, float)
        else x == y
        for x, y in pairs
    )


def _line(change: ResultChange) -> str:
    if change.kind in ("new", "gone"):
        return f"{change.name}: {'only now' if change.kind == 'new' else 'only then'}"
    if change.kind == "other limits":
        return f"{change.name}: the same value with another interval or n"
    by = f" ({change.difference:+.6g})" if change.difference is not None else ""
    return f"{change.name}: {_shown(change.before)} then, {_shown(change.after)} now{by}"


def _shown(value: float | str | None) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
