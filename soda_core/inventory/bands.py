"""Photometric bands by name: the wavelengths between which a filter lets half of the light through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soda_core.dali import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BANDS", "band_named"]

NANOMETRE = 1e-9

SYSTEMS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "johnson": {
        "U": (332, 398),
        "B": (391, 489),
        "V": (505, 595),
        "R": (576, 728),
        "RC": (576, 728),
        "I": (721, 875),
        "IC": (721, 875),
    },
    "sdss": {
        "u": (325, 384),
        "g": (400, 538),
        "r": (555, 690),
        "i": (691, 832),
        "z": (820, 963),
        "y": (945, 1055),
    },
    "lsst": {
        "u": (340, 397),
        "g": (402, 552),
        "r": (552, 691),
        "i": (691, 818),
        "z": (818, 924),
        "y": (925, 1025),
    },
    "hsc": {
        "g": (400, 547),
        "r": (542, 697),
        "r2": (542, 693),
        "i": (690, 848),
        "i2": (694, 847),
        "z": (852, 929),
        "y": (932, 1070),
    },
    "ps1": {"g": (405, 553), "r": (551, 691), "i": (690, 819), "z": (818, 922), "y": (919, 1008)},
    "decam": {
        "u": (340, 400),
        "g": (399, 548),
        "r": (568, 716),
        "i": (710, 857),
        "z": (850, 1002),
        "y": (954, 1031),
    },
    "2mass": {"J": (1128, 1362), "H": (1520, 1776), "K": (2024, 2305), "KS": (2024, 2305)},
    "vista": {
        "Z": (831, 926),
        "Y": (976, 1068),
        "J": (1168, 1338),
        "H": (1502, 1785),
        "KS": (1992, 2303),
    },
    "ukidss": {
        "Z": (836, 929),
        "Y": (979, 1081),
        "J": (1169, 1328),
        "H": (1492, 1784),
        "K": (2029, 2380),
    },
    "wise": {"W1": (3000, 3760), "W2": (4080, 5150), "W3": (7700, 16000), "W4": (20200, 24200)},
    "irac": {
        "I1": (3180, 3930),
        "I2": (4000, 5020),
        "I3": (5000, 6430),
        "I4": (6430, 9350),
        "IRAC1": (3180, 3930),
        "IRAC2": (4000, 5020),
        "IRAC3": (5000, 6430),
        "IRAC4": (6430, 9350),
    },
    "galex": {"FUV": (134, 179), "NUV": (177, 283)},
    "gaia": {"G": (400, 865), "BP": (380, 680), "RP": (633, 884)},
}
"""Nanometres, system by system; within one, `g` and `G` may differ."""

ALONE = ("wise", "irac", "galex")
"""Systems whose names mean the same wherever they stand."""

SPELT: Mapping[str, str] = {
    "SDSS": "sdss",
    "LSST": "lsst",
    "RUBIN": "lsst",
    "SIMONYI": "lsst",
    "HSC": "hsc",
    "HYPER SUPRIME": "hsc",
    "PS1": "ps1",
    "PAN-STARRS": "ps1",
    "GPC1": "ps1",
    "DECAM": "decam",
    "2MASS": "2mass",
    "VISTA": "vista",
    "VIRCAM": "vista",
    "UKIRT": "ukidss",
    "WFCAM": "ukidss",
    "GAIA": "gaia",
    "JOHNSON": "johnson",
    "BESSEL": "johnson",
    "COUSINS": "johnson",
    "WISE": "wise",
}
"""Words in a filter name, or in the names of telescope and instrument, that tell the system."""

DEFAULTS = ("sdss", "johnson", "2mass")
"""Where nothing tells the system: small letters are ugrizy, capitals UBVRI and JHK."""

BANDS: Mapping[tuple[str, str], Interval] = {
    (system, name): Interval(round(low * NANOMETRE, 12), round(high * NANOMETRE, 12))
    for system, bands in SYSTEMS.items()
    for name, (low, high) in bands.items()
}
"""Wavelengths in metres by system and name."""

HUBBLE = re.compile(r"F(\d{3,4})(LP|[NMWX]|W2)\d?", re.IGNORECASE)
WIDTHS = {"N": 0.01, "M": 0.05, "W": 0.11, "X": 0.2, "W2": 0.2}
"""Half of the width of a filter of the Hubble and Webb telescopes, as a part of its wavelength."""

OPTICAL_WORDS = ("WFPC", "ACS", "STIS", "FOC")
INFRARED_WORDS = ("NICMOS", "NIRCAM", "NIRISS", "NIRSPEC", "MIRI", "JWST")
INFRARED = range(200, 1000)
"""Numbers outside of which a name such as F160W or F2100W counts tens of nanometres."""

SEPARATORS = re.compile(r"[\s_.:/,;()+-]+")


def band_named(name: str, origin: str = "") -> Interval | None:
    """Return the wavelengths of a filter, metres; *origin* names telescope and instrument: they know best."""
    if (hubble := HUBBLE.fullmatch(name.strip())) is not None:
        return _hubble(hubble, origin)
    words = [word for word in SEPARATORS.split(name.strip()) if word]
    words += [word.removesuffix("'").removesuffix("p") for word in words]
    systems = [system for text in (origin, name) if (system := _system(text))] or [""]
    found = (_known(word, system) for system in systems for word in words)
    return next((band for band in found if band), None)


def _system(text: str) -> str:
    """Return the system that a text names."""
    upper = text.upper()
    return next((system for word, system in SPELT.items() if word in upper), "")


def _known(word: str, system: str) -> Interval | None:
    """Return a band of *system* in any case, or one of those that need none."""
    if system:
        for name in (word, word.lower(), word.upper(), f"W{word}" if system == "wise" else word):
            if found := BANDS.get((system, name)):
                return found
    for other in ALONE:
        if found := BANDS.get((other, word.upper())):
            return found
    return None if system else next((BANDS[one, word] for one in DEFAULTS if (one, word) in BANDS), None)


def _hubble(match: re.Match[str], origin: str) -> Interval | None:
    """Return the wavelengths of a name like F606W, F160W or F2100W, from its number."""
    number, kind = int(match[1]), match[2].upper()
    infrared = number not in INFRARED and not any(word in origin.upper() for word in OPTICAL_WORDS)
    infrared = infrared or any(word in origin.upper() for word in INFRARED_WORDS)
    centre = number * (10 if infrared else 1) * NANOMETRE
    if kind not in WIDTHS:
        return None  # a long pass ends where the detector does
    return Interval(centre * (1 - WIDTHS[kind]), centre * (1 + WIDTHS[kind]))
