"""What can keep a cutout from being made."""

from soda_core.dali.errors import DaliError, UsageError

__all__ = ["BadOption", "CannotCut", "CannotFilter", "NoSky", "NothingSelected", "UnreadableFile"]


class NothingSelected(Exception):
    """The request is right and no pixel of the data matches it (SODA 1.0, 5.1)."""


class UnreadableFile(DaliError):
    """The data behind the request is no FITS file, or is damaged."""


class NoSky(UsageError):
    """A region of the sky was asked of data that have no usable celestial coordinates."""


class CannotFilter(UsageError):
    """A filter was asked of data that do not tell whether they match it."""


class CannotCut(UsageError):
    """The file is built in a way that a part of it would no longer be right."""


class BadOption(UsageError):
    """What is asked of the answer is not in the file, or does not go together."""
