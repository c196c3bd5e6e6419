"""When things are done, in whichever thread the kernel takes changes in."""

import asyncio
import threading
from concurrent.futures import Future

import pytest
from support.event_loops import run_alone

from workbench.explorer.debounce import Debouncer


@pytest.fixture
def subshell():
    """Runs a call in the event loop of another thread, as JupyterLab has widgets handled; idle otherwise."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="subshell")
    thread.start()
    yield lambda call: loop.call_soon_threadsafe(call)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def main_loop(use):
    """What `use(pace)` gives while the loop in which the pace was made idles."""

    async def kernel():
        given = use(Debouncer(live=True))
        return await asyncio.wait_for(asyncio.to_thread(given.result, 5), 6)

    return run_alone(kernel())


def test_a_rest_ends_in_the_thread_that_typed_though_the_main_loop_sleeps(subshell):
    def use(pace):
        at = Future()
        subshell(lambda: pace.later("typed", lambda: at.set_result(threading.current_thread().name), 0.01))
        return at

    assert main_loop(use) == "subshell"


def test_a_result_is_delivered_in_the_thread_that_asked(subshell):
    def use(pace):
        at = Future()
        work = lambda: threading.current_thread().name  # noqa: E731
        done = lambda worked: at.set_result((worked, threading.current_thread().name))  # noqa: E731
        subshell(lambda: pace.behind("figure", work, done))
        return at

    worked, delivered = main_loop(use)
    assert worked.startswith("explorer")
    assert delivered == "subshell"


def test_a_result_asked_for_by_a_thread_that_ended_is_delivered_by_the_main_one():
    async def kernel():
        pace, at, go = Debouncer(live=True), asyncio.Event(), threading.Event()

        async def ask():
            pace.behind("figure", lambda: go.wait(5), lambda _: at.set())

        await asyncio.to_thread(asyncio.run, ask())
        go.set()
        await asyncio.wait_for(at.wait(), 5)

    run_alone(kernel())


def test_only_the_newest_job_of_a_name_is_delivered_and_a_dropped_one_never():
    async def kernel():
        pace, seen, go = Debouncer(live=True), [], threading.Event()
        pace.behind("figure", lambda: go.wait(5), lambda _: seen.append("old"))
        pace.behind("figure", lambda: "new", seen.append)
        pace.behind("other", lambda: "dropped", seen.append)
        pace.drop("other")
        last = asyncio.Event()
        pace.behind("end", lambda: None, lambda _: last.set())
        go.set()
        await asyncio.wait_for(last.wait(), 5)
        return seen

    assert run_alone(kernel()) == ["new"]


def test_an_error_of_the_work_is_its_result():
    seen = []
    Debouncer(live=False).behind("figure", lambda: 1 / 0, seen.append)
    assert isinstance(seen[0], ZeroDivisionError)
