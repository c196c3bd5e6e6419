"""Folder -> store, and file -> JSON: the one place that knows the order of the rooms.

read -> label -> sentences -> tokens, sentiment, mentions -> entities, toward. `build` keeps what it made and
makes only what is missing; `parse` shows how files were understood and keeps nothing.
"""

from workbench.pipeline.rooms import LAYERS, QUICK, USUAL, Rooms

ALL = USUAL

__all__ = ["ALL", "LAYERS", "QUICK", "Rooms"]
