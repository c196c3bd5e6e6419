"""Reports made by us, cold, beside the plain `papermill` and `jupyter nbconvert` commands.

    python -m benchmarks.reports [NOTEBOOK|FOLDER ...] [--json]

Both sides run the same notebooks with their defaults, one after the other, in processes of their own,
in one run. The commands write their pages without the sanitising, contents list, checks and index that
ours have. CPU is user and system time of all processes; memory is the peak of the largest one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RUNNER = """
import sys
from pathlib import Path
from workbench.report.run import Job, Setting, run_reports
out, names = Path(sys.argv[1]), sys.argv[2:]
results = run_reports([Job(Path(name)) for name in names], Setting(project=Path.cwd(), out=out, force=True))
sys.exit(any(result.state == "failed" for result in results))
"""


def ours(notebooks: Sequence[Path], out: Path) -> list[list[str]]:
    """One process for all notebooks."""
    return [[sys.executable, "-c", RUNNER, str(out), *map(str, notebooks)]]


def commands(notebooks: Sequence[Path], out: Path) -> list[list[str]]:
    """Two processes for each notebook, as a shell script would do it."""
    lines = []
    for notebook in notebooks:
        done = str(out / notebook.name)
        lines.append(
            [
                sys.executable,
                "-m",
                "papermill",
                str(notebook),
                done,
                "-k",
                "python3",
                "--no-progress-bar",
                "--log-level",
                "ERROR",
            ]
        )
        lines.append([sys.executable, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR", done])
    return lines


def measure(lines: Sequence[Sequence[str]]) -> dict[str, float]:
    """Seconds of wall time, seconds of CPU, and the largest process's peak memory in MB.

    A process of its own starts the lines, so that its children's figures are theirs alone.
    """
    source = (
        "import json, resource, subprocess, sys\n"
        "codes = [subprocess.run(line).returncode for line in json.load(sys.stdin)]\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([max(codes), used.ru_utime + used.ru_stime, used.ru_maxrss]))\n"
    )
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", source], input=json.dumps(lines), capture_output=True, text=True, check=True
    )
    wall = time.monotonic() - began
    code, cpu, peak = json.loads(ran.stdout.strip().splitlines()[-1])
    if code:
        raise SystemExit(f"a notebook failed; nothing is measured\n{ran.stdout}\n{ran.stderr}")
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {"seconds": round(wall, 2), "cpu_seconds": round(cpu, 2), "peak_mb": round(peak / unit, 1)}


def compare(notebooks: Sequence[Path]) -> dict[str, object]:
    """Both sides and their ratio: commands' time divided by ours."""
    found: dict[str, object] = {"notebooks": len(notebooks), "load_before": round(os.getloadavg()[0], 2)}
    sides = {"papermill + nbconvert commands": commands, "workbench": ours}
    times = {}
    for name, lines in sides.items():
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(lines(notebooks, Path(folder)))
        found[name], times[name] = figures, figures["seconds"]
    found["ratio_to_commands"] = round(times["papermill + nbconvert commands"] / times["workbench"], 2)
    return found


def find(places: Sequence[Path]) -> list[Path]:
    """The notebooks named, and those of the folders named that take parameters."""
    from workbench.report.schema import read_schema

    named = [place for place in places if place.is_file()]
    inside = [path for place in places if place.is_dir() for path in sorted(place.glob("*.ipynb"))]
    return named + [path for path in inside if read_schema(path).parameters]


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", type=Path, default=[Path("notebooks")])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    notebooks = find(given.places)
    if not notebooks:
        raise SystemExit(f"no notebook with parameters in {', '.join(map(str, given.places))}")
    found = compare(notebooks)
    if given.json:
        print(json.dumps(found, indent=1))
        return
    print(
        f"{'':32}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}   {len(notebooks)} notebooks, load {found['load_before']}"
    )
    for name, figures in found.items():
        if isinstance(figures, dict):
            print(f"{name:32}{figures['seconds']:>9}{figures['cpu_seconds']:>9}{figures['peak_mb']:>9}")
    print(f"the commands take {found['ratio_to_commands']} times as long")


if __name__ == "__main__":
    main()
