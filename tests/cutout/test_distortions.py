"""Distortions against their formulas written out, and files that name them inconsistently."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import header_of, image, opened, sky_of, write
from numpy.polynomial import chebyshev, legendre, polynomial
from numpy.typing import NDArray

from soda_core.cutout import NoSky, cut
from soda_core.cutout.source import Source
from soda_core.dali.shapes import Circle
from soda_core.sky import lonlat_of, unit_vectors

FIELD: dict[str, object] = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 101.0, "CRPIX2": 81.0}
FIELD |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CD1_1": -1e-3, "CD2_2": 1e-3, "CD1_2": 1e-5, "CD2_1": 2e-5}
FIELD |= {"RADESYS": "ICRS"}
SHAPE = (160, 200)
SURFACES = {1: chebyshev.chebval2d, 2: legendre.legval2d, 3: polynomial.polyval2d}
LIMITS = (-0.11, 0.12, -0.085, 0.09)
SIP = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 3e-3, "A_1_1": 1e-4, "B_0_2": -2e-3, "B_1_1": 4e-4}
Floats = NDArray[np.float64]


def plane(u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return degrees on the tangent plane for pixels from the reference pixel."""
    return -1e-3 * u + 1e-5 * v, 2e-5 * u + 1e-3 * v


def directions(xi: Floats, eta: Floats) -> Floats:
    """Return unit vectors of degrees on the plane that touches at 10, 20."""
    x, y = np.radians(xi), np.radians(eta)
    lon, lat = np.radians(10.0), np.radians(20.0)
    depth = np.cos(lat) - y * np.sin(lat)
    ra = lon + np.arctan2(x, depth)
    dec = np.arctan2(np.sin(lat) + y * np.cos(lat), np.hypot(x, depth))
    return unit_vectors(np.degrees(ra), np.degrees(dec))


def pixels() -> tuple[Floats, Floats]:
    """Return some pixels of the field."""
    x, y = np.meshgrid(np.linspace(0, 199, 9), np.linspace(0, 159, 7))
    return x.ravel(), y.ravel()


def off_by(path: Path, expected: Floats) -> float:
    """Return how far, in pixels, the sky of a file is from what is expected."""
    source = Source(path)
    found = sky_of(source, 0).vectors(*pixels())
    source.close()
    return float(np.degrees(np.linalg.norm(found - expected, axis=1)).max() / 1e-3)


def coefficients(cross: int, xorder: int, yorder: int) -> tuple[list[float], Floats]:
    """Return coefficients in IRAF's order and as a matrix, with no, full or half cross terms."""
    matrix = np.zeros((xorder, yorder))
    listed: list[float] = []
    for j in range(yorder):
        for i in range(xorder):
            if cross == 1 or (cross == 0 and 0 in (i, j)) or (cross == 2 and i + j < max(xorder, yorder)):
                listed.append(1.7e-4 * (-1) ** (i + j) * (1 + i + 2 * j))
                matrix[i, j] = listed[-1]
    return listed, matrix


def iraf_cards(code: str, function: int, cross: int, listed: list[float], *, shift: int = 0) -> list[str]:
    """Return the cards of IRAF, cut every 68 characters; *shift* blanks move the cuts."""
    cards = ["WAT0_001= 'system=image'".ljust(80)]
    scales = "projp1=1. projp3=10. " if code == "zpx" else ""
    terms = " ".join(map(repr, listed))
    for k, (axis, name) in enumerate((("ra", "lng"), ("dec", "lat")), start=1):
        limits = " ".join(map(str, LIMITS))
        text = f"wtype={code} axtype={axis} {' ' * shift}{scales}{name}cor = "
        text += f'"{function}. 4. 3. {cross}. {limits} {terms} "'
        cards += [
            f"WAT{k}_{at // 68 + 1:03d}= '{text[at : at + 68]:8}'".ljust(80) for at in range(0, len(text), 68)
        ]
    return cards


