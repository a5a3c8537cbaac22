"""Documents are judged by the schemas of a profile, and by nothing from outside."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from ivoa_schemas import tapregext, uws, vodataservice, voresource, vosi_tables, votable
from ivoa_schemas.vosi_availability import Availability
from ivoa_schemas.vosi_capabilities import Capabilities
from lxml import etree
from xsdata.models.datatype import XmlDateTime

from soda_core.documents import (
    CatalogError,
    DocumentError,
    SchemaError,
    parse,
    schema,
    schema_errors,
    serialize,
    unknown_namespaces,
)

NOON = XmlDateTime(2026, 5, 1, 12, 0, 0, offset=0)
VOTABLE = "http://www.ivoa.net/xml/VOTable/"


def availability() -> Availability:
    """Return the state of a service that is up."""
    return Availability(available=True, up_since=NOON, note=["all is well & <good>"])


def interface(path: str) -> vodataservice.ParamHttp:
    """Return an interface with one parameter."""
    url = voresource.AccessUrl(value=f"http://example.org/{path}", use=voresource.AccessUrlUse.FULL)
    name = vodataservice.InputParam(name="ID", data_type=vodataservice.SimpleDataType(value="string"))
    return vodataservice.ParamHttp(access_url=[url], role="std", param=[name])


def capabilities() -> Capabilities:
    """Return a plain capability and one of an extension, both with an extended interface."""
    soda = voresource.Capability(
        standard_id="ivo://ivoa.net/std/SODA#sync-1.0",
        interface=[interface("sync")],
    )
    tap = tapregext.TableAccess(
        interface=[interface("tap")],
        language=[tapregext.Language(name="ADQL", version=[tapregext.Version(value="2.0")])],
        output_format=[tapregext.OutputFormat(mime="application/x-votable+xml")],
    )
    return Capabilities(capability=[soda, tap])


def tableset() -> vosi_tables.Tableset:
    """Return one table with a column of each kind of data type, and a foreign key."""
    columns = [
        vodataservice.TableParam(
            name="ra", unit="deg", data_type=vodataservice.VotableType(value="double", arraysize="1")
        ),
        vodataservice.TableParam(name="id", data_type=vodataservice.Taptype(value="VARCHAR", size=64)),
    ]
    key = vodataservice.ForeignKey(
        target_table="public.other",
        fk_column=[vodataservice.Fkcolumn(from_column="id", target_column="id")],
    )
    table = vodataservice.Table(name="public.obs", column=columns, foreign_key=[key])
    return vosi_tables.Tableset(schema=[vodataservice.TableSchema(name="public", table=[table])])


def job() -> uws.Job:
    """Return a finished job of nobody in particular."""
    return uws.Job(
        job_id="j1",
        owner_id=None,
        phase=uws.ExecutionPhase.COMPLETED,
        creation_time=NOON,
        start_time=NOON,
        end_time=NOON,
        execution_duration=600,
        destruction=None,
        parameters=uws.Parameters(parameter=[uws.Parameter(id="CIRCLE", content=["12 34 0.5"])]),
        results=uws.Results(result=[uws.ResultReference(id="cutout", href="http://example.org/r")]),
        version="1.1",
    )


def table() -> votable.Votable:
    """Return a table between the two INFO of DALI."""
    field = votable.FieldElement(name="ra", datatype=votable.DataType.DOUBLE, unit="deg")
    rows = votable.Data(items=votable.TableData(tr=[votable.Tr(td=[votable.Td(value="12.5")])]))
    resource = votable.Resource(
        items=[
            votable.Info(name="QUERY_STATUS", value_attribute="OK"),
            votable.Table(items=[field, rows]),
            votable.Info(name="QUERY_STATUS", value_attribute="OVERFLOW"),
        ]
    )
    return votable.Votable(items_1=[resource], version=votable.VotableVersion.VALUE_1_4)


SAMPLES: dict[str, Callable[[], object]] = {
    "availability": availability,
    "capabilities": capabilities,
    "job": job,
    "table": table,
    "tableset": tableset,
}

INVALID = {
    "a value": ("job", b"COMPLETED", b"DONE", "'DONE' is not an element of the set"),
    "a missing element": ("availability", b">true<", b"><", "'' is not a valid value"),
    "an order": ("job", b"uws:jobId>", b"uws:phase>", "This element is not expected. Expected is"),
    "a column type": ("tableset", b">VARCHAR<", b">TEXT<", "The value 'TEXT' is not an element of the set"),
    "a datatype": ("table", b'"double"', b'"real"', "The value 'real' is not an element of the set"),
    "a type we know of": ("capabilities", b"tr:TableAccess", b"tr:TableExcess", "does not resolve to a type"),
    "markup": ("job", b"</uws:job>", b"", "not well-formed"),
}

UNSAFE = {
    "a DTD": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "an entity": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "an external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "a parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>',
}

BOMB = b"".join(
    [
        b'<!DOCTYPE a [<!ENTITY e0 "0123456789">',
        *(b'<!ENTITY e%d "%s">' % (i + 1, b"&e%d;" % i * 20) for i in range(12)),
        b']><a b="&e12;">&e12;</a>',
    ]
)


@contextlib.contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """Give a socket that waits for a connection, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server, server.getsockname()[1]


@pytest.mark.parametrize("build", SAMPLES.values(), ids=SAMPLES)
def test_what_we_serialize_is_valid(build: Callable[[], object]) -> None:
    """Documents built from the dataclasses obey the current schemas, all of which are known."""
    document = serialize(build())

    assert [] == schema_errors(document)
    assert frozenset() == unknown_namespaces(document)


