"""What happened to each report, in a small JSON file beside its notebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.errors import ReportFailed
from workbench.report.files import cannot_write, write_file
from workbench.store.locks import LockTimeout, lock

KILLED = "the program was ended while it ran (killed, out of memory, or the machine went down)"


@dataclass(frozen=True)
class ReportRecord:
    """The last run of a report, and which good one stands.

    `state` is running, done, degraded (made with a gap) or failed; `made` is the UTC time of the start, `page` the page of the last
    run. `good_key`, `good_made` and `files` (path below the report folder to SHA-256) tell of the last
    good report, which a failed run leaves as it is.
    """

    name: str
    notebook: str
    key: str
    made: str
    selection: str
    parameters: Mapping[str, Any]
    corpus_version: str
    state: str = "running"
    seconds: float = 0.0
    reason: str = ""
    page: str = ""
    good_key: str = ""
    good_made: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    settings_digest: str = ""
    package: str = ""
    command: str = ""

    @classmethod
    def of(cls, about: Mapping[str, Any], last: ReportRecord | None) -> ReportRecord:
        """The record of a run that starts now; what is known of the last good report is carried over."""
        if last is None:
            return cls(**about)
        return cls(**about, good_key=last.good_key, good_made=last.good_made, files=last.files)

    def done(self, paths: Mapping[str, Path]) -> ReportRecord:
        """The record once the report is there."""
        files = {_below(path): _sha256(path) for path in paths.values()}
        page = paths["html"].name
        return replace(
            self, state="done", reason="", page=page, good_key=self.key, good_made=self.made, files=files
        )

    def good_again(self) -> ReportRecord:
        """The record once the last good report turns out to be what is wanted now."""
        page = f"{self.name}.html"
        return replace(self, state="done", reason="", page=page, key=self.good_key, made=self.good_made)

    def failed(self, reason: str, page: str = "") -> ReportRecord:
        """The record once the run has failed."""
        return replace(self, state="failed", reason=reason, page=page)

    def degraded(self, reason: str, page: str) -> ReportRecord:
        """The record once the report is there with a gap; the last good one stays beside it."""
        return replace(self, state="degraded", reason=reason, page=page)

    def is_good_for(self, key: str, paths: Mapping[str, Path]) -> bool:
        """Whether a finished report of this key stands there untouched."""
        return self.good_key == key and all(
            path.is_file() and _sha256(path) == self.files.get(_below(path)) for path in paths.values()
        )


def read_record(out: Path, name: str) -> ReportRecord | None:
    """The record of a report; None when there is none, or none that can be read."""
    return _read(_place(out, name))


def read_records(out: Path) -> list[ReportRecord]:
    """All records of a report folder, by name."""
    found = [_read(path) for path in sorted((out / "notebooks").glob("*.json"))]
    return [record for record in found if record is not None]


def lock_of(out: Path, name: str) -> Path:
    """The lock that whoever makes a report holds."""
    return out / "notebooks" / f".{name[:100]}.lock"


@contextmanager
def alone(out: Path, name: str, wait: float) -> Iterator[None]:
    """Hold a report's lock; ReportFailed when another process still has it after `wait` seconds."""
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(lock_of(out, name), wait))
        except LockTimeout as error:
            raise ReportFailed(
                out / name,
                problem="another process is making this report",
                hint="let it, then run the same line again",
            ) from error
        except OSError as error:
            raise cannot_write(out, error) from error
        yield


def recover_records(out: Path, reason: str) -> None:
    """Give the records that say `running`, and that nobody works at, their true state: failed, with this reason."""
    for record in read_records(out):
        if record.state == "running":
            with suppress(LockTimeout, OSError, ReportFailed), lock(lock_of(out, record.name)):
                now = read_record(out, record.name)
                if now is not None and now.state == "running":
                    write_record(out, now.failed(reason))


def write_record(out: Path, record: ReportRecord) -> None:
    """Keep a record; ReportFailed when the folder cannot be written."""
    write_file(_place(out, record.name), json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n")


def changed_files(out: Path, record: ReportRecord) -> list[str]:
    """Those files of the last good report that are not as they were written, or are gone."""
    return [
        file
        for file, digest in record.files.items()
        if not (out / file).is_file() or _sha256(out / file) != digest
    ]


def _place(out: Path, name: str) -> Path:
    return out / "notebooks" / f"{name}.json"


def _read(path: Path) -> ReportRecord | None:
    """A record, or None: one that is damaged costs a new run, nothing else."""
    try:
        return ReportRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _below(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.suffix == ".ipynb" else path.name


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
