# Made from xsd/ by `nox -s generate`; do not edit.
"""Dataclasses of the IVOA schemas; all are imported, so that each xsi:type is known in parsing."""

from . import (
    conesearch,
    sia,
    slap,
    ssa,
    standardsregext,
    stc_stub,
    tapregext,
    uws,
    vodataservice,
    voresource,
    vosi_availability,
    vosi_capabilities,
    vosi_tables,
    votable,
    xlink,
)

__all__ = [
    "conesearch",
    "sia",
    "slap",
    "ssa",
    "standardsregext",
    "stc_stub",
    "tapregext",
    "uws",
    "vodataservice",
    "voresource",
    "vosi_availability",
    "vosi_capabilities",
    "vosi_tables",
    "votable",
    "xlink",
]
