"""metadata.toml: entries that paste as they stand, names with *, and one wrong entry beside right ones."""

import tomllib

import pytest

from workbench.settings.metadata import date_in_path, entry_line, for_file, read_metadata, unused_entries

A = entry_line("a.txt", title="A", reason="the page")
B = entry_line("b.txt", date="2015-12-11", reason="the print edition")


def said(folder, name, toml):
    (folder / "metadata.toml").write_text(toml, encoding="utf-8")
    return for_file(folder / name, folder)


@pytest.mark.parametrize(
    "name", ["a.txt", 'say "no".txt', "back\\slash.txt", "2015/ö.txt", "feed.csv#7", "del\x7f.txt"]
)
def test_a_line_that_is_offered_is_toml_and_gives_back_what_it_says(name):
    line = entry_line(name, date="2015-12-11", reason='he said "so"')
    assert "\n" not in line
    assert tomllib.loads(line) == {name: {"date": "2015-12-11", "reason": 'he said "so"'}}


@pytest.mark.parametrize(
    "before",
    [
        "",
        f"{A}\n",
        '["a.txt"]\ntitle = "A"\nreason = "the page"\n',
        '["a.txt"]\nreason = "the page"\n["a.txt".lines]\n"Talks" = "caption"\n',
        '["a.txt"]\nreason = "r"\n["a.txt".attributes]\nparty = "Green"\n',
        '["a.csv".columns]\ntext = "Volltext"\n',
        '["b.txt"]\ntitle = "B"\nreason = "the page"\n',
        '["a.txt"] date = 2015-12-11, reason = "as an older version offered it"\n',
    ],
)  # fmt: skip
def test_an_entry_on_one_line_holds_wherever_it_is_pasted(tmp_path, before):
    assert said(tmp_path, "b.txt", before + B + "\n")["date"] == "2015-12-11"
    assert said(tmp_path, "b.txt", B + "\n" + before)["date"] == "2015-12-11"


def test_two_entries_of_one_file_are_joined_and_the_later_counts(tmp_path):
    entry = said(tmp_path, "b.txt", '["b.txt"]\ntitle = "B"\ndate = 2014\nreason = "r"\n' + B)
    assert (entry["title"], entry["date"]) == ("B", "2015-12-11")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ('["a.txt"] date = 2015-12-11, reason = "r"', 3),
        ('["a.txt"]\ndate == 2015\nreason = "r"\n', 4),
        ('["a.txt"\ndate = 2015-12-11\n', 3),
    ],
)
def test_a_line_that_is_no_toml_is_named_and_the_entries_around_it_hold(tmp_path, wrong, line):
    after = '["b.txt"]\ndate = 2015-12-11\nreason = "r"\n'
    toml = f'"c.txt" = {{title = "C", reason = "r"}}\n\n{wrong}\n{after}'
    assert said(tmp_path, "b.txt", toml)["date"] == "2015-12-11"
    assert for_file(tmp_path / "c.txt", tmp_path)["title"] == "C"
    (problem,) = read_metadata(tmp_path / "metadata.toml").problems
    assert problem.problem.startswith(f"line {line} is not valid TOML: ")
    assert tomllib.loads(problem.hint.partition(" written as ")[2])


def test_a_name_with_a_star_speaks_of_every_file_that_fits_and_one_name_counts_more(tmp_path):
    toml = '"tass/*" = {source = "TASS", reason = "the folder"}\n"tass/b.txt" = {source = "AP", reason = "its mark"}\n'
    assert said(tmp_path, "tass/a.txt", toml)["source"] == "TASS"
    assert for_file(tmp_path / "tass" / "b.txt", tmp_path)["source"] == "AP"
    assert for_file(tmp_path / "a.txt", tmp_path) == {}


def test_a_star_and_a_title_do_not_go_together(tmp_path):
    assert said(tmp_path, "a.txt", '"*" = {title = "A", reason = "r"}') == {}
    (problem,) = read_metadata(tmp_path / "metadata.toml").problems
    assert "speaks of several files and has title" in problem.problem


def test_a_name_with_a_star_that_fits_no_file_is_a_problem(tmp_path):
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "metadata.toml").write_text(
        '"tass/*" = {source = "T", reason = "r"}\n"*.txt" = {source = "T", reason = "r"}\n', encoding="utf-8"
    )
    (problem,) = unused_entries(tmp_path, [tmp_path / "a.txt"])
    assert '"tass/*", which is not there' in problem.problem


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2021-03-10-plan.md", "2021-03-10"),
        ("news 2021_03_10.txt", "2021-03-10"),
        ("20061020/exxon.txt", "2006-10-20"),
        ("2020-01-01/2021.03.10.txt", "2021-03-10"),
        ("2021-03/plan.md", None),
        ("2021-02-30.txt", None),
        ("idUSN2021166720061020.txt", None),
        ("10-03-2021.txt", None),
        ("feed.csv#2021-03-10", None),
    ],
)
def test_a_date_in_a_file_name_is_a_whole_day_in_year_month_day(path, date):
    assert date_in_path(path) == date
