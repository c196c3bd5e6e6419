"""What a server, a feed or an address may try, and what it gets: a row with the reason, and the rest goes on."""

import contextlib
import gzip
import time
import tracemalloc
import zlib

import httpcore
import pytest
from hypothesis import given, settings, strategies as st
from support.fetch_server import PAGE, Clock, Site

from workbench.errors import NotFetched
from workbench.fetch import SYSTEM, FetchLimits, FetchRuntime, fetch, http
from workbench.fetch.addresses import fetch_target, is_public, parse_address
from workbench.fetch.content_types import content_kind
from workbench.fetch.manifest import file_name
from workbench.fetch.rate_limit import retry_after

SMALL = FetchLimits(allow_private=True, max_bytes=50_000, attempts=1)
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def one(site, tmp_path):
    """What becomes of one path of the site, beside a good page that must always be saved."""

    def one(path, rules=SMALL, clock=None, resolve=SYSTEM.resolve):
        site.pages.setdefault("/good", PAGE)
        clock = clock or Clock()
        world = FetchRuntime(clock.now, clock.wall, clock.sleep, resolve)
        address = site.url(path) if path.startswith("/") else path
        row, good = fetch([address, site.url("/good")], tmp_path / "pages", rules=rules, world=world)
        if rules.allow_private and clock.tick == 0:
            assert good.state == "fetched", "one refusal stops nothing else"
        return row

    return one


def refused(row, *words):
    assert (row.state, row.path) == ("refused", None)
    assert "; hint: " in row.reason
    for word in words:
        assert word in row.reason
    return True


# ---------------------------------------------------------------- where it may go


@pytest.mark.parametrize(
    "number",
    """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1
    240.0.0.1 192.0.2.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    2002:7f00:1:: 2002:a9fe:a9fe:: 64:ff9b::7f00:1 2001:0:0:0:0:0:0:1 2001:db8::1 ::127.0.0.1 localhost""".split(),
)
def test_these_are_no_public_addresses(number):
    assert not is_public(number)


