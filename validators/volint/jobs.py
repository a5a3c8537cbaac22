"""Jobs that a run makes, and deletes in the end."""

from __future__ import annotations

import re
import time
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from .exchange import Request
from .facts import declared
from .manners import NoAnswer
from .model import Skip
from .service import joined
from .subjects import ABSENT
from .target import TAP
from .xml import local, words

if TYPE_CHECKING:
    from soda_core import standards

    from .exchange import Exchange, Pairs
    from .service import Resource, Service

__all__ = ["INSTANT", "PART", "SMALL", "Desk", "Job", "clear"]

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LONGEST = 60.0
"""Seconds that a small job may take."""

QUERY = "SELECT TOP 1 table_name FROM TAP_SCHEMA.tables"
"""What any service of TAP can answer (TAP 1.1, 4)."""

UPLOAD, PART = "UPLOAD", "volint"
SMALL = (
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE><TABLE>'
    '<FIELD name="n" datatype="int"/><DATA><TABLEDATA><TR><TD>1</TD></TR></TABLEDATA></DATA>'
    "</TABLE></RESOURCE></VOTABLE>"
)
"""A table to upload."""

XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


class Job:
    """One job: what was asked and answered, the phases that were `seen`, and what it is now."""

    def __init__(self, place: Resource, asked: Pairs, files: Pairs = ()) -> None:
        self.place = place
        self.asked = asked
        self.made = place.upload(*asked, files=files) if files else place.post(*asked, follow=False)
        self.started: Exchange | None = None
        self.waited = 0.0
        self.seen: list[str] = []
        location = self.made.headers.get("location", "")
        self.url = urljoin(place.url, location).rstrip("/") if location else ""
        self.first_phase = self.phase if self.url else ""

    @property
    def standard(self) -> standards.Standard:
        """The declaration of jobs."""
        return declared("uws")

    def document(self, *pairs: tuple[str, str]) -> Exchange:
        """Return the document as it is now."""
        return self._send(Request(joined(self.url, pairs)))

    def part(self, name: str) -> Exchange:
        """Return a part as it is now."""
        return self._send(Request(f"{self.url}/{name}"))

    def post(self, name: str, *pairs: tuple[str, str]) -> Exchange:
        """Send a form to a part, or to the job itself, and do not go where the answer points to."""
        return self._send(Request(f"{self.url}/{name}".rstrip("/"), "POST", pairs), follow=False)

    def delete(self, name: str = "") -> Exchange:
        """Delete the job, or try to delete a part."""
        return self._send(Request(f"{self.url}/{name}".rstrip("/"), "DELETE"), follow=False)

    @property
    def ended(self) -> bool:
        """Whether the phase is one that a job does not leave."""
        return self.phase in [phase.name for phase in self.standard.phases if phase.terminal]

    @property
    def phase(self) -> str:
        """The phase as it is now, from the document of the job."""
        answer = self.document()
        if not answer.is_xml:
            return ""
        found = next((words(node.text) for node in answer.root if local(node) == "phase"), "")
        if found and found not in self.seen[-1:]:
            self.seen.append(found)
        return found

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters as they are now, by their names in upper case."""
        found: dict[str, list[str]] = {}
        for node in self.document().root.iter("{*}parameter"):
            found.setdefault((node.get("id") or "").upper(), []).append(words(node.text))
        return found

    @property
    def results(self) -> list[tuple[str, str]]:
        """Names and addresses of the results."""
        nodes = self.part("results").root.iter("{*}result")
        return [
            (node.get("id", ""), urljoin(f"{self.url}/results", node.get(XLINK_HREF, ""))) for node in nodes
        ]

    def run(self) -> None:
        """Start the job and wait until it ends, or for as long as a small job may take."""
        self.started = self.post("phase", ("PHASE", "RUN"))
        begun = time.monotonic()
        while not self.ended and self.waited < LONGEST:
            if self.phase == "HELD":  # the word to run is to be said again
                self.post("phase", ("PHASE", "RUN"))
            time.sleep(min(0.1 + self.waited / 10, 2))
            self.waited = time.monotonic() - begun

    def wait(self, seconds: float) -> None:
        """Wait until the job has left PENDING, or for so long."""
        begun = time.monotonic()
        while self.phase == "PENDING" and time.monotonic() - begun < seconds:
            time.sleep(0.2)

    def _send(self, request: Request, *, follow: bool = True) -> Exchange:
        if not self.url:
            raise Skip("the job has no address")
        return self.place.service.client.send(request, follow=follow, fresh=True)


class Desk:
    """The jobs of one endpoint."""

    _desks: ClassVar[WeakKeyDictionary[Service, dict[str, Desk]]] = WeakKeyDictionary()

    def __init__(self, place: Resource) -> None:
        self.place = place
        self.jobs: list[Job] = []

    @classmethod
    def at(cls, place: Resource) -> Desk:
        """Return the one desk of an endpoint; without leave to write there is none."""
        if not place.service.write:
            raise Skip("jobs are made with --write alone")
        desks = cls._desks.setdefault(place.service, {})
        return desks.setdefault(place.url, cls(place))

    @classmethod
    def of(cls, service: Service) -> list[Desk]:
        """Return the desks of a service."""
        return list(cls._desks.get(service, {}).values())

    def make(self, *pairs: tuple[str, str], files: Pairs = ()) -> Job:
        """Make a job and remember it."""
        job = Job(self.place, pairs, files)
        self.jobs.append(job)
        return job

    def with_upload(self, *values: str) -> Job:
        """Make a job with a small table, if the service says that it takes uploads."""
        interface = self.place.endpoint.interface
        if interface is None or UPLOAD not in [name.upper() for name in interface.parameters]:
            raise Skip(f"{UPLOAD} is not among the parameters that the service declares")
        return self.make(*self._asked(), *((UPLOAD, value) for value in values), files=((PART, SMALL),))

    @cached_property
    def uploaded(self) -> Job:
        """A job with a table that came in the request."""
        return self.with_upload(f"{PART},param:{PART}")

    def fresh(self, *more: tuple[str, str]) -> Job:
        """Make a job that any service must be able to do."""
        return self.make(*self._asked(), *more)

    def _asked(self) -> Pairs:
        capability = self.place.endpoint.capability
        if capability is not None and capability.key.partition("#")[0] == TAP:
            return ("LANG", "ADQL"), ("QUERY", QUERY)
        if not self.place.kind.startswith("soda."):
            raise Skip("it is not known what a job of this service does")
        dataset = self.place.service.subjects.first
        return ("ID", dataset.did), ("CIRCLE", dataset.circle(0.25))

    def needs_cutouts(self) -> None:
        """Pass over jobs of another kind than those of SODA."""
        if not self.place.kind.startswith("soda."):
            raise Skip("its jobs are no cutouts")

    @cached_property
    def first(self) -> Job:
        """A job that is only looked at."""
        return self.fresh()

    @cached_property
    def ran(self) -> Job:
        """A job that was started and has ended."""
        job = self.fresh()
        job.run()
        return job

    @cached_property
    def broken(self) -> Job:
        """A job that cannot be done, after its end."""
        job = self.make(("ID", ABSENT))
        if job.url:
            job.run()
        return job

    @cached_property
    def both(self) -> Job:
        """A job of two circles, one without any data, after its end."""
        self.needs_cutouts()
        dataset = self.place.service.subjects.first
        circles = (dataset.circle(0.25), dataset.elsewhere)
        job = self.make(("ID", dataset.did), *(("CIRCLE", circle) for circle in circles))
        if job.url and not job.made.refused:
            job.run()
        return job


def clear(service: Service) -> None:
    """Delete all jobs that were made; one that will not go is left to its time of destruction."""
    for job in (job for desk in Desk.of(service) for job in desk.jobs if job.url):
        try:
            job.delete()
        except NoAnswer:
            continue
