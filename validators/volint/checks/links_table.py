"""DataLink: the table of links (DataLink 1.1, 3)."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from soda_core.standards import terms
from volint.check import rule
from volint.exchange import Request
from volint.facts import declared
from volint.manners import NoAnswer
from volint.scopes import LINKS_TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from volint.check import Faults
    from volint.document import Document
    from volint.exchange import Exchange

__all__ = [
    "addresses",
    "booleans",
    "columns",
    "described",
    "in_results",
    "known_terms",
    "lengths",
    "logins",
    "never_empty",
    "one_of_three",
    "qualifiers",
    "semantics",
    "services",
    "standard_id",
    "tabledata",
    "together",
    "truthful_lengths",
    "truthful_types",
    "types",
]

COLUMNS = "DL-3.2-01"
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
SAMPLE = 4
"""Links that are followed."""


@rule("DL-2.1.2-01", LINKS_TABLE, also=["DL-3.3.1-02"])
def tabledata(table: Document) -> Faults:
    """The rows come as TABLEDATA."""
    for name in ("BINARY", "BINARY2", "FITS"):
        for node in table.root.iter(f"{{*}}{name}"):
            yield table.fault(f"the rows come as {name}", node)


@rule("DL-3.3.1-01", LINKS_TABLE)
def in_results(table: Document) -> Faults:
    """The table lies in a resource of results."""
    view = table.view
    if not view.results:
        yield table.fault('no RESOURCE has type="results"', table.root)


@rule("DL-3.3.1-03", LINKS_TABLE, because=["DL-3.3.1-01"])
def standard_id(table: Document) -> Faults:
    """An INFO of the results names the standard."""
    wanted = declared("datalink").endpoint("links").standard_id
    found = table.view.infos("standardID")
    if wanted.lower() not in [value.lower() for value in found]:
        old = any(value.lower().startswith(wanted.lower().rpartition("-")[0]) for value in found)
        fault = table.fault(f"INFO standardID is {found or 'not there'}, expected {wanted}")
        yield type(fault)(fault.message, fault.exchange, "info") if old else fault


@rule(COLUMNS, LINKS_TABLE, because=["DL-3.3.1-01"])
def columns(table: Document) -> Faults:
    """The columns of the standard are there, with their UCDs."""
    found = {column.name: column for column in table.view.fields}
    for column in declared("datalink").columns:
        if column.name not in found:
            if column.mandatory:
                yield table.fault(f"there is no column {column.name}")
        elif column.ucd and found[column.name].ucd.lower() != column.ucd:
            yield table.fault(f"{column.name} has ucd={found[column.name].ucd!r}, expected {column.ucd!r}")


@rule("DL-3.2-06", LINKS_TABLE, because=[COLUMNS])
def types(table: Document) -> Faults:
    """The columns are text unless the standard says otherwise."""
    known = {column.name: column.datatype for column in declared("datalink").columns}
    for column in table.view.fields:
        if known.get(column.name) == "char" and column.datatype not in ("char", "unicodeChar"):
            yield table.fault(f"{column.name} has datatype={column.datatype!r}, expected char")


@rule("DL-3.2.8-01", LINKS_TABLE, because=[COLUMNS])
def lengths(table: Document) -> Faults:
    """The size is a whole number of bytes."""
    view = table.view
    for column in view.fields:
        if column.name == "content_length" and (column.datatype, column.unit) != ("long", "byte"):
            told = (
                f"content_length has datatype={column.datatype!r}, unit={column.unit!r}; expected long, byte"
            )
            yield table.fault(told)
    for row in view.rows:
        text = row.get("content_length", "")
        if text and not text.isdigit():
            yield table.fault(f"content_length is {text!r}")


@rule("DL-3.2.12-01", LINKS_TABLE, because=[COLUMNS])
def booleans(table: Document) -> Faults:
    """Whether the caller may use a link is a boolean."""
    for column in table.view.fields:
        if column.name == "link_authorized" and column.datatype != "boolean":
            yield table.fault(f"link_authorized has datatype={column.datatype!r}")


@rule("DL-3.2.11-01", LINKS_TABLE, because=[COLUMNS])
def logins(table: Document) -> Faults:
    """Whether a link wants a login is one of three words."""
    words = next(column.values for column in declared("datalink").columns if column.name == "link_auth")
    for row in table.view.rows:
        if row.get("link_auth", "") not in ("", *words):
            yield table.fault(f"link_auth is {row['link_auth']!r}, expected one of {words}")


@rule("DL-3.2-02", LINKS_TABLE, because=[COLUMNS])
def one_of_three(table: Document) -> Faults:
    """A row has an address, a service or a failure, and only one of them."""
    for number, row in enumerate(table.view.rows, 1):
        filled = [name for name in ("access_url", "service_def", "error_message") if row.get(name)]
        if len(filled) != 1:
            yield table.fault(
                f"row {number} has {' and '.join(filled) or 'neither address, service nor error'}"
            )


@rule("DL-3.2-03", LINKS_TABLE, because=[COLUMNS])
def never_empty(table: Document) -> Faults:
    """Identifier and semantics are in every row."""
    for number, row in enumerate(table.view.rows, 1):
        for name in (column.name for column in declared("datalink").columns if column.not_null):
            if not row.get(name):
                yield table.fault(f"row {number} has no {name}")


@rule("DL-3.2-04", LINKS_TABLE, because=[COLUMNS])
def together(table: Document) -> Faults:
    """The rows of one identifier stand together."""
    runs = [key for key, _ in groupby(row.get("ID", "") for row in table.view.rows)]
    for key in sorted({key for key in runs if runs.count(key) > 1}):
        yield table.fault(f"the rows of {key} stand apart")


@rule("DL-3.2.2-01", LINKS_TABLE, because=[COLUMNS, "DL-3.2-02"])
def addresses(table: Document) -> Faults:
    """An address is a complete address of the web, and leads to something."""
    rows = table.view.rows
    for row in rows:
        url = row.get("access_url", "")
        if url and not (urlsplit(url).scheme in ("http", "https", "ftp") and urlsplit(url).netloc):
            yield table.fault(f"access_url {url!r} is no complete address")
    for followed in _followed(table, rows):
        answer = _head(table, followed["access_url"])
        if answer is not None and answer not in (200, 204, 206, 401, 403, 405):
            yield table.fault(f"{followed['access_url']} answers {answer}")


@rule("DL-3.2.3-01", LINKS_TABLE, because=[COLUMNS, "DL-3.2-02"])
def services(table: Document) -> Faults:
    """A service is the XML ID of a descriptor in the document."""
    view = table.view
    known = {descriptor.key for descriptor in view.descriptors}
    for name in sorted({row.get("service_def", "") for row in view.rows} - known - {""}):
        yield table.fault(f"service_def {name!r} is the ID of no service descriptor")


@rule("DL-3.2.5-01", LINKS_TABLE, because=[COLUMNS])
def described(table: Document) -> Faults:
    """Each row says what it leads to."""
    bare = [number for number, row in enumerate(table.view.rows, 1) if not row.get("description")]
    if bare:
        yield table.fault(f"no description in row {', '.join(map(str, bare[:10]))}")


@rule("DL-3.2.6-01", LINKS_TABLE, also=["DL-3.2.6-02"], because=[COLUMNS, "DL-3.2-03"])
def semantics(table: Document) -> Faults:
    """What a link is, is a term of the core vocabulary or a complete address of another."""
    for word in sorted({row.get("semantics", "") for row in table.view.rows} - {""}):
        if not word.startswith("#") and not URI.fullmatch(word):
            yield table.fault(f"semantics {word!r} is neither #term nor a complete address")
        elif word.startswith("http://www.ivoa.net/rdf/datalink/core#"):
            yield table.fault(f"semantics {word!r} is a core term and not written as #term")


@rule("DL-3.2.6-03", LINKS_TABLE, because=[COLUMNS, "DL-3.2.6-01"])
def known_terms(table: Document) -> Faults:
    """A term is one of the core vocabulary."""
    for word in sorted({row.get("semantics", "") for row in table.view.rows}):
        if word.startswith("#") and word[1:] not in terms("datalink-core"):
            yield table.fault(f"semantics {word!r} is not in the core vocabulary")


@rule("DL-3.2.9-01", LINKS_TABLE, because=[COLUMNS])
def qualifiers(table: Document) -> Faults:
    """The kind of a product is a term of its vocabulary or a complete address."""
    for word in sorted({row.get("content_qualifier", "") for row in table.view.rows} - {""}):
        if not URI.fullmatch(word) and not (word.startswith("#") and word[1:] in terms("product-type")):
            yield table.fault(f"content_qualifier {word!r} is no term of the vocabulary")


@rule("DL-3.2.7-02", LINKS_TABLE, also=["DL-3.2.7-01"], because=[COLUMNS, "DL-3.2.2-01"])
def truthful_types(table: Document) -> Faults:
    """What a link gives is of the media type that its row tells."""
    for row in _followed(table, table.view.rows):
        told = row.get("content_type", "").partition(";")[0].strip().lower()
        kind = _type(table, row["access_url"])
        if told and kind and kind != told:
            yield table.fault(f"{row['access_url']} comes as {kind}, its row tells {told}")


@rule("DL-3.2.8-01", LINKS_TABLE, level="warning", because=[COLUMNS, "DL-3.2.8-01", "DL-3.2.2-01"])
def truthful_lengths(table: Document) -> Faults:
    """The size that a row tells is that of the file, in bytes."""
    for row in _followed(table, table.view.rows):
        told = row.get("content_length", "")
        answer = _asked(table, row["access_url"])
        length = answer.headers.get("content-length", "") if answer is not None and answer.ok else ""
        packed = length == "0" or (answer is not None and "content-encoding" in answer.headers)
        if (
            told.isdigit()
            and length.isdigit()
            and not packed
            and abs(int(told) - int(length)) > int(length) / 2
        ):
            yield table.fault(f"{row['access_url']} has {length} bytes, its row tells {told}")


def _followed(table: Document, rows: tuple[Mapping[str, str], ...]) -> list[Mapping[str, str]]:
    """Return some rows with addresses that can be looked at."""
    if table.service is None:
        return []
    return [row for row in rows if row.get("access_url", "").startswith("http")][:SAMPLE]


def _head(table: Document, url: str) -> int | None:
    """Return the status of an address by HEAD; None where nothing can be said."""
    answer = _asked(table, url)
    return None if answer is None else answer.status


def _type(table: Document, url: str) -> str:
    """Return the media type at an address; empty where nothing can be said."""
    answer = _asked(table, url)
    return answer.media_type.essence if answer is not None and answer.ok else ""


def _asked(table: Document, url: str) -> Exchange | None:
    """Return the answer to a HEAD; None where nobody answers, or nobody is to be asked."""
    if table.service is None:
        return None
    try:
        return table.service.client.send(Request(url, "HEAD"))
    except NoAnswer:
        return None
