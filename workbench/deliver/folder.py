"""A report's files copied to a folder, or to an address that fsspec knows (the extra `remote`)."""

from __future__ import annotations

import posixpath
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from workbench.deliver.html_tree import path_describer, replace_dead_links
from workbench.errors import MissingExtra, NotDelivered

AGAIN = "it is tried again"


def copy_to(target: str, below: str, files: Sequence[Path], base: Path) -> str:
    """Copy files into `<target>/<below>/`, in place of what stands there; returns where they are.

    `target` is a folder, from `base`, the project's, when it is relative, or an address with `://`. In a folder all
    files appear at once; at an address the pages come last, so that none stands there without its files. A link of a
    page stays where it leads to a file that was copied before; another one becomes words that name the file.
    Raises NotDelivered with the reason, MissingExtra when an address is given and fsspec is missing.
    """
    for file in files:
        if not file.is_file():
            raise NotDelivered(
                file, problem="it is not there any more, so it is not copied", hint="run the slot again"
            )
    if "://" in target:
        return _to_address(f"{target.rstrip('/')}/{below}", files, base)
    return str(_to_folder(base / Path(target).expanduser() / below, files, base))


def _to_folder(place: Path, files: Sequence[Path], base: Path) -> Path:
    """Fill a hidden folder beside the place, then rename it."""
    mark = secrets.token_hex(4)
    filling, old = (place.with_name(f".{place.name}-{mark}.{word}") for word in ("new", "old"))
    try:
        filling.mkdir(parents=True)
        for file in files:
            if file.suffix == ".html":
                page = _page(file, base, lambda path: (filling / path).is_file())
                (filling / file.name).write_bytes(page)
            else:
                shutil.copyfile(file, filling / file.name)
        if place.exists():
            place.rename(old)
        try:
            filling.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    except OSError as error:
        problem = f"the report could not be copied there: {error.strerror or error}"
        raise NotDelivered(
            place, problem=problem, hint=f"make it writable and free some space; {AGAIN}"
        ) from error
    finally:
        for left in (filling, old):
            with suppress(OSError):
                shutil.rmtree(left, ignore_errors=True)
    return place


def _page(file: Path, base: Path, there: Callable[[str], bool]) -> bytes:
    """A page with the links that lead somewhere from its new place; the others are words."""
    return replace_dead_links(file.read_text(encoding="utf-8"), there, path_describer(file, base)).encode()


def _to_address(place: str, files: Sequence[Path], base: Path) -> str:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtra(
            place,
            problem="copying to an address needs fsspec, which is not installed",
            hint='pip install "analyst-workbench[remote]", and the driver of the address beside it',
        ) from None
    try:
        there, path = url_to_fs(place)
        there.makedirs(path, exist_ok=True)
        for file in sorted(files, key=lambda file: file.suffix == ".html"):
            copy = f"{path.rstrip('/')}/{file.name}"
            if file.suffix == ".html":
                found = partial(_is_there, there, path.rstrip("/"))
                there.pipe_file(copy, _page(file, base, found))
            else:
                there.put_file(str(file), copy)
    except Exception as error:  # every driver has errors of its own
        problem = f"the report could not be copied there: {type(error).__name__}: {error}"
        raise NotDelivered(
            place, problem=problem, hint=f"check the address and the rights to it; {AGAIN}"
        ) from error
    return place


def _is_there(system: Any, folder: str, path: str) -> bool:
    """Whether a file is at an address, by its path from a folder there."""
    return bool(system.isfile(posixpath.normpath(f"{folder}/{path}")))
