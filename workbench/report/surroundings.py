"""What surrounds a kernel: an environment without the user's habits, and a folder that only we can read."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def environment(folder: Path, outer: Mapping[str, str]) -> dict[str, str]:
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
    """A folder that only we can read, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="wb-"))  # mode 0700
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lasting_environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The same for a process that outlives every private folder: nothing in it names one."""
    with private_folder() as folder:
        env = environment(folder, outer)
    kept = {name: value for name, value in env.items() if str(folder) not in value}
    return kept | {"MATPLOTLIBRC": os.devnull}
