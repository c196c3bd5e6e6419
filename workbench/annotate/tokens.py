"""Split sentences into tokens: one rule, one compiled expression over a whole batch, integers until the end.

The rule. A token is
- an address (https://…);
- an initialism with its full stops: "U.S.", "p.m.", and what hangs on it: "U.S.-led";
- a word or number with what stands inside it: "don't", "trade-and-economic", "G8", "AT&T", "29.2",
  "1,200", "3:30", "$29.2", "5.6%"; the possessive or contracted 's is cut off ("Russia's" counts for
  "russia") and stands as a token "'s" that is no word;
- a run of full stops or hyphens; any other single mark.
The full stop of "Mr." is a mark of its own, so "Mr" and "Mr." are one form.

The form is lower case, save one: "US" stays "US" (the country) unless most words of its sentence are in
capitals; "us" is the pronoun.

Editor's insertions and stage marks stand inside a sentence without being part of it. They become blanks before
anything is counted, so every offset still points into `Document.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.schema import Labelled, Segment, arrow_schema, plain

ASIDE_KINDS = ("insertion", "stage")


def mask_asides(text: str, segments: Sequence[Segment]) -> str:
    """Mask insertions and stage marks: `plain(text)` with blanks in their place, of the same length."""
    flat = plain(text)
    asides = [segment for segment in segments if segment.kind in ASIDE_KINDS]
    if not asides:
        return flat
    parts: list[str] = []
    position = 0
    for aside in asides:
        parts += (flat[position : aside.start], " " * (aside.end - aside.start))
        position = aside.end
    return "".join([*parts, flat[position:]])


def sentence_texts(batch: Sequence[Labelled]) -> Iterator[str]:
    """The text of each sentence of `batch` as it is counted, line feeds as blanks, its length kept."""
    for labelled in batch:
        flat = mask_asides(labelled.text, labelled.segments).replace("\n", " ")
        for sentence in labelled.sentences:
            yield flat[sentence.start : sentence.end]


Ints = NDArray[np.int32]

_WORD = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"  # letters and digits, with accents that stand apart
_JOIN = r"(?:-|'(?![sS](?![^\W_]))|(?<=[A-Z])&(?=[A-Z])|(?<=\d)[.,:/](?=\d))(?=[^\W_])"
_TOKEN = re.compile(
    rf"""\n|[^\S\n]+
    | https?://[^\s"'<>]+
    | (?:[A-Za-z]\.){{2,}}(?:-{_WORD})*
    | (?:[$€£¥](?=\d))?{_WORD}(?:{_JOIN}{_WORD})*(?:(?<=\d)%)?
    | '[sS](?![^\W_]) | \.\.+ | --+ | .""",
    re.VERBOSE | re.DOTALL,
)
_BREAK = "\n"  # between the sentences of a batch; no sentence holds one
_POSSESSIVE = "'s"
_COUNTRY = "US"


class Encoded(NamedTuple):
    """The tokens of a batch as columns of equal length, `form` as a number in `forms`."""

    document: Ints
    sentence: Ints
    start: Ints
    end: Ints
    form: Ints
    word: NDArray[np.bool_]
    forms: list[str]


class _Type(NamedTuple):
    length: int
    kept: bool
    word: bool
    capitals: bool
    form: str


class _Codes(dict[str, int]):
    """Numbers for token strings as they come."""

    def __missing__(self, token: str) -> int:
        self[token] = code = len(self)
        return code


