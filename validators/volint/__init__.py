"""Conformance checks for Virtual Observatory services and documents."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["Finding", "Options", "Report", "validate"]

HOMES = {"Finding": "model", "Options": "validation", "Report": "model", "validate": "validation"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - functions and classes
    """Load what is asked for: an HTTP client and a reader of XML are slow to import."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"volint.{HOMES[name]}"), name)
