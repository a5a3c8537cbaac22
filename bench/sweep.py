"""Compare the boxes of random regions on random images with a look at every pixel, projection by projection.

A case is *missed* where a pixel whose centre lies in the region is not in the box, or where a region smaller
than a pixel lies on the image and no pixel is found. It is *too big* where the box reaches more than two
pixels beyond those pixels on some side. Ends with status 1 if anything was missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from soda_core.cutout.boxes import covering_box
from soda_core.cutout.cards import Cards
from soda_core.cutout.quiet import quiet
from soda_core.cutout.world import PixelSky, pixel_sky, world_of
from soda_core.dali import BoundingRectangle, Circle, Polygon, Range
from soda_core.sky import SkyRegion, lonlat_of, outline, sky_region, unit_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from soda_core.dali.shapes import Shape

ZENITHAL = ("TAN", "SIN", "NCP", "ARC", "ZEA", "STG", "ZPN", "AZP", "AIR")
DISTORTED = ("SIP", "TPV", "TNX", "ZPX", "CPDIS", "D2IM")
WHOLE = (
    "AIT",
    "MOL",
    "CAR",
    "HPX",
    "SFL",
    "PAR",
    "CEA",
    "MER",
    "XPH",
    "TSC",
    "CSC",
    "QSC",
    "PCO",
    "BON",
    "COP",
    "COE",
)
PROJECTIONS = (*ZENITHAL, *DISTORTED, *WHOLE)
FRAMES = (("RA--", "DEC-", "ICRS"), ("GLON", "GLAT", ""), ("RA--", "DEC-", "FK5"), ("ELON", "ELAT", ""))
CODES = {"SIP": "TAN-SIP", "NCP": "SIN", "CPDIS": "TAN", "D2IM": "TAN"}
CONES: dict[str, dict[str, float]] = {
    "COP": {"PV2_1": 45.0, "PV2_2": 25.0},
    "COE": {"PV2_1": 45.0, "PV2_2": 25.0},
    "BON": {"PV2_1": 45.0},
    "CEA": {"PV2_1": 1.0},
    "AZP": {"PV2_1": 2.0, "PV2_2": 30.0},
    "ZPN": {"PV2_1": 1.0, "PV2_3": 42.0},
    "AIR": {"PV2_1": 45.0},
}
SIP = {"A_ORDER": 3, "B_ORDER": 3, "A_2_0": 2e-5, "A_0_2": -3e-5, "B_1_1": 4e-5, "B_2_0": 1e-5, "A_3_0": 3e-7}
POLES = (90.0, -90.0, 89.9, -89.9)


@dataclass(frozen=True)
class Product:
    """An image of one header with the tables it refers to, as the core wants to see it."""

    header: Any
    hdus: Any
    index: int = 0
    name: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        return self.header["NAXIS1"], self.header["NAXIS2"]

    def cards(self) -> Cards:
        """Return the header as cards."""
        return Cards(self.header.tostring())


@dataclass(frozen=True)
class View:
    """What an image shows: its size in pixels, degrees a pixel, turn in degrees, and the sky at its origin.

    *origin* is where the reference pixel lies, in parts of the image; *parity* is -1 where east is right.
    """

    projection: str
    size: tuple[int, int]
    scale: float
    turn: float
    parity: int
    centre: tuple[float, float]
    origin: tuple[float, float]
    frame: int = 0


def sky_of(view: View) -> PixelSky:
    """Return the sky of an image, read from headers as those of a file are."""
    with quiet():
        product = Product(_header(view), fits.HDUList([fits.PrimaryHDU(), *_tables(view)]))
        sky = pixel_sky(world_of(product, product), product)
    assert sky is not None  # noqa: S101 - every view has a sky
    return sky


def _header(view: View) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the header of a view."""
    lon, lat, system = FRAMES[view.frame]
    code = {"SIP": "TAN-SIP", "NCP": "SIN", "CPDIS": "TAN", "D2IM": "TAN"}.get(
        view.projection, view.projection
    )
    turn = np.radians(view.turn)
    header = fits.Header()
    header.update({"NAXIS": 2, "NAXIS1": view.size[0], "NAXIS2": view.size[1]})
    header.update({"CTYPE1": f"{lon}-{code}", "CTYPE2": f"{lat}-{code}"})
    header.update({f"CRPIX{k}": 0.5 + view.size[k - 1] * view.origin[k - 1] for k in (1, 2)})
    header.update({"CRVAL1": view.centre[0], "CRVAL2": view.centre[1]})
    header.update({"CD1_1": view.parity * view.scale * np.cos(turn), "CD1_2": -view.scale * np.sin(turn)})
    header.update({"CD2_1": view.parity * view.scale * np.sin(turn), "CD2_2": view.scale * np.cos(turn)})
    if system:
        header["RADESYS"] = system
    if system == "FK5":
        header["EQUINOX"] = 1975.0
    header.update(_distortion(view))
    return header


