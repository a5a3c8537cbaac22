"""Declared endpoints and their handlers belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from toys import endpoint, standard

from soda_core import registry

if TYPE_CHECKING:
    from soda_core.standards import Endpoint


def handler(_request: registry.Request) -> registry.Answer:
    """Answer nothing."""
    return registry.Nothing()


MUST, MAY = endpoint("query"), endpoint("tables", need="may")
SYNC, ASYNC = endpoint("sync", need="any"), endpoint("async", need="any")


@pytest.mark.parametrize(
    ("endpoints", "handlers", "message"),
    [
        ((MUST,), (), "TOY 2: endpoint 'query' has no handler"),
        ((MUST,), ("query", "quarry"), "TOY declares no endpoint 'quarry'; did you mean 'query'?"),
        ((MUST,), ("query", "zzz"), "TOY declares no endpoint 'zzz'"),
        ((SYNC, ASYNC), (), "TOY: one of the endpoints sync, async needs a handler"),
    ],
)
def test_what_does_not_match_is_told(
    endpoints: tuple[Endpoint, ...], handlers: tuple[str, ...], message: str
) -> None:
    """A service that does not fit its declaration does not start, and says why."""
    with pytest.raises(registry.BindError) as caught:
        registry.bind(standard(*endpoints), dict.fromkeys(handlers, handler))

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("endpoints", "handlers"),
    [
        ((MUST, MAY), ["query"]),
        ((MUST, MAY), ["query", "tables"]),
        ((SYNC, ASYNC), ["sync"]),
        ((SYNC, ASYNC), ["async", "sync"]),
        ((MAY,), []),
    ],
)
def test_what_is_bound_is_what_has_a_handler(endpoints: tuple[Endpoint, ...], handlers: list[str]) -> None:
    """An endpoint that may be left out is not bound without a handler."""
    bound = registry.bind(standard(*endpoints), dict.fromkeys(handlers, handler))

    assert handlers == [entry.endpoint.name for entry in bound]
