"""DALI 1.1 (and what 1.2 adds): values, metadata of parameters, and the VOTable that the service writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from answers import refused
from lxml import etree
from support import CENTRE, CUBE, M13, get, opened

from soda_core import standards
from soda_core.documents import descriptor, schema_errors, self_description, serialize
from soda_core.services import admissible_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.testclient import TestClient

    from soda_core.services import Archive

requirement = pytest.mark.requirement

SODA = standards.load("soda")
SYNC = SODA.endpoint("sync")
MIRRORED = "ivo://sodalite.local/demo?real/sip-wcs.fits"
"""An image whose right ascension grows to the right."""
VOT = "{http://www.ivoa.net/xml/VOTable/v1.3}"
KNOWN = {"timestamp", "interval", "point", "circle", "polygon", "range", "moc", "shape"}
"""Names of value types that need no prefix."""


@pytest.fixture(scope="module")
def document(client: TestClient) -> etree._Element:
    """The VOTable that a bare GET of {sync} answers."""
    return etree.fromstring(client.get("/sync").content)


@pytest.fixture(scope="module")
def inputs(document: etree._Element) -> Mapping[str, etree._Element]:
    """The input parameters of its descriptor."""
    (resource,) = (r for r in document.iter(f"{VOT}RESOURCE") if r.get("utype") == "adhoc:service")
    return {str(p.get("name")): p for p in resource.iterfind(f"{VOT}GROUP/{VOT}PARAM")}


@requirement("DALI-4.4-01", "DALI-4.4-02", "DALI-4.4-03", "DALI-4.4-07")
def test_a_votable_has_one_result_that_opens_with_its_status(document: etree._Element) -> None:
    """One RESOURCE of type results, its QUERY_STATUS before the TABLE; the others are of type meta."""
    (results,) = (r for r in document if r.get("type") == "results")
    others = {r.get("type") for r in document.iterfind(f"{VOT}RESOURCE") if r is not results}
    names = [(child.tag, child.get("name"), child.get("value")) for child in results]
    status = names.index((f"{VOT}INFO", "QUERY_STATUS", "OK"))

    assert (1, 2) <= tuple(int(number) for number in str(document.get("version")).split("."))
    assert {"meta"} == others
    assert status < [tag for tag, _, _ in names].index(f"{VOT}TABLE")
    assert 1 == sum(name == "QUERY_STATUS" for _, name, _ in names)


@requirement("DALI-4.4-08")
def test_a_votable_names_its_standard(document: etree._Element) -> None:
    """INFO standardID is the identifier of the standard that the table follows."""
    (found,) = document.iterfind(f"{VOT}RESOURCE/{VOT}INFO[@name='standardID']")

    assert "ivo://ivoa.net/std/DataLink#links-1.1" == found.get("value")


@requirement("DALI-3.3-04", "DALI-3.3-06", "DALI-3.3-07", "DALI-3.3-09", "SODA-3.5-01", "SODA-3.2-02")
@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("ID", ("char", "*", None, "meta.id;meta.dataset", None)),
        ("POS", ("char", "*", None, "pos.outline;obs", None)),
        ("CIRCLE", ("double", "3", "circle", "pos.outline;obs", "deg")),
        ("POLYGON", ("double", "*", "polygon", "pos.outline;obs", "deg")),
        ("BAND", ("double", "2", "interval", "em.wl;stat.interval", "m")),
        ("TIME", ("double", "2", "interval", "time.interval;obs.exposure", "d")),
        ("POL", ("char", "*", None, "meta.code;phys.polarization", None)),
    ],
)
def test_parameters_have_the_metadata_of_their_type(
    inputs: Mapping[str, etree._Element], name: str, metadata: tuple[str | None, ...]
) -> None:
    """Type by DALI, and the factors by which a client knows a parameter of SODA: name, UCD and unit."""
    factors = ("datatype", "arraysize", "xtype", "ucd", "unit")

    assert metadata == tuple(inputs[name].get(factor) for factor in factors)


@requirement("DALI-3.3-09")
def test_an_xtype_of_our_own_has_a_prefix(inputs: Mapping[str, etree._Element]) -> None:
    """What DALI does not define is named with a colon."""
    xtypes = {str(p.get("xtype")) for p in inputs.values() if p.get("xtype")}

    assert xtypes
    assert set() == {word for word in xtypes - KNOWN if ":" not in word}


def turns_left(vertices: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a small polygon is counter-clockwise for one who looks at the sky from inside."""
    lon, lat = np.radians(vertices).T
    vectors = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)
    normal = np.cross(vectors, np.roll(vectors, -1, axis=0)).sum(axis=0)
    return bool(normal @ vectors.mean(axis=0) < 0)  # from outside the sense is the other one


