"""Full and read-only disks, notebooks without end or measure, two runners at once, a corpus that changes meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support.small_disk import small_disk

from workbench import build, load
from workbench.errors import BadCorpus, ReportFailed
from workbench.project import PINNED, Project, find_project, pin
from workbench.report.jobs.model import JobFile, Schedule, Sweep
from workbench.report.jobs.run import run_job
from workbench.report.runs import read_runs
from workbench.schedule.slots import open_slot_store

pytestmark = [pytest.mark.faults, pytest.mark.notebooks]
JOB = JobFile("week", "The week", ("one",))
TEXT = "Talks of day {day}\n\nGENEVA, March {day}, 2020 - The two sides resumed talks, officials said.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for folder in ("texts", "notebooks", "jobs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts" / "a.txt").write_text(TEXT.format(day=3), encoding="utf-8")
    says(tmp_path, "print('counted')")
    return find_project(tmp_path)


def says(folder: Path, *sources: str, name: str = "one") -> None:
    """Write a notebook anew: a section for each source."""
    cells = [new_markdown_cell("# One"), new_code_cell('select: str = ""', metadata={"tags": ["parameters"]})]
    for number, source in enumerate(sources):
        cells += [new_markdown_cell(f"## Part {number}"), new_code_cell(source)]
    write(new_notebook(cells=cells), folder / "notebooks" / f"{name}.ipynb")


def digests(folder: Path) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.html")}


def tick(project: Project) -> subprocess.Popen[str]:
    """The scheduler's own command."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", "schedule", "tick"], cwd=project.folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def due(project: Project) -> None:
    """The job is due now, and not again within a year."""
    slot = datetime.now(UTC).replace(second=0, microsecond=0)
    cron = f"{slot.minute} {slot.hour} {slot.day} {slot.month} *"
    (project.folder / "jobs" / "week.toml").write_text(f'notebooks = ["one"]\n[schedule]\ncron = "{cron}"\n')
    open_slot_store(project).plan("week", slot - timedelta(minutes=1), f"UTC {cron}", [], datetime.now(UTC))


# ---------------------------------------------------------------- disks


@pytest.fixture
def small(project: Project) -> Iterator[Path]:
    """The reports folder on a disk of four megabytes."""
    project.reports.mkdir()
    with small_disk(project.reports, 4) as disk:
        yield disk


def fill(disk: Path, leave: int = 0) -> None:
    """A file that takes what room there is."""
    place = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
    room = os.statvfs(disk)
    left = room.f_bavail * room.f_frsize - leave
    while left > 0 and os.write(place, b"x" * min(4096, left)):
        left -= 4096
    os.close(place)


def test_a_full_disk_fails_the_run_with_its_reason_and_all_that_was_good_stays(project, small):
    good = run_job(JOB, project, slot=datetime(2020, 3, 9, tzinfo=UTC))
    before = digests(small)
    assert (good.state, len(before)) == ("done", 2)
    fill(small)
    with pytest.raises(ReportFailed, match="No space left on device") as refused:
        run_job(JOB, project, slot=datetime(2020, 3, 16, tzinfo=UTC), force=True)
    assert "free some space" in refused.value.hint
    assert digests(small) == before
    (small / "filler").unlink()
    (small / "filler").write_bytes(
        b"x" * (os.statvfs(small).f_bavail * 4096 - 24_000)
    )  # room for records alone
    tight = run_job(JOB, project, slot=datetime(2020, 3, 16, tzinfo=UTC), force=True)
    assert (tight.state, "No space left on device" in tight.reason) == ("failed", True)
    assert {path: digest for path, digest in digests(small).items() if path in before} == before
    (small / "filler").unlink()
    assert run_job(JOB, project, slot=datetime(2020, 3, 16, tzinfo=UTC), force=True).state == "done"
    assert {run.state for run in read_runs("week", project)} == {"done"}


def test_a_schedule_on_a_full_disk_says_so_and_takes_up_what_was_due_when_there_is_room(project, small):
    due(project)
    fill(small)
    full = tick(project)
    said = full.communicate(timeout=120)[0]
    assert full.returncode == 2, said
    assert "free some space" in said
    (small / "filler").unlink()
    assert tick(project).wait(120) == 0
    (row,) = open_slot_store(project).slots("week")
    assert row.state == "ran"


def test_a_folder_that_cannot_be_written_is_refused_with_its_mend_and_keeps_what_it_has(project, small):
    run_job(JOB, project, slot=datetime(2020, 3, 9, tzinfo=UTC))
    before = digests(small)
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    try:
        with pytest.raises(ReportFailed, match="Read-only file system") as refused:
            run_job(JOB, project, slot=datetime(2020, 3, 16, tzinfo=UTC))
        assert "choose another folder" in refused.value.hint
        assert digests(small) == before
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small)], check=True)


# ---------------------------------------------------------------- notebooks


