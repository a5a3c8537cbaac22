"""What volint says of the reference service and of documents, with a fault and without."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

from volint.checks import all_checks
from volint.manners import Limits
from volint.validation import Options, validate

from .holdings import BASE
from .transport import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.model import Report

    from .transport import Fault

__all__ = ["judged", "judged_document", "names_of"]

FAST = Limits(rate=1e9)


def judged(fault: Fault | None = None) -> Report:
    """Return what is said of the service; nobody waits in earnest for what only takes time."""
    target = fault.target if fault else BASE
    options = Options(write=True, limits=FAST, transport=Wire(fault))
    if fault is not None and fault.who is not None:
        options = Options(write=True, limits=FAST, transport=Wire(fault), who=fault.who)
    with hurried():
        return validate(target, options)


def judged_document(content: bytes) -> Report:
    """Return what is said of a document in a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "document.xml")
        path.write_bytes(content)
        return validate(str(path))


def names_of(code: str) -> frozenset[str]:
    """Return under which codes a breach of a rule is told: its own, or those of checks that cover it too."""
    known = {check.code for check in all_checks()}
    if code in known:
        return frozenset({code})
    return frozenset(check.code for check in all_checks() if code in check.codes)


@contextmanager
def hurried() -> Iterator[None]:
    """Let the clock go on by what is slept, and wake at once: there is no socket that time could pass at."""
    begun, slept = time.monotonic, [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds

    with patch.object(time, "sleep", sleep), patch.object(time, "monotonic", lambda: begun() + slept[0]):
        yield
