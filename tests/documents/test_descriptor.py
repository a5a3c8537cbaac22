"""Service descriptors tell clients how to call an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ivoa_schemas.votable import Resource, ResourceType, Votable, VotableVersion
from lxml import etree
from small import archive_of, did_of, image, settings_of

from soda_core import standards
from soda_core.documents import Admissible, descriptor, schema_errors, self_description, serialize
from soda_core.services import admissible_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golden import Golden

SODA, LINKS = standards.load("soda"), standards.load("datalink")
SYNC = SODA.endpoint("sync")
NS = {"v": "http://www.ivoa.net/xml/VOTable/v1.3"}


def written(admissible: Mapping[str, Admissible] | None = None) -> etree._Element:
    """Return a valid VOTable with the descriptor."""
    made = descriptor(SODA, SYNC, "http://a", admissible=admissible)
    results = Resource(type_value=ResourceType.RESULTS)
    document = serialize(Votable(version=VotableVersion.VALUE_1_4, items_1=[results, made]))
    assert [] == schema_errors(document, "votable-1.4")
    return etree.fromstring(document)


def test_the_self_description_is_valid_and_stable(golden: Golden) -> None:
    """The answer to a bare request obeys the VOTable schema and has not drifted."""
    document = serialize(self_description(SODA, SYNC, "http://archive.example/soda", LINKS))

    assert [] == schema_errors(document, "votable-1.4")
    golden.check("self-description.xml", document)


def test_every_declared_parameter_is_described() -> None:
    """Without a dataset at hand, all that the endpoint takes is listed."""
    names = written().xpath("//v:GROUP[@name='inputParams']/v:PARAM/@name", namespaces=NS)

    assert list(SYNC.parameters) == names


@pytest.mark.parametrize(
    ("admissible", "expected"),
    [
        (Admissible(), (None, None, [])),
        (Admissible(minimum="1.0", maximum="2.0"), ("1.0", "2.0", [])),
        (Admissible(maximum="10 20 1"), (None, "10 20 1", [])),
        (Admissible(options=("I", "Q")), (None, None, ["I", "Q"])),
    ],
)
def test_values_of_one_dataset(
    admissible: Admissible, expected: tuple[str | None, str | None, list[str]]
) -> None:
    """What is admissible for a dataset stands in VALUES, and other parameters are left out."""
    root = written({"BAND": admissible})
    (param,) = root.xpath("//v:GROUP/v:PARAM", namespaces=NS)

    def value(tag: str) -> str | None:
        node = param.find(f"v:VALUES/v:{tag}", NS)
        return None if node is None else node.get("value")

    options = param.xpath("v:VALUES/v:OPTION/@value", namespaces=NS)
    assert ("BAND", expected) == (param.get("name"), (value("MIN"), value("MAX"), options))


def test_a_closed_list_is_offered() -> None:
    """The legal values of a declaration are options where the dataset says nothing narrower."""
    options = written({"POL": Admissible()}).xpath("//v:PARAM[@name='POL']//v:OPTION/@value", namespaces=NS)

    assert list(SODA.parameters["POL"].values) == options


ALWAYS = ["PLANES", "COMPRESS", "PROVENANCE", "CHECKSUM", "RESPONSEFORMAT"]


def test_a_plain_image_admits_the_sky_only(tmp_path: Path) -> None:
    """An image without wavelength, time and polarisation offers none of them, and its circle as a maximum."""
    with archive_of(settings_of(image(tmp_path / "sky" / "a.fits").parent)) as archive:
        admissible = admissible_of(archive.dataset(did_of("a.fits")))

    assert ["ID", "POS", "CIRCLE", "POLYGON", "BRECT", "MASK", *ALWAYS] == list(admissible)
    assert did_of("a.fits") == admissible["ID"].value
    assert pytest.approx([10, 20], abs=1e-6) == [float(x) for x in admissible["CIRCLE"].maximum.split()][:2]
