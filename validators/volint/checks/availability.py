"""Availability: listed, readable, plausible (VOSI 1.1, 3.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from volint.check import rule
from volint.model import Fault
from volint.schema import invalid
from volint.scopes import AVAILABILITY, SERVICE
from volint.xml import children, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document
    from volint.service import Service

__all__ = ["offered", "planned", "plausible", "root", "state", "valid"]

NAMESPACE = "http://www.ivoa.net/xml/VOSIAvailability/v1.0"
WORDS = ("true", "false", "1", "0")


@rule(
    "VOSI-3.2-01",
    SERVICE,
    also=["VOSI-3.2-08", "VOSI-2-01", "DALI-2-06", "SODA-2-03", "SIA2-2-03", "VOSI12-03"],
    because=["VOSI-3.1-09", "VOSI-3.1-01", "VOSI-3.1-02", "VOSI-4-02", "DALI-2-05", "VOSI-2-04"],
)
def offered(service: Service) -> Faults:
    """Availability is listed and answers; newer texts no longer demand that it is there."""
    if service.target.document is None:
        return
    places = service.resources("vosi.availability")
    if not places:
        yield Fault("no capability is of VOSI availability", service.target.document, "warning")
    for place in places:
        answer = place.get()
        if answer.status != 200:  # noqa: PLR2004 - the one status of success
            yield answer.fault(f"availability answers {answer.status}")


@rule("VOSI-3.2-02", AVAILABILITY)
def root(document: Document) -> Faults:
    """The root is `availability` in the namespace of VOSI."""
    if document.name != (NAMESPACE, "availability"):
        yield document.fault(
            f"the root is {document.name}, expected {(NAMESPACE, 'availability')}", document.root
        )


@rule("VOSI-3.2-03", AVAILABILITY)
def state(document: Document) -> Faults:
    """It says once, as a boolean, whether the service works."""
    found = [words(node.text) for node in children(document.root, "available")]
    if len(found) != 1 or found[0] not in WORDS:
        yield document.fault(f"the values of available are {found}, expected one of {', '.join(WORDS)}")


@rule("VOSI-3.2-05", AVAILABILITY, also=["VOSI-3.2-04"], because=["VOSI-3.2-02", "VOSI-3.2-03"])
def valid(document: Document) -> Faults:
    """The document is valid by the schema of availability."""
    yield from invalid(document, ("current",))


@rule("VOSI-3.2-09", AVAILABILITY, because=["VOSI-3.2-05"])
def plausible(document: Document) -> Faults:
    """It is up since a moment that has passed, and goes down before it comes back."""
    times = {name: _time(document, name) for name in ("upSince", "downAt", "backAt")}
    up, down, back = times["upSince"], times["downAt"], times["backAt"]
    if up and up > datetime.now(UTC):
        yield document.fault(f"upSince {up.isoformat()} is in the future")
    if down and back and down >= back:
        yield document.fault(f"downAt {down.isoformat()} is not before backAt {back.isoformat()}")


@rule("VOSI-3.2-07", AVAILABILITY, level="info", because=["VOSI-3.2-05"])
def planned(document: Document) -> Faults:
    """A service in its declared downtime does not say that it works."""
    down, back = _time(document, "downAt"), _time(document, "backAt")
    says = [words(node.text) in ("true", "1") for node in children(document.root, "available")]
    if down and down <= datetime.now(UTC) and (not back or datetime.now(UTC) < back) and any(says):
        yield document.fault("it says that it works, within the downtime that it declares")


def _time(document: Document, name: str) -> datetime | None:
    """Return an instant of the document; None where it is absent or is none."""
    for node in children(document.root, name):
        try:
            found = datetime.fromisoformat(words(node.text))
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
