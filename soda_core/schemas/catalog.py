"""The collection of schemas: which file stands for which namespace or address."""

import difflib
import functools
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from lxml import etree

from soda_core import resources

__all__ = ["Catalog", "CatalogError", "Profile", "SchemaFile"]

T = TypeVar("T")

OASIS = "urn:oasis:names:tc:entity:xmlns:xml:catalog"


class CatalogError(ValueError):
    """The collection has no such schema or profile, or one of its files is wrong."""


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One version of the schema of one standard."""

    id: str
    namespace: str
    standard: str
    version: str
    status: str
    file: str
    canonical: str
    aliases: tuple[str, ...]
    official_sha256: str
    sha256: str
    folder: Path

    @property
    def path(self) -> Path:
        """Return where the file lies."""
        return self.folder / self.file


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of schemas with one file for each namespace."""

    name: str
    description: str
    schemas: Mapping[str, SchemaFile]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All schemas by id, all profiles by name."""

    schemas: Mapping[str, SchemaFile]
    profiles: Mapping[str, Profile]

    @classmethod
    def load(cls, folder: Path | None = None) -> "Catalog":
        """Return the collection in *folder*, or the one that comes with the product."""
        return _load(folder or resources.xsd())

    def by_id(self, name: str) -> SchemaFile:
        """Return the schema whose id is *name*."""
        return _pick(self.schemas, name, "schema")

    def profile(self, name: str = "current") -> Profile:
        """Return the profile called *name*."""
        return _pick(self.profiles, name, "profile")

    def namespaces(self, profile: str = "current") -> Mapping[str, SchemaFile]:
        """Return the schemas of *profile* by their namespace."""
        return self.profile(profile).schemas

    def resolve(self, uri: str, profile: str = "current") -> SchemaFile:
        """Return the schema of a namespace in *profile*, or else the newest that has the address.

        A relative name is never resolved: it means something else in each document.
        """
        wanted = _plain(uri)
        chosen = {_plain(name): schema for name, schema in self.namespaces(profile).items()}
        if wanted in chosen:
            return chosen[wanted]
        for schema in self.schemas.values():
            if wanted in map(_plain, (schema.namespace, schema.canonical, *schema.aliases)):
                return schema
        raise CatalogError(f"no schema for {uri!r}, neither in profile {profile!r} nor by address")

    def export(self, directory: Path) -> list[Path]:
        """Copy all schemas to *directory* with an OASIS catalog for other tools; return what was written."""
        written = []
        for schema in self.schemas.values():
            target = directory / schema.file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(schema.path, target)
            written.append(target)
        index = directory / "catalog.xml"
        index.write_bytes(self._oasis())
        return [*written, index]

    def _oasis(self) -> bytes:
        """Return the OASIS catalog of the current profile and of all addresses."""
        root = etree.Element(f"{{{OASIS}}}catalog", nsmap={None: OASIS})
        known: set[str] = set()
        for address, file in self._addresses():
            if address not in known:
                known.add(address)
                etree.SubElement(root, f"{{{OASIS}}}uri", name=address, uri=file)
                etree.SubElement(root, f"{{{OASIS}}}system", systemId=address, uri=file)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Yield each address with the file for it, the more important first."""
        for namespace, schema in self.namespaces().items():
            yield namespace, schema.file
        for schema in self.schemas.values():
            for address in (schema.canonical, *schema.aliases):
                yield address, schema.file
                yield address.replace("http://", "https://", 1), schema.file


def _plain(uri: str) -> str:
    """Return *uri* with `http:` for `https:`: servers publish the same file under both."""
    return f"http:{uri.removeprefix('https:')}" if uri.startswith("https:") else uri


def _pick(known: Mapping[str, T], name: str, kind: str) -> T:
    """Return the entry *name*, or raise with what was perhaps meant."""
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise CatalogError(f"unknown {kind} {name!r}{hint}")


@functools.cache
def _load(folder: Path) -> Catalog:
    """Read the two TOML files in *folder*."""
    entries = _read(folder / "catalog.toml")["schema"]
    schemas = MappingProxyType({schema.id: schema for schema in _schema_files(entries, folder)})
    tables = _read(folder / "profiles.toml")
    profiles = {name: _profile(name, tables, schemas) for name in tables}
    return Catalog(schemas, MappingProxyType(profiles))


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path}: {error}") from error


def _schema_files(entries: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[SchemaFile]:
    """Yield the entries of `catalog.toml`."""
    keys = {field.name for field in fields(SchemaFile)} - {"folder"}
    for entry in entries:
        if entry.keys() != keys:
            odd = ", ".join(sorted(entry.keys() ^ keys))
            raise CatalogError(f"catalog.toml: schema {entry.get('id')!r}: unknown or missing: {odd}")
        yield SchemaFile(**{**entry, "aliases": tuple(entry["aliases"])}, folder=folder)


def _profile(name: str, tables: Mapping[str, Any], schemas: Mapping[str, SchemaFile]) -> Profile:
    """Return one profile with what it has from its base."""
    table = tables[name]
    chosen = dict(_profile(table["base"], tables, schemas).schemas) if "base" in table else {}
    own = [_pick(schemas, identifier, "schema") for identifier in table["schemas"]]
    if len({schema.namespace for schema in own}) < len(own):
        raise CatalogError(f"profiles.toml: {name!r} has two schemas for one namespace")
    chosen |= {schema.namespace: schema for schema in own}
    return Profile(name, table["description"], MappingProxyType(chosen))