@pytest.mark.parametrize(
    "number",
    ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_these_are_public(number):
    assert is_public(number)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_this_machine_is_visited_unless_allowed(site, one, host):
    row = one(f"http://{host}:{site.port}/a", FetchLimits(attempts=1))
    assert refused(row, "private, loopback or link-local", "--allow-private")
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_checked_again(site, one):
    """The first host counts as public here; its redirect leads to a name that does not."""
    connected = []

    class Public(http._Backend):
        def connect_tcp(self, host, port, *rest, **more):
            for number in http.checked_addresses(host, port, self._allowance):
                connected.append(number)
            return http._Stream(httpcore.SyncBackend().connect_tcp("127.0.0.1", site.port), self._allowance)

    numbers = {"open.example": ["8.8.8.8"], "inside.example": ["10.0.0.7"], "127.0.0.1": ["127.0.0.1"]}
    site.pages["/a"] = (302, {"Location": "http://inside.example/secret"}, b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_Backend", Public)
        row = one("http://open.example/a", FetchLimits(attempts=1), resolve=lambda host, port: numbers[host])
    assert refused(row, "inside.example", "private")
    assert set(connected) == {"8.8.8.8"}
    assert "/secret" not in site.paths()


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch):
    """A name that answers with a public address first and a private one after is looked up once."""
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    connected, names = [], []

    class Wire(httpcore.MockStream):
        def start_tls(self, ssl_context, server_hostname=None, timeout=None):
            names.append(server_hostname)
            return self

    def connect(self, host, *rest, **more):
        connected.append(host)
        return Wire([b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"])

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    clock = Clock()
    world = FetchRuntime(clock.now, clock.wall, clock.sleep, lambda host, port: answers.pop(0))
    answer = http.get(parse_address("https://rebind.example/a"), {}, FetchLimits(), world)
    assert (answer.status, answer.body) == (200, b"ok")
    assert connected == ["8.8.8.8"]
    assert names == ["rebind.example"], "and the certificate must be that of the name"
    assert answers == [["127.0.0.1"]]


def test_one_private_address_among_public_ones_refuses_the_host():
    clock = Clock()
    world = FetchRuntime(clock.now, clock.wall, clock.sleep, lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(NotFetched, match="private"):
        http.get(parse_address("http://both.example/"), {}, FetchLimits(), world)


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("file:///etc/passwd", "`file:` is not fetched"),
        ("ftp://example.org/a", "`ftp:` is not fetched"),
        ("javascript:alert(1)", "`javascript:` is not fetched"),
        ("data:text/html,x", "`data:` is not fetched"),
        ("http://user:secret@example.org/", "user name or password"),
        ("https://[::1/", "no address"),
        ("", "redirects to nowhere"),
    ],
)
def test_a_redirect_stays_within_http_and_https(site, one, place, word):
    site.pages["/a"] = (302, {"Location": place}, b"")
    row = one("/a")
    assert refused(row, word)
    assert "secret" not in row.reason.replace(place, "") or "user" in row.reason


@pytest.mark.parametrize(
    "given",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://[::1",
        "https://exa mple.org/",
        "http://a:b@c.example/",
        "http://example.org:99999/",
        "https://\x1b[31m.example/",
        "http://" + "a" * 3000,
    ],
)
def test_a_given_address_that_cannot_be_meant_is_a_row(one, given):
    row = one(given)
    assert refused(row)
    assert row.url.isprintable()
    assert "a:b" not in row.reason


@pytest.mark.parametrize("hops", [1, 2])
def test_a_circle_of_redirects_ends(site, one, hops):
    for number in range(hops):
        site.pages[f"/{number}"] = (301, {"Location": f"/{(number + 1) % hops}"}, b"")
    assert refused(one("/0"), "leads in a circle")
    assert site.paths().count("/0") == 1


def test_an_endless_chain_of_redirects_ends(site, one):
    for number in range(40):
        site.pages[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    assert refused(one("/0"), "redirects 11 times")


def test_a_redirect_is_followed_and_the_file_is_named_for_where_it_led(site, one):
    site.pages |= {"/a": (308, {"Location": "b/../c"}, b""), "/c": PAGE}
    row = one("/a")
    assert (row.state, row.url) == ("fetched", site.url("/a"))
    assert row.path.name.startswith("c-")


# ---------------------------------------------------------------- how much it may send


def chunks(handler, body, step=4096, packed="identity"):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {packed}\r\n"
    with contextlib.suppress(OSError):
        handler.wfile.write(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(body), step):
            piece = body[start : start + step]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")


def test_a_page_that_states_too_large_a_size_is_refused_before_it_comes(site, one):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 60000\r\n\r\nfew")

    site.pages["/a"] = answer
    assert refused(one("/a"), "larger than 50,000 bytes")


def test_a_page_in_chunks_is_refused_when_it_grows_too_large(site, one):
    site.pages["/a"] = lambda handler: chunks(handler, b"x" * 200_000)
    assert refused(one("/a"), "larger than 50,000 bytes")


def test_a_page_without_a_length_is_refused_when_it_grows_too_large(site, one):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        with contextlib.suppress(OSError):
            handler.wfile.write(b"x" * 3_000_000)

    site.pages["/a"] = answer
    assert refused(one("/a"), "larger than 50,000 bytes")


def test_a_length_that_promises_more_than_comes_is_no_page(site, one):
    site.pages["/a"] = (200, {**HTML, "Content-Length": "5000", "Connection": "close"}, PAGE)

    def answer(handler):
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n" + PAGE
        )

    site.pages["/a"] = answer
    assert refused(one("/a"), "attempts")


def test_a_length_that_promises_less_than_comes_gives_what_was_promised(site, one):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n")
        with contextlib.suppress(OSError):
            handler.wfile.write(b"<html>" + b"x" * 400_000)

    site.pages["/a"] = answer
    row = one("/a")
    assert row.bytes == 6, "the rest is never read"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_small_archive_that_unpacks_without_end_is_refused(site, one, pack):
    bomb = pack(b"\0" * 30_000_000)
    assert len(bomb) < SMALL.max_bytes
    encoding = "gzip" if pack is gzip.compress else "deflate"
    site.pages["/a"] = (200, {**HTML, "Content-Encoding": encoding}, bomb)
    assert refused(one("/a"), "larger than 50,000 bytes")


def test_no_more_of_an_archive_is_unpacked_than_is_taken():
    bomb = gzip.compress(b"\0" * 30_000_000)
    allowance = http._Allowance(parse_address("https://example.org/"), SMALL, SYSTEM)
    tracemalloc.start()
    with pytest.raises(NotFetched, match="larger"):
        list(http._unpack([bomb], "gzip", allowance))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "word"),
    [
        ("gzip", b"no gzip at all", "damaged"),
        ("gzip", gzip.compress(PAGE, mtime=0)[:-20], "before it was complete"),
        ("br", b"x", "packed as `br`"),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), "packed as `gzip, gzip`"),
    ],
)
def test_a_packed_page_that_is_damaged_or_packed_otherwise_is_refused(site, one, encoding, body, word):
    site.pages["/a"] = (200, {**HTML, "Content-Encoding": encoding}, body)
    assert refused(one("/a"), word)


