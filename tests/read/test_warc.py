"""Web archives: pages are documents, their addresses are known, the time of capture is no date of theirs."""

import gzip
import io

import pytest

from workbench.errors import UnreadableFile
from workbench.read import read
from workbench.schema import Document, Problem

pytest.importorskip("warcio")

STORY = "The council of the town met on Monday to speak of the harbour and its debts."
PAGE = f"<html><head><title>Council</title></head><body><p>{STORY}</p></body></html>".encode()


def archive(pages, packed=True):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for url, kind, status, body, *headers in pages:
        stated = StatusAndHeaders(status, [("Content-Type", kind), *headers], protocol="HTTP/1.0")
        record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=stated,
                                           warc_headers_dict={"WARC-Date": "2020-05-01T10:00:00Z"})  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


def taken(folder, raw, name="a.warc.gz"):
    path = folder / name
    path.write_bytes(raw)
    found = list(read(path, folder))
    return [one for one in found if isinstance(one, Document)], [
        one for one in found if isinstance(one, Problem)
    ]


PAGES = [("https://example.org/news/council.html", "text/html; charset=utf-8", "200 OK", PAGE),
         ("https://example.org/gone", "text/html", "404 Not Found", PAGE),
         ("https://example.org/a.png", "image/png", "200 OK", b"\x89PNG"),
         ("https://example.org/plain", "text/plain", "200 OK", STORY.encode()),
         ("https://example.org/packed", "text/html", "200 OK", gzip.compress(PAGE), ("Content-Encoding", "gzip"))]  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_pages_and_texts_are_read_with_their_addresses(tmp_path, packed):
    found, told = taken(tmp_path, archive(PAGES, packed), "a.warc.gz" if packed else "a.warc")
    assert [one.doc_id.split("#")[1] for one in found] == ["1", "2", "3"]
    assert [one.text for one in found] == [STORY] * 3
    assert [one.known["url"][20:] for one in found] == ["news/council.html", "plain", "packed"]
    assert (found[0].known["title"], told) == ("Council", [])


def test_the_time_of_capture_is_not_taken_for_the_date_of_the_text(tmp_path):
    found, _ = taken(tmp_path, archive(PAGES))
    assert found[0].known["captured"] == "2020-05-01T10:00:00Z"
    assert "date" not in found[0].known


def test_a_page_that_cannot_be_read_is_told_with_its_address_and_the_others_follow(tmp_path):
    binary = ("https://example.org/b", "text/plain", "200 OK", bytes(range(32)) * 20)
    found, (told,) = taken(tmp_path, archive([binary, *PAGES]))
    assert len(found) == 3
    assert told.problem.startswith("1 https://example.org/b: binary content")


def test_a_record_that_is_cut_short_is_read_and_told(tmp_path):
    raw = archive(PAGES[:1], packed=False)
    found, (told,) = taken(tmp_path, raw[: raw.index(b"the harbour")], "a.warc")
    assert [one.text for one in found] == ["The council of the town met on Monday to speak of"]
    assert (told.problem, told.severity) == (
        "1 https://example.org/news/council.html: the record is cut short",
        "doubtful",
    )


def test_a_record_of_a_wrong_length_is_told_and_nothing_is_printed(tmp_path, capfd):
    raw = archive(PAGES[:1], packed=False)
    found, (told,) = taken(
        tmp_path, raw.replace(b"to speak of the harbour", b"to speak at length of the harbour"), "a.warc"
    )
    assert len(found) == 1
    assert (told.problem, told.severity) == (
        "1 records are longer than they state: their texts may be cut",
        "doubtful",
    )
    assert capfd.readouterr().err == ""


def test_a_web_archive_without_warcio_is_refused_with_the_line_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.read.limits.find_spec", lambda name: None)
    with pytest.raises(UnreadableFile) as refused:
        taken(tmp_path, archive(PAGES))
    assert "pip install 'analyst-workbench[files]'" in refused.value.hint
