"""Jobs in tests: a desk without workers, so that the test is the worker, and requests to a job list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from soda_core.jobs import FolderResults, JobStore, Limits, New, Result
from soda_core.services import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    from soda_core.jobs import Failure, Job

__all__ = ["UWS", "XLINK", "By", "Idle", "Office", "desk_of"]

UWS = "{http://www.ivoa.net/xml/UWS/v1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class Idle:
    """An engine that leaves the jobs to whoever claims them."""

    def start(self) -> None:
        """Do nothing."""

    def submit(self, job_id: str) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


def desk_of(folder: Path, limits: Limits | None = None) -> Desk:
    """Return a desk in *folder* that nobody works for."""
    return Desk(
        JobStore(str(folder / "jobs.sqlite"), limits=limits), FolderResults(folder / "results"), Idle()
    )


@dataclass(frozen=True)
class By:
    """The children of a job document by name."""

    root: etree._Element

    def text(self, name: str) -> str | None:
        """Return the text of a child, None for one that is nil or empty; there is exactly one."""
        (node,) = self.root.findall(UWS + name)
        assert node.text or node.get(f"{XSI}nil") == "true" or len(node), name
        return node.text

    def results(self) -> list[etree._Element]:
        """Return the results."""
        return self.root.findall(f"{UWS}results/{UWS}result")

    def parameters(self) -> list[tuple[str | None, str | None]]:
        """Return names and texts of the parameters."""
        return [(node.get("id"), node.text) for node in self.root.iter(f"{UWS}parameter")]


@dataclass(frozen=True)
class Office:
    """A client of a job list and the desk behind it."""

    client: TestClient
    desk: Desk

    def post(self, path: str, **data: str | list[str]) -> Response:
        """Post a form without following the answer."""
        return self.client.post(path, data=data, follow_redirects=False)

    def create(self, **data: str | list[str]) -> str:
        """Make a job and return its path."""
        made = self.post("/async", **data)
        assert 303 == made.status_code, made.text
        return made.headers["location"].removeprefix("http://testserver")

    def job(self, path: str) -> By:
        """Return the document of a job."""
        answer = self.client.get(path)
        assert 200 == answer.status_code
        return By(etree.fromstring(answer.content))

    def phase(self, path: str) -> str:
        """Return the phase of a job."""
        return str(self.client.get(f"{path}/phase").text)

    def claim(self, path: str) -> Job:
        """Take a queued job as a worker does."""
        job = self.desk.store.claim("test", 60, job_id=path.rpartition("/")[2])
        assert job is not None
        return job

    def save(self, job: Job, name: str, content: bytes, media_type: str = "text/plain") -> Result:
        """Store and report a result as a worker does."""
        ((key, size),) = self.desk.results.write(job.id, job.attempt, [New(name, (content,))])
        result = Result(name, key, size, media_type)
        assert self.desk.store.report(job.id, job.attempt, None, (result,))
        return result

    def finish(self, path: str, failure: Failure | None = None) -> None:
        """Run a job to its end."""
        if self.phase(path) == "PENDING":
            assert 303 == self.post(f"{path}/phase", PHASE="RUN").status_code
        job = self.claim(path)
        self.save(job, "001-x.txt", b"hello")
        assert self.desk.store.finish(job.id, job.attempt, failure=failure)
