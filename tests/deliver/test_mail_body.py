"""What a mail says: read off the page of a report, for every state of a slot, with images that a mail can carry."""

from __future__ import annotations

import base64
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from support.report_pages import dots, notebook, page_of, usual

from workbench.deliver import rasterize
from workbench.deliver.mail_body import MailBody, MailImage, NoticeBox, Paragraph
from workbench.deliver.summary import first_sentence, leading_figures, summarize_report
from workbench.display.blocks import Heading, Reading
from workbench.errors import MissingExtra
from workbench.project import find_project
from workbench.report.jobs.model import JobFile
from workbench.schedule import mail
from workbench.schedule.slots import Slot

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
JOB = JobFile("weekly", "The week", ("one",))


def needed() -> None:
    try:
        rasterize.ready("mail", "read figures in the report")
    except MissingExtra as error:
        pytest.skip(f"{error.problem}; {error.hint}")


def png(width: int, height: int, noise: bool = False) -> str:
    """An image as a notebook shows one: by its own address."""
    picture = Image.effect_noise((width, height), 90) if noise else Image.new("RGBA", (width, height))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


def letter(folder: Path, row: Slot, *pages: str) -> MailBody:
    places = []
    for number, page in enumerate(pages):
        places.append(folder / "reports" / "weekly" / "now" / f"weekly-{number}.html")
        places[-1].parent.mkdir(parents=True, exist_ok=True)
        places[-1].write_text(page, encoding="utf-8")
    return mail.build_mail_body(find_project(folder), JOB, row, places)


# ---------------------------------------------------------------- reading a page


def test_a_page_in_short_has_its_key_figures_and_each_figure_with_its_heading_and_reading():
    digest = summarize_report(page_of(usual("TASS <b>", 2), notices=("It rests on 2 documents.",)))
    (chapter,) = digest.chapters
    assert (digest.title, digest.command) == ("The week", "workbench report weekly --slot 2026-11-23T05:00Z")
    assert digest.notices == ("It rests on 2 documents.",)
    assert [(key.value, key.what, key.sentence) for key in chapter.keys] == [
        ("4.2", "rate of TASS <b>", "[3.1–5.6] per 1,000 words")
    ]
    assert [(one.heading, one.alt, one.reading) for one in chapter.drawings] == [
        (f"Finding {n} of TASS <b>", "Three dots, rising", f"Reading {n} says 3.1 of it.") for n in range(2)
    ]
    assert all(one.source.startswith("<svg") and one.source.endswith("</svg>") for one in chapter.drawings)


def test_a_reading_belongs_to_the_figure_of_its_own_section():
    nb = notebook("x", Heading("One"), dots("a"), Heading("Two"), Reading("Of a table."), dots("b"))
    (chapter,) = summarize_report(page_of(nb)).chapters
    assert [(one.heading, one.reading) for one in chapter.drawings] == [("One", ""), ("Two", "")]


def test_figures_are_chosen_from_all_chapters_and_sections_in_turn():
    twice = notebook("twice", Heading("A"), dots("1"), dots("2"), Heading("B"), dots("3"), dots("4"))
    digest = summarize_report(page_of(usual("first", 5), twice))
    chosen = leading_figures(digest.chapters, 4)
    assert [one.heading for one in chosen] == ["Finding 0 of first", "Finding 1 of first", "A", "B"]
    assert len(leading_figures(digest.chapters, 40)) == 9
    assert leading_figures((), 4) == []


