"""Text forms of values: what is read, what is refused, and that nothing else ever happens."""

from __future__ import annotations

import contextlib
import math
import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soda_core.dali import TYPES, BadValue, BoundingRectangle, Circle, Interval, Polygon, Range

INF = math.inf
LARGEST = 2**63 - 1

GOOD = [
    ("circle", "12 34 0.5", Circle(12, 34, 0.5)),
    ("circle", "  12\t34\n.5  ", Circle(12, 34, 0.5)),
    ("circle", "1.2e1 +34. 5E-1", Circle(12, 34, 0.5)),
    ("circle", "-10 -90 180", Circle(350, -90, 180)),
    ("circle", "360 90 1", Circle(0, 90, 1)),
    ("circle", "725 0 1", Circle(5, 0, 1)),
    ("circle", "-1e-20 0 1", Circle(0, 0, 1)),
    ("polygon", "12 34 14 35 14 36", Polygon(((12, 34), (14, 35), (14, 36)))),
    ("polygon", "12 34 14 35 14 36 12 34", Polygon(((12, 34), (14, 35), (14, 36)))),
    ("polygon", "0 0 1 0 1 1 360 0", Polygon(((0, 0), (1, 0), (1, 1)))),
    ("polygon", "-1 0 1 0 1 1", Polygon(((359, 0), (1, 0), (1, 1)))),
    ("range", "12 14 34 36", Range(12, 14, 34, 36)),
    ("range", "0 360 -Inf -89", Range(0, 360, -90, -89)),
    ("range", "-Inf +Inf -Inf +Inf", Range(0, 360, -90, 90)),
    ("range", "350 10 -5 5", Range(350, 10, -5, 5)),
    ("range", "-10 10 -5 5", Range(350, 10, -5, 5)),
    ("range", "370 380 0 0", Range(10, 20, 0, 0)),
    ("range", "350 360 0 1", Range(350, 360, 0, 1)),
    ("range", "360 360 0 1", Range(0, 0, 0, 1)),
    ("range", "10 Infinity 0 1", Range(10, 360, 0, 1)),
    ("range", "-1e308 1e308 0 1", Range(0, 360, 0, 1)),
    ("interval", "5e-7 6e-7", Interval(5e-7, 6e-7)),
    ("interval", "550e-9", Interval(550e-9, 550e-9)),
    ("interval", "1 1", Interval(1, 1)),
    ("interval", "-Inf +Inf", Interval(-INF, INF)),
    ("interval", "-inf INFINITY", Interval(-INF, INF)),
    ("interval", "-iNfInItY inf", Interval(-INF, INF)),
    ("rectangle", "12 34 0.2 0.1", BoundingRectangle(12, 34, 0.2, 0.1, "deg")),
    ("rectangle", "12 34 600 300 ARCSEC", BoundingRectangle(12, 34, 600, 300, "arcsec")),
    ("rectangle", "-12 34 6 3 ArcMin", BoundingRectangle(348, 34, 6, 3, "arcmin")),
    ("rectangle", "12 34 5 7 pixel", BoundingRectangle(12, 34, 5, 7, "pixel")),
    ("whole", "0", 0),
    ("whole", " +100 ", 100),
    ("whole", "-0", 0),
    ("whole", "0x1F", 31),
    ("whole", "000000000000000000000000000012", 12),
    ("whole", str(LARGEST), LARGEST),
    ("signed", "-1", -1),
    ("signed", "-0x10", -16),
    ("timestamp", "2025-01-01", datetime(2025, 1, 1, tzinfo=UTC)),
    ("timestamp", "2025-01-01T12:30:45Z", datetime(2025, 1, 1, 12, 30, 45, tzinfo=UTC)),
    ("timestamp", "2025-01-01T12:30:45.5", datetime(2025, 1, 1, 12, 30, 45, 500000, tzinfo=UTC)),
    ("timestamp", "2025-01-01T12:30:45.1234567Z", datetime(2025, 1, 1, 12, 30, 45, 123456, tzinfo=UTC)),
    ("identifier", "ivo://example.org/data?a+b&c=d#e", "ivo://example.org/data?a+b&c=d#e"),
    ("string", "", ""),
    ("string", "Ångström and M 31", "Ångström and M 31"),
    ("word", "POLI", "POLI"),
    ("shape", "CIRCLE 10 20 1", "CIRCLE 10 20 1"),
]

