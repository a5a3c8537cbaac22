"""Validate a service or a document from Python."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .discovery import discover, record_of, record_target
from .document import read_file
from .jobs import clear
from .manners import Credentials, Limits
from .profile import Profile
from .runner import run, run_document
from .service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from lxml import etree

    from .client import Client
    from .model import Outcome, Report

__all__ = ["Options", "validate"]


@dataclass(frozen=True)
class Options:
    """How to go about it: *write* allows to make jobs, *follow* tests the service that a record describes.

    *record* is a file with the registry record of an IVOID.
    """

    write: bool = False
    follow: bool = False
    record: Path | None = None
    profile: Profile = field(default_factory=Profile)
    limits: Limits = field(default_factory=Limits)
    who: Credentials = field(default_factory=Credentials)
    known: frozenset[tuple[str, str, str]] = frozenset()
    transport: httpx2.BaseTransport | None = None
    told: Callable[[Outcome], None] = lambda _: None


def validate(target: str, options: Options | None = None) -> Report:
    """Return what is found at *target*: an address of a service, the path of a document, or an IVOID."""
    chosen = options or Options()
    if target.lower().startswith("ivo://"):
        return _described(record_of(target, chosen.record), target, chosen)
    if "://" not in target:
        document = read_file(Path(target))
        if chosen.follow and document.kind in ("record", "capabilities"):
            return _described(document.root, target, chosen)
        return replace(run_document(document, chosen.told), known=chosen.known)
    with closing(_client(target, chosen)) as client:
        found = discover(target, client)
        return _run(Service(found, client, chosen.profile, write=chosen.write), chosen)


def _described(record: etree._Element, target: str, chosen: Options) -> Report:
    """Return what is found at the service that a record describes."""
    given = record_target(record, target)
    with closing(_client(given.endpoints[0].url, chosen)) as client:
        return _run(Service(given, client, chosen.profile, write=chosen.write), chosen)


def _client(url: str, options: Options) -> Client:
    """Open a client; a document in a file needs none."""
    from .client import Client  # noqa: PLC0415 - slow to import

    return Client(url, options.limits, options.who, options.transport)


def _run(service: Service, options: Options) -> Report:
    """Try everything, and delete the jobs that were made, whatever happened."""
    try:
        return replace(run(service, options.told), known=options.known)
    finally:
        clear(service)
