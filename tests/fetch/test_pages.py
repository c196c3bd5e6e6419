"""Getting pages: what is saved, what is asked for again, and how politely."""

import json

import pytest
from support.fetch_server import PAGE, Clock, Site

from workbench.errors import NotFetched
from workbench.fetch import SYSTEM, FetchLimits, FetchRuntime, fetch
from workbench.read import find_files, read
from workbench.settings import fetch_manifest

RULES = FetchLimits(allow_private=True)


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def get(site, clock, tmp_path):
    """Fetch paths of the site into tmp_path/pages."""

    def get(*paths, rules=RULES, clock=clock, resolve=SYSTEM.resolve):
        targets = [
            site.url(path) if str(path)[0] == "/" and isinstance(path, str) else str(path) for path in paths
        ]
        world = FetchRuntime(clock.now, clock.wall, clock.sleep, resolve)
        return fetch(targets, tmp_path / "pages", rules=rules, world=world)

    return get


def states(rows):
    return [row.state for row in rows]


# ---------------------------------------------------------------- saving


def test_a_page_is_saved_as_it_came_with_its_address_and_time_beside_it(site, get, tmp_path):
    site.pages["/talks.html"] = PAGE
    (row,) = get("/talks.html#top")
    assert (row.url, row.state, row.bytes) == (site.url("/talks.html"), "fetched", len(PAGE))
    assert row.path.read_bytes() == PAGE
    lines = [json.loads(line) for line in (tmp_path / "pages/fetched.jsonl").read_text("utf-8").splitlines()]
    (told,) = [line for line in lines if "path" in line]
    assert told["url"] == row.url
    assert told["fetched"] == "2026-03-01T12:00:00Z"
    assert tmp_path / "pages" / told["path"] == row.path


def test_the_reader_knows_the_address_of_a_fetched_page_and_takes_no_date_from_the_visit(site, get, tmp_path):
    site.pages["/talks.html"] = PAGE.replace(
        b"<title>", b'<link rel="canonical" href="https://elsewhere.example/"><title>'
    )
    get("/talks.html")
    (file,) = find_files(tmp_path / "pages")
    (document,) = read(file, tmp_path / "pages")
    assert document.known["url"] == site.url("/talks.html")
    assert "date" not in document.known
    (above,) = read(file, tmp_path)
    assert above.known["url"] == site.url("/talks.html"), "the ledger is found from a corpus further up too"
    (alone,) = read(file, file.parent)
    assert alone.known["url"] == site.url("/talks.html"), "and for a page that is read by itself"
    assert fetch_manifest.of_file(file, tmp_path)["fetched"] == "2026-03-01T12:00:00Z"


def test_what_metadata_toml_says_of_the_address_stands_above_the_ledger(site, get, tmp_path):
    site.pages["/talks.html"] = PAGE
    (row,) = get("/talks.html")
    name = row.path.relative_to(tmp_path / "pages").as_posix()
    (tmp_path / "pages/metadata.toml").write_text(
        f'["{name}"]\nurl = "https://example.org/first"\nreason = "a copy"\n', encoding="utf-8"
    )
    (document,) = read(row.path, tmp_path / "pages")
    assert document.known["url"] == "https://example.org/first"


def test_a_list_of_addresses_is_visited_once_each_in_its_order(site, get, tmp_path):
    site.pages |= {"/a": PAGE, "/b": PAGE}
    listed = tmp_path / "addresses.txt"
    listed.write_text(
        f"# talks\n{site.url('/b')}\n\n{site.url('/a')}\n{site.url('/b')}#again\nnot an address\n", "utf-8"
    )
    rows = get(listed)
    assert [row.url for row in rows] == [site.url("/b"), site.url("/a"), "addresses.txt:6: not an address"]
    assert states(rows) == ["fetched", "fetched", "refused"]
    assert site.paths() == ["/b", "/a"]


def test_the_user_agent_says_who_asks_and_only_get_is_used(site, get):
    site.pages["/a"] = PAGE
    get("/a")
    assert all(headers["user-agent"].startswith("analyst-workbench/") for _, headers in site.asked)
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a"]


def test_a_packed_page_is_saved_unpacked(site, get):
    import gzip

    site.pages["/a"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(PAGE))
    (row,) = get("/a")
    assert row.path.read_bytes() == PAGE


# ---------------------------------------------------------------- a second run


