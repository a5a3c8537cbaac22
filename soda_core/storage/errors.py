"""What can go wrong with reading."""

__all__ = ["ReadError", "WouldWait"]


class ReadError(Exception):
    """Bytes could not be read; the text says why and names no path."""


class WouldWait(ReadError):
    """The bytes cannot be had at once, and whoever asked did not want to wait."""
