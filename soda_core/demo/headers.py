"""The header cards that the made images share."""

from datetime import UTC, datetime, timedelta
from typing import Final

from astropy.io import fits

from soda_core.demo.band import Band

__all__ = ["NIGHT", "band_cards", "mjd", "origin_cards", "primary", "time_cards"]

NIGHT: Final = datetime(2017, 5, 17, 1, 0, tzinfo=UTC)

_MJD_ZERO: Final = datetime(1858, 11, 17, tzinfo=UTC)


def mjd(moment: datetime) -> float:
    """Return *moment* as a Modified Julian Date, UTC."""
    return (moment - _MJD_ZERO) / timedelta(days=1)


def _text(moment: datetime) -> str:
    """Write *moment* the way FITS does: UTC without a zone."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def origin_cards(*, telescope: str, instrument: str, target: str) -> fits.Header:
    """Return the cards that say who looked at what."""
    return fits.Header(
        [
            ("ORIGIN", "Sodalite demo archive", "made data, no real observation"),
            ("TELESCOP", telescope, "telescope (imaginary)"),
            ("INSTRUME", instrument, "instrument (imaginary)"),
            ("OBJECT", target, "target of the observation"),
        ]
    )


def time_cards(start: datetime, seconds: float) -> fits.Header:
    """Return the cards of an exposure that began at *start* and took *seconds*."""
    end = start + timedelta(seconds=seconds)
    return fits.Header(
        [
            ("TIMESYS", "UTC", "time scale of the dates"),
            ("DATE-OBS", _text(start), "start of the exposure"),
            ("DATE-BEG", _text(start), "start of the exposure"),
            ("DATE-END", _text(end), "end of the exposure"),
            ("MJD-OBS", mjd(start), "[d] start of the exposure"),
            ("MJD-BEG", mjd(start), "[d] start of the exposure"),
            ("MJD-END", mjd(end), "[d] end of the exposure"),
            ("EXPTIME", seconds, "[s] exposure time"),
        ]
    )


def band_cards(band: Band) -> fits.Header:
    """Return the cards of a filter, its edges as the ESO science data products give them."""
    return fits.Header(
        [
            ("FILTER", band.name, "filter name"),
            ("WAVELMIN", band.low, "[nm] short edge of the band"),
            ("WAVELMAX", band.high, "[nm] long edge of the band"),
        ]
    )


def primary(*parts: fits.Header) -> fits.Header:
    """Return one header of the cards of all *parts*, in their order."""
    return fits.Header([card for part in parts for card in part.cards])
