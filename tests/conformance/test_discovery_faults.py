"""What other services of discovery were seen to answer wrongly, and what this one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from discovery import ask, refused_as_votable
from linked import Linked

if TYPE_CHECKING:
    from starlette.testclient import TestClient

requirement = pytest.mark.requirement

DATALINK = "application/x-votable+xml;content=datalink"
UNKNOWN = "ivo://sodalite.local/none?x"


def any_did(client: TestClient) -> str:
    """Return the identifier of a dataset."""
    return str(ask(client, MAXREC="1").rows[0]["obs_publisher_did"])


@requirement("DL-3.1-01")
@pytest.mark.parametrize("accepted", ["text/html, image/gif, *; q=.2", "text/html", "application/xml", "*/*"])
def test_links_have_their_type_whatever_is_accepted(client: TestClient, accepted: str) -> None:
    """Browsers and Java put text/html first; they get the type by which clients know links all the same."""
    answer = client.get("/links", params={"ID": any_did(client)}, headers={"Accept": accepted})

    assert DATALINK == answer.headers["content-type"].replace("; ", ";")


def test_links_without_identifier(client: TestClient) -> None:
    """An empty table, and a success."""
    answer = ask_links(client)

    assert ([], "OK") == (answer.rows, status_of(answer))


def test_links_of_none(client: TestClient) -> None:
    """MAXREC=0 gives no row, and tells that there are some."""
    answer = ask_links(client, ID=any_did(client), MAXREC="0")

    assert ([], "OVERFLOW") == (answer.rows, status_of(answer))


def test_one_unknown_identifier_of_two(client: TestClient) -> None:
    """A row tells of it, and the other has its links."""
    answer = client.get("/links", params={"ID": [UNKNOWN, any_did(client)]})
    links = Linked(answer)

    (row,) = links.of(UNKNOWN)
    assert (200, True) == (answer.status_code, row["error_message"].startswith("NotFoundFault: "))
    assert len(links.rows) > 1


def ask_links(client: TestClient, **parameters: str) -> Linked:
    """Return the links of a request."""
    return Linked(client.get("/links", params=parameters))


def status_of(answer: Linked) -> str | None:
    """Return the status that stands last."""
    (*_, last) = answer.root.xpath("//*[local-name()='INFO'][@name='QUERY_STATUS']/@value")
    return str(last)


def test_no_rows_are_an_overflow(client: TestClient) -> None:
    """MAXREC=0 gives the columns and the description."""
    answer = ask(client, MAXREC="0")

    assert ([], "OVERFLOW") == (answer.rows, answer.statuses[0])


def test_an_overflow_stands_behind_the_table(client: TestClient) -> None:
    """Two rows of many."""
    answer = ask(client, MAXREC="2")

    assert (2, ["OK", "TABLE", "OVERFLOW"]) == (len(answer.rows), answer.statuses)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAXREC", "-1"),
        ("POS", "BOX 1 2 3 4"),
        ("POS", "CIRCLE NaN 2 1"),
        ("POS", "CIRCLE 1 2 NaN"),
        ("POS", "CIRCLE 1 2 1e9"),
        ("POS", "RANGE Inf -Inf 0 1"),
        ("BAND", "blue"),
        ("BAND", "2e-6 1e-6"),
        ("TIME", "NaN NaN"),
        ("TIME", "55000 54000"),
        ("CALIB", "x"),
    ],
)
def test_a_bad_value_is_an_error_in_words(client: TestClient, name: str, value: str) -> None:
    """The parameter is named, and nothing of the database."""
    answer = client.get("/sia", params={name: value})

    refused_as_votable(answer, 400, "UsageFault", name)
    assert not {"select", "sql", "traceback", "index out of range"} & set(answer.text.lower().split())


@requirement("SIA2-2.1-08")
@pytest.mark.parametrize(
    "query", [{"POS": "RANGE -Inf +Inf -Inf +Inf"}, {"BAND": "6e-7"}, {"TIME": "-Inf +Inf"}]
)
def test_legal_values_that_others_refuse(client: TestClient, query: dict[str, str]) -> None:
    """A range without ends, and an interval of one value."""
    assert ask(client, **query).rows


def test_an_identifier_in_capitals(client: TestClient) -> None:
    """Scheme and authority are the same in any case."""
    did = any_did(client)
    scheme, _, rest = did.partition("://")
    authority, _, path = rest.partition("/")

    (row,) = ask(client, ID=f"{scheme.upper()}://{authority.upper()}/{path}").rows

    assert did == row["obs_publisher_did"]


def test_a_short_name_of_the_format_is_no_media_type(client: TestClient) -> None:
    """`votable/td` is answered under the media type of VOTable."""
    answer = client.get("/sia", params={"MAXREC": "1", "RESPONSEFORMAT": "votable/td"})

    assert (200, True) == (
        answer.status_code,
        answer.headers["content-type"].startswith("application/x-votable+xml"),
    )


def test_an_unknown_parameter_is_no_error(client: TestClient) -> None:
    """It is told that it was ignored."""
    assert ("ignored", "COLOUR_OF_SKY") in ask(client, COLOUR_OF_SKY="blue").infos
