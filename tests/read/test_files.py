"""Files to documents: ids, refusals with their mends, front matter, HTML, metadata.toml."""

import os

import pytest

from workbench.errors import UnreadableFile
from workbench.read import find_files, metadata_problems, read

STORY = "The council of the town met on Monday to speak of the harbour and its debts."


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def one(path, root):
    (document,) = read(path, root)
    return document


def test_files_are_found_sorted_without_hidden_ones_readmes_and_settings(tmp_path):
    for name in ("b.txt", "a/z.txt", ".hidden", ".git/x.txt", "README.md", "metadata.toml", "a/readme.txt"):
        put(tmp_path, name, STORY)
    assert [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)] == ["a/z.txt", "b.txt"]


@pytest.mark.parametrize(
    "name", ["a b'c\".txt", "<script>.txt", "été\u202e.txt", "x" * 200 + ".txt", "-rf.txt"]
)
def test_a_hostile_name_is_an_id_like_any_other(tmp_path, name):
    assert one(put(tmp_path, f"in/{name}", STORY), tmp_path).doc_id == f"in/{name}"


def test_a_name_that_is_no_utf8_is_shown_with_replacement_characters(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(path, "wb") as file:
        file.write(STORY.encode())
    (found,) = find_files(tmp_path)
    assert one(found, tmp_path).doc_id.endswith(".txt")
    one(found, tmp_path).doc_id.encode("utf-8")


@pytest.mark.parametrize(
    ("content", "problem", "hint"),
    [
        (b"", "the file is empty", "download it again"),
        (b" \n\t\n", "the file is empty", "download it again"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, "binary content", "save it as text"),
        (b"<html><body><script>x()</script></body></html>", "no text", "save the page again"),
    ],
)
def test_a_file_without_text_is_refused_with_its_mend(tmp_path, content, problem, hint):
    path = put(tmp_path, "a.txt", content)
    with pytest.raises(UnreadableFile) as refused:
        list(read(path, tmp_path))
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert refused.value.place == str(path)


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be read"):
        list(read(tmp_path / "gone.txt", tmp_path))


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    from pathlib import Path

    def locked(self, mode):
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path, "a.txt", STORY)
    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(UnreadableFile, match="no permission"):
        list(read(path, tmp_path))


def test_front_matter_is_known_and_stays_in_the_text(tmp_path):
    page = (
        "---\ndate: '2021-04-06'\nsource_url: https://example.org/a\n"
        'title: "The Town\\u2019s Harbour and\\\n  \\ its\\_Debts"\n---\n\n' + STORY
    )
    found = one(put(tmp_path, "a.txt", page), tmp_path)
    assert dict(found.known) == {
        "title": "The Town’s Harbour and its\u00a0Debts",
        "date": "2021-04-06",
        "url": "https://example.org/a",
    }
    assert found.text == page
    assert [found.hints.get(n) for n in range(8)] == ["front"] * 6 + [None, None]


def test_a_text_that_begins_with_a_rule_has_no_front_matter(tmp_path):
    assert not one(put(tmp_path, "a.md", f"---\n\n{STORY}\n\n---\n"), tmp_path).known


PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Council meets | Gazette</title>
<meta property="og:site_name" content="Harbour Gazette"><meta property="article:published_time" content="2015-12-11T08:00:00Z">
<style>p {{color: red}}</style><script>alert(1)</script></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
<article><h1>Council meets</h1><p>{STORY} It was the <b>first</b> meeting.</p><p style="display:none">hidden</p>
<figure><figcaption>The harbour at night</figcaption></figure></article></body></html>"""


def test_html_keeps_its_visible_lines_with_hints_and_states_its_facts(tmp_path):
    found = one(put(tmp_path, "a.html", PAGE), tmp_path)
    assert found.text.split("\n") == [
        "Home News",
        "Council meets",
        f"{STORY} It was the first meeting.",
        "The harbour at night",
    ]
    assert dict(found.known) == {
        "title": "Council meets",
        "date": "2015-12-11T08:00:00Z",
        "source": "Harbour Gazette",
        "language": "en",
    }
    assert {"link", "edge"} <= set(found.hints[0].split())
    assert {"heading", "title", "story"} <= set(found.hints[1].split())
    assert "caption" in found.hints[3].split()


def test_a_page_is_known_by_its_content_whatever_its_name(tmp_path):
    assert "article" not in one(put(tmp_path, "a.txt", PAGE), tmp_path).text


def test_deeply_nested_markup_is_read_or_refused(tmp_path):
    page = "<html><body>" + "<div>" * 20_000 + STORY
    try:
        assert STORY in one(put(tmp_path, "a.html", page), tmp_path).text
    except UnreadableFile as refused:
        assert refused.hint  # noqa: PT017 - either outcome is right


def test_what_the_analyst_knows_stands_above_what_the_file_says(tmp_path):
    put(
        tmp_path,
        "metadata.toml",
        '["in/a.html"]\ndate = 2015-12-12\nplace = "Riga"\nreason = "the print edition says so"\n',
    )
    found = one(put(tmp_path, "in/a.html", PAGE), tmp_path)
    assert (found.known["date"], found.known["place"], found.known["title"]) == (
        "2015-12-12",
        "Riga",
        "Council meets",
    )


def test_an_entry_about_a_file_that_is_gone_is_a_problem(tmp_path):
    put(tmp_path, "a.txt", STORY)
    put(tmp_path, "metadata.toml", '["b.txt"]\ntitle = "B"\nreason = "known"\n')
    (found,) = metadata_problems(tmp_path, find_files(tmp_path))
    assert (found.path, found.severity) == ("metadata.toml", "doubtful")
    assert "b.txt" in found.problem


@pytest.mark.parametrize(
    ("toml", "problem", "hint"),
    [
        ('["a.txt"]\ntitle = "A"\n', "gives no reason", "add reason"),
        ('["a.txt"]\ntitel = "A"\nreason = "r"\n', "titel", "did you mean `title`"),
        ('["a.txt"]\ngenre = "artcle"\nreason = "r"\n', "artcle", "did you mean `article`"),
        ('["a.txt"]\ndate = "yesterday"\nreason = "r"\n', "yesterday", "2015-12-11"),
        ('["a.txt"]\ntitle = 3\nreason = "r"\n', "no text", "title ="),
        ('title = "A"\n', "outside", "above its keys"),
    ],
)
def test_a_wrong_entry_is_a_problem_with_its_hint_and_the_file_is_read(tmp_path, toml, problem, hint):
    put(tmp_path, "metadata.toml", toml)
    (document,) = read(put(tmp_path, "a.txt", STORY), tmp_path)
    assert "title" not in document.known
    (found,) = metadata_problems(tmp_path, find_files(tmp_path))
    assert (found.path, found.severity) == ("metadata.toml", "doubtful")
    assert problem in found.problem
    assert hint in found.hint
