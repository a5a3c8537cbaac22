"""SODA 1.0, the rules that concern {sync} and the descriptors; each test names the requirements it shows."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.wcs import WCS
from lxml import etree
from support import CENTRE, CUBE, EXPOSURE, M13, MERIDIAN, POLE, TILE, errors_of, get, opened

from soda_core import standards
from soda_core.documents import descriptor
from soda_core.services import admissible_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from soda_core.services import Archive

requirement = pytest.mark.requirement

SODA = standards.load("soda")
SYNC = SODA.endpoint("sync")
LABELS = tuple(SODA.labels.values())
VOT = "{http://www.ivoa.net/xml/VOTable/v1.3}"


@pytest.fixture(scope="module")
def capabilities(client: TestClient) -> etree._Element:
    """The capabilities document."""
    return etree.fromstring(client.get("/capabilities").content)


@requirement("SODA-2-01", "SODA-2-02", "SODA-2-03", "SODA-2-04", "SODA-2.5-01", "SODA-2.1-02")
def test_capabilities_list_sync_and_the_support_interfaces(capabilities: etree._Element) -> None:
    """The sibling capabilities name {sync}, availability and themselves, one path step below the base."""
    found = {c.get("standardID"): c.findtext("interface/accessURL") for c in capabilities}

    assert f"http://testserver{SYNC.path}" == found["ivo://ivoa.net/std/SODA#sync-1.0"]
    assert "http://testserver/capabilities" == found["ivo://ivoa.net/std/VOSI#capabilities"]
    assert "http://testserver/availability" == found["ivo://ivoa.net/std/VOSI#availability"]
    assert 1 == SYNC.path.count("/")


@requirement("SODA-2.5-02")
def test_the_interface_is_a_standard_param_http(capabilities: etree._Element) -> None:
    """The interface of {sync} is vs:ParamHTTP in the role std, and needs no extension type."""
    (sync,) = (c for c in capabilities if c.get("standardID") == SYNC.standard_id)
    interface = sync.find("interface")

    assert interface is not None
    assert "vs:ParamHTTP" == interface.get("{http://www.w3.org/2001/XMLSchema-instance}type")
    assert "std" == interface.get("role")
    assert sync.get("{http://www.w3.org/2001/XMLSchema-instance}type") is None


@requirement("SODA-4-02", "SODA-3.5-01")
@pytest.mark.parametrize("parameter", SODA.parameters_of(SYNC), ids=attrgetter("name"))
def test_every_declared_parameter_is_advertised_with_its_three_factors(
    capabilities: etree._Element, parameter: standards.Parameter
) -> None:
    """Capabilities list what specs/ declares, with name, UCD and unit."""
    (sync,) = (c for c in capabilities if c.get("standardID") == SYNC.standard_id)
    found = {p.findtext("name"): p for p in sync.iterfind("interface/param")}

    assert (parameter.ucd or None) == found[parameter.name].findtext("ucd")
    assert (parameter.unit or None) == found[parameter.name].findtext("unit")


@requirement("SODA-2.1-01", "SODA-2.1-03", "SODA-5.1-01", "SODA-5.1-03")
def test_get_post_and_multipart_give_the_same_file(client: TestClient) -> None:
    """The data comes back in the body, whichever way the parameters were sent."""
    values = {"ID": M13, "CIRCLE": f"{CENTRE} 0.01"}
    answer = client.get("/sync", params=values)

    assert 200 == answer.status_code
    assert "application/fits" == answer.headers["content-type"]
    assert answer.content.startswith(b"SIMPLE  =")
    assert str(len(answer.content)) == answer.headers["content-length"]
    assert answer.content == client.post("/sync", data=values).content
    assert answer.content == client.post("/sync", files={k: (None, v) for k, v in values.items()}).content
    assert (
        answer.content == client.post("/sync", params={"ID": M13}, data={"CIRCLE": values["CIRCLE"]}).content
    )


@requirement("SODA-3.1-01", "SODA-3.1-02")
@pytest.mark.parametrize("name", ["CIRCLE", "POLYGON", "POS", "BAND", "TIME", "ID", "BRECT"])
def test_a_repeated_parameter_is_refused_with_the_word_of_the_standard(client: TestClient, name: str) -> None:
    """{sync} takes one value of each filter, also where the repetition is spelt in another case."""
    value = (
        f"CIRCLE {CENTRE} 0.01" if name == "POS" else {"ID": M13}.get(name, SODA.parameters[name].examples[0])
    )
    query = [("ID", M13)] * (name != "ID") + [(name, value), (name.lower(), value)]

    answer = client.get("/sync", params=query)  # type: ignore[arg-type]  # a list of pairs is allowed

    assert 400 == answer.status_code
    assert answer.text.startswith("MultiValuedParamNotSupported: ")
    assert name in answer.text


@requirement("SODA-3.1-03", "SODA-3.3-10")
def test_pol_values_are_one_filter(client: TestClient) -> None:
    """Two states give one file with these two planes; each alone gives its own."""
    both = opened(get(client, ID=CUBE, POL=["I", "V"]).content)
    alone = opened(get(client, ID=CUBE, POL="V").content)

    assert (2, 64, 96, 96) == both[0].data.shape
    assert 3 == both[0].header["CDELT4"]
    np.testing.assert_array_equal(both[0].data[1], alone[0].data[0])


@requirement("SODA-3.2-01")
def test_an_identifier_survives_percent_encoding(client: TestClient) -> None:
    """The identifier of a dataset is used byte for byte."""
    assert 200 == client.head("/sync?ID=ivo%3A%2F%2Fsodalite.local%2Fdemo%3Freal%2Fm13.fits").status_code
    assert 200 == client.head("/sync?id=IVO://Sodalite.Local/demo?real/m13.fits").status_code


@requirement("SODA-3.3-01")
def test_a_region_beyond_the_data_is_reduced_to_the_data(client: TestClient) -> None:
    """A circle larger than the image gives the image."""
    hdus = opened(get(client, ID=M13, CIRCLE=f"{CENTRE} 90").content)

    assert (300, 300) == hdus[0].data.shape


@requirement("SODA-3.3-02", "SODA-3.3-11")
@pytest.mark.parametrize(
    ("pos", "own"),
    [
        ("CIRCLE 250.4226 36.4602 0.02", {"CIRCLE": "250.4226 36.4602 0.02"}),
        (
            "POLYGON 250.40 36.44 250.44 36.44 250.42 36.48",
            {"POLYGON": "250.40 36.44 250.44 36.44 250.42 36.48"},
        ),
        ("BRECT 250.4226 36.4602 0.02 0.01", {"BRECT": "250.4226 36.4602 0.02 0.01"}),
        ("RANGE 250.40 250.44 36.44 36.48", {}),
    ],
)
def test_pos_takes_every_shape_and_means_the_same(client: TestClient, pos: str, own: dict[str, str]) -> None:
    """`POS=CIRCLE …` and `CIRCLE=…` select the same pixels; RANGE has no parameter of its own."""
    by_pos = opened(get(client, ID=M13, POS=pos).content)
    by_own = opened(get(client, ID=M13, **own).content) if own else by_pos

    assert by_pos[0].data.size
    np.testing.assert_array_equal(by_pos[0].data, by_own[0].data)
    assert by_pos[0].header["CRPIX1"] == by_own[0].header["CRPIX1"]


@requirement("SODA-3.3-03", "SODA-4.2-07")
@pytest.mark.parametrize(("did", "centre"), [(M13, (250.4226, 36.4602)), (TILE, (150.1192, 2.2054))])
def test_coordinates_are_icrs_degrees(client: TestClient, did: str, centre: tuple[float, float]) -> None:
    """The position asked for lies in the middle of the answer by the answer's own WCS."""
    hdus = opened(get(client, ID=did, CIRCLE=f"{centre[0]} {centre[1]} 0.005").content)
    wcs = WCS(hdus[0].header)

    x, y = wcs.all_world2pix([centre], 0)[0]

    assert abs(x - (hdus[0].data.shape[1] - 1) / 2) <= 1
    assert abs(y - (hdus[0].data.shape[0] - 1) / 2) <= 1


