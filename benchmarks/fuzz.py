"""Damaged files through all readers and labellers: nothing may raise but our own errors.

    python -m benchmarks.fuzz --seconds 60
    python -m benchmarks.fuzz --again FILE…        what one kept finding does now
    python -m benchmarks.fuzz --atheris            guided by coverage, where atheris is installed

Held for every input: segments tile the text from 0 to its end; quotes, their speakers and sentences lie in
it; text and metadata can be written as UTF-8; one input takes less than `SLOW` seconds. What breaks this is
kept in the folder `fuzz-found`, one file for each place in the code. Ends with 1 when anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

from benchmarks.fuzz_seeds import mutate, seeds
from workbench.annotate.sentences import split_sentences
from workbench.errors import WorkbenchError
from workbench.label import label
from workbench.read import read
from workbench.schema import Document, Problem
from workbench.settings import load_settings

SLOW = 20  # seconds for one input of at most some 100 kB; on an idle core the slowest sound one takes 0.3
SETTINGS = load_settings()


class Broken(AssertionError):
    """Something that is promised of every document does not hold."""


class TooSlow(BaseException):
    """An input that takes more than SLOW seconds; no reader may swallow it."""


def check_file(raw: bytes, name: str, folder: Path) -> int:
    """Read and label one file; the number of documents in it. Raises whatever is wrong."""
    path = folder / name
    path.write_bytes(raw)
    documents = 0
    try:
        for found in read(path, folder):
            if isinstance(found, Problem):
                _hold(
                    "the workbench failed" not in found.problem, f"a fault behind a problem: {found.problem}"
                )
                _hold(bool(found.problem and found.hint), "a problem without its hint")
            else:
                documents += 1
                check_document(found)
    except WorkbenchError as error:
        _hold(bool(error.problem and error.hint), "an error without its hint")
    finally:
        path.unlink()
    return documents


def check_document(document: Document) -> None:
    """Label a document and hold what is promised of it."""
    text = document.text
    for said in (text, document.doc_id, *document.known.values(), *document.repairs):
        said.encode("utf-8")
    _hold("\r" not in text and "\0" not in text, "a line end or a null is left in the text")
    labels = label(document, SETTINGS)
    end = 0
    for segment in labels.segments:
        _hold(segment.start == end < segment.end, f"segments do not tile: {segment} after {end}")
        end = segment.end
    _hold(end == len(text), f"segments end at {end} of {len(text)}")
    for quote in labels.quotes:
        _hold(0 <= quote.start < quote.end <= len(text), f"a quote out of the text: {quote}")
        if quote.speaker_start is not None and quote.speaker_end is not None:
            _hold(
                0 <= quote.speaker_start < quote.speaker_end <= len(text),
                f"a speaker out of the text: {quote}",
            )
        _hold(0 <= quote.confidence <= 1, f"a confidence that is none: {quote}")
    for sentence in split_sentences(text, labels.segments, labels.quotes):
        _hold(0 <= sentence.start < sentence.end <= len(text), f"a sentence out of the text: {sentence}")
    for said in labels.meta:
        if isinstance(said, str):
            said.encode("utf-8")


def _hold(true: bool, otherwise: str) -> None:
    if not true:
        raise Broken(otherwise)


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TooSlow in what takes longer."""

    def ring(*_: object) -> None:
        raise TooSlow(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def place_of(error: BaseException) -> str:
    """The last line of ours and the last of all on the way to an error, so that one fault is kept once."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/workbench/" in frame.filename]
    last = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {last.name}"


def run(seconds: float, seed: int, keep: Path) -> int:
    """Damage seeds at random for so many seconds; the number of places in the code that broke."""
    files = seeds()
    others = list(files.values())
    rng = random.Random(seed)
    places: Counter[str] = Counter()
    inputs = documents = 0
    last = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < last:
            name = rng.choice(list(files))
            raw = mutate(files[name], others, rng)
            Path(folder, ".now").write_bytes(raw)  # what a crash of the process leaves to look at
            inputs += 1
            try:
                with time_limit(SLOW):
                    documents += check_file(raw, name, Path(folder))
            except (Exception, TooSlow) as error:
                place = place_of(error)
                places[place] += 1
                if places[place] == 1:
                    _keep(keep, raw, name, place, error)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"seed {seed}: {inputs} damaged files of {len(files)} kinds, {documents} documents, peak {memory} MB"
    )
    for place, times in places.most_common():
        print(f"{times:6d}  {place}")
    print(f"{len(places)} places broke" + (f"; the first file of each is in {keep}" if places else ""))
    return len(places)


def _keep(keep: Path, raw: bytes, name: str, place: str, error: BaseException) -> None:
    keep.mkdir(exist_ok=True)
    stem = hashlib.sha256(place.encode()).hexdigest()[:8]
    (keep / f"{stem}-{name}").write_bytes(raw)
    (keep / f"{stem}.log").write_text(
        "".join(traceback.format_exception(error)), encoding="utf-8", errors="replace"
    )
    print(f"found: {place}: {str(error)[:150]!r}", flush=True)


def again(files: list[Path]) -> int:
    """Check files that were kept; the number of those that still break."""
    broken = 0
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            try:
                with time_limit(SLOW):
                    documents = check_file(file.read_bytes(), file.name, Path(folder))
                print(f"{file.name}: sound, {documents} documents")
            except (Exception, TooSlow) as error:
                broken += 1
                print(f"{file.name}: {place_of(error)}: {str(error)[:300]}")
    return broken


def guided(seconds: float) -> int:
    """The same under atheris: the inputs are led by the code they reach."""
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        print(
            "atheris is not installed; it is optional and for development only: pip install atheris\n"
            "  without it: python -m benchmarks.fuzz --seconds 60"
        )
        return 2
    files = seeds()
    names = sorted(files)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as start:
        for number, name in enumerate(names):
            Path(start, name).write_bytes(bytes([number]) + files[name])

        def one(raw: bytes) -> None:
            if raw:
                check_file(raw[1:], names[raw[0] % len(names)], Path(folder))

        for module in [found for name, found in sys.modules.items() if name.startswith("workbench.")]:
            for found in vars(module).values():  # all of Python at once would take minutes
                if isinstance(found, FunctionType) and found.__module__ == module.__name__:
                    atheris.instrument_func(found)
        atheris.Setup([sys.argv[0], start, f"-max_total_time={int(seconds)}", f"-timeout={SLOW}"], one)
        atheris.Fuzz()
    return 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="of the random damages; default: the time")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"), help="folder for what breaks")
    parser.add_argument("--again", type=Path, nargs="+", metavar="FILE", help="check these files only")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage")
    asked = parser.parse_args()
    faulthandler.enable()
    if asked.again:
        return min(again(asked.again), 1)
    if asked.atheris:
        return guided(asked.seconds)
    return min(run(asked.seconds, asked.seed if asked.seed is not None else int(time.time()), asked.keep), 1)


if __name__ == "__main__":
    sys.exit(main())
