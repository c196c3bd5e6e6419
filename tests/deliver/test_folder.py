"""Reports copied to a folder or an address: all files or none, again over what stands there, refusals with a hint."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from workbench.deliver.folder import copy_to
from workbench.deliver.html_tree import replace_dead_links
from workbench.errors import MissingExtra, NotDelivered
from workbench.project import find_project
from workbench.report.jobs.model import Deliver, JobFile
from workbench.schedule import delivery
from workbench.schedule.mail import attachments
from workbench.schedule.slots import Slot, SlotStore

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    places = [tmp_path / "made" / name for name in ("weekly.html", "weekly.pdf")]
    places[0].parent.mkdir()
    for place in places:
        place.write_text(f"new {place.name}")
    return places


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_a_copy_takes_the_place_of_the_last_one_and_leaves_nothing_beside_it(files, tmp_path):
    old = tmp_path / "out" / "weekly" / "slot"
    old.mkdir(parents=True)
    (old / "old.html").write_text("old")
    assert copy_to("out", "weekly/slot", files, tmp_path) == str(old)
    assert tree(tmp_path / "out") == {
        "weekly/slot/weekly.html": "new weekly.html", "weekly/slot/weekly.pdf": "new weekly.pdf",
    }  # fmt: skip
    assert [place.name for place in old.parent.iterdir()] == ["slot"]


@pytest.mark.faults
def test_a_disk_that_fills_up_leaves_the_last_copy_whole(files, tmp_path, monkeypatch):
    copy_to("out", "weekly/slot", files, tmp_path)
    files[0].write_text("newer")
    copy = shutil.copyfile

    def full(source: Path, target: Path) -> None:
        if source.suffix == ".pdf":
            raise OSError(28, "No space left on device")
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(NotDelivered, match="No space left") as refused:
        copy_to("out", "weekly/slot", files, tmp_path)
    assert "tried again" in refused.value.hint
    assert tree(tmp_path / "out")["weekly/slot/weekly.html"] == "new weekly.html"
    assert len(list((tmp_path / "out" / "weekly").iterdir())) == 1


def test_an_address_takes_the_pages_last(files, tmp_path):
    from fsspec.implementations.memory import MemoryFileSystem

    assert copy_to("memory://bucket/", "weekly/slot", files, tmp_path) == "memory://bucket/weekly/slot"
    kept = [name for name in MemoryFileSystem.store if name.startswith("/bucket/weekly/slot/")]
    assert [Path(name).name for name in kept] == ["weekly.pdf", "weekly.html"]
    assert MemoryFileSystem().cat("/bucket/weekly/slot/weekly.html") == b"new weekly.html"


def test_an_address_that_nobody_knows_is_refused_with_a_reason(files, tmp_path):
    with pytest.raises(NotDelivered, match="nosuch") as refused:
        copy_to("nosuch://x", "weekly/slot", files, tmp_path)
    assert "check the address" in refused.value.hint


def test_an_address_without_fsspec_names_the_extra(files, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtra) as refused:
        copy_to("s3://bucket", "weekly/slot", files, tmp_path)
    assert "remote" in refused.value.hint


def test_a_good_slot_is_copied_and_a_failed_or_unchanged_one_is_not(tmp_path):
    ledger, project = SlotStore(tmp_path / "ledger.sqlite"), find_project(tmp_path)
    job = JobFile("weekly", "The week", ("one",), deliver=Deliver(folder="out"))
    page = project.reports / "weekly" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    kept = {"files": {"html": ["weekly/one.html"]}}
    for day, state, deliver in ((23, "ran", "report"), (24, "failed", "notice"), (25, "ran", "nothing")):
        row = Slot("weekly", MONDAY.replace(day=day), None, None, state, result=kept | {"deliver": deliver})
        ledger.put(row, MONDAY)
        delivery.send(project, job, row, ledger)
    assert tree(project.folder / "out") == {"weekly/20261123T0500Z/one.html": "the report"}
    assert [(one["channel"], one["state"]) for one in ledger.deliveries()] == [("folder", "sent")]


def test_a_file_that_is_gone_keeps_the_copy_waiting_with_the_reason(tmp_path):
    ledger, project = SlotStore(tmp_path / "ledger.sqlite"), find_project(tmp_path)
    job = JobFile("weekly", "The week", ("one",), deliver=Deliver(folder="out"))
    row = Slot("weekly", MONDAY, None, None, "ran", result={"files": {"html": ["weekly/gone.html"]}})
    ledger.put(row, MONDAY)
    delivery.send(project, job, row, ledger)
    (waiting,) = ledger.deliveries()
    assert (waiting["state"], waiting["tries"]) == ("waiting", 1)
    assert "not there any more" in waiting["reason"]


LINKED = '<p><a href="../20261116T0500Z/weekly.html">The last good report</a> of <a href="#top">this</a>\n<a href="https://x.org/">x</a></p>'
WORDS = "The last good report (reports/weekly/20261116T0500Z/weekly.html in the project) of"


def lay_page(folder: Path, slot: str, page: str) -> Path:
    place = folder / "reports" / "weekly" / slot / "weekly.html"
    place.parent.mkdir(parents=True)
    place.write_text(page, encoding="utf-8")
    return place


@pytest.mark.parametrize("target", ["out", "memory://links"])
def test_the_last_good_report_is_linked_where_its_copy_stands_and_named_where_none_does(tmp_path, target):
    good, bad = lay_page(tmp_path, "20261116T0500Z", "good"), lay_page(tmp_path, "20261123T0500Z", LINKED)

    def copied() -> str:
        copy_to(target, "weekly/20261123T0500Z", [bad], tmp_path)
        if target == "out":
            return (tmp_path / "out/weekly/20261123T0500Z/weekly.html").read_text(encoding="utf-8")
        from fsspec.implementations.memory import MemoryFileSystem

        return MemoryFileSystem().cat("/links/weekly/20261123T0500Z/weekly.html").decode()

    assert copied() == LINKED.replace(LINKED[3 : LINKED.index(" of")], WORDS.removesuffix(" of"))
    copy_to(target, "weekly/20261116T0500Z", [good], tmp_path)
    assert copied() == LINKED, "byte for byte"
    assert bad.read_text(encoding="utf-8") == LINKED, "the report itself is left as it is"


def test_a_mailed_page_has_no_link_to_a_file_that_is_not_sent(tmp_path):
    pages = [
        lay_page(tmp_path, "a", LINKED),
        lay_page(tmp_path, "b", '<a href="c.html">c</a><a href="weekly.html">w</a>'),
    ]
    (first, mailed), (second, other) = attachments(find_project(tmp_path), pages)
    assert (first, second) == ("weekly.html", "weekly.html")
    assert WORDS in mailed.decode()
    assert 'href="https://x.org/"' in mailed.decode()
    assert other.decode() == 'c (reports/weekly/b/c.html in the project)<a href="weekly.html">w</a>'


@pytest.mark.parametrize(
    ("page", "becomes"),
    [
        ('<a href="a%20b.html#x">a &amp; b</a>', "a &amp; b (a b.html, beside this report)"),
        ('<a href="../s/<x>.html">s</a>', "s (s/&lt;x&gt;.html, beside this report's folder)"),
        (
            'é\n<p>\n<a\nhref="x.html"\n>two <b>words</b></a\n></p>',
            "é\n<p>\ntwo <b>words</b> (x.html, beside this report)</p>",
        ),
        ('<a href="mailto:x@y">m</a><a href="//e.org">e</a><a name="n">n</a>', None),
        ("<script>'<a href=\"x.html\">x</a>'</script>", None),
        ('<a href="x.html">never closed', None),
    ],
)
def test_only_links_that_lead_nowhere_become_words(page, becomes):
    assert unescape(replace_dead_links(page)) == unescape(page if becomes is None else becomes)
