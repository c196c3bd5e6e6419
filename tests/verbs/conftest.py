import pytest
from support.small_corpus import build_small_corpus


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return build_small_corpus(tmp_path_factory.mktemp("small"))
