"""CHECKSUM and DATASUM: true where they are written, absent where they would be false."""

import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, write

from soda_core.cutout import cut
from soda_core.cutout.checksum import Sum, sum_of
from soda_core.dali.shapes import Circle, Shape

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.1, "CDELT2": 0.1}
SHAPES: list[Shape] = [Circle(10, 20, 1.0)]


def product(path: Path) -> Path:
    """Write image, bytes, a compressed plane and a table, all with true checksums."""
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5))], name="CATALOG")
    packed = fits.CompImageHDU(np.arange(8000, dtype="i4").reshape(80, 100), fits.Header(list(TAN.items())))
    packed.name = "PACKED"
    hdus = [fits.PrimaryHDU(), image(TAN, (80, 100)), image(TAN, (80, 100), "u1"), packed, table]
    fits.HDUList(hdus).writeto(path, checksum=True)
    return path


def checked(data: bytes) -> Any:  # noqa: ANN401 - astropy is not typed
    """Open bytes with astropy, whose warning about a wrong sum is an error here."""
    hdus = fits.open(io.BytesIO(data), checksum=True, disable_image_compression=True)
    for hdu in hdus:
        assert hdu.data is None or len(hdu.data)
    return hdus


@pytest.mark.parametrize("compress", [None, "rice", "gzip", "tiles"])
@pytest.mark.parametrize("shapes", [SHAPES, []], ids=["cut", "whole"])
def test_every_hdu_gets_a_true_sum(shapes: list[Shape], compress: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a literal
    """In one piece and in pieces, the bytes are the same and astropy agrees with their sums."""
    source = product(tmp_path / "a.fits")
    with cut(source, shapes, compress=compress, checksum=True) as cutout:
        data = bytes(cutout)
        assert data == b"".join(cutout.plan.chunks(1000, cutout.account))
    with checked(data) as hdus:
        assert all({"CHECKSUM", "DATASUM"} <= set(hdu.header) for hdu in hdus)
    assert 0xFFFFFFFF == sum_of([data])


@pytest.mark.parametrize("provenance", [True, False])
@pytest.mark.parametrize("compress", [None, "rice", "tiles"])
@pytest.mark.parametrize("shapes", [SHAPES, []], ids=["cut", "whole"])
def test_d12_no_sum_is_stale(shapes: list[Shape], compress: Any, provenance: Any, tmp_path: Path) -> None:  # noqa: ANN401 - parameters
    """Pitfall D12: a carried HDU keeps its sums, which stay true; a changed one has none."""
    source = product(tmp_path / "a.fits")
    options: dict[str, Any] = {"hdus": range(5), "compress": compress, "provenance": provenance}
    with cut(source, shapes, **options) as cutout:
        hdus = checked(bytes(cutout))

    assert "CHECKSUM" in hdus["CATALOG"].header
    assert ("CHECKSUM" in hdus[0].header) is not provenance
    assert ("CHECKSUM" in hdus[1].header) is not (bool(shapes) or compress == "rice")
    assert not {"CHECKSUM", "ZHECKSUM"} & set(hdus["PACKED"].header)


def test_sums_do_not_depend_on_pieces() -> None:
    """Bytes in pieces of any length add up to the same."""
    data = random.Random(1).randbytes(10_007)  # noqa: S311 - no secret
    for sizes in ((1,), (3, 1, 2), (4,), (1000, 7)):
        total, at, turn = Sum(), 0, 0
        while at < len(data):
            total.add(data[at : at + sizes[turn % len(sizes)]])
            at += sizes[turn % len(sizes)]
            turn += 1
        assert sum_of([data]) == total.value


def test_a_file_of_several_slabs_is_summed(tmp_path: Path) -> None:
    """An answer beyond the size that is made at once has true sums too."""
    source = write(tmp_path / "a.fits", image(TAN, (1600, 1700), "f4", kind=fits.PrimaryHDU))
    with cut(source, checksum=True) as cutout:
        data = b"".join(cutout.chunks())

    assert len(data) > 8 << 20
    with checked(data) as hdus:
        assert "CHECKSUM" in hdus[0].header