def _distortion(view: View) -> dict[str, object]:
    """Return the cards of a projection beside the usual ones."""
    span = view.scale * max(view.size)
    found: dict[str, object] = dict(CONES.get(view.projection, {}))
    match view.projection:
        case "SIP":
            found |= SIP
        case "TPV":
            found |= {"PV1_1": 1.0, "PV1_4": 0.02 / span, "PV2_1": 1.0, "PV2_5": -0.03 / span}
        case "NCP":
            found |= {"PV2_1": 0.0, "PV2_2": 1 / np.tan(np.radians(view.centre[1] or 60.0))}
        case "TNX" | "ZPX":
            found |= _wat(view.projection.lower(), span)
        case "CPDIS" | "D2IM":
            word, records = ("CPDIS", "DP") if view.projection == "CPDIS" else ("D2IMDIS", "D2IM")
            found |= {f"{word}{k}": "LOOKUP" for k in (1, 2)} | _records(records)
    return found


def _records(word: str) -> dict[str, object]:
    """Return the record-valued cards that name a lookup table for each axis."""
    found: dict[str, object] = {}
    for k in (1, 2):
        found |= {f"{word}{k}.EXTVER": float(k), f"{word}{k}.NAXES": 2.0}
        found |= {f"{word}{k}.AXIS.1": 1.0, f"{word}{k}.AXIS.2": 2.0}
    return found


def _wat(code: str, span: float) -> dict[str, object]:
    """Return the cards of IRAF that hold a Chebyshev surface of order 3 x 3 with half of the cross terms."""
    found: dict[str, object] = {"WAT0_001": "system=image"}
    scales = "projp1=1. projp3=100. " if code == "zpx" else ""
    for k, axis, name in ((1, "ra", "lng"), (2, "dec", "lat")):
        terms = " ".join(repr(sign * span * 2e-3) for sign in (1, -2, 3, 1, -2 * k, 2))
        limits = f"{-span} {span} {-span} {span}"
        text = f'wtype={code} axtype={axis} {scales}{name}cor = "1. 3. 3. 2. {limits} {terms} "'
        for at in range(0, len(text), 68):
            found[f"WAT{k}_{at // 68 + 1:03d}"] = text[at : at + 68]
    return found


def _tables(view: View) -> list[Any]:
    """Return the lookup tables that a view refers to: shifts in pixels, one table an axis."""
    name = {"CPDIS": "WCSDVARR", "D2IM": "D2IMARR"}.get(view.projection)
    if name is None:
        return []
    tables = []
    for version in (1, 2):
        y, x = np.mgrid[:9, :9]
        shifts = (1.5 * np.sin(x / 2.0 + version) + np.cos(y / 1.5)).astype(np.float32)
        table = fits.ImageHDU(shifts, name=name, ver=version)
        for k in (1, 2):
            table.header[f"CRPIX{k}"] = 1.0
            table.header[f"CRVAL{k}"] = 1.0
            table.header[f"CDELT{k}"] = view.size[k - 1] / 8.0
        tables.append(table)
    return tables


