"""The demo archive, built once for all tests."""

import pytest

from soda_core.demo import Archive, build


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive of the default seed."""
    return build(tmp_path_factory.mktemp("demo"))
