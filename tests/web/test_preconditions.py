"""What a client has and wants (RFC 9110): tags and ranges."""

from __future__ import annotations

import pytest

from soda_core.web.preconditions import Unsatisfiable, Wish

TAG = '"a1"'
RANGES = [
    ("bytes=0-99", (0, 100)),
    ("bytes=0-0", (0, 1)),
    ("bytes=100-", (100, 1000)),
    ("bytes=-10", (990, 1000)),
    ("bytes=-5000", (0, 1000)),
    ("bytes=999-2000", (999, 1000)),
    ("Bytes = 5 - 6", (5, 7)),
    ("", None),
    ("bytes=0-1,5-6", None),
    ("bytes=9-3", None),
    ("items=0-1", None),
    ("bytes=-", None),
    ("bytes=a-b", None),
    (f"bytes={'9' * 30}-", None),
]


@pytest.mark.parametrize(("text", "part"), RANGES)
def test_the_one_range(text: str, part: tuple[int, int] | None) -> None:
    """One range of bytes gives its start and end; all else the whole (RFC 9110, 14.2)."""
    assert part == Wish(range=text).part(1000, TAG)


@pytest.mark.parametrize("text", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_behind_the_end(text: str) -> None:
    """No byte of the answer lies in it (RFC 9110, 15.5.17)."""
    with pytest.raises(Unsatisfiable):
        Wish(range=text).part(1000, TAG)


@pytest.mark.parametrize(("tag", "part"), [(TAG, (0, 10)), ('"b"', None), (f"W/{TAG}", None)])
def test_a_range_of_the_copy_that_the_client_has(tag: str, part: tuple[int, int] | None) -> None:
    """A range counts only as long as the tag is strongly the same (RFC 9110, 13.1.5)."""
    assert part == Wish(range="bytes=0-9", if_range=tag).part(1000, TAG)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (TAG, True),
        ("*", True),
        ('"x", "a1"', True),
        ('W/"a1"', True),
        ('"x"', False),
        ("", False),
        ("a1", False),
    ],
)
def test_the_copy_that_the_client_has(text: str, known: bool) -> None:  # noqa: FBT001 - a table of cases
    """Any of several tags may be the one, compared weakly (RFC 9110, 13.1.2)."""
    assert known == Wish(none_match=text).has(TAG)
