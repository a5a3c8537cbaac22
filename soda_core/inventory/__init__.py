"""Which datasets there are, where they lie, and what they cover."""

from .dataset import Dataset, publisher_did
from .inventory import Inventory
from .scan import Scan

__all__ = ["Dataset", "Inventory", "Scan", "publisher_did"]