@pytest.mark.parametrize("part", ["head", "body", "chunks"])
def test_a_slow_drip_ends_with_the_time_for_a_page(site, one, part):
    def answer(handler):
        starts = {
            "head": b"HTTP/1.1 200 OK\r\nX-",
            "body": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 30000\r\n\r\n",
            "chunks": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
        }
        try:
            handler.wfile.write(starts[part])
            for _ in range(4_000):  # no more, so that a visitor without a clock fails and does not hang
                handler.wfile.write(b"1\r\nx\r\n" if part == "chunks" else b"x")
                time.sleep(0.001)
        except OSError:
            return  # the visitor has gone

    site.pages["/drip"] = answer
    clock = Clock(tick=4.0)  # each look at the clock is four seconds later
    row = one("/drip", FetchLimits(allow_private=True, attempts=1, max_bytes=40_000), clock)
    assert refused(row, "not complete after 60 s")


def test_endless_headers_end(site, one):
    def answer(handler):
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(40_000):
                handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 50))
        except OSError:
            pass

    site.pages["/a"] = answer
    assert refused(one("/a"))


def test_announcements_without_end_before_an_answer_end(site, one):
    def answer(handler):
        with contextlib.suppress(OSError):
            for _ in range(20_000):
                handler.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\n")

    site.pages["/a"] = answer
    assert refused(one("/a"), "larger than 50,000 bytes")


def test_what_follows_a_packed_page_without_end_is_refused(site, one):
    site.pages["/a"] = lambda handler: chunks(handler, gzip.compress(PAGE) + b"\0" * 400_000, packed="gzip")
    assert refused(one("/a"), "larger than 50,000 bytes")


# ---------------------------------------------------------------- what it may send


@pytest.mark.parametrize(
    ("stated", "body"),
    [
        ("image/png", b"\x89PNG"),
        ("application/zip", b"PK"),
        ("application/octet-stream", PAGE),
        ("application/javascript", b"alert(1)"),
        ("application/pdf", b"<html>no pdf</html>"),
        ("text/xml", b"<?xml version='1.0'?><data/>"),
        ("", b"\x00\x01\x02"),
        ("text/html\x1b[31m", PAGE),
    ],
)
def test_other_types_are_refused(stated, body):
    with pytest.raises(NotFetched) as error:
        content_kind(stated, body, "https://example.org/a")
    assert error.value.problem.isprintable()