@pytest.mark.parametrize(
    ("reading", "first"),
    [
        ("Mr. Lavrov has 3.1 per 1,000 [2–5]. Too few.", "Mr. Lavrov has 3.1 per 1,000 [2–5]."),
        ("Gen. Milley speaks in 4 %. He asks.", "Gen. Milley speaks in 4 %."),
        ("One word stands out: “arms”. Two do not.", "One word stands out: “arms”."),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_the_first_sentence_of_a_reading(reading, first):
    assert first_sentence(reading) == first


# ---------------------------------------------------------------- images


@pytest.mark.parametrize(
    ("width", "height", "noise"), [(3000, 500, False), (1000, 1000, True), (40, 30, False)]
)
def test_an_image_of_a_notebook_is_made_small_enough(width, height, noise):
    made = rasterize.small_png(png(width, height, noise), 1200, 200_000)
    if width < 200:
        assert made is None or len(made) < 200_000
        return
    picture = Image.open(io.BytesIO(made))
    assert picture.width <= 1200
    assert len(made) <= 200_000
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255) or noise, "on white paper"


@pytest.mark.parametrize(
    "source", ["data:image/png;base64,AAAA", "data:image/png;base64,", "data:text/html,<b>"]
)
def test_what_is_no_image_is_left_out(source):
    assert rasterize.small_png(source, 1200, 200_000) is None


def test_a_drawing_of_any_size_takes_a_bounded_number_of_pixels():
    needed()
    picture = Image.open(io.BytesIO(rasterize.svg_to_png('<svg width="9000" height="9000"></svg>', 3.0)))
    assert picture.width * picture.height <= 1.01 * rasterize.MOST_PIXELS


def test_without_what_draws_the_words_of_the_figures_are_sent_and_the_mend(tmp_path, monkeypatch):
    def absent(*_: object) -> None:
        raise MissingExtra("figures", problem="WeasyPrint is not installed", hint="x")

    monkeypatch.setattr(mail, "small_png", absent)
    said = letter(tmp_path, Slot("weekly", MONDAY, None, None, "ran"), page_of(usual("a"))).text()
    assert "Reading 0 says 3.1 of it." in said
    assert "WeasyPrint is not installed (pip install 'analyst-workbench[pdf,files]'" in said
    assert said.count("WeasyPrint") == 1


def test_a_figure_that_cannot_be_drawn_costs_no_mail(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("no such glyph")

    monkeypatch.setattr(mail, "small_png", broken)
    made = letter(tmp_path, Slot("weekly", MONDAY, None, None, "ran"), page_of(usual("a")))
    assert made.pictures == []
    assert "A figure could not be drawn for this mail (RuntimeError)" in made.text()


def test_the_same_image_twice_is_sent_once():
    picture = MailImage("h", "r", "a", b"png", 3)
    assert MailBody("s", "t", [picture, picture]).pictures == [picture]


# ---------------------------------------------------------------- every state


def lay_good(folder: Path) -> None:
    """A good run of the week before."""
    place = folder / "reports" / "weekly" / "20261116T0500Z"
    place.mkdir(parents=True)
    (place / "weekly.html").write_text("good")
    report = {"name": "weekly", "state": "done", "paths": {"html": "weekly.html"}, "seconds": 1.0}
    run = {"job": "weekly", "title": "The week", "state": "done", "slot": place.name, "window": ["2026-11-09", "2026-11-15"],
           "reports": [report], "made": "2026-11-16T05:00:00+00:00"}  # fmt: skip
    (place / "run.json").write_text(json.dumps(run))


def test_a_failure_says_why_what_to_do_and_where_the_last_good_report_is(tmp_path):
    lay_good(tmp_path)
    place = tmp_path / "reports" / "weekly" / "now" / "weekly.failed.html"
    place.parent.mkdir()
    place.write_text("traceback")
    kept = {"files": {"html": ["weekly/now/weekly.failed.html", "weekly/now/gone.html"]}}
    row = Slot(
        "weekly", MONDAY, "2026-11-16", "2026-11-22", "failed", reason="one: NameError: <x>", result=kept
    )
    made = letter(tmp_path, row)
    assert made.subject == "failed: The week"
    assert next(part for part in made.parts if isinstance(part, NoticeBox)).lines == ["one: NameError: <x>"]
    for said in (made.text(), made.html()):
        places = [said.index(words) for words in (
            "This report failed.", "NameError", "reports/weekly/20261116T0500Z/weekly.html",
            "reports/weekly/now/weekly.failed.html.", "workbench schedule log weekly 2026-11-23T05:00Z", "workbench schedule slot weekly 2026-11-23T05:00Z",
        )]  # fmt: skip
        assert places == sorted(places)
    assert "2026-11-09 to 2026-11-15" in made.text()
    assert str(tmp_path) not in made.text() + made.html(), "a mail names no folder of the machine"
    assert "<x>" not in made.html()


def test_a_miss_without_any_good_report_says_so(tmp_path):
    made = letter(tmp_path, Slot("weekly", MONDAY, None, None, "missed", reason="no runner was at work"))
    assert "This report was not made." in made.text()
    assert "no runner was at work" in made.text()
    assert "There is no good report before it." in made.text()
    assert "workbench schedule slot weekly 2026-11-23T05:00Z" in made.text()


def test_a_degraded_report_begins_with_its_reasons_and_has_its_figures(tmp_path):
    needed()
    lay_good(tmp_path)
    page = page_of(usual("a"), notices=("It rests on 2 documents.", "Its newest document is old."))
    row = Slot("weekly", MONDAY, None, None, "degraded", reason="a reason in the ledger")
    made = letter(tmp_path, row, page)
    box = next(part for part in made.parts if isinstance(part, NoticeBox))
    assert (box.kind, box.lines) == ("degraded", ["It rests on 2 documents.", "Its newest document is old."])
    assert made.text().index("read this report".capitalize()) < made.text().index(
        "20261116T0500Z/weekly.html"
    )
    assert len(made.pictures) == 2
    assert "workbench schedule slot" not in made.text()


def test_nothing_new_names_the_report_that_still_holds(tmp_path):
    lay_good(tmp_path)
    row = Slot("weekly", MONDAY, None, None, "skipped", reason="no document is inside the selection")
    said = letter(tmp_path, row).text()
    assert "no document is inside the selection" in said
    assert "reports/weekly/20261116T0500Z/weekly.html" in said
    assert "***" not in said


def test_a_sweep_shows_the_first_reports_and_counts_the_others(tmp_path):
    needed()
    pages = [page_of(usual(f"n{n}", 2), title=f"The week: source {n}") for n in range(6)]
    made = letter(tmp_path, Slot("weekly", MONDAY, None, None, "ran"), *pages)
    said = made.text()
    assert [picture.heading for picture in made.pictures] == [
        f"source {n} – Finding 0 of n{n}" for n in range(4)
    ]
    assert "source 3:\n- rate of n3: 4.2" in said
    assert "The week: source" not in said, "the title stands once"
    assert "source 4" not in said
    assert "2 more reports of this sweep" in said
    assert "4 more figures are in the report" in said


def test_a_letter_is_readable_in_light_and_dark_also_where_colours_are_turned_over():
    html = MailBody(
        "s",
        "t",
        [NoticeBox("failed", "h", ["x"]), NoticeBox("degraded", "h", ["x"]), Paragraph("q", quiet=True)],
    ).html()
    assert "var(" not in html
    dark = dict(re.findall(r"\.(\w+) \{ (.*?) \}", html[: html.index("</style>")]))
    for kind, style in re.findall(r'class="(\w+)"[^>]*? style="([^"]*)"', html):
        for given in (style, dark[kind]):
            colours = dict(re.findall(r"\b(color|background): (#\w{6})", given))
            assert ("background" in colours) <= ("color" in colours), "never paper without ink"
            if "color" in colours:
                paper = colours.get("background") or ("#ffffff" if given is style else "#16181c")
                assert contrast(colours["color"], paper) >= 4.5, (kind, colours)


def contrast(ink: str, paper: str) -> float:
    """The contrast of two colours by WCAG 2."""
    light = []
    for colour in (ink, paper):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        light.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_a_question_as_a_heading_gets_no_colon():
    said = MailBody("s", "t", [MailImage("Who speaks?", "r", "a"), MailImage("Topics", "r", "a")]).text()
    assert "Who speaks?\nr" in said
    assert "Topics:\nr" in said
