"""Which datasets there are, where they lie, and what they cover."""

from .catalogue import Catalogue, open_catalogue
from .dataset import Dataset, publisher_did
from .errors import InventoryError
from .inventory import Inventory
from .scan import Scan, Work, is_candidate

__all__ = [
    "Catalogue",
    "Dataset",
    "Inventory",
    "InventoryError",
    "Scan",
    "Work",
    "is_candidate",
    "open_catalogue",
    "publisher_did",
]
