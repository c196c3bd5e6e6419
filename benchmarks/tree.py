"""Time, CPU and memory of a whole tree of processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

EVERY = 0.2  # seconds between two looks at the memory; a look at twenty processes takes some milliseconds

# Runs in a process of its own, so that its children's figures are theirs alone. It adopts processes whose
# parent has ended (Linux), so that a warm process and its kernels are counted too.
_WATCH = """
import ctypes, json, os, resource, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
chains, at_once, every = json.load(sys.stdin)
linux = sys.platform.startswith("linux")
if linux:
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER

def below(pid):
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield child
            yield from below(child)

def pss(pid):
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    except OSError:
        return 0

peak, over = 0, threading.Event()
def watch():
    global peak
    while not over.wait(every):
        try:
            peak = max(peak, sum(pss(pid) for pid in set(below(os.getpid()))))
        except OSError:
            continue  # one of them ended while it was looked at

def run(chain):
    return max(subprocess.run(line, stdout=subprocess.DEVNULL).returncode for line in chain)

watcher = threading.Thread(target=watch)
if linux:
    watcher.start()
began = time.monotonic()
with ThreadPoolExecutor(at_once) as pool:
    codes = list(pool.map(run, chains))
seconds = time.monotonic() - began
over.set()
while True:  # those that were adopted
    try:
        os.wait()
    except ChildProcessError:
        break
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([codes, seconds, used.ru_utime + used.ru_stime, peak / 1024]))
"""


def measured(chains: Sequence[Sequence[Sequence[str]]], at_once: int) -> dict[str, float]:
    """Seconds of wall time, seconds of CPU, peak MB (2^20, 0 where there is no Linux) of chains of commands.

    A chain's commands run one after the other, `at_once` chains side by side. SystemExit when one fails.
    """
    given = json.dumps([chains, at_once, EVERY])
    ran = subprocess.run([sys.executable, "-c", _WATCH], input=given, capture_output=True, text=True)
    if ran.returncode or any(json.loads(ran.stdout)[0]):
        raise SystemExit(f"a report failed; nothing is measured\n{ran.stdout[-500:]}\n{ran.stderr[-3000:]}")
    _, seconds, cpu, peak = json.loads(ran.stdout)
    return {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "peak_mb": round(peak, 1)}
