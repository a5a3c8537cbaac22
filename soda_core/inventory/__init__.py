"""Which datasets there are, where they lie, and what they cover."""

from .dataset import Dataset, publisher_did
from .errors import InventoryError
from .inventory import Inventory
from .scan import Scan, Work

__all__ = ["Dataset", "Inventory", "InventoryError", "Scan", "Work", "publisher_did"]
