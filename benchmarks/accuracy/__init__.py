"""Accuracy on labelled texts: every figure with its n and a 95 % interval.

    python -m benchmarks.accuracy --data DIR [--only lines,wire,…] [--json]

A part is a module with `measure(data: Path) -> list[FigureRow]`, named in `__main__.PARTS`.
"""