@requirement("SODA-3.3-04")
@pytest.mark.parametrize("infinity", ["Inf", "+Inf", "+inf", "Infinity"])
def test_infinities_leave_an_end_open(client: TestClient, infinity: str) -> None:
    """An interval open at both ends is no restriction; a range may be open to the pole."""
    whole = opened(get(client, ID=CUBE, BAND=f"-Inf {infinity}").content)
    polar = get(client, ID=POLE, POS=f"RANGE 0 360 89.95 {infinity}")

    assert (4, 64, 96, 96) == whole[0].data.shape
    assert 200 == polar.status_code


@requirement("SODA-3.3-04")
def test_a_plus_that_came_as_a_blank_is_understood(client: TestClient) -> None:
    """`+Inf` sent without `%2B` arrives as ` Inf`, which is the same."""
    encoded = client.get(f"/sync?ID={M13}&POS=RANGE+250+251+36.46+%2BInf")

    assert 200 == encoded.status_code
    assert encoded.content == client.get(f"/sync?ID={M13}&POS=RANGE+250+251+36.46++Inf").content


@requirement("SODA-3.3-05", "SODA-3.3-06", "SODA-5.2-01", "SODA-5.2-02", "SODA-5.2-03")
@pytest.mark.parametrize(
    ("name", "value"),
    [("CIRCLE", "1 2"), ("CIRCLE", "1 2 3 4"), ("POLYGON", "1 1 2 2"), ("POLYGON", "1 1 2 2 3 3 4")],
)
def test_a_wrong_count_of_numbers_is_a_usage_error(client: TestClient, name: str, value: str) -> None:
    """The answer is text that opens with a label, in the status of a client's error."""
    answer = get(client, ID=M13, **{name: value})

    assert 400 == answer.status_code
    assert "text/plain" == answer.headers["content-type"].partition(";")[0]
    assert answer.text.startswith(f"UsageError: {name}={value!r}: expected ")


