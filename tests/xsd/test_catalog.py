"""The catalog tells the truth about the files of the collection."""

import hashlib
from operator import attrgetter
from pathlib import Path

import pytest
from lxml import etree

from soda_core.documents import Catalog, CatalogError, SchemaFile, schema

XS = "{http://www.w3.org/2001/XMLSchema}"
OASIS = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"

CATALOG = Catalog.load()
VOTABLE = "http://www.ivoa.net/xml/VOTable/v1.3"

each_schema = pytest.mark.parametrize("item", CATALOG.schemas.values(), ids=attrgetter("id"))
each_profile = pytest.mark.parametrize("profile", CATALOG.profiles)


@each_schema
def test_a_file_is_what_its_entry_says(item: SchemaFile) -> None:
    """Digest, namespace and place of each file are those of its entry."""
    root = etree.parse(item.path).getroot()

    assert item.sha256 == hashlib.sha256(item.path.read_bytes()).hexdigest()
    assert item.namespace == root.get("targetNamespace")
    assert item.id == item.path.stem.lower()
    assert item.status in {"current", "superseded"}


@each_schema
def test_a_file_holds_no_prose(item: SchemaFile) -> None:
    """A schema has one comment, our own, and no annotation."""
    tree = etree.parse(item.path)

    assert [] == list(tree.iter(f"{XS}annotation", f"{XS}documentation", f"{XS}appinfo"))
    assert 1 == len(tree.xpath("//comment() | /comment()"))


@each_schema
def test_imports_stay_inside(item: SchemaFile) -> None:
    """Each import names a file of the catalog that has the namespace, so the file compiles as it is."""
    files = {other.path: other.namespace for other in CATALOG.schemas.values()}
    tree = etree.parse(item.path)

    for node in tree.iter(f"{XS}import"):
        target = (item.path.parent / node.get("schemaLocation", "")).resolve()
        assert node.get("namespace") == files[target]
    etree.XMLSchema(tree)


def test_every_file_has_an_entry() -> None:
    """No schema lies in the folder without an entry in the catalog."""
    folder = next(iter(CATALOG.schemas.values())).folder

    assert {item.path for item in CATALOG.schemas.values()} == set(folder.rglob("*.xsd"))


@each_profile
def test_every_profile_compiles(profile: str) -> None:
    """The schemas of a profile make one schema, without anything from outside."""
    assert isinstance(schema(profile), etree.XMLSchema)


@each_profile
def test_a_profile_is_described(profile: str) -> None:
    """Each profile says in a line what it is for, and has its schemas under their namespaces."""
    found = CATALOG.profile(profile)

    assert found.description.endswith(".")
    assert found.schemas == {item.namespace: item for item in found.schemas.values()}


def test_the_current_profile_has_the_current_schemas() -> None:
    """Status and profile do not contradict each other."""
    current = {item.id for item in CATALOG.schemas.values() if item.status == "current"}

    assert current == {item.id for item in CATALOG.namespaces().values()}


@pytest.mark.parametrize(
    ("uri", "profile", "expected"),
    [
        (VOTABLE, "current", "votable-1.5"),
        (VOTABLE, "rec-2020", "votable-1.4"),
        (VOTABLE.replace("http:", "https:"), "current", "votable-1.5"),
        ("http://www.ivoa.net/xml/VOTable/VOTable-1.4.xsd", "current", "votable-1.4"),
        ("https://www.ivoa.net/xml/VOTable/VOTable-1.4.xsd", "current", "votable-1.4"),
        ("http://www.ivoa.net/xml/VOTable/VOTable-1.3.xsd", "current", "votable-1.3-erratum2"),
        ("http://www.ivoa.net/xml/VOTable/v1.1", "current", "votable-1.1"),
        ("http://www.ivoa.net/xml/UWS/v1.1", "current", "uws-1.1"),
    ],
)
def test_an_address_is_resolved(uri: str, profile: str, expected: str) -> None:
    """A namespace is resolved by the profile, the address of a file is that file."""
    assert expected == CATALOG.resolve(uri, profile).id


@pytest.mark.parametrize(
    "uri", ["VOTable-1.5.xsd", "votable/VOTable-1.5.xsd", "../votable/VOTable-1.5.xsd", ""]
)
def test_a_relative_name_is_not_resolved(uri: str) -> None:
    """A relative name is refused, even if a file of that name is there."""
    with pytest.raises(CatalogError, match=r"no schema for .*, neither in profile 'current'"):
        CATALOG.resolve(uri)


def test_a_wrong_name_gets_a_hint() -> None:
    """A mistyped id or profile is answered with the nearest one."""
    with pytest.raises(CatalogError, match=r"unknown schema 'votable-15'; did you mean 'votable-1.5'\?"):
        CATALOG.by_id("votable-15")
    with pytest.raises(CatalogError, match=r"unknown profile 'curent'; did you mean 'current'\?"):
        CATALOG.namespaces("curent")


def test_an_incomplete_entry_is_reported(tmp_path: Path) -> None:
    """An entry with a missing key is named, with the key."""
    (tmp_path / "catalog.toml").write_text('[[schema]]\nid = "a-1.0"\n')
    (tmp_path / "profiles.toml").write_text("")

    with pytest.raises(CatalogError, match=r"catalog.toml: schema 'a-1.0': unknown or missing: aliases, can"):
        Catalog.load(tmp_path)


def test_export_serves_other_tools(tmp_path: Path) -> None:
    """An export has all files and an OASIS catalog whose every entry leads to one of them."""
    written = CATALOG.export(tmp_path)

    root = etree.parse(tmp_path / "catalog.xml").getroot()
    entries = {node.get("name"): tmp_path / node.get("uri", "") for node in root.iter(f"{OASIS}uri")}
    assert len(CATALOG.schemas) + 1 == len(written)
    assert set(written) == {tmp_path / "catalog.xml", *tmp_path.rglob("*.xsd")}
    assert tmp_path / "votable/VOTable-1.5.xsd" == entries[VOTABLE]
    assert set(entries.values()) <= set(written)
