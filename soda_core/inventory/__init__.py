"""Which datasets there are, where they lie, and what they cover."""

from .dataset import Dataset, publisher_did
from .errors import InventoryError
from .inventory import Inventory
from .scan import Scan, Work, is_candidate

__all__ = ["Dataset", "Inventory", "InventoryError", "Scan", "Work", "is_candidate", "publisher_did"]
