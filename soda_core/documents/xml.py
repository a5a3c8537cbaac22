"""Documents as XML text."""

from soda_core.xml import PREFIXES, serialize

__all__ = ["PREFIXES", "serialize"]
