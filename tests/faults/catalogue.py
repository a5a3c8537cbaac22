"""All faults."""

from __future__ import annotations

from . import of_cone, of_jobs, of_links, of_manners, of_query, of_soda, of_tables, of_vosi

__all__ = ["CATALOGUE"]

CATALOGUE = tuple(
    fault
    for module in (of_vosi, of_soda, of_links, of_query, of_jobs, of_tables, of_cone, of_manners)
    for fault in module.FAULTS
)
