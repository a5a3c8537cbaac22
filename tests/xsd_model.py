"""Read an XML schema into a component model and tell two models apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

__all__ = ["Component", "SchemaModel", "differences", "read_schema"]

XS = "http://www.w3.org/2001/XMLSchema"

# Attributes whose values are qualified names and depend on the prefixes in scope.
NAMES = frozenset({"type", "ref", "base", "substitutionGroup", "itemType", "refer", "memberTypes"})

# Values that mean the same as no attribute at all (XML Schema 1.0, part 1, 3.2 to 3.11 and 4.1).
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "schema": {"elementFormDefault": "unqualified", "attributeFormDefault": "unqualified"},
    "element": {"minOccurs": "1", "maxOccurs": "1", "abstract": "false", "nillable": "false"},
    "attribute": {"use": "optional"},
    "complexType": {"abstract": "false", "mixed": "false"},
    "any": {"minOccurs": "1", "maxOccurs": "1", "namespace": "##any", "processContents": "strict"},
    "anyAttribute": {"namespace": "##any", "processContents": "strict"},
    "choice": {"minOccurs": "1", "maxOccurs": "1"},
    "sequence": {"minOccurs": "1", "maxOccurs": "1"},
    "group": {"minOccurs": "1", "maxOccurs": "1"},
}

# The attribute uses of a type are a set: their order means nothing.
UNORDERED = frozenset({"attribute", "attributeGroup"})

# The `id` of a schema component names nothing in the component model, a schemaLocation is a hint.
IGNORED = frozenset({"id", "schemaLocation"})


@dataclass(frozen=True, slots=True)
class Component:
    """One declaration, definition, particle or facet, its names in `{namespace}local` form."""

    kind: str
    facts: tuple[tuple[str, str], ...]
    children: tuple["Component", ...]

    @property
    def label(self) -> str:
        """Return the kind with what best tells the component from its sisters."""
        facts = dict(self.facts)
        word = next((facts[key] for key in ("name", "ref", "value", "base") if key in facts), "")
        return f"{self.kind} {word}".rstrip()


@dataclass(frozen=True, slots=True)
class SchemaModel:
    """What one schema document declares: its own attributes, its imports and its components."""

    facts: tuple[tuple[str, str], ...]
    imports: frozenset[str]
    components: Mapping[tuple[str, str], Component]


def read_schema(source: Path | bytes) -> SchemaModel:
    """Return the model of a schema file or of its text."""
    text = source.read_bytes() if isinstance(source, Path) else source
    parser = etree.XMLParser(
        no_network=True, load_dtd=False, resolve_entities=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text, parser)
    forms = {
        "element": root.get("elementFormDefault", "unqualified"),
        "attribute": root.get("attributeFormDefault", "unqualified"),
    }
    parts = [_component(child, forms) for child in _children(root)]
    imports = frozenset(dict(part.facts)["namespace"] for part in parts if part.kind == "import")
    components = {(part.kind, dict(part.facts)["name"]): part for part in parts if part.kind != "import"}
    return SchemaModel(_facts(root, forms), imports, components)


def differences(ours: SchemaModel, official: SchemaModel) -> list[str]:
    """Return a line for each thing in which two models differ, none if they mean the same."""
    found = [f"schema: {line}" for line in _fact_differences(ours.facts, official.facts)]
    found += [f"import {name}: only in ours" for name in sorted(ours.imports - official.imports)]
    found += [f"import {name}: missing" for name in sorted(official.imports - ours.imports)]
    for key in sorted(ours.components.keys() | official.components.keys()):
        left, right = ours.components.get(key), official.components.get(key)
        found += _compare(left, right, " ".join(key))
    return found


def _children(node: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements that belong to the component model."""
    for child in node.iterchildren(tag=etree.Element):
        if etree.QName(child).localname != "annotation":
            yield child


def _component(node: etree._Element, forms: Mapping[str, str]) -> Component:
    """Return the component of *node* with all that is in it."""
    name = etree.QName(node)
    if name.namespace != XS:
        raise ValueError(f"line {node.sourceline}: {name.text} is no part of a schema")
    children = tuple(_component(child, forms) for child in _children(node))
    return Component(name.localname, _facts(node, forms), children)


def _facts(node: etree._Element, forms: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the attributes of *node* that differ from their defaults, sorted."""
    kind = etree.QName(node).localname
    defaults = dict(DEFAULTS.get(kind, {}))
    if kind in forms:
        defaults["form"] = forms[kind]
    facts = {}
    for key, value in node.items():
        if key not in IGNORED and defaults.get(key) != value:
            facts[key] = _expanded(value, node) if key in NAMES else value
    return tuple(sorted(facts.items()))


def _expanded(value: str, node: etree._Element) -> str:
    """Return the qualified names of *value* in `{namespace}local` form."""
    words = []
    for word in value.split():
        prefix, _, local = word.rpartition(":")
        namespace = node.nsmap.get(prefix or None)
        if prefix and namespace is None:
            raise ValueError(f"line {node.sourceline}: the prefix of {word!r} is not declared")
        words.append(f"{{{namespace or ''}}}{local}")
    return " ".join(words)


def _canonical(children: tuple[Component, ...]) -> list[Component]:
    """Return the children in an order that two equal components share."""
    ordered = [child for child in children if child.kind not in UNORDERED]
    return ordered + sorted((child for child in children if child.kind in UNORDERED), key=_sort_key)


def _sort_key(component: Component) -> tuple[str, str]:
    """Return what to sort the attribute uses of a type by."""
    return component.kind, component.label


def _compare(ours: Component | None, official: Component | None, where: str) -> list[str]:
    """Return the differences of two components and of all below them."""
    if ours is None or official is None:
        return [f"{where}: {'missing' if ours is None else 'only in ours'}"]
    found = [f"{where}: {line}" for line in _fact_differences(ours.facts, official.facts)]
    left, right = _canonical(ours.children), _canonical(official.children)
    if [child.kind for child in left] != [child.kind for child in right]:
        mine, theirs = ([child.label for child in side] for side in (left, right))
        return [*found, f"{where}: holds {mine}, official {theirs}"]
    for one, other in zip(left, right, strict=True):
        found += _compare(one, other, f"{where} / {other.label}")
    return found


def _fact_differences(ours: tuple[tuple[str, str], ...], official: tuple[tuple[str, str], ...]) -> list[str]:
    """Return a line for each attribute in which two components differ."""
    left, right = dict(ours), dict(official)
    return [
        f"{key} is {left.get(key)!r}, official {right.get(key)!r}"
        for key in sorted(left.keys() | right.keys())
        if left.get(key) != right.get(key)
    ]
