"""Words in families, and the door to NLTK that loads nothing beside it."""

import subprocess
import sys

import pandas as pd
import pytest

from workbench.annotate.nltk_import import without_optional_imports
from workbench.annotate.stem_groups import replace_by_stem_group, stem_groups

WORDS = ["cooperation", "cooperate", "cooperation", "cooper", "US", "us", "talks", "talk", "treaty", ","]
TOKENS = pd.DataFrame({"form": WORDS, "word": [w != "," for w in WORDS], "start": range(len(WORDS))})


def test_a_family_is_named_by_its_most_frequent_word():
    named = stem_groups(TOKENS).set_index("form")
    assert named.loc["cooperate", "family"] == "cooperation*"
    assert named.loc["talk", "family"] == named.loc["talks", "family"] == "talk*"
    assert named.loc["treaty", "family"] == "treaty"
    assert named["n"].sum() == 9


def test_the_country_is_not_the_pronoun():
    named = stem_groups(TOKENS).set_index("form")["stem"]
    assert named["US"] == "US"
    assert named["us"] == "us"


def test_tokens_keep_their_places_and_the_input_stays():
    before = TOKENS.copy()
    ours = replace_by_stem_group(TOKENS)
    assert list(ours["start"]) == list(TOKENS["start"])
    assert list(ours["form"][-2:]) == ["treaty", ","]
    pd.testing.assert_frame_equal(TOKENS, before)


def test_no_word_has_no_family():
    assert replace_by_stem_group(TOKENS[:0]).empty


def test_nltk_comes_without_scikit_learn_and_scipy_which_load_afterwards_all_the_same():
    """In a process of its own: the imports of this one are done."""
    said = subprocess.run(
        [sys.executable, "-c", (
            "import sys, importlib.util\n"
            "import workbench.annotate.sentences, workbench.annotate.sentiment.vader, workbench.annotate.stem_groups\n"
            "print([m for m in ('sklearn', 'scipy') if m in sys.modules])\n"
            "import scipy.sparse\n"
            "print(importlib.util.find_spec('sklearn') is not None)\n"
        )],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stdout.splitlines()[0] == "[]", said.stderr


def test_what_is_not_asked_for_is_absent_only_inside():
    with without_optional_imports(), pytest.raises(ModuleNotFoundError, match="not needed here"):
        __import__("scipy.nothing_of_that_name")
    with pytest.raises(ModuleNotFoundError, match="No module named"):
        __import__("scipy.nothing_of_that_name")
    assert not [f for f in sys.meta_path if type(f).__name__ == "_Absent"]
