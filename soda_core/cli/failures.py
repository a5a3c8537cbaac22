"""The errors whose text is all that a person needs."""

from soda_core.cutout import NothingSelected
from soda_core.dali import DaliError
from soda_core.documents import CatalogError
from soda_core.inventory import InventoryError
from soda_core.jobs import JobStoreError
from soda_core.settings import SettingsError
from soda_core.standards import SpecError

from .console import Stop

__all__ = ["OURS"]

OURS = (
    DaliError,
    NothingSelected,
    SettingsError,
    CatalogError,
    SpecError,
    InventoryError,
    JobStoreError,
    Stop,
)