BAD = [
    ("circle", "12, 34, 0.5"),
    ("circle", "\uff11\uff12 34 0.5"),
    ("circle", "12\u00a034\u00a00.5"),
    ("circle", "1_2 34 0.5"),
    ("circle", "0x12 34 0.5"),
    ("circle", "12 34 1e-400"),
    ("circle", "12 34 180.001"),
    ("circle", "12 34 nan"),
    ("circle", "Inf 34 1"),
    ("circle", "1e999 34 1"),
    ("circle", "12 -90.001 1"),
    ("circle", "12h30m 34 1"),
    ("circle", ". 34 1"),
    ("circle", "1e 34 1"),
    ("circle", "1d0 34 1"),
    ("circle", "- 1 2"),
    ("polygon", "0 0 1 1 0 0"),
    ("polygon", "0 0 1 0 0 0 1 0"),
    ("polygon", "0 0 1 0 1 Inf"),
    ("range", "12 14 36 34"),
    ("range", "12 14 34 90.1"),
    ("range", "12 -Inf 34 36"),
    ("range", "12 14 +Inf +Inf"),
    ("range", "12 14 34 36 38"),
    ("interval", "Inf"),
    ("interval", "-Inf -Inf"),
    ("interval", "+Inf +Inf"),
    ("interval", "NaN"),
    ("interval", "1 NaN"),
    ("interval", "1e999 2e999"),
    ("interval", "infinite 1"),
    ("interval", "1/2"),
    ("rectangle", "12 34 0.2"),
    ("rectangle", "12 34 0.2 0.1 deg deg"),
    ("rectangle", "12 34 0.2 deg"),
    ("rectangle", "deg"),
    ("whole", "1e3"),
    ("whole", "\uff11\uff12"),
    ("whole", "0b1"),
    ("whole", "-0x1"),
    ("whole", str(LARGEST + 1)),
    ("whole", "9" * 5000),
    ("whole", "0x" + "f" * 5000),
    ("signed", f"-{LARGEST + 1}"),
    ("timestamp", "2025-02-29"),
    ("timestamp", "0000-01-01"),
    ("timestamp", "2025-01-01T24:00:01"),
    ("timestamp", "2025-01-01T12:00"),
    ("timestamp", "2025-01-01T12:00:00+01:00"),
    ("timestamp", "\uff12025-01-01"),
    ("shape", "CIRCLE"),
    ("shape", "10 20 1"),
    ("shape", "CIRCLE \u00a0"),
    ("identifier", "a\x00b"),
    ("identifier", "line\nbreak"),
    ("string", "line\r\nbreak"),
    ("string", "\u2028"),
    ("string", "\ud800"),
    ("word", " I"),
    ("word", "I\tQ"),
    ("word", "a\ufeffb"),
]

numbers = st.floats(allow_nan=False, allow_infinity=False)
longitudes = st.floats(0, 360, exclude_max=True)
latitudes = st.floats(-90, 90)
sizes = st.floats(0, 180, exclude_min=True)
texts = st.one_of(
    st.text(st.characters()),
    st.text("0123456789+-.eExXinfINF naN_\t"),
    st.lists(
        st.sampled_from(["0", "-1", "90", "360", "1e999", "-Inf", "+inf", "NaN", "1e-400", "x", "deg"])
    ).map(" ".join),
)


@pytest.mark.parametrize(("kind", "text", "expected"), GOOD)
def test_a_legal_value_is_read(kind: str, text: str, expected: object) -> None:
    """Each legal text gives its value and matches the pattern of its type."""
    assert expected == TYPES[kind].read("X", text)
    assert re.search(TYPES[kind].pattern, text, re.ASCII)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_an_illegal_value_is_refused(kind: str, text: str) -> None:
    """Each illegal text is a bad value of the parameter, shown as it was sent, with what was expected."""
    with pytest.raises(BadValue) as caught:
        TYPES[kind].read("NAME", text)

    shown = text if len(text) <= 80 else f"{text[:77]}..."
    assert str(caught.value).startswith(f"NAME={shown!r}: expected ")
    assert "NAME" == caught.value.parameter


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (
            "circle",
            "1 2",
            "three numbers: ra dec radius (ICRS degrees; dec in [-90, 90], radius in (0, 180])",
        ),
        ("interval", "2 1", "two numbers: low high, low ≤ high (-Inf and +Inf leave an end open)"),
        ("whole", "-1", "a whole number from 0 to 9223372036854775807"),
        ("word", "a b", "one word"),
    ],
)
def test_a_message_says_what_was_expected(kind: str, text: str, message: str) -> None:
    """The client reads which form the value must have."""
    with pytest.raises(BadValue) as caught:
        TYPES[kind].read("X", text)

    assert f"X={text!r}: expected {message}" == str(caught.value)


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=150)
@given(text=texts)
@example(text="9" * 5000)
@example(text="1e" + "9" * 5000)
@example(text="\ud800 1 2")
@example(text="İ 1 2 3 4")
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    """No text makes a reader fail otherwise, and what it reads matches the pattern."""
    with contextlib.suppress(BadValue):
        TYPES[kind].read("X", text)
        assert re.search(TYPES[kind].pattern, text)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "text", ["1" * 100_000 + "x", "1 " * 50_000 + "x", "0" * 100_000 + "x", " " * 100_000 + "x"]
)
def test_a_long_value_takes_no_long_time(kind: str, text: str) -> None:
    """A client cannot keep the service busy with a long value that fails at its end."""
    start = time.process_time()
    with contextlib.suppress(BadValue):
        TYPES[kind].read("X", text)

    assert time.process_time() - start < 1


