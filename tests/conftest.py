"""What holds for every test: examples are found anew at a desk and are the same ones in CI, and none is timed."""

import os

from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser):
    """`--kills N`: how often the fault tests kill kernels, runners and schedulers."""
    parser.addoption("--kills", type=int, default=3, help="kills of kernel, runner and scheduler (default 3)")
    parser.addoption("--kills-seed", type=int, default=1, help="at which random moments")
