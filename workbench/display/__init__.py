"""Tables become figures, printed tables and sentences. A figure draws; it never counts.

The only door to matplotlib is `canvas`, which is loaded with the first figure.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.display.blocks import Caveat, Figure, Header, Heading, KeyFigures, Reading, Table
    from workbench.display.palette import fix_colours
    from workbench.display.plots.agreement import draw_corrected
    from workbench.display.plots.before_after import draw_before_after, draw_collected
    from workbench.display.plots.collocates import draw_bigrams, draw_collocates
    from workbench.display.plots.concordance import draw_concordance
    from workbench.display.plots.keyness import draw_keyness, draw_keyness_words
    from workbench.display.plots.network import draw_network
    from workbench.display.plots.rates import (
        draw_comparison,
        draw_entity_rates,
        draw_segment_shares,
        draw_speakers,
        draw_term_rates,
        draw_topic_rates,
        draw_voices,
        draw_word_rates,
    )
    from workbench.display.plots.sentiment import draw_masking, draw_sentiment_by, draw_sentiment_ends
    from workbench.display.plots.sentiment_checks import (
        draw_agreement,
        draw_course,
        draw_disagreements,
        draw_sensitivity,
    )
    from workbench.display.plots.target_sentiment import draw_toward, draw_toward_ends
    from workbench.display.plots.timeline import draw_series
    from workbench.display.plots.topic_model import draw_found_topics, draw_topic_numbers, draw_topic_shares

_HOME = {
    "Caveat": "blocks",
    "Figure": "blocks",
    "Header": "blocks",
    "Heading": "blocks",
    "KeyFigures": "blocks",
    "Reading": "blocks",
    "Table": "blocks",
    "draw_agreement": "plots.sentiment_checks",
    "draw_before_after": "plots.before_after",
    "draw_bigrams": "plots.collocates",
    "draw_collected": "plots.before_after",
    "draw_collocates": "plots.collocates",
    "draw_comparison": "plots.rates",
    "draw_concordance": "plots.concordance",
    "draw_corrected": "plots.agreement",
    "draw_course": "plots.sentiment_checks",
    "draw_disagreements": "plots.sentiment_checks",
    "draw_entity_rates": "plots.rates",
    "draw_found_topics": "plots.topic_model",
    "draw_keyness": "plots.keyness",
    "draw_keyness_words": "plots.keyness",
    "draw_masking": "plots.sentiment",
    "draw_network": "plots.network",
    "draw_segment_shares": "plots.rates",
    "draw_sensitivity": "plots.sentiment_checks",
    "draw_sentiment_by": "plots.sentiment",
    "draw_sentiment_ends": "plots.sentiment",
    "draw_series": "plots.timeline",
    "draw_speakers": "plots.rates",
    "draw_term_rates": "plots.rates",
    "draw_topic_numbers": "plots.topic_model",
    "draw_topic_rates": "plots.rates",
    "draw_topic_shares": "plots.topic_model",
    "draw_toward": "plots.target_sentiment",
    "draw_toward_ends": "plots.target_sentiment",
    "draw_voices": "plots.rates",
    "draw_word_rates": "plots.rates",
    "fix_colours": "palette",
}
__all__ = [
    "Caveat",
    "Figure",
    "Header",
    "Heading",
    "KeyFigures",
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
        raise AttributeError(f"module 'workbench.display' has no attribute {name!r}")
    return getattr(import_module(f"workbench.display.{_HOME[name]}"), name)
