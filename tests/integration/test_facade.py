"""Somebody else's ObsTAP as the inventory: found through its TAP service, cut from files that lie here."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from adql_grammar import NotAdql, read
from astropy.io import fits
from discovery import ask, refused_as_votable
from inventory_rows import meant, strewn
from linked import Linked
from lxml import etree
from small import image
from starlette.testclient import TestClient
from tap_server import Tap, tap_over

from soda_core.dali import Circle, Interval, NotFoundError, Polygon, Range, ServiceUnavailable
from soda_core.inventory import Inventory, InventoryError
from soda_core.inventory import facade as facades
from soda_core.inventory.facade import Facade
from soda_core.inventory.query import Condition
from soda_core.services import Archive
from soda_core.settings import Collection, Rows, Settings
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytest.importorskip("pyvo", reason="pyvo is not installed")

INF = float("inf")
OURS, ELSEWHERE = "ivo://their.example/SKY?m%2031", "ivo://their.example/other?7"
ADDRESS = "https://their.example/files/7.fits"


def rows() -> list[dict[str, Any]]:
    """Return what the other archive holds: one image whose file lies here, one that lies there."""
    both = {"dataproduct_type": "image", "calib_level": 2, "access_estsize": 3, "obs_id": "1", "s_fov": 0.2}
    here = both | {
        "obs_publisher_did": OURS,
        "obs_collection": "Their Sky",
        "access_url": "https://their.example/links?ID=m31",
        "access_format": "application/x-votable+xml;content=datalink",
        "target_name": "O'Brien 31",
        "s_ra": 10.0,
        "s_dec": 20.0,
        "s_region": "POLYGON ICRS 9.9 19.9 10.1 19.9 10.1 20.1 9.9 20.1",
        "s_xel1": 8,
        "s_xel2": 8,
    }
    there = both | {
        "obs_publisher_did": ELSEWHERE,
        "obs_collection": "Other",
        "access_url": ADDRESS,
        "access_format": "image/fits",
        "obs_title": "Field 7",
        "s_ra": 200.0,
        "s_dec": -20.0,
        "s_region": "199.9 -20.1 200.1 -20.1 200.1 -19.9 199.9 -19.9",
    }
    return [here, there]


@dataclass(frozen=True)
class Served:
    """A service, and the TAP service that it asks."""

    client: TestClient
    archive: Archive
    tap: Tap


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A service over the rows of the other archive."""
    image(tmp_path / "sky" / "data" / "m 31.fits")
    with tap_over(rows()) as tap:
        settings = settings_of(tap, tmp_path / "sky")
        archive = Archive.open(settings)
        with TestClient(application(archive), raise_server_exceptions=False) as client:
            yield Served(client, archive, tap)
        archive.inventory.close()


def settings_of(tap: Tap, folder: Path) -> Settings:
    """Return settings whose collection has the files of one of their collections."""
    rule = Rows(text="ivo://their.example/SKY?{key}", file="data/{key}.fits")
    return Settings(
        collections=(Collection(name="sky", folder=folder, rows=rule),),
        inventory=f"tap:{tap.url}",
        jobs=str(folder.parent / "jobs.sqlite"),
        job_slots=1,
    )


def test_their_images_are_found_and_lead_to_links_here(served: Served) -> None:
    """A query is translated; an identifier is that of the other archive, an address is ours."""
    (row,) = ask(served.client, POS="CIRCLE 10 20 0.5", TARGET="O'Brien 31").rows

    assert (OURS, "Their Sky") == (row["obs_publisher_did"], row["obs_collection"])
    links = Linked(served.client.get(row["access_url"])).of(OURS)
    assert ["#this", "#preview", "#cutout"] == [link["semantics"] for link in links]


def test_their_images_are_cut_here(served: Served) -> None:
    """The file is found by the rule of the collection."""
    answer = served.client.get("/sync", params={"ID": OURS, "CIRCLE": "10 20 0.02"})

    assert 200 == answer.status_code
    with fits.open(io.BytesIO(answer.content)) as hdus:
        assert (8, 8) > hdus[0].shape > (1, 1)


