"""Build the example corpora of a seed, one size of the effects after the other in one folder, and score each."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import workbench
from benchmarks.oracle.pages import compare_pages
from benchmarks.oracle.reports import compare_reports
from benchmarks.oracle.scores import Score
from workbench.corpus import Corpus
from workbench.example import Effects, Truth, write
from workbench.project import find_project
from workbench.report.diff.attribution import Documents, arrived
from workbench.report.results import ResultStamp
from workbench.selection.model import Selection

SIZES = {"zero": 0.0, "half": 0.5, "one": 1.0, "two": 2.0}
HOUSE = Path(__file__).parents[2]


def score_seed(
    seed: int,
    sizes: Sequence[str],
    folder: Path,
    *,
    pages: int = 240,
    confounded_by: str = "genre",
    names: bool = True,
) -> list[Score]:
    """The scores of one seed at each size; what does not depend on effects is scored at the last size.

    Files that do not change from size to size are read once, since all sizes are built in `folder`. A score that
    is kept there under the same code is not made again.
    """
    scores = []
    for size in sizes:
        kept = folder / f"scores-{size}-{pages}-{confounded_by}-{int(names)}-{code_digest()}.json"
        if not kept.exists():
            rows = _score(seed, size, folder, pages, confounded_by, names=names, last=size == sizes[-1])
            kept.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
        scores += [Score(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    return scores


def code_digest() -> str:
    """A digest of the package and of this benchmark."""
    files = sorted(
        p
        for root in (HOUSE / "workbench", Path(__file__).parent)
        for p in root.rglob("*")
        if p.suffix in (".py", ".toml")
    )
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


def write_example(folder: Path, seed: int, effects: Effects, pages: int) -> tuple[Truth, Path]:
    """Write an example into the project `folder` in place of another one; unchanged files stay. Gives the late folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        truth = write(Path(fresh) / "texts", seed=seed, effects=effects, pages=pages)
        _replace_changed(Path(fresh) / "texts", folder / "texts")
        _replace_changed(Path(fresh) / "settings", folder / "settings")
        shutil.rmtree(folder / "texts-late", ignore_errors=True)
        if (late := Path(fresh) / "texts-late").is_dir():
            shutil.copytree(late, folder / "texts-late")
    return truth, folder / "texts-late"


def _replace_changed(fresh: Path, old: Path) -> None:
    wanted = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    for path in [path for path in old.rglob("*") if path.is_file()] if old.is_dir() else []:
        if path.relative_to(old) not in wanted:
            path.unlink()
    for name in wanted:
        target = old / name
        if not target.exists() or target.read_bytes() != (fresh / name).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh / name, target)


def load_example(folder: Path) -> Corpus:
    """The corpus of the project `folder`, built."""
    return workbench.load(folder / "texts", project=find_project(folder))


def _score(
    seed: int, size: str, folder: Path, pages: int, confounded_by: str, *, names: bool, last: bool
) -> list[Score]:
    effects = Effects.of(SIZES[size], confounded_by)  # type: ignore[arg-type]
    truth, late = write_example(folder, seed, effects, pages)
    texts = load_example(folder)
    scores = compare_pages(texts, truth, names=names) if last else []
    scores += compare_reports(texts, truth, size, names=names)
    return [*scores, _late_batch(texts, truth, late, folder, size)]


def _late_batch(texts: Corpus, truth: Truth, late: Path, folder: Path, size: str) -> Score:
    """Documents that the section "what changed" of a next report counts as late."""
    stamp = ResultStamp(
        made=str(texts.tables.documents.to_pandas()["added"].max()),
        documents=len(texts.tables.documents.to_pandas()),
    )
    if late.is_dir():
        shutil.copytree(late, folder / "texts", dirs_exist_ok=True)
    now = load_example(folder)
    inside: Mapping[str, tuple[str, str]] = Documents(now).inside(Selection())
    came = arrived(stamp, inside, inside, inside)
    expected = sum(d["late"] for d in truth.documents.values())
    found = min(came.late, expected)
    return Score(
        "what changed since the last run",
        "documents of a late batch",
        size,
        found,
        expected - found,
        came.late - found,
    )
