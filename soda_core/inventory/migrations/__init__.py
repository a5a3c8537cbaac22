"""The steps from each layout of the database to the next."""

from .upgrade import HEAD, upgrade

__all__ = ["HEAD", "upgrade"]
