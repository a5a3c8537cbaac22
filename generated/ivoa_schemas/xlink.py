# Made from xsd/xlink/xlink-ivoa.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from enum import Enum

__NAMESPACE__ = "http://www.w3.org/1999/xlink"


class TypeValue(Enum):
    SIMPLE = "simple"
    EXTENDED = "extended"
    LOCATOR = "locator"
    ARC = "arc"
    RESOURCE = "resource"
    TITLE = "title"
