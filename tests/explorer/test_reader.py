"""The reader shows a document whole, marked, explained, and never as markup."""

import re
from html.parser import HTMLParser

import pytest
from support.explorer_texts import TEXTS, explorer_corpus

from workbench.errors import BadSelection
from workbench.explorer.reader import draw_document, draw_header, legend, read_document
from workbench.explorer.state import LAYERS
from workbench.selection.model import Selection

ATTACK = "<script>alert(1)</script> <img src=x onerror=alert(1)> </p></div> 'x' \"y\" &amp;"
HOSTILE = f"Title {ATTACK}\nAnna: Good {ATTACK} Oslo treaty.\n»Quote {ATTACK} of« Bo.\n"
ALLOWED = {"p", "div", "span", "b", "h2", "h3", "ul", "li", "details", "summary"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        made = explorer_corpus(patch, folder, TEXTS | {"hostile": HOSTILE})
        made.has_layer("mentions")
        yield made


class Read(HTMLParser):
    """What a browser would make of it: tags, attributes, and the text without the explanations."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.names, self.said, self.inside = set(), set(), "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.inside.append(dict(attrs).get("class", ""))

    def handle_endtag(self, tag):
        self.inside.pop()

    def handle_data(self, data):
        if not any(name in ("wbx-note", "wbx-kind", "wbx-who", "wbx-rule") for name in self.inside):
            self.said += data


def drawn(corpus, doc_id, line="", layers=LAYERS, hit=0, chosen=(), chrome=False):
    page = read_document(corpus, doc_id, Selection.parse(line), chosen)
    return page, draw_document(page, hit=hit, layers=layers, chrome=chrome)


@pytest.mark.parametrize("doc_id", ["a.txt", "c.txt", "hostile.txt"])
@pytest.mark.parametrize("layers", [(), LAYERS])
def test_every_character_of_the_document_is_shown_once(corpus, doc_id, layers):
    page, parts = drawn(corpus, doc_id, "treaty", layers)
    assert re.sub(r"\s", "", Read("".join(parts[:3])).said) == re.sub(r"\s", "", page.text)


def test_a_document_of_markup_stays_text(corpus):
    page, parts = drawn(corpus, "hostile.txt", "good treaty")
    found = Read("".join(parts[:3]) + draw_header(page) + legend(page, LAYERS))
    assert found.tags <= ALLOWED
    assert found.names <= {
        "class",
        "tabindex",
        "role",
        "id",
        "aria-describedby",
        "data-sign",
        "open",
        "aria-label",
    }
    assert "<script>alert(1)</script>" in found.said


def test_the_words_of_the_search_are_hits_to_step_through(corpus):
    page, parts = drawn(corpus, "c.txt", 'treat* OR "good for"', hit=1)
    assert [page.text[mark.start : mark.end] for mark in page.hits] == ["good for", "Treaty"]
    assert "wbx-now" in parts.here
    assert "Treaty" in parts.here
    assert "Sanctions" in parts.before
    assert parts.down == len("Bo: ")
    assert parts.after == ""


def test_how_far_down_its_paragraph_a_hit_stands_is_known(corpus):
    page, parts = drawn(corpus, "c.txt", "good")
    assert page.text[page.hits[0].start - parts.down :].startswith("Anna: Sanctions are good")


def test_the_names_and_topics_of_the_search_are_hits(corpus):
    assert [mark.name for mark in drawn(corpus, "c.txt", chosen={"Oslo"})[0].hits] == ["Oslo"]
    assert [mark.name for mark in drawn(corpus, "c.txt", chosen={"arms"})[0].hits] == ["arms"]


def test_each_layer_explains_itself(corpus):
    page, _ = drawn(corpus, "f.txt", "quoted")
    why = {mark.layer: mark.why for mark in page.marks}
    assert why["quotes"] == "partial quote of Anna; the speaker of such quotes is right in 50% of cases"
    assert why["hits"] == "a word of the search: quoted"
    assert why["mentions"].startswith("“Anna” names Anna (person), in the voice of")
    assert why["sentiment"] == "good +1.9 (lexicon); the sentence scores +0.50"


def test_a_page_of_nothing_marked_is_whole_before_the_hit(corpus):
    _, parts = drawn(corpus, "b.txt", "nowhere", ())
    assert parts.here == parts.after == ""
    assert "wbx-m" not in parts.before


def test_chrome_is_folded_and_opened_at_once(tmp_path):
    import pandas as pd

    from workbench.explorer.reader import MarkedDocument

    segments = pd.DataFrame({"start": [0, 5], "end": [5, 10], "kind": ["chrome", "paragraph"], "speaker": None,
                             "role": None, "rule": "menu"})  # fmt: skip
    page = MarkedDocument("x", "Menu\nText\n", {}, segments, [])
    folded, opened = (draw_document(page, hit=0, layers=(), chrome=chrome).before for chrome in (False, True))
    assert "<details class='wbx-chrome'><summary>chrome: 1 piece, not counted as text" in folded
    assert "<details class='wbx-chrome' open>" in opened


def test_a_document_that_is_not_there_is_refused(corpus):
    with pytest.raises(BadSelection, match="no document `zzz` here"):
        read_document(corpus, "zzz", Selection(), ())