def random_view(projection: str, random: np.random.Generator) -> View:
    """Return a field or a whole sky, turned, flipped, anywhere."""
    size = int(random.integers(20, 150)), int(random.integers(20, 150))
    centre = float(random.uniform(0, 360)), float(np.degrees(np.arcsin(random.uniform(-1, 1))))
    if random.random() < 0.2:  # noqa: PLR2004 - one in five
        centre = float(random.choice([0.0, 359.9999])), float(random.choice(POLES))
    wide = projection in WHOLE or (projection in ("ARC", "ZEA", "STG", "SIN") and random.random() < 0.3)  # noqa: PLR2004
    if projection in WHOLE:
        centre = centre[0], 45.0 if projection in ("COP", "COE") else 0.0
    if projection == "NCP":
        centre = centre[0], float(random.choice([-1, 1]) * random.uniform(40, 85))
    scale = 10 ** random.uniform(-4, -1.5)
    if wide:
        scale = random.uniform(0.5, 1.3) * 360 / max(size)
    elif projection in ZENITHAL and random.random() < 0.3:  # noqa: PLR2004
        scale = random.uniform(20, 150) / max(size)
    spot = (0.5, 0.5) if wide and random.random() < 0.7 else tuple(random.uniform(-0.3, 1.3, 2))  # noqa: PLR2004
    turn, parity = float(random.uniform(0, 360)), int(random.choice([-1, 1]))
    frame = int(random.integers(0, len(FRAMES)))
    return View(projection, size, float(scale), turn, parity, centre, (float(spot[0]), float(spot[1])), frame)


def random_shape(sky: PixelSky, view: View, random: np.random.Generator) -> Shape:
    """Return a region near a place of the image, from far below a pixel to most of the sky."""
    x, y = (random.uniform(-3, size + 2) for size in sky.shape)
    place = sky.vectors(np.array([x]), np.array([y]))[0]
    if not np.isfinite(place).all():
        place = unit_vectors(random.uniform(0, 360), random.uniform(-90, 90))
    lon, lat = (float(value) for value in lonlat_of(place))
    radius = float(min(120.0, view.scale * 10 ** random.uniform(-1.5, 2.3)))
    makers: tuple[Callable[..., Shape], ...] = (_circle, _polygon, _range, _rectangle)
    return makers[int(random.integers(0, 4))](lon, lat, radius, random)


def _circle(lon: float, lat: float, radius: float, random: np.random.Generator) -> Circle:
    """Return a circle."""
    del random
    return Circle(lon, lat, radius)


def _polygon(lon: float, lat: float, radius: float, random: np.random.Generator) -> Polygon:
    """Return a star of three to nine corners, concave or not, in either winding."""
    far = outline(Circle(lon, lat, min(radius, 80.0)), int(random.integers(3, 10)))
    near = outline(Circle(lon, lat, min(radius, 80.0) * random.uniform(0.2, 1)), len(far))
    corners = [(float(lon), float(lat)) for lon, lat in np.where(np.arange(len(far))[:, None] % 2, near, far)]
    return Polygon(tuple(corners[:: int(random.choice([-1, 1]))]))


def _range(lon: float, lat: float, radius: float, random: np.random.Generator) -> Range:
    """Return a range about a place, some of its ends open."""
    cosine = max(np.cos(np.radians(lat)), 1e-3)
    wide = float(min(179.0, radius / cosine))
    west, east = (lon - wide) % 360, (lon + wide) % 360
    south, north = max(-90.0, lat - radius), min(90.0, lat + radius * random.uniform(0.1, 1))
    kind = random.integers(0, 6)
    if kind == 0:
        west, east = 0.0, 360.0
    if kind == 1:
        west, east = (-np.inf, east) if random.random() < 0.5 else (west, np.inf)  # noqa: PLR2004
    if kind == 2:  # noqa: PLR2004
        south, north = (-np.inf, north) if random.random() < 0.5 else (south, np.inf)  # noqa: PLR2004
    return Range(west, east, south, north)


