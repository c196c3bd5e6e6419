"""`workbench explore` shows one page to this machine alone, and nothing in it writes unless asked."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from workbench.cli import exploring
from workbench.errors import BadCorpus, MissingExtra
from workbench.explorer import READ_ONLY

OPTIONS = {
    "port": 8866,
    "ip": exploring.LOCAL,
    "token": "",
    "write": False,
    "browser": False,
    "theme": "dark",
}


@pytest.fixture
def called(tmp_path, monkeypatch):
    seen = {}

    def call(command, env):
        seen.update(command=command, env=env, page=json.loads(Path(command[3]).read_text(encoding="utf-8")))
        place = Path(env["JUPYTER_PATH"].split(os.pathsep)[0])
        (seen["template"],) = place.rglob("*.j2")
        return 0

    (tmp_path / "it's texts").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exploring.subprocess, "call", call)
    monkeypatch.setattr(exploring, "find_spec", lambda name: True)
    return seen


def test_it_is_local_read_only_and_behind_a_token_by_default(called):
    assert exploring.run("it's texts", "source:TASS", **OPTIONS) == 0
    assert {"--Voila.ip=127.0.0.1", "--Voila.auto_token=True", "--no-browser", "--theme=dark"} <= {
        *called["command"]
    }
    assert called["env"][READ_ONLY] == "1"
    assert not Path(called["command"][3]).exists()
    assert f"--template={called['template'].parent.name}" in called["command"]
    assert not called["template"].exists()


def test_its_page_is_one_cell_that_python_reads_whatever_the_folder_is_called(called, tmp_path):
    exploring.run("it's texts", '"a phrase"', **OPTIONS)
    heading, cell = called["page"]["cells"]
    names = {}
    source = (
        cell["source"].replace("from workbench import explorer\n", "").replace("explorer.explore", "seen = ")
    )
    exec(source, names)
    assert names["seen"] == (str(tmp_path / "it's texts"), '"a phrase"')
    assert "<h1>The documents of it&#x27;s texts</h1>" in heading["source"]
    assert "For reading" in heading["source"]


def test_writing_and_a_token_of_ones_own_are_asked_for(called, monkeypatch):
    monkeypatch.setenv(READ_ONLY, "1")
    exploring.run("it's texts", "", **(OPTIONS | {"write": True, "token": "mine"}))
    assert "--Voila.token=mine" in called["command"]
    assert "For reading" not in called["page"]["cells"][0]["source"]
    assert READ_ONLY not in called["env"]
    assert os.environ[READ_ONLY] == "1"


def test_told_to_end_it_ends_its_server_and_leaves_nothing_behind(called, monkeypatch):
    made = []

    def call(command, env):
        made.append(Path(command[3]))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(exploring.subprocess, "call", call)
    with pytest.raises(SystemExit) as ended:
        exploring.run("it's texts", "", **OPTIONS)
    assert ended.value.code == 143
    assert not made[0].parent.exists()
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_voila_it_names_the_extra(called, monkeypatch):
    monkeypatch.setattr(exploring, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"analyst-workbench\[live\]"):
        exploring.run("it's texts", "", **OPTIONS)


def test_a_folder_that_is_not_there_is_refused_before_anything_starts(called):
    with pytest.raises(BadCorpus, match="there is no such folder"):
        exploring.run("nowhere", "", **OPTIONS)
    assert called == {}
