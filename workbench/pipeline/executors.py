"""Batches of documents through a function, on any executor, in their order, never too many at once."""

from __future__ import annotations

import copyreg
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from types import MappingProxyType
from typing import TypeVar

from workbench.errors import BadCorpus

# Settings hold read-only mappings, which do not travel to worker processes of themselves.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))

BATCH = 64  # documents: some 130,000 words, a tenth of a second of labelling, a few MB on the way back
AHEAD = 16  # batches under way or waiting to be taken: enough for 16 workers, and what bounds the memory

In = TypeVar("In")
Out = TypeVar("Out")


def _read_only(mapping: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(mapping)


def batches(rows: Sequence[In], size: int = BATCH) -> Iterator[Sequence[In]]:
    """`rows` in pieces of at most `size`."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def ordered_map(
    work: Callable[[Sequence[In]], Out], rows: Sequence[In], executor: Executor | None = None
) -> Iterator[Out]:
    """`work` of every batch of `rows`, in order; BadCorpus when a worker process dies."""
    if executor is None:
        yield from map(work, batches(rows))
        return
    waiting: deque[Future[Out]] = deque()
    try:
        for batch in batches(rows):
            waiting.append(executor.submit(work, batch))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as error:
        raise BadCorpus(
            "executor",
            problem=f"a worker died: {error}",
            hint="use fewer workers; each needs about 0.5 GB with names",
        ) from error
    finally:
        for future in waiting:
            future.cancel()
