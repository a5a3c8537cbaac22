"""The jobs of the reference service: they end at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .holdings import BASE
from .messages import Asked, Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Jobs"]

NAMESPACES = (
    'xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
CONTROL = ("PHASE", "RUNID", "ACTION", "DESTRUCTION", "EXECUTIONDURATION", "WAIT")
FILTERS = ("CIRCLE", "POLYGON", "POS", "BAND", "TIME")
NOTHING = Given(200, "text/plain", b"Error: nothing is selected\n")
CREATED = "2024-01-02T03:04:05Z"


@dataclass
class Job:
    """One job."""

    key: str
    pairs: tuple[tuple[str, str], ...]
    phase: str = "PENDING"
    run: str = ""
    owner: str = ""
    duration: str = "600"
    destruction: str = "2098-01-01T00:00:00Z"
    results: tuple[Given, ...] = ()
    message: str = ""
    ended: bool = field(default=False)
    home: str = f"{BASE}/async"
    files: tuple[tuple[str, str], ...] = ()


class Jobs:
    """The list of jobs, and what can be done with each."""

    def __init__(self, work: Callable[[Asked], Given], place: str = "async") -> None:
        self.work = work
        self.place = place
        self.known: dict[str, Job] = {}
        self.made = 0

    def answer(self, asked: Asked) -> Given:
        """Return the answer to a request at the list or below."""
        key, _, part = asked.path.removeprefix(self.place).strip("/").partition("/")
        if not key:
            return self._create(asked) if asked.method == "POST" else self._list(asked)
        job = self.known.get(key)
        if job is None:
            return _text("Error: there is no such job", 404)
        if asked.method == "DELETE":
            return self._delete(job, part)
        return self._change(asked, job, part) if asked.method == "POST" else self._read(asked, job, part)

    def _create(self, asked: Asked) -> Given:
        names = [value.partition(",")[0] for value in asked.values("UPLOAD")]
        if len(names) != len(set(names)) or not all(name.isidentifier() for name in names):
            return _text("UsageError: names of uploads are names, each its own", 400)
        self.made += 1
        job = Job(str(self.made), tuple(pair for pair in asked.pairs if pair[0] not in CONTROL))
        job.home = f"{BASE}/{self.place}"
        job.run, job.files, job.owner = asked.first("RUNID"), asked.files, asked.user
        self.known[job.key] = job
        if asked.first("PHASE") == "RUN":
            self._run(job)
        return _see(job)

    def _list(self, asked: Asked) -> Given:
        phases = asked.values("PHASE")
        chosen = [job for job in self.known.values() if not phases or job.phase in phases]
        chosen = [job for job in chosen if asked.first("AFTER") < CREATED]
        chosen = list(reversed(chosen))[: int(asked.first("LAST", "1000"))]
        refs = "".join(
            f'<uws:jobref id="{job.key}" xlink:href="{job.home}/{job.key}">'
            f"<uws:phase>{job.phase}</uws:phase>"
            f"{_owner(job)}<uws:creationTime>{CREATED}</uws:creationTime></uws:jobref>"
            for job in chosen
        )
        return _xml(f'<uws:jobs version="1.1" {NAMESPACES}>{refs}</uws:jobs>')

    def _delete(self, job: Job, part: str) -> Given:
        if part:
            return _text("UsageError: only a whole job can be deleted", 403)
        del self.known[job.key]
        return _led_to(f"{BASE}/{self.place}")

    def _change(self, asked: Asked, job: Job, part: str) -> Given:
        if part == "" and asked.first("ACTION") == "DELETE":
            return self._delete(job, "")
        if part == "phase" and asked.first("PHASE") == "RUN" and job.phase == "PENDING":
            self._run(job)
        elif part == "phase" and asked.first("PHASE") == "ABORT" and not job.ended:
            job.phase, job.ended = "ABORTED", True
        elif part == "executionduration" and asked.first("EXECUTIONDURATION").isdigit():
            job.duration = asked.first("EXECUTIONDURATION")
        elif part == "destruction" and asked.first("DESTRUCTION"):
            job.destruction = asked.first("DESTRUCTION")
        elif part == "parameters" and job.phase == "PENDING":
            job.pairs += tuple(pair for pair in asked.pairs if pair[0] not in CONTROL)
        else:
            return _text("UsageError: not now, and not here", 403)
        return _see(job)

    def _run(self, job: Job) -> None:
        asked = [Asked("POST", "sync", pairs) for pairs in _combined(job.pairs)]
        made = [self.work(each) for each in asked]
        job.results = tuple(NOTHING if each.status == 204 else each for each in made)
        failed = next((each for each in made if each.status >= 400), None)
        job.phase, job.ended = "ERROR" if failed else "COMPLETED", True
        job.message = failed.body.decode().strip() if failed else ""

    def _read(self, asked: Asked, job: Job, part: str) -> Given:
        if part == "":
            _wait(asked, job)
            return _xml(_document(job))
        if part in ("results", "parameters"):
            return _xml((_results if part == "results" else _parameters)(job, NAMESPACES))
        if part in (found := dict(_named(job))) and job.phase == "COMPLETED":
            return found[part]
        if part == "error" and job.phase == "ERROR":
            return _text(job.message)
        atoms = {"phase": job.phase, "executionduration": job.duration, "destruction": job.destruction}
        atoms |= {"quote": "", "owner": job.owner}
        files = {f"parameters/{name}": content for name, content in job.files}
        if part in files:
            return Given(200, "application/x-votable+xml", files[part].encode())
        return _text(atoms[part]) if part in atoms else _text("Error: there is no such part", 404)


def _named(job: Job) -> list[tuple[str, Given]]:
    """Return the results with their places below the job: the first is `cutout`."""
    return [(f"results/cutout{number or ''}", given) for number, given in enumerate(job.results)]


def _combined(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield each combination of the values of the filters, the rest with each of them (SODA 1.0, 6)."""
    several: dict[str, list[tuple[str, str]]] = {}
    for pair in pairs:
        several.setdefault(pair[0] if pair[0] in FILTERS else "", []).append(pair)
    rest = several.pop("", [])
    yield from ((*rest, *chosen) for chosen in product(*several.values()))


