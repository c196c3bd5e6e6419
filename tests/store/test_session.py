"""A session asks one version of a store; what does not fit into its memory goes to a folder of the store."""

from workbench.store import session


def test_an_answer_larger_than_memory_is_spilled_into_the_store(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "MEMORY", "24MB")
    opened = session.Session(tmp_path, {}, "content", {})
    name = opened.create("SELECT range AS r, md5(range::VARCHAR) AS words FROM range(1000000)")
    assert (tmp_path / session.SPILL_FOLDER).is_dir()
    assert opened.table(f"SELECT count(*) AS n FROM {name}").column("n").to_pylist() == [1_000_000]
    opened.close()
