"""Write sentences: what people say of a topic, in which tone, and how a reporter attributes it."""

from __future__ import annotations

import calendar
import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.example.effects import FOLLOWS
from workbench.example.passage import CONTENT, MENTION, SPEAKER, TOPIC, Passage, Slots, Span, choose, fill
from workbench.example.plan import TONES, PlannedPage
from workbench.example.world import Country, OfficeHolder, World, read_data

INDIRECT = "indirect"
ATTITUDE = "attitude"  # what a crowd or the papers thought, by no speaker
MARKS = (("“", "”"), ('"', '"'), ("“", "”"), ('"', '"'), ("‘", "’"), ("“", "”"))  # by style of a source
CLAIMS = (
    0.3  # share of neutral spoken sentences that are a claim of their topic rather than a clause with a thing
)
REPEATS = 0.5  # share of the things that are named as before
FACTS = 0.6  # the same of a reporter's neutral sentences


@dataclass
class Writer:
    """Writes the sentences of one page; it knows who was named last, so that a pronoun can mean only that person."""

    world: World
    page: PlannedPage
    rng: random.Random
    home: Country
    marks: tuple[str, str]
    topics: tuple[str, str]  # that most paragraphs of the page are about
    introduced: set[str] = field(default_factory=set)
    last: OfficeHolder | None = None
    who: OfficeHolder | None = None  # of the sentence that is being written
    neighbours: tuple[Country, ...] = ()
    current: str = ""  # topic of the paragraph that is being written
    things: dict[str, str] = field(default_factory=dict)  # what a topic was called last
    used: set[str] = field(default_factory=set)  # templates of this page, so that none comes twice

    # ------------------------------------------------------------ sentences

    def begin_paragraph(self) -> None:
        """Choose what the next sentences are about."""
        drawn, free = self.rng.random(), pick(self.page.shares, self.rng.random())
        first, second = FOLLOWS
        self.current = self.topics[0] if drawn < first else self.topics[1] if drawn < first + second else free

    def topic(self) -> str:
        """The topic of the next sentence."""
        if not self.current:
            self.begin_paragraph()
        return self.current

    def choose_template(self, templates: Sequence[str]) -> str:
        """A template that this page has not used yet, while there is one."""
        fresh = [template for template in templates if template not in self.used]
        chosen = self.rng.choice(fresh or list(templates))
        self.used.add(chosen)
        return chosen

    def tone(self, speaker: OfficeHolder | None = None) -> str:
        """The tone of the next sentence; some of those of the speaker whose tone changes turn negative, positive ones first."""
        drawn = self.rng.random()
        if speaker is not None and speaker.key == "spokesman-0" and drawn < self.page.turned:
            return "negative"
        return pick(TONES, drawn)

    def thing(self, topic: str, *, spoken: bool = False) -> Passage:
        """A noun phrase of a topic; often the one that the page used before. A reporter does not write "our"."""
        template = self.things.get(topic, "") if self.rng.random() < REPEATS else ""
        if not template:
            template = choose(self.choose_template(read_data("topics")[topic]["things"]), self.rng)
            template = self.fill(template).text
            self.things[topic] = template
        if not spoken and template.startswith("our "):
            template = "the " + template[4:]
        return Passage(template).marked(TOPIC, topic)

    def spoken(self, speaker: OfficeHolder | None = None, *, tail: bool = True) -> Passage:
        """A clause as an official says it, without its full stop."""
        topic, tone = self.topic(), self.tone(speaker)
        if tone == "neutral" and self.rng.random() < CLAIMS:
            said = self.fill(self.choose_template(read_data("topics")[topic]["claims"]))
        else:
            said = self.clause("spoken", tone, topic)
        if tail:
            said += self.fill(self.rng.choice(read_data("clauses")["tails"]["spoken"]))
        return said.marked(TOPIC, topic).marked("tone", tone)

    def reported(self, speaker: OfficeHolder | None = None) -> Passage:
        """A clause that can stand behind "said that"."""
        topic, tone = self.topic(), self.tone(speaker)
        return self.clause("reported", tone, topic).marked(TOPIC, topic).marked("tone", tone)

    def narrated(self) -> Passage:
        """A sentence of the reporter's own."""
        topic, tone = self.topic(), self.tone()
        if tone == "neutral" and self.rng.random() < FACTS:
            said = self.fill(self.choose_template(read_data("topics")[topic]["facts"])).capitalised()
        else:
            said = self.clause("narrated", tone, topic).capitalised()
        return said.marked(TOPIC, topic).marked("tone", tone)

    def clause(self, voice: str, tone: str, topic: str) -> Passage:
        """A clause of clauses.toml with a thing of a topic."""
        template = self.choose_template(read_data("clauses")[voice][tone])
        spoken = voice == "spoken"
        made = self.fill(
            template, lambda name: self.thing(topic, spoken=spoken) if name == "thing" else self.slot(name)
        )
        return made.marked(ATTITUDE) if voice == "narrated" and tone != "neutral" else made

    # ------------------------------------------------------------ who says it

    def direct(self, speaker: OfficeHolder) -> Passage:
        """A sentence or two with a direct quotation and its attribution."""
        forms = read_data("words")["direct"]
        who, is_pronoun = self.reference(speaker)
        templates = forms["any"] if is_pronoun else [*forms["any"], *forms["name"]]
        return self.attributed(self.rng.choice(templates), speaker, who, "direct")

    def partial(self, speaker: OfficeHolder) -> Passage:
        """A sentence in which only some words are quoted."""
        forms, tone = read_data("words")["partial"], self.tone(speaker)
        topic = self.topic()
        who, _ = self.reference(speaker)
        fragment = self.rng.choice(forms[tone])
        more: dict[str, Passage | str] = {"thing": self.thing(topic), "frag": fragment}
        return self.attributed(self.rng.choice(forms["any"]), speaker, who, "partial", more).marked(
            "tone", tone
        )

    def indirect(self, speaker: OfficeHolder) -> Passage:
        """A sentence that reports without quotation marks."""
        forms = read_data("words")["indirect"]
        who, is_pronoun = self.reference(speaker)
        templates = forms["any"] if is_pronoun else [*forms["any"], *forms["name"]]
        return self.attributed(self.rng.choice(templates), speaker, who, INDIRECT)

    def alone(self, speaker: OfficeHolder) -> Passage:
        """A quotation that is a paragraph of its own, by the speaker of the one before."""
        template = self.rng.choice(read_data("words")["direct"]["alone"])
        return self.attributed(template, speaker, Passage(), "direct")

    def attributed(
        self,
        template: str,
        speaker: OfficeHolder,
        who: Passage,
        kind: str,
        more: dict[str, Passage | str] | None = None,
    ) -> Passage:
        """A template of words.toml with what a speaker says; its quotations are marked with kind and speaker."""
        self.who = speaker
        values: dict[str, Callable[[], Passage | str]] = {
            "who": lambda: who,
            "q": lambda: self.spoken(speaker).marked(CONTENT, speaker.key),
            "r": lambda: self.spoken(speaker, tail=False).marked(CONTENT, speaker.key),
            "i": lambda: self.reported(speaker).marked(INDIRECT, speaker.key),
            "j": lambda: self.reported(speaker).marked(INDIRECT, speaker.key),
            **{name: (lambda value=value: value) for name, value in (more or {}).items()},  # type: ignore[misc]
        }

        def slots(name: str) -> Passage | str:
            return values[name]() if name in values else self.slot(name)

        made = fill(template, slots, self.rng, self.marks)
        self.last = speaker
        spans = tuple(
            Span(s.start, s.end, s.kind, f"{kind} {speaker.key}") if s.kind == "quote" and not s.value else s
            for s in made.spans
        )
        return Passage(made.text, spans)

    def reference(self, speaker: OfficeHolder) -> tuple[Passage, bool]:
        """How the text names a speaker here, and whether by a pronoun."""
        form = self.rng.choices(("family", "full", "honorific", "pronoun", "office"), (40, 8, 10, 27, 15))[0]
        if speaker.key not in self.introduced:
            return self.introduction(speaker), False
        if form == "pronoun" and self.last == speaker:
            return Passage(speaker.pronoun).marked(SPEAKER, "pronoun"), True
        if form == "office" and (office := self.office(speaker)):
            return Passage(office).marked(SPEAKER, "office"), False
        name = self.name(speaker) if form == "full" else self.family(speaker)
        mention = Passage(name).marked(MENTION, speaker.key)
        title = f"{speaker.honorific} " if form == "honorific" else ""
        return (Passage(title) + mention).marked(SPEAKER, "name"), False

    def introduction(self, speaker: OfficeHolder) -> Passage:
        """Office and full name, in one of three orders."""
        self.introduced.add(speaker.key)
        name = Passage(self.name(speaker)).marked(MENTION, speaker.key)
        before = self.before(speaker)
        form = self.rng.random()
        if form < 0.7:
            made = Passage(f"{before} ") + name
        elif form < 0.85:
            made = name + f", {self.later(speaker)[0]} of {speaker.country.name},"
        else:
            made = (
                Passage(f"{speaker.country.name}'s ") + _lower_office(self.plain_office(speaker)) + " " + name
            )
        return made.marked(SPEAKER, "name")

    def office(self, speaker: OfficeHolder) -> str:
        """The office by which the text can call a speaker; "" where it could mean somebody else who was named."""
        own = self.later(speaker)
        others = {
            form for key in self.introduced - {speaker.key} for form in self.later(self.world.person(key))
        }
        free = [form for form in own if form not in others]
        return self.rng.choice(free) if free else ""

    def before(self, speaker: OfficeHolder) -> str:
        """The office as it stands before the name."""
        return self.in_words(self.rng.choice(_office(speaker)["before"]), speaker)

    def plain_office(self, speaker: OfficeHolder) -> str:
        """The same without the country."""
        return self.in_words(_office(speaker)["before"][0], speaker)

    def later(self, speaker: OfficeHolder) -> list[str]:
        """The office as the text calls its bearer later."""
        return [self.in_words(form, speaker) for form in _office(speaker)["later"]]

    def in_words(self, form: str, speaker: OfficeHolder) -> str:
        """A form of an office with the speaker's country and sex."""
        man = "man" if speaker.pronoun == "he" else "woman"
        return (
            form.replace("{man}", man)
            .replace("{adj}", speaker.country.adjective)
            .replace("{country}", speaker.country.name)
        )

    def name(self, speaker: OfficeHolder) -> str:
        """The full name as this page spells it."""
        return speaker.other if speaker.other and self.page.second_spelling else speaker.name

    def family(self, speaker: OfficeHolder) -> str:
        """The family name as this page spells it."""
        return self.name(speaker).split(" ", 1)[1]

    # ------------------------------------------------------------ slots

    def fill(self, template: str, slots: Slots | None = None) -> Passage:
        """A template filled with this page's names and numbers."""
        return fill(template, slots or self.slot, self.rng, self.marks)

    def slot(self, name: str) -> Passage | str:
        """What a slot stands for."""
        if name in ("country", "country2", "country3"):
            country = self.country(name)
            return Passage(country.name).marked(MENTION, country.name)
        if name in ("he", "his"):
            return self._pronoun(possessive=name == "his")
        if name in ("when", "where", "spot", "say", "plain", "reply"):
            return self._words(name)
        rng, words = self.rng, read_data("words")
        values: dict[str, Callable[[], str]] = {
            "adj": lambda: self.home.adjective, "adj2": lambda: self.country("country2").adjective,
            "capital": lambda: self.home.capital, "capital2": lambda: self.country("country2").capital,
            "city": lambda: rng.choice((*self.home.cities, *self.country("country2").cities)),
            "city2": lambda: rng.choice(self.country("country2").cities),
            "bareregion": lambda: self.world.countries[1].regions[0].removeprefix("the "),
            "region": lambda: rng.choice((*self.home.regions, *self.country("country2").regions)),
            "river": lambda: self.world.river, "currency": lambda: self.world.currency,
            "goods": lambda: rng.choice(words["goods"]), "goods2": lambda: rng.choice(words["goods2"]),
            "few": lambda: rng.choice(words["few"]), "n": lambda: str(rng.choice((12, 17, 20, 24, 30, 45, 60, 80, 120, 140, 300, 450, 600))),
            "percent": lambda: f"{rng.randint(2, 38)}{rng.choice(('', f'.{rng.randint(1, 9)}'))}",
            "percent2": lambda: f"{rng.randint(2, 9)}.{rng.randint(1, 9)}",
            "pastyear": lambda: str(self.page.date.year - rng.choice((1, 1, 1, 2, 2, 3, 4, 6, 9))),
            "month": lambda: calendar.month_name[(self.page.date.month + rng.choice((-3, -2, -1, 1, 2, 3, 4)) - 1) % 12 + 1],
            "weekday": lambda: calendar.day_name[(self.page.date.weekday() - (0 if rng.random() < 0.8 else rng.randint(1, 4))) % 7],
            "day": lambda: day_in_words(self.page.date - datetime.timedelta(rng.randint(1, 3))),
        }  # fmt: skip
        return values[name]()

    def country(self, name: str) -> Country:
        """The home country of the page, or the one or two that it is about beside."""
        if name == "country":
            return self.home
        return self.neighbours[0 if name == "country2" else 1]

    def _pronoun(self, *, possessive: bool) -> str:
        assert self.who is not None, "a pronoun stands in an attribution"
        if possessive:
            return "his" if self.who.pronoun == "he" else "her"
        return self.who.pronoun

    def _words(self, name: str) -> Passage | str:
        words = read_data("words")
        if name in ("say", "plain", "reply"):
            return str(self.rng.choice(words[name]))
        listed = [form for form in words["where" if name == "spot" else name] if form or name != "spot"]
        template = self.rng.choice(listed)
        if "[he|she]" in template:
            template = template.replace("[he|she]", self._pronoun(possessive=False))
        return self.fill(template)


def pick(shares: Mapping[str, float], drawn: float) -> str:
    """The name in whose share a number from 0 to 1 falls."""
    passed, name = 0.0, ""
    for name, share in shares.items():  # noqa: B007  # the last one takes what rounding leaves
        passed += share
        if drawn < passed:
            break
    return name


def day_in_words(day: datetime.date) -> str:
    """A date as British papers write it."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _office(speaker: OfficeHolder) -> dict[str, list[str]]:
    return next(office for office in read_data("names")["office"] if office["role"] == speaker.role)


def _lower_office(office: str) -> str:
    return (
        office[:1].lower() + office[1:]
        if office in ("President", "Governor", "Ambassador")
        else office.lower()
    )