def test_a_notebook_that_never_ends_is_ended_and_the_job_says_why(project):
    says(project.folder, "while True: pass")
    run = run_job(replace(JOB, schedule=Schedule(deadline=6)), project)
    assert run.state == "failed"
    assert "still running after 6 s" in run.reason


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone holds the limit")
def test_a_section_that_eats_memory_is_a_gap_and_the_machine_lives(project):
    says(
        project.folder,
        "print('before')",
        "eaten = []\nwhile True: eaten.append(bytearray(50_000_000))",
        "print('after')",
    )
    run = run_job(replace(JOB, memory=2_000_000_000), project)
    assert (run.state, "MemoryError" in run.reason) == ("degraded", True), run.reason
    page = run.files["html"][0].read_text(encoding="utf-8")
    assert ">before" in page
    assert ">after" in page


# ---------------------------------------------------------------- at the same time


@pytest.mark.slow
def test_two_schedulers_at_once_run_a_slot_once(project):
    due(project)
    first, second = tick(project), tick(project)
    said = [one.communicate(timeout=300)[0] for one in (first, second)]
    assert {first.returncode, second.returncode} == {0}, said
    (row,) = open_slot_store(project).slots("week")
    assert (row.state, row.tries) == ("ran", 1)
    events = [event["state"] for event in open_slot_store(project).events("week", row.slot, limit=50)]
    assert events.count("running") == 1


REBUILDS = """
import pathlib, workbench
before = workbench.load()
print("documents", len(before.tables.documents.to_pandas()), before.tables.sentences.to_pandas()["doc_id"].nunique(), before.version)
pathlib.Path("texts", "b.txt").write_text({text!r}, encoding="utf-8")
workbench.build()
"""
LOADS = """
import workbench
texts = workbench.load()
print("documents", len(texts.tables.documents.to_pandas()), texts.tables.sentences.to_pandas()["doc_id"].nunique(), texts.version)
"""


def printed(run) -> list[list[str]]:
    """What the cells of a run's notebooks print of the corpus: documents, documents with sentences, version."""
    notebooks = [
        json.loads(path.read_text()) for kind in run.files for path in run.files[kind] if "ipynb" in kind
    ]
    streams = [
        "".join(said["text"])
        for nb in notebooks
        for cell in nb["cells"]
        for said in cell.get("outputs", ())
        if said["output_type"] == "stream"
    ]
    return [
        line.split()[1:] for text in streams for line in text.splitlines() if line.startswith("documents")
    ]


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_a_corpus_built_anew_meanwhile_reaches_no_cell_of_a_run_that_has_begun(project, monkeypatch, cold):
    """Between two cells, between two notebooks of a report, between the parts of a sweep; the next run has it."""
    if cold:
        monkeypatch.setenv("WORKBENCH_COLD", "1")
    says(project.folder, REBUILDS.format(text=TEXT.format(day=12)), LOADS)
    says(project.folder, LOADS, name="two")
    april = TEXT.format(day=5).replace("March", "April")
    (project.folder / "texts" / "c.txt").write_text(april, encoding="utf-8")
    job = replace(JOB, notebooks=("one", "two"), sweep=Sweep("month"))
    run = run_job(job, project)
    assert run.state == "done", run.reason
    assert printed(run) == [["2", "2", run.corpus_version]] * 6
    pages = [page.read_text(encoding="utf-8") for page in run.files["html"]]
    assert [run.corpus_version in page for page in pages] == [True, True]
    again = run_job(job, project)
    assert (again.state, again.corpus_version == run.corpus_version) == ("done", False)
    assert printed(again) == [["3", "3", again.corpus_version]] * 6


def test_an_open_notebook_reads_the_newest_corpus_and_another_corpus_is_not_pinned(project, monkeypatch):
    first = load(project=project)
    (project.folder / "texts" / "b.txt").write_text(TEXT.format(day=12), encoding="utf-8")
    second = load(project=project)
    assert len(second.tables.documents.to_pandas()) == 2
    monkeypatch.setenv(PINNED, pin(first.folder, first.version, project))
    assert load(project=project).version == first.version
    (project.folder / "others").mkdir()
    (project.folder / "others" / "c.txt").write_text(TEXT.format(day=5), encoding="utf-8")
    assert len(load(project.folder / "others", project=project).tables.documents.to_pandas()) == 1


def test_a_run_whose_version_is_gone_fails_with_its_place_and_its_mend(project):
    gone = "import pathlib, shutil, workbench\nshutil.rmtree(workbench.load()._source.store.place)\n"
    anew = "pathlib.Path('texts/a.txt').write_text('Other words were said.')\nworkbench.build()"
    says(project.folder, gone + anew, LOADS)
    run = run_job(JOB, project)
    assert run.state == "degraded"
    assert "is no longer there" in run.reason
    assert "run the report again" in run.files["html"][0].read_text(encoding="utf-8")


def test_a_layer_that_the_pinned_version_lacks_is_made_for_it_and_never_for_another(project, monkeypatch):
    build(project=project, layers=())
    first = load(project=project, build=False)
    monkeypatch.setenv(PINNED, pin(first.folder, first.version, project))
    assert len(load(project=project).tables.tokens.to_pandas()) > 0
    (project.folder / "texts" / "b.txt").write_text(TEXT.format(day=12), encoding="utf-8")
    build(project=project, layers=())
    held = load(project=project)
    assert (held.version, len(held.tables.tokens.to_pandas()) > 0) == (first.version, True)
    with pytest.raises(BadCorpus, match="the corpus changed since it was loaded"):
        _ = held.tables.mentions.to_pandas()