def test_whole_files_are_fetched_here(served: Served) -> None:
    """By the address that the links give, though the identifier is not made of it."""
    this = Linked(served.client.get("/links", params={"ID": OURS})).of(OURS)[0]

    answer = served.client.get(this["access_url"])

    assert (200, "/datasets/sky/data/m%2031.fits") == (
        answer.status_code,
        this["access_url"].removeprefix("http://testserver"),
    )
    assert answer.content.startswith(b"SIMPLE")
    assert 404 == served.client.get("/datasets/sky/data/none.fits").status_code


def test_files_that_lie_elsewhere_are_pointed_to(served: Served) -> None:
    """Their address is told, and nothing is promised that cannot be done here."""
    (link,) = Linked(served.client.get("/links", params={"ID": ELSEWHERE})).of(ELSEWHERE)

    assert (ADDRESS, "#this", "image/fits") == (link["access_url"], link["semantics"], link["content_type"])
    refused = served.client.get("/sync", params={"ID": ELSEWHERE, "CIRCLE": "200 -20 1"})
    assert (404, True) == (refused.status_code, "another service" in refused.text)


def test_who_wants_files_only_gets_their_addresses(served: Served) -> None:
    """The column tells the type of what the address gives."""
    (row,) = ask(served.client, FORMAT="image/fits").rows

    assert (ADDRESS, "image/fits") == (row["access_url"], row["access_format"])


def test_identifiers_are_compared_without_case(served: Served) -> None:
    """At least their scheme and authority, which others write in small letters."""
    loud = OURS.replace("ivo://their", "IVO://THEIR")

    assert [OURS] == [row["obs_publisher_did"] for row in ask(served.client, ID=loud).rows]
    assert 200 == served.client.get("/sync", params={"ID": loud}).status_code


def test_unknown_identifiers(served: Served) -> None:
    """They are told as with any inventory."""
    assert 404 == served.client.get("/sync", params={"ID": "ivo://their.example/none"}).status_code
    with pytest.raises(NotFoundError):
        served.archive.inventory.dataset("none ' of this")


def test_the_other_pages_work(served: Served) -> None:
    """The landing page, capabilities and examples show their rows."""
    for path in ("/", "/capabilities", "/availability", "/tables", "/examples", "/readyz"):
        assert 200 == served.client.get(path).status_code, path
    assert "m%2031" in unquote(served.client.get("/").text) or OURS in served.client.get("/").text


def test_a_failure_there_is_no_riddle_here(served: Served) -> None:
    """It is told that the inventory does not answer, and nothing of what it said."""
    ask(served.client)
    served.tap.broken = True

    answer = served.client.get("/sia", params={"POS": "CIRCLE 10 20 1"})
    links = served.client.get("/links", params={"ID": OURS})

    refused_as_votable(answer, 503, "TransientFault", "does not answer")
    assert 503 == links.status_code
    assert 503 == served.client.get("/readyz").status_code
    assert 200 == served.client.get("/capabilities").status_code
    assert "secret" not in answer.text + links.text
    assert "Retry-After" in answer.headers


def test_nobody_at_the_address(tmp_path: Path) -> None:
    """The same holds where no connection can be made."""
    archive = Archive.open(
        settings_of(Tap("http://127.0.0.1:9/tap"), image(tmp_path / "s" / "a.fits").parent)
    )
    try:
        assert ("The inventory does not answer.",) == archive.troubles()
        with pytest.raises(ServiceUnavailable):
            archive.dataset(OURS)
    finally:
        archive.inventory.close()


def test_maxrec_is_that_of_the_caller(served: Served) -> None:
    """One row more tells of an overflow."""
    assert ["OK", "TABLE", "OVERFLOW"] == ask(served.client, MAXREC="1").statuses
    assert ["OK", "TABLE"] == ask(served.client, MAXREC="2").statuses


def test_the_self_description_has_their_values(served: Served) -> None:
    """As many as a form can use."""
    root = etree.fromstring(served.client.get("/sia", params={"MAXREC": "0"}).content)

    options = root.xpath("//*[local-name()='PARAM'][@name='COLLECTION']//*[local-name()='OPTION']/@value")
    assert ["Other", "Their Sky"] == sorted(options)


