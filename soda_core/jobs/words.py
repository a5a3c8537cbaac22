"""What clients are told of failures, under the labels of the standard at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.dali import ServiceUnavailable, label_of

from .model import Failure

if TYPE_CHECKING:
    from soda_core.dali import DaliError

    from .model import Kind

__all__ = ["told"]


def told(service: str, error: DaliError, detail: str = "") -> Failure:
    """Return the failure of a job of *service*, the name of a declaration, as far as there is one."""
    labels = standards.load(service).labels if service in standards.available() else {}
    kind: Kind = "transient" if isinstance(error, ServiceUnavailable) else "fatal"
    return Failure(kind, f"{label_of(error, labels)}: {error}", detail)
