"""A sweep of reports by us, beside the plain commands and papermill's own API, in one run.

    python -m benchmarks.reports [NOTEBOOK ...] [--reports 24] [--json]

Without a notebook two are measured: one of plain plots, which is written here, and the house's own
`topic_frequency`. Each is swept over its first whole-number parameter, and every side makes the same reports:

- `papermill` and `jupyter nbconvert --to html`, two commands a report, one after the other;
- with `--side-by-side`, the same commands, as many at once as there are cores;
- papermill's API and nbconvert's HTMLExporter in one process, one after the other;
- the workbench in one process, started anew, with its pages checked, sanitised and indexed.

CPU is user and system time of all processes, also of those that outlive their parent; memory is the
greatest sum over all processes at one moment, pages that they share counted once (Linux's PSS). `first report`
is the wall time of the first report of a runner that has its imports and its warm kernel process, but has
made no report yet. `ratio_to_commands` is the commands' time divided by ours, `cpu_ratio_to_commands` the
same of CPU, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.reports_sides import SIDES, first_report
from benchmarks.tree import measured

HOUSE = Path("notebooks/topic_frequency.ipynb")
PLOTS = """
import matplotlib.pyplot as plt
import pandas as pd
"""
FIGURE = """
table = pd.DataFrame({"x": range(60), "y": [(k * (size + FIGURE)) % 17 for k in range(60)]})
axes = table.plot("x", "y", figsize=(7, 3), title="Figure FIGURE", legend=False)
axes.set_ylabel("count");
"""


def plain_plots(folder: Path, figures: int = 4) -> Path:
    """A notebook of plain plots, as an analyst without the workbench would write it."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = [
        new_markdown_cell("# Plain plots"),
        new_code_cell("size: int = 3  # step of the series", metadata={"tags": ["parameters"]}),
        new_code_cell(PLOTS.strip()),
    ]
    for number in range(1, figures + 1):
        cells.append(new_markdown_cell(f"## Figure {number}"))
        cells.append(new_code_cell(FIGURE.strip().replace("FIGURE", str(number))))
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "plain_plots.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=spec), path)
    return path


def sweep(notebook: Path, n: int) -> list[dict[str, int]]:
    """`n` settings of the notebook's first whole-number parameter."""
    from workbench.report.notebook.parameters import read_schema

    whole = [one for one in read_schema(notebook).parameters if one.kind == "int"]
    if not whole:
        raise SystemExit(f"{notebook} has no whole-number parameter to sweep over")
    return [{whole[0].name: whole[0].default + k} for k in range(n)]


def compare(notebook: Path, n: int, first: int, sides: Sequence[str]) -> dict[str, Any]:
    """The sides on one notebook, ours the last, and the ratios of their times to ours."""
    jobs = [(str(notebook.absolute()), values) for values in sweep(notebook, n)]
    found: dict[str, Any] = {"notebook": notebook.stem, "reports": n}
    for name in sides:
        load = round(os.getloadavg()[0], 1)
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measured(*SIDES[name](jobs, Path(folder))) | {"load_before": load}
            made = _made(Path(folder))
        print(f"{notebook.stem}: {name.replace('_', ' ')} {found[name]}", file=sys.stderr, flush=True)
        if made[0] != n or made != found.setdefault("pages_and_outputs", made):
            raise SystemExit(f"{name} made {made} pages and outputs; nothing is measured")
    ours = found["workbench"]
    for name in sides[:-1]:
        found[f"ratio_to_{name}"] = round(found[name]["seconds"] / ours["seconds"], 2)
        found[f"cpu_ratio_to_{name}"] = round(found[name]["cpu_seconds"] / ours["cpu_seconds"], 2)
    times = [first_report(*jobs[0]) for _ in range(first)]
    found["first_report_seconds"] = {
        "n": first, "median": round(statistics.median(times), 2), "most": round(max(times), 2),
    }  # fmt: skip
    return found


def _made(folder: Path) -> tuple[int, int, int]:
    """Pages, outputs, and pictures among them, so that no side is fast by leaving something out."""
    pages = [path for path in folder.glob("*.html") if path.stem != "index"]
    cells = [
        cell
        for path in folder.rglob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
    outputs = [one for cell in cells for one in cell.get("outputs", []) if one["output_type"] != "stream"]
    return len(pages), len(outputs), sum("image/png" in one.get("data", {}) for one in outputs)


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports", description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="swept over their first whole number")
    parser.add_argument("--reports", type=int, default=24, help="of each side")
    parser.add_argument("--first", type=int, default=5, help="runners whose first report is timed")
    parser.add_argument("--side-by-side", action="store_true", help="the commands also several at once")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.epilog = (
        "What each side took is said at once on the standard error output: the whole takes minutes."
    )
    given = parser.parse_args()
    sides = [name for name in SIDES if given.side_by_side or name != "commands_side_by_side"]
    with tempfile.TemporaryDirectory() as folder:
        notebooks = given.notebooks or [plain_plots(Path(folder)), HOUSE]
        _ready()
        found = [compare(notebook, given.reports, given.first, sides) for notebook in notebooks]
    if given.json:
        ratio = found[0]["ratio_to_commands"]
        print(json.dumps({"ratio_to_commands": ratio, "notebooks": found}, indent=1))
        return
    for one in found:
        _table(one)


def _ready() -> None:
    """The corpus is built beforehand, so that no side pays for it."""
    import workbench

    workbench.build("seeds", progress=False)


def _table(found: Mapping[str, Any]) -> None:
    print(f"\n{found['notebook']}, {found['reports']} reports")
    print(f"{'':24}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'times ours':>12}{'CPU':>7}{'load':>7}")
    for name in SIDES:
        if figures := found.get(name):
            ratios = [found.get(f"{kind}_to_{name}", 1.0) for kind in ("ratio", "cpu_ratio")]
            print(
                f"{name.replace('_', ' '):24}{figures['seconds']:>9}{figures['cpu_seconds']:>9}"
                f"{figures['peak_mb']:>9}{ratios[0]:>12}{ratios[1]:>7}{figures['load_before']:>7}"
            )
    first = found["first_report_seconds"]
    print(
        f"first report of a warm runner: {first['median']} s (median of {first['n']}, most {first['most']})"
    )


if __name__ == "__main__":
    main()
