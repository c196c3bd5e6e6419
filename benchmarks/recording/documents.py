"""Make the folders of documents that recordings are made from.

- `seeds`: the two documents of the project;
- `fixtures`: what the tests write: small files of all formats, and every long text in the tests' code;
- `mixed`: 300 documents spread over the labelled sets; `whole`: 2,000 wire stories and transcripts.

The last two need the labelled data (`--data`), which is never part of the project. They take rows at equal
distances, so that the same data give the same documents.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Row = Mapping[str, Any]

# Documents of each set. Novels and sittings of parliaments are long, so there are few of them.
MIXED = {
    "reuters_2006_2010": 50, "whitehouse": 35, "article_extraction_benchmark": 35, "polnear": 30, "multi_pages": 25,
    "l3s_gn1_lines": 20, "multi_bsnlp": 20, "trump_turns": 15, "gum_news_speech_interview": 15,
    "ieer_newswire_ner": 10, "multi_kremlin": 10, "multi_factrueval": 8, "multi_ner_uk": 6, "multi_redewiedergabe": 6,
    "persent": 6, "multi_rusentrel": 4, "multi_bundestag": 2, "multi_assemblee": 2, "multi_direct_speech_fr": 1,
}  # fmt: skip
WHOLE = {"reuters_2006_2010": 1_600, "whitehouse": 400}
SHORTEST, LINES = 100, 2  # characters and lines from which on a text in a test counts as a document


def _kremlin(row: Row) -> str:
    """Its text with the line ends that the collector lost."""
    ends = [0, *map(int, row["breaks"]), len(row["text"])]
    return "\n".join(row["text"][a:b] for a, b in pairwise(ends))


# How a row becomes a file: its suffix and its text. A set that is not named here has its text in `text`.
MAKERS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "whitehouse": (".md", lambda row: row["raw"]),
    "article_extraction_benchmark": (".html", lambda row: row["html"]),
    "multi_pages": (".html", lambda row: row["html"]),
    "l3s_gn1_lines": (".txt", lambda row: "\n".join(line for _, line in row["lines"])),
    "trump_turns": (".txt", lambda row: "\n\n".join(f"{label}: {text}" for label, text in row["turns"])),
    "multi_kremlin": (".txt", _kremlin),
    "persent": (".txt", lambda row: f"{row['TITLE']}\n\n{row['DOCUMENT']}"),
    "ieer_newswire_ner": (".txt", lambda row: f"{row['headline']}\n\n{row['text']}"),
}


def make_documents(kind: str, out: Path, data: Path | None) -> int:
    """Write the documents of a kind into the new folder `out`; how many."""
    if out.exists() and any(out.iterdir()):
        raise SystemExit(f"{out} is not empty; name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    if kind == "seeds":
        shutil.copytree(ROOT / "seeds", out, dirs_exist_ok=True)
    elif kind == "fixtures":
        for name, content in fixtures():
            _write(out / name, content)
    elif data is None:
        raise SystemExit(f"documents --kind {kind} needs --data, the folder of the labelled sets")
    else:
        for name, text in labelled({"mixed": MIXED, "whole": WHOLE}[kind], data):
            _write(out / name, text.encode("utf-8", "replace"))
    return sum(path.is_file() for path in out.rglob("*"))


def labelled(counts: Mapping[str, int], data: Path) -> Iterator[tuple[str, str]]:
    """So many documents of each set, at equal distances."""
    for name, n in counts.items():
        suffix, make = MAKERS.get(name, (".txt", lambda row: row["text"]))
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            kept = lines.readlines()
        if len(kept) < n:
            raise SystemExit(f"{data / name}: {len(kept)} rows, {n} are needed")
        for number in range(n):
            row = json.loads(kept[number * len(kept) // n])
            yield f"{_folder(name, row)}/{number:04}{suffix}", make(row)


def _folder(name: str, row: Row) -> str:
    """The set; of wire stories also the day, which only the path names."""
    return f"{name}/{row['path'].partition('/')[0]}" if name == "reuters_2006_2010" else name


def fixtures() -> Iterator[tuple[str, bytes]]:
    """Small files of all formats, and the long texts of the tests."""
    from benchmarks.fuzz_seeds import seeds

    yield from ((f"formats/{name}", content) for name, content in seeds().items())
    yield from _written_files()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for text in _texts_in(path):
            digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]
            suffix = ".html" if re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE) else ".txt"
            yield f"tests/{path.stem}_{digest}{suffix}", text.encode("utf-8", "replace")


def _written_files() -> Iterator[tuple[str, bytes]]:
    """Files of the helper by which tests write office formats byte by byte."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        from support.written_files import PROSE, odt, pdf, set_lines  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    columns = set_lines(PROSE, 60, 760, width=40) + set_lines(PROSE, 320, 760, width=40)
    yield "written/columns.pdf", pdf([columns], "/Title (Two columns)")
    yield "written/pages.pdf", pdf([set_lines(PROSE, 60, 760, width=80)] * 2)
    rows = "".join(f"<text:p>{sentence.strip()}.</text:p>" for sentence in PROSE.split(". ") if sentence)
    yield "written/prose.odt", odt(f"<text:h>Harbour</text:h>{rows}")


def _texts_in(path: Path) -> Iterator[str]:
    """The long texts in the code of a test, once each; docstrings are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }  # fmt: skip
    pieces = {
        id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in ast.walk(node)
    }
    seen: set[str] = set()
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(text, str) or id(node) in docstrings | pieces or text in seen:
            continue
        if len(text) >= SHORTEST and (text.count("\n") >= LINES or text.count(". ") >= LINES):
            seen.add(text)
            yield text


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
