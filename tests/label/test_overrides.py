"""What the analyst says of a line stands above every rule, survives a rebuild and complains when it is stale."""

import pytest

import workbench

BODY = (
    "The ministry said on Friday that the talks about grain had gone on until the evening and would be resumed "
    "when the delegations had heard from their capitals, two of which had asked for time."
)
TEXT = f"Grain talks enter a second day\n\n{BODY}\n\nThe harbour of the town seen at dusk by our reader.\n\n{BODY[:92]}.\n"
HOPE = "We have come to talk about grain and water, and we hope that the towns will hear us in the end of it all."
LAMPS = "The hall is lit by old lamps."
SPOKEN = (
    f"Briefing\n\nMR. ABLE: {BODY}\n\nMS. REED: {HOPE}\n\n{LAMPS}\n\n{BODY[:92]}.\n\n"
    f"MR. ABLE: {HOPE}\n\nMS. REED: Thank you.\n"
)


def built(root, text, metadata):
    root.mkdir(exist_ok=True)
    (root / "a.txt").write_text(text, encoding="utf-8")
    (root / "metadata.toml").write_text(metadata, encoding="utf-8")
    corpus = workbench.load(root)
    kinds = {
        text[s.start : s.end].strip(): (s.kind, s.rule)
        for s in corpus.tables.segments.to_pandas().itertuples()
    }
    return corpus, kinds


def lines(*pairs):
    said = "".join(f'"{line}" = "{kind}"\n' for line, kind in pairs)
    return f'["a.txt"]\nreason = "seen on the page"\n["a.txt".lines]\n{said}'


def test_a_line_is_what_the_analyst_says_and_its_words_leave_the_body(tmp_path):
    before, kinds = built(tmp_path / "c", TEXT, "")
    assert kinds["The harbour of the town seen at dusk by our reader."][0] == "paragraph"
    after, kinds = built(tmp_path / "c", TEXT, lines(("The harbour of the town…", "caption")))
    assert kinds["The harbour of the town seen at dusk by our reader."] == (
        "caption",
        "said in metadata.toml",
    )
    assert (
        int(before.tables.documents.to_pandas()["words"].iloc[0])
        - int(after.tables.documents.to_pandas()["words"].iloc[0])
        == 11
    )
    assert "".join(TEXT[s.start : s.end] for s in after.tables.segments.to_pandas().itertuples()) == TEXT


def test_a_line_within_a_speech_can_be_taken_out_of_it(tmp_path):
    assert built(tmp_path / "c", SPOKEN, "")[1][LAMPS][0] == "turn"
    kinds = built(tmp_path / "c", SPOKEN, lines((LAMPS, "caption")))[1]
    assert kinds[LAMPS][0] == "caption"


def test_a_line_that_is_not_there_is_a_problem_with_its_mend(tmp_path):
    corpus, _ = built(tmp_path / "c", TEXT, lines(("No such line", "caption")))
    (row,) = [row for row in corpus.tables.problems.to_pandas().itertuples() if "No such line" in row.problem]
    assert row.severity == "doubtful"
    assert row.hint


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (lines(("Grain talks", "captoin")), "caption"),
        (lines(("Grain talks", "title")), "title = "),
        ('["a.txt"]\nreason = "r"\nlines = 3\n', '["a.txt".lines]'),
        ('["a.txt".lines]\n"x" = "caption"\n', "reason"),
    ],
)
def test_an_override_that_means_nothing_is_a_problem_with_its_hint(tmp_path, metadata, said):
    corpus, _ = built(tmp_path / "c", TEXT, metadata)
    (row,) = [row for row in corpus.tables.problems.to_pandas().itertuples() if row.path == "metadata.toml"]
    assert said in row.hint
