"""Feeds in RSS 0.9x, 1.0, 2.0 and Atom: which pages they name, and what a hostile one gets."""

import contextlib

import pytest
from hypothesis import given, settings, strategies as st
from support.fetch_server import PAGE, Clock, Site

from workbench.errors import NotFetched
from workbench.fetch import FetchLimits, FetchRuntime, fetch
from workbench.fetch.feeds import read_feed

PLACE = "https://news.example/feeds/all.xml"


def links(text, stated=""):
    body = text if isinstance(text, bytes) else text.encode()
    return read_feed(body, PLACE, stated).links


# ---------------------------------------------------------------- the formats


def test_rss_2_gives_the_link_of_each_item_and_the_guid_where_there_is_none():
    feed = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
    <title>News</title><link>https://news.example/</link>
    <atom:link rel="self" href="https://news.example/feeds/all.xml"/>
    <image><link>https://news.example/logo</link></image>
    <item><title>One</title><link> https://news.example/1 </link><guid>https://news.example/?p=1</guid></item>
    <item><guid>https://news.example/2</guid><atom:link rel="self" href="/not-this"/></item>
    <item><guid isPermaLink="false">https://news.example/no</guid></item>
    <item><source><link>https://other.example/</link></source><link>https://news.example/3</link></item>
    </channel></rss>"""
    assert links(feed) == ["https://news.example/1", "https://news.example/2", "https://news.example/3"]


def test_rss_091_with_its_document_type_is_read():
    feed = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
    "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>
    <item><title>Caf&eacute;</title><link>https://news.example/1</link></item></channel></rss>"""
    assert links(feed) == ["https://news.example/1"]


def test_rss_1_gives_the_link_or_what_the_item_is_about():
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel rdf:about="https://news.example/"><link>https://news.example/</link></channel>
    <item rdf:about="https://news.example/1"><link>https://news.example/one</link></item>
    <item rdf:about="https://news.example/2"><title>Two</title></item></rdf:RDF>"""
    assert links(feed) == ["https://news.example/one", "https://news.example/2"]


def test_atom_gives_the_alternate_link_and_prefers_html():
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://news.example/"/>
    <entry><link rel="edit" href="/edit/1"/><link rel="alternate" type="application/json" href="/1.json"/>
    <link rel="alternate" type="text/html" href="/1.html"/></entry>
    <entry><link href="2.html"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <link href="/not-this"/></div></content></entry></feed>"""
    assert links(feed) == ["https://news.example/1.html", "https://news.example/feeds/2.html"]


