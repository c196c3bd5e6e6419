"""Integers stand for documents and forms: one for each in a store, kept while it stays, never given again."""

import pytest
from support import fake_steps as steps
from support.fake_steps import write

from workbench.corpus import load
from workbench.pipeline.build import build
from workbench.project import find_project, store_place
from workbench.store import open_store


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    write(tmp_path / "texts", a="One\nAnna went home.\n", b="Two\nBo went out.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    steps.install(monkeypatch)
    steps.clear()
    return find_project()


def numbers(project):
    """Number of each document and of each form; every token has those of its own."""
    store = open_store(store_place(project.corpus, project))
    documents = {
        row["doc_id"]: row["number"] for row in store.read("state", ["doc_id", "number"]).to_pylist()
    }
    forms = {row["form"]: row["number"] for row in store.read("forms").to_pylist()}
    tokens = store.read("tokens", ["doc_id", "form", "document", "form_number"]).to_pylist()
    assert tokens
    for row in tokens:
        assert (row["document"], row["form_number"]) == (documents[row["doc_id"]], forms[row["form"]])
    assert len(set(documents.values())) == len(documents)
    assert sorted(forms.values()) == list(range(1, len(forms) + 1))
    return documents, forms


@pytest.mark.parametrize("layers", [("tokens",), ()])
def test_numbers_stay_and_are_never_given_to_another_text(project, layers):
    def built():
        build(layers=layers)
        build(layers=("tokens",))
        return numbers(project)

    documents, forms = built()
    assert documents == {"a.txt": 1, "b.txt": 2}
    assert set(forms) == {"anna", "went", "home.", "bo", "out."}
    write(project.corpus, b="Two\nBo went away.\n", c="Three\nAnna came.\n")
    second, more = built()
    assert second == {"a.txt": 1, "b.txt": 3, "c.txt": 4}
    assert forms.items() <= more.items()
    (project.corpus / "c.txt").unlink()
    assert built() == ({"a.txt": 1, "b.txt": 3}, more)
    write(project.corpus, c="Three\nAnna came.\n")
    third, same = built()
    assert third == {"a.txt": 1, "b.txt": 3, "c.txt": 5}
    assert same == more


def test_no_frame_shows_a_number(project):
    corpus = load("texts")
    assert not {"document", "form_number", "number"} & {
        *corpus.tables.tokens.to_pandas().columns,
        *corpus.tables.documents.to_pandas().columns,
    }
    assert "form_number" not in corpus.document_rows("tokens", "a.txt").columns
