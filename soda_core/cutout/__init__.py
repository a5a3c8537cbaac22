"""From a FITS file and a region of sky, wavelength, time or polarisation to a smaller FITS file."""

from soda_core.cutout.cutout import Cutout
from soda_core.cutout.cutting import cut
from soda_core.cutout.description import Description, ImageDescription, describe
from soda_core.cutout.errors import CannotCut, CannotFilter, NoSky, NothingSelected, UnreadableFile
from soda_core.cutout.model import Coverage, Part, Span

__all__ = [
    "CannotCut",
    "CannotFilter",
    "Coverage",
    "Cutout",
    "Description",
    "ImageDescription",
    "NoSky",
    "NothingSelected",
    "Part",
    "Span",
    "UnreadableFile",
    "cut",
    "describe",
]
