"""DataLink 1.1, 4: the descriptors that come with links, and that they are true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from linked import VOT, Linked, ask, constants, inputs
from lxml import etree
from small import archive_of, did_of, image, settings_of
from starlette.testclient import TestClient
from support import CUBE, EXPOSURE, M13, MERIDIAN, POLE, TILE, opened

from soda_core import standards
from soda_core.services.datalink import DESCRIBED
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soda_core.services import Archive

requirement = pytest.mark.requirement

SODA = standards.load("soda")
TILES = "ivo://sodalite.local/demo?survey/tile_20_i.fits.fz"
PACKED = "ivo://sodalite.local/demo?real/dist_lookup.fits.gz"
KINDS = [M13, CUBE, EXPOSURE, MERIDIAN, POLE, TILE, TILES, PACKED]
"""A dataset of each kind in the demo archive."""


@pytest.fixture(scope="module")
def several(client: TestClient) -> Linked:
    """The links of several datasets."""
    return ask(client, *KINDS)


def values(parameter: etree._Element, end: str) -> list[str]:
    """Return what a parameter gives as MIN, MAX or OPTION."""
    return [str(node.get("value")) for node in parameter.iterfind(f"{VOT}VALUES/{VOT}{end}")]


def query(service: etree._Element, row: dict[str, str]) -> dict[str, str]:
    """Return what a client sends without being asked: constants, and the cells of the row referred to."""
    fields = {field.get("ID"): str(field.get("name")) for field in service.getroottree().iter(f"{VOT}FIELD")}
    sent = {}
    for parameter in inputs(service):
        if ref := parameter.get("ref"):
            sent[str(parameter.get("name"))] = row[fields[ref]]
        elif value := parameter.get("value"):
            sent[str(parameter.get("name"))] = value
    return sent


def tries(service: etree._Element) -> Iterator[dict[str, str]]:
    """Yield each parameter that is offered, with the values of its descriptor and what it says it needs."""
    offered = {str(p.get("name")): p for p in inputs(service)}
    (circle,) = values(offered["CIRCLE"], "MAX")
    lon, lat, radius = circle.split()
    free = {"POS": f"CIRCLE {circle}", "BRECT": f"{lon} {lat} {radius} {radius}"}
    for name, parameter in offered.items():
        text = parameter.findtext(f"{VOT}DESCRIPTION") or ""
        needs = {"CIRCLE": circle} if "CIRCLE" in text and "it needs" in text else {}
        if options := values(parameter, "OPTION"):
            yield from (needs | {name: option} for option in options)
        elif name not in {"ID", *free}:
            yield {name: " ".join(values(parameter, "MIN") + values(parameter, "MAX"))}
        elif name in free:
            yield {name: free[name]}


def of_row(linked: Linked, did: str) -> tuple[etree._Element, dict[str, str]]:
    """Return the descriptor and the row of the cutouts of one dataset."""
    (row,) = (row for row in linked.of(did) if row["service_def"])
    return linked.services[row["service_def"]], row


@requirement("DL-3.2.3-01", "DL-4.1-01", "DL-4.5-01")
def test_rows_name_a_descriptor_of_their_own(several: Linked) -> None:
    """Each cutout row has a RESOURCE with its XML ID; IDs are unique in the document; no table is inside."""
    ids = several.root.xpath("//@ID")
    named = [row["service_def"] for row in several.rows if row["service_def"]]

    assert len(KINDS) == len(set(named)) == len(several.services)
    assert len(set(ids)) == len(ids)
    for service in several.services.values():
        assert ("meta", "adhoc:service") == (service.get("type"), service.get("utype"))
        assert [] == list(service.iter(f"{VOT}TABLE"))


@requirement("DL-4.2-03", "DL-4.2-07")
def test_examples_of_descriptors_work(client: TestClient, several: Linked) -> None:
    """They are absolute, described, and give pixels; most datasets have one."""
    found = several.root.xpath("//*[local-name()='PARAM'][@name='exampleURL']")

    assert len(found) > len(KINDS) / 2
    for parameter in found:
        assert ("char", "*") == (parameter.get("datatype"), parameter.get("arraysize"))
        assert parameter.findtext(f"{VOT}DESCRIPTION")
        address = str(parameter.get("value"))
        assert address.startswith("http://")
        assert 200 == client.get(address).status_code


@requirement("DL-4.1-02")
def test_descriptors_say_what_they_are_for(several: Linked, archive: Archive) -> None:
    """Each has a name of its own, and tells dataset, size, what comes without a filter, and the limit."""
    names = [service.get("name") for service in several.services.values()]

    assert len(set(names)) == len(names) == len(KINDS)
    for did in KINDS:
        dataset = archive.dataset(did)
        text = of_row(several, did)[0].findtext(f"{VOT}DESCRIPTION") or ""
        assert dataset.key.rpartition("/")[2] in text
        assert " × ".join(map(str, dataset.axes)) in text
        assert f"{dataset.size} bytes" in text
        assert "no limit to its size" in text


@requirement("DL-4.1-03")
def test_descriptors_stand_beside_the_results(several: Linked) -> None:
    """They are found at the top of the document, where old clients look."""
    assert {several.root} == {service.getparent() for service in several.services.values()}


@requirement("DL-4.2-01", "DL-4.2-02", "DL-4.2-03", "DL-4.2-04")
def test_the_service_is_the_registered_one(client: TestClient, several: Linked) -> None:
    """AccessURL and standardID are those of the capabilities, contentType is what is answered."""
    root = etree.fromstring(client.get("/capabilities").content)
    known = {str(c.get("standardID")): c.findtext("interface/accessURL") for c in root}

    for service in several.services.values():
        told = constants(service)
        assert known["ivo://ivoa.net/std/SODA#sync-1.0"] == told["accessURL"]
        assert "ivo://ivoa.net/std/SODA#sync-1.0" == told["standardID"]
        assert "application/fits" == told["contentType"]


@requirement("DL-4.3-01", "DL-4.3-06", "DL-4.3-04")
def test_inputs_are_those_of_the_declaration(several: Linked) -> None:
    """One group of inputs; each has the metadata that the declaration gives the parameter."""
    for service in several.services.values():
        assert 1 == len(service.findall(f"{VOT}GROUP[@name='inputParams']"))
        for parameter in inputs(service):
            declared = SODA.parameters[str(parameter.get("name"))]
            for key in ("datatype", "arraysize", "xtype", "unit", "ucd"):
                assert getattr(declared, key) == parameter.get(key, ""), declared.name
            assert parameter.get("value") is not None
            assert declared.description == parameter.findtext(f"{VOT}DESCRIPTION")


@requirement("DL-4.3-02", "DL-4.3-05", "DL-4.2-08")
def test_a_single_dataset_is_a_constant(client: TestClient) -> None:
    """The descriptor holds the identifier; a GET with the constants alone works."""
    linked = ask(client, M13)
    service, row = of_row(linked, M13)
    sent = query(service, row)

    assert {"ID": M13} == sent
    assert [] == [p for p in inputs(service) if p.get("ref")]
    assert 200 == client.get(constants(service)["accessURL"], params=sent).status_code


@requirement("DL-4.3-03", "DL-4.2-08")
def test_of_several_datasets_the_row_tells_which(client: TestClient, several: Linked) -> None:
    """ID refers to the column, so whichever descriptor a client takes, it cuts the dataset of its row."""
    first = of_row(several, KINDS[0])[0]
    for did in KINDS:
        service, row = of_row(several, did)
        assert {"ID": did} == query(service, row) == query(first, row)

    service, row = of_row(several, CUBE)
    answer = client.get(constants(first)["accessURL"], params=query(first, row) | {"POL": "V"})
    assert (1, 64, 96, 96) == opened(answer.content)[0].data.shape


@requirement("DL-4.3-04")
def test_limits_are_those_of_each_dataset(several: Linked, archive: Archive) -> None:
    """MIN and MAX of wavelength and time, options of polarisation, covering circle and polygon."""
    for did in KINDS:
        dataset, offered = archive.dataset(did), {p.get("name"): p for p in inputs(of_row(several, did)[0])}
        for name, interval in (("BAND", dataset.coverage.band), ("TIME", dataset.coverage.time)):
            assert (interval is not None) == (name in offered), (did, name)
            if interval:
                ends = [float(values(offered[name], end)[0]) for end in ("MIN", "MAX")]
                assert [interval.low, interval.high] == ends
        assert bool(dataset.coverage.pol) == ("POL" in offered)
        assert [*map(float, values(offered["CIRCLE"], "MAX")[0].split())] == [*(dataset.circle or ())]
        corners = [x for vertex in dataset.footprint for x in vertex]
        assert corners == [*map(float, values(offered["POLYGON"], "MAX")[0].split())]


@requirement("DL-4.3-04")
def test_several_images_can_be_chosen_from(several: Linked, archive: Archive) -> None:
    """HDU is offered where there are several images, with their numbers; only then."""
    looked = 0
    for did in KINDS:
        offered = {p.get("name"): p for p in inputs(of_row(several, did)[0])}
        images = [str(image["index"]) for image in json.loads(archive.dataset(did).row["hdus"] or "[]")]
        looked += "HDU" in offered

        assert (len(images) > 1) == ("HDU" in offered)
        if "HDU" in offered:
            assert images == values(offered["HDU"], "OPTION")

    assert looked


@requirement("DL-4.3-04", "DL-4.3-02")
@pytest.mark.parametrize("did", KINDS)
def test_the_service_takes_all_that_is_offered(client: TestClient, several: Linked, did: str) -> None:
    """Each parameter with each value that the descriptor gives it is answered with data."""
    service, row = of_row(several, did)
    used = set()
    for chosen in tries(service):
        answer = client.get(constants(service)["accessURL"], params=query(service, row) | chosen)
        used |= set(chosen)

        assert 200 == answer.status_code, (chosen, answer.text[:200])
        assert answer.content

    assert {str(p.get("name")) for p in inputs(service)} - {"ID"} == used


@requirement("DL-4.4-01")
@pytest.mark.parametrize("parameters", [{}, {"MAXREC": "0"}, {"ID": M13, "MAXREC": "0"}])
def test_the_endpoint_describes_itself(client: TestClient, parameters: dict[str, str]) -> None:
    """Once as of today, once as of 1.0; a client that calls it by that gets the links."""
    linked = Linked(client.get("/links", params=parameters))
    now, before = linked.services.values()

    assert ("adhoc:this", "adhoc:service") == (now.get("utype"), before.get("utype"))
    assert "this" == before.get("name")
    assert ["ID", "RESPONSEFORMAT", "MAXREC"] == [p.get("name") for p in inputs(now)]
    url = constants(now)["accessURL"]
    assert ask(client, M13).rows == Linked(client.get(url, params={"ID": M13})).rows


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of more images than get descriptors of their own."""
    folder = tmp_path_factory.mktemp("crowd") / "sky"
    first = image(folder / "000.fits")
    for number in range(1, DESCRIBED + 1):
        (folder / f"{number:03}.fits").write_bytes(first.read_bytes())
    (folder / "note.txt").write_text("no dataset")
    return folder


