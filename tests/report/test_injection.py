"""Words from outside reach a report as text and nothing else: parameters, titles, file names, sources, selections.

One string that would mean something to a shell, to SQL, HTML, markdown, f-strings and templates goes through a
whole job: into its kernels, its pages, its index, what changed, and what is kept as JSON.
"""

from __future__ import annotations

import json
import shlex
from functools import partial
from pathlib import Path

import pytest
from lxml import html
from nbformat import write as save
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import workbench
from workbench.project import find_project
from workbench.report.index import sparkline, write_index
from workbench.report.jobs.check import load_job, write_job
from workbench.report.jobs.model import JobFile, Sweep
from workbench.report.jobs.run import run_job
from workbench.report.plan import reproduce
from workbench.report.runs import read_run
from workbench.selection.model import Selection

PWN = "$(touch pwned1) `touch pwned2`; touch pwned3 & | touch pwned4"
NASTY = (
    f"O'Brien'); DROP TABLE documents; -- {PWN} <b onclick=alert(1)>x</b><script>alert(2)</script> {{7*7}} {{{{7*7}}}} "
    "${HOME} %s %(x)s \\n **bold** [link](javascript:alert(3)) | pipe | &amp; </code></details></main> é"
)
QUOTED = NASTY.replace('"', "")  # a source name in a selection stands in quotes and has none itself
SHOWN = '''
import json, workbench
from IPython.display import display
from workbench import display as show
texts = workbench.load(corpus or None, select)
rows = [{"name": f"{name}: words", "value": float(n), "low": float(n) - 1, "high": float(n) + 1, "key": True}
        for name, n in zip(texts.tables.documents.to_pandas()["source"], texts.tables.documents.to_pandas()["words"])]
display({"application/vnd.workbench.result+json": {"rows": rows}, "text/plain": "rows"}, raw=True)
display(show.Table(texts.tables.documents.to_pandas()[["doc_id", "title", "source"]], f"Documents {words}"))
display(show.Heading(words))
print(json.dumps([words, several, select, len(texts.doc_ids)]))
'''  # fmt: skip
PARAMETERS = 'corpus: str = ""\nselect: str = ""\nwords: str = ""  # any\nseveral: list[str] = []'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two pages whose file name, title and source are the string, and a notebook that shows all it is given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workbench, "build", partial(workbench.build, layers=()), raising=False)
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "notebooks").mkdir()
    values = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Shown"), values, new_code_cell(SHOWN)]
    save(new_notebook(cells=cells), tmp_path / "notebooks" / "shown.ipynb")
    put(tmp_path, "3", "The two sides resumed their talks.")
    return find_project(tmp_path)


def put(folder: Path, day: str, words: str) -> None:
    name = f"{day} {NASTY[:150].replace('/', '')}.txt"
    (folder / "texts").mkdir(exist_ok=True)
    page = f"{NASTY}\n\nGENEVA, March {day}, 2020 - {words}\n"
    (folder / "texts" / name).write_text(page, encoding="utf-8")
    entry = f'[{json.dumps(name)}]\nsource = {json.dumps(QUOTED)}\ntitle = {json.dumps(NASTY)}\nreason = "a test"\n'
    with (folder / "texts" / "metadata.toml").open("a", encoding="utf-8") as file:
        file.write(entry)


def printed(run) -> list[object]:
    """What the kernel was given, as it printed it."""
    notebook = json.loads(run.files["ipynb"][0].read_text(encoding="utf-8"))
    streams = [
        out for cell in notebook["cells"] for out in cell.get("outputs", []) if out["output_type"] == "stream"
    ]
    return json.loads("".join(streams[-1]["text"]))


def assert_text_alone(page: Path) -> html.HtmlElement:
    """Nothing in a page runs, links elsewhere or became markup; its tree."""
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    assert len(tree.xpath("//script")) == 1, "ours"
    assert not tree.xpath(
        "//@onclick | //a[starts-with(@href, 'javascript')] | //b[text()='x'] | //strong[text()='bold']"
    )
    assert not tree.xpath("//h1//*"), "a title is one text"
    text = tree.text_content()
    assert "49" not in text.replace("{7*7}", "").split(), "no template was filled in"
    return tree


@pytest.mark.notebooks
def test_a_string_that_means_something_to_everybody_goes_through_a_job_as_text(project):
    job = JobFile(
        "week",
        NASTY,
        ("shown",),
        parameters={"words": NASTY, "several": [NASTY, "{x}"]},
        sweep=Sweep("source"),
    )
    write_job(project.folder / "jobs" / "week.toml", job)
    assert load_job(project.folder / "jobs" / "week.toml") == job
    first = run_job(job, project)
    (select,) = {report.title.removeprefix(f"{NASTY}: ") for report in first.reports}
    assert select == " ".join(QUOTED.split())
    given = Selection.parse(
        Selection(source=(select,)).line()
    ).line()  # a backtick counts as an apostrophe there
    assert printed(first) == [NASTY, [NASTY, "{x}"], given, 1]
    first.folder.rename(project.reports / "week" / "20200309T0700Z")
    kept = project.reports / "week" / "20200309T0700Z" / "run.json"
    kept.write_text(kept.read_text().replace('"slot": "manual"', '"slot": "20200309T0700Z"'))
    put(
        project.folder, "10", "The two sides resumed their talks, and they spoke of arms for some hours. " * 3
    )
    run = run_job(job, project)
    assert run.state == "done"
    assert not list(project.folder.rglob("pwned*")), "no shell ran"
    assert len(workbench.load(project=project).doc_ids) == 2, "no table was dropped"

    tree = assert_text_alone(run.files["html"][0])
    assert tree.xpath("string(//h1)") == tree.xpath("string(//title)") == f"{NASTY}: {select}"
    cells = [cell.text_content() for cell in tree.xpath("//td | //th")]
    assert NASTY in cells, "the title of a document, and the parameter"
    assert any(cell.startswith("10 O'Brien') DROP".replace(")", ");")) for cell in cells), "a file name"
    assert f"Documents {NASTY}" in [one.text_content() for one in tree.xpath("//caption")]
    assert tree.xpath("//h2[contains(@class, 'wb-heading')]")[0].text_content() == NASTY
    changed = tree.xpath("//section[@class='wb-changes']")[0].text_content()
    assert "<script>alert(2)</script>" in changed
    assert read_run(run.folder).changes == run.changes != []

    for index in (run.folder / "index.html", write_index(project.reports)):
        text = assert_text_alone(index).text_content()
        assert "<script>alert(2)</script>" in text, index
    assert (
        "<script>"
        in html.fromstring((project.reports / "index.html").read_text()).xpath("//svg/@aria-label")[0]
    )


@pytest.mark.parametrize("value", [NASTY, [NASTY, ""], "-p", "--force", "a=b", "", "~/x *"])
def test_the_line_that_makes_a_report_again_gives_a_shell_exactly_the_values(value):
    words = shlex.split(reproduce("shown", {"words": value}, f'source:"{QUOTED}"'))
    said = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    assert words == ["workbench", "report", "shown", "-p", f"words={said}", "--select", f'source:"{QUOTED}"']


def test_the_words_of_a_trend_cannot_leave_their_attribute():
    (tree,) = html.fragments_fromstring(sparkline(f'"><script>{NASTY}', [("2020-01-01", 1.0, None, None)]))
    assert not tree.xpath(".//script")
    assert tree.get("aria-label").startswith('"><script>O')
