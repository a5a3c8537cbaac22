"""Objects of `ivoa_schemas` as XML text, with the prefixes that everybody knows."""

from collections.abc import Mapping

from ivoa_schemas import (
    conesearch,
    sia,
    slap,
    ssa,
    standardsregext,
    tapregext,
    uws,
    vodataservice,
    voresource,
    vosi_availability,
    vosi_capabilities,
    vosi_tables,
    votable,
)
from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.serializers import XmlSerializer

__all__ = ["PREFIXES", "serialize"]

XSI = "http://www.w3.org/2001/XMLSchema-instance"

# Namespace -> prefix; "" is the default namespace. The children of capabilities and tableset are in no
# namespace (VOResource and VODataService are elementFormDefault="unqualified"): VOSI roots need a prefix.
PREFIXES: Mapping[str, str] = {
    conesearch.__NAMESPACE__: "cs",
    sia.__NAMESPACE__: "sia",
    slap.__NAMESPACE__: "slap",
    ssa.__NAMESPACE__: "ssap",
    standardsregext.__NAMESPACE__: "vstd",
    tapregext.__NAMESPACE__: "tr",
    uws.__NAMESPACE__: "uws",
    vodataservice.__NAMESPACE__: "vs",
    voresource.__NAMESPACE__: "vr",
    vosi_availability.__NAMESPACE__: "vosi",
    vosi_capabilities.__NAMESPACE__: "vosi",
    vosi_tables.__NAMESPACE__: "vosi",
    votable.__NAMESPACE__: "",
    "http://www.w3.org/1999/xlink": "xlink",
    "urn:uwscustom": "uwscustom",
    XSI: "xsi",
}

_CONTEXT = XmlContext()


def serialize(obj: object, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Return *obj* as an indented UTF-8 document; *prefixes* (namespace to prefix) adds to `PREFIXES`."""
    names = _prefixes(obj, {**PREFIXES, **(prefixes or {})})
    declared = {prefix or None: namespace for namespace, prefix in names.items()}
    text = XmlSerializer(context=_CONTEXT).render(obj, ns_map=declared)
    root = etree.fromstring(text.encode())
    etree.cleanup_namespaces(root, keep_ns_prefixes=_prefixes_in_types(root))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _prefixes(obj: object, names: Mapping[str, str]) -> dict[str, str]:
    """Return *names* without what would take a prefix from the namespace of the root."""
    own = str(getattr(getattr(obj, "Meta", None), "namespace", ""))
    taken = names.get(own)
    return {namespace: prefix for namespace, prefix in names.items() if prefix != taken or namespace == own}


def _prefixes_in_types(root: etree._Element) -> list[str]:
    """Return the prefixes that only values of xsi:type make use of."""
    types = (str(node.get(f"{{{XSI}}}type", "")) for node in root.iter(etree.Element))
    return sorted({name.rpartition(":")[0] for name in types if ":" in name})
