"""VOTables: validity by the schema, after the rules that say more plainly what is wrong (VOTable 1.5, 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.check import rule
from volint.schema import invalid
from volint.scopes import VOTABLES
from volint.votable.passing import passed

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "valid",
]

OLD = {"1.1": ("votable-1.1",), "1.2": ("votable-1.2",)}

EARLIER = (
    *("VOT-3-02", "VOT-3-03", "VOT-3-05", "VOT-3.2-01", "VOT-3.2-02", "VOT-3.4-04", "VOT-3.5-03"),
    *(
        "VOT-3.8-01",
        "DALI-4.4-02",
        "VOT-4.1-05",
        "VOT-4.7-04",
        "VOT-4.9-01",
        "DALI-4.4-01",
        "VOT-5.2-01",
        "VOT-5.4-01",
        "DL-4.3-06",
    ),
)
"""Rules whose breach the schema sees too."""


@rule(
    "VOT-3-01",
    VOTABLES,
    also=["VOT-3.6-03", "VOT-4.1-01", "VOT-4.8-01", "VOT-4.2-01"],
    because=[
        "DL-2.1-01",
        *EARLIER,
    ],
)
def valid(document: Document) -> Faults:
    """The document is valid by the schema of its version."""
    told = document.root.get("version", "") if document.readable else ""
    yield from invalid(document, OLD.get(told, ("current", "votable-1.4", "votable-1.3")))
    if document.readable:
        yield from passed(document, "VOT-3-01")
