"""The HTML of a mail in a real browser: it loads nothing, fits a telephone, and can be read in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.deliver.mail_body import (
    BulletList,
    CommandLine,
    KeyFigureTable,
    MailBody,
    MailHeading,
    MailImage,
    NoticeBox,
    Paragraph,
)

LONG = "reports/weekly_of_all_sources_and_speakers/20261123T0600Z/weekly_of_all.failed.html"
PARTS = [
    Paragraph("About 2026-11-16 to 2026-11-22", quiet=True), NoticeBox("failed", "This report failed.", ["NameError: <x>"]),
    NoticeBox("degraded", "Read with care.", [LONG]), Paragraph(f"The last good report is {LONG}."), MailHeading("Key figures"),
    KeyFigureTable([("most frequent topic", "economy and trade, in a long name", "27.9 [24.2–32.2]"), ("hits", "6,009", "")], "Which"),
    BulletList(["<img src=https://example.org/x.png> up from 1 to 2"]), MailImage("Heading", "Reading", "words of it"),
    CommandLine("workbench schedule slot weekly_of_all_sources_and_speakers 2026-11-23T06:00Z"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 340])
def test_a_mail_loads_nothing_fits_and_passes_axe(
    tmp_path: Path,
    open_file: Callable[..., Any],
    violations: Callable[..., list[str]],
    width: int,
    scheme: str,
) -> None:
    path = tmp_path / "mail.html"
    path.write_text(MailBody("s", "The <week>", PARTS).html(), encoding="utf-8")
    opened = open_file(path, width=width, scheme=scheme)
    assert opened.overflow() <= 0
    assert violations(opened) == []
    assert (opened.requests, opened.complaints) == ([], [])
    paper = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}[scheme]
