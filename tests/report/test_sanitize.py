"""HTML of a notebook is written anew: what is harmless stays, what runs or loads goes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st
from lxml import html
from support.report_pages import page_of

from workbench.report.page.evidence_appendix import Appendix
from workbench.report.page.sanitize import GONE, HTML, SVG, VOID, Cleaner, PageHeading


def clean(html: str) -> str:
    return Cleaner().clean(html)


@pytest.mark.parametrize(
    "kept",
    [
        "<p>a <em>b</em> &amp; c</p>",
        '<details class="wb-more"><summary>4 more</summary><mark>x</mark></details>',
        '<a href="#s3">s</a>',
        '<a href="docs/page.html">s</a>',
        '<p style="text-align: right">x</p>',
        '<svg role="img" aria-label="bars"><path d="M0 0h1" style="fill: #0072b2"></path></svg>',
        '<img src="data:image/png;base64,AAAA" alt="a dot">',
        "<!-- nothing -->"[:0],
    ],
)
def test_what_figures_tables_and_prose_need_is_kept(kept: str) -> None:
    assert clean(kept) == kept


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("<script>alert(1)</script>after", "after"),
        ("<style>p{}</style><p>x", "<p>x</p>"),
        ('<p onclick="x()" ONLOAD=y>z</p>', "<p>z</p>"),
        ('<a href=" JaVaScRiPt:x">z</a>', "<a>z</a>"),
        ('<a href="java\nscript:x">z</a>', "<a>z</a>"),
        ('<a href="//elsewhere.example/">z</a>', "<a>z</a>"),
        ('<img src="https://elsewhere.example/a.png">', ""),
        ('<p style="background: url(x); color: red">z</p>', '<p style="color: red">z</p>'),
        ('<p style="position: fixed; top: 0">z</p>', '<p style="top: 0">z</p>'),
        ("<form action=x>name <button>go</button></form>", "name go"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("<main role=main><p>x</main>", "<p>x</p>"),
        ('<div role="main">x</div>', "<div>x</div>"),
        ("<svg><metadata>made by</metadata><path d=M0/></svg>", None),
        ("</div></main><p>x</p>", "<p>x</p>"),
    ],
)
def test_what_runs_loads_or_breaks_out_goes(given: str, written: str | None) -> None:
    if written is None:
        assert "made by" not in clean(given)
    else:
        assert clean(given) == written


def test_a_link_to_another_site_tells_it_nothing() -> None:
    assert (
        clean('<a href="https://example.org">x</a>')
        == '<a href="https://example.org" rel="noopener noreferrer">x</a>'
    )


def test_headings_are_moved_to_levels_without_gaps_and_listed() -> None:
    cleaner = Cleaner()
    cleaner.clean("<h1>Who speaks</h1><h4>Deep</h4><h6>Deeper</h6>")
    cleaner.clean("<h2>Who <em>speaks</em></h2>")
    assert cleaner.headings == [
        PageHeading(2, "who-speaks", "Who speaks"),
        PageHeading(3, "deep", "Deep"),
        PageHeading(4, "deeper", "Deeper"),
        PageHeading(2, "who-speaks-2", "Who speaks"),
    ]


def test_an_id_that_an_earlier_piece_has_is_renamed_with_all_that_points_to_it() -> None:
    cleaner = Cleaner()
    figure = '<svg aria-labelledby="t"><g clip-path="url(#c)"></g><use href="#c"></use><path id="c"></path><desc id="t">x</desc></svg>'
    assert cleaner.clean(figure) == figure.replace("<svg", "<svg", 1).replace('"t"><g', '"t" role="img"><g')
    second = cleaner.clean(figure)
    for name in ("c-2", "t-2"):
        assert f'id="{name}"' in second
    assert 'clip-path="url(#c-2)"' in second
    assert 'href="#c-2"' in second
    assert 'aria-labelledby="t-2"' in second


def test_a_table_gets_a_frame_to_scroll_in_and_its_headers_their_scope() -> None:
    written = clean(
        "<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
    )
    assert written == (
        '<div class="wb-scroll" role="group" tabindex="0" aria-label="Table 1"><table><thead><tr><td></td>'
        '<th scope="col">n</th></tr></thead><tbody><tr><th scope="row">a</th><td>1</td></tr></tbody></table></div>'
    )


def test_an_image_without_words_says_that_it_has_none() -> None:
    assert 'alt="Figure 1; no description was given"' in clean('<img src="data:image/png;base64,AAAA">')
    assert 'aria-label="Figure 1; no description was given"' in clean("<svg></svg>")


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<script>", "</script>", "<style>", "<svg>", "</svg>", "<math>", "<title>", "<!--", "-->", "<![CDATA[",
                "]]>", "<p", ">", "<a href=", "javascript:x", '"', "'", "<img src=x onerror=y>", "<table>", "<td>",
                "</table>", "<select>", "<textarea>", "&lt;script&gt;", "&#60;", "<h1>", "</h1>", "<details open ontoggle=x>",
                "<noscript>", "<template>", "<br/>", "<path/>", "<desc>", "</p>", " id=a ", "<th>", "\x00", "<?php ?>",
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=14,
)  # fmt: skip


class Reader(HTMLParser):
    """Reads what was written and notes what must not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HTML | SVG or tag in GONE or any(name.startswith("on") for name, _ in attrs):
            self.faults.append(self.get_starttag_text() or tag)
        if any(
            (value or "").strip().lower().startswith("javascript") for name, value in attrs if name == "href"
        ):
            self.faults.append(self.get_starttag_text() or tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


@given(FRAGMENTS.map("".join))
def test_whatever_comes_in_only_listed_elements_go_out_and_all_are_closed(html: str) -> None:
    reader = Reader()
    reader.feed(clean(html))
    reader.close()
    assert reader.faults == []
    assert reader.open == []


@given(FRAGMENTS.map("".join))
def test_cleaning_what_is_clean_changes_no_element(html: str) -> None:
    once = clean(html)
    tags = lambda text: [part for part in text.split("<") if part.startswith(("script", "img", "svg", "a "))]  # noqa: E731
    assert tags(clean(once)) == tags(once)


def test_what_turns_the_reading_direction_is_shown_as_such() -> None:
    from workbench.report.page.frame import page_html

    made = page_html("a\u202etxt.exe", "<p>\u2066Kerry\u2069 (\u0627\u0644)\tand\nmore\x1b[31m</p>")
    assert "<title>a\ufffdtxt.exe</title>" in made
    assert "<p>\ufffdKerry\ufffd (\u0627\u0644)\tand\nmore\ufffd[31m</p>" in made


# ---------------------------------------------------------------- the evidence appendix

BEHIND = (
    "<details class='wb-behind'><summary>The sentences behind the numbers <span class='wb-quiet'>and 2 further "
    "rows</span></summary><details class='wb-evidence'><summary>arms &lt;i&gt;</summary><ul><li>A sentence.</li></ul></details></details>"
)


def taken(*pieces: str) -> tuple[list[html.HtmlElement], html.HtmlElement | None]:
    """What stands in place of each piece, and the appendix."""
    cleaner = Cleaner()
    appendix = Appendix(cleaner)
    left = [html.fragment_fromstring(appendix.take(cleaner.clean(piece)), "div") for piece in pieces]
    return left, html.fromstring(appendix.html()) if appendix.html() else None


def test_evidence_is_moved_to_the_appendix_with_a_way_there_and_back():
    (_, first, _, second), appendix = taken(
        "<h2>Topics</h2>", BEHIND, "<h3 id='evidence-1'>Words</h3>", BEHIND
    )
    links = [one.xpath("./p/a")[0] for one in (first, second)]
    assert links[0].text == "The sentences behind the numbers and 2 further rows"
    assert [one.get("href") for one in links] == ["#evidence-1", "#evidence-2"], (
        "an id of the page stays its own"
    )
    assert [one.get("id") for one in appendix.xpath("./section")] == ["evidence-1", "evidence-2"]
    assert [one.text for one in appendix.xpath("./section/h3/a")] == ["Topics", "Topics: Words"]
    assert appendix.xpath("./section/h3/a/@href") == ["#topics", "#evidence-1-2"]
    assert appendix.xpath("./section/details/summary/text()") == ["arms <i>"] * 2
    assert appendix.xpath("//li/text()") == ["A sentence."] * 2


def test_what_only_looks_like_evidence_stays_where_it_is():
    halves = (
        "<details class='wb-behind'><summary>a</summary>x</details><details><summary>b</summary>y</details>"
    )
    others = [
        halves,
        BEHIND + "<p>more</p>",
        "<details class='wb-behind'>no summary</details>",
        "<p>text</p>",
    ]
    left, appendix = taken(*others)
    assert appendix is None
    assert [one.xpath("count(.//details)") for one in left] == [2, 2, 1, 0]


def test_a_widget_is_no_text_of_a_report_but_its_own_words_are() -> None:
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": view | {"text/plain": words}}
        for words in ("Box(children=(HTML(value='<style>'),))", "Coding by hand needs a running notebook.")
    ]
    cell = {"cell_type": "code", "metadata": {}, "source": "explore()", "outputs": outputs}
    text = html.fromstring(page_of({"cells": [cell]})).text_content()
    assert "Box(" not in text
    assert "Controls stand here in a running notebook" in text
    assert "Coding by hand needs a running notebook." in text
