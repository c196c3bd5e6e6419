"""What a mail about a slot says: why it is as it is, what changed, key figures, the first figures, what to do."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from workbench.deliver.html_tree import path_describer, replace_dead_links
from workbench.deliver.mail_body import (
    BulletList,
    CommandLine,
    KeyFigureTable,
    MailBody,
    MailHeading,
    MailImage,
    MailPart,
    NoticeBox,
    Paragraph,
)
from workbench.deliver.rasterize import small_png
from workbench.deliver.summary import Chapter, ReportFigure, ReportSummary, leading_figures, summarize_report
from workbench.display.formatting import count, listed
from workbench.errors import MissingExtra
from workbench.project import Project
from workbench.report.jobs.model import JobFile
from workbench.report.runs import last_good, read_run, slot_name
from workbench.schedule.slots import Slot
from workbench.schedule.status import format_slot

REPORTS = 4  # of a sweep, of which the mail says more than the name
FIGURES = 4  # in a mail: more is a report
CHANGES = 10  # sentences about what changed
WIDEST, HEAVIEST = 1200, 200_000  # pixels and bytes of an image
SCREEN = 560  # pixels of an image on the screen; those in the file are twice as many
_SUBJECT = {"degraded": "degraded: ", "failed": "failed: ", "missed": "missed: ", "skipped": "nothing new: "}
_HEAD = {
    "degraded": ("degraded", "Read this report with care."),
    "failed": ("failed", "This report failed."),
    "missed": ("failed", "This report was not made."),
}


def build_mail_body(project: Project, job: JobFile, row: Slot, files: Sequence[Path]) -> MailBody:
    """The letter about a slot; `files` are those of its report, none when there is no new one."""
    pages = [file for file in files if file.suffix == ".html"]
    digests = [summarize_report(page.read_text(encoding="utf-8")) for page in pages[:REPORTS]]
    digests = [replace(one, title=one.title.removeprefix(f"{job.title}: ")) for one in digests]
    parts = [*_state(project, job, row, digests), *_changes(row, digests)]
    if digests:
        chapters = _chapters(digests)
        parts += [*_keys(chapters), *_figures(chapters), *_more(project, pages, files, digests)]
    return MailBody(_SUBJECT.get(row.state, "") + job.title, job.title, parts)


def attachments(project: Project, files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The files as they are sent, by name; in a page, a link to a file that is not sent with it is words."""
    return [(file.name, _enclosed(project, file, {one.name for one in files})) for file in files]


def _enclosed(project: Project, file: Path, sent: set[str]) -> bytes:
    if file.suffix != ".html":
        return file.read_bytes()
    page = file.read_text(encoding="utf-8")
    return replace_dead_links(page, sent.__contains__, path_describer(file, project.folder)).encode()


# ---------------------------------------------------------------- what became of it


def _state(project: Project, job: JobFile, row: Slot, digests: Sequence[ReportSummary]) -> list[MailPart]:
    """Days, slot and state; the reason in a box; the last good report; what to do."""
    zone = job.schedule.timezone if job.schedule else "UTC"
    about = [f"About {row.since} to {row.until}"] if row.since else []
    about += [f"slot {format_slot(row.slot, zone)}", *[row.state] * (row.state != "ran")]
    words = " · ".join([*about, *(digests[0].facts[:-1] if len(digests) == 1 else ())])
    parts: list[MailPart] = [Paragraph(words[:1].upper() + words[1:], quiet=True)]
    if row.state in _HEAD:
        notices = (
            [notice for digest in digests for notice in digest.notices] if row.state == "degraded" else []
        )
        parts.append(NoticeBox(*_HEAD[row.state], notices or [row.reason or "no reason was kept"]))
    elif row.reason:
        parts.append(Paragraph(f"Why: {row.reason}"))
    if row.state != "ran" or row.reason:
        parts += _last(project, job, row)
    if row.state in ("failed", "missed"):
        parts += _to_do(project, job, row)
    return parts


def _last(project: Project, job: JobFile, row: Slot) -> list[MailPart]:
    """Where the last good report lies, in words: a mail is read anywhere."""
    here = read_run(project.reports / job.name / slot_name(row.slot))
    run = (here.good() if here else None) or last_good(job.name, project, slot_name(row.slot))
    pages = [one.paths["html"] for one in run.reports if "html" in one.paths] if run else []
    if run is None or not pages or not pages[0].is_file():
        return [Paragraph("There is no good report before it.")] if row.state != "skipped" else []
    about = f", about {' to '.join(run.window)}" if run.window else ""
    more = f" ({len(pages) - 1} more beside it)" if len(pages) > 1 else ""
    return [Paragraph(f"The last good report is {_place(pages[0], project)}{more}{about}.")]


def _to_do(project: Project, job: JobFile, row: Slot) -> list[MailPart]:
    """Where to look for the cause, and the lines to type."""
    pages = [project.reports / name for name in row.result.get("files", {}).get("html", [])]
    shown = [_place(page, project) for page in pages if page.is_file()] if row.state == "failed" else []
    slot = f"{shlex.quote(job.name)} {row.slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    return [
        MailHeading("What to do"),
        *[Paragraph(f"How far it came, with the traceback: {listed(shown[:REPORTS])}.")] * bool(shown),
        Paragraph("In the project's folder, read what was said while it ran, and mend it:"),
        CommandLine(f"workbench schedule log {slot}"),
        Paragraph("Then make the report, about the days it was meant for:"),
        CommandLine(f"workbench schedule slot {slot}"),
    ]


