"""The schemas of the collection declare what the official ones declare, no more and no less."""

import hashlib
from operator import attrgetter
from pathlib import Path

import pytest
from xsd_model import differences, read_schema

from soda_core.documents import Catalog, SchemaFile

REFERENCE = Path(__file__).parents[3] / "shared" / "xsd"

SCHEMAS = sorted(Catalog.load().schemas.values(), key=attrgetter("id"))

SAMPLE = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" version="1.0">
  <xs:import namespace="urn:other" schemaLocation="other.xsd"/>
  <xs:element name="root" type="t:Root"/>
  <xs:simpleType name="Colour">
    <xs:restriction base="xs:token">
      <xs:enumeration value="red"/>
      <xs:enumeration value="blue"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Root" mixed="true">
    <xs:sequence>
      <xs:element name="first" type="xs:string"/>
      <xs:element name="second" type="t:Colour" minOccurs="0" maxOccurs="unbounded"/>
      <xs:any namespace="##other" processContents="lax"/>
    </xs:sequence>
    <xs:attribute name="id" type="xs:ID" use="required"/>
    <xs:attribute name="size" type="xs:int" default="1"/>
  </xs:complexType>
</xs:schema>
"""

CHANGES = {
    "cardinality": (' minOccurs="0"', "", "complexType Root / sequence / element second: minOccurs is None"),
    "upper bound": ("unbounded", "2", "complexType Root / sequence / element second: maxOccurs is '2'"),
    "facet": ('<xs:enumeration value="blue"/>', "", "simpleType Colour / restriction {http"),
    "facet value": ('"blue"', '"green"', "enumeration blue: value is 'green'"),
    "local name": ('"first"', '"primo"', "complexType Root / sequence / element first: name is 'primo'"),
    "global name": ('"root"', '"radix"', "element radix: only in ours"),
    "default": ('default="1"', 'default="2"', "attribute size: default is '2', official '1'"),
    "type": ("xs:int", "xs:long", "attribute size: type is '{http://www.w3.org/2001/XMLSchema}long'"),
    "use": (' use="required"', "", "attribute id: use is None, official 'required'"),
    "mixed": (' mixed="true"', "", "complexType Root: mixed is None, official 'true'"),
    "wildcard": (' processContents="lax"', "", "any: processContents is None, official 'lax'"),
    "version": ('version="1.0"', 'version="1.1"', "schema: version is '1.1', official '1.0'"),
    "form": ('version="1.0"', 'version="1.0" elementFormDefault="qualified"', "schema: elementFormDefault"),
    "import": ("urn:other", "urn:another", "import urn:another: only in ours"),
    "namespace": ('"urn:t"', '"urn:u"', "schema: targetNamespace is 'urn:u', official 'urn:t'"),
}

SAME = {
    "spelt-out default": (
        'type="xs:string"',
        'type="xs:string" minOccurs="1" maxOccurs="1" nillable="false"',
    ),
    "schemaLocation": ("other.xsd", "http://example.org/other.xsd"),
    "documentation": (
        "<xs:sequence>",
        "<xs:annotation><xs:documentation>A text.</xs:documentation></xs:annotation><xs:sequence>",
    ),
    "comment": ("<xs:sequence>", "<xs:sequence><!-- a remark -->"),
}


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference data with the official schemas is not here")
@pytest.mark.parametrize("schema", SCHEMAS, ids=attrgetter("id"))
def test_components_equal_the_official_ones(schema: SchemaFile) -> None:
    """Each schema has the component model of the official file whose digest the catalog records."""
    official = REFERENCE / schema.file

    assert schema.official_sha256 == hashlib.sha256(official.read_bytes()).hexdigest()
    assert [] == differences(read_schema(schema.path), read_schema(official))


@pytest.mark.parametrize(("old", "new", "message"), CHANGES.values(), ids=CHANGES)
def test_a_changed_schema_is_noticed(old: str, new: str, message: str) -> None:
    """A change of any kind of fact is reported, with the place where it is."""
    changed = read_schema(SAMPLE.replace(old, new).encode())

    found = differences(changed, read_schema(SAMPLE.encode()))

    assert any(message in line for line in found), found


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_another_layout_is_no_difference(old: str, new: str) -> None:
    """What does not change the meaning of a schema is not reported."""
    changed = read_schema(SAMPLE.replace(old, new).encode())

    assert [] == differences(changed, read_schema(SAMPLE.encode()))


def test_other_prefixes_are_no_difference() -> None:
    """Names are compared by namespace, whatever their prefixes are."""
    changed = (
        SAMPLE.replace("xs:", "xsd:").replace(":xs=", ":xsd=").replace('"t:', '"tt:').replace(":t=", ":tt=")
    )

    assert [] == differences(read_schema(changed.encode()), read_schema(SAMPLE.encode()))


def test_the_order_of_attributes_is_no_difference() -> None:
    """Attribute declarations are a set, elements of a sequence are not."""
    lines = SAMPLE.splitlines()
    attributes = [*lines[:15], lines[16], lines[15], *lines[17:]]
    elements = [*lines[:11], lines[12], lines[11], *lines[13:]]
    official = read_schema(SAMPLE.encode())

    assert [] == differences(read_schema("\n".join(attributes).encode()), official)
    assert [] != differences(read_schema("\n".join(elements).encode()), official)
