"""Bytes from where the files are."""

from soda_core.storage.posix import Entry, Posix, Refused, StorageError, Stored
from soda_core.storage.reader import Account, FileReader, Identity, Reader, ReadError, Run

__all__ = [
    "Account",
    "Entry",
    "FileReader",
    "Identity",
    "Posix",
    "ReadError",
    "Reader",
    "Refused",
    "Run",
    "StorageError",
    "Stored",
]
