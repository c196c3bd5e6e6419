"""Facts about stories in a built corpus: filled with every build, whatever was there before."""

import pytest
from support import fake_steps as steps
from support.fake_steps import write

from workbench import load, schema
from workbench.link.stories.near_duplicates import find_pairs, group_stories
from workbench.pipeline.build import build
from workbench.project import find_project, store_place
from workbench.store import open_store

REAL = {"find_pairs": find_pairs, "group_stories": group_stories}
NEWS = "The council closed the old pier on Tuesday after engineers found cracks in its pillars, and\nthe mayor said that it would be fenced off before the next storm comes.\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    write(
        tmp_path / "texts", b=f"Pier closed\n{NEWS}", c=f"Pier closed\n{NEWS}", d="Other\nNothing like it.\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    steps.install(monkeypatch, **REAL)
    steps.clear()
    return find_project()


def stories(project):
    rows = open_store(store_place(project.corpus, project)).read("documents", ["doc_id", "story"]).to_pylist()
    return {row["doc_id"]: row["story"] for row in rows}


def test_copies_become_one_story_with_their_pair_and_its_reason(project):
    corpus = load()
    assert dict(corpus.tables.documents.to_pandas()[["doc_id", "story"]].itertuples(index=False)) == {
        "b.txt": "b.txt", "c.txt": "b.txt", "d.txt": "d.txt"
    }  # fmt: skip
    (pair,) = corpus.tables.pairs.to_pandas().itertuples()
    assert (pair.a, pair.b, pair.relation, pair.share_a) == ("b.txt", "c.txt", "same text", 1.0)
    assert "0 days apart" in pair.why
    assert list(corpus.tables.pairs.to_pandas().columns) == list(schema.TABLES["pairs"])


def test_one_per_story_leaves_copies_and_their_pairs_out(project):
    corpus = load(select='stories:"one per story"')
    assert corpus.doc_ids == ["b.txt", "d.txt"]
    assert corpus.tables.pairs.to_pandas().empty


def test_an_earlier_copy_that_comes_or_goes_renames_the_story_of_documents_that_were_not_read_again(project):
    first = build().version
    write(project.corpus, a=f"Pier closed\n{NEWS}")
    steps.clear()
    build()
    assert steps.READ == ["a.txt"]
    assert stories(project) == {"a.txt": "a.txt", "b.txt": "a.txt", "c.txt": "a.txt", "d.txt": "d.txt"}
    (project.corpus / "a.txt").unlink()
    assert build().version == first
    assert stories(project) == {"b.txt": "b.txt", "c.txt": "b.txt", "d.txt": "d.txt"}


def test_stories_are_not_told_again_where_no_document_changed(project, monkeypatch):
    asked = []

    def counting(texts, documents, memory):
        asked.append(len(texts))
        return find_pairs(texts, documents, memory)

    steps.install(monkeypatch, **REAL | {"find_pairs": counting})
    build()
    (project.folder / "settings").mkdir()
    (project.folder / "settings" / "topics.toml").write_text('pier = ["pier"]\n')
    build(project=find_project())
    assert asked == [3]
    assert stories(project)["c.txt"] == "b.txt"


def test_only_pairs_with_a_changed_document_are_compared_again_and_the_tables_are_those_of_a_fresh_build(
    project, monkeypatch
):
    import shutil

    from workbench.link.stories import near_duplicates as module

    compared = []

    def counting(a, b):
        compared.append((a.title.folded, b.title.folded))
        return relate(a, b)

    relate = module.relate
    monkeypatch.setattr(module, "relate", counting)
    build()
    assert len(compared) == 1
    write(project.corpus, c=f"Pier closed\n{NEWS}It rained.\n", e=f"Pier closed\n{NEWS}")
    build()
    assert len(compared) == 1 + 3 - 1  # b and e are the texts that were compared as b and c
    place = store_place(project.corpus, project)
    updated = open_store(place).read("pairs"), stories(project)
    shutil.rmtree(place)
    build()
    assert (open_store(place).read("pairs"), stories(project)) == updated


def test_a_damaged_memory_of_comparisons_costs_time_only(project):
    build()
    (store_place(project.corpus, project) / "compared.json").write_text("[1")
    write(project.corpus, c=f"Pier closed\n{NEWS}It rained.\n")
    build()
    assert stories(project)["c.txt"] == "b.txt"
