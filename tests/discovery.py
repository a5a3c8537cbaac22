"""Queries of SIA2 and what they answer, for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from httpx2 import Response
    from starlette.testclient import TestClient

__all__ = ["COLUMNS", "SIA", "Answer", "Row", "V", "ask", "everything", "refused_as_votable"]

V = "{http://www.ivoa.net/xml/VOTable/v1.3}"
SIA = standards.load("sia2")
COLUMNS = {column.name: column for column in standards.load("obscore").columns}
READERS: dict[str, Callable[[str], Any]] = {"char": str, "int": int, "long": int, "double": float}

Row = dict[str, Any]
"""The values of a row by the name of their column, None where the cell is empty."""


@dataclass(frozen=True)
class Answer:
    """A VOTable that answers a query."""

    response: Response
    root: etree._Element

    @property
    def results(self) -> etree._Element:
        """The one RESOURCE of results."""
        (found,) = self.root.xpath("v:RESOURCE[@type='results']", namespaces={"v": V[1:-1]})
        return found  # type: ignore[no-any-return]  # an element

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [str(field.get("name")) for field in self.results.iter(f"{V}FIELD")]

    @property
    def rows(self) -> list[Row]:
        """The rows, their values read by the declared types."""
        return [
            {name: _read(name, cell.text) for name, cell in zip(self.names, row, strict=True)}
            for row in self.results.iter(f"{V}TR")
        ]

    @property
    def keys(self) -> list[str]:
        """The identifiers found, without what all have in common."""
        return [row["obs_publisher_did"].partition("?")[2] for row in self.rows]

    @property
    def statuses(self) -> list[str | None]:
        """The values of QUERY_STATUS in their order, "TABLE" where the table stands."""
        return [
            "TABLE" if node.tag == f"{V}TABLE" else node.get("value")
            for node in self.results
            if node.tag == f"{V}TABLE" or node.get("name") == "QUERY_STATUS"
        ]

    @property
    def infos(self) -> list[tuple[str | None, str | None]]:
        """Names and values of the INFO elements but for the status."""
        found = [(node.get("name"), node.get("value")) for node in self.results.iterfind(f"{V}INFO")]
        return [pair for pair in found if pair[0] != "QUERY_STATUS"]


def _read(name: str, text: str | None) -> Any:  # noqa: ANN401 - a value of a row
    column = COLUMNS[name]
    kind = str if column.datatype != "char" and column.arraysize else READERS[column.datatype]
    return kind(text) if text else None


def ask(client: TestClient, *pairs: tuple[str, str], **parameters: str | Sequence[str]) -> Answer:
    """Query and demand a table; a list is a repeated parameter."""
    sent = list(pairs)
    for name, value in parameters.items():
        sent += [(name, value)] if isinstance(value, str) else [(name, each) for each in value]
    response = client.get("/sia", params=sent)  # type: ignore[arg-type]  # a list of pairs is allowed
    assert 200 == response.status_code, response.text
    return Answer(response, etree.fromstring(response.content))


def everything(client: TestClient) -> list[Row]:
    """Return all rows."""
    return ask(client, MAXREC="1000").rows


def refused_as_votable(response: Response, status: int, label: str, words: str) -> None:
    """Demand a refusal: this status, a VOTable of this label, and words of help in its message."""
    assert (status, "application/x-votable+xml") == (response.status_code, response.headers["content-type"])
    answer = Answer(response, etree.fromstring(response.content))
    assert ["ERROR"] == answer.statuses
    (message,) = answer.results.xpath("v:INFO/text()", namespaces={"v": V[1:-1]})
    assert message.startswith(f"{label}: ")
    assert words in message
    assert len(message) < 600
