"""The four notebooks as reports, of the seeds and of a hostile folder, in a real browser."""

from __future__ import annotations

import base64
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.report import ReportRequests, run_requests
from workbench.deliver import rasterize
from workbench.deliver.mail_body import KeyFigureTable, MailBody, MailImage
from workbench.errors import MissingExtra
from workbench.project import find_project
from workbench.report.jobs.model import JobFile
from workbench.schedule.mail import build_mail_body
from workbench.schedule.slots import Slot

ROOT = Path(__file__).parents[2]
REPORTS = ("corpus_overview", "topic_frequency", "sentiment", "entity_comparison")
ATTACK = "<script>window.__pwned=1</script><img src=x onerror=window.__pwned=1>"
HOSTILE = f"""{ATTACK} talks with Ann Lee

GENEVA, March 3, 2020 - "We welcome {ATTACK} the great agreement," Ann {ATTACK} Lee said on Tuesday.

[a link](javascript:window.__pwned=1) </style></title><svg onload=window.__pwned=1> Sanctions against
Ruritania are a terrible mistake, the <b>Ruritanian</b> foreign ministry said. $$\\alpha$$ `code` ]]> -->

"Sanctions {ATTACK} will not help peace in Ruritania," Ann Lee said. She thanked Geneva for the talks.
"""


