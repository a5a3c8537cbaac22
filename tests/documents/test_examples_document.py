"""The examples document is XHTML with RDFa Lite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from soda_core.documents import Example, examples

if TYPE_CHECKING:
    from golden import Golden

HTML = {"h": "http://www.w3.org/1999/xhtml"}
ENTRIES = (
    Example("one", "A <b>bold</b> & plain one", "ivo://x/std#1", "http://a/sync", (("ID", "ivo://a/c?x+y"),)),
    Example("two", "Two", "ivo://x/std#1", "http://a/sync", (("ID", "é"), ("POS", "CIRCLE 1 2 3"))),
)


def test_examples_are_stable(golden: Golden) -> None:
    """The document is well-formed XHTML and has not drifted."""
    document = examples("Title <script>", ENTRIES)

    assert "{http://www.w3.org/1999/xhtml}html" == etree.fromstring(document).tag
    golden.check("examples.xhtml", document)


def test_examples_carry_the_vocabulary_and_the_facts() -> None:
    """Each example has an id, a name, a capability and its parameters as key and value."""
    root = etree.fromstring(examples("T", ENTRIES))
    found = root.xpath("//*[@vocab='http://www.ivoa.net/rdf/examples#']//*[@typeof='example']")

    def texts(node: etree._Element, name: str) -> list[str]:
        return [str(entry.text) for entry in node.xpath(f".//*[@property='{name}']")]

    assert [entry.name for entry in ENTRIES] == [texts(node, "name")[0] for node in found]
    assert [dict(entry.parameters) for entry in ENTRIES] == [
        dict(zip(texts(node, "key"), texts(node, "value"), strict=True)) for node in found
    ]


def test_the_request_is_escaped() -> None:
    """The address of an example escapes what a query must not hold."""
    assert "http://a/sync?ID=%C3%A9&POS=CIRCLE%201%202%203" == ENTRIES[1].request
