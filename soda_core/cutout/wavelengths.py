"""Wavelengths in vacuum of what spectral axes count in (FITS 4.0, 8.4; Greisen et al. 2006)."""

from collections.abc import Callable, Mapping

import numpy as np
from astropy import units

from soda_core.sky.vectors import Floats

__all__ = ["in_si", "rest_wavelength", "wavelengths_of"]

LIGHT = 299792458.0
"""Speed of light in m/s."""

PLANCK = 6.62607015e-34
"""Planck's constant in J s."""

ROUNDS = 5
_UNITS = {"FREQ": "Hz", "AFRQ": "rad / s", "ENER": "J", "WAVN": "1 / m", "WAVE": "m", "AWAV": "m"}


def rest_wavelength(frequency: float, wavelength: float) -> float | None:
    """Return the wavelength in metres of a line from RESTFRQ (Hz) or RESTWAV (m), 0 or NaN where unknown."""
    if frequency > 0:
        return LIGHT / frequency
    return wavelength if wavelength > 0 else None


def in_si(kind: str, values: Floats, unit: str) -> Floats:
    """Turn values of a spectral axis to SI; wcslib does so itself but for those of lookup tables."""
    if not unit or kind in ("ZOPT", "BETA"):
        return values
    return np.asarray(values * units.Unit(unit).to(_UNITS.get(kind, "m / s")), dtype=np.float64)


def wavelengths_of(kind: str, values: Floats, rest: float) -> Floats:
    """Turn values of a spectral axis (first word of CTYPE; SI) into metres; *rest* is the line in metres.

    Values without meaning, such as a negative frequency, give NaN or infinity.
    """
    with np.errstate(all="ignore"):
        found = np.asarray(_FORMULAS[kind](values, rest), dtype=np.float64)
    return np.where(found >= 0, found, np.nan)


def _vacuum(air: Floats) -> Floats:
    """Turn wavelengths in standard air into those in vacuum (IAU 1957; metres)."""
    found = air
    for _ in range(ROUNDS):
        square = (1e-6 / found) ** 2
        index = 1 + 64.328e-6 + 29498.1e-6 / (146 - square) + 255.4e-6 / (41 - square)
        found = air * index
    return found


def _receding(beta: Floats, rest: float) -> Floats:
    """Return the wavelengths of a line from sources that recede at parts of the speed of light."""
    return np.asarray(rest * np.sqrt((1 + beta) / (1 - beta)))


_FORMULAS: Mapping[str, Callable[[Floats, float], Floats]] = {
    "FREQ": lambda value, _: LIGHT / value,
    "AFRQ": lambda value, _: 2 * np.pi * LIGHT / value,
    "ENER": lambda value, _: PLANCK * LIGHT / value,
    "WAVN": lambda value, _: 1 / value,
    "WAVE": lambda value, _: value,
    "AWAV": lambda value, _: _vacuum(value),
    "VRAD": lambda value, rest: rest / (1 - value / LIGHT),
    "VOPT": lambda value, rest: rest * (1 + value / LIGHT),
    "ZOPT": lambda value, rest: rest * (1 + value),
    "VELO": lambda value, rest: _receding(value / LIGHT, rest),
    "BETA": _receding,
}
