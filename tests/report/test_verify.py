"""A stored report, run again from its stamp: the same, other, touched, or impossible, and said so."""

from __future__ import annotations

import json

import pytest
from nbformat import write as save
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench import load
from workbench.errors import BadCorpus, ReportFailed
from workbench.project import find_project
from workbench.report.diff.attribution import Documents, settings_of
from workbench.report.results import NamedResult, place, read_results, write_results
from workbench.report.run import ReportRequest, RunConfig, run_report
from workbench.report.verify import Verified, _differ, stored, verify

pytestmark = pytest.mark.notebooks
COUNTED = """
import workbench
from IPython.display import display
texts = workbench.load(corpus or None, select)
rows = [{"name": "documents", "value": len(texts.doc_ids)}, {"name": "words, at least", "value": int(texts.tables.documents.to_pandas()["words"].sum()) - off}]
display({"application/vnd.workbench.result+json": {"rows": rows}, "text/plain": "shown"}, raw=True)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """One page, and a notebook that counts documents and words."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "notebooks").mkdir()
    source = 'corpus: str | None = None\nselect: str = ""\noff: int = 0'
    values = new_code_cell(source, metadata={"tags": ["parameters"]})
    save(
        new_notebook(cells=[new_markdown_cell("# N"), values, new_code_cell(COUNTED)]),
        tmp_path / "notebooks" / "n.ipynb",
    )
    put(tmp_path, 3)
    return find_project(tmp_path)


def put(folder, day: int) -> None:
    (folder / "texts").mkdir(exist_ok=True)
    page = f"Talks\n\nGENEVA, March {day}, 2020 - The two sides resumed their talks, officials said.\n"
    (folder / "texts" / f"{day}.txt").write_text(page, encoding="utf-8")


def make(project, **parameters):
    """A report of the project as it is now; where its results lie."""
    corpus = load(project=project)
    setting = RunConfig(
        project.folder, project.reports, corpus.version, corpus.settings.digest,
        documents=Documents(corpus), settings=settings_of(corpus),
    )  # fmt: skip
    return run_report(ReportRequest(project.notebooks / "n.ipynb", parameters), setting)


def test_a_report_is_the_same_again_on_its_own_version_whatever_came_since(project):
    made = make(project, off="2")
    put(project.folder, 4)
    assert load(project=project).version != read_results(place(project.reports, made.name))[0].corpus_version
    (where,) = stored(made.name, project)
    found = verify(where, project, deadline=60)
    assert (found.good, found.same, found.others, found.kept) == (True, 2, (), "")
    assert str(found) == f"{made.name}: all 2 results are the same"
    assert sorted(path.name for path in project.reports.glob("*.html")) == [made.paths["html"].name], (
        "nothing new"
    )


def test_a_result_that_differs_is_named_with_both_values_and_a_touched_page_is_told(project):
    made = make(project)
    where = place(project.reports, made.name)
    stamp, (documents, words) = read_results(where)
    write_results(where, stamp, [NamedResult("documents", 3.0), words, NamedResult("more", 1.0)])
    made.paths["html"].write_text("edited")
    (project.folder / "settings").mkdir()
    (project.folder / "settings" / "topics.toml").write_text('visits = ["visit*"]\n')
    found = verify(where, project, deadline=60)
    assert not found.good
    said = str(found)
    assert "2 of 3 results differ" in said
    assert "documents: 3 then, 1 now (-2)" in said
    assert "more: only then" in said
    assert "n.html was changed after it was made" in said
    assert "not as it was then: settings: topics (that may be why)" in said
    assert found.kept in said
    assert json.dumps(found.table())
    assert documents.value == 1.0


def test_a_version_that_is_no_longer_there_is_refused_before_a_kernel_starts(project, monkeypatch):
    from dataclasses import replace

    made = make(project)
    where = place(project.reports, made.name)
    stamp, rows = read_results(where)
    write_results(where, replace(stamp, corpus_version="0" * 16), rows)
    monkeypatch.setattr("workbench.report.verify._run", None)
    with pytest.raises(BadCorpus, match="version 0000000000000000 of this corpus is no longer there"):
        verify(where, project, deadline=60)


def test_a_version_whose_files_are_gone_is_no_longer_there(project):
    corpus = load(project=project)
    store = corpus._source.store
    assert store.by_content(corpus.version).content == corpus.version
    next((store.place / "segments").glob("*.parquet")).unlink()
    with pytest.raises(BadCorpus, match="no longer there"):
        store.by_content(corpus.version)


def test_a_run_that_is_not_there_is_refused_with_what_can_be_named(project):
    with pytest.raises(ReportFailed, match="no stored report is there") as refused:
        stored("weekly", project)
    assert "job/slot" in refused.value.hint
    (project.reports / "x").mkdir(parents=True)
    (project.reports / "x" / "y.results.json").write_text("{")
    with pytest.raises(ReportFailed, match="its stamp cannot be read"):
        verify(stored("x/y", project)[0], project, deadline=60)


def test_adding_up_in_another_order_is_no_difference_and_another_interval_is_one():
    old = [
        NamedResult("a", 0.1 + 0.2),
        NamedResult("b", 1.0, 0.5, 1.5),
        NamedResult("c", "trade"),
        NamedResult("d", 1.0),
    ]
    new = [
        NamedResult("a", 0.3),
        NamedResult("b", 1.0, 0.4, 1.5),
        NamedResult("c", "arms"),
        NamedResult("d", 1.0),
    ]
    changes, same = _differ(old, new)
    assert same == 2
    assert {change.name: change.kind for change in changes} == {"b": "other limits", "c": "words"}
    assert "b: the same value with another interval or n" in str(Verified("r", same, tuple(changes)))