def test_relative_links_are_resolved_against_the_nearest_base_and_the_feed():
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/a/">
    <entry xml:base="b/"><link href="1.html"/></entry><entry><link href="../2.html"/></entry></feed>"""
    assert links(feed) == ["https://base.example/a/b/1.html", "https://base.example/2.html"]
    rss = "<rss><channel><item><link>/3?a=1&amp;b=2</link></item><item><link>//cdn.example/4</link></item></channel></rss>"
    assert links(rss) == ["https://news.example/3?a=1&b=2", "https://cdn.example/4"]


def test_common_faults_are_mended():
    feed = """<rss><channel><item><title>Q&A &nbsp; &bogus;</title><link>https://news.example/?a=1&b=2</link></item>
    <item><link><![CDATA[https://news.example/?a=1&b=2&copy=3]]></link></item></channel></rss>"""
    assert links(feed) == ["https://news.example/?a=1&b=2", "https://news.example/?a=1&b=2&copy=3"]


def test_a_feed_that_breaks_off_gives_the_entries_before_and_says_so():
    feed = read_feed(b"<rss><channel><item><link>/1</link></item><item><link>/2</li", PLACE)
    assert feed.links == ["https://news.example/1"]
    assert "not well-formed" in feed.fault


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-16", ""), ("utf-8-sig", "utf-8"), ("cp1251", "windows-1251")],
)
def test_feeds_in_other_encodings_are_read(encoding, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    feed = f"{head}<rss><channel><item><title>Новости</title><link>/новости</link></item></channel></rss>"
    assert links(feed.encode(encoding)) == ["https://news.example/новости"]


# ---------------------------------------------------------------- hostile ones

BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss><channel><item><link>https://news.example/&j;</link></item></channel></rss>"
)
FILE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&x;</link></item></channel></rss>'


@pytest.mark.parametrize("text", [BOMB, FILE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_feed_that_declares_entities_is_refused_before_one_is_expanded(text, encoding):
    with pytest.raises(NotFetched, match=r"declares entities|no feed|damaged"):
        read_feed(text.encode(encoding), PLACE)


@pytest.mark.parametrize(
    "declared", ["cp037", "utf-7", "rot13", "base64", "zip", "nonsense", "idna", "unicode_escape"]
)
def test_no_declared_encoding_hides_an_entity_or_breaks_the_reader(declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    for body in ((head + BOMB).encode(), (head + FILE).replace("<!ENT", "+ADw-!ENT").encode()):
        with contextlib.suppress(NotFetched):
            assert all("root:" not in link for link in links(body, stated=declared))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html><body><item><link>/1</link></item></body></html>", "no feed"),
        (b"<feed><entry/></feed>", "no feed"),
        (b"", "no feed"),
        (b"<rss><channel>" + b"<a>" * 100_000, "damaged"),
        (b"<rss>" + b" " * 10_000_001, "a feed of"),
    ],
)
def test_what_is_no_feed_is_refused(body, problem):
    with pytest.raises(NotFetched, match=problem):
        read_feed(body, PLACE)


@settings(deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss><channel><item><link>", b"<?xml version='1.0' encoding='"]),
)
def test_any_bytes_are_a_feed_or_refused(body, head):
    with contextlib.suppress(NotFetched):
        assert read_feed(head + body, PLACE).links


# ---------------------------------------------------------------- in a run


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def run(site, folder, *paths, **rules):
    clock = Clock()
    world = FetchRuntime(clock.now, clock.wall, clock.sleep)
    return fetch(
        [site.url(path) for path in paths],
        folder,
        rules=FetchLimits(allow_private=True, **rules),
        world=world,
    )


def rss(*items):
    inner = "".join(
        f"<item><title>&lt;script&gt;x()&lt;/script&gt;</title><link>{link}</link></item>" for link in items
    )
    return (
        200,
        {"Content-Type": "application/rss+xml", "ETag": '"f"'},
        f"<rss><channel>{inner}</channel></rss>".encode(),
    )


def test_a_feed_is_a_row_followed_by_its_pages_and_is_no_document_itself(site, tmp_path):
    site.pages |= {
        "/feed": rss("/1", "/2", "javascript:alert(1)", "/1"),
        "/1": PAGE,
        "/2": PAGE,
        "/last": PAGE,
    }
    rows = run(site, tmp_path, "/feed", "/last")
    assert [row.state for row in rows] == ["fetched", "fetched", "fetched", "refused", "fetched"]
    assert (rows[0].path, rows[0].reason) == (None, "a feed with 3 entries")
    assert rows[3].url == f"{site.url('/feed')}, entry 3: javascript:alert(1)"
    assert rows[4].url == site.url("/last")
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".html", ".jsonl"}


def test_an_unchanged_feed_still_names_its_pages_for_the_missing_ones(site, tmp_path):
    def feed(handler):
        if handler.headers.get("If-None-Match") == '"f"':
            return (304, {"Content-Length": None}, b"")
        return rss("/1", "/2")

    site.pages |= {"/feed": feed, "/1": PAGE}
    assert [row.state for row in run(site, tmp_path, "/feed")] == ["fetched", "fetched", "refused"]
    site.pages["/2"] = PAGE
    assert [row.state for row in run(site, tmp_path, "/feed")] == ["unchanged", "unchanged", "fetched"]


def test_a_feed_within_a_feed_and_too_many_entries_are_said(site, tmp_path):
    site.pages |= {
        "/feed": rss("/inner", "/1", "/2"),
        "/inner": rss("/3"),
        "/1": PAGE,
        "/2": PAGE,
        "/3": PAGE,
    }
    rows = run(site, tmp_path, "/feed", max_links=2)
    assert [row.state for row in rows] == ["fetched", "refused", "fetched"]
    assert "1 further entries are left out" in rows[0].reason
    assert "a feed within a feed" in rows[1].reason
    assert "/3" not in site.paths()


def test_a_bomb_in_a_feed_is_a_row(site, tmp_path):
    site.pages |= {"/feed": (200, {"Content-Type": "text/xml"}, BOMB.encode()), "/1": PAGE}
    rows = run(site, tmp_path, "/feed", "/1")
    assert [row.state for row in rows] == ["refused", "fetched"]
    assert "declares entities" in rows[0].reason
