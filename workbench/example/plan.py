"""Decide which pages an example corpus has, and where in them the effects are planted."""

from __future__ import annotations

import calendar
import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.example import effects as sizes
from workbench.example.effects import Effects
from workbench.example.world import SPAN, World, read_data

ARTICLE, STATEMENT, TRANSCRIPT, LETTER = "article", "statement", "transcript", "letter"
SENTENCES = {ARTICLE: 13, STATEMENT: 9, TRANSCRIPT: 17, LETTER: 1}  # with a topic, in a page of each genre
SHARES = {
    "agency-a": 0.25,
    "agency-b": 0.25,
    "portal": 0.08,
    "ministry-a": 0.15,
    "ministry-b": 0.15,
    "presidency": 0.12,
}
PLANTED = (
    0.08,
    0.1,
    0.12,
)  # share of the topics of the rise, the two sources and the confounder, without an effect
LOPSIDED = 0.88  # share of the confounding genre, or year, in the one ministry; the rest in the other
SPEAKS = 0.7  # share of the articles from the first country in which the speaker whose tone changes is quoted
TONES = {"positive": 0.3, "neutral": 0.45, "negative": 0.25}
SPREAD = (
    sizes.TONE * (TONES["positive"] + TONES["negative"] - (TONES["positive"] - TONES["negative"]) ** 2) ** 0.5
)
SAID = 4  # sentences that the speaker whose tone changes says in an article


@dataclass(frozen=True)
class PlannedPage:
    """A page to write: who issues it, when, what kind it is, and what is planted in it.

    `shares` has the share of each topic; `turned` is the share of the sentences of the speaker whose tone changes that
    turn from positive to negative; `wording` is "old", "new" or "" for the fixed phrase of the ministry.
    `copies` is the number of the page that this one reprints, `updates` that of the page that it carries on.
    """

    number: int
    source: str
    genre: str
    date: datetime.date
    shares: Mapping[str, float]
    markup: bool
    speakers: tuple[str, ...] = ()
    second_spelling: bool = False
    turned: float = 0.0
    wording: str = ""
    form: int | None = None
    copies: int | None = None
    updates: int | None = None
    broken: str = ""
    late: bool = False


@dataclass
class Plan:
    """The pages of a corpus, and for each effect what was planted."""

    pages: list[PlannedPage]
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)


def make_plan(world: World, effects: Effects, pages: int, seed: int) -> Plan:
    """The pages of a corpus of about `pages` pages."""
    rng = random.Random(f"plan {seed}")  # noqa: S311
    plan = Plan(_pages(rng, world, effects, pages))
    _speakers(plan, world, random.Random(f"speakers {seed}"))  # noqa: S311
    _families(plan, random.Random(f"families {seed}"))  # noqa: S311
    for plant in (_topic_rise, _source_difference, _confounder, _tone_change, _changed_wording,
                  _alias, _shared_surname, _broken_feed, _late_batch):  # fmt: skip
        name = plant.__name__[1:]
        rng = random.Random(f"{name} {seed}")  # noqa: S311
        plan.effects[name] = {"size": effects.sizes()[name], **plant(plan, world, effects, rng)}
    return plan


def _pages(rng: random.Random, world: World, effects: Effects, pages: int) -> list[PlannedPage]:
    found: list[PlannedPage] = []
    shares = _base_shares(world)
    for source, share in SHARES.items():
        count = max(4, round(pages * share))
        for number in range(count):
            genre, form = _genre(source, number)
            month = number * SPAN // count
            if source.startswith("ministry"):
                genre, month = _ministry(rng, source, number, count, effects)
            found.append(PlannedPage(
                len(found), source, genre, _day(world, month, rng), shares, form=form,
                markup=rng.random() < {"agency-a": 0.5, "agency-b": 0.5, "portal": 1.0}.get(source, 0.35),
            ))  # fmt: skip
    return found


def _base_shares(world: World) -> dict[str, float]:
    rest = (1 - sum(PLANTED)) / (len(world.topics) - len(PLANTED))
    return {topic: PLANTED[i] if i < len(PLANTED) else rest for i, topic in enumerate(world.topics)}


