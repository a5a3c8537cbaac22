"""Bytes from where the files are."""

from soda_core.storage.errors import ReadError, WouldWait
from soda_core.storage.mapping import MAPS, Maps
from soda_core.storage.posix import Entry, Posix, Refused, StorageError, Stored
from soda_core.storage.reader import FileReader, Identity, Reader
from soda_core.storage.run import Account, Run
from soda_core.storage.whole import WholeFile

__all__ = [
    "MAPS",
    "Account",
    "Entry",
    "FileReader",
    "Identity",
    "Maps",
    "Posix",
    "ReadError",
    "Reader",
    "Refused",
    "Run",
    "StorageError",
    "Stored",
    "WholeFile",
    "WouldWait",
]
