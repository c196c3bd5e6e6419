"""Bytes to text: encodings by content, repairs told, a way back to the bytes."""

import codecs

import pytest
from hypothesis import given, strategies as st

from workbench.read.decode import NotText, decode

LATIN = "The café of the “Hôtel” was closed — said the mayor’s aide in a long statement."
RUSSIAN = "Совет города собрался в понедельник, чтобы обсудить порт и его долги перед банками."


@pytest.mark.parametrize(
    ("text", "encoding", "bom"),
    [
        (LATIN, "utf-8", b""), (LATIN, "utf-8", codecs.BOM_UTF8), (LATIN, "utf-16-le", codecs.BOM_UTF16_LE),
        (LATIN, "utf-16-be", codecs.BOM_UTF16_BE), (LATIN, "utf-16-le", b""), (LATIN, "utf-16-be", b""),
        (LATIN, "cp1252", b""), (RUSSIAN, "cp1251", b""), (RUSSIAN, "utf-16-le", b""), (RUSSIAN, "utf-8", b""),
        ("La réunion a été très brève à l'Élysée.", "latin-1", b""),
    ],
)  # fmt: skip
def test_the_encoding_is_told_by_content(text, encoding, bom):
    assert decode(bom + text.encode(encoding)).text == text


def test_an_encoding_that_is_not_stated_is_told_as_a_repair():
    assert decode(LATIN.encode("cp1252")).repairs == ("read as cp1252, which it does not state",)
    assert decode(LATIN.encode()).repairs == ()


def test_line_ends_become_line_feeds():
    assert decode(b"a\r\nb\rc\n").text == "a\nb\nc\n"


def test_mojibake_is_mended_where_it_is_clear_and_the_repair_is_told():
    damaged = "The mayor’s café".encode().decode("cp1252")
    found = decode(f"{LATIN}\n{damaged}\n".encode())
    assert found.text == f"{LATIN}\nThe mayor’s café\n"
    assert found.repairs == (
        "mojibake mended in 1 lines (text that had been decoded with the wrong encoding)",
    )


def test_what_is_merely_odd_stays():
    text = "Ã is a letter; Â too. Ångström, Übermut, São Tomé."
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, b"MZ\x90\x00\x03\x00\x00\x00" * 40]
)
def test_a_program_or_picture_is_no_text(raw):
    with pytest.raises(NotText, match="binary content"):
        decode(raw)


def test_a_single_null_character_is_shown_and_told():
    found = decode(b"The council met to speak." * 20 + b"\0")
    assert found.text.endswith("\N{REPLACEMENT CHARACTER}")
    assert "null" in found.repairs[0]


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_refusal(raw):
    try:
        found = decode(raw).text
    except NotText:
        return
    assert "\r" not in found
    found.encode("utf-8")
