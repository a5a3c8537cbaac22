"""Parquet, where pyarrow is installed; the VOTable metadata go along (the VOParquet convention)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from soda_core.dali import UnsupportedFormat

from .cells import is_array, plain, without_nan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoa_schemas.votable import Info

    from soda_core.standards import Column

    from .cells import Values
    from .shell import Shell

__all__ = ["ParquetForm"]

TYPES = {
    "char": "string",
    "unicodeChar": "string",
    "boolean": "bool_",
    "unsignedByte": "uint8",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
}


class ParquetForm:
    """A table in groups of rows; nothing can be told after them."""

    tells_failure = False

    def __init__(self, shell: Shell, columns: Sequence[Column], infos: Sequence[Info]) -> None:
        if find_spec("pyarrow") is None:
            raise UnsupportedFormat("this service was installed without pyarrow, which writes Parquet")
        self._arrow = import_module("pyarrow")  # slow to load, so only who asks for it waits
        self._columns = columns
        self._sink = _Sink()
        described = {
            b"IVOA.VOTable-Parquet.version": b"1.0",
            b"IVOA.VOTable-Parquet.content": shell.without_data(infos),
        }
        schema = self._arrow.schema([(c.name, self._type(c)) for c in columns], metadata=described)
        self._schema = schema
        self._writer = import_module("pyarrow.parquet").ParquetWriter(self._sink, schema)

    def head(self) -> bytes:
        """Return nothing: what was written so far comes with the first rows."""
        return b""

    def body(self, values: Sequence[Values]) -> bytes:
        """Return what is ready after some rows more."""
        if values:
            arrays = [
                self._arrow.array(plain(column, without_nan(column, each)), self._type(column))
                for column, each in zip(self._columns, values, strict=True)
            ]
            self._writer.write_batch(self._arrow.RecordBatch.from_arrays(arrays, schema=self._schema))
        return self._sink.taken()

    def tail(self, _trailing: Sequence[Info]) -> bytes:
        """Return the end of the file, which says where all is."""
        self._writer.close()
        return self._sink.taken()

    def _type(self, column: Column) -> Any:  # noqa: ANN401 - pyarrow may not be there
        one = getattr(self._arrow, TYPES[column.datatype])()
        return self._arrow.list_(one) if is_array(column) else one


class _Sink:
    """A file that is given away as it grows."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: bytes) -> int:
        """Take bytes in."""
        self._pieces.append(bytes(piece))
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Return how many bytes came so far."""
        return self._size

    def flush(self) -> None:
        """Do nothing: there is nothing behind it."""

    def close(self) -> None:
        """Take no more."""
        self.closed = True

    def taken(self) -> bytes:
        """Return what came since the last time."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found
