"""The command line: documents, record, compare."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from benchmarks.recording import __doc__ as usage, documents
from benchmarks.recording.compare import CannotCompare, compare, print_comparison
from benchmarks.recording.record import META, PARTS, RecordingFailed, name_of, record, tree_of
from benchmarks.recording.wanted import WANTED, BadRule, load_rules

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (RecordingFailed, CannotCompare, BadRule) as error:
        print(f"recording: {error}", file=sys.stderr)
        return 2


def _documents(given: argparse.Namespace) -> int:
    print(f"{documents.make_documents(given.kind, given.out, given.data)} files in {given.out}")
    return 0


def _record(given: argparse.Namespace) -> int:
    repository = given.tree or ROOT
    commit = name_of(given.commit or "HEAD", repository)
    with nullcontext(given.tree) if given.tree else tree_of(commit, ROOT) as tree:
        meta = record(tree, given.documents, given.out, given.parts, given.deadline)
    meta = {"commit": commit, "tree": "as it stands, changes included" if given.tree else "", **meta}
    (given.out / META).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    print(f"{given.out}: {commit[:12]}, {len(meta['documents'])} files, seconds {meta['seconds']}")
    return 0


def _compare(given: argparse.Namespace) -> int:
    rules = load_rules(given.wanted)
    found = compare(given.old, given.new, rules, given.examples)
    print_comparison(found, rules)
    return 0 if found.good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recording",
        description=usage,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(required=True)

    verb = verbs.add_parser("documents", help="make a folder of documents to record")
    verb.add_argument("--kind", required=True, choices=("seeds", "fixtures", "mixed", "whole"))
    verb.add_argument("--data", type=Path, help="folder of the labelled sets, for mixed and whole")
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_documents)

    verb = verbs.add_parser("record", help="record what a commit computes from documents")
    which = verb.add_mutually_exclusive_group(required=True)
    which.add_argument("--commit", help="a revision of this repository")
    which.add_argument("--tree", type=Path, help="a checkout as it stands, uncommitted changes included")
    verb.add_argument("--documents", type=Path, required=True)
    verb.add_argument("--out", type=Path, required=True, help="a new folder")
    verb.add_argument("--deadline", type=float, default=14_400, help="seconds that one report may take")
    verb.add_argument(
        "--parts", nargs="+", default=list(PARTS), choices=PARTS, help="all of them when left out"
    )
    verb.set_defaults(run=_record)

    verb = verbs.add_parser("compare", help="compare two recordings; 1 when a difference is not wanted")
    verb.add_argument("old", type=Path)
    verb.add_argument("new", type=Path)
    verb.add_argument("--wanted", type=Path, default=WANTED, help="TOML file of wanted differences")
    verb.add_argument("--examples", type=int, default=3, help="differing rows shown of each table")
    verb.set_defaults(run=_compare)
    return parser


if __name__ == "__main__":
    sys.exit(main())
