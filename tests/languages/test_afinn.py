from importlib import resources

from workbench.languages.afinn import afinn


def test_the_second_lexicon_is_the_authors_file_on_vaders_scale() -> None:
    found = afinn()
    assert len(found) == 2462
    assert (found["outstanding"], found["catastrophic"]) == (4.0, -3.2)
    assert all(-4 <= valence <= 4 and " " not in word for word, valence in found.items())


def test_its_licence_stands_beside_it() -> None:
    text = resources.files("workbench.languages").joinpath("en/AFINN-LICENSE").read_text(encoding="utf-8")
    assert "ODC Open Database License (ODbL)" in text