@requirement("SODA-3.3-07", "SODA-3.3-12")
def test_a_scalar_selects_one_channel(client: TestClient) -> None:
    """One number is read as a pair of it, and gives the channel that it lies in."""
    scalar = opened(get(client, ID=CUBE, BAND="0.21245").content)
    pair = opened(get(client, ID=CUBE, BAND="0.21245 0.21245").content)

    assert (4, 1, 96, 96) == scalar[0].data.shape
    assert scalar[0].header["CRPIX3"] == pair[0].header["CRPIX3"]


@requirement("SODA-3.3-08", "SODA-3.3-09", "SODA-4.2-01", "SODA-4.2-02")
@pytest.mark.parametrize(
    ("did", "name"), [(CUBE, "BAND"), (TILE, "BAND"), (TILE, "TIME"), (EXPOSURE, "TIME")]
)
def test_the_limits_of_a_descriptor_select_the_dataset(
    client: TestClient, archive: Archive, did: str, name: str
) -> None:
    """MIN and MAX are single numbers, metres and MJD, and asking for them gives data."""
    limits = admissible_of(archive.dataset(did))[name]

    assert float(limits.minimum) < float(limits.maximum)
    assert 200 == get(client, ID=did, **{name: f"{limits.minimum} {limits.maximum}"}).status_code


@requirement("SODA-3.4-01")
def test_the_product_lies_within_the_data(client: TestClient, demo_folder: Path) -> None:
    """Pixels and bounds of the answer are those of the parent."""
    parent = opened((demo_folder / "survey/tile_11_r.fits").read_bytes())[0]
    cut = opened(get(client, ID=TILE, CIRCLE="150.1192 2.2054 0.01").content)[0]
    shift = [int(parent.header[f"CRPIX{axis}"] - cut.header[f"CRPIX{axis}"]) for axis in (2, 1)]
    place = tuple(slice(first, first + size) for first, size in zip(shift, cut.data.shape, strict=True))

    assert cut.data.size < parent.data.size
    np.testing.assert_array_equal(parent.data[place], cut.data)


@requirement("SODA-5.1-02")
@pytest.mark.parametrize(
    "filters",
    [
        {"CIRCLE": "70.4226 -36.4602 1"},
        {"CIRCLE": f"{CENTRE} 0.01", "POS": "CIRCLE 250.45 36.5 0.001"},
        {"ID": CUBE, "BAND": "1e-7 2e-7"},
        {"ID": CUBE, "POL": "XX"},
        {"ID": TILE, "TIME": "40000 40001"},
        {"ID": TILE, "BAND": "0.1 0.2"},
    ],
)
def test_an_empty_selection_is_204_without_a_body(client: TestClient, filters: dict[str, str]) -> None:
    """No pixel selected: status 204, no body, no media type."""
    answer = get(client, **({"ID": M13} | filters))

    assert 204 == answer.status_code
    assert b"" == answer.content
    assert "content-type" not in answer.headers


@requirement("SODA-5.2-03")
def test_an_unknown_dataset_is_not_found(client: TestClient) -> None:
    """An identifier of the right form that names nothing is answered 404 in the form of the standard."""
    answer = get(client, ID="ivo://sodalite.local/demo?no/such.fits")

    assert 404 == answer.status_code
    assert answer.text.startswith("UsageError: ID=")


@requirement("SODA-6-04")
def test_a_single_valued_parameter_of_dali_is_refused_twice(client: TestClient) -> None:
    """RUNID and RESPONSEFORMAT have one value."""
    assert 400 == get(client, ID=M13, RUNID=["a", "b"]).status_code
    assert 400 == get(client, ID=M13, RESPONSEFORMAT=["fits", "fits"]).status_code


