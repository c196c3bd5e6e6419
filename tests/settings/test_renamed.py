"""Settings under the names of older versions are refused with the new name."""

import pytest

from workbench.errors import BadSettings
from workbench.settings import load_settings
from workbench.settings.target_sentiment import DEFAULT_MODEL


@pytest.mark.parametrize(
    ("old", "new"), [("lexicon.toml", "sentiment_masks.toml"), ("toward.toml", "target_sentiment.toml")]
)
def test_a_settings_file_under_its_old_name_is_refused_with_the_new_one(tmp_path, old, new):
    (tmp_path / old).write_text("", encoding="utf-8")
    with pytest.raises(BadSettings, match=old) as refused:
        load_settings(tmp_path)
    assert refused.value.hint.startswith(f"rename the file to {new}")
    (tmp_path / old).rename(tmp_path / new)
    load_settings(tmp_path)


def test_the_old_import_path_of_the_default_judge_is_refused_with_the_new_one(tmp_path):
    file = tmp_path / "target_sentiment.toml"
    file.write_text('judge = "workbench.annotate.toward:toward"\n', encoding="utf-8")
    with pytest.raises(BadSettings, match="no judge") as refused:
        load_settings(tmp_path)
    assert DEFAULT_MODEL in refused.value.hint
