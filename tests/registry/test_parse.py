"""Texts of a request become values by the declaration alone."""

from __future__ import annotations

import pytest
from toys import BOX, CIRCLE, endpoint, parameter, standard

from soda_core.dali import BadValue, Circle, Interval, MultiValuedParamNotSupported, Range, UsageError
from soda_core.registry import parse

CIRCLE_WORDS = "three numbers: ra dec radius (ICRS degrees; dec in [-90, 90], radius in (0, 180])"
PARAMETERS = (
    parameter("ID", "identifier"),
    parameter("POS", "shape", shapes=(CIRCLE, BOX)),
    parameter("BAND", "interval"),
    parameter("POL", "word", values=("I", "Q")),
    parameter("MAXREC", "whole", occurs="0..1"),
    parameter("PHASE", "word", occurs="1"),
    parameter("NOTE", "string"),
)
SYNC = endpoint("sync", *PARAMETERS)
TOY = standard(SYNC, parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {}),
        ([("id", "a"), ("Id", "b"), ("ID", "c")], {"ID": ("a", "b", "c")}),
        ([("NOTE", "")], {"NOTE": ("",)}),
        ([("maxrec", "5")], {"MAXREC": (5,)}),
        ([("BAND", "1 +Inf")], {"BAND": (Interval(1.0, float("inf")),)}),
        ([("POS", "CIRCLE 1 2 3")], {"POS": (Circle(1, 2, 3),)}),
        ([("POS", " circle\t1 2 3 ")], {"POS": (Circle(1, 2, 3),)}),
        ([("pos", "Box 1 2 3 4"), ("pos", "CIRCLE 1 2 3")], {"POS": (Range(1, 2, 3, 4), Circle(1, 2, 3))}),
        ([("POL", "Q"), ("POL", "I")], {"POL": ("Q", "I")}),
        ([("FORMAT", "x"), ("LANG", "y"), ("", ""), ("P", "1"), ("IX", "2")], {}),
    ],
)
def test_values_by_declared_name(
    pairs: list[tuple[str, str]], expected: dict[str, tuple[object, ...]]
) -> None:
    """Names count in any case, values keep their order, and what is not declared is ignored."""
    assert expected == parse(TOY, SYNC, pairs)


@pytest.mark.parametrize(
    ("pairs", "kind", "message"),
    [
        ([("BNAD", "1 2")], UsageError, "unknown parameter 'BNAD'; did you mean 'BAND'?"),
        ([("maxrecs", "1")], UsageError, "unknown parameter 'maxrecs'; did you mean 'MAXREC'?"),
        ([("ID", "")], BadValue, "ID='': expected an identifier"),
        ([("POL", "i")], BadValue, "POL='i': expected one of I Q"),
        ([("POL", "")], BadValue, "POL='': expected one word"),
        ([("MAXREC", "")], BadValue, "MAXREC='': expected a whole number from 0 to 9223372036854775807"),
        ([("POS", "")], BadValue, "POS='': expected a shape (CIRCLE, BOX) and its numbers"),
        ([("POS", "HEXAGON 1")], BadValue, "POS='HEXAGON 1': expected a shape (CIRCLE, BOX) and its numbers"),
        (
            [("POS", "circle")],
            BadValue,
            f"POS=CIRCLE='': expected {CIRCLE_WORDS}",
        ),
        (
            [("MAXREC", "1"), ("maxrec", "1")],
            MultiValuedParamNotSupported,
            "MAXREC was given 2 times, this operation takes one value",
        ),
        (
            [("PHASE", "RUN"), ("phase", "ABORT")],
            MultiValuedParamNotSupported,
            "PHASE was given 2 times, this operation takes one value",
        ),
    ],
)
def test_refusals_say_what_was_expected(
    pairs: list[tuple[str, str]], kind: type[UsageError], message: str
) -> None:
    """What breaks the declaration is refused with the name, the value and what was expected."""
    with pytest.raises(UsageError) as caught:
        parse(TOY, SYNC, pairs)

    assert (kind, message) == (type(caught.value), str(caught.value))


def test_only_what_the_endpoint_takes() -> None:
    """A parameter of another endpoint of the standard is as unknown as any."""
    other = endpoint("other", PARAMETERS[0])

    assert {"ID": ("a",)} == parse(
        standard(SYNC, other, parameters=PARAMETERS), other, [("ID", "a"), ("POL", "no")]
    )