@pytest.mark.parametrize(
    ("stated", "body", "expected"),
    [
        ("text/html; charset=utf-8", PAGE, ".html"),
        ("TEXT/PLAIN", b"plain", ".txt"),
        ("application/pdf", b"%PDF-1.7", ".pdf"),
        ("", b"%PDF-1.7", ".pdf"),
        ("", PAGE, ".html"),
        ("text/html", b"<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", "feed"),
        ("application/xml", b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("text/plain", "<rdf:RDF>".encode("utf-16"), "feed"),
    ],
)
def test_these_types_are_taken(stated, body, expected):
    assert content_kind(stated, body, "https://example.org/a") == expected


def test_a_head_of_many_instructions_is_looked_at_once():
    """Matched in more than one way, 400 of them would take longer than the world has stood."""
    assert content_kind("text/html", b"<??>" * 400 + b"<p>", "https://example.org/a") == ".html"
    assert content_kind("text/html", b"<!DOCTYPE x [[]>" * 100 + b"<p>", "https://example.org/a") == ".html"


def test_an_empty_page_is_a_row(site, one):
    site.pages["/a"] = (200, HTML, b" \n")
    assert refused(one("/a"), "the page is empty")


def test_a_304_that_nobody_asked_for_is_a_row(site, one):
    site.pages["/a"] = (304, {"Content-Length": None}, b"")
    assert refused(one("/a"), "never fetched")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 451, 500])
def test_every_other_status_is_a_row_with_what_to_do(site, one, status):
    site.pages["/a"] = (status, HTML, PAGE)
    assert refused(one("/a"), f"status {status}")


def test_a_certificate_that_is_not_valid_is_not_tried_again(monkeypatch):
    class Wire(httpcore.MockStream):
        def start_tls(self, *rest, **more):
            raise httpcore.ConnectError(
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed"
            )

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda self, *rest, **more: Wire([]))
    world = FetchRuntime(Clock().now, resolve=lambda host, port: ["8.8.8.8"])
    with pytest.raises(NotFetched, match="certificate is not valid"):
        http.get(parse_address("https://example.org/"), {}, FetchLimits(), world)


@pytest.mark.parametrize(
    "line", ["Request-rate: 1/" + "9" * 4000, "Crawl-delay: inf", "Crawl-delay: nan", "Crawl-delay: -1", "Request-rate: 0/0", "Disallow: /" + "*a" * 500 + "*b"]
)  # fmt: skip
def test_no_line_of_robots_txt_breaks_or_stalls_a_run(site, one, line):
    site.pages |= {"/robots.txt": (200, {}, f"User-agent: *\n{line}".encode()), "/" + "a" * 1500: PAGE}
    row = one("/" + "a" * 1500, FetchLimits(allow_private=True, attempts=1, total_seconds=30 * 86_400))
    assert row.state == "fetched"


def test_a_wrong_type_is_a_row_and_nothing_is_saved(site, one, tmp_path):
    site.pages["/a.html"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    assert refused(one("/a.html"), "its type is image/png")
    assert sum(path.is_file() for path in (tmp_path / "pages").rglob("*")) == 2, (
        "the good page and the ledger"
    )


def test_markup_in_a_title_stays_in_the_page_and_out_of_names(site, one):
    site.pages["/a"] = PAGE.replace(b"Talks resume", b"<script>alert('../../x')</script>")
    row = one("/a")
    assert row.path.name.startswith("a-")


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    "path",
    ["/../../x", "/..%2f..%2fx", "/%2e%2e/%2e%2e/etc/passwd", "/" + "a" * 300, "/CON", "/con.x", "/LPT1.data.", "/nul.html", "/com1.txt", "/Документ", "/%D0%9F%D1%83%D1%82%D0%B8%D0%BD", "/a?b=../../c&d=%00", "/.hidden", "/readme", "/metadata.toml", "/fetched.jsonl", "/a%5C..%5Cb", "/a:b|c<d>e", "/~$x", "/", "/%E2%80%AEgpj.exe", "/a.", "/a%20"],
)  # fmt: skip
def test_a_hostile_address_gives_a_plain_name_inside_the_folder(path):
    name = file_name(parse_address(f"https://example.org{path}"), ".html")
    assert len(name.parts) == 2
    assert name.parts[0] == "example.org"
    assert_plain(name.name)


