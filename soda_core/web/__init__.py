"""The service on the web: Starlette routes made from the registry."""

from .app import application, create

__all__ = ["application", "create"]
