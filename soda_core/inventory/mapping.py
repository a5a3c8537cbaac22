"""What header cards mean for the columns of ObsCore where no rule of the collection says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soda_core.cutout.exposure import exposure_of
from soda_core.cutout.keywords import Keywords
from soda_core.dali import Interval

from .bands import band_named
from .checks import checked
from .presets import PRESETS
from .rules import given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soda_core.cutout import Description, ImageDescription
    from soda_core.settings import Collection, Rule

__all__ = ["CARDS", "Mapped", "mapped"]

LIGHT = 299_792_458.0
"""Speed of light, metres per second."""

CARDS: Mapping[str, Rule] = {
    "calib_level": 2,
    "data_rights": "public",
    "obs_id": ["{OBSID}", "{OBS_ID}", "{OBS-ID}", "{EXPNUM}", "{ROOTNAME}"],
    "obs_title": "{TITLE}",
    "obs_creation_date": "{DATE}",
    "obs_creator_name": "{AUTHOR}",
    "bib_reference": "{REFERENC}",
    "proposal_id": ["{PROPOSID}", "{PROP-ID}", "{PROPID}", "{ESO OBS PROG ID}"],
    "target_name": ["{OBJECT}", "{TARGNAME}", "{TARGET}"],
    "facility_name": ["{TELESCOP}", "{OBSERVAT}"],
    "instrument_name": ["{INSTRUME}", "{DETECTOR}", "{CAMERA}"],
    "s_resolution": [
        {"card": ["SEEING", "PSF_FWHM", "FWHM", "IMGQUAL"]},
        {"card": ["BMAJ"], "scale": 3600},
    ],
    "o_unit": "{BUNIT}",
}
"""Default rules, as a collection writes them; VISIT and EXPID start from 1 in too many archives."""

FILTERS = ("FILTER", "FILTER1", "FILTNAM1", "FILTNAME", "FILT", "FILTERS", "FILTER2", "BAND")
FREQUENCIES = ("OBSFREQ", "RESTFRQ", "RESTFREQ", "FREQ")
WIDTHS = ("BANDWID", "BANDWIDT", "BNDWID", "BANDWIDTH", "BW")

UNITS: Mapping[str, str] = {
    "jy": "phot.flux.density",
    "mjy": "phot.flux.density",
    "njy": "phot.flux.density",
    "jy/beam": "phot.flux.density;instr.beam",
    "mjy/beam": "phot.flux.density;instr.beam",
    "jy/pixel": "phot.flux.density",
    "mjy/sr": "phot.flux.density.sb",
    "nanomaggy": "phot.flux.density",
    "nmgy": "phot.flux.density",
    "erg/s/cm2/angstrom": "phot.flux.density;em.wl",
    "k": "phot.antennaTemp",
    "mag": "phot.mag",
    "adu": "phot.count",
    "dn": "phot.count",
    "count": "phot.count",
    "counts": "phot.count",
    "electron": "phot.count",
    "electrons": "phot.count",
    "electron/s": "phot.count;arith.rate",
    "electrons/s": "phot.count;arith.rate",
    "counts/s": "phot.count;arith.rate",
}
"""UCD of the pixels by BUNIT, blanks left out, in small letters."""

STATES = ("I", "Q", "U", "V", "RR", "LL", "RL", "LR", "XX", "YY", "XY", "YX", "POLI", "POLA")
"""Order of the polarisation states (ObsCore 1.1, B.6.5)."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of ObsCore that a file tells, and remarks on values that were left out."""

    columns: dict[str, object] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def mapped(description: Description, collection: Collection) -> Mapped:
    """Return the columns of a file: by rule, else by what it covers, else by the usual cards."""
    header = Keywords.merged(description.headers)
    rules = dict(PRESETS.get(collection.preset, {})) | dict(collection.obscore)
    told = {column: value for column, rule in rules.items() if (value := given(rule, header)) is not None}
    usual = {column: given(rule, header) for column, rule in CARDS.items()}
    band = told.pop("band", None)
    seen = dict(_seen(description, header, "" if band is None else str(band)))
    remarks: list[str] = []
    known = {name: value for name, value in seen.items() if value is not None}
    columns = checked(usual | known | told, remarks)
    _follow(columns, told)
    return Mapped(columns, tuple(remarks))


