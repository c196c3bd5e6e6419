"""The command line `workbench`: each command calls one function of the package and prints its result.

Exit codes: 0 when all is well, 1 when something was refused or failed and the rest was done, 2 when the
command line is wrong.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line, and print the errors of the package without a traceback."""
    from workbench.errors import WorkbenchError
    from workbench.schema import visible

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from workbench.cli.app import app

        app()
    except WorkbenchError as error:
        print(visible(f"workbench: {error}"), file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except KeyboardInterrupt:
        print("workbench: stopped; files that were complete before are unchanged", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
