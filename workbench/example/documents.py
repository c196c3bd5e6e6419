"""Write the text of a page: article, statement, transcript or letter, as lines with a kind each."""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass

from workbench.example.passage import MENTION, Passage, fill, join
from workbench.example.plan import ARTICLE, LETTER, STATEMENT, PlannedPage
from workbench.example.prose import MARKS, Writer, day_in_words, pick
from workbench.example.world import OfficeHolder, World, read_data

LABEL = "speaker_label"
ADDED = 3  # paragraphs that an update adds
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Line:
    """A line of a page: its text, which kind of the schema it is, who speaks in a turn, whether the site put it there."""

    text: Passage
    kind: str
    speaker: str = ""
    of_site: bool = False


@dataclass(frozen=True)
class Text:
    """A page without its site: title, lines of the text in order, and who wrote it."""

    title: Passage
    lines: tuple[Line, ...]
    reporter: str = ""


def write_text(world: World, page: PlannedPage, seed: int, before: Text | None = None) -> Text:
    """The text of a page; `before` is the text of the page that it reprints or carries on."""
    rng = random.Random(f"page {seed} {page.number}")  # noqa: S311
    source = world.sources[page.source]
    home = source.country or world.person(page.speakers[0]).country
    neighbours = rng.sample([c for c in world.countries if c != home], 2)
    if page.genre == LETTER:
        neighbours[0] = world.person(page.speakers[1]).country
    writer = Writer(
        world, page, rng, home, MARKS[source.style],
        (pick(page.shares, rng.random()), pick(page.shares, rng.random())), neighbours=tuple(neighbours),
    )  # fmt: skip
    if page.copies is not None and before is not None:
        return _reprint(before)
    if page.updates is not None and before is not None:
        return _update(writer, before)
    return {ARTICLE: _article, STATEMENT: _statement, LETTER: _letter}.get(page.genre, _transcript)(writer)


# ---------------------------------------------------------------- articles


def _article(writer: Writer) -> Text:
    data, rng = read_data("pages")["article"], writer.rng
    people = [writer.world.person(key) for key in writer.page.speakers]
    reporter, photographer = (_stranger(rng) for _ in range(2))
    title = _headline(writer, data["titles"], people[0])
    lines = []
    if rng.random() < 0.3:
        lines.append(Line(_of_person(writer, rng.choice(data["standfirsts"]), people[0]), "standfirst"))
    if rng.random() < 0.45:
        writer.introduced.clear()
        shown = rng.choice(people[:2])
        lines += _picture(writer, shown, photographer)
    if rng.random() < 0.5:
        names = {"reporter": reporter, "photographer": photographer}
        byline = fill(rng.choice(data["bylines"]), names.__getitem__, rng)
        lines.append(Line(byline, "byline"))
    lead = _lead(writer, people[0])
    dateline = _dateline(writer)
    lines.append(Line(Passage(dateline).marked("dateline") + lead if dateline else lead, "paragraph"))
    lines += [Line(p, "paragraph") for p in _paragraphs(writer, people, rng.randint(5, 8))]
    return Text(title, tuple(lines), reporter)


def _paragraphs(writer: Writer, people: list[OfficeHolder], count: int) -> list[Passage]:
    """Paragraphs of a story: quotations with their attribution, reports, sentences of the reporter's own."""
    rng = writer.rng
    made: list[Passage] = []
    background = read_data("pages")["article"]["background"]
    speaker = people[0]
    for number in range(count):
        writer.begin_paragraph()
        if number and rng.random() < 0.4:
            speaker = rng.choice(people)
        form = rng.choices(
            ("direct", "partial", "indirect", "alone", "narrated", "background"), (34, 12, 20, 6, 20, 8)
        )[0]
        if form == "alone" and (writer.last != speaker or not made or not made[-1].of("quote")):
            form = "direct"
        if form == "background":
            made.append(_of_person(writer, writer.choose_template(background), speaker))
            continue
        sentences = [writer.narrated() if form == "narrated" else getattr(writer, form)(speaker)]
        if form in ("narrated", "indirect") and rng.random() < 0.6:
            sentences.append(writer.narrated())
        elif form == "partial" and rng.random() < 0.5:
            sentences.append(writer.direct(speaker))
        if rng.random() < 0.2 and form != "alone":
            sentences.insert(0, writer.narrated())
        made.append(join(sentences))
    return made


