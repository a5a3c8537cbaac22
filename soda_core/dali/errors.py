"""The family of errors that a client is told about."""

from collections.abc import Mapping
from typing import ClassVar

__all__ = [
    "AuthenticationError",
    "AuthorizationError",
    "BadValue",
    "DaliError",
    "MissingParameter",
    "MultiValuedParamNotSupported",
    "NotFoundError",
    "ServiceUnavailable",
    "UnsupportedFormat",
    "UsageError",
    "label_of",
    "shown",
]


LINE = 80


class DaliError(Exception):
    """Base of what a client is told (DALI 1.1, 4.2).

    `code` names the kind of failure; the standard at hand declares the label that is printed for it.
    """

    code: ClassVar[str] = "Error"


class UsageError(DaliError):
    """The request breaks a rule of the standard; repeating it is pointless."""

    code = "UsageError"


class BadValue(UsageError):
    """One parameter value has the wrong form."""

    def __init__(self, parameter: str, value: str, expected: str) -> None:
        super().__init__(f"{parameter}={shown(value)}: expected {expected}")
        self.parameter = parameter


class MissingParameter(UsageError):
    """A parameter that the operation cannot do without is absent."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"{parameter} is required")
        self.parameter = parameter


class NotFoundError(UsageError):
    """The request names a thing that this service does not have."""

    code = "NotFoundError"


class UnsupportedFormat(UsageError):
    """RESPONSEFORMAT names a format that the operation cannot write (DALI 1.1, 3.4.3)."""


class MultiValuedParamNotSupported(UsageError):
    """A parameter was repeated where the operation takes one value (SODA 1.0, 3.1)."""

    code = "MultiValuedParamNotSupported"

    def __init__(self, parameter: str, count: int) -> None:
        super().__init__(f"{parameter} was given {count} times, this operation takes one value")
        self.parameter = parameter


class AuthenticationError(DaliError):
    """The operation wants to know who is calling."""

    code = "AuthenticationError"


class AuthorizationError(DaliError):
    """The caller may not use this resource."""

    code = "AuthorizationError"


class ServiceUnavailable(DaliError):
    """A passing trouble; the same request may work later."""

    code = "ServiceUnavailable"


def shown(value: str) -> str:
    """Return what a client sent as a message repeats it: quoted, and no longer than a line."""
    return repr(value if len(value) <= LINE else f"{value[: LINE - 3]}...")


def label_of(error: DaliError, labels: Mapping[str, str]) -> str:
    """Return the label, by code, of the nearest base of *error* for which the standard has one."""
    codes = (base.code for base in type(error).__mro__ if issubclass(base, DaliError))
    return next((labels[code] for code in codes if code in labels), error.code)
