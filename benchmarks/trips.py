"""Count what a command enters on its way: python -m benchmarks.trips [--json] [--tree DIR] [--only TRIP,...] [--names]

Each trip runs in a process of its own, in a temporary project with the checkout's seeds, settings, notebooks and
jobs, under `sys.setprofile` and `threading.setprofile`. Code in other processes (the kernel of a report, the child
of a schedule) is not counted.

Terms
- Function: a name in a file under which code ran that belongs to a function: functions, methods, lambdas,
  comprehensions and generator expressions, not the bodies of modules and classes. Two of one name in a file are one.
- Module: a file of the package with at least one such function.
- Named function: a function or method alone, two of one name in two classes counted apart. It does not depend on how a
  Python compiles comprehensions (from 3.12 on they are a part of their function).
- Call-back: a distinct pair of modules (caller, called) where the called module is still at work further out on the
  stack and the call comes from another module of the package: control comes back to a file it left and is not done with.
- Walk: the functions in the order of their first call, each as its module; neighbours in one module are one stop.
  A return is a stop at a module that had a stop before. A function that is called again adds nothing, so neither a
  loop over documents nor a second document counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

HOUSE = Path(__file__).parents[1]
OPTIMIZED = 0x1  # inspect.CO_OPTIMIZED: set for functions, not for bodies of modules and classes


class Recorder:
    """What was entered of the files below a folder, while the recorder is on."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.functions: dict[CodeType, str] = {}  # in the order of their first call
        self.calls = 0
        self.call_backs: set[tuple[str, str]] = set()
        self._modules: dict[CodeType, str] = {}
        self._prefix = str(package) + os.sep

    def __enter__(self) -> Recorder:
        """Begin, in this thread and in those that start from now on."""
        threading.setprofile(self._event)
        sys.setprofile(self._event)
        return self

    def __exit__(self, *error: object) -> None:
        """End."""
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]

    def _module(self, code: CodeType) -> str:
        """The module of a function of the package, "" for any other code."""
        if code not in self._modules:
            is_ours = code.co_filename.startswith(self._prefix) and code.co_flags & OPTIMIZED
            inside = code.co_filename.removeprefix(self._prefix).removesuffix(".py").replace(os.sep, ".")
            name = f"{self.package.name}.{inside}".removesuffix(".__init__")
            self._modules[code] = name if is_ours else ""
        return self._modules[code]

    def _event(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call" or not (module := self._module(frame.f_code)):
            return
        self.calls += 1
        self.functions.setdefault(frame.f_code, module)
        caller = ""  # the nearest module of the package on the stack
        above = frame.f_back
        while above is not None:
            outer = self._module(above.f_code)
            if not caller:
                caller = outer
                if caller == module or (caller, module) in self.call_backs:
                    return
            elif outer == module:
                self.call_backs.add((caller, module))
                return
            above = above.f_back

    def figures(self) -> dict[str, Any]:
        """The figures of what was recorded."""
        named: dict[str, set[str]] = defaultdict(set)
        stops: list[str] = []
        for code, module in self.functions.items():
            if not code.co_name.startswith("<"):
                named[module].add(code.co_qualname)
            if not stops or stops[-1] != module:
                stops.append(module)
        return {
            "functions": len({(module, code.co_name) for code, module in self.functions.items()}),
            "modules": len(set(stops)),
            "named_functions": sum(len(names) for names in named.values()),
            "call_backs": len(self.call_backs),
            "stops": len(stops),
            "returns": len(stops) - len(set(stops)),
            "calls": self.calls,
            "names": {module: sorted(names) for module, names in sorted(named.items())},
            "pairs_called_back": sorted(" -> ".join(pair) for pair in self.call_backs),
        }


# ---------------------------------------------------------------- the trips


def command(*arguments: str) -> None:
    """Run a command of the package in this process; SystemExit when it refuses."""
    from workbench.cli import main

    sys.argv = ["workbench", *arguments]
    try:
        main()
    except SystemExit as end:
        if end.code not in (0, None):
            raise


def _outside(*arguments: str) -> None:
    """Run a command of the package in a process of its own, so that nothing of it is counted."""
    line = [sys.executable, "-c", "from workbench.cli import main; main()", *arguments]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)


def parse() -> Callable[[], None]:
    """`workbench parse` of the seeds, with names."""
    return lambda: command("parse", "--json", *sorted(str(path) for path in Path("seeds").glob("*.txt")))


def build() -> Callable[[], None]:
    """`workbench build` of the seeds into a store that is not there yet, with every usual layer."""
    return lambda: command("build", "--corpus", "seeds", "--json")


def click() -> Callable[[], None]:
    """One value of a facet is switched on in the open explorer, without a browser."""
    _outside("build", "--corpus", "seeds")
    import ipywidgets

    from workbench.explorer import explore

    explorer = explore("seeds")
    button = _value_button(explorer, ipywidgets)
    before = [widget.value for widget in _widgets(explorer, ipywidgets.HTML)]

    def press() -> None:
        button.value = True
        if before == [widget.value for widget in _widgets(explorer, ipywidgets.HTML)]:
            raise SystemExit(f"the click on {button.description!r} changed nothing; nothing is measured")

    return press


