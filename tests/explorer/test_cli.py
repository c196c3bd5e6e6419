"""`workbench explore` shows one page to this machine alone, and nothing in it writes unless asked."""

import json
import os
import signal
import socket
import time
from pathlib import Path
from threading import Thread

import pytest

from workbench.cli import explore
from workbench.errors import BadCorpus, BadParameter, MissingExtra
from workbench.explorer import READ_ONLY

OPTIONS = {
    "port": 8866,
    "ip": explore.LOCAL,
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
        config = Path(env["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0], "voila.json")
        seen.update(settings=json.loads(config.read_text(encoding="utf-8")))
        (seen["template"],) = place.rglob("*.j2")
        return 0

    (tmp_path / "it's texts").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(explore.subprocess, "call", call)
    monkeypatch.setattr(explore, "find_spec", lambda name: True)
    monkeypatch.setattr(
        "workbench.pipeline.build.build", lambda corpus, **_: seen.update(built=corpus) or "2 documents"
    )
    return seen


def test_it_is_local_read_only_and_behind_a_token_by_default(called):
    assert explore.serve("it's texts", "source:TASS", **OPTIONS) == 0
    server = called["settings"]["Voila"]
    assert (server["ip"], server["open_browser"]) == ("127.0.0.1", False)
    assert len(server["token"]) > 15
    assert not any(server["token"] in part for part in called["command"])
    assert called["settings"]["VoilaConfiguration"] == {"file_allowlist": []}
    assert "--theme=dark" in called["command"]
    assert called["env"][READ_ONLY] == "1"
    assert not Path(called["command"][3]).exists()
    assert f"--template={called['template'].parent.name}" in called["command"]
    assert not called["template"].exists()


def test_its_page_is_one_cell_that_python_reads_whatever_the_folder_is_called(called, tmp_path):
    explore.serve("it's texts", '"a phrase"', **OPTIONS)
    heading, cell = called["page"]["cells"]
    names = {}
    source = (
        cell["source"].replace("from workbench import explorer\n", "").replace("explorer.explore", "seen = ")
    )
    exec(source, names)
    assert names["seen"] == (str(tmp_path / "it's texts"), '"a phrase"')
    assert "<h1>The documents of it&#x27;s texts</h1>" in heading["source"]
    assert "Read-only" in heading["source"]


def test_writing_and_a_token_of_ones_own_are_asked_for(called, monkeypatch):
    monkeypatch.setenv(READ_ONLY, "1")
    explore.serve("it's texts", "", **(OPTIONS | {"write": True, "token": "mine"}))
    assert called["settings"]["Voila"]["token"] == "mine"
    assert "Read-only" not in called["page"]["cells"][0]["source"]
    assert READ_ONLY not in called["env"]
    assert os.environ[READ_ONLY] == "1"


def test_told_to_end_it_ends_its_server_and_leaves_nothing_behind(called, monkeypatch):
    made = []

    def call(command, env):
        made.append(Path(command[3]))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(explore.subprocess, "call", call)
    with pytest.raises(SystemExit) as ended:
        explore.serve("it's texts", "", **OPTIONS)
    assert ended.value.code == 143
    assert not made[0].parent.exists()
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_voila_it_names_the_extra(called, monkeypatch):
    monkeypatch.setattr(explore, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"analyst-workbench\[live\]"):
        explore.serve("it's texts", "", **OPTIONS)


def test_a_folder_that_is_not_there_is_refused_before_anything_starts(called):
    with pytest.raises(BadCorpus, match="there is no such folder"):
        explore.serve("nowhere", "", **OPTIONS)
    assert called == {}


def test_the_corpus_is_built_before_and_the_address_is_said(called, capsys, tmp_path):
    explore.serve("it's texts", "", **OPTIONS)
    assert called["built"] == tmp_path / "it's texts"
    said = capsys.readouterr().out
    assert "2 documents" in said
    server = called["settings"]["Voila"]
    assert f"http://127.0.0.1:{server['port']}/?token={server['token']}\n" in said


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind((explore.LOCAL, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert explore.free_port(explore.LOCAL, port) > port


def test_an_address_that_is_not_this_machines_is_refused():
    with pytest.raises(BadParameter, match=r"are not free on 192\.0\.2\.1"):
        explore.free_port("192.0.2.1", 8866)


def test_the_browser_is_opened_when_the_server_answers_at_an_address_that_lets_it_in(monkeypatch):
    opened = []
    monkeypatch.setattr(explore.webbrowser, "open", opened.append)
    with socket.socket() as server:
        server.bind((explore.LOCAL, 0))
        port = server.getsockname()[1]
        waiting = Thread(target=explore.open_browser, args=("http://here/?token=a", port))
        waiting.start()
        time.sleep(0.3)
        assert opened == []
        server.listen()
        waiting.join(20)
    assert opened == ["http://here/?token=a"]


def test_ctrl_c_is_how_it_is_meant_to_end(called, monkeypatch):
    def interrupted(command, env):
        raise KeyboardInterrupt

    monkeypatch.setattr(explore.subprocess, "call", interrupted)
    assert explore.serve("it's texts", "", **OPTIONS) == 0