@pytest.mark.parametrize(("sample", "old", "new", "message"), INVALID.values(), ids=INVALID)
def test_what_is_wrong_is_found(sample: str, old: bytes, new: bytes, message: str) -> None:
    """A document with one mistake is invalid, and the error says where and why."""
    document = serialize(SAMPLES[sample]())
    assert old in document

    errors = schema_errors(document.replace(old, new))

    assert any(message in error.message and error.line > 1 for error in errors), errors
    assert {"invalid"} == {error.kind for error in errors}


def test_a_default_namespace_on_capabilities_is_invalid() -> None:
    """The children of capabilities are in no namespace, so a default one makes them strangers."""
    document = serialize(capabilities()).replace(b"vosi:capabilities", b"capabilities")

    errors = schema_errors(document.replace(b"xmlns:vosi=", b"xmlns="))

    assert any("Expected is ( capability )" in error.message for error in errors), errors


def test_the_order_of_resource_content_survives() -> None:
    """The INFO after the table, which reports an overflow, stays after it."""
    resource = parse(serialize(table())).getroot()[0]

    assert ["INFO", "TABLE", "INFO"] == [etree.QName(node).localname for node in resource]


def test_a_foreign_type_is_not_held_against_a_document() -> None:
    """An interface type of a vendor cannot be checked, nor can what is in it; the rest is."""
    document = serialize(capabilities()).replace(b'xsi:type="vs:ParamHTTP"', b'xsi:type="my:Odd" odd="1"', 1)
    document = document.replace(b"<vosi:capabilities ", b'<vosi:capabilities xmlns:my="urn:my" ')

    errors = schema_errors(document)

    assert ["not-checkable"] == [error.kind for error in errors]
    assert "{urn:my}Odd" in errors[0].message
    assert frozenset({"urn:my"}) == unknown_namespaces(document)


@pytest.mark.parametrize("document", UNSAFE.values(), ids=UNSAFE)
def test_a_doctype_is_refused(document: bytes) -> None:
    """No DTD is read and no entity is expanded; the document is refused."""
    message = "the document has a DOCTYPE; a DTD and entities are not allowed"

    with pytest.raises(DocumentError, match=message):
        parse(document)
    assert [SchemaError(1, message)] == schema_errors(document)


@pytest.mark.timeout(5)
def test_an_entity_bomb_does_not_go_off() -> None:
    """Entities within entities are refused before they grow."""
    with pytest.raises(DocumentError):
        parse(BOMB)


@pytest.mark.parametrize(
    "junk", [b"", b"\x00", b"no markup", b'<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_junk_is_an_error_of_the_document(junk: bytes) -> None:
    """What is not XML at all is reported like any other error."""
    (error,) = schema_errors(junk)

    assert error.message.startswith("not well-formed: ")


def test_the_network_is_left_alone() -> None:
    """An address in a document is never connected to, be it of a schema or of a DTD."""
    with listening() as (server, port):
        address = f"http://127.0.0.1:{port}/x"
        hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {address}"'
        schema_errors(f'<a xmlns="urn:x" {hint}/>'.encode())
        schema_errors(f'<!DOCTYPE a SYSTEM "{address}"><a/>'.encode())

        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    ("version", "namespace", "profiles"),
    [
        ("1.1", "v1.1", {"votable-1.1", "lenient"}),
        ("1.2", "v1.2", {"votable-1.2", "lenient", "rec-2012"}),
        ("1.3", "v1.3", {"votable-1.3", "current", "lenient"}),
        ("1.4", "v1.3", {"votable-1.4", "current", "lenient", "rec-2020", "rec-2012"}),
    ],
)
def test_older_tables_have_their_profiles(version: str, namespace: str, profiles: set[str]) -> None:
    """A VOTable of an older version is valid in the profiles that hold its schema."""
    document = f'<VOTABLE version="{version}" xmlns="{VOTABLE}{namespace}"><RESOURCE/></VOTABLE>'.encode()

    assert {name: [] for name in profiles} == {name: schema_errors(document, name) for name in profiles}


def test_profiles_differ() -> None:
    """Several securityMethods in an interface are valid by VOResource 1.1 with its erratum, not by 1.2."""
    document = serialize(capabilities())
    twice = document.replace(b"</accessURL>", b"</accessURL><securityMethod/><securityMethod/>", 1)
    twice = twice.replace(b"<securityMethod/>", b'<securityMethod standardID="ivo://ivoa.net/sso#BasicAA"/>')

    assert [] == schema_errors(twice, "lenient")
    assert ["invalid"] == [error.kind for error in schema_errors(twice)]


def test_a_schema_is_compiled_once() -> None:
    """Asking again gives the same schema, an unknown profile is refused."""
    assert schema() is schema("current")
    with pytest.raises(CatalogError, match="unknown profile 'nightly'"):
        schema("nightly")


def test_threads_do_not_mix_their_errors() -> None:
    """Each of many concurrent callers gets the errors of its own document."""
    good = serialize(job())
    bad = [good.replace(b"COMPLETED", f"PHASE{number}".encode()) for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(schema_errors, [document for each in bad for document in (each, good)]))

    assert all(f"'PHASE{n}'" in str(found) for n, found in enumerate(results[::2]))
    assert [[]] * 40 == results[1::2]


def test_serialized_prefixes() -> None:
    """VOSI roots have a prefix and unqualified children, VOTable has none; the unused is not declared."""
    document = serialize(capabilities())

    root = parse(document).getroot()
    assert {"vosi", "vs", "tr", "xsi"} == set(root.nsmap)
    assert ["capability", "capability"] == [node.tag for node in root]
    assert {None: f"{VOTABLE}v1.3"} == parse(serialize(table())).getroot().nsmap
    assert b"<my:availability xmlns:my=" in serialize(
        availability(), {"http://www.ivoa.net/xml/VOSIAvailability/v1.0": "my"}
    )
