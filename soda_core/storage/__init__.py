"""Bytes from where the files are."""

from soda_core.storage.posix import Posix, StorageError, Stored

__all__ = ["Posix", "StorageError", "Stored"]
