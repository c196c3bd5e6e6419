"""An event loop for a test, in a thread of its own: the browser tests leave one running in the main thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def run_alone(asked: Coroutine[object, object, Result]) -> Result:
    """What a coroutine gives, as `asyncio.run` would; a second loop in one thread is refused by asyncio."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, asked).result()
