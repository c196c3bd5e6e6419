"""Tables become figures, printed tables and sentences. A figure draws; it never counts.

The only door to matplotlib is `canvas`, which is loaded with the first figure.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.figures.changes import draw_before_after, draw_collected
    from workbench.figures.coding import draw_corrected
    from workbench.figures.collocations import draw_bigrams, draw_collocates
    from workbench.figures.concordance import draw_concordance
    from workbench.figures.entities import draw_comparison, draw_entity_rates
    from workbench.figures.found_topics import draw_found_topics, draw_topic_numbers, draw_topic_shares
    from workbench.figures.keyness import draw_keyness, draw_keyness_words
    from workbench.figures.network import draw_network
    from workbench.figures.overview import draw_segment_shares
    from workbench.figures.palette import fix_colours
    from workbench.figures.sentiment import draw_masking, draw_sentiment_by, draw_sentiment_ends
    from workbench.figures.sentiment_checks import (
        draw_agreement,
        draw_course,
        draw_disagreements,
        draw_sensitivity,
    )
    from workbench.figures.show import Caveat, Figure, Heading, KeyFigures, Opening, Reading, Table
    from workbench.figures.timeline import draw_series
    from workbench.figures.topics import draw_term_rates, draw_topic_rates, draw_word_rates
    from workbench.figures.toward import draw_toward, draw_toward_ends
    from workbench.figures.voices import draw_speakers, draw_voices

_HOME = {
    "draw_before_after": "changes", "draw_collected": "changes", "draw_bigrams": "collocations", "draw_collocates": "collocations",
    "draw_corrected": "coding", "draw_comparison": "entities", "draw_concordance": "concordance", "draw_entity_rates": "entities", "draw_keyness": "keyness",
    "draw_keyness_words": "keyness", "draw_network": "network", "draw_segment_shares": "overview",
    "fix_colours": "palette", "draw_masking": "sentiment", "draw_sentiment_by": "sentiment",
    "draw_sentiment_ends": "sentiment", "Caveat": "show", "Figure": "show", "Heading": "show", "KeyFigures": "show",
    "Opening": "show", "Reading": "show", "Table": "show", "draw_series": "timeline", "draw_topic_rates": "topics",
    "draw_term_rates": "topics", "draw_word_rates": "topics", "draw_agreement": "sentiment_checks", "draw_course": "sentiment_checks",
    "draw_disagreements": "sentiment_checks", "draw_sensitivity": "sentiment_checks", "draw_toward": "toward", "draw_toward_ends": "toward", "draw_speakers": "voices", "draw_voices": "voices",
    "draw_found_topics": "found_topics", "draw_topic_numbers": "found_topics", "draw_topic_shares": "found_topics",
}  # fmt: skip
__all__ = [
    "Caveat",
    "Figure",
    "Heading",
    "KeyFigures",
    "Opening",
    "Reading",
    "Table",
    "draw_agreement",
    "draw_before_after",
    "draw_bigrams",
    "draw_collected",
    "draw_collocates",
    "draw_comparison",
    "draw_concordance",
    "draw_corrected",
    "draw_course",
    "draw_disagreements",
    "draw_entity_rates",
    "draw_found_topics",
    "draw_keyness",
    "draw_keyness_words",
    "draw_masking",
    "draw_network",
    "draw_segment_shares",
    "draw_sensitivity",
    "draw_sentiment_by",
    "draw_sentiment_ends",
    "draw_series",
    "draw_speakers",
    "draw_term_rates",
    "draw_topic_numbers",
    "draw_topic_rates",
    "draw_topic_shares",
    "draw_toward",
    "draw_toward_ends",
    "draw_voices",
    "draw_word_rates",
    "fix_colours",
]


def __getattr__(name: str) -> Any:
    """A public name, from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module 'workbench.figures' has no attribute {name!r}")
    return getattr(import_module(f"workbench.figures.{_HOME[name]}"), name)
