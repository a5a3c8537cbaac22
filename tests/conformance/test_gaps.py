"""An archive whose products have gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from small import archive_of, image, settings_of

from soda_core.services import Archive, endpoints, examples_of

if TYPE_CHECKING:
    from pathlib import Path


def circles(archive: Archive) -> list[str]:
    """Return the examples with a circle."""
    found = examples_of(archive, "http://x", endpoints(archive))
    return [example.id for example in found if "CIRCLE" in dict(example.parameters)]


def test_no_example_points_into_a_gap(tmp_path: Path) -> None:
    """The middle of a product of two distant images holds no pixel: no circle is shown for it."""
    header = fits.getheader(image(tmp_path / "sky" / "one.fits"))
    (tmp_path / "sky" / "one.fits").unlink()
    east, west = header.copy(), header.copy()
    east["CRVAL1"], west["CRVAL1"] = 12.0, 8.0
    planes = [fits.ImageHDU(np.ones((8, 8), "f4"), plane) for plane in (east, west)]
    fits.HDUList([fits.PrimaryHDU(), *planes]).writeto(tmp_path / "sky" / "gap.fits")

    with archive_of(settings_of(tmp_path / "sky")) as archive:
        assert [] == [
            e.id
            for e in examples_of(archive, "http://x", endpoints(archive))
            if "CIRCLE" in dict(e.parameters)
        ]
        image(tmp_path / "sky" / "whole.fits")
        archive.refresh()

        assert ["a-circle-on-the-sky"] == [
            e.id
            for e in examples_of(archive, "http://x", endpoints(archive))
            if "CIRCLE" in dict(e.parameters)
        ]
