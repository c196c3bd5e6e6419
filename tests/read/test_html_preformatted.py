"""Pages whose white space counts: preformatted text, `white-space` in CSS, and lines ended by `<br>`."""

import time

import pytest

from workbench.label import label
from workbench.read.web.html import parse
from workbench.schema import Document
from workbench.settings import load_settings

SPEECH = """  Ms. TAVENNER. Madam President, the ferry between the two islands has not
run since the storm of January. The harbour master asked for a new ramp,
and the ministry answered him in a letter of four lines. I have brought
that letter with me today.
  I want the clerk to read it.
  Mr. QUILLFORD. I thank the Senator. The ramp was promised for the spring,
and it is not there. We all know what the winter does to those who
live on the outer island.
"""


def read(body, head=""):
    (parsed,) = parse(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())
    return parsed


def segments(body, head=""):
    """The texts of the segments of a page, lines joined; they tile its text."""
    parsed = read(body, head)
    document = Document("p.html", "p.html", parsed.text, "", parsed.known, parsed.repairs, parsed.hints)
    found = label(document, load_settings()).segments
    assert "".join(parsed.text[s.start : s.end] for s in found) == parsed.text
    return [" ".join(parsed.text[s.start : s.end].split()) for s in found]


OPENINGS = ["Ms. TAVENNER.", "I want the clerk", "Mr. QUILLFORD."]
ENDINGS = ["with me today.", "to read it.", "the outer island."]


@pytest.mark.parametrize(
    "around",
    [
        "<pre>{}</pre>",
        "<PRE>\n{}</PRE>",
        "<xmp>{}</xmp>",
        "<listing>{}</listing>",
        "<textarea readonly>{}</textarea>",
        '<div style="color: red; white-space: pre">{}</div>',
        '<p style="WHITE-SPACE:pre-wrap">{}</p>',
        '<div style="white-space: break-spaces"><span>{}</span></div>',
        "<main><h1>Ferries</h1><pre>{}</pre></main>",
        "<nav><a href=/>Home</a></nav><pre>{}</pre><footer><p>Printed by the clerk of the islands, room 4</p></footer>",
    ],
)
def test_indented_paragraphs_of_wrapped_lines_are_a_segment_each(around):
    found = segments(around.format(SPEECH))
    for opening, ending in zip(OPENINGS, ENDINGS, strict=True):
        assert sum(s.startswith(opening) and s.endswith(ending) for s in found) == 1, found


@pytest.mark.parametrize(
    ("rule", "element"),
    [
        (".record{white-space:pre}", '<div class="old record">{}</div>'),
        ("/* { */ td, div.record { margin: 0; white-space: pre-wrap }", '<div class="record">{}</div>'),
        ("#body {white-space: pre}", '<div id="body">{}</div>'),
        ("blockquote{white-space:break-spaces}", "<blockquote>{}</blockquote>"),
    ],
)
def test_style_blocks_with_simple_selectors_keep_lines(rule, element):
    assert OPENINGS[1] + " to read it." in segments(element.format(SPEECH), f"<style>{rule}</style>")


@pytest.mark.parametrize(
    "rule",
    [
        "@media print { .a { color: red } .record { white-space: pre } }",
        ".other{white-space:pre}",
        "p .record > i {white-space:pre}",
        ".record{white-space:nowrap}",
    ],
)
def test_other_rules_leave_lines_to_the_browser(rule):
    assert read('<div class="record">one\n  two</div>', f"<style>{rule}</style>").text == "one two"


def test_blank_lines_part_the_paragraphs_of_pre_line_and_indents_do_not_count():
    page = '<div style="white-space: pre-line">The vote is\n   on Friday.\n\n\n\n  Nobody   spoke against it.</div>'
    assert read(page).text == "The vote is\n on Friday.\n\n Nobody spoke against it."


def test_white_space_that_is_normal_inside_pre_is_collapsed():
    page = '<pre>a  b\n<span style="white-space: normal">c\n  d</span>  e</pre>'
    assert read(page).text == "a  b\nc d  e"


def test_markup_inside_pre_neither_breaks_nor_joins_lines():
    page = "<pre>The <b>first\nsecond</b> <a href=x>and</a> more<!-- gone\n -->\n<script>x()\n</script>third</pre>"
    assert read(page).text == "The first\nsecond and more\nthird"


def test_code_and_its_indents_and_tabs_stay():
    page = "<article><p>Run this:</p><pre><code>for name in names:\n\tif name:\n\t\tcall(name)\n</code></pre></article>"
    parsed = read(page)
    assert parsed.text.split("\n") == [
        "Run this:",
        "for name in names:",
        "    if name:",
        "        call(name)",
    ]
    assert all("story" in parsed.hints[number] for number in range(4))


