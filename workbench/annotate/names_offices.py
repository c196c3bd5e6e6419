"""Offices and courtesy titles: what stands before a name and what stands for its bearer.

The grammar is closed where English is (heads of offices) and open where it is not (the portfolio of a
minister, the country). It knows no office-holder.
"""

from __future__ import annotations

import regex

from workbench.settings.countries import ADJECTIVES, PLACES


def _any(words: list[str] | tuple[str, ...]) -> str:
    """Alternatives, longest first, spaces standing for any white space."""
    return "|".join(
        regex.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=lambda w: (-len(w), w))
    )


HONORIFIC = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Messrs|Mme|Mlle|Prof|Rev|Hon|Fr|St)\.?|Miss|Mister|Madam|Madame|Monsieur|Sir|Dame|Lord|Lady"
    r"|Professor|Doctor|Reverend|Father|Sister|Rabbi|Sheikh|Sheik|Imam|Ayatollah|Comrade|Herr|Frau|Señor|Señora"
    r"|Signor|Don"
)
# Ranks stand before a name; alone they are words like any other ("the general").
RANK = (
    r"(?:Lt|Lieutenant|Maj|Major|Brig|Brigadier|Rear|Vice|Staff|First|Chief|Master|Sgt|Sergeant)?\.?[\s-]?"
    r"(?:Gen|General|Col|Colonel|Capt|Captain|Cmdr|Commander|Adm|Admiral|Lt|Lieutenant|Maj|Major|Sgt|Sergeant"
    r"|Cpl|Corporal|Pvt|Private|Marshal)\.?"
    r"|(?:Sen|Rep|Gov|Atty)\.|Sens\.|Reps\.|Senator|Representative|Congressman|Congresswoman|Councillor|Councilman"
    r"|Judge|Justice|Chief\sJustice|Magistrate|Bishop|Archbishop|Cardinal|Patriarch|Metropolitan|Prince|Princess"
    r"|Duke|Duchess|Baron|Baroness|Count|Countess|Emir|Sultan|Pope|King|Queen|Emperor|Empress|Inspector|Detective"
    r"|Superintendent|Constable|Officer|Agent|Coach|Secretary|Minister|Ambassador|Premier|Chancellor|Governor|Mayor"
    r"|President|Commissioner|Chairman|Chairwoman|Director|Speaker"
)
_PLACE = rf"(?:{_any([*PLACES, *ADJECTIVES])})"
_OF_PLACE = rf"(?:{_any(list(PLACES))}|\p{{Lu}}[\w'-]+(?:\s\p{{Lu}}[\w'-]+)?)"
_CAP = r"\p{Lu}[\w-]*"
_DEGREE = (
    r"(?:(?:[Ff]ormer|[Ee]x|[Aa]cting|[Ii]nterim|[Dd]eputy|[Vv]ice|[Ff]irst|[Aa]ssistant|[Uu]nder|[Ss]enior|[Cc]hief"
    r"|[Pp]ermanent|[Ss]pecial|[Tt]hen|[Ii]ncoming|[Oo]utgoing|[Cc]rown|[Hh]onorary|[Nn]ew|[Ll]ate|[Cc]urrent)[\s-])"
)
_PORTFOLIO = (
    r"(?:Foreign|Defen[cs]e|Finance|Interior|Justice|Health|Econom(?:y|ics|ic)|Trade|Energy|Oil|Education|Culture"
    r"|Transport(?:ation)?|Environment|Agriculture|Labou?r|Home|Treasury|Prime|State|Development|Information|Tourism"
    r"|Sports?|Emergencies|Industry|Security|Water|Planning|Housing|Science|Commerce|Business|Police|Press|Cabinet"
    r"|Brexit|European|Northern\sIreland|International|Affairs|Social|Public|Works|Communications?|and|&|,)"
)
_OF_WHAT = (
    r"(?:\s(?:of|for)\s(?:the\s)?\p{Lu}[\w-]+(?:(?:,\s|\s|\sand\s|\sof\s)(?!Mr|Mrs|Ms|Dr)\p{Lu}[\w-]+){0,4}?)"
)
_PORTFOLIO_OF = (
    r"(?:\s(?:of|for)\s(?:the\s)?(?:State|Treasury|Exchequer|Council|Duchy|"
    + _PORTFOLIO
    + r")(?:(?:,|\sand)?\s"
    + _PORTFOLIO
    + r")*)"
)
_HEAD = (
    rf"(?:Vice[\s-]President|President|Prime\sMinister|Premier|Chancellor"
    rf"|(?:{_PORTFOLIO}\s){{0,4}}(?:Minister|Secretary)(?![\s-]General){_PORTFOLIO_OF}?"
    rf"|Secretary[\s-]General|Attorney[\s-]General|Solicitor[\s-]General|Governor[\s-]General|High\sRepresentative"
    rf"|High\sCommissioner|(?:Special\s)?(?:Envoy|Representative)|National\sSecurity\sAdvis[eo]r|Chief\sof\sStaff"
    rf"|Chief\sJustice|Press\sSecretary|Speaker|Ambassador|King|Queen|Pope|Emperor|Emir|Sultan|Crown\sPrince"
    rf"|Supreme\sLeader|Foreign\sSecretary|Home\sSecretary|Governor|Mayor)"
)
_LOW_HEAD = (
    r"(?:(?:vice|deputy)[\s-])?(?:president|prime\sminister|premier|chancellor|king|queen|emir"
    r"|(?:foreign|defen[cs]e|finance|interior|justice|health|economy|trade|energy|oil|education|culture|transport"
    r"|agriculture|labou?r)\s(?:minister|secretary)|secretary\sof\s(?:state|defen[cs]e)|secretary[\s-]general"
    r"|attorney[\s-]general|ambassador|supreme\sleader|leader|spokesman|spokeswoman)"
)
_TO = rf"(?:\sof\s(?:the\s)?{_OF_PLACE}|(?<=Ambassador|Envoy|Representative)\s(?:to|for)\s(?:the\s)?{_OF_PLACE})"

