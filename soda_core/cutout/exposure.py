"""When an exposure was taken and in which light, from the cards that tell it without an axis."""

import re
from datetime import UTC, datetime

from astropy.time import Time

from soda_core.cutout.keywords import Keywords
from soda_core.cutout.moments import CLOCKS
from soda_core.dali.interval import Interval

__all__ = ["EXPOSURES", "band_of", "exposure_of", "mjd_of", "time_of"]

NANOMETRE = 1e-9
DAY = 86400.0
EPOCH = datetime(1858, 11, 17, tzinfo=UTC)
"""Day 0 of the modified Julian date."""

DAYS = (0.0, 100_000.0)
"""Modified Julian dates that are believed: until 2132."""

LONGEST = 1e9
"""Seconds of exposure that are believed: 32 years."""

EXPOSURES = ("XPOSURE", "ONTIME", "EXPTIME", "EXPOSURE", "TEXPTIME", "EXP_TIME", "ITIME")
SECONDS = {"d": DAY, "day": DAY, "days": DAY, "h": 3600.0, "hr": 3600.0, "min": 60.0, "ms": 1e-3, "us": 1e-6}
"""Seconds in the units that a comment can give."""

STARTS = (("MJD-BEG", "EXPSTART", "MJDSTART"), ("DATE-BEG",))
OBSERVED = (("MJD-OBS", "MJD_OBS", "MJDOBS", "MJD"), ("DATE-OBS", "DATE_OBS"))
MIDDLES = (("MJD-AVG", "MJD-MID", "EXPMID"), ("DATE-AVG",))
ENDS = (("MJD-END", "EXPEND", "MJDEND"), ("DATE-END",))
CLOCK_CARDS = ("TIME-OBS", "UTC-OBS", "UTSTART", "UTC", "UT", "TAIHMS")
"""Where the time of day stands if DATE-OBS has none."""

FORMS = ("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d/%m/%y")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]?\d)(?::([0-5]?\d(?:\.\d*)?))?")


def band_of(header: Keywords) -> Interval | None:
    """Read WAVELMIN and WAVELMAX, nanometres."""
    low, high = header.number("WAVELMIN"), header.number("WAVELMAX")
    if low is None or high is None or not 0 < low <= high:
        return None
    return Interval(low * NANOMETRE, high * NANOMETRE)


def exposure_of(header: Keywords) -> float | None:
    """Return the exposure time in seconds; 0 stands for one that is not known."""
    word = next((word for word in EXPOSURES if header.number(word)), "")
    seconds = (header.number(word) or 0.0) * SECONDS.get(header.unit(word), 1.0)
    return seconds if 0 < seconds <= LONGEST else None


def time_of(header: Keywords) -> Interval | None:
    """Return start and end, MJD UTC: as they are written, else from one moment and the exposure time."""
    length = (exposure_of(header) or 0.0) / DAY
    start = _moment(header, STARTS)
    if start is None:
        start = _moment(header, OBSERVED)
    if start is None:
        middle = _moment(header, MIDDLES)
        start = None if middle is None else middle - length / 2
    if start is None:
        return None
    end = _moment(header, ENDS)
    return Interval(start, max(start, start + length if end is None else end))


def mjd_of(text: str) -> float | None:
    """Turn a date as FITS spells it into MJD."""
    plain = text.strip().removesuffix("Z").replace(" ", "T", 1)[:26]
    for form in FORMS:
        try:
            moment = datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if form == "%d/%m/%y" and moment.year >= 2000:  # noqa: PLR2004 - two digits mean 19xx (FITS 4.0, 4.4.2.1)
            moment = moment.replace(year=moment.year - 100)
        return (moment - EPOCH).total_seconds() / DAY
    return None


def _moment(header: Keywords, cards: tuple[tuple[str, ...], tuple[str, ...]]) -> float | None:
    """Return a moment in MJD UTC from a number or a date, None where it is not to be believed."""
    numbers, dates = cards
    moment = header.number(*numbers)
    if moment is None:
        moment = _dated(header, header.text(*dates))
    if moment is None or not DAYS[0] < moment < DAYS[1]:
        return None
    scale = CLOCKS.get(header.text("TIMESYS").partition("(")[0].strip().upper(), "utc")
    return moment if scale == "utc" else float(Time(moment, format="mjd", scale=scale).utc.mjd)


def _dated(header: Keywords, text: str) -> float | None:
    """Return the MJD of a date, with the time of day from a card of its own where it has none."""
    day = mjd_of(text)
    if day is None or "T" in text:
        return day
    for word in CLOCK_CARDS:
        if match := CLOCK.fullmatch(header.text(word).strip()):
            hours, minutes, seconds = (float(part or 0) for part in match.groups())
            return day + hours / 24 + minutes / 1440 + seconds / DAY
    return day
