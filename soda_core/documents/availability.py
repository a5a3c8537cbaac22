"""VOSI availability (VOSI 1.1, 3.2)."""

from collections.abc import Sequence
from datetime import datetime

from ivoa_schemas.vosi_availability import Availability
from xsdata.models.datatype import XmlDateTime

__all__ = ["availability"]


def availability(troubles: Sequence[str], up_since: datetime) -> Availability:
    """Say that the service works, or which parts of it do not; *up_since* is UTC."""
    return Availability(
        available=not troubles,
        up_since=None if troubles else XmlDateTime.from_datetime(up_since.replace(microsecond=0)),
        note=list(troubles) or ["All parts of the service answer."],
    )
