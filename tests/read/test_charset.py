"""The encoding of a web page: byte order mark, then the server's word, then the page's own, as browsers read it."""

import json

import pytest

from workbench.read import read
from workbench.read.web.html import parse

WORDS = "Переговоры о зерне продолжатся в пятницу, сообщило министерство."
FRENCH = "Le ministère a déclaré que les négociations étaient terminées."


def page(words, meta="", encoding="utf-8"):
    return (
        f"<!doctype html><html><head>{meta}<title>T</title></head><body><p>{words}</p></body></html>".encode(
            encoding
        )
    )


def read_with(tmp_path, raw, stated):
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "a.html").write_bytes(raw)
    row = {
        "url": "https://host.example/a",
        "path": "host/a.html",
        "fetched": "2026-03-01T12:00:00Z",
        "type": stated,
    }
    (tmp_path / "fetched.jsonl").write_text(json.dumps(row) + "\n")
    (document,) = read(tmp_path / "host" / "a.html", tmp_path)
    return document


@pytest.mark.parametrize("encoding", ["koi8-r", "windows-1251", "iso-8859-5"])
def test_a_page_that_only_its_server_gives_an_encoding_is_read_by_it(tmp_path, encoding):
    document = read_with(tmp_path, page(WORDS, encoding=encoding), f'text/html; charset="{encoding}"')
    assert WORDS in document.text
    assert document.repairs == (f"read as {encoding}, as its server states",)


def test_the_servers_word_stands_above_the_pages_own():
    raw = page(WORDS, '<meta charset="windows-1251">', "koi8-r")
    assert WORDS in next(parse(raw, "koi8-r")).text
    assert WORDS not in next(parse(raw)).text


def test_a_byte_order_mark_stands_above_both():
    raw = page(WORDS, '<meta charset="koi8-r">', "utf-8-sig")
    assert WORDS in next(parse(raw, "windows-1251")).text
    wide = page(WORDS, '<meta charset="koi8-r">', "utf-16")
    assert WORDS in next(parse(wide, "windows-1251")).text


def test_a_page_that_is_valid_utf_8_is_that_whoever_says_otherwise():
    assert WORDS in next(parse(page(WORDS, '<meta charset="koi8-r">'), "windows-1251")).text
    assert WORDS in next(parse(page(WORDS), "utf-16le")).text


def test_latin_1_means_what_browsers_take_it_for():
    raw = page(f"“{FRENCH}”", encoding="cp1252")
    assert f"“{FRENCH}”" in next(parse(raw, "ISO-8859-1")).text


def test_japanese_in_seven_bits_is_not_taken_for_ascii():
    raw = page("外務省は会談を続けると述べた。", encoding="iso-2022-jp")
    assert "外務省は会談を続けると述べた。" in next(parse(raw, "iso-2022-jp")).text


@pytest.mark.parametrize("stated", ["no-such-charset", "base64", "unicode_escape", "idna", "zlib", "utf-7"])
def test_a_charset_that_no_page_can_be_in_says_nothing(tmp_path, stated):
    document = read_with(tmp_path, page(FRENCH, encoding="cp1252"), f"text/html; charset={stated}")
    assert FRENCH in document.text
