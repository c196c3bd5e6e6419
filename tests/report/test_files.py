"""A file is written whole or not at all, and named so that it can be mailed."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from workbench.errors import ReportFailed
from workbench.report.files import report_name, write_file


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_file(tmp_path / "a.html", "old")
    write_file(tmp_path / "a.html", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_text() == "new"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    write_file(tmp_path / "a.html", "old")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full) if step == "fsync" else monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ReportFailed, match=r"a\.html: cannot be written: No space left") as refused:
        write_file(tmp_path / "a.html", "new")
    assert "free some space" in refused.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_text() == "old"


def test_a_file_in_the_place_of_the_folder_is_named_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("I am a file")
    with pytest.raises(ReportFailed, match="cannot be written") as refused:
        write_file(tmp_path / "reports" / "a.html", "x")
    assert "move the file" in refused.value.hint


def test_a_folder_without_the_right_to_write_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReportFailed, match="Permission denied") as refused:
        write_file(tmp_path / "a.html", "x")
    assert "the right to write" in refused.value.hint


def test_a_report_is_named_for_its_notebook_and_for_what_differs() -> None:
    assert report_name("topic_frequency", {}, "") == "topic_frequency"
    name = report_name("topic_frequency", {"top": 5, "by": "speaker"}, "source:TASS")
    assert name.startswith("topic_frequency-by-speaker-top-5-source-tass-")
    assert name != report_name("topic_frequency", {"top": 5, "by": "speaker"}, "source:tass ")


@given(st.text(min_size=1), st.dictionaries(st.text(), st.text()), st.text())
def test_no_name_leaves_its_folder_or_needs_quoting(stem: str, changed: dict[str, str], select: str) -> None:
    name = report_name(stem, changed, select)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert not name.startswith("-")
    assert len(name) < 140