def _changes(row: Slot, digests: Sequence[ReportSummary]) -> list[MailPart]:
    """What changed since the last good run; of several reports, each with its name."""
    lines = [str(line) for line in row.result.get("changes", [])]
    end = ":" if lines else "."
    since = {one.title: one.since.removesuffix(".") + end for one in digests if one.since}
    if len(digests) > 1 and len(set(since.values())) > 1:
        since = {title: f"{title}: {words}" for title, words in since.items()}
    if not lines and not since:
        return []
    parts: list[MailPart] = [MailHeading("What changed"), *map(Paragraph, dict.fromkeys(since.values()))]
    if lines:
        parts.append(BulletList(lines[:CHANGES]))
    if len(lines) > CHANGES:
        parts.append(Paragraph(f"{count(len(lines) - CHANGES, 'more change')}: see the report.", quiet=True))
    return parts


# ---------------------------------------------------------------- what it says


def _chapters(digests: Sequence[ReportSummary]) -> list[Chapter]:
    """The chapters of all reports, each named where there are several."""
    if len(digests) == 1:
        return list(digests[0].chapters)
    return [
        replace(chapter, title=" – ".join(filter(None, [digest.title, chapter.title])))
        for digest in digests
        for chapter in digest.chapters
    ]


def _keys(chapters: Sequence[Chapter]) -> list[MailPart]:
    keys = [
        KeyFigureTable([(key.what, key.value, key.sentence) for key in chapter.keys], chapter.title)
        for chapter in chapters
        if chapter.keys
    ]
    return [MailHeading("Key figures"), *keys] if keys else []


def _figures(chapters: Sequence[Chapter]) -> list[MailPart]:
    """The first figures of the chapters in turn, and what is not shown."""
    chosen = leading_figures(chapters, FIGURES)
    names = {id(drawing): chapter.title for chapter in chapters for drawing in chapter.drawings}
    pictures, notes = [], []
    for drawing in chosen:
        picture, note = _picture(drawing, names[id(drawing)])
        pictures.append(picture)
        notes.append(note)
    more = sum(len(chapter.drawings) for chapter in chapters) - len(chosen)
    notes += [f"{count(more, 'more figure is', 'more figures are')} in the report."] * (more > 0)
    said = " ".join(dict.fromkeys(filter(None, notes)))
    return [MailHeading("Figures"), *pictures, *[Paragraph(said, quiet=True)] * bool(said)] if chosen else []


def _picture(drawing: ReportFigure, chapter: str) -> tuple[MailImage, str]:
    """A figure as an image for a mail, and why it is not shown; a mail never fails for a figure."""
    names = [chapter, drawing.heading] if drawing.heading != chapter else [chapter]
    words = MailImage(" – ".join(filter(None, names)), drawing.reading or drawing.caption, drawing.alt)
    try:
        png = small_png(drawing.source, WIDEST, HEAVIEST)
    except MissingExtra as error:
        hint = "pip install 'analyst-workbench[pdf,files]' where the schedule runs"
        return words, f"Figures stand in the report alone, since {error.problem} ({hint})."
    except Exception as error:  # whatever a notebook brought: its words are sent all the same
        return words, f"A figure could not be drawn for this mail ({type(error).__name__}); see the report."
    if png is None:
        return words, "A figure is too large for a mail, or is no image; see the report."
    return replace(words, png=png, width=min(SCREEN, int.from_bytes(png[16:20], "big") // 2)), ""


def _more(
    project: Project, pages: Sequence[Path], files: Sequence[Path], digests: Sequence[ReportSummary]
) -> list[MailPart]:
    """How to open what is attached, where it lies, and the line that makes it again."""
    others = [file.name for file in files if file.suffix != ".html"]
    words = f"Open the attached {listed([page.name for page in pages[:REPORTS]])} in a browser"
    words += (
        f" (and {count(len(pages) - REPORTS, 'more report')} of this sweep)" if len(pages) > REPORTS else ""
    )
    words += (
        ": all figures, the tables and the sentences behind the numbers; nothing is loaded from anywhere."
    )
    words += f" {listed(others[:REPORTS])}: the same to print or to edit." if others else ""
    parts: list[MailPart] = [MailHeading("The whole report"), Paragraph(words)]
    parts.append(Paragraph(f"It lies in {_place(pages[0].parent, project)} of the project.", quiet=True))
    if digests[0].command:
        parts += [Paragraph("This line makes it again:"), CommandLine(digests[0].command)]
    return parts


def _place(path: Path, project: Project) -> str:
    """A path as seen from the project's folder: a mail names no folder of the machine above it."""
    for folder, name in ((project.folder, ""), (project.reports, f"{project.reports.name}/")):
        if path.is_relative_to(folder):
            return name + path.relative_to(folder).as_posix()
    return path.name
