"""One dataset as the inventory knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from soda_core.cutout import Coverage, describe
from soda_core.cutout.source import media_type
from soda_core.dali import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soda_core.cutout import Description
    from soda_core.settings import Collection

__all__ = ["Dataset", "publisher_did", "row_of"]


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


def _interval(low: float | None, high: float | None) -> Interval | None:
    return None if low is None or high is None else Interval(low, high)


def publisher_did(authority: str, collection: str, key: str) -> str:
    """Return the identifier of a file: `ivo://authority/collection?key` (IVOA Identifiers 2.0, 4.1)."""
    return f"ivo://{authority}/{collection}?{quote(key, safe='/~')}"


def row_of(authority: str, collection: Collection, key: str, path: Path) -> dict[str, object]:
    """Read the headers of *path* and return its row, time of change and size left out."""
    description = describe(path)
    did = publisher_did(authority, collection.name, key)
    return {
        "obs_publisher_did": did,
        "did_folded": did.casefold(),
        "obs_collection": collection.name,
        "key": key,
        "obs_title": path.name,
        "access_format": _media_type(path),
        **_covered(description),
    }


def _media_type(path: Path) -> str:
    """Return the media type of the file as it lies there, which may be packed as a whole."""
    with path.open("rb") as file:
        return media_type(file.read(2))


def _covered(description: Description) -> dict[str, object]:
    """Return the columns that tell what a file covers."""
    circle, coverage = description.circle, description.coverage
    band, time = coverage.band, coverage.time
    axes = description.images[0].axes if description.images else ()
    return {
        "s_ra": circle[0] if circle else None,
        "s_dec": circle[1] if circle else None,
        "s_fov": 2 * circle[2] if circle else None,
        "s_region": " ".join(f"{lon!r} {lat!r}" for lon, lat in _plain(description.footprint)) or None,
        "em_min": band.low if band else None,
        "em_max": band.high if band else None,
        "t_min": time.low if time else None,
        "t_max": time.high if time else None,
        "pol_states": f"/{'/'.join(coverage.pol)}/" if coverage.pol else "",
        "naxis": " ".join(map(str, axes)),
    }


def _plain(footprint: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Return vertices as Python numbers, whose repr is their shortest text."""
    return [(float(lon), float(lat)) for lon, lat in footprint]
