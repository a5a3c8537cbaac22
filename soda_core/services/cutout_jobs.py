"""SODA in jobs: what may be asked for, and the job list that it is asked of (SODA 1.0, 2.2 and 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.dali import DaliError, MissingParameter, UsageError
from soda_core.registry import Request

from . import combinations, targets
from .forecast import expected_end, expected_seconds, expected_wait, seconds_of_list
from .uploads import uploaded
from .uws import JobList

if TYPE_CHECKING:
    from .archive import Archive
    from .desk import Desk
    from .uws import Pairs, Values

__all__ = ["MOST", "WORK", "cutout_jobs"]

WORK = "soda_core.services.cutout_job:open_work"
"""What the engine runs."""

MOST = 200_000
"""Cutouts of one job."""


def cutout_jobs(archive: Archive, desk: Desk) -> JobList:
    """Return the list of the jobs of cutouts from *archive*."""
    soda = standards.load("soda")
    endpoint = soda.endpoint("async")

    def check(values: Values) -> None:
        """Refuse what cannot become a cutout, before a worker is bothered with it."""
        targets.check(soda, values)
        if not (values.get("ID") or values.get("UPLOAD")):
            raise MissingParameter("ID")
        total = combinations.count(soda, values)
        if total > MOST:
            raise UsageError(f"the request asks for {total} cutouts: expected at most {MOST} in one job")
        Request(soda, endpoint, values).format()

    def foresee(pairs: Pairs, job_id: str) -> datetime | None:
        """Tell when a job ends that is queued now, after those before it."""
        try:
            request = combinations.read(soda, endpoint, pairs)
            if request.values.get("UPLOAD"):
                with uploaded(desk.results, job_id, request) as table:
                    seconds = seconds_of_list(table) if table else 0.0
            else:
                seconds = expected_seconds(archive, request, combinations.count(soda, request.values))
        except DaliError:
            return None
        return datetime.now(UTC) + timedelta(seconds=expected_wait(seconds, desk.store.traffic()))

    return JobList(desk, soda, endpoint, check, foresee, expected_end)
