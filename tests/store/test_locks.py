"""The one lock of the house: builds, runs, reports, schedules and private folders."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from support.small_disk import small_disk

from workbench.errors import BadCorpus, BadSchedule, ReportFailed
from workbench.report.notebook import kernel_env
from workbench.report.notebook.kernel_env import private_folder
from workbench.report.records import alone
from workbench.schedule.slots import hold_lock
from workbench.store import locks, write_lock
from workbench.store.locks import LockTimeout, lock

OWNER = """
import time
from workbench.report.notebook.kernel_env import private_folder
with private_folder() as folder:
    (folder / "secret").write_text("words")
    print(folder, flush=True)
    time.sleep(600)
"""


def test_a_lock_is_busy_for_others_and_free_again_afterwards(tmp_path):
    with lock(tmp_path / "lock"), pytest.raises(LockTimeout), lock(tmp_path / "lock"):
        pass
    with lock(tmp_path / "lock"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_who_waits_long_enough_gets_the_lock(tmp_path):
    held_by_first, free = threading.Event(), threading.Event()

    def first() -> None:
        with lock(tmp_path / "lock"):
            held_by_first.set()
            free.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert held_by_first.wait(10)
    threading.Timer(0.4, free.set).start()
    with lock(tmp_path / "lock", wait=10):
        assert free.is_set()
    thread.join()


def test_a_drive_that_cannot_lock_is_said_at_once_and_not_taken_for_a_lock_of_another(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_taken", lambda database: False)  # what SQLite says of ENOLCK, too
    began = time.monotonic()
    with pytest.raises(OSError, match=os.strerror(errno.ENOLCK)), lock(tmp_path / "lock", wait=600):
        pass
    doors = [
        (BadCorpus, write_lock(tmp_path)),
        (BadSchedule, hold_lock(tmp_path / "lock")),
        (ReportFailed, alone(tmp_path, "report", 60)),
    ]
    for kind, door in doors:
        with pytest.raises(kind) as refused, door:
            pass
        assert os.strerror(errno.ENOLCK) in refused.value.problem
        assert "keep it on a disk of this machine" in refused.value.hint
    assert time.monotonic() - began < 5


@pytest.fixture
def small(tmp_path):
    """A disk of one megabyte."""
    with small_disk(tmp_path, 1) as disk:
        yield disk


def test_a_full_disk_stops_no_builder_at_the_lock_and_a_read_only_one_is_named(small):
    with (small / "filler").open("wb") as file, pytest.raises(OSError, match="No space left"):
        file.write(b"x" * 2_000_000)
    with (
        write_lock(small, wait=0),
        pytest.raises(BadCorpus, match="another build"),
        write_lock(small, wait=0),
    ):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with pytest.raises(BadCorpus, match="the store failed") as refused, write_lock(small / "store", wait=0):
        pass
    assert "make the folder writable" in refused.value.hint


def killed_owner() -> Path:
    """A private folder whose owner was killed."""
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        owner.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    return folder


def test_a_private_folder_of_a_killed_process_goes_when_the_next_one_begins_and_no_other(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = killed_owner()
    assert (left / "secret").read_text() == "words"
    strangers = tmp_path / "wb-of-somebody-else"
    strangers.mkdir()
    (tmp_path / "wb-link").symlink_to(strangers)
    with private_folder() as living:
        kernel_env.tidy_leftovers.cache_clear()
        kernel_env.tidy_leftovers()
        assert (left.exists(), living.is_dir(), strangers.is_dir()) == (False, True, True)
        with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
            assert owner.stdout is not None
            other = Path(owner.stdout.readline().strip())
            assert living.is_dir(), "another process took it for nobody's"
            kernel_env.tidy_leftovers.cache_clear()
            kernel_env.tidy_leftovers()
            assert other.is_dir(), "its owner lives"
            owner.kill()
    assert not living.exists()
