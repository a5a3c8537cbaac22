"""Images whose sky stands in a table of coordinates (-TAB on both axes of the sky)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.coordinates import angular_separation
from astropy.io import fits
from astropy.wcs import WCS

from soda_core.cutout import cut
from soda_core.dali import Circle

if TYPE_CHECKING:
    from pathlib import Path

SIDE, NODES = 120, 13


def plane() -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the tangent plane that the table follows between its nodes."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cdelt = [150, 30], [60, 60], [-0.01, 0.01]
    return wcs


def tabled(path: Path) -> Path:
    """Write an image and a table with the sky of every tenth pixel."""
    nodes = np.linspace(1, SIDE, NODES)
    sky = np.stack(plane().all_pix2world(*np.meshgrid(nodes, nodes), 1), axis=-1)
    columns = [
        fits.Column("COORDS", f"{sky.size}D", dim=f"(2,{NODES},{NODES})", array=sky[None]),
        fits.Column("X", f"{NODES}D", array=nodes[None]),
        fits.Column("Y", f"{NODES}D", array=nodes[None]),
    ]
    cards: dict[str, object] = {"CTYPE1": "RA---TAB", "CTYPE2": "DEC--TAB", "RADESYS": "ICRS"}
    for axis, index in ((1, "X"), (2, "Y")):
        cards |= {f"CRPIX{axis}": 1.0, f"CRVAL{axis}": 1.0, f"CDELT{axis}": 1.0, f"CUNIT{axis}": "deg"}
        cards |= {f"PS{axis}_0": "SKY", f"PS{axis}_1": "COORDS", f"PS{axis}_2": index, f"PV{axis}_3": axis}
    data = np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    image = fits.PrimaryHDU(data, fits.Header(cards))
    fits.HDUList([image, fits.BinTableHDU.from_columns(columns, name="SKY")]).writeto(path)
    return path


@pytest.mark.parametrize("circle", [(150.0, 30.0, 0.2), (150.4, 29.7, 0.1), (149.5, 30.55, 0.15)])
def test_a_sky_that_stands_in_a_table(tmp_path: Path, circle: tuple[float, float, float]) -> None:
    """The box is that of the pixel centres in the circle, and the cutout finds its sky in its own table."""
    path = tabled(tmp_path / "tabled.fits")
    with fits.open(path) as parent:
        wcs: Any = WCS(parent[0].header, parent)
        data = parent[0].data
    rows, columns = np.mgrid[:SIDE, :SIDE]
    lon, lat = np.radians(wcs.all_pix2world(columns.ravel(), rows.ravel(), 0))
    far = angular_separation(lon, lat, *np.radians(circle[:2])).reshape(SIDE, SIDE)
    inside_rows, inside_columns = np.nonzero(far <= np.radians(circle[2]))
    box = np.s_[inside_rows.min() : inside_rows.max() + 1, inside_columns.min() : inside_columns.max() + 1]

    with cut(path, [Circle(*circle)]) as cutout, fits.open(io.BytesIO(bytes(cutout))) as made:
        there = WCS(made[0].header, made).all_pix2world(0, 0, 0)

        assert np.array_equal(data[box], made[0].data)
    corner = wcs.all_pix2world(inside_columns.min(), inside_rows.min(), 0)
    assert np.allclose(np.array(corner), np.array(there), rtol=0, atol=1e-12)
