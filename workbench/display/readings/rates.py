"""Readings: what a table says, in sentences a busy person can quote.

The finding comes first, its denominator stands in the same sentence, then what the number does not
show. Every sentence is computed from the table; where there is too little data the sentence says so
instead of a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from workbench.display.formatting import count, interval, listed, number, percent, probability
from workbench.display.readings.sentiment import tone, tones

Row = dict[Any, Any]
AUTHOR = "the author"
LEAD = 2  # groups that have a sentence of their own; with more a reading is a table in prose
NOUNS = {"form": "word", "entity": "name"}  # of what a keyness table compares; else the name of its column
NOUNS_OF_MANY = {"word": "words", "name": "names", "topic": "topics", "pattern": "patterns"}
REST = "all others"  # the other side of a keyness table of several groups


def scope_note(table: pd.DataFrame) -> str:
    """What so few documents cannot show; an empty string when every group has ten or more."""
    if "n_docs" not in table or not len(table):
        return ""
    least = table.drop_duplicates("group") if "group" in table else table
    few = least[least["n_docs"] < 10]
    if few.empty:
        return ""
    if "group" in table and len(least) > 1 and set(least["n_docs"]) == {1}:
        return (
            "Each group is one document here: the numbers compare these texts and cannot tell "
            "how their sources or speakers write in general."
        )
    names = (
        listed([str(name) for name in few["group"].head(3)])
        if "group" in few and len(few) <= 3
        else f"{len(few)} groups"
    )
    return f"With fewer than ten documents, the numbers for {names} describe these texts and cannot be carried over to others."


def topic_reading(table: pd.DataFrame) -> str:
    """What the groups talk about most, which topic sets two of them apart, and what is not shown.

    In: a table of `analysis.topics.topic_rates`.
    """
    solid = table[table["sufficient"].astype(bool)]
    if solid.empty:
        return _compose(
            f"Too few hits to rank topics: no topic has enough of them in any group ({count(int(table['n'].sum()), 'hit')} in all).",
            scope_note(table),
        )
    lead = [_most_of(mine, "topic") for _, mine in solid.groupby("group", sort=False)]
    return _compose(*lead[:LEAD], _apart(table, "topic"), _silent(table), scope_note(table))


def topic_heading(table: pd.DataFrame) -> str:
    """The finding of the topic table in a heading."""
    found = _separate(table, "topic")
    if found:
        a, b = found
        return f"{_capital(str(a['topic']))}: more in {_within(a['group'])} than in {_within(b['group'])}"
    solid = table[table["sufficient"].astype(bool)]
    if solid.empty:
        return "Too few hits to rank topics"
    top = _records(solid.sort_values("rate", ascending=False, kind="stable"))[0]
    return f"{_capital(str(top['topic']))} is the most frequent topic in {_within(top['group'])}"


def keyness_reading(table: pd.DataFrame) -> str:
    """Which words set the groups apart after correction, and how far to trust it.

    In: a table of `analysis.keyness.keyness`.
    """
    if table.empty:
        return "There is one group alone, so no word can be distinctive of it."
    item = str(table.attrs.get("item", "form"))
    noun, tests = NOUNS.get(item, item), int(table.attrs.get("tested", len(table)))
    table = table.rename(columns={item: "form"})
    texts = not (table["basis"] == "documents").any()
    limit = (
        "The test takes words for independent, which they are not: read it as a comparison of these texts, not of their sources."
        if texts else "A test over words and a test over documents had to agree."
    )  # fmt: skip
    sure = table[(table["q"] < 0.05) & table["sufficient"].astype(bool)]
    tested = f"{count(tests, f'{noun} was', f'{NOUNS_OF_MANY[noun]} were')} compared and the correction covers them all"
    if sure.empty:
        best = _records(table)[0]
        found = (
            f"No {noun} that is frequent enough to be judged sets the groups apart"
            if best["q"] < 0.05
            else f"No {noun} sets the groups apart beyond chance"
        )
        return _compose(
            f"{found}; the nearest is “{best['form']}” "
            f"({int(best['n']):,} against {int(best['n_other']):,} times, q = {probability(best['q'])}). {tested}.", limit,
        )  # fmt: skip
    said = []
    for side, where, other in (
        (sure["log_ratio"] > 0, "group", "against"),
        (sure["log_ratio"] < 0, "against", "group"),
    ):
        for name, mine in list(sure[side].groupby(where, sort=False))[:4]:
            if name == REST:
                continue  # "all others" use many words more than each group: nothing to say
            rest = str(mine[other].iloc[0])
            listing = listed([_word(r) for r in _records(mine.head(4))])
            said.append(f"{_start(name)} uses {listing} more than {_other(rest)}.")
    return _compose(*said, f"{tested}.", limit)


def keyness_heading(table: pd.DataFrame) -> str:
    """The finding of the keyness table in a heading."""
    sure = table[(table["q"] < 0.05) & table["sufficient"].astype(bool)] if len(table) else table
    if len(sure) and (sure["against"] == REST).all():
        sure = sure[sure["log_ratio"] > 0]
    if sure.empty:
        return "No word sets the groups apart beyond chance"
    row = _records(sure)[0]
    owner, other = (row["group"], row["against"]) if row["log_ratio"] > 0 else (row["against"], row["group"])
    return f"“{row['form']}” is the word that most sets {owner} apart from {_other(str(other))}"


def sentiment_reading(table: pd.DataFrame) -> str:
    """Tone by group, of many the highest and the lowest: mean, interval and shares, whether it differs from zero.

    In: a table of `analysis.sentiment.sentiment_by`.
    """
    if table.empty:
        return "No sentence was scored."
    solid = _records(table[table["sufficient"].astype(bool)])
    ranked = sorted(solid, key=lambda r: -r["mean"])
    many = len(solid) > LEAD
    said = [
        f"{_start(r['group'])} {tone(r)}: mean {number(r['mean'], 2)} {interval(r['low'], r['high'], 'mean')} over "
        f"{count(int(r['n']), 'sentence')}, {percent(r['positive'])} positive and {percent(r['negative'])} negative."
        for r in ([ranked[0], ranked[-1]] if many else solid)
    ]
    thin = table[~table["sufficient"].astype(bool)]
    few = f"Too few sentences to tell: {_listed_n(thin)}." if len(thin) else ""
    return _compose(
        tones(solid) if many else "",
        *said,
        few,
        "Courtesy reads as positive here; a score is about words, not about intent.",
        scope_note(table),
    )


def sentiment_heading(table: pd.DataFrame) -> str:
    """The finding of the sentiment table in a heading."""
    solid = _records(table[table["sufficient"].astype(bool)]) if len(table) else []
    if not solid:
        return "Too few sentences to compare tone"
    if len(solid) == 1:
        return f"{_start(solid[0]['group'])} {tone(solid[0])}"
    ranked = sorted(solid, key=lambda r: -r["mean"])
    if ranked[0]["low"] > ranked[-1]["high"]:
        return f"{_start(ranked[0]['group'])} sounds more positive than {ranked[-1]['group']}"
    return "No group sounds clearly more positive than another"


def difference_reading(table: pd.DataFrame) -> str:
    """One sentence on a difference of two means. In: `analysis.sentiment.sentiment_difference`."""
    r = _records(table)[0]
    apart = f"{number(abs(r['difference']), 2)} points {'more' if r['difference'] > 0 else 'less'} positive"
    limits, sizes = (
        interval(r["low"], r["high"], "mean"),
        f"{int(r['n']):,} and {count(int(r['n_other']), 'sentence')}",
    )
    if not r["sufficient"]:
        return f"Cannot tell whether {r['group']} and {r['against']} differ in tone: {sizes} are too few ({number(r['difference'], 2)} {limits})."
    if r["low"] <= 0 <= r["high"]:
        return f"{_start(r['group'])} and {r['against']} do not clearly differ in tone ({number(r['difference'], 2)} {limits}, {sizes})."
    return f"{_start(r['group'])} is {apart} than {r['against']} ({number(r['difference'], 2)} {limits}, {sizes})."


def detectable_reading(table: pd.DataFrame, apart: pd.DataFrame) -> str:
    """The smallest difference that would have been seen, where no two groups lie apart; nothing where two do.

    In: tables of `analysis.sentiment.sentiment_by` and `sentiment_difference`.
    """
    solid = table[table["sufficient"].astype(bool) & table["low"].notna()]
    if apart.empty or (len(solid) > 1 and solid["low"].max() > solid["high"].min()):
        return ""
    row = _records(apart)[0]
    return (
        ""
        if row["low"] > 0 or row["high"] < 0
        else least_difference(row["group"], row["against"], row["detectable"])
    )


def least_difference(group: str, against: str, detectable: float, of: str = "in tone") -> str:
    """What these texts could have shown: "A difference of 0.12 or more … would have been found in four of five cases"."""
    return (
        f"These texts would have shown a difference {of} between {group} and {against} of {number(detectable, 2)} or more in four of "
        "five cases; a smaller one may be there unseen."
    )


def masking_reading(table: pd.DataFrame) -> str:
    """What masking names, offices and courtesy changed. In: `analysis.sentiment.masking`."""
    changed, total, turned = int(table["changed"].sum()), int(table["n"].sum()), int(table["turned"].sum())
    if changed == 0:
        return f"Masking names, offices and courtesy changes none of the {total:,} scores."
    worst = max(_records(table), key=lambda r: abs(r["difference"]))
    return (
        f"Masking names, offices and courtesy changes the score of {changed:,} of {count(total, 'sentence')} and the sign of {turned:,}. "
        f"It moves {worst['group']} most: {number(worst['unmasked'], 2)} with nothing masked, {number(worst['masked'], 2)} masked "
        f"(difference {number(worst['difference'], 2)} {interval(worst['low'], worst['high'], 'mean')}, n = {int(worst['n']):,})."
    )


def voice_reading(table: pd.DataFrame) -> str:
    """Who fills the sentences: "Direct quotes fill 71 % of the sentences of TASS [58–82, n = 24]".

    In: a table of `analysis.voices.voice_shares` or `speaker_shares`.
    """
    item = "voice" if "voice" in table else "speaker"
    said = []
    for group, mine in list(table.groupby("group", sort=False))[:4]:
        r = _records(mine.sort_values("sentence_share", ascending=False, kind="stable"))[0]
        share = f"{percent(r['sentence_share'])} of the sentences of {group} {interval(r['low'], r['high'], 'share')[:-1]}, n = {int(r['n_sentences']):,}]"
        said.append(f"{_start(_VOICES.get(str(r[item]), str(r[item])))} {_verb(str(r[item]))} {share}.")
    return _compose(*said, "A sentence counts for the voice that fills most of it.", scope_note(table))


def voice_heading(table: pd.DataFrame) -> str:
    """The finding of the voices table in a heading."""
    item = "voice" if "voice" in table else "speaker"
    r = _records(table.sort_values(["sentence_share", "n"], ascending=False, kind="stable"))[0]
    return f"{_start(_VOICES.get(str(r[item]), str(r[item])))} {_verb(str(r[item]))} {_fraction(r['sentence_share'])} of {r['group']}"


def entity_reading(table: pd.DataFrame) -> str:
    """Who is mentioned most by each group. In: a table of `analysis.entities.entity_rates`."""
    if table.empty or not table["n"].sum():
        return "No name was found in these sentences."
    said = [_most_of(mine, "entity") for _, mine in table[table["n"] > 0].groupby("group", sort=False)]
    return _compose(
        *said[:LEAD], _apart(table, "entity"), "Pronouns (“he”, “they”) are not counted.", scope_note(table)
    )


def comparison_reading(table: pd.DataFrame) -> str:
    """Chosen entities side by side. In: a table of `analysis.entities.compare`."""
    ranked = sorted(_records(table), key=lambda r: -r["n"])
    if not ranked:
        return "No entity was chosen."
    total, first = sum(int(r["n"]) for r in ranked), ranked[0]
    lead = (
        f"{first['entity']} is named most: {count(int(first['n']), 'time')} in {count(int(first['docs_with']), 'document')}, "
        f"{percent(first['share'])} {interval(first['share_low'], first['share_high'], 'share')} of the {total:,} mentions compared"
    )
    rest = listed([f"{r['entity']} {int(r['n']):,}" for r in ranked[1:]])
    quoted = listed([f"{r['entity']} {count(int(r['quoted']), 'quote')}" for r in ranked if r["quoted"]])
    return _compose(
        lead + (f"; {rest}." if rest else "."), f"Own words are quoted from {quoted}." if quoted else "None of them is quoted.",
        "The tone of a sentence that mentions somebody is not sentiment toward them.", scope_note(table),
    )  # fmt: skip


def entity_difference_reading(table: pd.DataFrame) -> str:
    """Whether two entities differ in rate and tone, and what would have been seen where they do not clearly.

    In: a table of `analysis.entities.entity_differences`.
    """
    return " ".join(_apart_said(row) for row in _records(table))


def _apart_said(r: Row) -> str:
    rate = r["measure"] == "rate"
    digits, what = (1, "in how often they are named") if rate else (2, "in the tone around them")
    limits = f"({number(r['difference'], digits)} {interval(r['low'], r['high'], 'rate' if rate else 'mean')}{' per 1,000 words' if rate else ''})"
    if not r["sufficient"]:
        return f"Too little to tell whether {r['entity']} and {r['against']} differ {what} {limits}."
    if r["low"] <= 0 <= r["high"]:
        return (
            f"{_start(r['entity'])} and {r['against']} do not clearly differ {what} {limits}. "
            + least_difference(str(r["entity"]), str(r["against"]), float(r["detectable"]), what)
        )
    more = "more" if r["difference"] > 0 else "less"
    if rate:
        return f"{_start(r['entity'])} is named {more} often than {r['against']} {limits}."
    return f"The sentences that name {r['entity']} are {more} positive than those that name {r['against']} {limits}."


def network_reading(table: pd.DataFrame) -> str:
    """Which pairs stand together beyond chance. In: a table of `analysis.cooccurrence.comentions`."""
    if table.empty:
        return "No two of them are mentioned together."
    unit = str(table["basis"].iloc[0])
    sure = table[(table["q"] < 0.05) & table["sufficient"].astype(bool) & (table["n"] > table["expected"])]
    total = f"of {count(int(table['units'].iloc[0]), unit)}"
    if sure.empty:
        r = _records(table)[0]
        return (
            f"No pair stands together more often than chance allows; the strongest is {_pair(r)}, together in "
            f"{int(r['n']):,} {total} (q = {probability(r['q'])} over {table.attrs.get('tested', len(table)):,} pairs)."
        )
    said = [
        f"{_pair(r)} ({int(r['n']):,} {total}, {number(r['expected'], 1)} expected)"
        for r in _records(sure.head(3))
    ]
    return f"Mentioned together more often than chance allows: {'; '.join(said)}. To stand in one {unit} is not yet a relation."


def _pair(r: Row) -> str:
    """Two names in a sentence; "economy and trade" and "arms control" need another word between them."""
    between = "with" if any(" and " in str(r[side]) for side in "ab") else "and"
    return f"{r['a']} {between} {r['b']}"


def segment_reading(table: pd.DataFrame) -> str:
    """How much of the pages was text. In: a table of `analysis.quality.segment_shares`."""
    said = []
    for group, mine in table.groupby("group", sort=False):
        body = float(mine.loc[mine["body"].astype(bool), "share"].sum())
        other = mine[~mine["body"].astype(bool)].sort_values("share", ascending=False, kind="stable").head(2)
        rest = listed([f"{str(r['kind']).replace('_', ' ')} {percent(r['share'])}" for r in _records(other)])
        said.append(
            f"{percent(body)} of the {int(mine['characters'].sum()):,} characters of {group} are body text"
            + (f"; the largest other parts are {rest}." if rest else ".")
        )
    return _compose(*said, "Nothing is deleted: what is not body text is labelled and not counted as words.")


def arrived_reading(documents: pd.DataFrame) -> str:
    """What the corpus holds. In: a table of `analysis.quality.arrived`."""
    n, words, sources = len(documents), int(documents["words"].sum()), documents["source"].value_counts()
    dates = sorted(str(date) for date in documents["date"] if str(date)[:1].isdigit())
    yearless = int(documents["date"].astype(str).str.startswith("--").sum())
    span = " to ".join(dict.fromkeys([*dates[:1], *dates[-1:]]))
    dated = f"dated {span}" if dates else "none of them dated"
    missing = n - len(dates) - yearless
    undated = f"; {count(missing, 'document')} without a date" if missing and dates else ""
    if yearless:
        undated += f"; {count(yearless, 'document')} with a day but no year"
    where = listed([f"{name} {int(k):,}" for name, k in sources.head(4).items()])
    return f"{count(n, 'document')} with {words:,} words of body text, {dated}{undated}: {where}."


_VOICES = {
    "author": "the author's own voice",
    "turn": "turns of speakers",
    "quote": "direct quotes",
    "indirect": "indirect speech",
}


def _verb(name: str) -> str:
    return "fill" if name in ("turn", "quote") else "fills" if name in ("author", "indirect") else "speaks in"


def _fraction(share: float) -> str:
    """A share in words for a heading: "three of four sentences", "about half the sentences"."""
    for limit, said in ((0.999, "all sentences"), (0.95, "nearly all sentences"), (0.86, "nine of ten sentences"),
                        (0.78, "four of five sentences"), (0.71, "three of four sentences"),
                        (0.63, "two of three sentences"), (0.55, "more than half the sentences"),
                        (0.45, "about half the sentences"), (0.29, "about a third of the sentences")):  # fmt: skip
        if share >= limit:
            return said
    return f"{percent(share)} of the sentences"


def _most_of(mine: pd.DataFrame, item: str) -> str:
    r = _records(mine.sort_values(["rate", "n"], ascending=False, kind="stable"))[0]
    thing = {
        "topic": "most frequent topic",
        "entity": "most mentioned name",
        "pattern": "most frequent word",
    }[item]
    nouns = {"entity": "mention", "topic": "hit", "pattern": "hit"}[item]
    return (
        f"The {thing} in {_within(r['group'])} is {r[item]}: {count(int(r['n']), nouns)} in {int(r['words']):,} words, "
        f"{number(r['rate'])} per 1,000 {interval(r['low'], r['high'])}."
    )


def _within(group: object) -> str:
    """A group after "in": texts are in a source, words of a speaker are in what they say."""
    return "the author's own text" if str(group) == AUTHOR else str(group)


def _separate(table: pd.DataFrame, item: str) -> tuple[Row, Row] | None:
    """The two rows of one item whose intervals lie furthest apart, if they do not meet and the higher has enough."""
    best: tuple[float, Row, Row] | None = None
    for _, mine in table.groupby(item, sort=False):
        rows = sorted(_records(mine), key=lambda r: -r["rate"])
        high, low = rows[0], rows[-1]
        gap = high["low"] - low["high"]
        if high["sufficient"] and gap > 0 and (best is None or gap > best[0]):
            best = gap, high, low
    return None if best is None else best[1:]


def _apart(table: pd.DataFrame, item: str) -> str:
    if table["group"].nunique() < 2:
        return ""
    found = _separate(table, item)
    if found is None:
        things = {"topic": "No topic sets", "entity": "No name sets", "pattern": "No word sets"}[item]
        return f"{things} the groups apart beyond their intervals."
    a, b = found
    return (
        f"The clearest difference is {a[item]}: {number(a['rate'])} {interval(a['low'], a['high'])} per 1,000 words in {a['group']}, "
        f"{number(b['rate'])} {interval(b['low'], b['high'])} in {b['group']}."
    )


def _silent(table: pd.DataFrame) -> str:
    totals = table.groupby("topic", sort=False)["n"].sum()
    none = int((totals == 0).sum())
    return (
        f"{none} of {len(totals)} topics {'was' if none == 1 else 'were'} not found at all, which may be a missing pattern."
        if none
        else ""
    )


def _word(r: Row) -> str:
    a, b = (r["n"], r["n_other"]) if r["log_ratio"] > 0 else (r["n_other"], r["n"])
    return f"“{r['form']}” ({int(a):,} against {int(b):,})"


def _other(name: str) -> str:
    return "the others" if name == REST else name


def _listed_n(table: pd.DataFrame) -> str:
    said = [f"{r['group']} ({int(r['n']):,})" for r in _records(table.head(5))]
    return listed(said) + (" and others" if len(table) > 5 else "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _start(name: object) -> str:
    """A name at the beginning of a sentence."""
    return _capital(str(name))


def _records(table: pd.DataFrame) -> list[Row]:
    return table.to_dict("records")


def _compose(*parts: str | Iterable[str]) -> str:
    return " ".join(str(part) for part in parts if part)
