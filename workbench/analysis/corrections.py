"""Group what an analyst can correct in a corpus, each group with the line or command that corrects it."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from workbench.analysis.quality import SHORT
from workbench.languages import UNDETERMINED
from workbench.schema import BODY_KINDS, plain
from workbench.settings.metadata import date_in_path, entry_line

COLUMNS = ["what", "n", "of", "note", "line"]
TODO = "…"  # stands in a line for what only the analyst knows; metadata.toml refuses it as a value
# The last word of a name of a newsroom or an office; a headline ends in none of them alone.
_OUTLET = re.compile(
    r"(?i)\b(agency|news|newswire|wire|press|ministry|department|office|embassy|times|post|herald)$"
)
HEADLINE_WORDS = 4  # fewer are a section, a topic or a place


def correction_groups(
    documents: pd.DataFrame, problems: pd.DataFrame, titles: pd.DataFrame, root: str = ""
) -> pd.DataFrame:
    """What is missing or doubtful in a corpus, in groups with the line that corrects each.

    In:  documents and problems as in the schema; titles as of `doubtful_titles`; `root` is the folder of the corpus as one types it.
    Out: [what, n, of, note, line]: `what` says in the plural what is wrong with `n` of `of` documents or files, `note` what
         is known beside it, `line` is an entry of metadata.toml or a command, with … for what only a person can know.
         A group without a document has no row.
    """
    n = len(documents)
    own = problems["path"].str.endswith("metadata.toml")
    refused = problems[(problems["severity"] == "refused") & ~own].drop_duplicates("path")
    undated = documents[documents["date_precision"] == "none"]
    named = [date_in_path(path) is not None for path in undated["path"]]
    basis = documents["date_basis"].fillna("").str.lower()
    untold = documents["language"].fillna(UNDETERMINED) == UNDETERMINED
    rows = [
        _row(
            "entries of metadata.toml have no effect",
            problems[own],
            len(problems[own]),
            _first(problems[own]),
            "",
        ),
        _row("files could not be read", refused, n + len(refused), _first(refused), ""),
        _undated(undated, named, n),
        _lacking("have a day but no year", documents[documents["date_precision"] == "month-day"], n, "date"),
        _inferred(documents[basis.str.contains("infer")], n),
        _without_source(documents[documents["source"].isna()], n),
        _lacking("have no title", documents[documents["title"].isna()], n, "title"),
        _titles(titles, n),
        _lacking("are in a language that cannot be told", documents[untold], n, "language"),
        _short(documents[documents["words"] < SHORT], n, root),
    ]
    return pd.DataFrame([row for row in rows if row[1]], columns=COLUMNS)


def doubtful_titles(documents: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Documents whose title is the name of a newsroom or an office, with the line below it that may be the headline.

    In:  documents [doc_id, title, text, source]; segments [doc_id, start, end, kind] of at least those that
         `titles_to_check` names.
    Out: [doc_id, title, headline]: `headline` is the first line of chrome of at least four words between title and body text; missing
         where there is none, and then the document is listed only where the title is a known source.
    """
    suspects = documents[documents["doc_id"].isin(titles_to_check(documents))]
    texts = {
        str(doc_id): (str(title), str(text))
        for doc_id, title, text in suspects[["doc_id", "title", "text"]].itertuples(index=False)
    }
    sources = _names(documents["source"].dropna())
    rows = []
    for doc_id, own in segments.sort_values(["doc_id", "start"]).groupby("doc_id"):
        if str(doc_id) not in texts:
            continue
        title, text = texts[str(doc_id)]
        headline = _headline(text, own)
        if headline or _folded(title) in sources:
            rows.append((doc_id, title, headline))
    return pd.DataFrame(rows, columns=["doc_id", "title", "headline"])


def titles_to_check(documents: pd.DataFrame) -> list[str]:
    """The doc_ids of documents whose title is a source of the corpus, or ends like the name of a newsroom or an office."""
    sources = _names(documents["source"].dropna())
    titled = documents.loc[documents["title"].notna(), ["doc_id", "title"]]
    return [
        str(doc_id)
        for doc_id, title in titled.itertuples(index=False)
        if _folded(title) in sources or (len(title.split()) <= 5 and _OUTLET.search(title.strip()))
    ]