def _lead(writer: Writer, person: OfficeHolder) -> Passage:
    template = writer.rng.choice(read_data("pages")["article"]["leads"])
    if "{Full}" in template or "{full}" in template:
        writer.introduced.add(person.key)
        writer.last = person if template.startswith("{Before}") else None
    return _of_person(
        writer, template.replace("{weekday}", calendar.day_name[writer.page.date.weekday()]), person
    )


def _of_person(writer: Writer, template: str, person: OfficeHolder) -> Passage:
    """A template that names one person by office and full name."""
    writer.who = person

    def slots(name: str) -> Passage | str:
        if name == "before":
            return writer.before(person)
        if name in ("full", "family"):
            text = writer.name(person) if name == "full" else writer.family(person)
            return Passage(text).marked(MENTION, person.key)
        if name == "thing":
            return writer.thing(writer.topic())
        if name == "i":
            return writer.reported(person).marked("indirect", person.key)
        if name == "mr":
            return person.honorific
        if name == "officename":
            return writer.plain_office(person).lower()
        if name == "spoken":
            return writer.spoken(person, tail=False).capitalised() + "."
        return writer.slot(name)

    return writer.fill(template, slots)


def _headline(writer: Writer, titles: list[str], person: OfficeHolder) -> Passage:
    title = _of_person(writer, writer.rng.choice(titles), person)
    return title.capitalised()


def _picture(writer: Writer, person: OfficeHolder, photographer: str) -> list[Line]:
    data, mark = read_data("pages")["article"], writer.world.sources[writer.page.source].mark or "Meander"
    caption = _of_person(writer, writer.rng.choice(data["captions"]), person).capitalised()
    names = {"photographer": photographer, "mark": mark}
    credit = fill(writer.rng.choice(data["credits"]), names.__getitem__, writer.rng)
    return [Line(caption, "caption"), Line(credit, "credit")]


def _dateline(writer: Writer) -> str:
    """Place, day without a year and mark of an agency, in its own form."""
    source = writer.world.sources[writer.page.source]
    if not source.mark:
        return ""
    date = writer.page.date
    month, short = calendar.month_name[date.month], calendar.month_abbr[date.month]
    city = writer.rng.choice((writer.home.capital, writer.home.capital, *writer.home.cities))
    forms = (
        f"{city.upper()}, {month} {date.day}. /{source.mark}/. ",
        f"{city.upper()}, {short} {date.day} ({source.mark}) - ",
        f"{city.upper()} ({source.mark}) — ",
        f"{city}, {date.day} {month} ({source.mark}) -- ",
        f"{city.upper()}, {month} {date.day} ({source.mark}) – ",
        f"{city.upper()}, {date.day} {month}. ",
    )
    return forms[
        source.style % len(forms) if writer.rng.random() < 0.85 else writer.rng.randrange(len(forms))
    ]


def _reprint(before: Text) -> Text:
    """The same paragraphs under another site, with another dateline or none."""
    lines = [line for line in before.lines if line.kind not in ("byline", "caption", "credit")]
    return Text(before.title, tuple(lines), before.reporter)


def _update(writer: Writer, before: Text) -> Text:
    """The same story with a note, and with paragraphs more in its middle."""
    people = [writer.world.person(key) for key in writer.page.speakers]
    writer.introduced = {person.key for person in people}
    more = [Line(p, "paragraph") for p in _paragraphs(writer, people, ADDED)]
    first = next(i for i, line in enumerate(before.lines) if line.kind == "paragraph")
    at = writer.rng.randint(first + 3, len(before.lines))
    return Text(before.title, (*before.lines[:at], *more, *before.lines[at:]), before.reporter)


# ---------------------------------------------------------------- statements and letters