@pytest.mark.parametrize(
    ("host", "folder"),
    [("con.example", "page-con.example"), ("README.example", "page-readme.example"), ("h.example:8080", "h.example-8080"), ("[2606:4700::1]", "2606-4700--1"), ("münchen.example", "xn--mnchen-3ya.example"), ("fetched.jsonl", "page-fetched.jsonl")],
)  # fmt: skip
def test_a_host_gives_a_folder_that_every_system_can_hold(host, folder):
    assert file_name(parse_address(f"http://{host}/a"), ".html").parts[0] == folder


def assert_plain(name):
    stem, suffix = name.rsplit(".", 1)
    assert suffix == "html"
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert not name.startswith((".", "~", "-", "readme", "metadata", "fetched"))
    assert len(name) <= 143
    assert stem.split(".")[0] not in ("con", "prn", "aux", "nul", "com1", "lpt1")
    assert ".." not in name


@settings(deadline=None)
@given(st.text(max_size=400))
def test_every_path_gives_a_plain_name(path):
    try:
        address = parse_address("https://example.org/" + path)
    except NotFetched:
        return
    assert str(address).isascii()
    assert_plain(file_name(address, ".html").name)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused_in_our_own_words(text):
    for candidate in (text, "http://" + text, "https://h/" + text):
        found = fetch_target(candidate)
        if found.refused is not None:
            assert str(found.refused).replace("\n", "").isprintable()
        else:
            assert parse_address(str(found.address)) == found.address, "made canonical once and for all"


def test_addresses_that_differ_only_in_the_query_have_files_of_their_own(site, tmp_path):
    site.pages |= {"/a?id=1": PAGE, "/a?id=2": PAGE, "/A?id=1": PAGE}
    clock = Clock()
    targets = [site.url(path) for path in ("/a?id=1", "/a?id=2", "/A?id=1")]
    rows = fetch(targets, tmp_path, rules=SMALL, world=FetchRuntime(clock.now, clock.wall, clock.sleep))
    assert len({row.path.name.lower() for row in rows}) == 3


def test_a_link_in_the_folder_that_leads_out_of_it_is_not_written_through(site, one, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / f"localhost-{site.port}").symlink_to(outside)
    site.pages["/a"] = PAGE
    assert refused(one(f"http://localhost:{site.port}/a"), "leads out of the folder")
    assert list(outside.iterdir()) == []


def test_a_ledger_from_elsewhere_leads_out_of_nothing(site, one, tmp_path):
    (tmp_path / "pages").mkdir()
    secret = tmp_path / "secret.html"
    secret.write_text("mine")
    url = site.url("/a")
    rows = [
        f'{{"asked": "{url}", "url": "{url}", "path": "../secret.html", "fetched": "2026-03-01T12:00:00Z", "etag": "1"}}',
        f'{{"asked": "{url}", "url": "{url}", "path": ["x"], "links": 3, "etag": "a\\r\\nX: y"}}',
        "[1, 2]", "null", "[" * 100_000, "{",
    ]  # fmt: skip
    (tmp_path / "pages/fetched.jsonl").write_text("\n".join(rows))
    site.pages["/a"] = PAGE
    assert one("/a").state == "fetched"
    assert secret.read_text() == "mine"


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("7", 7.0), ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0), ("Sun, 01 Mar 2020 12:00:30 GMT", 0.0), ("soon", None), ("", None), ("-3", None), ("9" * 400, 999_999_999.0), ("٣", None)],
)  # fmt: skip
def test_what_retry_after_asks_for(stated, seconds):
    assert retry_after(stated, Clock().wall()) == seconds


def test_a_host_that_nobody_knows_is_a_row(one):
    def resolve(host, port):
        if host == "gone.example":
            raise OSError("no such host")
        return ["127.0.0.1"]

    assert refused(one("http://gone.example/", resolve=resolve), "gone.example")
