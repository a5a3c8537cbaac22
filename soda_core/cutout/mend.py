"""Headers in a form that wcslib reads, where they are clear to people and not to it."""

import re
from typing import Any

from soda_core.cutout.iraf import IRAF_CODES, mend_strings

__all__ = ["mended", "sky_alone"]

UNITS = {"micron": "um", "microns": "um", "micrometer": "um", "angstroms": "Angstrom", "hertz": "Hz"}
"""Names of units that are no FITS units (FITS 4.0, 4.3), in lower case."""

_SKY = re.compile(r"RA-|DEC-|[A-Z]{1,2}(LON|LAT|LN|LT)-")
_TYPE = re.compile(r"CTYPE(\d+)([A-Z]?)")
_UNIT = re.compile(r"CUNIT\d+[A-Z]?")


def mended(header: Any) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a copy of a header with units spelt as FITS does, and the strings of IRAF divided anew."""
    copy = header.copy()
    for keyword in [word for word in copy if _UNIT.fullmatch(word)]:
        unit = UNITS.get(str(copy[keyword]).strip().lower())
        if unit:
            copy[keyword] = unit
    if str(copy.get("CTYPE1", ""))[-3:] in IRAF_CODES:
        mend_strings(copy)
    return copy


def sky_alone(header: Any, letter: str) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a copy in which the axes beside the sky have neither type nor unit; None if nothing changes.

    A spectral axis of an unknown kind is no reason to refuse a region of the sky.
    """
    types = {m[1]: str(header[word]) for word in header if (m := _TYPE.fullmatch(word)) and m[2] == letter}
    other = [axis for axis, kind in types.items() if kind.strip() and not _SKY.match(kind)]
    if not other or len(other) == len(types):
        return None
    copy = header.copy()
    for axis in other:
        for keyword in (f"CTYPE{axis}{letter}", f"CUNIT{axis}{letter}"):
            copy.remove(keyword, ignore_missing=True)
    return copy
