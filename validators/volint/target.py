"""What is tested: the endpoints of a service, by the declarations that they follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .facts import declared

if TYPE_CHECKING:
    from .capabilities import Capability, Interface
    from .exchange import Exchange

__all__ = ["KINDS", "TAP", "Endpoint", "Target", "endpoints_of", "is_exact", "kind_of"]

KINDS = ("vosi", "dali", "soda", "sia2", "datalink", "uws", "scs")
"""The declarations whose endpoints are recognised, by the stem of their file."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address that follows a standard; `kind` is such as `soda.sync`."""

    kind: str
    url: str
    version: str = ""
    capability: Capability | None = None
    interface: Interface | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What the words of the caller led to; without `document` no capabilities were found."""

    given: str
    base: str
    endpoints: tuple[Endpoint, ...] = ()
    document: Exchange | None = None
    capabilities: tuple[Capability, ...] = ()

    def of(self, kind: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of one kind."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.kind == kind)

    def follows(self, standard: str) -> bool:
        """Tell whether any endpoint is of a standard."""
        return any(endpoint.kind.partition(".")[0] == standard for endpoint in self.endpoints)


@cache
def _known() -> dict[str, str]:
    """Return the kinds by identifier, in lower case and without the version."""
    return {
        _bare(endpoint.standard_id): f"{name}.{endpoint.name}"
        for name in KINDS
        for endpoint in reversed(declared(name).endpoints)
        if endpoint.standard_id
    }


def kind_of(standard_id: str) -> str:
    """Return the kind of endpoint that an identifier names, whatever its version; empty if none."""
    return _known().get(_bare(standard_id), "")


TAP = "ivo://ivoa.net/std/tap"
"""A service of TAP has its jobs in a place of its own below the address (TAP 1.1, 2)."""

OLDER = frozenset({"ivo://ivoa.net/std/vosi#tables"})
"""Identifiers of earlier versions that are told apart by more than their number (VOSI 1.1, 4)."""


def is_exact(standard_id: str) -> bool:
    """Tell whether an identifier is written as its standard has it, if of another minor version."""
    given = standard_id.lower()
    wanted = _identifiers().get(_bare(standard_id), given)
    if given == wanted or given in OLDER:
        return True
    versioned, major = f"{_bare(wanted)}-", wanted.rpartition("-")[2].partition(".")[0]
    return wanted.startswith(versioned) and bool(re.fullmatch(rf"{re.escape(versioned)}{major}\.\d+", given))


@cache
def _identifiers() -> dict[str, str]:
    """Return the identifiers of all endpoints, in lower case, by what they are without their version."""
    endpoints = (endpoint for name in KINDS for endpoint in declared(name).endpoints)
    return {_bare(each.standard_id): each.standard_id.lower() for each in endpoints if each.standard_id}


def endpoints_of(capabilities: tuple[Capability, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints that can be tested: of each capability the best interface, of TAP the jobs."""
    found = []
    for capability in capabilities:
        kind, best = kind_of(capability.standard_id), capability.best
        if kind and best is not None:
            found.append(Endpoint(kind, best.url, capability.version, capability, best))
        elif best is not None and _bare(capability.standard_id) == TAP:
            jobs = f"{best.url.rstrip('/?&')}/async"
            found.append(Endpoint("uws.jobs", jobs, "", capability, best))
    return tuple(found)


def _bare(standard_id: str) -> str:
    """Return an identifier without case and without the version at its end."""
    start, dash, end = standard_id.lower().rpartition("-")
    return start if dash and end[:1].isdigit() else standard_id.lower()
