"""A handler asks its request for values by name and kind."""

from __future__ import annotations

import pytest
from toys import endpoint, parameter, standard

from soda_core.dali import Interval, MissingParameter, MultiValuedParamNotSupported, UnsupportedFormat
from soda_core.registry import Request
from soda_core.standards.model import Format

ID, BAND, FORM = parameter("ID"), parameter("BAND", "interval"), parameter("RESPONSEFORMAT")
SYNC = endpoint("sync", ID, BAND, FORM)
FITS = Format("application/fits", ("fits", "image/fits"), ("sync",))
PNG = Format("image/png", ("png",), ("sync",))
OTHER = Format("text/csv", ("csv",), ("elsewhere",))
TOY = standard(SYNC, parameters=(ID, BAND, FORM), formats=(FITS, PNG, OTHER))


def request(**values: object) -> Request:
    """Return a request with these values."""
    kept = {name: value if isinstance(value, tuple) else (value,) for name, value in values.items()}
    return Request(TOY, SYNC, kept)


def test_only_returns_the_one_value() -> None:
    """The one value of an obligatory parameter."""
    assert "a" == request(ID="a").only("ID", str)


def test_only_demands_a_value() -> None:
    """An obligatory parameter that was not sent is named."""
    with pytest.raises(MissingParameter, match=r"^ID is required$"):
        request().only("ID", str)


@pytest.mark.parametrize("ask", [Request.only, Request.optional])
def test_two_values_are_one_too_many(ask: object) -> None:
    """Where one value is wanted, two are refused."""
    with pytest.raises(MultiValuedParamNotSupported, match=r"^ID was given 2 times"):
        ask(request(ID=("a", "b")), "ID", str)  # type: ignore[operator]  # a method


def test_optional_is_none_without_a_value() -> None:
    """A parameter that was not sent has no value."""
    assert request().optional("BAND", Interval) is None


def test_all_keeps_the_order() -> None:
    """All values in the order they were sent in."""
    assert ("b", "a") == request(ID=("b", "a")).all("ID", str)


def test_a_value_of_another_kind_is_a_fault_of_the_handler() -> None:
    """A handler that asks for the wrong kind fails, and does not lose the value."""
    with pytest.raises(TypeError, match=r"^BAND of TOY is no str$"):
        request(BAND=Interval(1, 2)).optional("BAND", str)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, "application/fits"),
        ("fits", "application/fits"),
        ("FITS", "application/fits"),
        ("application/fits", "application/fits"),
        ("image/fits", "image/fits"),
        (" Image/PNG ", "image/png"),
        ("png", "image/png"),
    ],
)
def test_the_format_asked_for(asked: str | None, expected: str) -> None:
    """A format is known by its media type and its other names; the first is the default."""
    values = {} if asked is None else {"RESPONSEFORMAT": asked}

    assert expected == request(**values).format().media_type


@pytest.mark.parametrize("asked", ["", "csv", "jpeg", "image/*"])
def test_another_format_is_refused(asked: str) -> None:
    """A format of another endpoint, or of none, is refused with those there are."""
    with pytest.raises(UnsupportedFormat) as caught:
        request(RESPONSEFORMAT=asked).format()

    expected = f"RESPONSEFORMAT={asked!r}: expected one of application/fits, fits, image/fits, image/png, png"
    assert expected == str(caught.value)
