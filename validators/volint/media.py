"""Media types, read in full: case, blanks, quotes and further parameters do not matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VOTABLE", "MediaType"]

VOTABLE = frozenset({"application/x-votable+xml", "text/xml", "application/xml"})
"""The essences under which VOTables are seen."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """Type and subtype in lower case, and the parameters."""

    essence: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> MediaType:
        """Read a header value; an empty or broken one has an empty essence."""
        if "/" not in text:
            return cls()
        message = Message()
        message["content-type"] = text
        pairs = message.get_params(failobj=[])[1:]
        return cls(message.get_content_type(), {name.lower(): value for name, value in pairs})

    @property
    def is_text(self) -> bool:
        """Whether a person could read the body."""
        return self.essence.startswith("text/") or self.essence.endswith(("xml", "json"))

    @property
    def is_votable(self) -> bool:
        """Whether a VOTable may come under this name."""
        return self.essence in VOTABLE

    @property
    def is_datalink(self) -> bool:
        """Whether it announces a table of links (DataLink 1.1, 3.3)."""
        return self.essence == "application/x-votable+xml" and self.parameters.get("content") == "datalink"
