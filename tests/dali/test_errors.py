"""The family of errors: what a client reads, and under which label."""

import pytest

from soda_core.dali import (
    BadValue,
    DaliError,
    MissingParameter,
    MultiValuedParamNotSupported,
    NotFoundError,
    ServiceUnavailable,
    UnsupportedFormat,
    UsageError,
    label_of,
)
from soda_core.standards import load


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BadValue("CIRCLE", "1 2", "three numbers"), "CIRCLE='1 2': expected three numbers"),
        (BadValue("ID", "a\nb", "an identifier"), r"ID='a\nb': expected an identifier"),
        (BadValue("ID", "x" * 81, "less"), f"ID='{'x' * 77}...': expected less"),
        (MissingParameter("ID"), "ID is required"),
        (MultiValuedParamNotSupported("POS", 2), "POS was given 2 times, this operation takes one value"),
    ],
)
def test_an_error_says_what_and_which(error: DaliError, text: str) -> None:
    """The text names the parameter and what was expected; the value is shown, cut at 80 letters."""
    assert text == str(error)


@pytest.mark.parametrize(
    ("standard", "error", "label"),
    [
        ("soda", DaliError("x"), "Error"),
        ("soda", BadValue("ID", "", "an identifier"), "UsageError"),
        ("soda", NotFoundError("x"), "UsageError"),
        ("soda", MultiValuedParamNotSupported("POS", 2), "MultiValuedParamNotSupported"),
        ("soda", ServiceUnavailable("x"), "ServiceUnavailable"),
        ("datalink", NotFoundError("x"), "NotFoundFault"),
        ("datalink", UnsupportedFormat("x"), "UsageFault"),
        ("datalink", DaliError("x"), "DefaultFault"),
        ("sia2", NotFoundError("x"), "UsageFault"),
        ("sia2", MultiValuedParamNotSupported("MAXREC", 2), "UsageFault"),
        ("sia2", ServiceUnavailable("x"), "TransientFault"),
        ("vosi", UsageError("x"), "UsageError"),
    ],
)
def test_the_label_is_that_of_the_standard(standard: str, error: DaliError, label: str) -> None:
    """The nearest class that the standard has a word for gives the label, without one the code stands."""
    assert label == label_of(error, load(standard).labels)
