"""UWS: the resources of a job list and of its jobs (UWS 1.1, 2.2), for whatever the jobs do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from soda_core import documents
from soda_core.dali import AuthorizationError, BadValue, NotFoundError, ServiceUnavailable, UsageError, shown
from soda_core.documents import instant, serialize
from soda_core.jobs import ACTIVE, Job
from soda_core.jobs.phases import ABORTED, QUEUED, sources
from soda_core.registry import Answer, Document, Elsewhere, Later, Page, Request, Stream, parse, texts
from soda_core.storage import WholeFile

from .package import made, presented, tag_of
from .uploads import brought, file_of, forget, keep, size_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from soda_core.jobs import Result
    from soda_core.registry import Body, ByMethod, Handler
    from soda_core.standards import Endpoint, Standard

    from .desk import Desk
    from .uploads import Brought

__all__ = ["Check", "Forecast", "Foresight", "JobList", "Pairs", "Values"]

XML, TEXT, BYTES = "text/xml", "text/plain", "application/octet-stream"
FOREVER = 60
"""Seconds after which even a client that waits without limit gets an answer (UWS 1.1, 2.2.1.2)."""

MOST_SECONDS = 2**31 - 1
"""The largest executionDuration that the schema can tell."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]
Values: TypeAlias = Mapping[str, tuple[object, ...]]
Check: TypeAlias = Callable[[Values], None]
"""Raises a `DaliError` if a job with these parameters cannot be run."""

Foresight: TypeAlias = Callable[[Pairs, str], datetime | None]
"""Tells when a job with these parameters, and this id if it has one, should end if it is queued now."""

Forecast: TypeAlias = Callable[[Job], datetime | None]
"""Tells when a job is expected to end, as it looks now."""


