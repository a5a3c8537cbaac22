"""The service on the web: Starlette routes made from the registry."""

from .app import application, create
from .waiting import LEAVING

__all__ = ["LEAVING", "application", "create"]