@requirement("DL-3.2.3-01", "DL-4.3-03")
def test_many_datasets_share_a_descriptor(crowd: Path) -> None:
    """Up to a number each has its own; more of them share one without limits, which works for each row."""
    dids = [did_of(f"{number:03}.fits") for number in range(DESCRIBED + 1)]
    with archive_of(settings_of(crowd)) as archive, TestClient(application(archive)) as client:
        own, shared = (
            Linked(client.post("/links", data={"ID": dids[:n]})) for n in (DESCRIBED, DESCRIBED + 1)
        )
        (service,) = shared.services.values()
        answers = [
            client.get("/sync", params=query(service, of_row(shared, did)[1]) | {"CIRCLE": "10 20 0.01"})
            for did in dids[::50]
        ]

    assert DESCRIBED == len(own.services)
    assert {service.get("ID")} == {row["service_def"] for row in shared.rows if row["service_def"]}
    assert {"CIRCLE", "POLYGON", "POS", "BRECT", "MASK"} < {p.get("name") for p in inputs(service)}
    assert {200} == {answer.status_code for answer in answers}


def test_what_cannot_be_cut_has_no_service(tmp_path: Path) -> None:
    """A file without coordinates has links to itself and its picture; no descriptor promises more."""
    folder = tmp_path / "sky"
    path = image(folder / "plain.fits")
    _without_coordinates(path)
    with archive_of(settings_of(folder)) as archive, TestClient(application(archive)) as client:
        linked = ask(client, did_of("plain.fits"))

    assert ["#this", "#preview"] == [row["semantics"] for row in linked.rows]
    assert {} == linked.services


def _without_coordinates(path: Path) -> None:
    from astropy.io import fits  # noqa: PLC0415 - for this test alone

    data: Any = fits.getdata(path)
    fits.PrimaryHDU(data).writeto(path, overwrite=True)
