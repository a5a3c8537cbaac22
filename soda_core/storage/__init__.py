"""Bytes from where the files are."""

from soda_core.storage.errors import ReadError, WouldWait
from soda_core.storage.posix import Posix, StorageError, Stored
from soda_core.storage.reader import FileReader, Identity, Reader
from soda_core.storage.run import Account, Run

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
    "WouldWait",
]