def _seen(description: Description, header: Keywords, band: str) -> Iterator[tuple[str, object]]:
    """Yield the columns that follow from what the images cover."""
    image = _main(description)
    yield "dataproduct_type", _product(description, image)
    yield from _sky(description, image)
    yield from _time(description, image, header)
    yield from _spectrum(description, image, header, band)
    states = sorted(set(description.coverage.pol) & set(STATES), key=STATES.index)
    yield "pol_states", f"/{'/'.join(states)}/" if states else None
    yield "pol_xel", len(states)
    unit = header.text("BUNIT").replace(" ", "").lower()
    yield "o_ucd", UNITS.get(unit)


def _main(description: Description) -> ImageDescription | None:
    """Return the image that stands for the file: the first with a sky, else the first."""
    images = description.images
    return next((image for image in images if image.circle), images[0] if images else None)


def _product(description: Description, image: ImageDescription | None) -> str | None:
    """Return the type of the product by its axes (ObsCore 1.1, 3.3.1)."""
    if image is None:
        names = (header.text("EXTNAME").upper() for header in description.headers)
        return "event" if "EVENTS" in names else None
    long = {axis for axis, size in enumerate(image.axes) if size > 1}
    if image.sky_axes:
        return "cube" if long - set(image.sky_axes) else "image"
    if len(long) == 1:
        names_of = {image.spectral_axis: "spectrum", image.time_axis: "timeseries"}
        return names_of.get(next(iter(long)))
    return "image" if len(long) == 2 else "cube" if long else None  # noqa: PLR2004 - two axes make an image


def _sky(description: Description, image: ImageDescription | None) -> Iterator[tuple[str, object]]:
    """Yield place, extent and sampling on the sky."""
    if description.circle:
        lon, lat, radius = description.circle
        yield from (("s_ra", lon), ("s_dec", lat), ("s_fov", 2 * radius), ("s_calib_status", "calibrated"))
    yield "s_region", " ".join(f"{float(x)!r}" for vertex in description.footprint for x in vertex) or None
    if image and image.sky_axes:
        one, two = image.sky_axes
        yield from (("s_xel1", image.axes[one]), ("s_xel2", image.axes[two]))
        yield "s_pixel_scale", image.pixel_scale


def _time(
    description: Description, image: ImageDescription | None, header: Keywords
) -> Iterator[tuple[str, object]]:
    """Yield the columns of the time axis."""
    exposure, time = exposure_of(header), description.coverage.time
    yield "t_exptime", exposure
    if time is None:
        return
    steps = image.axes[image.time_axis] if image and image.time_axis is not None else 1
    yield from (("t_min", time.low), ("t_max", time.high), ("t_xel", steps))
    yield "t_resolution", (time.high - time.low) * 86400 / steps if steps > 1 else exposure


def _spectrum(
    description: Description, image: ImageDescription | None, header: Keywords, band: str
) -> Iterator[tuple[str, object]]:
    """Yield the columns of the spectral axis, from its axis or from the filter."""
    light, steps = description.coverage.band, 1
    if band or light is None:
        light = _filtered(header, band) or light
    elif image and image.spectral_axis is not None:
        steps = image.axes[image.spectral_axis]
    if light is None:
        return
    yield from (("em_min", light.low), ("em_max", light.high), ("em_xel", steps))
    if width := light.high - light.low:
        yield "em_res_power", (light.high + light.low) / 2 / width * steps


def _filtered(header: Keywords, band: str) -> Interval | None:
    """Return the wavelengths of the filter, else those around an observed frequency."""
    origin = " ".join(header.text(word) for word in ("TELESCOP", "INSTRUME", "DETECTOR", "SURVEY"))
    if band:
        return band_named(band) or band_named(band, origin)
    for word in FILTERS:
        name = header.get(word)
        if name is not None and (found := band_named(str(name), origin)):
            return found
    frequency, width = header.number(*FREQUENCIES), header.number(*WIDTHS)
    if frequency is None or width is None or not 0 < width < frequency:
        return None
    return Interval(LIGHT / (frequency + width / 2), LIGHT / (frequency - width / 2))


def _follow(columns: dict[str, object], told: Mapping[str, object]) -> None:
    """Give the end of an exposure whose start alone was told by a rule."""
    start, exposure = columns.get("t_min"), columns.get("t_exptime")
    if "t_min" in told and "t_max" not in told and isinstance(start, float):
        columns["t_max"] = start + (exposure / 86400 if isinstance(exposure, float) else 0.0)
        columns["t_xel"] = columns.get("t_xel") or 1