@given(longitudes, latitudes, sizes)
def test_a_circle_survives_the_round_trip(lon: float, lat: float, radius: float) -> None:
    """A circle that is written and read again is the same."""
    assert Circle(lon, lat, radius) == TYPES["circle"].read("X", f"{lon!r} {lat!r} {radius!r}")


@given(st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=8, unique=True))
def test_a_polygon_survives_the_round_trip(vertices: list[tuple[float, float]]) -> None:
    """A polygon is the same after writing and reading, with and without a closing vertex."""
    text = " ".join(f"{lon!r} {lat!r}" for lon, lat in vertices)
    closed = f"{text} {vertices[0][0]!r} {vertices[0][1]!r}"

    assert Polygon(tuple(vertices)) == TYPES["polygon"].read("X", text) == TYPES["polygon"].read("X", closed)


@given(longitudes, longitudes, latitudes, latitudes)
def test_a_range_survives_the_round_trip(low: float, high: float, south: float, north: float) -> None:
    """A range is the same after writing and reading, across the meridian too."""
    south, north = sorted((south, north))

    assert Range(low, high, south, north) == TYPES["range"].read("X", f"{low!r} {high!r} {south!r} {north!r}")


@given(numbers, numbers)
def test_longitudes_of_a_range_are_reduced(low: float, high: float) -> None:
    """Whatever the longitudes, the limits lie in [0, 360]."""
    found = TYPES["range"].read("X", f"{low!r} {high!r} 0 1")

    assert isinstance(found, Range)
    assert 0 <= found.lon_min < 360
    assert 0 <= found.lon_max <= 360


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_an_interval_survives_the_round_trip(one: float, other: float) -> None:
    """An interval is the same after writing and reading; one without a finite value is refused."""
    low, high = sorted((one, other))
    text = f"{low!r} {high!r}"

    if low == INF or high == -INF:
        with pytest.raises(BadValue):
            TYPES["interval"].read("X", text)
    else:
        assert Interval(low, high) == TYPES["interval"].read("X", text)


@given(longitudes, latitudes, sizes, sizes, st.sampled_from(["deg", "arcmin", "arcsec", "pixel"]))
def test_a_rectangle_survives_the_round_trip(
    lon: float, lat: float, width: float, height: float, unit: str
) -> None:
    """A rectangle is the same after writing and reading, in any case of its unit."""
    text = f"{lon!r} {lat!r} {width!r} {height!r}"
    found = TYPES["rectangle"].read("X", f"{text} {unit}")

    assert isinstance(found, BoundingRectangle)
    assert (lon, lat, width, height, unit) == (found.lon, found.lat, found.width, found.height, found.unit)
    assert found == TYPES["rectangle"].read("X", f"{text} {unit.upper()}")


@given(st.integers(-LARGEST, LARGEST))
def test_a_whole_number_survives_the_round_trip(value: int) -> None:
    """A number of 64 bits is the same after writing and reading, decimal or hexadecimal."""
    assert value == TYPES["signed"].read("X", str(value)) == TYPES["signed"].read("X", hex(value))
    if value >= 0:
        assert value == TYPES["whole"].read("X", str(value))


@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis adds the zone
def test_a_timestamp_survives_the_round_trip(moment: datetime) -> None:
    """An instant is the same after writing and reading."""
    assert moment == TYPES["timestamp"].read("X", moment.replace(tzinfo=None).isoformat())