@pytest.mark.parametrize(
    ("vertices", "left"),
    [
        ([(10, 0), (11, 0), (10, 1)], False),
        ([(11, 0), (10, 0), (10, 1)], True),
        ([(0, 89), (120, 89), (240, 89)], False),
    ],
)
def test_the_sense_of_a_polygon(vertices: list[tuple[float, float]], left: bool) -> None:  # noqa: FBT001 - what is expected
    """East is to the left when north is up: south-east, south-west, north turns left."""
    assert left == turns_left(vertices)


@requirement("DALI-3.3-07", "DALI-3.3-08", "DALI12-3-12")
def test_footprints_are_polygons_of_dali(archive: Archive) -> None:
    """Three vertices or more in range, the first not repeated, counter-clockwise seen from inside."""
    looked = 0
    for dataset in archive.datasets():
        numbers = [float(word) for word in admissible_of(dataset)["POLYGON"].maximum.split()]
        vertices = list(zip(numbers[::2], numbers[1::2], strict=True))
        assert len(vertices) >= 3
        assert vertices[0] != vertices[-1]
        assert all(0 <= lon < 360 and -90 <= lat <= 90 for lon, lat in vertices)
        if dataset.did != MIRRORED:
            assert turns_left(vertices), dataset.did
            looked += 1

    assert looked > 20


@requirement("DALI-3.3-08")
def test_the_footprint_of_a_mirrored_image_turns_left_too(archive: Archive) -> None:
    """The sense is that of the sky, not of the pixels."""
    numbers = [float(word) for word in admissible_of(archive.dataset(MIRRORED))["POLYGON"].maximum.split()]

    assert turns_left(list(zip(numbers[::2], numbers[1::2], strict=True)))


@requirement("DALI-3.3-06")
def test_bounding_circles_are_circles_of_dali(archive: Archive) -> None:
    """Three finite numbers: longitude and latitude in range, a radius above 0."""
    for dataset in archive.datasets():
        lon, lat, radius = (float(word) for word in admissible_of(dataset)["CIRCLE"].maximum.split())

        assert 0 <= lon < 360
        assert -90 <= lat <= 90
        assert 0 < radius <= 180


@requirement("DALI12-3-11")
@pytest.mark.parametrize(
    ("name", "near", "far"),
    [
        ("CIRCLE", f"{CENTRE} 0.01", "610.4226 36.4602 0.01"),
        ("CIRCLE", f"{CENTRE} 0.01", "-109.5774 36.4602 0.01"),
        ("POS", "RANGE 250.4 250.44 36.44 36.48", "RANGE 610.4 610.44 36.44 36.48"),
        (
            "POLYGON",
            "250.40 36.44 250.44 36.44 250.42 36.48",
            "610.40 36.44 250.44 36.44 -109.58 36.48",
        ),
    ],
)
def test_longitudes_beyond_a_turn_are_reduced(client: TestClient, name: str, near: str, far: str) -> None:
    """A longitude of 610.4 means 250.4."""
    one, other = (opened(get(client, ID=M13, **{name: value}).content)[0] for value in (near, far))

    assert one.data.tobytes() == other.data.tobytes()
    assert one.header["CRPIX1"] == other.header["CRPIX1"]


@requirement("DALI-3.3-01")
@pytest.mark.parametrize(
    "text", ["250.4226 36.4602 .01", "250.4226 3.64602E1 0.01", " 250.4226\t36.4602\n1e-2 "]
)
def test_numbers_are_read_in_every_form(client: TestClient, text: str) -> None:
    """Exponents, a bare point and any white space change nothing."""
    assert get(client, ID=M13, CIRCLE=f"{CENTRE} 0.01").content == get(client, ID=M13, CIRCLE=text).content