def _widgets(explorer: object, kind: type) -> list[Any]:
    """The widgets of one kind in the largest tree of widgets that the explorer holds."""
    import ipywidgets

    def below(widget: Any) -> list[Any]:
        return [widget, *(one for child in getattr(widget, "children", ()) for one in below(child))]

    roots = [explorer, *vars(explorer).values()]
    trees = [below(root) for root in roots if isinstance(root, ipywidgets.Widget)]
    return [widget for widget in max(trees, key=len) if isinstance(widget, kind)]


def _value_button(explorer: object, ipywidgets: Any) -> Any:
    """The first switch of the explorer whose words end in a count: a value of a facet that is off."""
    for widget in _widgets(explorer, ipywidgets.ToggleButton):
        if not widget.value and widget.description[-1:].isdigit() and widget.layout.display != "none":
            return widget
    raise SystemExit("the explorer shows no value of a facet; nothing is measured")


def report() -> Callable[[], None]:
    """`workbench report topic_frequency` on seeds that are built: what the runner does, the kernel left out."""
    _outside("build", "--corpus", "seeds")
    return lambda: command("report", "topic_frequency", "--json", "--corpus", "seeds")


def tick() -> Callable[[], None]:
    """`workbench schedule tick` with one job that is due: what the scheduler does, its child left out."""
    _outside("build", "--corpus", "seeds")
    for job in Path("jobs").iterdir():
        job.unlink()
    Path("jobs/minutely.toml").write_text(
        'title = "Minutely"\nnotebooks = ["topic_frequency"]\n\n[schedule]\ncron = "* * * * *"\ntimezone = "UTC"\n',
        encoding="utf-8",
    )
    _outside("schedule", "tick")  # the first one takes note of the job; nothing is due before
    time.sleep(61 - time.time() % 60)
    return lambda: command("schedule", "tick")


TRIPS: dict[str, Callable[[], Callable[[], None]]] = {
    "parse": parse, "build": build, "click": click, "report": report, "tick": tick,
}  # fmt: skip


def _in_this_process(trip: str, root: Path, place: Path) -> None:
    """Prepare a trip in the working directory, record it, and write its figures to `place`."""
    sys.path.insert(0, str(root))
    os.environ["PYTHONPATH"] = str(root)
    go = TRIPS[trip]()
    with Recorder(root / "workbench") as recorder:
        go()
    figures = recorder.figures()
    if not figures["functions"]:
        raise SystemExit(f"no function of {root / 'workbench'} was entered; nothing is measured")
    place.write_text(json.dumps(figures), encoding="utf-8")


def measure(root: Path, trip: str) -> dict[str, Any]:
    """The figures of one trip of a checkout, in a process of its own. SystemExit when the trip fails."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        project.mkdir()
        for name in ("seeds", "notebooks", "jobs", "settings"):
            if (root / name).is_dir():
                shutil.copytree(root / name, project / name, ignore=shutil.ignore_patterns(".*"))
        shutil.copy(root / "workbench.toml", project)
        place = Path(folder) / "figures.json"
        line = [sys.executable, __file__, "--in", trip, str(root.resolve()), str(place)]
        ran = subprocess.run(line, cwd=project, capture_output=True, text=True)
        if ran.returncode:
            raise SystemExit(f"the trip {trip} failed\n{ran.stdout[-1000:]}\n{ran.stderr[-3000:]}")
        figures: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        return figures


def render(figures: dict[str, dict[str, Any]]) -> str:
    """The figures as a table."""
    columns = ("functions", "modules", "named_functions", "call_backs", "stops", "returns", "calls")
    lines = [f"{'':8}" + "".join(f"{column.replace('_', ' '):>{len(column) + 3}}" for column in columns)]
    for trip, those in figures.items():
        lines.append(f"{trip:8}" + "".join(f"{those[column]:>{len(column) + 3},}" for column in columns))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Print a table of the trips."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trips", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--tree", type=Path, default=HOUSE, help="root of a checkout (default: this one)")
    parser.add_argument("--only", default=",".join(TRIPS), help="trips, with commas (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--names", action="store_true", help="print the functions and the call-backs too")
    parser.add_argument("--in", nargs=3, dest="inside", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.inside:
        _in_this_process(asked.inside[0], Path(asked.inside[1]), Path(asked.inside[2]))
        return
    if unknown := set(asked.only.split(",")) - set(TRIPS):
        parser.error(f"no trip {', '.join(sorted(unknown))}; there are {', '.join(TRIPS)}")
    figures = {trip: measure(asked.tree, trip) for trip in asked.only.split(",")}
    if asked.json:
        print(json.dumps(figures, indent=1))
        return
    print(render(figures))
    if asked.names:
        for trip, those in figures.items():
            print(f"\n{trip}, call-backs:", *those["pairs_called_back"], sep="\n  ")
            print(f"{trip}, functions:")
            for module, names in those["names"].items():
                print(f"  {module}: {', '.join(names)}")


if __name__ == "__main__":
    main()
