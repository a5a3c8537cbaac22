"""From a FITS file and a region of sky, wavelength, time or polarisation to a smaller FITS file."""

from soda_core.cutout.cache import warm
from soda_core.cutout.cutout import Cutout
from soda_core.cutout.cutting import cut, cut_by
from soda_core.cutout.description import Description, ImageDescription, describe
from soda_core.cutout.errors import BadOption, CannotCut, CannotFilter, NoSky, NothingSelected, UnreadableFile
from soda_core.cutout.model import Coverage, Options, Part, Request, Span

__all__ = [
    "BadOption",
    "CannotCut",
    "CannotFilter",
    "Coverage",
    "Cutout",
    "Description",
    "ImageDescription",
    "NoSky",
    "NothingSelected",
    "Options",
    "Part",
    "Request",
    "Span",
    "UnreadableFile",
    "cut",
    "cut_by",
    "describe",
    "warm",
]