OFFICE = regex.compile(
    rf"(?<![\w-])(?P<office>(?P<place>{_PLACE}(?:'s?)?\s)?{_DEGREE}*(?P<head>{_HEAD})(?P<of>{_TO})?)(?!\w|-\w)"
)
"""A capitalised office: "US Secretary of State", "President of Russia", "Deputy Foreign Minister"."""

LOW_OFFICE = regex.compile(
    rf"(?<![\w-])(?P<office>(?P<place>{_PLACE}(?:'s?)?\s){_DEGREE}*(?P<head>{_LOW_HEAD}))(?!\w|-\w)"
)
"""An office in small letters with its country: "Russian foreign minister", "Iran's supreme leader"."""

VOCATIVE = regex.compile(
    rf"(?<!\w)(?:Mr|Mister|Madam|Madame|Mme|Mrs|Ms)\.?\s{_DEGREE}?(?P<head>{_HEAD})(?!\w|-\w)"
)
"""An address: "Mr President", "Madam Secretary", "Mr. Prime Minister"."""

TITLED = regex.compile(
    rf"(?<![\w-])(?P<title>(?:(?:{HONORIFIC})\s)+|(?:{RANK})\s(?:(?:{HONORIFIC}|{RANK})\s)*)(?=\p{{Lu}}|(?:van|von|de|del|della|di|da|dos|bin|ibn|al|el|la|le)[\s-])"
)
"""A courtesy title or rank with a capitalised word after it."""

SURE_TITLE = regex.compile(rf"(?:{HONORIFIC})\s$|(?:Sen|Rep|Gov|Gen|Col|Capt|Lt|Maj|Sgt|Adm)\.\s$")
"""Titles after which a capitalised word is a name and nothing else."""

LEADING_TITLES = regex.compile(
    rf"(?:(?:the\s)?(?:{_PLACE}(?:'s?)?\s)?{_DEGREE}*(?:(?:{_HEAD})|(?:{RANK})|(?:{HONORIFIC})|{_LOW_HEAD})\s(?:of\s{_PLACE}\s)?)+"
    rf"(?=\p{{Lu}})"
)
"""Titles at the head of a person's name as the model cut it."""