def _headline(text: str, segments: pd.DataFrame) -> str | None:
    seen = False
    for start, end, kind in segments[["start", "end", "kind"]].itertuples(index=False):
        if kind in BODY_KINDS:
            return None
        line = " ".join(text[start:end].split())
        if seen and kind == "chrome" and len(line.split()) >= HEADLINE_WORDS:
            return line
        seen = seen or kind == "title"
    return None


def _undated(undated: pd.DataFrame, named: list[bool], n: int) -> tuple[object, ...]:
    if not any(named):
        return _lacking("have no date", undated, n, "date")
    several = sum(named) > 1
    note = (
        f"{sum(named):,} of them {'have' if several else 'has'} one in the file name, and one line accepts it"
    )
    pattern = _pattern(undated.loc[named, "path"])
    line = entry_line(pattern, date_from="file name", reason="the files are named by date")
    return _row("have no date", undated, n, note, line)


def _inferred(found: pd.DataFrame, n: int) -> tuple[object, ...]:
    if not len(found):
        return _row("have an inferred year", found, n, "", "")
    first = found.iloc[0]
    line = entry_line(first["doc_id"], date=str(first["date"]), reason=TODO)
    return _row("have an inferred year", found, n, "the line confirms the first", line)


def _without_source(found: pd.DataFrame, n: int) -> tuple[object, ...]:
    if not len(found):
        return _row("have no source", found, n, "", "")
    folders = Counter(path.rpartition("/")[0].partition("/")[0] for path in found["path"])
    folder, most = folders.most_common(1)[0]
    if not folder or most == 1:
        return _lacking("have no source", found, n, "source")
    note = f"{most:,} of them in {folder}/"
    return _row("have no source", found, n, note, entry_line(f"{folder}/*", source=TODO, reason=TODO))


def _titles(titles: pd.DataFrame, n: int) -> tuple[object, ...]:
    what = "have a doubtful title: the name of a newsroom or an office"
    if not len(titles):
        return _row(what, titles, n, "", "")
    first = titles.sort_values("headline", na_position="last", kind="stable").iloc[0]
    headline = first["headline"] if isinstance(first["headline"], str) else TODO
    line = entry_line(first["doc_id"], title=headline, reason="the headline stands below the name")
    return _row(what, titles, n, f"the first is called {first['title']}", line)


def _short(found: pd.DataFrame, n: int, root: str) -> tuple[object, ...]:
    path = (
        f"{root.rstrip('/')}/{found['path'].iloc[0]}"
        if len(found) and root
        else "".join(found["path"].head(1))
    )
    line = f"workbench parse {shlex.quote(path)}" if len(found) else ""
    return _row(f"are shorter than {SHORT} words", found, n, "see how they were read", line)


def _lacking(what: str, found: pd.DataFrame, n: int, key: str) -> tuple[object, ...]:
    line = entry_line(found["doc_id"].iloc[0], **{key: TODO, "reason": TODO}) if len(found) else ""
    return _row(what, found, n, "", line)


def _row(what: str, found: pd.DataFrame, of: int, note: str, line: str) -> tuple[object, ...]:
    return what, len(found), of, note, line


def _first(problems: pd.DataFrame) -> str:
    if not len(problems):
        return ""
    first = problems.iloc[0]
    return f"{first['path']}: {first['problem']}; {first['hint']}"


def _pattern(paths: Iterable[str]) -> str:
    """The name with * that fits these files: that of their first folder where they share it."""
    folders = {path.partition("/")[0] if "/" in path else "" for path in paths}
    return f"{folders.pop()}/*" if len(folders) == 1 and "" not in folders else "*"


def _names(sources: Iterable[str]) -> set[str]:
    return {_folded(source) for source in sources}


def _folded(name: str) -> str:
    return " ".join(plain(name).casefold().split())
