"""Validation of XML documents against the schemas of a profile, without the network."""

import functools
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lxml import etree

from .catalog import Catalog, CatalogError, SchemaFile

if TYPE_CHECKING:
    from lxml.etree._docloader import _InputDocument

__all__ = ["DocumentError", "SchemaError", "parse", "schema", "schema_errors", "unknown_namespaces"]

XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# Addresses within the collection: `vo:<id>`. Nothing else is ever opened.
SCHEME = "vo:"

# Namespaces that need no schema.
BUILT_IN = frozenset({"", XS, XSI, "http://www.w3.org/XML/1998/namespace"})

_compiling = threading.Lock()

_UNRESOLVED = "SCHEMAV_CVC_ELT_4_2"
_QNAME = re.compile(r"QName value '(?:\{(?P<namespace>[^}]*)\})?[^']*' of the xsi:type")


class DocumentError(ValueError):
    """A document is not well-formed, or not safe to read; `line` says where."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One thing wrong with a document, or one that no schema at hand can judge."""

    line: int
    message: str
    kind: Literal["invalid", "not-checkable"] = "invalid"


@dataclass(frozen=True, slots=True)
class _Validator:
    """A compiled schema; it keeps the errors of its last run, so one thread has it at a time."""

    schema: etree.XMLSchema
    lock: threading.Lock

    def errors(self, tree: etree._ElementTree) -> list[etree._LogEntry]:
        """Return what libxml2 says about *tree*."""
        with self.lock:
            self.schema.validate(tree)
            return list(self.schema.error_log)


class _Resolver(etree.Resolver):
    """Serve the schemas of one profile, and refuse whatever lies elsewhere."""

    def __init__(self, schemas: Mapping[str, SchemaFile]) -> None:
        super().__init__()
        self.texts = {f"{SCHEME}{item.id}": _relocated(item, schemas) for item in schemas.values()}

    def resolve(
        self, system_url: str | None, public_id: str | None, context: object, /
    ) -> "_InputDocument | None":
        """Return the schema at *system_url*."""
        del public_id
        text = self.texts.get(system_url or "")
        if text is None:
            raise CatalogError(f"{system_url!r} is outside the collection of schemas")
        return self.resolve_string(text, context, base_url=system_url)


def parse(document: bytes) -> etree._ElementTree:
    """Return the tree of *document*; a DOCTYPE is refused, so no entity is ever expanded or fetched."""
    try:
        tree = etree.ElementTree(etree.fromstring(document, _parser()))
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"not well-formed: {error.msg}", error.lineno or 0) from None
    if tree.docinfo.internalDTD is not None:
        raise DocumentError("the document has a DOCTYPE; a DTD and entities are not allowed", 1)
    return tree


def schema(profile: str = "current") -> etree.XMLSchema:
    """Return the compiled schema of all namespaces of *profile*; it is made once."""
    return _validator(profile).schema


def schema_errors(document: bytes | etree._ElementTree, profile: str = "current") -> list[SchemaError]:
    """Return what the schemas of *profile* find wrong with a text or a tree, in the order of its lines."""
    try:
        tree = parse(document) if isinstance(document, bytes) else document
    except DocumentError as error:
        return [SchemaError(error.line, str(error))]
    return list(_classified(_validator(profile).errors(tree)))


def unknown_namespaces(document: bytes, profile: str = "current") -> frozenset[str]:
    """Return the namespaces of elements, attributes and xsi:types that *profile* has no schema for.

    What is in them was not validated, even if there is no error.
    """
    names = {name for node in parse(document).iter(etree.Element) for name in _namespaces(node)}
    return frozenset(names - BUILT_IN - Catalog.load().namespaces(profile).keys())


def _parser() -> etree.XMLParser:
    """Return a parser that reads nothing but what it is given."""
    return etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=False)


def _validator(profile: str) -> _Validator:
    """Return the one validator of *profile*."""
    with _compiling:
        return _compiled(profile)


@functools.cache
def _compiled(profile: str) -> _Validator:
    """Compile a schema of nothing but one import for each namespace of *profile*."""
    schemas = Catalog.load().namespaces(profile)
    root = etree.Element(f"{{{XS}}}schema", targetNamespace="urn:sodalite:driver", nsmap={"xs": XS})
    for namespace, item in schemas.items():
        etree.SubElement(root, f"{{{XS}}}import", namespace=namespace, schemaLocation=f"{SCHEME}{item.id}")
    parser = _parser()
    parser.resolvers.add(_Resolver(schemas))
    return _Validator(etree.XMLSchema(etree.fromstring(etree.tostring(root), parser)), threading.Lock())


def _relocated(item: SchemaFile, schemas: Mapping[str, SchemaFile]) -> bytes:
    """Return the text of a schema whose imports name the files of the profile."""
    root = etree.fromstring(item.path.read_bytes(), _parser())
    for node in root.iter(f"{{{XS}}}import"):
        namespace = node.get("namespace", "")
        if namespace not in schemas:
            raise CatalogError(f"{item.file}: no schema for the imported {namespace!r} in the profile")
        node.set("schemaLocation", f"{SCHEME}{schemas[namespace].id}")
    return etree.tostring(root)


def _classified(entries: list[etree._LogEntry]) -> Iterator[SchemaError]:
    """Yield the errors; of an element whose type nobody here knows, nothing else can be said."""
    foreign = {entry.path for entry in entries if _is_foreign(entry)}
    for entry in entries:
        if _is_foreign(entry):
            yield SchemaError(entry.line, entry.message, "not-checkable")
        elif not foreign.intersection(_and_parents(entry.path or "")):
            yield SchemaError(entry.line, entry.message)


def _and_parents(path: str) -> Iterator[str]:
    """Yield the path of an element and those of all that it lies in."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _is_foreign(entry: etree._LogEntry) -> bool:
    """Tell if an error is an xsi:type of a namespace outside the collection."""
    if entry.type_name != _UNRESOLVED:
        return False
    found = _QNAME.search(entry.message)
    known = {item.namespace for item in Catalog.load().schemas.values()}
    return found is not None and bool(found["namespace"]) and found["namespace"] not in known


def _namespaces(node: etree._Element) -> Iterator[str]:
    """Yield the namespaces that *node* itself makes use of."""
    for name in (node.tag, *node.attrib):
        yield etree.QName(str(name)).namespace or ""
    prefix, colon, _ = str(node.get(f"{{{XSI}}}type", "")).strip().rpartition(":")
    if colon:
        yield node.nsmap.get(prefix, "")
