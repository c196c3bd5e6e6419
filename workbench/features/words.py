"""Words as a feature: every word of body text by its folded form, stop words left out when words are listed."""

from __future__ import annotations

from workbench.analysis.frequency import STOP_WORDS
from workbench.features.hits import Hits
from workbench.features.units import Units
from workbench.languages import default_language
from workbench.store import Session

# Python's `[^\W\d_]` in the words of RE2: a letter, or a number that is no digit.
_LETTER = r"[\p{L}\p{Nl}\p{No}]"


def words(units: Units) -> Hits:
    """Where each word stands, stop words and forms without a letter left out (they stay in the denominators)."""
    content = content_forms(units.session)
    rows = f'(SELECT document AS d, sentence, start, "end", form_number AS k FROM tokens SEMI JOIN {content} c ON c.number = form_number WHERE word)'
    return Hits("form", rows, f"(SELECT number AS k, form AS name FROM {content})")


def content_forms(session: Session) -> str:
    """A table of the session [number, form] with the forms that say something: no stop word, and a letter in them."""
    return session.create(
        f"SELECT number, form FROM {form_kinds(session)} WHERE letter AND NOT stop", name="content"
    )


def form_kinds(session: Session) -> str:
    """A table of the session [number, form, letter, stop]: the rule of `frequency.is_stop` in SQL for each form."""
    contracted = sorted(default_language().vocabulary.contracted)
    stop = sorted(STOP_WORDS)
    return session.create(
        r"""
        SELECT number, form, regexp_matches(form, ?) AS letter,
          regexp_full_match(form, '[a-z]') OR form IN (SELECT unnest(?::VARCHAR[]))
          OR (contains(replace(form, chr(8217), ''''), '''') AND (
            (cut.tail IN (SELECT unnest(?::VARCHAR[])) AND cut.head IN (SELECT unnest(?::VARCHAR[])))
            OR (cut.tail = 't' AND ends_with(cut.head, 'n')))) AS stop
        FROM (
          SELECT number, form, regexp_extract(replace(form, chr(8217), ''''), '^(.*)''([^'']*)$', ['head', 'tail']) AS cut
          FROM forms)""",
        [_LETTER, stop, contracted, stop],
        name="kinds",
    )
