"""Instants as DALI writes them (DALI 1.1, 3.3.3)."""

import re
from datetime import UTC, datetime

from .errors import BadValue

__all__ = ["TIMESTAMP", "read_timestamp"]

TIMESTAMP = r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?)?"
EXPECTED = "an instant in UTC: YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, perhaps with a fraction and Z"
_TIMESTAMP = re.compile(TIMESTAMP, re.ASCII)


def read_timestamp(name: str, text: str) -> datetime:
    """Read a date, or a date and time, in UTC; digits beyond the microsecond are dropped."""
    if not _TIMESTAMP.fullmatch(text):
        raise BadValue(name, text, EXPECTED)
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.fromisoformat(whole).replace(tzinfo=UTC)
    except ValueError:
        raise BadValue(name, text, EXPECTED) from None
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))
