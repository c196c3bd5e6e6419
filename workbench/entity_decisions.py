"""Decisions about names: which suggested merges hold, which do not, and what each of them moved.

`accept`, `refuse` and `undo` write the project's `aliases.toml` and link the names again; no document is
read for it. All count over the whole corpus, since a decision holds for all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from workbench import link
from workbench.corpus import Corpus
from workbench.display.evidence import Evidence, EvidenceLists, sentences_of
from workbench.display.formatting import count
from workbench.errors import BadParameter
from workbench.link.entities.name_forms import person_name
from workbench.pipeline.build import ensure
from workbench.project import Project, find_project
from workbench.settings import Settings, load_settings
from workbench.settings.alias_editor import own_decisions, remove_decision, with_decision, write_decision
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name
from workbench.store import to_frame, write_lock

SUGGESTED = ["a", "n_a", "b", "n_b", "confidence", "why"]


@dataclass(frozen=True)
class MergeResult:
    """A decision as it was taken: the corpus after it, what moved, where it is written, one line for a person."""

    corpus: Corpus
    moved: pd.DataFrame
    place: Path
    said: str


def suggestions(corpus: Corpus, top: int | None = None) -> pd.DataFrame:
    """Pairs of entities that may be one, the likeliest first; what was refused is not suggested again.

    Out: [a, n_a, b, n_b, confidence, why]: `a` is the more mentioned; `confidence` 0 to 1 orders the list
         (how alike the names are, halved where both stand in one document), it is no measured chance.
    """
    entities = corpus.tables.entities.to_pandas()
    found = link.suggest(corpus.tables.mentions.to_pandas(), entities, corpus.settings.aliases)
    number = dict(zip(entities["entity"], entities["n"], strict=True))
    out = found.rename(columns={"score": "confidence", "evidence": "why"}).assign(
        n_a=found["a"].map(number).astype(int), n_b=found["b"].map(number).astype(int)
    )[SUGGESTED]
    return out if top is None else out.head(top)


def suggestion_evidence(corpus: Corpus, pairs: pd.DataFrame, *, each: int = 2) -> EvidenceLists:
    """Both sides of each suggested pair in their sentences, `each` of them, one fold a pair."""
    names = {str(name) for column in ("a", "b") for name in pairs[column]}
    mine = corpus.tables.mentions.to_pandas()
    mine = mine[mine["entity"].isin(names) & mine["sentence"].notna()].drop_duplicates(
        ["doc_id", "sentence", "entity"]
    )
    number = mine.groupby("entity")["entity"].transform("size")
    rank = mine.groupby("entity").cumcount()
    chosen = mine[(rank * each // number) != ((rank - 1) * each // number)]
    lines = sentences_of(chosen, _units(corpus, chosen), _documents(corpus, chosen))
    whose = lines.merge(chosen[["doc_id", "start", "entity"]], on=["doc_id", "start"])["entity"]
    found = mine["entity"].value_counts()
    parts = []
    for row in pairs.to_dict("records"):
        sides = pd.concat([lines[whose == row[side]].head(each) for side in ("a", "b")], ignore_index=True)
        n = sum(int(found.get(row[side], 0)) for side in ("a", "b"))
        rule = f"{len(sides)} of {n} sentences, spread over the texts"
        parts.append(Evidence(sides, rule, n, f"{row['a']} and {row['b']}: {row['why']}"))
    return EvidenceLists(tuple(part for part in parts if part.found))


# A merge joins mentions of one kind; what kind a name is, the layer of mentions decides before it.
KIND_HINT = (
    'write the name under its kind in settings/aliases.toml, such as [names.known] and below it place = ["…"]'
)


def accept(
    corpus: Corpus, names: Sequence[str], *, reason: str, entity: str | None = None, label: str | None = None,
    project: Project | None = None,
) -> MergeResult:  # fmt: skip
    """Make names one entity from now on, with the reason.

    `names` are entities or forms of their names; `entity` is what it is called (by default
    the most mentioned of them, a full name before a surname), `label` its label. Raises BadParameter for a name that nobody bears, a person
    merged with a thing and a merge that moves nothing; BadSettings for one that contradicts an earlier
    decision. Nothing is written then.
    """
    bearers = _bearers(corpus, names)
    full = [bool(person_name(str(name)).full) for name in bearers["entity"]]
    first = bearers.assign(full=full).sort_values(["full", "n"], ascending=False, kind="stable").iloc[0]
    kinds = {str(name): str(kind) for name, kind in zip(bearers["entity"], bearers["label"], strict=True)}
    person = [name for name, kind in kinds.items() if kind == "person"]
    if person and len(person) < len(kinds):
        other = next(name for name in kinds if name not in person)
        raise BadParameter(
            "accept", problem=f"{person[0]} is a person and {other} is not ({kinds[other]})",
            hint=f"accept names of one kind: persons, or things; if one was misread, {KIND_HINT}",
        )  # fmt: skip
    if label is not None and (label == "person") != bool(person):
        name, kind = next(iter(kinds.items()))
        raise BadParameter(
            "accept --label", problem=f"a merge cannot make {name} ({kind}) a {label}: it would change nothing", hint=KIND_HINT
        )  # fmt: skip
    decision = Accept(
        tuple(names), entity or str(first["entity"]), label or str(first["label"]), _said(reason)
    )
    folder = (project or find_project()).settings
    moved = _moved(corpus, with_decision(folder, decision))
    if not len(moved):
        raise BadParameter(
            "accept", problem=f"this changes nothing: {' and '.join(names)} already mean one entity",
            hint="see `workbench entities ledger`",
        )  # fmt: skip
    return _decide(corpus, decision, folder, moved)


def refuse(
    corpus: Corpus, names: Sequence[str], *, reason: str, project: Project | None = None
) -> MergeResult:
    """Keep two names apart from now on, with the reason; they are not suggested again.

    Raises BadParameter for a name that nobody bears, BadSettings for a pair that was accepted or
    refused before. Nothing is written then.
    """
    _bearers(corpus, names)
    if len(names) != 2:
        raise BadParameter(
            "refuse", problem=f"{len(names)} names", hint="name two, one refusal for each pair"
        )
    decision = Refuse((names[0], names[1]), _said(reason))
    folder = (project or find_project()).settings
    if decision.names in {one.names for one in own_decisions(folder).refuse}:
        raise BadParameter(
            "refuse", problem=f"{names[0]} and {names[1]} are refused already", hint="undo it first to give another reason"
        )  # fmt: skip
    return _decide(corpus, decision, folder, _moved(corpus, with_decision(folder, decision)))


def undo(corpus: Corpus, names: Sequence[str], *, project: Project | None = None) -> MergeResult:
    """Undo the last decision about exactly these names; BadSettings when there is none."""
    folder = (project or find_project()).settings
    with write_lock(corpus._source.store.place):
        decision = remove_decision(folder, names)
    settings = load_settings(folder)
    moved = _moved(corpus, settings.aliases)
    said = f"Undone: {_words(decision)} ({decision.reason}). {_count(moved)}"
    return MergeResult(relinked(corpus, settings), moved, folder / "aliases.toml", said)


def ledger(corpus: Corpus, *, project: Project | None = None) -> pd.DataFrame:
    """What every decision moved, the project's own first; the package's only where they moved something.

    Out: [decision, names, before, after, moved, n_docs, reason, note], as `link.decision_effects`; `note` says of an
         own decision that moves nothing whether it no longer fits.
    """
    aliases = corpus.settings.aliases
    own = own_decisions((project or find_project()).settings)
    mine = own.decisions
    table = link.decision_effects(linker_of(corpus), aliases)
    keys = zip(table["decision"], table["names"], table["reason"], strict=True)
    known = {("accept" if isinstance(d, Accept) else "refuse", d.names, d.reason) for d in mine}
    is_own = pd.Series([(kind, tuple(names), reason) in known for kind, names, reason in keys], dtype=bool)
    table = table.assign(own=is_own.to_numpy())
    shown = table[table["own"] | (table["moved"] > 0)]
    return shown.sort_values("own", ascending=False, kind="stable", ignore_index=True).drop(columns="own")


def linker_of(corpus: Corpus) -> link.Linker:
    """The names of the whole corpus, ready to be linked under other decisions; kept with the corpus."""
    read = corpus._source.read

    def make() -> link.Linker:
        return link.Linker(
            to_frame("mentions", read("names", ["doc_id", "surface", "label", "beside", "speaker"])),
            to_frame("segments", read("segments", ["doc_id", "speaker", "role"])),
            to_frame("documents", read("documents", ["doc_id", "story"])),
        )

    return corpus.kept("linker", make)


def relinked(corpus: Corpus, settings: Settings) -> Corpus:
    """The corpus with its names linked under other settings; no document is read, no name sought again."""
    source, linker = corpus._source, linker_of(corpus)
    known = source.read("names", ["doc_id", "surface"])

    def link_again(
        names: pd.DataFrame, segments: pd.DataFrame, documents: pd.DataFrame, aliases: Aliases
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        same = source.store.read("names", ["doc_id", "surface"]).equals(known)  # or somebody built meanwhile
        return linker.link(names, aliases) if same else link.link(names, segments, documents, aliases)

    commit = ensure(source.store, ["mentions"], settings, link=link_again)
    now = replace(source, commit=commit, settings=settings)
    return replace(corpus, settings=settings, _source=now, built=None, _frames={"linker": linker})


def _decide(corpus: Corpus, decision: Accept | Refuse, folder: Path, moved: pd.DataFrame) -> MergeResult:
    with write_lock(corpus._source.store.place):
        place = write_decision(folder, decision)
    said = f"{_words(decision)} ({decision.reason}). {_count(moved)}"
    return MergeResult(relinked(corpus, load_settings(folder)), moved, place, said[0].upper() + said[1:])


def _moved(corpus: Corpus, new: Aliases) -> pd.DataFrame:
    return link.moves(linker_of(corpus), corpus.settings.aliases, new)


def _bearers(corpus: Corpus, names: Sequence[str]) -> pd.DataFrame:
    """The entities that the names stand for; BadParameter for a name of nobody or of one that no form tells."""
    if not names:
        raise BadParameter("names", problem="no name is given", hint="name the forms that are meant")
    entities = corpus.unfiltered().tables.entities.to_pandas()
    bearers: dict[str, set[str]] = defaultdict(set)
    for entity, forms in zip(entities["entity"], entities["aliases"], strict=True):
        for form in (entity, *forms):
            bearers[fold_name(form)].add(entity)
    for name in names:
        if fold_name(name) not in bearers:
            near = get_close_matches(name, entities["entity"], n=3, cutoff=0.6)
            listed = f"did you mean {' or '.join(f'`{one}`' for one in near)}? " if near else ""
            raise BadParameter(
                "names",
                problem=f"no entity is called `{name}` here",
                hint=f"{listed}all names: workbench entities --limit 0",
            )
        form = name.rsplit(" (", 1)[0]
        if name.endswith(")") and form != name and fold_name(form) in bearers:
            raise BadParameter(
                "names", problem=f"`{name}` has the same forms as `{form}`",
                hint="decisions go by the form of a name and cannot separate these two",
            )  # fmt: skip
    meant = set().union(*(bearers[fold_name(name)] for name in names))
    return entities[entities["entity"].isin(meant)]


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadParameter(
            "reason", problem="no reason is given", hint='say why, such as --reason "brothers"'
        )
    return reason.strip()


def _words(decision: Accept | Refuse) -> str:
    if isinstance(decision, Refuse):
        return f"{decision.names[0]} and {decision.names[1]} stay apart"
    return f"{' and '.join(decision.names)} are one: {decision.entity}"


def _count(moved: pd.DataFrame) -> str:
    """What moved, in a sentence."""
    if not len(moved):
        return "No mention changes its entity."
    parts = [
        f"{n:,} from {before} to {after}"
        for before, after, n in moved[["before", "after", "moved"]].head(4).itertuples(index=False, name=None)
    ]
    more = f" and {len(moved) - 4} more" if len(moved) > 4 else ""
    total = int(moved["moved"].sum())
    return f"{count(total, 'mention')} {'moves' if total == 1 else 'move'}: {', '.join(parts)}{more}."


def _documents(corpus: Corpus, chosen: pd.DataFrame) -> pd.DataFrame:
    documents = corpus.tables.documents.to_pandas()
    return documents[documents["doc_id"].isin(set(chosen["doc_id"]))]


def _units(corpus: Corpus, chosen: pd.DataFrame) -> pd.DataFrame:
    """The sentences of the chosen mentions as `evidence` reads them, without counting any words."""
    keys = chosen[["doc_id", "sentence"]].drop_duplicates().astype({"sentence": "int64"})
    found = corpus.tables.sentences.to_pandas().merge(keys, on=["doc_id", "sentence"])
    found = found.merge(_documents(corpus, chosen)[["doc_id", "source", "date"]], on="doc_id")
    known = {column: found[column].astype("object") for column in ("source", "date", "speaker")}
    known = {column: values.where(values.notna(), None) for column, values in known.items()}
    return found.assign(group="all", by="all", **known)