@dataclass(frozen=True, slots=True)
class JobList:
    """The jobs of one endpoint of a *standard*, which declares their parameters."""

    desk: Desk
    standard: Standard
    endpoint: Endpoint
    check: Check
    foresee: Foresight
    forecast: Forecast

    @property
    def service(self) -> str:
        """The name of the list in the store."""
        return self.standard.name.lower()

    def handlers(self) -> Mapping[str, Handler | ByMethod]:
        """Return the handlers of the declared endpoints, that of creation left out."""
        return {
            "jobs": {"GET": self.listed},
            "job": {"GET": self.shown, "POST": self.act, "DELETE": self.delete},
            "phase": {"GET": self._atom(lambda job: job.phase), "POST": self.control},
            "executionduration": {"GET": self._atom(lambda job: str(job.duration)), "POST": self.limit},
            "destruction": {"GET": self._atom(lambda job: instant(job.destruction)), "POST": self.keep},
            "error": {"GET": self.error},
            "quote": {"GET": self._atom(lambda job: instant(self._quoted(job).quote))},
            "owner": {"GET": self._atom(lambda job: job.owner or "")},
            "parameters": {"GET": self.parameters, "POST": self.add},
            "parameter": {"GET": self.parameter},
            "results": {"GET": self.results},
            "result": {"GET": self.result},
        }

    def create(self, request: Request) -> Answer:
        """Take a job in, and with PHASE=RUN into the queue (UWS 1.1, 2.2.3.1)."""
        sent = texts(self.standard, self.endpoint, request.sent)
        pairs, files = brought(self.standard, sent, request.files)
        run = _control(request) == "RUN"
        if run:
            self._check(pairs)
        at_once = run and not files
        job = self.desk.store.create(
            self.service,
            pairs,
            owner=request.caller.identity,
            run_id=request.optional("RUNID", str),
            duration=_duration(request),
            destruction=request.optional("DESTRUCTION", datetime),
            run=at_once,
            quote=self.foresee(pairs, "") if at_once else None,
        )
        if files:
            self._fill(job, files)
        if at_once:
            self.desk.engine.submit(job.id)
        elif run:
            self._run(job)
        return self._to(request, job)

    def listed(self, request: Request) -> Answer:
        """List the jobs of the caller, the latest first (UWS 1.1, 2.2.2.1)."""
        last = request.optional("LAST", int)
        if last == 0:
            raise BadValue("LAST", "0", "a number above 0")
        found = self.desk.store.list(
            service=self.service,
            owner=request.caller.identity,
            phases=request.all("PHASE", str),
            after=request.optional("AFTER", datetime),
            last=last,
        )
        address = self._address(request)
        if request.caller.wants_page:
            return Page("jobs.html", {"jobs": found, "address": address, "instant": instant})
        return Document(serialize(documents.jobs(found, address)), XML)

    def shown(self, request: Request) -> Answer:
        """Tell about a job, with WAIT once its phase has changed (UWS 1.1, 2.2.1.2)."""
        job = self._job(request)
        asked = request.all("PHASE", str)
        seconds = _patience(request)
        if not seconds or job.phase not in ACTIVE or (asked and job.phase not in asked):
            return self._show(request, job)
        return self._wait(request, job, time.monotonic() + seconds)

    def act(self, request: Request) -> Answer:
        """Delete the job on ACTION=DELETE; there is nothing else to post here (DALI 1.1, 2.1)."""
        if request.optional("ACTION", str) is None:
            raise UsageError("a job takes ACTION=DELETE here; its parameters go to …/parameters")
        return self.delete(request)

    def delete(self, request: Request) -> Answer:
        """Forget a job and its results (UWS 1.1, 2.2.3.2)."""
        self.desk.store.destroy(self._job(request).id)
        return Elsewhere(self._address(request))

    def control(self, request: Request) -> Answer:
        """Run or abort a job (UWS 1.1, 2.2.3.5, 2.2.3.6)."""
        job = self._job(request)
        request.only("CONTROL", str)
        if _control(request) == "ABORT":
            return self._to(request, self.desk.store.abort(job.id))
        self._check(job.parameters)
        self._run(job)
        return self._to(request, job)

    def limit(self, request: Request) -> Answer:
        """Set how long a job may run (UWS 1.1, 2.2.3.4)."""
        job = self._job(request)
        seconds = _duration(request)
        if seconds is None:
            request.only("EXECUTIONDURATION", int)
        return self._to(request, self.desk.store.set_duration(job.id, seconds or 0))

    def keep(self, request: Request) -> Answer:
        """Set until when a job is kept (UWS 1.1, 2.2.3.3)."""
        moment = request.only("DESTRUCTION", datetime)
        return self._to(request, self.desk.store.set_destruction(self._job(request).id, moment))

    def add(self, request: Request) -> Answer:
        """Give a pending job parameters; what it has of the same names is replaced (UWS 1.1, 2.1.11)."""
        job = self._job(request)
        parse(self.standard, self.endpoint, request.sent)
        sent = texts(self.standard, self.endpoint, request.sent)
        added, files = brought(self.standard, sent, request.files)
        if not added:
            raise UsageError("there is no parameter of this service in the request")
        names = {name for name, _ in added}
        kept = tuple(pair for pair in job.parameters if pair[0] not in names)
        self._keep(job, files)
        try:
            return self._to(request, self.desk.store.set_parameters(job.id, (*kept, *added)))
        finally:
            if files:
                pairs = self.desk.store.get(job.id).parameters
                forget(self.desk.results, job.id, self.standard, pairs)

    def error(self, request: Request) -> Answer:
        """Tell why a job failed; only a failed one has this (DALI 1.1, 4.2)."""
        job = self._job(request)
        if job.failure is None:
            raise NotFoundError(f"this job has no error, it is {job.phase}")
        return _text("\n".join(filter(None, (job.failure.message, job.failure.detail))) + "\n")

    def parameters(self, request: Request) -> Answer:
        """List the parameters of a job."""
        job = self._job(request)
        return Document(serialize(documents.parameters(job, self._address(request, job))), XML)

    def parameter(self, request: Request) -> Answer:
        """Give the values of one parameter, a line each, or the file that it names."""
        name = request.only("parameter", str)
        job = self._job(request)
        pairs = [pair for pair in job.parameters if pair[0].lower() == name.lower()]
        if not pairs:
            raise NotFoundError(f"this job has no parameter {shown(name)}")
        values = [text for _, text in pairs]
        if file := file_of(self.desk.results, job.id, self.standard, pairs[0]):
            return Stream(WholeFile(file, tag_of(f"{job.id} {values[0]}")), BYTES, pairs[0][0].lower())
        return _text("\n".join(values))

    def results(self, request: Request) -> Answer:
        """List the results of a job."""
        job = self._job(request)
        return Document(serialize(documents.results(job, self._address(request, job))), XML)

    def result(self, request: Request) -> Answer:
        """Give one result; its headers are ours to tell, as a signed address is good for GET alone."""
        name = request.only("result", str)
        job = self._stored(request)
        for entry in presented(self.desk.results, job).results:
            if entry.id != name:
                continue
            stored = entry.key and not request.caller.wants_headers
            if address := stored and self.desk.results.signed(entry.key):
                return Elsewhere(address)
            return Stream(self._body(job, entry), entry.media_type, name)
        raise NotFoundError(f"this job has no result {shown(name)}")

    def _body(self, job: Job, result: Result) -> Body:
        """Return the bytes of a result; what has no key is made of the others."""
        store = self.desk.results
        if not result.key:
            return made(store, job, result)
        return WholeFile(store.open(result.key), tag_of(result.key))

    def _job(self, request: Request) -> Job:
        """Return the job that is asked for, with the results that clients see."""
        return presented(self.desk.results, self._stored(request))

    def _stored(self, request: Request) -> Job:
        """Return the job that is asked for, if it belongs to this list and to the caller."""
        name = request.only("job-id", str)
        job = self.desk.store.get(name)
        if job.service != self.service:
            raise NotFoundError(f"there is no job {shown(name)}")
        if job.owner is not None and job.owner != request.caller.identity:
            raise AuthorizationError("this job belongs to somebody else")
        return job

    def _fill(self, job: Job, files: Brought) -> None:
        """Store the files of a new job before it may be run; without them there is no job."""
        try:
            self._keep(job, files)
        except ServiceUnavailable:
            self.desk.store.destroy(job.id)
            raise

    def _keep(self, job: Job, files: Brought) -> None:
        """Store files that came with a request, if their owner has room for them."""
        if files:
            self.desk.store.set_upload(job.id, sum(map(size_of, files.values())))
            keep(self.desk.results, job.id, files)

    def _run(self, job: Job) -> None:
        """Queue a job, say when it should end, and let the engine know of it."""
        self.desk.store.run(job.id, quote=self.foresee(job.parameters, job.id))
        self.desk.engine.submit(job.id)

    def _check(self, pairs: Pairs) -> None:
        """Raise if a job with these parameters cannot be run."""
        self.check(parse(self.standard, self.endpoint, pairs))

    def _wait(self, request: Request, job: Job, end: float) -> Later:
        """Return what is answered once the phase of *job* is another, or at *end* of the monotonic clock."""

        def answer() -> Answer:
            now = self._job(request)
            if now.phase == job.phase and time.monotonic() < end:
                return self._wait(request, now, end)
            return self._show(request, now)

        def news() -> Future[None]:
            return self.desk.store.moved(job.id, job.phase)

        return Later(news, max(0.0, end - time.monotonic()), answer, lambda: self._show(request, job))

    def _show(self, request: Request, job: Job) -> Answer:
        job = self._quoted(job)
        address = self._address(request, job)
        if request.caller.wants_page:
            content = {"job": job, "address": address, "instant": instant, "controls": _controls(job)}
            return Page("job.html", content)
        return Document(serialize(documents.job(job, address)), XML)

    def _quoted(self, job: Job) -> Job:
        """Return *job* with the moment at which it is expected to end, as it looks now."""
        return replace(job, quote=job.ended or self.forecast(job))

    def _atom(self, get: Callable[[Job], str]) -> Handler:
        """Return a handler that tells one thing of a job as text."""
        return lambda request: _text(get(self._stored(request)))

    def _address(self, request: Request, job: Job | None = None) -> str:
        """Return the address of the list, or of a job in it."""
        address = request.base_url + self.endpoint.path
        return f"{address}/{job.id}" if job else address

    def _to(self, request: Request, job: Job) -> Elsewhere:
        return Elsewhere(self._address(request, job))


def _controls(job: Job) -> list[str]:
    """Return the words that can be posted to the phase now."""
    targets = {"RUN": QUEUED, "ABORT": ABORTED}
    return [word for word, target in targets.items() if job.phase in sources(target, "client")]


def _text(text: str) -> Document:
    return Document(text.encode(), TEXT)


def _control(request: Request) -> str | None:
    """Return RUN or ABORT; a job that is only just made cannot be aborted."""
    word = request.optional("CONTROL", str)
    if word == "ABORT" and "job-id" not in request.values:
        raise BadValue("PHASE", word, "RUN, as there is no job yet")
    return word


def _duration(request: Request) -> int | None:
    """Return the seconds that a job may run, as far as the schema can tell them."""
    seconds = request.optional("EXECUTIONDURATION", int)
    return seconds if seconds is None else min(seconds, MOST_SECONDS)


def _patience(request: Request) -> int:
    """Return for how many seconds the client is willing to wait, within what a connection stands."""
    seconds = request.optional("WAIT", int)
    if seconds is not None and seconds < -1:
        raise BadValue("WAIT", str(seconds), "seconds, or -1 for no limit")
    return FOREVER if seconds == -1 else min(seconds or 0, FOREVER)