def _statement(writer: Writer) -> Text:
    pages, rng = read_data("pages"), writer.rng
    data = pages["statement"]
    presidency = writer.page.source == "presidency"
    office = "Office of the President" if presidency else "Ministry of Foreign Affairs"

    def slots(name: str) -> Passage | str:
        if name in ("office", "officehead"):
            return office if name == "office" or presidency else "Foreign Minister"
        return writer.thing(writer.topic()) if name == "thing" else writer.slot(name)

    title = writer.fill(rng.choice(data["titles"]), slots).capitalised()
    lines = [Line(Passage(_date_line(writer)), "date")]
    lines.append(Line(join([writer.fill(rng.choice(data["openings"]), slots), _own(writer)]), "paragraph"))
    for number in range(rng.randint(3, 5)):
        writer.begin_paragraph()
        sentences = [_own(writer) for _ in range(rng.randint(1, 3))]
        if number == 1 and writer.page.wording:
            sentences.append(_worded(writer))
        lines.append(Line(join(sentences), "paragraph"))
    if rng.random() < 0.5:
        lines.append(Line(writer.fill(rng.choice(data["closings"]), slots), "paragraph"))
    if rng.random() < 0.4:
        lines.append(Line(writer.fill(rng.choice(data["contacts"]), slots), "footer"))
    return Text(title, tuple(lines))


def _own(writer: Writer) -> Passage:
    return writer.spoken(None, tail=False).capitalised() + "."


def _worded(writer: Writer) -> Passage:
    """The sentence with the fixed phrase for the authorities of the neighbour, in its old or its new wording."""
    data = read_data("pages")["wording"]
    region = writer.world.countries[1].regions[0]
    phrase = (
        data[writer.page.wording]
        .replace("{bareregion}", region.removeprefix("the "))
        .replace("{region}", region)
    )
    template = writer.rng.choice(data["sentences"])
    return writer.fill(
        template,
        lambda name: (
            Passage(phrase).marked("wording", writer.page.wording) if name == "phrase" else writer.slot(name)
        ),
    )


def _letter(writer: Writer) -> Text:
    pages, rng = read_data("pages"), writer.rng
    form = pages["letter"][writer.page.form or 0]
    sender, addressee = (writer.world.person(key) for key in writer.page.speakers)
    feast, mr = rng.choice(pages["feasts"]["names"]), "Madam" if addressee.pronoun == "she" else "Mr"
    mr = f"{mr} President" if rng.random() < 0.5 else addressee.honorific

    def slots(name: str) -> Passage | str:
        if name in ("before", "full", "family"):
            return _of_person(writer, "{" + name + "}", addressee)
        values = {"feast": feast, "mr": mr, "day2": day_in_words(writer.page.date)}
        if name == "signature":
            return Passage(sender.name).marked(MENTION, sender.key)
        if name == "spoken":
            return _own(writer)
        return values[name] if name in values else writer.slot(name)

    title = writer.fill(form["title"], slots)
    lines = [Line(Passage(_date_line(writer)), "date")]
    lines += [Line(writer.fill(line, slots), "paragraph") for line in form["lines"]]
    return Text(title, tuple(lines))


def _date_line(writer: Writer) -> str:
    style = writer.world.sources[writer.page.source].style
    date, forms = writer.page.date, read_data("pages")["transcript"]["datelines"]
    values = {
        "month": calendar.month_name[date.month], "d": str(date.day), "yyyy": str(date.year), "capital": writer.home.capital,
        "weekday": calendar.day_name[date.weekday()],
        "venue": read_data("pages")["transcript"]["venues"][style % 4],
    }  # fmt: skip
    return fill(forms[style % len(forms)], values.__getitem__, writer.rng).text


# ---------------------------------------------------------------- transcripts


