"""Word files that the tests read."""

import io

import pytest

from support.written_files import rezipped

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

docx = pytest.importorskip("docx")


def word(*paragraphs, **properties):
    """A Word file of paragraphs; one that begins with # is a heading, with ## one below it."""
    file = docx.Document()
    for text in paragraphs:
        level = len(text) - len(text.lstrip("#"))
        file.add_heading(text[level:], level) if level else file.add_paragraph(text)
    for key, said in properties.items():
        setattr(file.core_properties, key, said)
    return saved(file)


def saved(file):
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def body(xml):
    """A Word file whose body is the given XML."""
    return rezipped(
        word("x"), word__document_dot_xml=f"<w:document {NAMES}><w:body>{xml}</w:body></w:document>"
    )
