"""`workbench …`: a skin without logic. Each command calls one verb of the package and prints its table.

Exit code 0: done; 1: something was refused and the rest was done; 2: the call cannot be meant.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point: run the command, and print our own errors without a traceback."""
    from workbench.errors import WorkbenchError
    from workbench.schema import visible

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from workbench.cli import commands, schedule

        commands.app.add_typer(schedule.app, name="schedule")
        commands.app()
    except WorkbenchError as error:
        print(visible(f"workbench: {error}"), file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except KeyboardInterrupt:
        print("workbench: stopped; what was there before is still whole", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
