"""All faults."""

from __future__ import annotations

from . import of_jobs, of_links, of_query, of_soda, of_tables, of_vosi

__all__ = ["CATALOGUE"]

CATALOGUE = (
    *of_vosi.FAULTS,
    *of_soda.FAULTS,
    *of_links.FAULTS,
    *of_query.FAULTS,
    *of_jobs.FAULTS,
    *of_tables.FAULTS,
)