def make(folder: Path, corpus: Path) -> Path:
    """A project of its own around `corpus`, with its reports made through the command line's own door."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_*"))
    shutil.copytree(corpus, folder / "texts", dirs_exist_ok=True)
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        wish = ReportRequests.from_arguments(REPORTS, {}, select="", corpus=None, slot="")
        results = run_requests(wish, out=None, deadline=300, force=False, quiet=True)
    assert [result.state for result in results] == ["done"] * 4, results
    return folder / "reports"


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: Any) -> Path:
    return make(tmp_path_factory.mktemp("seeds"), ROOT / "seeds")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: Any) -> Path:
    corpus = tmp_path_factory.mktemp("texts")
    (corpus / "<img src=x onerror=window.__pwned=1>.txt").write_text(HOSTILE, encoding="utf-8")
    (corpus / "<script>window.__pwned=1<!--.txt").write_text(HOSTILE.replace("Ann", "Eve"), encoding="utf-8")
    return make(tmp_path_factory.mktemp("hostile"), corpus)


@pytest.mark.parametrize("name", [*REPORTS, "index"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_a_report_of_the_seeds_is_whole_offline_and_without_fault(
    seeds: Path, open_file: Any, violations: Any, name: str, width: int, scheme: str
) -> None:
    opened = open_file(seeds / f"{name}.html", width=width, scheme=scheme)
    for details in opened.page.query_selector_all("details"):
        details.evaluate("one => { one.open = true }")
    assert opened.overflow() <= 0
    assert violations(opened) == []
    assert opened.requests == []
    assert opened.complaints == []


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_the_seeds_has_its_parts(seeds: Path, open_file: Any, name: str) -> None:
    page = open_file(seeds / f"{name}.html").page
    assert page.locator("h1").count() == 1
    assert page.locator(".wb-keys").count() == 1
    assert page.locator("figure.wb-figure").count() >= 2
    assert page.locator("figure.wb-figure details table").count() >= page.locator("figure.wb-figure").count()
    assert page.locator(".wb-reading").count() >= 2
    assert page.locator(".wb-caveat").count() >= 1
    text = page.locator("body").inner_text()
    for unwanted in ("Traceback", "workbench.display", "Unnamed"):
        assert unwanted not in text, unwanted
    cells = {cell.strip() for cell in page.locator("td, th, dd b").all_text_contents()}
    assert not cells & {"nan", "NaN", "None", "<NA>", "NaT", "inf"}


@pytest.mark.parametrize("name", REPORTS[1:])
def test_the_sentences_behind_a_result_are_in_the_file_with_their_addresses(
    seeds: Path, open_file: Any, name: str
) -> None:
    page = open_file(seeds / f"{name}.html").page
    texts = {path.name: path.read_text(encoding="utf-8") for path in (seeds.parent / "texts").glob("*.txt")}
    lines = page.locator(".wb-evidence li").all()
    assert len(lines) >= 5
    for line in lines:
        doc_id, _, span = (line.locator(".wb-address").text_content() or "").strip().rpartition(":")
        start, end = map(int, span.split("-"))
        marked = line.locator("mark").first.text_content() or ""
        assert " ".join(texts[doc_id][start:end].split()) == " ".join(marked.split())


@pytest.mark.parametrize("name", [*REPORTS, "index"])
def test_a_hostile_document_is_inert_text_in_every_report(hostile: Path, open_file: Any, name: str) -> None:
    opened = open_file(hostile / f"{name}.html")
    for details in opened.page.query_selector_all("details"):
        details.evaluate("one => { one.open = true }")
    opened.page.evaluate(
        "document.querySelectorAll('a,summary,li').forEach(one => one.dispatchEvent(new Event('mouseover')))"
    )
    opened.page.wait_for_timeout(200)
    assert opened.pwned() is None
    assert opened.requests == []
    assert opened.complaints == []
    assert opened.page.locator("a[href^='javascript:' i], [onerror], [onload]").count() == 0


def test_a_report_prints(seeds: Path, open_file: Any) -> None:
    assert open_file(seeds / "topic_frequency.html").page.pdf().startswith(b"%PDF")


def test_a_second_run_reuses_what_is_unchanged(seeds: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(seeds.parent)
    wish = ReportRequests.from_arguments(REPORTS, {}, select="", corpus=None, slot="")
    results = run_requests(wish, out=None, deadline=300, force=False, quiet=True)
    assert [result.state for result in results] == ["reused"] * 4


def real_letter(reports: Path, name: str) -> MailBody:
    """The letter about a real report, as the schedule writes it."""
    project = find_project(reports.parent)
    job = JobFile("weekly", "The <week>", (name,))
    row = Slot("weekly", datetime(2026, 11, 23, 5, tzinfo=UTC), None, None, "ran")
    return build_mail_body(project, job, row, [reports / f"{name}.html"])


def shown(letter: MailBody, path: Path) -> Path:
    """The letter as a mail program shows it, with its images in place."""
    page = letter.html()
    for picture in letter.pictures:
        page = page.replace(
            f"cid:{picture.cid}", f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"
        )
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", REPORTS)
def test_the_mail_of_a_real_report_shows_its_key_figures_and_first_figures(
    seeds: Path, tmp_path: Path, open_file: Any, violations: Any, name: str
) -> None:
    try:
        rasterize.ready("mail", "read figures in the report")
    except MissingExtra as error:
        pytest.skip(f"{error.problem}; {error.hint}")
    letter = real_letter(seeds, name)
    (keys,) = (part for part in letter.parts if isinstance(part, KeyFigureTable))
    assert len(keys.rows) >= 2
    figures = [part for part in letter.parts if isinstance(part, MailImage)]
    assert 2 <= len(figures) <= 4
    assert all(figure.heading and figure.alt and figure.reading.endswith(".") for figure in figures)
    assert letter.pictures == figures, "each has its image"
    assert len(letter.html()) < 60_000, "some mail programs cut a text off at 100 kB"
    opened = open_file(shown(letter, tmp_path / "mail.html"), width=380, scheme="dark")
    assert opened.overflow() <= 0
    assert violations(opened) == []
    assert opened.page.evaluate("[...document.images].every(one => one.naturalWidth > 300)")


def test_the_mail_of_a_hostile_folder_is_text_and_nothing_else(
    hostile: Path, tmp_path: Path, open_file: Any
) -> None:
    for name in ("corpus_overview", "entity_comparison"):
        opened = open_file(shown(real_letter(hostile, name), tmp_path / f"{name}.html"))
        assert opened.pwned() is None
        assert [one for one in opened.requests if not one.startswith("data:")] == []
        assert (
            opened.page.evaluate("document.querySelectorAll('script, svg, iframe, a, [onerror]').length") == 0
        )
