"""Bytes from where the files are."""

from soda_core.storage.errors import ReadError, WouldWait
from soda_core.storage.mapping import MAPS, Maps
from soda_core.storage.posix import Posix, StorageError, Stored
from soda_core.storage.reader import FileReader, Identity, Reader
from soda_core.storage.run import Account, Run
from soda_core.storage.whole import WholeFile

__all__ = [
    "MAPS",
    "Account",
    "FileReader",
    "Identity",
    "Maps",
    "Posix",
    "ReadError",
    "Reader",
    "Run",
    "StorageError",
    "Stored",
    "WholeFile",
    "WouldWait",
]
