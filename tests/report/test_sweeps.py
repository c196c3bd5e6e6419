"""Sweeps over what a corpus holds, what is sent when nothing is new, and the same slot again with the same tables."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import workbench
from workbench.errors import BadSelection
from workbench.project import Project, find_project
from workbench.report.jobs.model import JobFile, Schedule, Sweep
from workbench.report.jobs.run import run_job
from workbench.report.jobs.sweep import swept
from workbench.selection.model import Selection

pytestmark = pytest.mark.model
TEXTS = {
    "a": "Talks resume\n\nGENEVA, March 3, 2020 (Reuters) - John Kerry met Sergei Lavrov in Geneva, officials said. "
    "Kerry praised the talks.\n",
    "b": "Talks end\n\nMOSCOW, April 12, 2020 (TASS) - Sergei Lavrov left Geneva on Sunday, the ministry said. "
    "Lavrov spoke of progress.\n",
    "c": "Remarks on the talks\n\nWashington, DC\nApril 14, 2020\n\nSECRETARY KERRY: We had good talks in Geneva with "
    "Sergei Lavrov and we will meet again in a week.\n\nQUESTION: Will you meet in Moscow, Mr. Secretary?\n\n"
    "SECRETARY KERRY: We will meet where it helps. Thank you all very much.\n",
}
SLOT = datetime(2020, 4, 15, 7, tzinfo=UTC)
TABLE = """import workbench
texts = workbench.load(None, select)
table = texts.tables.sentences.to_pandas().groupby("doc_id", as_index=False).agg(n=("start", "size"))
print(select, table.to_dict("list"))"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("sweeps")
    (folder / "texts").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "workbench.toml").write_text('corpus = "texts"\n')
    for name, text in TEXTS.items():
        (folder / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    values = new_code_cell('select: str = ""', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Sentences"), values, new_code_cell(TABLE)]
    write(new_notebook(cells=cells), folder / "notebooks" / "count.ipynb")
    return find_project(folder)


@pytest.fixture(scope="module")
def corpus(project):
    return workbench.load(project=project)


@pytest.mark.parametrize(
    ("by", "line", "found"),
    [
        ("source", "", {"Reuters": "source:Reuters", "TASS": "source:TASS"}),
        ("month", "", {"2020-03": "since:2020-03-01 until:2020-03-31", "2020-04": "since:2020-04-01 until:2020-04-30"}),
        ("month", "since:2020-04-13", {"2020-04": "since:2020-04-13 until:2020-04-30"}),
        ("speaker", "", {"Secretary Kerry": 'speaker:"Secretary Kerry"'}),
        ("entity", "", {"Sergei Lavrov": 'mentions:"Sergei Lavrov"', "John Kerry": 'mentions:"John Kerry"'}),
        ("entity", "source:TASS", {"Sergei Lavrov": 'source:TASS mentions:"Sergei Lavrov"'}),
    ],
)  # fmt: skip
def test_a_sweep_makes_a_report_for_each_value_inside_the_selection(corpus, by, line, found):
    points = {
        point.label: point.selection.line() for point in swept(Sweep(by), corpus, Selection.parse(line))
    }
    assert {label: points.get(label) for label in found} == found
    for point in swept(Sweep(by), corpus, Selection.parse(line)):
        assert corpus.where(point.selection).doc_ids, point


def test_the_most_frequent_come_first_and_a_limit_keeps_them(corpus):
    by_entity = swept(Sweep("entity", limit=2), corpus, Selection())
    assert [point.label for point in by_entity] == ["Sergei Lavrov", "Geneva"]
    assert swept(Sweep("speaker", limit=1), corpus, Selection())[0].label == "Secretary Kerry"
    assert [point.label for point in swept(Sweep("source", ("TASS", "Nobody")), corpus, Selection())] == [
        "TASS"
    ]
    with pytest.raises(BadSelection, match="nothing to sweep by source"):
        swept(Sweep("source", ("Nobody",)), corpus, Selection())


@pytest.mark.notebooks
def test_a_sweep_by_entity_tells_each_report_what_it_is_about(project):
    run = run_job(JobFile("each", "Each", ("count",), sweep=Sweep("entity", limit=2)), project)
    assert [report.title for report in run.reports] == ["Each: Sergei Lavrov", "Each: Geneva"]
    pages = [path.read_text(encoding="utf-8") for path in run.files["html"]]
    assert "mentions:&quot;Sergei Lavrov&quot;" in pages[0] or 'mentions:"Sergei Lavrov"' in pages[0]
    assert "mentions:Geneva" in pages[1]
    assert {run.state, *(report.state for report in run.reports)} == {"done"}


@pytest.mark.notebooks
@pytest.mark.parametrize(("policy", "sent"), [("skip", "nothing"), ("notice", "notice"), ("send", "report")])
def test_what_is_sent_when_nothing_is_new_is_what_the_job_says(project, policy, sent):
    job = JobFile(
        f"week_{policy}", "W", ("count",), schedule=Schedule(window="7 days"), when_unchanged=policy
    )
    none = run_job(job, project, slot=datetime(2021, 1, 4, tzinfo=UTC))
    assert (none.state, none.deliver, none.reports) == ("skipped", sent, ())
    assert run_job(job, project, slot=SLOT).deliver == "report"
    same = run_job(job, project, slot=SLOT)
    assert (same.state, same.deliver, same.reason) == (
        "reused",
        sent,
        "nothing changed since the last good run",
    )


@pytest.mark.notebooks
def test_a_slot_run_again_has_the_same_window_and_the_same_tables(project):
    job = JobFile("again", "Again", ("count",), schedule=Schedule(window="1 month"))
    runs = [run_job(job, project, slot=SLOT), run_job(job, project, slot=SLOT, force=True)]
    assert [run.window for run in runs] == [("2020-03-15", "2020-04-14")] * 2
    assert [run.state for run in runs] == ["done", "done"]
    assert runs[0].made <= runs[1].made
    said = [json.loads(run.files["ipynb"][0].read_text())["cells"][-1]["outputs"][0]["text"] for run in runs]
    assert said[0] == said[1]
    assert "since:2020-03-15 until:2020-04-14" in "".join(said[0])
    assert "'b.txt', 'c.txt'" in "".join(said[0])
    moved = run_job(replace(job, schedule=Schedule(window="7 days")), project, slot=SLOT)
    assert moved.window == ("2020-04-08", "2020-04-14")
