"""An image with the cards of its coordinates alone: most headers are long, and few cards place the pixels."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from astropy.io import fits
from astropy.wcs import WCS, Wcsprm

from soda_core.cutout.cards import CARD, Cards
from soda_core.cutout.file import HDU
from soda_core.cutout.headers import letters_of, lookups_of
from soda_core.cutout.mend import UNITS
from soda_core.cutout.quiet import quiet
from soda_core.cutout.sip import SIP_CARD, sip_of
from soda_core.cutout.world import WCS_FAILURE, Tables, world_of

__all__ = ["Coordinates", "coordinates_of", "world_alone"]

KEPT = (
    r"WCS|CTYPE|CRVAL|CRPIX|CDELT|CUNIT|CD\d|PC\d|CROTA|PV\d|PS\d|PROJP|L(ON|AT)POLE|RADE|EQUINOX|EPOCH|CNAME|VSOURCE"
    r"|REST|SPECSYS|SSYS|VEL|ZSOURCE|OBSGEO|MJD|JD|DATE|TIME|TREF|CPER|CRDER|CSYER|CZPHS|\d*(CTYP|CRVL|CRPX|CDLT)"
    r"|[AB]P?_|CPDIS|CQDIS|D[PQ]\d|D2IM|AXISCORR|WAT\d|[XY]PIXELSZ|CNPIX|PLT|PPO|AMD|EXTVER"
)
"""Starts of the keywords that wcslib, astropy and this package look at for coordinates and times."""

_KEPT = re.compile(KEPT)
_INVOLVED = re.compile(r"[AB]P?_|CPDIS|CQDIS|D[PQ]\d|D2IM|AXISCORR|WAT\d|PV\d|PS\d|PLT|PPO|AMD|\d|.{8}.*-TAB")
"""Cards that astropy does something with before wcslib sees them, those of SIP among them."""

_TYPE_OF_SIP = re.compile(r"CTYPE\d  = '.*-SIP")


class Coordinates:
    """An image whose header has no other cards; nothing else may be asked of it than where its pixels are."""

    def __init__(self, image: HDU, lines: tuple[str, ...]) -> None:
        self.index, self.name, self.shape = image.index, image.name, image.shape
        self.lines = lines

    @property
    def sizes(self) -> tuple[str, ...]:
        """The cards of the axes."""
        sizes = (f"NAXIS{axis}".ljust(8) + f"= {size:20d}" for axis, size in enumerate(self.shape, 1))
        return (f"NAXIS   = {len(self.shape):20d}", *sizes)

    @cached_property
    def header(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The header as astropy presents it."""
        head = ("XTENSION= 'IMAGE   '", "BITPIX  =                    8", *self.sizes)
        return fits.Header.fromstring("".join(line.ljust(CARD) for line in (*head, *self.lines)))

    def cards(self) -> Cards:
        """Return the same as cards."""
        return Cards("".join(self.lines))

    @property
    def lookups(self) -> tuple[tuple[str, int], ...]:
        """Names and versions of the distortion tables that belong to the image."""
        return lookups_of(self.cards())


def coordinates_of(image: HDU) -> "Coordinates | HDU":
    """Return an image with the cards of its coordinates alone; as it is where only astropy can read it."""
    if image.place.kind not in ("image", "tiles"):
        return image
    text = image.place.raw.decode("ascii")
    lines = (text[at : at + CARD] for at in range(0, len(text), CARD))
    return Coordinates(image, tuple(line for line in lines if _KEPT.match(line)))


def world_alone(tables: Tables, image: Coordinates | HDU) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return what `world_of` does, at a tenth of its cost where only wcslib and SIP have a part in it."""
    cards = image.cards()
    if isinstance(image, Coordinates) and letters_of(cards) in ((), ("",)):
        units = {(cards.text(f"CUNIT{axis}") or "").lower() for axis in range(1, len(image.shape) + 1)}
        lines = tuple(line for line in image.lines if not SIP_CARD.match(line))
        bent = len(lines) < len(image.lines) or any(_TYPE_OF_SIP.match(line) for line in lines)
        sip = sip_of(cards) if bent and len(image.shape) == 2 else None  # noqa: PLR2004 - axes of the sky
        alone = (sip or not bent) and not any(_INVOLVED.match(line) for line in lines)
        if alone and not units & UNITS.keys():
            try:
                return _by_wcslib(image, lines, sip)
            except WCS_FAILURE:
                pass  # the other way has more patience, and words for what is wrong
    return world_of(tables, image)


def _by_wcslib(image: Coordinates, lines: Iterable[str], sip: Any) -> Any:  # noqa: ANN401 - astropy is not typed
    """Let wcslib alone read the cards, and astropy apply the polynomials of SIP."""
    header = "".join(line.ljust(CARD) for line in (*image.sizes, *lines)).encode("ascii")
    with quiet():
        parameters = Wcsprm(header=header, key=" ", relax=True)
        wcs = WCS(naxis=parameters.naxis)
        wcs.wcs = parameters
        wcs.sip = sip
        wcs.fix()
        wcs.wcs.set()
    return wcs


def _unit(line: str) -> str:
    """Return what a card of a unit says, in small letters."""
    return line[9:].partition("/")[0].strip(" '").lower()
