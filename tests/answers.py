"""What holds for every answer of the service, and for every refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from support import errors_of

from soda_core import standards

if TYPE_CHECKING:
    from httpx2 import Response

__all__ = ["LABELS", "check", "refused"]

LABELS = tuple(standards.load("soda").labels.values())
BY_PATH = {
    endpoint.path: tuple(standard.labels.values())
    for standard in map(standards.load, ("soda", "sia2", "datalink"))
    for endpoint in standard.endpoints
}
"""The labels that open an error text, by the path of the endpoint."""
LEAK = re.compile(
    r"Traceback|File \"|site-packages|soda_core[./]|archive\d+/demo|sqlite|sqlalchemy", re.IGNORECASE
)
"""What no answer may tell: the code, the paths of the server, its database."""
LABEL = re.compile(r"[A-Z][A-Za-z]+: ")
XML = ("text/xml", "application/x-votable+xml")
TEXT = ("text/", "application/json", "application/xhtml+xml", *XML)


def check(response: Response) -> None:
    """Hold an answer against what is true of all: XML is valid, a failure is labelled text, nothing leaks."""
    response.read()
    kind = response.headers.get("content-type", "")
    if kind.startswith(TEXT):
        leak = LEAK.search(response.text)
        assert leak is None, f"{response.url}: the answer tells {leak}"
    if not response.content:
        return
    if kind.startswith(XML):
        assert [] == errors_of(response), response.url
    elif kind.startswith("application/xhtml+xml"):
        etree.fromstring(response.content)
    if response.status_code >= 400:
        told = response.text
        if kind.startswith(XML):
            (told,) = etree.fromstring(response.content).xpath(
                "//*[@name='QUERY_STATUS' and @value='ERROR']/text()"
            )
        else:
            assert "text/plain; charset=utf-8" == kind, response.url
        if response.url.path in BY_PATH:
            assert told.startswith(tuple(f"{label}: " for label in BY_PATH[response.url.path])), told
        elif response.url.path != "/readyz":  # that speaks to machines, a trouble a line
            assert LABEL.match(told), told


def refused(response: Response, status: int, label: str, words: str) -> None:
    """Demand a refusal: this status, text/plain, this label, and a line that holds *words*."""
    assert (status, f"{label}: ") == (response.status_code, response.text[: len(label) + 2])
    assert "text/plain; charset=utf-8" == response.headers["content-type"]
    assert words in response.text
    assert response.text.endswith("\n")
    assert 1 == response.text.count("\n")
    assert len(response.text) < 600
