"""What surrounds a kernel: an environment without the user's habits, and a folder that only we can read."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

from workbench.store.locks import LockTimeout, lock

DEADLINE = 900.0  # seconds for a notebook; one that counts two documents needs under 20 on shared cores

_PREFIX, _LOCK, _OWNED = "wb-", "owner.lock", "owned"


def kernel_environment(folder: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The kernel's environment: no profile, history or matplotlibrc of the user, hashes in a fixed order."""
    (folder / "matplotlibrc").touch()
    env = {name: value for name, value in outer.items() if name != "PYTHONSTARTUP"} | {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder),
        "MATPLOTLIBRC": str(folder / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        # The allocators of pyarrow and of deltalake: no thread of theirs before a fork.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "_RJEM_MALLOC_CONF": "background_thread:false",
        "OPENBLAS_NUM_THREADS": "1",  # the same digits on every machine; and no thread before a fork
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    if "MPLCONFIGDIR" not in env and not os.access(os.path.expanduser("~"), os.W_OK):
        env["MPLCONFIGDIR"] = str(folder)
    return env


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only we can read, gone afterwards; those of processes that were killed go before.

    It holds a lock as long as its owner lives, however that ends, and a mark once the lock is held: what has
    the mark and can be locked is nobody's any more.
    """
    tidy_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # mode 0700
    try:
        with ExitStack() as stack:
            with suppress(LockTimeout, OSError):  # where nothing can be locked, nothing is tidied either
                stack.enter_context(lock(folder / _LOCK))
                (folder / _OWNED).touch()
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def tidy_leftovers() -> None:
    """Remove the private folders whose owners were killed; once a process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_nobodys(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_nobodys(folder: Path) -> bool:
    """Whether it is a folder of this user's, marked as owned, and its owner is gone."""
    with suppress(LockTimeout, OSError):
        found = folder.lstat()
        is_mine = stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
        if is_mine and (folder / _OWNED).is_file():
            with lock(folder / _LOCK):
                return True
    return False


def forkserver_environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The same for a process that outlives every private folder: nothing in it names one."""
    with private_folder() as folder:
        env = kernel_environment(folder, outer)
    kept = {name: value for name, value in env.items() if str(folder) not in value}
    return kept | {"MATPLOTLIBRC": os.devnull}