@requirement("DALI-3.1-02")
@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("POL", "i", 400),
        ("POL", "I", 200),
        ("RESPONSEFORMAT", "FITS", 200),
        ("POS", "circle 150.1192 2.2054 1", 200),
    ],
)
def test_values_are_compared_as_the_declaration_says(
    client: TestClient, name: str, value: str, status: int
) -> None:
    """A state of polarisation has one spelling; media types and the words of shapes have any."""
    assert status == get(client, ID=CUBE, **{name: value}).status_code


@requirement("DALI-2.2-01", "DALI12-2-10")
def test_the_two_forms_of_post_agree_on_every_kind_of_answer(client: TestClient) -> None:
    """Data, nothing and a refusal are the same by GET and by both encodings of POST."""
    for filters in ({"CIRCLE": f"{CENTRE} 0.01"}, {"CIRCLE": "1 1 0.1"}, {"CIRCLE": "1 1"}, {"BAND": "1 2"}):
        values = {"ID": M13, **filters}
        plain = get(client, **values)
        for answer in (
            client.post("/sync", data=values),
            client.post("/sync", files={name: (None, value) for name, value in values.items()}),
            client.post("/sync", params=values),
        ):
            assert (plain.status_code, plain.content) == (answer.status_code, answer.content)
            assert plain.headers == answer.headers


@requirement("DALI-3.4-03", "DALI-4.2-06")
@pytest.mark.parametrize(
    "word", ["votable", "text/xml", "csv", "application/x-no-such-format", "fits,png", "*/*"]
)
def test_a_format_that_is_not_offered_is_refused(client: TestClient, word: str) -> None:
    """The refusal lists what is offered."""
    refused(get(client, ID=M13, RESPONSEFORMAT=word), 400, "UsageError", "application/fits, fits, image/fits")


@requirement("DALI-4.1-02")
def test_headers_tell_the_truth(client: TestClient) -> None:
    """Length and type of each kind of answer are those of its body; the file has a name."""
    fits = get(client, ID=M13, CIRCLE=f"{CENTRE} 0.01")
    png = get(client, ID=M13, CIRCLE=f"{CENTRE} 0.01", RESPONSEFORMAT="png")

    assert b"SIMPLE  =" == fits.content[:9]
    assert b"\x89PNG\r\n" == png.content[:6]
    assert ("application/fits", "image/png") == (fits.headers["content-type"], png.headers["content-type"])
    for answer in (fits, png, client.get("/capabilities"), client.get("/examples"), client.get("/sync")):
        assert str(len(answer.content)) == answer.headers["content-length"]
        assert "content-encoding" not in answer.headers
    assert 'attachment; filename="m13-cutout.fits"' == fits.headers["content-disposition"]


@requirement("DALI-4.1-02")
def test_a_packed_file_is_sent_as_what_it_is(client: TestClient) -> None:
    """The type of a gzip file is that of gzip; a cutout of it is plain FITS."""
    packed = "ivo://sodalite.local/demo?real/dist_lookup.fits.gz"
    whole, cut = get(client, ID=packed), get(client, ID=packed, CIRCLE="5.5294 -72.0521 0.0003")

    assert (b"\x1f\x8b", "application/gzip") == (whole.content[:2], whole.headers["content-type"])
    assert 'attachment; filename="dist_lookup.fits.gz"' == whole.headers["content-disposition"]
    assert (b"SIMPLE  =", "application/fits") == (cut.content[:9], cut.headers["content-type"])


@requirement("DALI-2.3-09")
def test_the_examples_continue_nowhere(client: TestClient) -> None:
    """There is one page of examples."""
    root = etree.fromstring(client.get("/examples").content)

    assert [] == [node for node in root.iter() if node.get("property") == "continuation"]
    allowed = {"vocab", "typeof", "property", "resource", "id"}
    assert allowed >= {name for node in root.iter(etree.Element) for name in node.attrib}


def test_the_schema_check_of_the_tests_can_fail(archive: Archive) -> None:
    """A descriptor with a datatype that VOTable does not know is found invalid."""
    made = descriptor(SODA, SYNC, "http://testserver", admissible=admissible_of(archive.dataset(M13)))
    votable = self_description(SODA, SYNC, "http://testserver", standards.load("datalink"))
    votable.items_1 = [votable.items_1[0], made]
    good = serialize(votable)

    assert [] == schema_errors(good, "votable-1.4")
    assert schema_errors(good.replace(b'datatype="double"', b'datatype="quadruple"'), "votable-1.4")