def _wait(asked: Asked, job: Job) -> None:
    """Block while the job waits."""
    seconds = float(asked.first("WAIT", "0"))
    if job.phase == "PENDING" and asked.first("PHASE", "PENDING") == "PENDING" and seconds > 0:
        time.sleep(seconds)


def _document(job: Job) -> str:
    error = (
        f'<uws:errorSummary type="fatal" hasDetail="true"><uws:message>{escape(job.message)}</uws:message>'
    )
    error = f"{error}</uws:errorSummary>" if job.phase == "ERROR" else ""
    run = f"<uws:runId>{escape(job.run)}</uws:runId>" if job.run else ""
    times = f"<uws:startTime>{CREATED}</uws:startTime><uws:endTime>{CREATED}</uws:endTime>"
    nil = '<uws:startTime xsi:nil="true"/><uws:endTime xsi:nil="true"/>'
    return (
        f'<uws:job version="1.1" {NAMESPACES}><uws:jobId>{job.key}</uws:jobId>{run}'
        f'<uws:ownerId xsi:nil="true"/>'
        f'<uws:phase>{job.phase}</uws:phase><uws:quote xsi:nil="true"/>'
        f"<uws:creationTime>{CREATED}</uws:creationTime>{times if job.ended else nil}"
        f"<uws:executionDuration>{job.duration}</uws:executionDuration>"
        f"<uws:destruction>{job.destruction}</uws:destruction>{_parameters(job)}{_results(job)}{error}</uws:job>"
    )


def _owner(job: Job) -> str:
    return f"<uws:ownerId>{job.owner}</uws:ownerId>" if job.owner else '<uws:ownerId xsi:nil="true"/>'


def _parameters(job: Job, names: str = "") -> str:
    each = "".join(f'<uws:parameter id="{name}">{escape(value)}</uws:parameter>' for name, value in job.pairs)
    url = f"{job.home}/{job.key}/parameters"
    each += "".join(
        f'<uws:parameter id="{name}" byReference="true">{url}/{name}</uws:parameter>' for name, _ in job.files
    )
    return f"<uws:parameters {names}>{each}</uws:parameters>"


def _results(job: Job, spaces: str = "") -> str:
    url = f"{job.home}/{job.key}"
    names = [name.partition("/")[2] for name, _ in _named(job)] if job.phase == "COMPLETED" else []
    each = "".join(f'<uws:result id="{name}" xlink:href="{url}/results/{name}"/>' for name in names)
    return f"<uws:results {spaces}>{each}</uws:results>"


def _see(job: Job) -> Given:
    return _led_to(f"{job.home}/{job.key}")


def _led_to(url: str) -> Given:
    return Given(303, "text/plain", b"").having(Location=url)


def _xml(text: str) -> Given:
    return Given(200, "text/xml", text.encode())


def _text(text: str, status: int = 200) -> Given:
    return Given(status, "text/plain", text.encode())
