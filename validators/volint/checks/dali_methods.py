"""Both methods: what GET answers, POST of a form answers too (DALI 1.1, 2.2)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from volint.answers import failed, message
from volint.check import rule
from volint.model import Skip
from volint.scopes import ANY_ENDPOINT
from volint.subjects import ABSENT

from .soda_sync import region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.check import Faults
    from volint.exchange import Exchange, Pairs
    from volint.service import Resource

__all__ = ["same_by_post"]

CAUSES = ("SODA-2.1-03", "SIA2-2.1-05", "DL-2.1-01", "SODA-2.1-01", "SIA2-2.1-01", "DL-2-01")


@rule("DALI-2.2-01", ANY_ENDPOINT, because=CAUSES)
def same_by_post(place: Resource) -> Faults:
    """What is refused, empty or limited by GET is so by POST, whatever the case of the names."""
    for what, asked in _requests(place):
        by_get, by_post = place.get(*asked), place.post(*asked)
        if _outcome(by_get) != _outcome(by_post):
            told = f"{what} by POST: {_words(by_post)}; by GET: {_words(by_get)}"
            yield by_post.fault(told)


def _requests(place: Resource) -> Iterator[tuple[str, Pairs]]:
    """Yield requests that are seldom tried by POST."""
    if place.kind == "sia2.query":
        yield "a shape that is none", (("POS", "volint"), ("MAXREC", "3"))
        yield "names in lower case", (("maxrec", "1"),)
        yield "MAXREC=0", (("MAXREC", "0"),)
        return
    yield "an unknown identifier", (("ID", ABSENT),)
    if place.kind == "datalink.links":
        known = [("ID", dataset.did) for dataset in place.service.subjects.datasets[:2]]
        if known:
            yield "names in lower case", (("id", known[0][1]),)
            yield f"{len(known)} identifiers", tuple(known)
        return
    yield "no identifier", (("CIRCLE", "10 20 0.1"),)
    with suppress(Skip):  # without a dataset there are fewer
        dataset = place.service.subjects.first
        asked = region(place, dataset)
        yield "names in lower case", tuple((name.lower(), value) for name, value in asked)
        if asked[1][0] == "CIRCLE":
            yield "a region elsewhere", (("ID", dataset.did), ("CIRCLE", dataset.elsewhere))


def _outcome(answer: Exchange) -> tuple[object, ...]:
    """Return what two answers to the same request have in common."""
    if failed(answer):
        return answer.status // 100, answer.media_type.essence, message(answer).partition(":")[0][:20]
    return answer.status, answer.media_type.essence, _rows(answer)


def _rows(answer: Exchange) -> int | None:
    """Return the number of rows; None where there is no table to count."""
    try:
        return len(answer.view.rows)
    except Skip:
        return None


def _words(answer: Exchange) -> str:
    rows = _rows(answer)
    size = f"{len(answer.body)} bytes" if rows is None else f"{rows} rows"
    return f"{answer.status}, {answer.media_type.essence or 'no media type'}, {size}"
