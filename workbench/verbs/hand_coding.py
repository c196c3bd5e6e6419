"""The human check of a corpus: which sentences are coded, and the file that the codes are written to.

One CSV file a corpus and question, `codes/<corpus>-<question>.csv` in the project: a line for every code
given, only ever added to. The last line of a coder for a sentence counts, an empty code takes it back.
A line keeps the place and a fingerprint of the words it was given for, so that a code whose sentence is
no longer there is told and not counted.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.analysis import agreement, topics, units
from workbench.errors import BadParameter, WorkbenchError
from workbench.project import Project, find_project

if TYPE_CHECKING:
    from workbench.corpus import Corpus

COLUMNS = ("doc_id", "start", "end", "words", "coder", "code", "at")
FOLDER = "codes"
_CODER = re.compile(r"[\w][\w .-]{0,39}")
_KEY = ["doc_id", "sentence"]


@dataclass(frozen=True, eq=False)
class CodingTask:
    """A question to people about the sentences of a corpus: the sample, the codes to choose from, the file."""

    texts: Corpus
    question: str
    options: tuple[str, ...]
    sample: pd.DataFrame
    place: Path
    rule: str

    def items(self) -> pd.DataFrame:
        """The sample as a coder sees it: [doc_id, sentence, start, end, words], nothing the machine says."""
        spans = self.texts.tables.sentences.to_pandas()[[*_KEY, "start", "end"]].astype({"sentence": "int64"})
        out = self.sample[_KEY].astype({"sentence": "int64"}).merge(spans, on=_KEY)
        return out.assign(words=self._fingerprints(out))

    def codes(self) -> pd.DataFrame:
        """[doc_id, sentence, coder, code, at]: the last code of each coder for each sentence there is."""
        given = self._given()
        out = given[given["sentence"].notna() & (given["code"] != "")]
        return out[[*_KEY, "coder", "code", "at"]].astype({"sentence": "int64"}).reset_index(drop=True)

    def stale(self) -> pd.DataFrame:
        """Codes that no longer fit: [doc_id, start, coder, code, note]."""
        given = self._given()
        out = given[given["sentence"].isna() & (given["code"] != "")]
        note = "no longer fits: this sentence is not in the text as it is read now; code it again"
        return out[["doc_id", "start", "coder", "code"]].assign(note=note).reset_index(drop=True)

    def add(self, coder: str, item: Mapping[Hashable, Any], code: str) -> None:
        """Write one code; an empty one takes the last back. BadParameter for a code or a coder that is none."""
        if code and code not in self.options:
            raise BadParameter(
                "code", problem=f"`{code}` is no code", hint=f"choose {', '.join(self.options)}"
            )
        row = [item["doc_id"], item["start"], item["end"], item["words"], check_coder(coder), code]
        append(self.place, [*row, datetime.now(UTC).isoformat(timespec="seconds")])

    def _given(self) -> pd.DataFrame:
        """The last line of each coder for each span, with the sentence it fits, if any."""
        lines = read(self.place).drop_duplicates(["doc_id", "start", "end", "words", "coder"], keep="last")
        whole = self.texts.unfiltered()
        mine = whole.tables.sentences.to_pandas()[
            whole.tables.sentences.to_pandas()["doc_id"].isin(set(lines["doc_id"]))
        ]
        spans = mine[[*_KEY, "start", "end"]].astype({"start": "int64", "end": "int64"})
        spans = spans.assign(words=self._fingerprints(spans)).astype({"doc_id": "str", "words": "str"})
        return lines.merge(spans, on=["doc_id", "start", "end", "words"], how="left")

    def _fingerprints(self, spans: pd.DataFrame) -> list[str]:
        documents = self.texts.unfiltered().tables.documents.to_pandas()
        chosen = documents[documents["doc_id"].isin(set(spans["doc_id"]))]
        texts = dict(zip(chosen["doc_id"], chosen["text"], strict=True))
        rows = spans[["doc_id", "start", "end"]].itertuples(index=False, name=None)
        return [fingerprint(texts[doc_id][start:end]) for doc_id, start, end in rows]


def open_coding_task(
    texts: Corpus, what: str = "sentiment", *, topic: str = "", size: int = 100, strata: str = "machine",
    seed: int = 1, project: Project | None = None,
) -> CodingTask:  # fmt: skip
    """The sample of a corpus for one question, with its codes file; the same for notebook and widget.

    `what` is sentiment, or topic with the name of one. Raises BadParameter for anything else.
    """
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="source",
    )
    if what == "sentiment":
        labels, question = agreement.tone_labels(texts.tables.sentiment.to_pandas(), groups), "sentiment"
    elif what == "topic":
        hits = topics.find_topics(
            texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics
        )
        labels, question = agreement.topic_labels(hits, groups, topic), f"topic-{topic}"
    else:
        raise BadParameter("what", problem=f"nothing is coded as `{what}`", hint="choose sentiment or topic")
    sample = agreement.coding_sample(labels, size=size, strata=agreement.check_strata(strata), seed=seed)
    folder = (project or find_project()).folder / FOLDER
    name = re.sub(r"[^\w.-]+", "_", f"{texts.folder.name}-{question}")
    rule = (
        f"{len(sample)} of {len(labels):,} sentences: the same number from each stratum ({strata}), "
        f"drawn by lot with seed {seed}"
    )
    return CodingTask(
        texts,
        question,
        agreement.TONES if what == "sentiment" else agreement.HITS,
        sample,
        folder / f"{name}.csv",
        rule,
    )


def digest(project: Project) -> str:
    """Eight hex digits of all codes given in a project, after a hyphen; nothing where there are none.

    It goes with the settings into the key of a report, so that new codes make a new report.
    """
    files = sorted((project.folder / FOLDER).glob("*.csv"))
    found = hashlib.sha256(b"\0".join(file.name.encode() + file.read_bytes() for file in files))
    return f"-{found.hexdigest()[:8]}" if files else ""


def check_coder(coder: str) -> str:
    """The name of a coder; BadParameter for one that a file could not keep apart from others."""
    name = " ".join(coder.split())
    if not _CODER.fullmatch(name):
        raise BadParameter(
            "coder", problem=f"`{coder}` is no name for a coder", hint="use letters and digits, at most forty"
        )
    return name


def fingerprint(words: str) -> str:
    """Eight hex digits of a sentence's words, white space aside."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:8]


