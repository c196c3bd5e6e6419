"""Group words by their stem: "cooperate", "cooperation" and "cooperating" are one group.

The stem is Snowball's (Porter 2001), NLTK's own, looked up once for each different word. A group is
named by its most frequent word with a star (`cooperation*`), since the stem itself ("cooper") may be
another word.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from workbench.annotate.nltk_import import SnowballStemmer
from workbench.languages import default_language


def stem_groups(tokens: pd.DataFrame) -> pd.DataFrame:
    """Group the words of a corpus by their stem.

    In:  tokens [form, word]. Out: [form, stem, family, n], one row per different word; `n` how often it
         stands; `family` the most frequent word of the stem, with a star where there is more than one.
    """
    counts = tokens.loc[tokens["word"].astype(bool), "form"].astype("object").value_counts()
    counts = counts[counts > 0]
    out = pd.DataFrame({"form": counts.index, "n": counts.to_numpy()})
    out["stem"] = [stem(str(form)) for form in out["form"]]
    out = out.sort_values(["n", "form"], ascending=[False, True], kind="stable")
    first = out.groupby("stem", sort=False)["form"].transform("first")
    many = out.groupby("stem", sort=False)["form"].transform("size") > 1
    out["family"] = first.where(~many, first + "*")
    return out[["form", "stem", "family", "n"]].reset_index(drop=True)


def replace_by_stem_group(tokens: pd.DataFrame) -> pd.DataFrame:
    """Replace each word by the name of its stem group, for any analysis of words.

    Out: the columns of `tokens`; spans stay those of the words as written.
    """
    family_of_form = stem_groups(tokens).set_index("form")["family"]
    forms = tokens["form"].astype("object")
    return tokens.assign(form=forms.map(family_of_form).fillna(forms))


def stem(form: str) -> str:
    """Snowball's stem of a folded form; "US" is a country, and what is not lower case stays as it is."""
    return str(_stemmer(default_language().snowball).stem(form)) if form.islower() else form


@cache
def _stemmer(language: str) -> SnowballStemmer:
    return SnowballStemmer(language)