def test_a_second_run_asks_whether_a_page_has_changed_and_takes_a_304_for_no(site, get):
    def answer(handler):
        if handler.headers.get("If-None-Match") == '"1"':
            return (304, {"Content-Length": None}, b"")
        return (200, {"Content-Type": "text/html", "ETag": '"1"'}, PAGE)

    site.pages["/a"] = answer
    (first,) = get("/a")
    (second,) = get("/a")
    assert (second.state, second.path) == ("unchanged", first.path)
    assert [headers.get("if-none-match") for path, headers in site.asked if path == "/a"] == [None, '"1"']


def test_the_time_of_the_last_change_is_asked_with_too(site, get):
    when = "Sun, 01 Mar 2026 10:00:00 GMT"
    site.pages["/a"] = (200, {"Content-Type": "text/html", "Last-Modified": when}, PAGE)
    get("/a")
    (row,) = get("/a")
    assert row.state == "unchanged", "the same bytes again are no change"
    assert site.asked[-1][1]["if-modified-since"] == when


def test_a_changed_page_takes_the_place_of_the_old_one(site, get):
    site.pages["/a"] = PAGE
    (first,) = get("/a")
    site.pages["/a"] = PAGE.replace(b"resumed", b"ended")
    (second,) = get("/a")
    assert (second.state, second.path) == ("fetched", first.path)
    assert b"ended" in second.path.read_bytes()
    assert second.reason == "changed since 2026-03-01T12:00:00Z"


def test_a_page_whose_file_is_gone_is_fetched_again_without_conditions(site, get):
    site.pages["/a"] = (200, {"Content-Type": "text/html", "ETag": '"1"'}, PAGE)
    (first,) = get("/a")
    first.path.unlink()
    (second,) = get("/a")
    assert second.state == "fetched"
    assert second.path.read_bytes() == PAGE
    assert "if-none-match" not in site.asked[-1][1]


def test_an_interrupted_run_is_taken_up_where_it_ended(site, get, tmp_path):
    site.pages |= {"/a": PAGE, "/b": PAGE, "/c": PAGE}
    clock = Clock()
    beats = []

    def sleep(seconds):
        beats.append(seconds)
        clock.time += seconds
        if len(beats) == 2:  # before /b and before /c
            raise KeyboardInterrupt

    clock.sleep = sleep
    with pytest.raises(KeyboardInterrupt):
        get("/a", "/b", "/c", clock=clock)
    assert site.paths() == ["/a", "/b"]
    rows = get("/a", "/b", "/c")
    assert states(rows) == ["unchanged", "unchanged", "fetched"]
    assert site.paths() == ["/a", "/b", "/c"], "what was saved is not asked for again"
    assert states(get("/a", "/b", "/c")) == ["unchanged"] * 3
    assert site.paths() == ["/a", "/b", "/c"] * 2, "a run that ended is not an interrupted one"


def test_a_crash_in_the_middle_of_a_line_of_the_ledger_loses_that_page_alone(site, get, tmp_path):
    site.pages |= {"/a": PAGE, "/b": PAGE}
    get("/a", "/b")
    ledger = tmp_path / "pages/fetched.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:2]) + lines[2][:40])
    assert states(get("/a", "/b")) == ["unchanged", "fetched"]
    assert len(find_files(tmp_path / "pages")) == 2
    assert all(
        line.startswith(b"{") and line.endswith(b"}")
        for line in ledger.read_bytes().splitlines()
        if line != lines[2][:40]
    )


def test_the_end_of_the_time_for_a_run_leaves_the_rest_to_the_next(site, get):
    site.pages |= {f"/{number}": PAGE for number in range(5)}
    paths = [f"/{number}" for number in range(5)]
    rows = get(*paths, rules=FetchLimits(allow_private=True, total_seconds=1.5, delay=1.0))
    assert states(rows) == ["fetched", "fetched", "refused", "refused", "refused"]
    assert "run the same command again" in rows[-1].reason
    assert states(get(*paths)) == ["unchanged", "unchanged", "fetched", "fetched", "fetched"]
    assert site.paths() == paths


# ---------------------------------------------------------------- politeness


def test_robots_txt_forbids_and_the_longest_rule_counts(site, get):
    text = b"User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\n"
    site.pages |= {"/robots.txt": (200, {"Content-Type": "text/plain"}, text)}
    site.pages |= {"/private/a": PAGE, "/private/open/a": PAGE, "/x.pdf": PAGE, "/x.pdf?view": PAGE}
    rows = get("/private/a", "/private/open/a", "/x.pdf", "/x.pdf?view")
    assert states(rows) == ["refused", "fetched", "refused", "fetched"]
    assert "robots.txt of 127.0.0.1 forbids it" in rows[0].reason
    assert site.paths() == ["/private/open/a", "/x.pdf?view"]
    assert [path for path, _ in site.asked].count("/robots.txt") == 1


