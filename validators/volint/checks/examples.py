"""Examples: found, marked up, and true (DALI 1.1, 2.3; SODA 1.0, 2.3)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from volint.check import rule
from volint.examples import VOCABULARY, examples_in, properties, read_examples, vocabularies
from volint.model import Skip
from volint.scopes import EXAMPLES, SERVICE
from volint.xml import words

if TYPE_CHECKING:
    from lxml import etree

    from volint.check import Faults
    from volint.document import Document
    from volint.service import Service

__all__ = [
    "answers",
    "continued",
    "in_vocabulary",
    "known_capabilities",
    "named",
    "no_linked_properties",
    "no_other_vocabulary",
    "parameters",
    "readable",
    "some",
    "titled",
]

OLD_VOCABULARY = "ivo://ivoa.net/std/DALI#examples"
LINKED = ("href", "src")


@rule("DALI-2.3-01", SERVICE)
def answers(service: Service) -> Faults:
    """Examples are there, or they are answered by 404."""
    places = [place.url for place in service.resources("dali.examples")]
    if not places and service.target.base:
        places = [f"{service.target.base}/examples"]
    for url in places:
        answer = service.get(url)
        if answer.status not in (200, 404):
            yield answer.fault(f"examples answers {answer.status}, expected 200 or 404")
        elif answer.status == 404 and service.target.of("dali.examples"):  # noqa: PLR2004 - not found
            yield answer.fault("examples are listed in the capabilities, and not there")


@rule("SODA-2.3-01", SERVICE, because=["DALI-2.3-01"])
def some(service: Service) -> Faults:
    """A SODA service shows at least one invocation."""
    if not service.target.follows("soda") or not service.target.base:
        raise Skip("there is no SODA service with capabilities")
    answer = service.get(f"{service.target.base}/examples")
    if not service.target.of("dali.examples") and not answer.ok:
        yield answer.fault("there are no examples")


@rule("DALI-2.3-02", EXAMPLES)
def readable(document: Document) -> Faults:
    """The document is well-formed XML."""
    try:
        _ = document.root
    except Skip as reason:
        yield document.fault(str(reason))


@rule("DALI-2.3-03", EXAMPLES, because=["DALI-2.3-02"])
def in_vocabulary(document: Document) -> Faults:
    """The examples lie within an element of the vocabulary of examples."""
    named = [node for node in vocabularies(document.root) if node.get("vocab") == VOCABULARY]
    for node in vocabularies(document.root):
        if node.get("vocab") == OLD_VOCABULARY:
            yield document.fault(f"vocab is that of DALI 1.0, {OLD_VOCABULARY}", node)
            return
    inside = {example for node in named for example in examples_in(node)}
    for example in examples_in(document.root):
        if example not in inside:
            yield document.fault("an example lies outside of the vocabulary", example)
    if not named:
        yield document.fault(f"no element has vocab={VOCABULARY!r}", document.root)


@rule("DALI-2.3-04", EXAMPLES, because=["DALI-2.3-02", "DALI-2.3-03"])
def no_other_vocabulary(document: Document) -> Faults:
    """No other vocabulary is named."""
    for node in vocabularies(document.root):
        if node.get("vocab") != VOCABULARY:
            yield document.fault(f"vocab={node.get('vocab')!r}", node)


@rule("DALI-2.3-05", EXAMPLES, because=["DALI-2.3-02"])
def named(document: Document) -> Faults:
    """Each example has an id of its own, and a resource that points to it."""
    ids = Counter(node.get("id") for node in document.root.iter("*") if node.get("id"))
    for node in examples_in(document.root):
        name = node.get("id")
        if not name:
            yield document.fault("an example has no id", node)
        elif node.get("resource") != f"#{name}":
            yield document.fault(f"example {name!r} has resource={node.get('resource')!r}", node)
        elif ids[name] > 1:
            yield document.fault(f"the id {name!r} stands {ids[name]} times", node)


@rule("DALI-2.3-06", EXAMPLES, because=["DALI-2.3-02"])
def titled(document: Document) -> Faults:
    """Each example has one name, in plain text."""
    for node in examples_in(document.root):
        found = properties(node, "name")
        if len(found) != 1:
            yield document.fault(f"example {node.get('id')!r} has {len(found)} names", node)
        elif len(found[0]) or not words(found[0].text):
            yield document.fault(f"the name of example {node.get('id')!r} is not plain text", found[0])


@rule("DALI-2.3-08", EXAMPLES, because=["DALI-2.3-02"])
def parameters(document: Document) -> Faults:
    """Each generic parameter is a key and a value, in plain text."""
    for node in examples_in(document.root):
        for part in properties(node, "generic-parameter"):
            yield from _pair(document, part)


def _pair(document: Document, part: etree._Element) -> Faults:
    if part.get("typeof") != "keyval":
        yield document.fault(
            f"a generic-parameter has typeof={part.get('typeof')!r}, expected 'keyval'", part
        )
    for name in ("key", "value"):
        found = properties(part, name)
        if len(found) != 1:
            yield document.fault(f"a generic-parameter has {len(found)} times {name!r}", part)
        elif len(found[0]):
            yield document.fault(f"the {name} of a generic-parameter is not plain text", found[0])


@rule("DALI-2.3-10", EXAMPLES, because=["DALI-2.3-02"])
def no_linked_properties(document: Document) -> Faults:
    """No property but a continuation stands on an element with an address.

    RDFa would take the address for the value.
    """
    for node in document.root.iter("*"):
        linked = any(node.get(name) for name in LINKED)
        if linked and node.get("property") and "continuation" not in (node.get("property") or "").split():
            yield document.fault(f"property={node.get('property')!r} stands on an element with a link", node)


@rule("DALI-2.3-09", EXAMPLES, because=["DALI-2.3-02"])
def continued(document: Document) -> Faults:
    """A continuation leads on from within the vocabulary."""
    for node in properties(document.root, "continuation"):
        if not node.get("href") or node.get("resource") != "":
            yield document.fault('a continuation lacks resource="" or href', node)


@rule("DALI-2.3-07", EXAMPLES, because=["DALI-2.3-02", "VOSI-4-02", "REG-VOR-01"])
def known_capabilities(document: Document) -> Faults:
    """An example names a capability that the service has."""
    if document.service is None or document.service.target.document is None:
        raise Skip("the capabilities are not at hand")
    keys = [entry.key for entry in document.service.target.capabilities]
    for example in read_examples(document.root):
        name = example.capability.lower()
        if name and not any(key == name or key.startswith(f"{name}#") for key in keys):
            yield document.fault(f"capability {example.capability!r} is not one of the service", example.node)
