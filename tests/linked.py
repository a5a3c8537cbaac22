"""A links document as tests read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from support import errors_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from httpx2 import Response
    from starlette.testclient import TestClient

__all__ = ["MEDIA_TYPE", "VOT", "Linked", "ask", "constants", "fault", "inputs"]

VOT = "{http://www.ivoa.net/xml/VOTable/v1.3}"
MEDIA_TYPE = "application/x-votable+xml;content=datalink"


class Linked:
    """The rows and descriptors of an answer that obeys the schema."""

    def __init__(self, answer: Response) -> None:
        assert 200 == answer.status_code, answer.text
        assert [] == errors_of(answer)
        self.root = etree.fromstring(answer.content)
        (self.results,) = self.root.iterfind(f"{VOT}RESOURCE[@type='results']")
        self.fields = list(self.results.iter(f"{VOT}FIELD"))
        self.names = [str(field.get("name")) for field in self.fields]

    @property
    def rows(self) -> list[dict[str, str]]:
        """The cells by name, empty where null."""
        return [
            dict(zip(self.names, (cell.text or "" for cell in row), strict=True))
            for row in self.results.iter(f"{VOT}TR")
        ]

    def of(self, did: str) -> list[dict[str, str]]:
        """Return the rows of one identifier."""
        return [row for row in self.rows if row["ID"] == did]

    @property
    def status(self) -> str:
        """The value of QUERY_STATUS, told once."""
        (info,) = self.root.iterfind(f".//{VOT}INFO[@name='QUERY_STATUS']")
        return str(info.get("value"))

    @property
    def services(self) -> dict[str, etree._Element]:
        """The descriptors by their XML ID."""
        return {str(node.get("ID")): node for node in self.root.iterfind(f"{VOT}RESOURCE[@type='meta']")}


def constants(service: etree._Element) -> dict[str, str]:
    """Return what a descriptor tells of the service: accessURL, standardID, contentType."""
    return {str(p.get("name")): str(p.get("value")) for p in service.iterfind(f"{VOT}PARAM")}


def inputs(service: etree._Element) -> Iterator[etree._Element]:
    """Yield the input parameters of a descriptor."""
    yield from service.iterfind(f"{VOT}GROUP[@name='inputParams']/{VOT}PARAM")


def ask(client: TestClient, *dids: str, **parameters: str | Sequence[str]) -> Linked:
    """Ask for links by GET."""
    return Linked(client.get("/links", params={"ID": list(dids), **parameters}))


def fault(answer: Response, words: str, status: int = 400) -> None:
    """Demand an error document: this status, one QUERY_STATUS that says ERROR and opens with UsageFault."""
    assert status == answer.status_code, answer.text
    (info,) = etree.fromstring(answer.content).iterfind(f".//{VOT}INFO[@name='QUERY_STATUS']")
    assert "ERROR" == info.get("value")
    assert str(info.text).startswith("UsageFault: ")
    assert words in str(info.text)
