"""Bytes from where the files are."""

from soda_core.storage.posix import Posix, StorageError, Stored
from soda_core.storage.reader import Account, FileReader, Identity, Reader, ReadError, Run

__all__ = [
    "Account",
    "FileReader",
    "Identity",
    "Posix",
    "ReadError",
    "Reader",
    "Run",
    "StorageError",
    "Stored",
]
