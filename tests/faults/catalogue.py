"""All faults: of services, and of documents in files."""

from __future__ import annotations

from . import (
    of_cone,
    of_cutouts,
    of_documents,
    of_filters,
    of_jobs,
    of_links,
    of_listings,
    of_manners,
    of_offers,
    of_parts,
    of_query,
    of_records,
    of_soda,
    of_tables,
    of_vosi,
)

__all__ = ["CATALOGUE", "DOCUMENTS"]

MODULES = (
    *(of_vosi, of_listings, of_soda, of_cutouts, of_links, of_offers, of_query, of_filters),
    *(of_jobs, of_parts, of_tables, of_cone, of_manners),
)

CATALOGUE = tuple(fault for module in MODULES for fault in module.FAULTS)
"""Faults of the traffic with a service."""

DOCUMENTS = {**of_documents.BROKEN, **of_records.BROKEN}
"""Documents with a fault: the rule, and the text."""
