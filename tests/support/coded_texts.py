"""A project whose sentences can be coded by hand, as fixtures."""

from __future__ import annotations

import shutil

import pytest

from support import fake_steps as steps
from support.fake_steps import write
from workbench.corpus import load
from workbench.verbs import hand_coding as codes

TEXTS = {
    "a": "First\nAnna: We met in Oslo.\nThe talks go on.\nNothing is new.\n",
    "b": "Second, wire\nNobody came to Rome.\nIt rained.\n",
}


@pytest.fixture(scope="session")
def coded_project(tmp_path_factory):
    """A project whose sentences can be coded: built once, copied by each test."""
    folder = tmp_path_factory.mktemp("codes")
    write(folder / "texts", **TEXTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        steps.install(patch)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        codes.open_coding_task(load("texts"), size=4).items()
    return folder


@pytest.fixture
def texts(coded_project, tmp_path, monkeypatch):
    shutil.copytree(coded_project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    steps.install(monkeypatch)
    steps.clear()
    return load("texts")


@pytest.fixture
def check(texts):
    return codes.open_coding_task(texts, size=4)
