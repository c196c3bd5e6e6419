"""A correction shows its effect before it is written, reaches every table at the next build, and survives the ones after."""

import tomllib

import pytest
from support.corrected_texts import BRIEFING, DUSK, REED, SHIP, SPEECH, STEP, STORY, address, write_corpus

import workbench
from workbench.errors import BadParameter, BadSelection, BadSettings
from workbench.pipeline import label_corrections as planned
from workbench.pipeline.label_corrections import CorrectionEffect


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_corpus(tmp_path / "texts")


@pytest.fixture
def corpus(root):
    return workbench.load(root)


def at(text, words):
    return f"{'briefing' if text == BRIEFING else 'story'}.txt:{address(text, words)}"


def speakers(corpus, table, doc_id):
    rows = corpus.document_rows(table, doc_id)
    return dict(zip(rows["start"].tolist(), rows["speaker"].tolist(), strict=True))


def differing(before, after, table, columns):
    """How many rows of a table differ in these columns, or stand in one of the two corpora only."""
    one, two = (
        {
            tuple(map(str, row))
            for row in getattr(c.tables, table).to_pandas()[columns].itertuples(index=False)
        }
        for c in (before, after)
    )
    return len({row[:3] for row in one ^ two})


CASES = {
    "turn": lambda c: planned.plan_speaker(c, at(BRIEFING, "Karsten is with us."), "Anna Falk", "seen"),
    "quote": lambda c: planned.plan_speaker(c, at(STORY, STEP), "Anna Falk", "seen"),
    "deletion": lambda c: planned.plan_quote(c, at(STORY, SHIP), None, "seen"),
    "label": lambda c: planned.plan_label(c, at(STORY, "harbour"), "caption", "seen"),
    "turn to text": lambda c: planned.plan_label(c, at(BRIEFING, "Karsten"), "chrome", "seen"),
    "throughout": lambda c: planned.plan_rename(c, "ms. reed", "unknown", "seen"),
    "throughout one": lambda c: planned.plan_rename(c, "Customs", "unknown", "seen", "story.txt"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_correction_announces_is_what_the_next_build_changes(corpus, root, case):
    plan = CASES[case](corpus)
    assert workbench.load(root).version == corpus.version  # nothing is written yet
    planned.write(corpus, plan)
    after = workbench.load(root)
    quotes = differing(corpus, after, "quotes", ["doc_id", "start", "end", "speaker"])
    sentences = differing(corpus, after, "sentences", ["doc_id", "start", "end", "voice", "speaker"])
    assert (plan.effect.quotes, plan.effect.sentences) == (quotes, sentences)
    words = int(
        after.tables.documents.to_pandas()["words"].sum() - corpus.tables.documents.to_pandas()["words"].sum()
    )
    assert plan.effect.words == words
    assert sum(plan.effect[1:5]) > 0
    (row,) = planned.listed(after)
    assert (row["reason"], row["effect"]) == ("seen", "in effect")


def test_a_sentence_of_a_turn_is_an_address_of_the_whole_turn(corpus):
    plan = CASES["turn"](corpus)
    assert plan.key == address(BRIEFING, REED)
    assert str(plan.effect) == "changes 1 turn, 0 quotations, 3 sentences"


def test_a_correction_survives_a_new_store_and_a_changed_neighbour(corpus, root, tmp_path):
    planned.write(corpus, CASES["turn"](corpus))
    (root / "other.txt").write_text(STORY.replace("Ferry", "Tram"), encoding="utf-8")
    again = workbench.load(write_corpus(root, story=STORY + "More is to come on Monday.\n"))
    start = BRIEFING.index("Thank you. I")
    assert speakers(again, "segments", "briefing.txt")[start] == "Anna Falk"
    copied = write_corpus(tmp_path / "elsewhere", briefing=BRIEFING)
    (copied / "metadata.toml").write_bytes((root / "metadata.toml").read_bytes())
    assert speakers(workbench.load(copied), "sentences", "briefing.txt")[start] == "Anna Falk"


def test_only_the_corrected_document_gets_new_layers(corpus, root):
    assert len(corpus.tables.tokens.to_pandas())
    planned.write(corpus, CASES["label"](corpus))
    from workbench.pipeline.plan import read_state

    after = workbench.load(root)
    made = {row.doc_id: row.tokens for row in read_state(after._source.store)}
    assert made["briefing.txt"] is not None
    assert made["story.txt"] is None
    assert DUSK.split()[1] not in set(
        after.tables.tokens.to_pandas().loc[after.tables.tokens.to_pandas()["doc_id"] == "story.txt", "form"]
    )


def test_the_speaker_of_a_mention_is_the_corrected_one(corpus, root):
    before = corpus.tables.mentions.to_pandas()
    karsten = BRIEFING.index("Karsten")
    assert set(
        before.loc[(before["doc_id"] == "briefing.txt") & (before["start"] == karsten), "speaker"]
    ) == {"Ms. Reed"}
    planned.write(corpus, CASES["turn"](corpus))
    after = workbench.load(root).tables.mentions.to_pandas()
    assert set(after.loc[(after["doc_id"] == "briefing.txt") & (after["start"] == karsten), "speaker"]) == {
        "Anna Falk"
    }


def test_a_changed_file_makes_a_correction_a_problem_and_stops_no_build(corpus, root):
    planned.write(corpus, CASES["quote"](corpus))
    (root / "story.txt").write_text(STORY.replace("a long year", "a year"), encoding="utf-8")
    after = workbench.load(root)
    (row,) = planned.listed(after)
    assert row["effect"] == "without effect"
    (problem,) = [
        row for row in after.tables.problems.to_pandas().itertuples() if "corrects quotes" in row.problem
    ]
    assert (problem.path, problem.severity) == ("story.txt", "doubtful")


def test_a_bad_entry_stops_neither_the_build_nor_the_entries_around_it(corpus, root):
    planned.write(corpus, CASES["quote"](corpus))
    with (root / "metadata.toml").open("a", encoding="utf-8") as file:
        file.write('\n["story.txt".turns]\n"12" = {speaker = "A", words = "w", reason = "r"}\n')
    after = workbench.load(root)
    assert "Anna Falk" in set(after.tables.quotes.to_pandas()["speaker"])
    (problem,) = [
        row for row in after.tables.problems.to_pandas().itertuples() if row.path == "metadata.toml"
    ]
    assert "has no address" in problem.problem


def test_undo_gives_the_labels_of_before(corpus, root):
    for case in ("turn", "deletion", "throughout"):
        planned.write(corpus, CASES[case](corpus))
    assert workbench.load(root).version != corpus.version
    planned.undo(corpus, f"briefing.txt:{address(BRIEFING, REED)}")
    planned.undo(corpus, f"story.txt:{address(STORY, SHIP)}")
    place = planned.undo(corpus, "Ms. Reed")
    assert tomllib.loads(place.read_text(encoding="utf-8")) == {}
    assert workbench.load(root).version == corpus.version
    with pytest.raises(BadSettings, match="no correction of speakers"):
        planned.undo(corpus, "Ms. Reed")


def test_the_speaker_of_a_document_reaches_the_sentences(tmp_path):
    root = write_corpus(tmp_path / "speech", speech=SPEECH)
    entry = '"speech.txt" = {speaker = "Elena Markov", reason = "the heading"}\n'
    (root / "metadata.toml").write_text(entry, encoding="utf-8")
    assert set(workbench.load(root, 'speaker:"Elena Markov"').tables.sentences.to_pandas()["voice"]) == {
        "turn"
    }


@pytest.mark.parametrize(
    ("plan", "error", "said"),
    [
        (lambda c: planned.plan_speaker(c, at(STORY, DUSK), "A", "r"), BadParameter, "neither a turn nor a quotation"),
        (lambda c: planned.plan_turn(c, at(STORY, STEP), "A", "r"), BadParameter, "no turn stands there"),
        (lambda c: planned.plan_quote(c, at(STORY, DUSK), None, "r"), BadParameter, "no quotation stands there"),
        (lambda c: planned.plan_speaker(c, at(STORY, STEP), "Elena Markov", "r"), BadParameter, "nothing would change"),
        (lambda c: planned.plan_speaker(c, at(STORY, STEP), " ", "r"), BadParameter, "no speaker is given"),
        (lambda c: planned.plan_speaker(c, at(STORY, STEP), "A", "…"), BadParameter, "no reason is given"),
        (lambda c: planned.plan_label(c, at(STORY, DUSK), "captoin", "r"), BadParameter, "no kind `captoin`"),
        (lambda c: planned.plan_label(c, "story.txt:90000-90001", "caption", "r"), BadParameter, "no words stand there"),
        (lambda c: planned.plan_speaker(c, "story.txt", "A", "r"), BadParameter, "it is no address"),
        (lambda c: planned.plan_speaker(c, "stry.txt:1-9", "A", "r"), BadSelection, "no document `stry.txt`"),
        (lambda c: planned.plan_rename(c, "custms", "unknown", "r"), BadParameter, "nobody is called so"),
        (lambda c: planned.plan_rename(c, "Customs", "Customs", "r"), BadParameter, "nothing would change"),
    ],
)  # fmt: skip
def test_a_correction_that_means_nothing_is_refused_with_a_hint(corpus, plan, error, said):
    with pytest.raises(error) as refused:
        plan(corpus)
    assert said in refused.value.problem
    assert refused.value.hint


def test_an_effect_is_one_line_in_words():
    assert (
        str(CorrectionEffect(1, 2, 0, 1, 3, -11))
        == "changes 2 passages, 1 quotation, 3 sentences; body text −11 words"
    )
    assert (
        str(CorrectionEffect(3, 9, 4, 0, 1200))
        == "changes 4 turns, 0 quotations, 1,200 sentences in 3 documents"
    )
