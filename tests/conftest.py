"""What holds for every test: examples are found anew at a desk and are the same ones in CI, and none is timed."""

import os
import sys

import pytest
from hypothesis import settings

from workbench.report.notebook.light_imports import light_imports

# Kernels, servers and command lines that a test starts load hundreds of modules. Where the environment forbids
# bytecode, each start compiles them anew: `workbench search` took 3.1 s of processor time, and takes 0.8 s with it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

with light_imports():  # before a test file imports it with a grammar of web addresses, 2.8 s in each worker
    import nbformat  # noqa: F401

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser):
    """`--kills N`: how often the fault tests kill kernels, runners and schedulers."""
    parser.addoption("--kills", type=int, default=3, help="kills of kernel, runner and scheduler (default 3)")
    parser.addoption("--kills-seed", type=int, default=1, help="at which random moments")


LONG = ("browser", "faults", "notebooks", "slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Files that start browsers, kernels and schedulers come first, so that no worker is left with one at the end.

    The explorer in Voilà comes last of these: beside the one in JupyterLab, two servers and two browsers share the
    machine, and a page gives up on a kernel that does not answer in four seconds.
    """
    long_files = {item.path for item in items if any(item.get_closest_marker(mark) for mark in LONG)}
    items.sort(key=lambda item: (item.path not in long_files, item.path.name == "test_explorer_voila.py"))
