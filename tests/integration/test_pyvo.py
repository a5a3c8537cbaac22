"""pyvo, the client of most astronomers who use Python, against the running service."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pyvo.dal.adhoc import DatalinkResults, SodaQuery
from support import CUBE, M13, opened

from soda_core import standards
from soda_core.documents import descriptor, serialize
from soda_core.services import admissible_of

if TYPE_CHECKING:
    from pathlib import Path

    from soda_core.services import Archive
    from soda_core.standards import Endpoint, Standard

SODA = "ivo://ivoa.net/std/SODA#sync"


@pytest.fixture(scope="module")
def description(service: str) -> DatalinkResults:
    """What a bare GET of the service answers, as pyvo reads it."""
    return DatalinkResults.from_result_url(f"{service}/sync")


def query(description: DatalinkResults, did: str) -> SodaQuery:
    """Return a query of one dataset."""
    soda = SodaQuery.from_resource([], description.get_adhocservice_by_ivoid(SODA))
    soda["ID"] = did
    return soda


def test_a_circle_is_cut(description: DatalinkResults) -> None:
    """The way of the README: descriptor, circle, pixels."""
    soda = query(description, M13)
    soda.circle = (250.4226, 36.4602, 0.04)

    assert (288, 288) == opened(soda.execute_stream().read())[0].data.shape


def test_a_polygon_and_a_range_are_cut(description: DatalinkResults) -> None:
    """Pyvo sends POLYGON by its own name and RANGE as POS."""
    polygon, limits = query(description, M13), query(description, M13)
    polygon.polygon = (250.40, 36.44, 250.44, 36.44, 250.42, 36.48)
    limits.range = (250.40, 250.44, 36.44, 36.48)

    assert opened(polygon.execute_stream().read())[0].data.size
    assert opened(limits.execute_stream().read())[0].data.size


def test_wavelengths_and_polarisation_are_cut(description: DatalinkResults) -> None:
    """BAND in metres and POL select channels and planes of a cube."""
    soda = query(description, CUBE)
    soda.band = (0.21242, 0.21251)
    soda["POL"] = ["Q"]

    shape = opened(soda.execute_stream().read())[0].data.shape

    assert 1 == shape[0]
    assert 1 < shape[1] < 64


def test_the_descriptor_of_a_dataset_brings_its_identifier(
    service: str, archive: Archive, tmp_path: Path
) -> None:
    """A descriptor made for one dataset holds the ID: a client adds the region and is done."""
    soda = standards.load("soda")
    votable = _document(soda, soda.endpoint("sync"), service, archive)
    document = tmp_path / "links.xml"
    document.write_bytes(votable)
    made = DatalinkResults(_parsed(document))

    found = SodaQuery.from_resource([], made.get_adhocservice_by_ivoid(SODA))
    found.circle = (250.4226, 36.4602, 0.01)

    assert M13 == found["ID"]
    assert opened(found.execute_stream().read())[0].data.size


def _document(soda: Standard, endpoint: Endpoint, service: str, archive: Archive) -> bytes:
    """Return a links document with the descriptor of M13."""
    from soda_core.documents import self_description  # noqa: PLC0415 - only here

    votable = self_description(soda, endpoint, service, standards.load("datalink"))
    made = descriptor(soda, endpoint, service, admissible=admissible_of(archive.dataset(M13)))
    votable.items_1 = [votable.items_1[0], made]
    return serialize(votable)


def _parsed(document: Path) -> object:
    from astropy.io.votable import parse  # noqa: PLC0415 - only here

    return parse(io.BytesIO(document.read_bytes()))
