"""Sentiment toward names as a layer: made when asked for, after the names, anew under another judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import fake_steps as steps

from workbench import load
from workbench.pipeline.build import build, ensure
from workbench.project import find_project, store_place
from workbench.settings import load_settings
from workbench.settings.target_sentiment import DEFAULT_MODEL, TargetSentimentSettings
from workbench.store import open_store


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two documents and a workbench.toml; the fake steps forget what they saw."""
    (tmp_path / "workbench.toml").write_text('corpus = "docs"\n')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("Visit\nPutin: Hello Paris.\nThe Elysee was glad.\n")
    (tmp_path / "docs/b.txt").write_text("Talks\nIn Bonn they met Merkel.\n")
    monkeypatch.chdir(tmp_path)
    steps.install(monkeypatch)
    steps.clear()
    return find_project()


def asked(project, judge: str = DEFAULT_MODEL):
    """The layer made under a judge."""
    settings = load_settings(project.settings)
    if judge != DEFAULT_MODEL:
        digests = dict(settings.digests) | {"toward": judge}
        settings = replace(settings, target_sentiment=TargetSentimentSettings(judge), digests=digests)
    return ensure(open_store(store_place(project.corpus, project)), ["toward"], settings)


def test_a_build_does_not_judge_unasked(project):
    build()
    assert steps.JUDGED == []


def test_asked_for_alone_it_has_the_names_found_first_and_linked(project):
    build(layers=())
    commit = asked(project)
    assert sorted(doc_id for doc_id, _ in steps.JUDGED) == sorted(steps.SEARCHED) == ["a.txt", "b.txt"]
    assert set(commit.facts["layers"]) == {"mentions", "entities", "toward"}


def test_what_was_judged_is_not_judged_again_and_a_new_document_is_judged_alone(project):
    build()
    asked(project)
    asked(project)
    assert len(steps.JUDGED) == 2
    (project.corpus / "c.txt").write_text("New\nMerkel left Bonn.\n")
    build()
    asked(project)
    assert [doc_id for doc_id, _ in steps.JUDGED[2:]] == ["c.txt"]


def test_a_changed_document_loses_its_judgements_and_gets_new_ones(project):
    build()
    asked(project)
    (project.corpus / "a.txt").write_text("Visit\nThe Elysee was sad.\n")
    texts = load(project=project)
    toward = texts.tables.toward.to_pandas()
    assert [doc_id for doc_id, _ in steps.JUDGED[2:]] == ["a.txt"]
    assert (
        toward["doc_id"].value_counts().to_dict()
        == texts.tables.mentions.to_pandas()["doc_id"].value_counts().to_dict()
    )


def test_another_judge_judges_everything_anew_and_finds_no_name_anew(project):
    build()
    first = asked(project)
    second = asked(project, "other.house:judge")
    assert [judge for _, judge in steps.JUDGED] == [
        DEFAULT_MODEL,
        DEFAULT_MODEL,
        "other.house:judge",
        "other.house:judge",
    ]
    assert len(steps.SEARCHED) == 2
    assert first.content != second.content


def test_the_corpus_gives_the_table_with_its_receipts_and_narrows_it_by_speaker(project):
    texts = load(project=project)
    assert len(texts.tables.toward.to_pandas()) == len(
        texts.tables.mentions.to_pandas()[texts.tables.mentions.to_pandas()["sentence"].notna()]
    )
    (reason,) = texts.tables.toward.to_pandas()["receipt"].iloc[0]
    assert reason["word"] == "good"
    spoken = texts.where("speaker:Putin")
    assert len(spoken.tables.toward.to_pandas()) == len(spoken.tables.mentions.to_pandas()) == 3


def test_no_document_is_read_again_for_it(project):
    build()
    steps.READ.clear()
    asked(project)
    assert steps.READ == []