def token_table(batch: Sequence[Labelled], *, encoded: bool = False) -> pa.Table:
    """Tokenise the sentences of `batch`: the tokens table of the schema.

    Out: [doc_id, sentence, start, end, form, word], in document and text order. Insertions and stage
    marks inside a sentence give none. With `encoded`, doc_id and form are dictionary arrays (the strings
    once each), which is what a store wants; else plain strings.
    """
    encoded_tokens = encode(batch)
    doc_id = pa.DictionaryArray.from_arrays(
        pa.array(encoded_tokens.document), pa.array([d.doc_id for d in batch], pa.string())
    )
    form = pa.DictionaryArray.from_arrays(
        pa.array(encoded_tokens.form), pa.array(encoded_tokens.forms, pa.string())
    )
    columns = {
        "sentence": encoded_tokens.sentence,
        "start": encoded_tokens.start,
        "end": encoded_tokens.end,
        "word": encoded_tokens.word,
    }
    arrays = {"doc_id": doc_id, "form": form} | {name: pa.array(column) for name, column in columns.items()}
    table = pa.table({name: arrays[name] for name in arrow_schema("tokens").names})
    return table if encoded else table.cast(arrow_schema("tokens"))


def encode(batch: Sequence[Labelled]) -> Encoded:
    """The tokens of `batch` as integers, and the forms they stand for."""
    spans = _sentence_spans(batch)
    joined = _BREAK.join(sentence_texts(batch))
    codes = _Codes({_BREAK: 0})
    token = np.fromiter(map(codes.__getitem__, _TOKEN.findall(joined)), np.int32)
    types = [_type(string) for string in codes]
    length = np.array([kind.length for kind in types], np.int32)[token]
    row = np.cumsum(token == 0, dtype=np.int32)  # number of the sentence in the batch
    # A token's place in the joined text, moved by where its sentence stands there and in the document.
    moved = spans[:, 2] - (np.cumsum(spans[:, 3] + 1) - spans[:, 3] - 1)
    start = (np.cumsum(length, dtype=np.int64) - length).astype(np.int64)
    is_kept = np.array([kind.kept for kind in types], np.bool_)[token]
    row, token, length = row[is_kept], token[is_kept], length[is_kept]
    begin = (start[is_kept] + moved[row]).astype(np.int32) if len(row) else np.zeros(0, np.int32)
    forms, of_type = _forms(types)
    form = _spare_the_country(of_type[token], forms, types, token, row)
    word = np.array([kind.word for kind in types], np.bool_)[token]
    document, sentence = spans[row, 0].astype(np.int32), spans[row, 1].astype(np.int32)
    return Encoded(document, sentence, begin, begin + length, form, word, forms)


def _sentence_spans(batch: Sequence[Labelled]) -> NDArray[np.int64]:
    """One row a sentence: number of its document, its own number there, start, length."""
    rows = [
        (number, index, sentence.start, sentence.end - sentence.start)
        for number, labelled in enumerate(batch)
        for index, sentence in enumerate(labelled.sentences)
    ]
    return np.array(rows, np.int64).reshape(-1, 4)


def _type(token: str) -> _Type:
    bare = any(map(str.isalnum, token))
    possessive = token.lower() == _POSSESSIVE
    capitals = token.isupper() and len(token) > 1 and token != _COUNTRY
    return _Type(len(token), not token.isspace(), bare and not possessive, capitals, _fold(token))


def _fold(token: str) -> str:
    """Lower case, but "US" as it is."""
    return token if token == _COUNTRY else token.lower()


def _forms(types: Sequence[_Type]) -> tuple[list[str], Ints]:
    """The different forms, and the number of its form for each type."""
    numbers = _Codes()
    of_type = np.array([numbers[kind.form] for kind in types], np.int32)
    return list(numbers), of_type


def _spare_the_country(form: Ints, forms: list[str], types: Sequence[_Type], token: Ints, row: Ints) -> Ints:
    """`form` with "US" made "us" where its sentence shouts: more words in capitals than not."""
    if _COUNTRY not in forms:
        return form
    country = forms.index(_COUNTRY)
    letters = np.array([kind.word and kind.length > 1 and kind.form.isalpha() for kind in types], np.bool_)[
        token
    ]
    capitals = np.array([kind.capitals for kind in types], np.bool_)[token]
    shouting = np.bincount(row, capitals) > np.bincount(row, letters & (form != country)) / 2
    if "us" not in forms:
        forms.append("us")
    return np.where((form == country) & shouting[row], forms.index("us"), form).astype(np.int32)
