"""The work of jobs, as it is prepared before the processes that do it are forked."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from soda_core.services.cutout_job import open_work

if TYPE_CHECKING:
    from soda_core.services import Archive

FILES = Path("/proc/self/fd")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_is_prepared_can_be_forked(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No thread and no open file is left, of which a child would have half."""
    own = archive.settings.model_copy(update={"inventory": str(tmp_path / "inventory.sqlite")})
    for name, value in own.environment().items():
        monkeypatch.setenv(name, value)
    threads, files = set(threading.enumerate()), set(FILES.iterdir())

    open_work()

    assert threads == set(threading.enumerate())
    assert len(files) == len(set(FILES.iterdir()))


def test_an_inventory_that_is_away_does_not_end_the_supervisor(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Each job tries it again, and tells its client if it is still away."""
    away = archive.settings.model_copy(update={"inventory": str(tmp_path / "no" / "folder.sqlite")})
    for name, value in away.environment().items():
        monkeypatch.setenv(name, value)

    open_work()

    assert "each job opens the inventory anew" in caplog.text
