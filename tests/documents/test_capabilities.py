"""The capabilities document, from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree
from small import client_of, image, settings_of

from soda_core import standards
from soda_core.documents import schema_errors

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


def test_what_is_not_bound_is_not_advertised(document: bytes) -> None:
    """The tables of VOSI are declared, have no handler here, and are not in the document."""
    assert b"SODA#sync-1.0" in document
    assert b"SODA#async-1.0" in document
    assert b"VOSI#tables" not in document


def test_addresses_are_those_of_the_settings(document: bytes, tmp_path: Path) -> None:
    """Without a public address, the document gives the one that was asked."""
    with client_of(
        settings_of(image(tmp_path / "s" / "a.fits").parent).model_copy(update={"base_url": ""})
    ) as client:
        asked = client.get("/capabilities", headers={"Host": "mirror.example"}).content

    assert b">http://archive.example/soda/sync<" in document
    assert b">http://mirror.example/sync<" in asked
