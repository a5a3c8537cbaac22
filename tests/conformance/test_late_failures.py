"""DALI 1.1, 4.4.2: a failure after the first rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
from ivoa_schemas.votable import Votable
from lxml import etree
from starlette.testclient import TestClient

from soda_core import standards
from soda_core.dali import ServiceUnavailable
from soda_core.registry import Request, Rows, bind
from soda_core.settings import Settings
from soda_core.votable import VERSION, results, write
from soda_core.web.endpoint import Endpoint
from soda_core.web.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message

requirement = pytest.mark.requirement

SIA = standards.load("sia2")
COLUMNS = standards.load("obscore").columns[:5]


def rows(error: Exception, good: int) -> Iterator[tuple[object, ...]]:
    """Yield some rows and fail."""
    for number in range(good):
        yield "image", 2, "c", f"{number}", f"ivo://x/c?{number}"
    raise error


def endpoint_of(error: Exception, good: int) -> Endpoint:
    """Return an endpoint whose rows end in a failure."""

    def query(request: Request) -> Rows:
        form = request.format()
        shell = Votable(version=VERSION, items_1=[results(COLUMNS)])
        return Rows(
            lambda tell: write(shell, COLUMNS, rows(error, good), form.serialization, tell=tell),
            form.media_type,
        )

    (bound,) = bind(SIA, {"query": query})
    return Endpoint(bound, Settings(inventory="sqlite://"), Pool(1, 4))


def client_of(error: Exception, good: int) -> TestClient:
    """Return a client of it."""
    return TestClient(endpoint_of(error, good), raise_server_exceptions=False)


@requirement("DALI-4.4-06")
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ServiceUnavailable("come back"), "TransientFault: come back"),
        (RuntimeError("secret"), "DefaultFault: this service failed (reference "),
    ],
)
def test_a_late_failure_stands_behind_the_table(error: Exception, message: str) -> None:
    """The document is whole and says at its end that the rows are not."""
    answer = client_of(error, 5000).get("/sia")
    infos = etree.fromstring(answer.content).xpath("//*[local-name()='TABLE']/following-sibling::*")

    assert 200 == answer.status_code
    assert ["ERROR"] == [info.get("value") for info in infos]
    assert infos[0].text.startswith(message)
    assert "secret" not in answer.text


@requirement("DALI-4.2-01")
def test_an_early_failure_is_an_error() -> None:
    """While no row was sent the status can still be told."""
    answer = client_of(ServiceUnavailable("come back"), 500).get("/sia")

    assert 503 == answer.status_code
    assert "TransientFault: come back" in answer.text


def test_a_form_without_a_place_for_it_is_cut_off() -> None:
    """A client of CSV sees that the answer has no proper end."""
    sent: list[Message] = []
    silent = anyio.Event()
    scope: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "path": "/sia",
        "headers": [],
        "scheme": "http",
        "server": ("t", 80),
        "query_string": b"RESPONSEFORMAT=csv",
    }

    async def receive() -> Message:
        await silent.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(endpoint_of(RuntimeError("secret"), 20_000), scope, receive, send)

    assert 200 == sent[0]["status"]
    assert len(sent) > 1
    assert all(message["more_body"] for message in sent[1:])
