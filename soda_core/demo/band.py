"""The filters of the made images."""

from dataclasses import dataclass
from typing import Final

__all__ = ["BANDS", "Band"]


@dataclass(frozen=True, slots=True)
class Band:
    """Describe one filter: edges in nm, night sky in mag/arcsec², image quality (FWHM) in arcsec."""

    name: str
    low: float
    high: float
    sky: float
    seeing: float


BANDS: Final = (
    Band("g", low=400.0, high=552.0, sky=22.2, seeing=1.15),
    Band("r", low=552.0, high=691.0, sky=21.2, seeing=1.0),
    Band("i", low=691.0, high=818.0, sky=20.4, seeing=0.9),
)
