"""One dataset as the inventory knows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from soda_core.cutout import Coverage
from soda_core.cutout.description import describe_file
from soda_core.cutout.file import FitsFile
from soda_core.dali import Interval

from .mapping import mapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soda_core.cutout import Description, ImageDescription
    from soda_core.settings import Collection

__all__ = ["Dataset", "Reading", "publisher_did", "read_row", "reading_of", "row_of"]

KILO = 1000
"""Bytes in a kbyte (VOUnits 1.1)."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A file, its identifier, and what it covers: ICRS degrees, metres, MJD."""

    did: str
    collection: str
    key: str
    title: str
    media_type: str
    size: int
    circle: tuple[float, float, float] | None
    footprint: tuple[tuple[float, float], ...]
    coverage: Coverage
    axes: tuple[int, ...]
    row: Mapping[str, Any] = field(compare=False, repr=False)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Dataset:
        """Make a dataset of a row of the table."""
        circle = None if row["s_ra"] is None else (row["s_ra"], row["s_dec"], row["s_fov"] / 2)
        numbers = [float(word) for word in (row["s_region"] or "").split()]
        return cls(
            row["obs_publisher_did"],
            row["obs_collection"],
            row["key"],
            row["obs_title"],
            row["access_format"],
            row["size"],
            circle,
            tuple(zip(numbers[::2], numbers[1::2], strict=True)),
            Coverage(
                _interval(row["em_min"], row["em_max"]),
                _interval(row["t_min"], row["t_max"]),
                tuple(row["pol_states"].strip("/").split("/")) if row["pol_states"] else (),
            ),
            tuple(int(word) for word in row["naxis"].split()),
            row,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """The row of a file, remarks on values that were left out, and the bytes that were read for it."""

    row: dict[str, object]
    remarks: tuple[str, ...]
    bytes_read: int


def _interval(low: float | None, high: float | None) -> Interval | None:
    return None if low is None or high is None else Interval(low, high)


def publisher_did(authority: str, collection: str, key: str) -> str:
    """Return the identifier of a file: `ivo://authority/collection?key` (IVOA Identifiers 2.0, 4.1)."""
    return f"ivo://{authority}/{collection}?{quote(key, safe='/~')}"


def row_of(authority: str, collection: Collection, key: str, path: Path) -> dict[str, object]:
    """Read the headers of *path* and return its row, time of change left out."""
    return read_row(authority, collection, key, path).row


def read_row(authority: str, collection: Collection, key: str, path: Path) -> Reading:
    """Read the headers of *path*; raises `UnreadableFile`."""
    file = FitsFile(path)
    return reading_of(authority, collection, key, describe_file(file), file.raw.size)


def reading_of(authority: str, collection: Collection, key: str, found: Description, size: int) -> Reading:
    """Make the row of a file of *size* bytes that was described."""
    did = publisher_did(authority, collection.name, key)
    told = mapped(found, collection)
    name = key.rpartition("/")[2]
    row = told.columns | {
        "obs_publisher_did": did,
        "did_folded": did.casefold(),
        "obs_collection": collection.name,
        "obs_id": told.columns["obs_id"] or name.partition(".")[0] or name,
        "obs_title": told.columns["obs_title"] or name,
        "access_format": found.media_type,
        "access_estsize": -(-size // KILO),
        "key": key,
        "size": size,
        "naxis": " ".join(map(str, found.images[0].axes)) if found.images else "",
        "hdus": json.dumps([_summary(image) for image in found.images]),
    }
    return Reading(row, told.remarks, found.bytes_read)


def _summary(image: ImageDescription) -> dict[str, object]:
    """Return what the column `hdus` tells of one image."""
    return {"index": image.hdu, "name": image.name, "axes": image.axes, "ctype": image.ctype}
