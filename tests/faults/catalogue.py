"""All faults: of services, and of documents in files."""

from __future__ import annotations

from . import of_cone, of_documents, of_further, of_jobs, of_links, of_manners, of_query, of_soda, of_tables, of_vosi

__all__ = ["CATALOGUE", "DOCUMENTS"]

CATALOGUE = tuple(
    fault
    for module in (of_vosi, of_soda, of_links, of_query, of_jobs, of_tables, of_cone, of_manners, of_further)
    for fault in module.FAULTS
)
"""Faults of the traffic with a service."""

DOCUMENTS = {**of_documents.BROKEN}
"""Documents with a fault: the rule, and the text."""