def read(place: Path) -> pd.DataFrame:
    """Every whole line of a codes file, in order; none where there is no file. A torn last line is left out.

    Raises WorkbenchError for a file whose columns are others.
    """
    if not place.is_file():
        return pd.DataFrame(
            {name: pd.Series(dtype="int64" if name in ("start", "end") else "str") for name in COLUMNS}
        )
    lines = list(csv.reader(io.StringIO(place.read_text(encoding="utf-8"))))
    if not lines or tuple(lines[0]) != COLUMNS:
        raise WorkbenchError(
            place, problem="this is no file of codes", hint=f"its first line must be {','.join(COLUMNS)}"
        )
    whole = [
        line for line in lines[1:] if len(line) == len(COLUMNS) and line[1].isdigit() and line[2].isdigit()
    ]
    out = pd.DataFrame(whole, columns=list(COLUMNS))
    return out.astype({name: "int64" if name in ("start", "end") else "str" for name in COLUMNS})


def append(place: Path, row: Sequence[object]) -> None:
    """Add one line in one write; a line that a crash tore is closed first. WorkbenchError when it cannot be written."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("ab+") as file:
            if file.tell() == 0:
                writer.writerow(COLUMNS)
            else:
                file.seek(-1, os.SEEK_END)
                line.write("" if file.read(1) == b"\n" else "\n")
            writer.writerow(row)
            file.write(line.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise WorkbenchError(
            place, problem=f"the code cannot be written: {error.strerror}", hint="make its folder writable"
        ) from error