def _genre(source: str, number: int) -> tuple[str, int | None]:
    if source != "presidency":
        return ARTICLE, None
    if number % 5 in (1, 3):
        return LETTER, number // 2 % len(read_data("pages")["letter"])
    return (STATEMENT if number % 5 == 2 else TRANSCRIPT), None


def _ministry(rng: random.Random, source: str, number: int, count: int, effects: Effects) -> tuple[str, int]:
    """Genre and month of a page of a ministry: one of the two goes with the ministry, the other does not."""
    lopsided = LOPSIDED if source == "ministry-a" else 1 - LOPSIDED
    first = (number + 0.5) / count < lopsided
    if effects.confounded_by == "genre":
        return (STATEMENT if first else TRANSCRIPT), rng.randrange(SPAN)
    early = rng.randrange(SPAN // 2) if first else SPAN // 2 + rng.randrange(SPAN // 2)
    return (STATEMENT if number % 2 else TRANSCRIPT), early


def _day(world: World, month: int, rng: random.Random) -> datetime.date:
    year, number = (int(part) for part in world.month(month).split("-"))
    day = datetime.date(year, number, rng.randint(1, calendar.monthrange(year, number)[1]))
    return day if day.weekday() < 5 or rng.random() < 0.3 else day.replace(day=max(1, day.day - 2))


def _speakers(plan: Plan, world: World, rng: random.Random) -> None:
    """Who is quoted or speaks on each page."""
    for index, page in enumerate(plan.pages):
        country = world.sources[page.source].country or rng.choice(
            (*world.countries[:2] * 2, *world.countries)
        )
        own = [p.key for p in world.in_office(country)]
        others = [p.key for p in world.people if p.country != country and p.key != "namesake"]
        if page.genre == LETTER:
            keys = [own[0], rng.choice([k for k in others if k.startswith("president")])]
        elif page.genre == STATEMENT:
            keys = [own[1]]
        elif page.genre == TRANSCRIPT:
            host = own[0] if page.source == "presidency" else rng.choice(own[1:3])
            keys = [
                host,
                rng.choice([k for k in others if k.split("-")[0] in ("president", "foreign", "premier")]),
            ]
        else:
            keys = [*rng.sample(own, 2), rng.choice(others)]
            if country == world.countries[0] and "spokesman-0" not in keys and rng.random() < SPEAKS:
                keys[0] = "spokesman-0"
        plan.pages[index] = replace(page, speakers=tuple(keys))


def _families(plan: Plan, rng: random.Random) -> None:
    """Make some pages updates of an earlier one of their agency, and some reprints of another outlet's."""
    pages = plan.pages
    count = max(1, len(pages) // 60)
    own = [page.number for page in pages if page.source == "agency-a"]
    for at in _spaced(rng, len(own) - 1, count):
        first, second = pages[own[at]], pages[own[at + 1]]
        pages[second.number] = replace(
            second, updates=first.number, date=first.date + datetime.timedelta(days=rng.choice((0, 0, 1))), speakers=first.speakers,
        )  # fmt: skip
    originals = [page.number for page in pages if page.source == "agency-b"]
    reprints = [page.number for page in pages if page.source == "portal"]
    for a, b in zip(_spaced(rng, len(originals), count), _spaced(rng, len(reprints), count), strict=False):
        first, second = pages[originals[a]], pages[reprints[b]]
        pages[second.number] = replace(
            second, copies=first.number, date=first.date, speakers=first.speakers,
        )  # fmt: skip


def _spaced(rng: random.Random, length: int, count: int) -> list[int]:
    """Positions that are not neighbours."""
    step = max(2, length // max(1, count))
    return [
        min(length - 1, i * step + rng.randrange(max(1, step - 1))) for i in range(count) if i * step < length
    ]


def _with_share(shares: Mapping[str, float], topic: str, share: float) -> dict[str, float]:
    """The shares with another one for a topic; the others make room."""
    left = (1 - share) / (1 - shares[topic])
    return {name: share if name == topic else value * left for name, value in shares.items()}


def _topic_rise(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    topic, month = world.topics[0], world.month(rng.randrange(5, SPAN - 4))
    base, per_page = PLANTED[0], _per_page(plan.pages)
    inside = [p for p in plan.pages if p.date.isoformat()[:7] == month and p.genre != LETTER]
    unit = sizes.smallest_rise(base, per_page, max(1.0, len(plan.pages) / SPAN))
    share = sizes.risen_share(base, unit * effects.topic_rise)
    for page in inside:
        plan.pages[page.number] = replace(page, shares=_with_share(page.shares, topic, share))
    return {
        "topic": topic,
        "month": month,
        "smallest": unit,
        "share": share,
        "share_elsewhere": base,
        "pages": len(inside),
    }


def _source_difference(plan: Plan, world: World, effects: Effects, _rng: random.Random) -> dict[str, Any]:
    topic, base = world.topics[1], PLANTED[1]
    groups = [[p for p in plan.pages if p.source == key] for key in ("agency-a", "agency-b")]
    unit = sizes.smallest_ratio(base, SENTENCES[ARTICLE], (len(groups[0]), len(groups[1])))
    share = min(sizes.MOST, base * 2.718281828 ** (unit * effects.source_difference))
    for page in groups[0]:
        plan.pages[page.number] = replace(page, shares=_with_share(page.shares, topic, share))
    names = [world.sources[key].name for key in ("agency-a", "agency-b")]
    return {
        "topic": topic,
        "more": names[0],
        "less": names[1],
        "smallest": unit,
        "share": share,
        "share_elsewhere": base,
    }


def _confounder(plan: Plan, world: World, effects: Effects, _rng: random.Random) -> dict[str, Any]:
    """Statements, or the first half of the time, hold more of a topic, and one ministry has most of them."""
    topic, base = world.topics[2], PLANTED[2]
    ministries = [p for p in plan.pages if p.source.startswith("ministry")]
    each = len(ministries) / 2
    unit = sizes.smallest_ratio(base, (SENTENCES[STATEMENT] + SENTENCES[TRANSCRIPT]) / 2, (each, each))
    ratio = min(2.718281828 ** (unit * effects.confounder), 0.9 * LOPSIDED / (1 - LOPSIDED))
    more = (ratio - 1) / (LOPSIDED - ratio * (1 - LOPSIDED))  # so that the two ministries differ by `ratio`
    share = min(sizes.MOST, base * (1 + more))
    half = world.month(SPAN // 2)
    for page in ministries:
        by_genre = page.genre == STATEMENT
        if by_genre if effects.confounded_by == "genre" else page.date.isoformat()[:7] < half:
            plan.pages[page.number] = replace(page, shares=_with_share(page.shares, topic, share))
    names = [world.sources[key].name for key in ("ministry-a", "ministry-b")]
    return {"topic": topic, "more": names[0], "less": names[1], "by": effects.confounded_by, "smallest": unit,
            "share": share, "share_elsewhere": base}  # fmt: skip


def _tone_change(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    month = world.month(rng.randrange(7, SPAN - 6))
    speaker = world.person("spokesman-0")
    said = [p for p in plan.pages if speaker.key in p.speakers and p.genre != STATEMENT]
    later = [p for p in said if p.date.isoformat()[:7] >= month]
    sentences = [sum(SENTENCES[TRANSCRIPT] / 2 if p.genre == TRANSCRIPT else SAID for p in some) or 1.0
                 for some in ([p for p in said if p not in later], later)]  # fmt: skip
    unit = sizes.smallest_tone(SPREAD, (sentences[0], sentences[1]))
    turned = sizes.turned_share(unit * effects.tone_change, TONES["positive"], TONES["neutral"])
    for page in later:
        plan.pages[page.number] = replace(page, turned=turned)
    return {"speaker": speaker.name, "month": month, "smallest": unit, "turned": turned,
            "sentences_before": round(sentences[0]), "sentences_after": round(sentences[1])}  # fmt: skip


def _changed_wording(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    month = world.month(rng.randrange(7, SPAN - 6))
    pages = [p for p in plan.pages if p.source == "ministry-a" and p.genre == STATEMENT]
    before, after = (
        [p for p in pages if (p.date.isoformat()[:7] >= month) is later] for later in (False, True)
    )
    unit = sizes.smallest_share((len(before) or 1, len(after) or 1))
    share = min(1.0, unit * effects.changed_wording)
    for page in pages:
        new = rng.random() < share and page in after
        plan.pages[page.number] = replace(plan.pages[page.number], wording="new" if new else "old")
    region = world.countries[1].regions[0]
    wording = read_data("pages")["wording"]
    return {"source": world.sources["ministry-a"].name, "month": month, "smallest": unit, "share": share,
            "old": wording["old"].replace("{bareregion}", region.removeprefix("the ")), "new": wording["new"].replace("{region}", region),
            "pages_before": len(before), "pages_after": len(after)}  # fmt: skip


def _alias(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    """The second agency writes the name of one person otherwise."""
    person = world.person("foreign-1")
    pages = [p for p in plan.pages if p.source == "agency-b" and p.copies is None and not _alone(p, plan)]
    count = min(round(sizes.FEW_DOCUMENTS * effects.alias), len(pages) // 2)
    for page in rng.sample(pages, count):
        plan.pages[page.number] = replace(page, second_spelling=True, speakers=_among(page, person.key))
    return {"name": person.name, "other": person.other, "smallest": sizes.FEW_DOCUMENTS, "pages": count}


def _shared_surname(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    """The first agency quotes a second bearer of a family name."""
    pages = [p for p in plan.pages if p.source == "agency-a" and p.updates is None and not _alone(p, plan)]
    count = min(round(sizes.FEW_DOCUMENTS * effects.shared_surname), len(pages) // 2)
    for page in rng.sample(pages, count):
        plan.pages[page.number] = replace(page, speakers=_among(page, "namesake"))
    names = [world.person(key).name for key in ("finance-0", "namesake")]
    return {"name": names[0], "other": names[1], "smallest": sizes.FEW_DOCUMENTS, "pages": count}


def _broken_feed(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    """Pages of the second agency in a row that cannot be read, or not to their end."""
    pages = [
        p for p in plan.pages if p.source == "agency-b" and not p.second_spelling and not _alone(p, plan)
    ]
    pages.sort(key=lambda p: (p.date, p.number))
    unit = sizes.smallest_loss(2 * len(pages) / SPAN)
    count = min(round(unit * effects.broken_feed), len(pages) // 2)
    first = rng.randrange(len(pages) // 4, max(len(pages) // 4 + 1, len(pages) - count - 2))
    lost = pages[first : first + count]
    for page in lost:
        how = rng.choice(("empty", "cut", "bytes"))
        plan.pages[page.number] = replace(
            plan.pages[page.number], broken=how, markup=page.markup or how == "cut"
        )
    return {"source": world.sources["agency-b"].name, "smallest": unit, "pages": count,
            "since": lost[0].date.isoformat() if lost else None, "until": lost[-1].date.isoformat() if lost else None}  # fmt: skip


def _late_batch(plan: Plan, world: World, effects: Effects, rng: random.Random) -> dict[str, Any]:
    """Pages of the middle of the time that arrive after all others."""
    middle = (world.month(5), world.month(11))
    pages = [p for p in plan.pages if p.source == "agency-a" and middle[0] <= p.date.isoformat()[:7] < middle[1]
             and "namesake" not in p.speakers and not _alone(p, plan)]  # fmt: skip
    count = min(round(sizes.LATE_DOCUMENTS * effects.late_batch), len(pages))
    for page in rng.sample(pages, count):
        plan.pages[page.number] = replace(page, late=True)
    return {"smallest": sizes.LATE_DOCUMENTS, "pages": count}


def _alone(page: PlannedPage, plan: Plan) -> bool:
    """Whether a page belongs to a family, so that it stays as it is."""
    others = {p.copies for p in plan.pages} | {p.updates for p in plan.pages}
    return page.copies is not None or page.updates is not None or page.number in others


def _among(page: PlannedPage, key: str) -> tuple[str, ...]:
    """The speakers of a page with one more as its second one, unless the page has that one."""
    return page.speakers if key in page.speakers else (page.speakers[0], key, *page.speakers[2:])


def _per_page(pages: list[PlannedPage]) -> float:
    return sum(SENTENCES[p.genre] for p in pages if p.genre != LETTER) / max(1, len(pages))
