"""Bytes from where the files are."""

from soda_core.storage.posix import Posix, StorageError, Stored
from soda_core.storage.reader import Account, FileReader, Identity, Reader, ReadError, Run
from soda_core.storage.whole import WholeFile

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
    "WholeFile",
]