def test_verse_keeps_its_lines_and_stanzas():
    verse = "The lamp upon the quay\nIs lit for nobody,\n\nThe boats have gone to sea,\nAnd none comes home."
    for page in (f"<pre>{verse}</pre>", f"<p>{verse.replace(chr(10), '<br>')}</p>"):
        assert read(page).text == verse


def test_rows_of_an_aligned_table_stay_apart_beside_wrapped_prose():
    rows = "North quay, tons of coal and timber     1,204     1,377\nSouth quay, tons of coal and timber       880       912"
    found = segments(f"<pre>{SPEECH}\n{rows}\n</pre>")
    assert "North quay, tons of coal and timber 1,204 1,377" in found
    assert "South quay, tons of coal and timber 880 912" in found


def test_a_centred_heading_stands_apart_from_the_text_below():
    page = f"<pre>{' ' * 26}THE OUTER ISLAND FERRY\n{SPEECH}</pre>"
    assert "THE OUTER ISLAND FERRY" in segments(page)


def test_two_indented_quotations_of_several_lines_are_two_paragraphs():
    quoted = """  Mr. QUILLFORD. The letter says what each of us could have guessed, and
it says so on a single page:
       The ramp is not in the estimates of this year, and the ministry
     does not see how it could be. It asks for the patience of all
     who are concerned.
       A second letter will follow when the estimates of the next year
     have been laid before the house.
"""
    found = segments(f"<pre>{quoted}</pre>")
    assert found[1].startswith("The ramp is not")
    assert found[1].endswith("who are concerned.")
    assert found[2].startswith("A second letter")
    assert found[2].endswith("before the house.")


def test_hard_spaces_at_a_line_begin_a_paragraph_as_spaces_do():
    lines = SPEECH.replace("  ", "&nbsp;&nbsp;").split("\n")
    assert OPENINGS[1] + " to read it." in segments(f"<p>{'<br>'.join(lines)}</p>")


def test_lines_wrapped_by_br_are_joined_and_two_br_part_paragraphs():
    first = SPEECH.split("\n")[:4]
    second = SPEECH.split("\n")[5:8]
    page = f"<div>{'<br>'.join(first)}<br><br/>\n{'<BR>'.join(second)}</div><p>Printed on Monday</p>"
    found = segments(page)
    assert found[0].startswith(OPENINGS[0])
    assert found[0].endswith(ENDINGS[0])
    assert found[1].startswith(OPENINGS[2])
    assert found[1].endswith(ENDINGS[2])
    assert found[2] == "Printed on Monday"


def test_an_address_with_br_keeps_its_lines():
    page = "<address>Harbour Office<br>4 Quay Street<br>Northhaven</address><p>Tel. 12</p>"
    assert read(page).text == "Harbour Office\n4 Quay Street\nNorthhaven\nTel. 12"


def test_a_list_of_offers_with_addresses_is_not_taken_for_wrapped_prose():
    offers = [
        "1) A lamp of brass for the desk, with its shade",
        "https://shop.example/lamp",
        "2) A box of forty pencils in as many colours, sharpened",
        "www.shop.example/pencils",
        "3) A map of the islands, printed on linen, with a frame of oak",
        "https://shop.example/map",
    ]
    parsed = read(f"<article><p>{'<br>'.join(offers)}</p></article>")
    assert parsed.text.split("\n") == offers
    assert all("story" in parsed.hints[number] for number in range(len(offers)))


def test_code_for_embedding_in_a_textarea_is_not_read():
    assert read("<p>Watch</p><textarea>&lt;iframe src=x&gt;&lt;/iframe&gt;</textarea>").text == "Watch"


def test_hidden_preformatted_text_is_not_read():
    assert (
        read("<pre hidden>a\nb</pre><div style='display:none; white-space:pre'>c\nd</div><p>e</p>").text
        == "e"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<pre>" + "word " * 2_000_000 + "</pre>",
        "<pre>" + " " * 5_000_000 + "x" + "\t" * 1_000_000 + "</pre>",
        "<pre>" + "|." * 1_000_000 + "</pre>",
        "<p>a" + "<br>" * 100_000 + "b</p>",
        "<p>" + "a line of some words that goes on and on<br>" * 50_000,
        "<pre>" + "<b>x\n" * 20_000,
        "<style>" + "/*{white-space:" * 100_000 + "</style><p>a</p>",
        "<p style='" + "white-space" * 100_000 + "'>a</p>",
    ],
    ids=["long line", "spaces", "gaps", "br", "lines", "deep", "comments", "style"],
)
def test_hostile_white_space_takes_linear_time(monkeypatch, body):
    monkeypatch.setattr("trafilatura.extract", lambda *_, **__: None)  # its own time is not measured here
    started = time.process_time()
    text = read(body).text
    assert text
    assert "\n\n\n" not in text
    assert time.process_time() - started < 10
