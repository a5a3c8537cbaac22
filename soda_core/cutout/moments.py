"""Times of a time axis as MJD UTC (FITS 4.0, 9)."""

import re
from typing import Any

import numpy as np
from astropy import units
from astropy.time import Time

from soda_core.sky.vectors import Floats

__all__ = ["CLOCKS", "utc_of"]

CLOCKS = {
    "UTC": "utc",
    "UT": "utc",
    "GMT": "utc",
    "UT1": "utc",
    "TAI": "tai",
    "IAT": "tai",
    "GPS": "tai",
    "TT": "tt",
    "TDT": "tt",
    "ET": "tt",
    "TDB": "tdb",
    "TCG": "tcg",
    "TCB": "tcb",
}
"""Time scales (FITS 4.0, table 30) as astropy calls them; UT1 is within 0.9 s of UTC."""

GPS_BEHIND = 19.0
"""Seconds by which GPS runs behind TAI."""

JD_OF_MJD = 2400000.5
_REALISED = re.compile(r"\(.*\)$")


def utc_of(values: Floats, unit: str, system: str, header: Any) -> Floats:  # noqa: ANN401 - astropy is not typed
    """Turn values of a time axis into MJD UTC; *system* is the scale of CTYPE or TIMESYS, '' for UTC."""
    system = _REALISED.sub("", system).strip()
    day = units.Unit(unit).to(units.day)
    days = values * day + _number(header, "TIMEOFFS") * units.Unit(_time_unit(header)).to(units.day)
    if system == "GPS":
        days = days + GPS_BEHIND / 86400
    whole, rest = _reference(header, CLOCKS[system or "UTC"])
    moment = Time(whole, rest + days, format="mjd", scale=CLOCKS[system or "UTC"])
    return np.asarray(moment.utc.mjd, dtype=np.float64)


def _time_unit(header: Any) -> str:  # noqa: ANN401 - astropy is not typed
    """Return TIMEUNIT."""
    return str(header.get("TIMEUNIT") or "s").strip() or "s"


def _reference(header: Any, scale: str) -> tuple[float, float]:  # noqa: ANN401 - astropy is not typed
    """Return the moment that an axis counts from as MJD in two parts (FITS 4.0, 9.2.2)."""
    for word, shift in (("MJDREF", 0.0), ("JDREF", JD_OF_MJD)):
        if f"{word}I" in header or f"{word}F" in header:
            whole, rest = _number(header, f"{word}I"), _number(header, f"{word}F")
            return whole - np.floor(shift), rest - shift % 1
        if word in header:
            return _number(header, word) - shift, 0.0
    if date := str(header.get("DATEREF") or "").strip():
        return float(Time(date.removesuffix("Z"), format="fits", scale=scale).mjd), 0.0
    return 0.0, 0.0


def _number(header: Any, keyword: str) -> float:  # noqa: ANN401 - astropy is not typed
    """Return a number of the header, 0 where there is none."""
    return float(header.get(keyword) or 0.0)