def iraf_file(path: Path, code: str, cards: list[str]) -> Path:
    """Write an image with cards exactly as IRAF cuts them."""
    field = FIELD | {f"CTYPE{k}": f"{axis}-{code.upper()}" for k, axis in ((1, "RA--"), (2, "DEC-"))}
    header = fits.PrimaryHDU(np.zeros(SHAPE, "f4"), header_of(field)).header.tostring(padding=False)
    text = header.removesuffix("END".ljust(80)) + "".join(cards) + "END".ljust(80)
    text = text.ljust(-(-len(text) // 2880) * 2880)
    data = bytes(-(-4 * SHAPE[0] * SHAPE[1] // 2880) * 2880)
    path.write_bytes(text.encode("ascii") + data)
    return path


@pytest.mark.parametrize("function", [1, 2, 3])
@pytest.mark.parametrize("cross", [0, 1, 2])
def test_tnx_is_the_surface_that_iraf_describes(function: int, cross: int, tmp_path: Path) -> None:
    """Chebyshev, Legendre and plain surfaces with any cross terms add degrees on the tangent plane."""
    listed, matrix = coefficients(cross, 4, 3)
    u, v = (axis - origin for axis, origin in zip(pixels(), (100.0, 80.0), strict=True))
    xi, eta = plane(u, v)
    x, y = xi, eta
    if function != 3:
        x = (2 * xi - LIMITS[0] - LIMITS[1]) / (LIMITS[1] - LIMITS[0])
        y = (2 * eta - LIMITS[2] - LIMITS[3]) / (LIMITS[3] - LIMITS[2])
    shift = SURFACES[function](x, y, matrix)
    path = iraf_file(tmp_path / "i.fits", "tnx", iraf_cards("tnx", function, cross, listed))

    assert np.abs(shift).max() > 1e-4
    assert off_by(path, directions(xi + shift, eta + shift)) < 1e-6


@pytest.mark.parametrize("shift", range(0, 68, 3))
@pytest.mark.parametrize("code", ["tnx", "zpx"])
def test_it_does_not_matter_where_iraf_cuts_its_strings(code: str, shift: int, tmp_path: Path) -> None:
    """A blank at the end of a card is part of the string: the sky is the same wherever the cuts fall."""
    listed, _ = coefficients(2, 4, 3)
    one, two = (
        iraf_file(tmp_path / f"{at}.fits", code, iraf_cards(code, 1, 2, listed, shift=at))
        for at in (shift, shift + 1)
    )
    source = Source(one)
    expected = sky_of(source, 0).vectors(*pixels())
    source.close()

    assert off_by(two, expected) == 0


def test_zpx_without_its_strings_is_refused(tmp_path: Path) -> None:
    """ZPX needs the polynomial that IRAF keeps in them."""
    with pytest.raises(NoSky, match="world coordinates are not understood"):
        cut(iraf_file(tmp_path / "i.fits", "zpx", []), [Circle(10, 20, 0.01)])


def sip_directions() -> Floats:
    """Return the directions that the SIP polynomials give."""
    u, v = (axis - origin for axis, origin in zip(pixels(), (100.0, 80.0), strict=True))
    f, g = 3e-3 * u**2 + 1e-4 * u * v, -2e-3 * v**2 + 4e-4 * u * v
    return directions(*plane(u + f, v + g))


@pytest.mark.parametrize("suffix", ["-SIP", ""])
def test_request_15_sip_moves_a_cutout_by_tens_of_pixels(suffix: str, tmp_path: Path) -> None:
    """Coefficients count whether or not CTYPE ends in -SIP, in the box and in the sky of the cutout."""
    field = FIELD | SIP | {"CTYPE1": f"RA---TAN{suffix}", "CTYPE2": f"DEC--TAN{suffix}"}
    path = write(tmp_path / "i.fits", image(field, SHAPE, kind=fits.PrimaryHDU))
    place = sip_directions()[0]
    lon, lat = (float(value) for value in lonlat_of(place))

    assert off_by(path, sip_directions()) < 1e-6
    with cut(path, [Circle(lon, lat, 2e-4)]) as cutout:
        assert [(span.start, span.count) for span in cutout.parts[0].spans] == [(0, 1), (0, 1)]
    core = directions(*plane(np.array([-100.0]), np.array([-80.0])))
    assert np.degrees(np.linalg.norm(core - place)) / 1e-3 > 20


@pytest.mark.parametrize("suffix", ["-SIP", ""])
def test_d11_the_sip_of_a_cutout_is_still_that_of_its_pixels(suffix: str, tmp_path: Path) -> None:
    """The polynomials count from CRPIX, which moves with the box: plain astropy reads the same sky."""
    field = FIELD | SIP | {"CTYPE1": f"RA---TAN{suffix}", "CTYPE2": f"DEC--TAN{suffix}"}
    path = write(tmp_path / "i.fits", image(field, SHAPE, kind=fits.PrimaryHDU))
    with cut(path, [Circle(10.03, 20.02, 0.02)]) as cutout:
        spans = cutout.parts[0].spans
        (tmp_path / "c.fits").write_bytes(bytes(cutout))
        assert np.array_equal(opened(cutout)[0].data, fits.getdata(path)[spans[1].slice, spans[0].slice])
    parent, child = Source(path), Source(tmp_path / "c.fits")
    x, y = np.meshgrid(np.arange(spans[0].count, dtype=float), np.arange(spans[1].count, dtype=float))
    one = sky_of(child, 0).vectors(x.ravel(), y.ravel())
    two = sky_of(parent, 0).vectors(x.ravel() + spans[0].start, y.ravel() + spans[1].start)
    parent.close()
    child.close()

    assert np.abs(one - two).max() < 1e-14


def test_d11_the_suffix_without_coefficients_is_a_plain_plane(tmp_path: Path) -> None:
    """CTYPE may promise SIP that the header does not hold."""
    field = FIELD | {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    path = write(tmp_path / "i.fits", image(field, SHAPE, kind=fits.PrimaryHDU))
    u, v = (axis - origin for axis, origin in zip(pixels(), (100.0, 80.0), strict=True))

    assert off_by(path, directions(*plane(u, v))) < 1e-6


PV = {
    "PV1_0": 0.004,
    "PV1_1": 1.02,
    "PV1_2": 0.003,
    "PV1_4": 0.3,
    "PV2_0": -0.002,
    "PV2_1": 0.98,
    "PV2_5": 0.2,
}


@pytest.mark.parametrize("code", ["TPV", "TAN"])
def test_request_16_tpv_lands_where_its_polynomial_says(code: str, tmp_path: Path) -> None:
    """PV cards are the polynomial of TPV, also under the name TAN that SCAMP wrote before 2012."""
    field = FIELD | PV | {"CTYPE1": f"RA---{code}", "CTYPE2": f"DEC--{code}"}
    path = write(tmp_path / "i.fits", image(field, SHAPE, kind=fits.PrimaryHDU))
    u, v = (axis - origin for axis, origin in zip(pixels(), (100.0, 80.0), strict=True))
    xi, eta = plane(u, v)
    moved = 0.004 + 1.02 * xi + 0.003 * eta + 0.3 * xi**2, -0.002 + 0.98 * eta + 0.2 * xi * eta
    expected = directions(*moved)

    assert off_by(path, expected) < 1e-6
    lon, lat = (float(value) for value in lonlat_of(expected[31]))
    with cut(path, [Circle(lon, lat, 4e-4)]) as cutout:
        held = [
            span.start <= round(at[31]) < span.start + span.count
            for span, at in zip(cutout.parts[0].spans, pixels(), strict=True)
        ]
        assert held == [True, True]
        assert max(span.count for span in cutout.parts[0].spans) <= 2


@pytest.mark.parametrize("card", ["CPDIS1", "D2IMDIS2", "CQDIS1"])
@pytest.mark.parametrize("kind", ["Polynomial", "TPD", "Spline"])
def test_distortions_of_other_kinds_are_refused_in_words(card: str, kind: str, tmp_path: Path) -> None:
    """What cannot be evaluated is named, and no cutout without it is made."""
    path = write(tmp_path / "i.fits", image(FIELD | {card: kind}, SHAPE, kind=fits.PrimaryHDU))
    with pytest.raises(NoSky, match=f"the distortion {card}='{kind}' is not understood"):
        cut(path, [Circle(10, 20, 0.01)])