def test_a_group_of_robots_txt_that_names_us_counts_before_the_one_for_all(site, get):
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: analyst-workbench\nDisallow: /b\n"
    site.pages |= {"/robots.txt": (200, {}, text), "/a": PAGE, "/b": PAGE}
    assert states(get("/a", "/b")) == ["fetched", "refused"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_cannot_be_had_forbids_everything(site, get, status):
    site.pages |= {"/robots.txt": (status, {}, b""), "/a": PAGE}
    (row,) = get("/a")
    assert row.state == "refused"
    assert "cannot be had" in row.reason
    assert site.paths() == []


def test_robots_txt_is_asked_at_the_host_to_which_a_page_redirects(site, get):
    other = Site()
    other.pages |= {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /"), "/b": PAGE}
    site.pages["/a"] = (302, {"Location": other.url("/b")}, b"")
    (row,) = get("/a")
    other.close()
    assert row.state == "refused"
    assert "forbids" in row.reason
    assert other.paths() == []


def test_a_host_rests_between_two_requests(site, get, clock):
    site.pages |= {"/a": PAGE, "/b": PAGE}
    get("/a", "/b", rules=FetchLimits(allow_private=True, delay=2.0))
    assert clock.slept == [2.0], "between /a and /b; robots.txt, once a run, is followed at once"


def test_a_longer_crawl_delay_is_kept(site, get, clock):
    site.pages |= {"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 200"), "/a": PAGE, "/b": PAGE}
    assert states(get("/a", "/b")) == ["fetched", "fetched"]
    assert clock.slept == [200.0]


def test_while_one_host_rests_another_is_asked(site, get, clock):
    site.pages |= {"/1": PAGE, "/2": PAGE}
    names = {"one.example": "127.0.0.1", "two.example": "127.0.0.1"}
    rows = get(
        *(f"http://{host}:{site.port}/{page}" for page in (1, 2) for host in names),
        resolve=lambda host, port: [names[host]],
    )
    assert states(rows) == ["fetched"] * 4
    assert sum(clock.slept) == pytest.approx(1.0), "as long as one host alone"


def test_a_busy_server_is_asked_again_after_the_time_it_names(site, get, clock):
    answers = [
        (429, {"Retry-After": "7"}, b""),
        (503, {"Retry-After": "Sun, 01 Mar 2026 12:01:07 GMT"}, b""),
        PAGE,
    ]
    site.pages["/a"] = lambda handler: answers.pop(0)
    (row,) = get("/a")
    assert row.state == "fetched"
    assert clock.slept == [7.0, 60.0], "seven seconds, and until the moment named"


def test_without_a_time_the_waits_double_and_the_attempts_end(site, get, clock):
    site.pages["/a"] = (503, {}, b"")
    (row,) = get("/a")
    assert (row.state, clock.slept) == ("refused", [2.0, 4.0, 8.0])
    assert "status 503 (4 attempts)" in row.reason


def test_a_host_that_wants_a_long_rest_is_left_alone_and_others_are_not(site, get, clock):
    site.pages |= {"/a": (429, {"Retry-After": "9000"}, b""), "/b": PAGE}
    rows = get("/a", "/b", f"http://localhost:{site.port}/b")
    assert states(rows) == ["refused", "refused", "fetched"]
    assert "wants to be left alone for 9000 s" in rows[0].reason
    assert site.paths().count("/a") == 1
    assert sum(clock.slept) < 10


# ---------------------------------------------------------------- calls that cannot be meant


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "neither a web address nor a file"),
        ("", "it lists no address"),
        ("# nothing\n", "it lists no address"),
        ("<rss></rss>", "markup, not a list"),
        (b"\xff\xfe\xff", "not UTF-8"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_before_anything_is_asked(
    site, get, tmp_path, content, problem
):
    listed = tmp_path / "list.txt"
    if content is not None:
        listed.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(NotFetched, match=problem):
        get("/a", listed)
    assert site.asked == []


def test_a_folder_that_cannot_be_written_to_is_refused(site, get, tmp_path):
    (tmp_path / "pages").write_text("a file")
    with pytest.raises(NotFetched, match="cannot be written to"):
        get("/a")
    assert site.asked == []