def _rectangle(lon: float, lat: float, radius: float, random: np.random.Generator) -> BoundingRectangle:
    """Return a rectangle of an angular width and height."""
    return BoundingRectangle(lon, lat, radius * 2, radius * float(random.uniform(0.1, 3)))


def every_pixel(sky: PixelSky, region: SkyRegion) -> tuple[int, int, int, int] | None:
    """Return the box of the pixels whose centre lies in the region, from all pixels."""
    y, x = np.mgrid[: sky.shape[1], : sky.shape[0]]
    vectors = sky.vectors(x.ravel().astype(float), y.ravel().astype(float))
    known = np.isfinite(vectors[:, 0])
    inside = np.flatnonzero(known)[region.contains(vectors[known])]
    if not len(inside):
        return None
    x, y = x.ravel()[inside], y.ravel()[inside]
    return int(x.min()), int(x.max()), int(y.min()), int(y.max())


def judge(sky: PixelSky, shape: Shape) -> str:
    """Return '', 'missed' or 'too big' for one region on one image."""
    region = sky_region(shape)
    found, expected = covering_box(sky, region), every_pixel(sky, region)
    if expected is None:
        return ""
    if found is None:
        return "missed"
    less = max(found[0] - expected[0], expected[1] - found[1], found[2] - expected[2], expected[3] - found[3])
    more = max(expected[0] - found[0], found[1] - expected[1], expected[2] - found[2], found[3] - expected[3])
    return "missed" if less > 0 else "too big" if more > 2 else ""  # noqa: PLR2004 - two pixels a side


def judge_point(sky: PixelSky, random: np.random.Generator) -> str:
    """Return '' or 'missed' for a region far smaller than a pixel that lies on the image."""
    x, y = (random.uniform(-0.499, size - 0.501) for size in sky.shape)
    place, beside = sky.vectors(np.array([x, x + 1e-3]), np.array([y, y]))
    radius = float(np.degrees(np.linalg.norm(beside - place)))
    if not radius > 1e-11:  # noqa: PLR2004 - nearly the precision of directions, or no sky at all
        return ""
    lon, lat = (float(value) for value in lonlat_of(place))
    found = covering_box(sky, sky_region(Circle(lon, lat, radius)))
    return "" if found else "missed"


def run(projection: str, cases: int, seed: int) -> tuple[int, int]:
    """Run the cases of a projection, print a row and what fails; return how many were missed, too big."""
    random = np.random.default_rng([seed, *projection.encode()])
    count = {"": 0, "missed": 0, "too big": 0}
    for case in range(cases):
        view = random_view(projection, random)
        sky = sky_of(view)
        shape = random_shape(sky, view, random) if case % 4 else None
        verdict = judge(sky, shape) if shape else judge_point(sky, random)
        count[verdict] += 1
        if verdict:
            print(f"{verdict}: {view} {shape or 'a point of the image'}")
    print(f"{projection:6} {cases:6} {count['missed']:7} {count['too big']:8}")
    return count["missed"], count["too big"]


def main() -> int:
    """Read the command line, run the cases and print a row for each projection."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3100, help="cases over all projections")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random cases")
    parser.add_argument("--only", choices=PROJECTIONS, help="one projection")
    options = parser.parse_args()
    projections = (options.only,) if options.only else PROJECTIONS
    each = -(-options.cases // len(projections))
    start = time.process_time()
    print(f"{'':6} {'cases':>6} {'missed':>7} {'too big':>8}")
    rows = [run(projection, each, options.seed) for projection in projections]
    missed, too_big = (sum(column) for column in zip(*rows, strict=True))
    seconds = time.process_time() - start
    print(f"{each * len(rows)} cases in {seconds:.0f} s (CPU): {missed} missed, {too_big} too big")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