QUERIES: Mapping[str, list[Condition]] = {
    "everything": [],
    "circle": [Condition("region", ("s_region",), (Circle(120, 30, 30),))],
    "two circles": [Condition("region", ("s_region",), (Circle(120, 30, 30), Circle(0, 90, 20)))],
    "polygon": [
        Condition("region", ("s_region",), (Polygon(((0, 0), (60, 0), (60, 50), (30, 5), (0, 50))),))
    ],
    "range": [Condition("region", ("s_region",), (Range(350, 10, -60, 20),))],
    "open range": [Condition("region", ("s_region",), (Range(-INF, INF, 60, INF),))],
    "time": [Condition("interval-overlap", ("t_min", "t_max"), (Interval(52000, 53000),))],
    "open time": [Condition("interval-overlap", ("t_min", "t_max"), (Interval(-INF, 53000),))],
    "band": [Condition("interval-overlap", ("em_min", "em_max"), (Interval(1e-7, 1e-5),))],
    "field of view": [Condition("value-in-interval", ("s_fov",), (Interval(1, 10),))],
    "polarisation": [Condition("set-member", ("pol_states",), ("Q", "XX"))],
    "collections": [Condition("string-equal", ("obs_collection",), ("one", "it's"))],
    "levels": [Condition("int-equal", ("calib_level",), (1, 2))],
    "both": [
        Condition("region", ("s_region",), (Circle(120, 30, 60),)),
        Condition("int-equal", ("calib_level",), (1, 2)),
    ],
}
STREWN = [row for row in strewn(400) if row["s_region"]]


@pytest.fixture(scope="module")
def remote() -> Iterator[Tap]:
    """Many rows behind TAP."""
    with tap_over(STREWN, as_text=False) as tap:
        yield tap


@pytest.mark.parametrize("page", [7, 2000])
@pytest.mark.parametrize("name", QUERIES)
def test_a_search_finds_what_is_meant(
    remote: Tap, name: str, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of condition, in one page or in many."""
    monkeypatch.setattr(facades, "PAGE", page)
    facade = Facade(Settings(inventory=f"tap:{remote.url}"))
    try:
        found = [did for (did,) in facade.search(QUERIES[name], ["obs_publisher_did"])]
        some = [did for (did,) in facade.search(QUERIES[name], ["obs_publisher_did"], 5)]
    finally:
        facade.close()

    wanted = sorted(row["obs_publisher_did"] for row in meant(STREWN, QUERIES[name]))
    assert wanted
    assert (wanted, wanted[:5]) == (found, some)


def test_rows_of_one_identifier_are_not_torn_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may end among them, and the service may give less than was asked for."""
    monkeypatch.setattr(facades, "PAGE", 5)
    twins = [
        row | {"obs_publisher_did": f"ivo://x/{number // 2:02}"} for number, row in enumerate(STREWN[:21])
    ]
    with tap_over(twins) as tap:
        tap.most = 4
        facade = Facade(Settings(inventory=f"tap:{tap.url}"))
        found = [did for (did,) in facade.search([], ["obs_publisher_did"])]
        facade.close()

    assert [row["obs_publisher_did"] for row in twins] == found


def test_no_text_of_a_client_leaves_its_quotes(remote: Tap) -> None:
    """Whatever it is, the query stays one of the grammar, and finds nothing."""
    facade = Facade(Settings(inventory=f"tap:{remote.url}"))
    try:
        for text in ("' OR '1'='1", "x'--", "\\'", '"', "%' OR 1=1", "a\0b"):
            query = [Condition("string-equal", ("target_name",), (text,))]
            assert [] == list(facade.search(query, ["obs_id"]))
            assert {} == facade.found([text])
    finally:
        facade.close()


def test_the_grammar_is_strict() -> None:
    """What the TAP service of these tests takes is ADQL."""
    read("SELECT TOP 5 a FROM ivoa.obscore WHERE (a >= 1.5E-7 AND b IN ('x''y', 'z')) ORDER BY a")
    for wrong in (
        "SELECT a FROM ivoa.obscore LIMIT 5",
        "SELECT a FROM ivoa.obscore WHERE a == 1",
        "SELECT 'a",
    ):
        with pytest.raises(NotAdql):
            read(wrong)


def test_nothing_is_recorded_in_an_inventory_of_others() -> None:
    """An ingest is refused in words."""
    with pytest.raises(InventoryError, match="nothing can be recorded"):
        Inventory("tap:https://their.example/tap")
