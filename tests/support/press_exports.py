"""Exports of press databases that the tests read."""

import io

import pytest

from support.written_files import PROSE

TITLES = (
    "Harbour opens after a long winter",
    "Council votes on the debts of the port",
    "Ministry names a new envoy",
)


BODIES = tuple(f"{place} story. {PROSE.strip()}" for place in ("First", "Second", "Third"))


def nexis(count=3):
    """Paragraphs of an export of Nexis Uni: a list of results, then the articles."""
    cover = [
        "User Name: A. Reader",
        "Date and Time: Monday, May 4, 2020 10:12:00 AM EDT",
        f"Documents ({count})",
    ]
    for number, title in enumerate(TITLES[:count], start=1):
        cover += [f"{number}. {title}", "Client/Matter: -None-", "Search Terms: harbour"]
    said = [
        *cover,
        "About LexisNexis | Privacy Policy | Terms & Conditions | Copyright \u00a9 2020 LexisNexis",
    ]
    for number, (title, body) in enumerate(zip(TITLES[:count], BODIES, strict=False), start=5):
        said += [
            title, "The Northern Post", f"March {number}, 2020 Thursday", "Late Edition - Final",
            "Copyright 2020 The Northern Post All Rights Reserved", "Section: Section A; Pg. 1", "Length: 512 words",
            "Byline: By ANNA BELL", "Dateline: NORTHPORT", "Body", body, "A second paragraph of it.",
            "Load-Date: March 9, 2020", "End of Document",
        ]  # fmt: skip
    return said


def academic(count=3):
    """Text of an export of the older Nexis."""
    said = []
    for number, (title, body) in enumerate(zip(TITLES[:count], BODIES, strict=False), start=1):
        said += [
            f"{number} of {count} DOCUMENTS", "", "The Northern Post", "", f"March {number + 4}, 2015 Thursday", "Late Edition",
            "", title, "", "BYLINE: By ANNA BELL", "", "SECTION: Section A; Pg. 1", "", "LENGTH: 512 words", "",
            "DATELINE: NORTHPORT", "", body, "", "A second paragraph of it.", "", "LOAD-DATE: March 9, 2015", "",
            "LANGUAGE: ENGLISH", "", "PUBLICATION-TYPE: Newspaper", "", "Copyright 2015 The Northern Post", "All Rights Reserved",
        ]  # fmt: skip
    return [f"   {line}" if "DOCUMENTS" in line else line for line in said]


def coded(count=3):
    """Pairs of an export of Factiva with its field codes."""
    pairs = []
    for number, (title, body) in enumerate(zip(TITLES[:count], BODIES, strict=False), start=5):
        pairs += [
            ("SE", "News"), ("HD", title), ("BY", "By Anna Bell"), ("WC", "512 words"), ("PD", f"{number} March 2020"),
            ("SN", "The Northern Post"), ("SC", "NPOST"), ("LA", "English"), ("CY", "Copyright 2020. The Northern Post"),
            ("LP", body), ("TD", "A second paragraph of it."), ("NS", "gdip : Diplomacy"), ("RE", "eurz : Europe"),
            ("AN", f"Document NPOST0000202003{number:02}eg35000b1"),
        ]  # fmt: skip
    return pairs


def uncoded(count=3):
    """Paragraphs of an export of Factiva without codes."""
    said = []
    for number, (title, body) in enumerate(zip(TITLES[:count], BODIES, strict=False), start=5):
        said += [
            "News", title, "By Anna Bell", "512 words", f"{number} March 2020", "03:04 PM", "The Northern Post", "NPOST",
            "English", "Copyright 2020. The Northern Post", body, "A second paragraph of it.",
            f"Document NPOST0000202003{number:02}eg35000b1",
        ]  # fmt: skip
    return said


def as_text(paragraphs):
    return "\n\n".join(paragraphs).encode()


def as_html(paragraphs):
    return ("<html><body>" + "".join(f"<p>{line}</p>" for line in paragraphs) + "</body></html>").encode()


def as_rtf(paragraphs):
    return ("{\\rtf1\\ansi " + "".join(f"\\pard {line}\\par\n" for line in paragraphs) + "}").encode("cp1252")


def as_docx(paragraphs):
    docx = pytest.importorskip("docx")
    file, out = docx.Document(), io.BytesIO()
    for line in paragraphs:
        file.add_paragraph(line)
    file.save(out)
    return out.getvalue()


def coded_docx(pairs):
    docx = pytest.importorskip("docx")
    file, out = docx.Document(), io.BytesIO()
    table = file.add_table(0, 2)
    for pair in pairs:
        for cell, text in zip(table.add_row().cells, pair, strict=True):
            cell.text = text
    file.save(out)
    return out.getvalue()


def coded_html(pairs):
    rows = "".join(f"<tr><td><b>{code}</b></td><td>{said}</td></tr>" for code, said in pairs)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def coded_text(pairs):
    return "\n".join(f"{code}  {said}" for code, said in pairs).encode()


EXPORTS = {
    "Nexis Uni as docx": as_docx(nexis()), "Nexis Uni as rtf": as_rtf(nexis()), "Nexis Uni as html": as_html(nexis()),
    "Nexis Uni as text": as_text(nexis()), "older Nexis as text": "\n".join(academic()).encode(),
    "older Nexis as html": as_html(filter(None, academic())) , "Factiva with codes as docx": coded_docx(coded()),
    "Factiva with codes as html": coded_html(coded()), "Factiva with codes as text": coded_text(coded()),
    "Factiva as docx": as_docx(uncoded()), "Factiva as rtf": as_rtf(uncoded()), "Factiva as html": as_html(uncoded()),
    "Factiva as text": as_text(uncoded()),
}  # fmt: skip