@requirement("SODA-4-01", "SODA-3.2-02", "SODA-3.5-02", "SODA-4.2-08")
def test_a_bare_get_describes_the_endpoint(client: TestClient) -> None:
    """Without parameters the answer is a valid DataLink document with a descriptor of all parameters."""
    answer = client.get("/sync")
    root = etree.fromstring(answer.content)
    (resource,) = (r for r in root.iter(f"{VOT}RESOURCE") if r.get("utype") == "adhoc:service")
    fixed = {p.get("name"): p.get("value") for p in resource.iterfind(f"{VOT}PARAM")}
    inputs = {p.get("name"): p for p in resource.iterfind(f"{VOT}GROUP[@name='inputParams']/{VOT}PARAM")}

    assert [] == errors_of(answer)
    assert "application/x-votable+xml;content=datalink" == answer.headers["content-type"]
    assert SYNC.standard_id == fixed["standardID"]
    assert "http://testserver/sync" == fixed["accessURL"]
    assert set(SYNC.parameters) == set(inputs)
    assert "meta.id;meta.dataset" == inputs["ID"].get("ucd")
    assert "circle" == inputs["CIRCLE"].get("xtype")


@requirement("SODA-4.2-03", "SODA-4.2-04", "SODA-4.2-05", "SODA-4.2-06")
def test_the_descriptor_of_a_dataset_tells_the_truth(client: TestClient, archive: Archive) -> None:
    """MAX of CIRCLE and POLYGON cover the data, each OPTION of POL gives data, POLYGON goes with POS."""
    known = admissible_of(archive.dataset(CUBE))
    resource = descriptor(SODA, SYNC, "http://testserver", admissible=known)

    whole = opened(get(client, ID=CUBE).content)[0].data.shape
    assert whole == opened(get(client, ID=CUBE, CIRCLE=known["CIRCLE"].maximum).content)[0].data.shape
    assert whole == opened(get(client, ID=CUBE, POLYGON=known["POLYGON"].maximum).content)[0].data.shape
    assert ("I", "Q", "U", "V") == known["POL"].options
    assert all(200 == get(client, ID=CUBE, POL=state).status_code for state in known["POL"].options)
    assert "" == known["CIRCLE"].minimum == known["POLYGON"].minimum
    assert {"POS", "POLYGON"} <= set(known)
    assert "soda-sync" == resource.id


def test_several_filters_combine(client: TestClient) -> None:
    """Sky, wavelength and polarisation restrict together."""
    whole = opened(get(client, ID=CUBE).content)[0]
    cut = opened(get(client, ID=CUBE, CIRCLE="150.1192 2.2054 0.01", BAND="0.2124 0.2125", POL="Q").content)[
        0
    ]

    assert all(
        0 < small < large for small, large in zip(cut.data.shape[1:], whole.data.shape[1:], strict=True)
    )
    assert 1 == cut.data.shape[0]


def test_an_identifier_alone_gives_the_whole_file(client: TestClient, demo_folder: Path) -> None:
    """Without filters the bytes are those of the archive."""
    assert (demo_folder / "real/m13.fits").read_bytes() == get(client, ID=M13).content


def test_head_answers_the_headers_alone(client: TestClient) -> None:
    """HEAD has the status and length of GET and no body."""
    asked = {"ID": M13, "CIRCLE": f"{CENTRE} 0.01"}
    head = client.head("/sync", params=asked)

    assert 200 == head.status_code
    assert b"" == head.content
    assert client.get("/sync", params=asked).headers["content-length"] == head.headers["content-length"]


def test_a_product_of_several_planes_is_cut_whole(client: TestClient) -> None:
    """Image, mask and variance have the same box; the table of sources goes along."""
    hdus = opened(get(client, ID=EXPOSURE, CIRCLE="150.1192 2.2054 0.01").content)

    assert ["PRIMARY", "IMAGE", "MASK", "VARIANCE", "SOURCES"] == [hdu.name for hdu in hdus]
    assert 1 == len({hdus[name].data.shape for name in ("IMAGE", "MASK", "VARIANCE")})


def test_a_range_crosses_the_meridian(client: TestClient) -> None:
    """A first longitude above the second runs across right ascension 0."""
    cut = opened(get(client, ID=MERIDIAN, POS="RANGE 359.99 0.01 11.98 12.02").content)[0]
    longitudes = WCS(cut.header).all_pix2world([[0, 0], [cut.data.shape[1] - 1, 0]], 0)[:, 0]

    assert 0.019 < np.ptp((longitudes + 180) % 360) < 0.021


@requirement("SODA-2.3-01", "SODA-2.3-02")
def test_examples_are_offered(client: TestClient) -> None:
    """The examples document has an invocation of {sync} in generic parameters."""
    root = etree.fromstring(client.get("/examples").content)
    keys = [node.text for node in root.iter("{*}th") if node.get("property") == "key"]

    assert "ID" in keys
    assert "CIRCLE" in keys