def _transcript(writer: Writer) -> Text:
    data, rng = read_data("pages")["transcript"], writer.rng
    host, guest = (writer.world.person(key) for key in writer.page.speakers)
    briefing = writer.page.source.startswith("ministry") and rng.random() < 0.5
    style = writer.world.sources[writer.page.source].style
    shown = host if briefing else guest
    title = _of_person(writer, rng.choice(data["briefings" if briefing else "titles"]), shown)
    separator = data["separators"][style % len(data["separators"])]
    lines = [Line(Passage(_date_line(writer)), "date")]
    if not briefing:
        lines += [Line(_scene(writer, template, host, guest), "paragraph") for template in data["scene"]]
        lines.append(Line(Passage(separator), "separator"))
    seen: set[str] = set()
    for number in range(rng.randint(4, 7)):
        if briefing and number:
            question = writer.fill(
                writer.choose_template(data["questions"]), lambda name: _asked(writer, name)
            )
            lines += _turn([question], _questioner(style), "")
            lines += _spoken_turn(writer, host, style, seen, rng.randint(1, 2))
        else:
            speaker = host if briefing or number % 2 == 0 else guest
            lines += _spoken_turn(writer, speaker, style, seen, rng.randint(1, 3))
            if rng.random() < 0.12:
                lines.append(Line(Passage(rng.choice(data["stage"])), "stage"))
    if not briefing and rng.random() < 0.5:
        lines += [Line(Passage("<…>"), "separator"), Line(Passage(_date_line(writer)), "date")]
    return Text(title, tuple(lines))


def _scene(writer: Writer, template: str, host: OfficeHolder, guest: OfficeHolder) -> Passage:
    def slots(name: str) -> Passage | str:
        if name in ("host", "guest"):
            person = host if name == "host" else guest
            return _of_person(writer, "{Before} {Full}", person)
        return writer.thing(writer.topic()) if name == "thing" else writer.slot(name)

    return writer.fill(template, slots)


def _asked(writer: Writer, name: str) -> Passage | str:
    if name == "outlet":
        return writer.world.sources["portal"].name
    return writer.thing(writer.topic()) if name == "thing" else writer.slot(name)


def _spoken_turn(
    writer: Writer, speaker: OfficeHolder, style: int, seen: set[str], paragraphs: int
) -> list[Line]:
    """A turn of a speaker: a greeting when it is the first one, then some paragraphs, with a rare insertion."""
    data, rng = read_data("pages")["transcript"], writer.rng
    made = []
    if speaker.key not in seen and rng.random() < 0.5:
        other = writer.world.person(next(key for key in writer.page.speakers if key != speaker.key))
        made.append(_of_person(writer, rng.choice(data["greetings"]), other))
    for _ in range(paragraphs):
        writer.begin_paragraph()
        sentences = []
        for _ in range(rng.randint(1, 3)):
            sentence = writer.spoken(speaker).capitalised() + "."
            if rng.random() < 0.05:
                sentence = sentence + Passage(
                    f" [{rng.choice(('speaks of', 'he means'))} {writer.home.capital}]"
                ).marked("insertion")
            sentences.append(sentence)
        made.append(join(sentences))
    if len(seen) == 2 and rng.random() < 0.15:
        made.append(
            Passage(rng.choice(read_data("pages")["transcript"]["closings"]).split("|")[0].strip("["))
        )
    label = _label(writer, speaker, style, first=speaker.key not in seen)
    seen.add(speaker.key)
    return _turn(made, label, speaker.key)


def _turn(paragraphs: list[Passage], label: str, speaker: str) -> list[Line]:
    first = Passage(label + " ").marked(LABEL) + paragraphs[0]
    return [Line(text, "turn", speaker or "question") for text in (first, *paragraphs[1:])]


def _label(writer: Writer, speaker: OfficeHolder, style: int, *, first: bool) -> str:
    """The label of a speaker in the house style of its site."""
    if style % 3 == 0:
        return f"{writer.before(speaker)} {speaker.name}:" if first else f"{speaker.name}:"
    if style % 3 == 1:
        return (
            f"{speaker.name.upper()}:" if first else f"{speaker.honorific.upper()} {speaker.family.upper()}:"
        )
    return f"{writer.plain_office(speaker).upper()} {speaker.family.upper()}:"


def _questioner(style: int) -> str:
    return ("Question:", "QUESTION:", "Q:")[style % 3]


def _stranger(rng: random.Random) -> str:
    names = read_data("names")["people"]
    return f"{rng.choice((*names['she'], *names['he']))} {rng.choice(names['family'])}"
