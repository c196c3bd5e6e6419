"""`aliases.toml`: what it may say, and how a wrong entry is refused."""

from __future__ import annotations

import pickle

import pytest

from workbench.errors import BadSettings
from workbench.settings.aliases import fold_name, parse
from workbench.settings.loader import SettingsLayer, read_layers

ACCEPT = {"names": ["A", "B"], "entity": "A", "label": "body", "reason": "r"}


def read(*tables):
    return parse([SettingsLayer(f"file{i}.toml", table) for i, table in enumerate(tables)])


def test_the_packages_own_merges_each_give_a_reason_and_none_is_a_person():
    own = parse(read_layers("aliases.toml", None))
    assert own.accept
    assert all(accept.reason and accept.label != "person" for accept in own.accept)
    assert own.refuse == ()
    assert pickle.loads(pickle.dumps(own)) == own
    assert hash(own) == hash(parse(read_layers("aliases.toml", None)))


def test_no_name_form_of_the_package_is_in_two_merges():
    forms = [
        fold
        for accept in parse(read_layers("aliases.toml", None)).accept
        for fold in {fold_name(n) for n in accept.names}
    ]
    assert len(forms) == len(set(forms))


def test_layers_add_up_and_a_later_refusal_takes_back_an_earlier_merge():
    both = read(
        {"accept": [ACCEPT], "names": {"known": {"body": ["X"]}}},
        {"names": {"model": "other", "known": {"body": ["Y"]}}},
    )
    assert (both.model, dict(both.known)["body"], len(both.accept)) == ("other", ("X", "Y"), 1)
    undone = read({"accept": [ACCEPT]}, {"refuse": [{"names": ["a.", "The B"], "reason": "r"}]})
    assert (undone.accept, len(undone.refuse)) == ((), 1)


@pytest.mark.parametrize(
    ("table", "problem", "hint"),
    [
        ({"acept": []}, "no setting `acept`", "did you mean `accept`"),
        ({"names": {"modle": "x"}}, "no setting `modle`", "did you mean `model`"),
        ({"names": {"model": 3}}, "`model` is not a text", "write model"),
        ({"names": []}, "`names` is not a table", "[names]"),
        ({"names": {"known": {"bodies": ["X"]}}}, "no setting `bodies`", "did you mean `body`"),
        ({"names": {"known": {"body": 3}}}, "`body` is int", "write body"),
        ({"accept": {"names": []}}, "`accept` is not a list", "[[accept]]"),
        ({"accept": [{**ACCEPT, "labell": "x"}]}, "no setting `labell`", "did you mean `label`"),
        ({"accept": [{**ACCEPT, "label": "boddy"}]}, "label `boddy`", "did you mean `body`"),
        ({"accept": [{k: v for k, v in ACCEPT.items() if k != "reason"}]}, "without `reason`", "add reason"),
        ({"accept": [{**ACCEPT, "names": []}]}, "without `names`", "names ="),
        ({"refuse": [{"names": ["A"], "reason": "r"}]}, "not two different forms", "one entry for each pair"),
        ({"refuse": [{"names": ["A", "the a"], "reason": "r"}]}, "not two different forms", "one entry"),
        ({"accept": [ACCEPT], "refuse": [{"names": ["A", "B"], "reason": "r"}]}, "both accepted", "remove one"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_its_mend(table, problem, hint):
    with pytest.raises(BadSettings) as refused:
        read(table)
    assert refused.value.place == "file0.toml"
    assert problem in refused.value.problem
    assert hint in refused.value.hint
