"""Tables that come with jobs: how many, how large, and how long their work is expected to take."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from answers import refused
from astropy.table import Table
from job_desk import Office, desk_of
from starlette.testclient import TestClient
from support import CENTRE, M13

from soda_core.jobs import Limits
from soda_core.services.forecast import seconds_of_list
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Response
    from starlette.types import ASGIApp, Message

    from soda_core.services import Archive

requirement = pytest.mark.requirement

ROW = CENTRE.replace(" ", ",")
ASKED = {"UPLOAD": "targets,param:table", "ID": M13, "RADIUS": "0.01"}


def table(rows: int) -> bytes:
    """Return a table of so many rows."""
    return "\n".join(["ra,dec", *[ROW] * rows, ""]).encode()


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Iterator[Office]:
    """A job list that nobody works for, in which each user has 1000 bytes."""
    desk = desk_of(tmp_path, Limits(owner_bytes=1000))
    with TestClient(application(archive, desk), raise_server_exceptions=False) as client:
        yield Office(client, desk)


def sent(office: Office, path: str, content: bytes, **more: str) -> Response:
    """Post a table."""
    files = {"table": ("targets.csv", content)}
    return office.client.post(path, data=ASKED | more, files=files, follow_redirects=False)


def test_uploads_count_as_results_do(office: Office) -> None:
    """What would fill the space of a user is refused and leaves nothing; what goes gives its space back."""
    first, second = (sent(office, "/async", table(25)).headers["location"] for _ in range(2))
    refused(sent(office, "/async", table(25)), 503, "ServiceUnavailable", "uploads and results")
    refused(sent(office, f"{second}/parameters", table(50)), 503, "ServiceUnavailable", "delete some jobs")

    assert 2 == len(office.desk.store.list(service="soda"))
    assert table(25) == office.client.get(f"{second}/parameters/UPLOAD").content
    assert 303 == office.client.delete(first, follow_redirects=False).status_code
    assert 303 == sent(office, f"{second}/parameters", table(50)).status_code
    assert table(50) == office.client.get(f"{second}/parameters/UPLOAD").content


def test_a_table_in_place_of_another_counts_alone(office: Office) -> None:
    """However often it is sent; a job that was run takes none."""
    path = sent(office, "/async", table(40)).headers["location"]
    for _ in range(3):
        assert 303 == sent(office, f"{path}/parameters", table(40)).status_code

    assert 303 == office.post(f"{path}/phase", PHASE="RUN").status_code
    refused(sent(office, f"{path}/parameters", table(4)), 403, "UsageError", "given a file")


@requirement("UWS-2.1-13")
def test_a_list_has_a_quote_from_the_start(office: Office) -> None:
    """Later the more rows there are, before anybody has read them."""
    left = []
    for rows in (1, 40):
        path = sent(office, "/async", table(rows), PHASE="RUN").headers["location"]
        quote = datetime.fromisoformat(office.client.get(f"{path}/quote").text)
        left.append(quote - office.desk.store.get(path.rpartition("/")[2]).created)
        office.client.delete(path)

    assert left[0].total_seconds() > 0
    assert left[1] > left[0]


@pytest.mark.parametrize("form", ["csv", "votable", "parquet"])
def test_ten_times_the_rows_take_nearly_ten_times_as_long(form: str) -> None:
    """The number of rows is judged by the bytes, whatever form they have."""
    few, many = (seconds_of_list(written(form, rows)) for rows in (10_000, 100_000))

    assert 5 * few < many < 11 * few
    assert 10 < many < 200


def written(form: str, rows: int) -> io.BytesIO:
    """Return a table of positions as others write it."""
    file = io.BytesIO()
    columns = {"ra": [250.4226 + row / 1e6 for row in range(rows)], "dec": [36.4602] * rows}
    if form == "parquet":
        arrow = pytest.importorskip("pyarrow", reason="the library of Parquet is not installed")
        pytest.importorskip("pyarrow.parquet").write_table(arrow.table(columns), file)
    elif form == "csv":
        file.write(b"ra,dec\n" + b"".join(b"%r,%r\n" % pair for pair in zip(*columns.values(), strict=True)))
    else:
        Table(columns).write(file, format=form)
    return io.BytesIO(file.getvalue())


def test_tables_beyond_those_that_are_being_sent_wait(archive: Archive, tmp_path: Path) -> None:
    """503 and when to come back, without a byte of them read; requests without a file are answered."""
    settings = archive.settings.model_copy(update={"uploads": 1})
    app = application(type(archive)(settings, archive.inventory), desk_of(tmp_path))
    answers = anyio.run(_two_at_a_time, app)

    assert [503, 303, 303, 303] == [answer["status"] for answer in answers]
    assert b"retry-after" in dict(answers[0]["headers"])


async def _two_at_a_time(app: ASGIApp) -> list[Message]:
    """Begin to send a table, try another, and a job without one; end the first, and send once more."""
    go_on, answers = anyio.Event(), []
    async with anyio.create_task_group() as group:
        slow = _Client(app, go_on)
        group.start_soon(slow.post)
        await slow.asked.wait()
        answers += [await _Client(app).post(), await _Client(app, parts=False).post()]
        go_on.set()
    return [*answers, slow.answer, await _Client(app).post()]


class _Client:
    """Sends a request, its body once it may."""

    def __init__(self, app: ASGIApp, go_on: anyio.Event | None = None, *, parts: bool = True) -> None:
        self._app, self._go_on = app, go_on
        self._sent = False
        self.asked = anyio.Event()
        self.answer: Message = {}
        part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        fields = [part % (name.encode(), b"", text.encode()) for name, text in ASKED.items()]
        file = part % (b"table", b'; filename="t.csv"', table(1))
        self._body = b"".join([*fields, file, b"--x--\r\n"]) if parts else b"ID=ivo://x/y"
        self._type = b"multipart/form-data; boundary=x" if parts else b"application/x-www-form-urlencoded"

    async def post(self) -> Message:
        """Send all, and return how it was answered."""
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/async", "query_string": b""}
        scope |= {"headers": [(b"content-type", self._type), (b"host", b"testserver")], "scheme": "http"}
        await self._app(
            scope | {"server": ("testserver", 80), "client": ("127.0.0.1", 1)}, self._receive, self._send
        )
        return self.answer

    async def _receive(self) -> Message:
        self.asked.set()
        if self._sent:
            await anyio.sleep_forever()
        if self._go_on:
            await self._go_on.wait()
        self._sent = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def _send(self, message: Message) -> None:
        self.answer = self.answer or message
