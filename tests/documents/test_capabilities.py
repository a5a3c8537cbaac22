"""The capabilities document, from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree
from small import archive_of, client_of, image, settings_of

from soda_core import standards
from soda_core.documents import schema_errors
from soda_core.registry import Document, Request
from soda_core.services import endpoints

if TYPE_CHECKING:
    from pathlib import Path

    from golden import Golden

SODA = standards.load("soda")
PARAMETERS = SODA.parameters_of(SODA.endpoint("sync"))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The document of a service at http://archive.example/soda."""
    folder = tmp_path_factory.mktemp("capabilities") / "sky"
    image(folder / "a.fits")
    with client_of(settings_of(folder)) as client:
        return client.get("/capabilities").content


def test_capabilities_are_valid_and_stable(document: bytes, golden: Golden) -> None:
    """The document obeys the VOSI schema and has not drifted."""
    assert [] == schema_errors(document)
    golden.check("capabilities.xml", document)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=[parameter.name for parameter in PARAMETERS])
def test_every_declared_parameter_is_advertised(document: bytes, parameter: standards.Parameter) -> None:
    """What specs/ declares, capabilities lists, with its unit and UCD."""
    path = f"//capability[@standardID='{SODA.endpoint('sync').standard_id}']//param[name='{parameter.name}']"
    (found,) = etree.fromstring(document).xpath(path)

    assert (parameter.unit, parameter.ucd) == (found.findtext("unit", ""), found.findtext("ucd", ""))


def test_what_is_not_bound_is_not_advertised(document: bytes, tmp_path: Path) -> None:
    """Without a desk for jobs, SODA async has no handler, and neither it nor UWS is in the document."""
    with archive_of(settings_of(image(tmp_path / "s" / "a.fits").parent)) as archive:
        (bound,) = (entry for entry in endpoints(archive) if entry.endpoint.name == "capabilities")
        answer = bound.handler(Request(bound.standard, bound.endpoint, {}))
    assert isinstance(answer, Document)

    for identifier in (b"SODA#async-1.0", b"UWS#rest-1.1"):
        assert identifier in document
        assert identifier not in answer.content
    assert b"SODA#sync-1.0" in answer.content


def test_addresses_are_those_of_the_settings(document: bytes, tmp_path: Path) -> None:
    """Without a public address, the document gives the one that was asked."""
    with client_of(
        settings_of(image(tmp_path / "s" / "a.fits").parent).model_copy(update={"base_url": ""})
    ) as client:
        asked = client.get("/capabilities", headers={"Host": "mirror.example"}).content

    assert b">http://archive.example/soda/sync<" in document
    assert b">http://mirror.example/sync<" in asked
