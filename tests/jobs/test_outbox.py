"""Small results on their way to the store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from soda_core.jobs import outbox
from soda_core.jobs.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_what_comes_together_goes_together() -> None:
    """In the order in which it came; after a flush all is delivered."""
    batches: list[list[int]] = []
    box = Outbox[int](lambda some: batches.append(list(some)))

    for number in range(100):
        box.put(number, 1)
    box.flush()
    box.put(100, 1)
    box.flush()

    assert [*range(101)] == [number for batch in batches for number in batch]
    assert len(batches) < 20


def test_the_last_one_goes_without_being_pushed() -> None:
    """Nobody has to bring another one for it to be seen."""
    came = threading.Event()
    box = Outbox[int](lambda _some: came.set())

    box.put(1, 1)

    assert came.wait(60)


def test_who_brings_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until some of it is delivered: memory is bounded."""
    monkeypatch.setattr(outbox, "MOST", 10)
    most = 0

    def deliver(some: Sequence[int]) -> None:
        nonlocal most
        most = max(most, sum(some))

    box = Outbox[int](deliver)
    for _ in range(40):
        box.put(4, 4)
    box.flush()

    assert 4 <= most < 10 + 4


def test_an_error_is_told_to_whoever_comes_next() -> None:
    """Again and again, as what was lost stays lost."""

    def deliver(_some: Sequence[int]) -> None:
        raise OSError("full")

    box = Outbox[int](deliver)
    box.put(1, 1)

    for call in (box.flush, box.flush, lambda: box.put(2, 1)):
        with pytest.raises(OSError, match="full"):
            call()
