"""A report made behind the explorer: the command line in a process of its own, looked after until it ends."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.errors import ReportFailed
from workbench.explorer.markup import text
from workbench.selection import Selection

_COMMAND = "import sys; from workbench.cli import main; sys.exit(main())"
SHOWN = 8_000_000  # letters of a page that are put into the notebook; a larger one is only linked by its path


class Running:
    """One report that is being made; `corpus` is a folder, or "" for the project's own."""

    def __init__(
        self, notebook: str, values: Mapping[str, Any], selection: Selection, corpus: str, folder: Path
    ) -> None:
        self.notebook, self.began = notebook, time.monotonic()
        self._out, self._err = (tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(2))  # noqa: SIM115 - closed by `result`
        given = [part for name, value in values.items() for part in ("-p", f"{name}={_said(value)}")]
        command = [sys.executable, "-c", _COMMAND, "report", notebook, *given, f"--select={selection.line()}"]
        self._process = subprocess.Popen(
            [*command, *(["--corpus", corpus] if corpus else []), "--json"], cwd=folder, stdout=self._out, stderr=self._err,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began

    @property
    def share(self) -> int:
        """About how much is done, from 2 to 95: half of it after the 15 seconds that a small report takes."""
        return min(95, max(2, round(100 * self.seconds / (self.seconds + 15))))

    def ended(self) -> bool:
        """Whether it has come to an end, whatever that is."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """Until it ends."""
        self._process.wait()

    def stop(self) -> None:
        """End it; what was half made is not written."""
        self._process.terminate()

    def result(self) -> Path:
        """The page that was made. Raises ReportFailed with what the command said."""
        for file in (self._out, self._err):
            file.seek(0)
        said, complaint = self._out.read(), self._err.read().strip()
        self._out.close()
        self._err.close()
        try:
            (made,) = json.loads(said)
        except ValueError:
            reason = complaint.splitlines()[0] if complaint else "it was stopped"
            raise ReportFailed(
                self.notebook, problem=reason, mend="change the selection or a parameter"
            ) from None
        if made["state"] == "failed":
            raise ReportFailed(
                self.notebook, problem=made["reason"], mend=f"see {made['paths'].get('html', 'its notebook')}"
            )
        return Path(made["paths"]["html"])


def draw_report(page: Path) -> str:
    """A finished report: where it is, a link that keeps a copy, and the report itself in a frame of its own.

    The frame has no origin, so nothing in it reaches the notebook; it needs no server to be opened.
    """
    content = page.read_text(encoding="utf-8")
    if len(content) > SHOWN:
        return f"<p>The report is at <code>{text(page)}</code>.</p>"
    link = f"data:text/html;charset=utf-8;base64,{b64encode(content.encode()).decode()}"
    return (
        f"<p>The report is at <code>{text(page)}</code>. "
        f"<a href='{link}' download='{text(page.name)}'>Save a copy</a></p>"
        f"<iframe class='wbx-report' title='The report {text(page.stem)}' sandbox='allow-scripts' srcdoc='{text(content)}'></iframe>"
    )


def _said(value: Any) -> str:
    """A value as the command line takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
