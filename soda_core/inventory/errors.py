"""What can keep the inventory from working."""

__all__ = ["InventoryError"]


class InventoryError(Exception):
    """The database of the inventory cannot be opened or written; the text is for who runs the service."""
