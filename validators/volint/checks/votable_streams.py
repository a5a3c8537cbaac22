"""VOTables: what their bytes are told to be, and streams that lie elsewhere (VOTable 1.5, 5.2, 5.7 and 8)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from volint.check import rule
from volint.fits import columns_of_table
from volint.manners import NoAnswer
from volint.model import Skip
from volint.scopes import VOTABLES
from volint.votable.passing import passed
from volint.xml import children, local, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from volint.check import Faults
    from volint.document import Document
    from volint.exchange import Exchange
    from volint.media import MediaType

__all__ = ["charset", "filling", "fits_extension", "remote_streams", "told_serialization"]

SERIALIZATIONS = ("TABLEDATA", "BINARY", "BINARY2", "FITS")
DECLARED = re.compile(rb"""<\?xml[^>]*\sencoding=["']([A-Za-z][\w.-]*)["']""")
REMOTE = "VOT-5.7-01"


@rule("VOT-8-02", VOTABLES, because=["VOT-3-03"])
def told_serialization(document: Document) -> Faults:
    """A serialization in the media type is one of four, and that of every table."""
    exchange, kind = _told(document)
    value = kind.parameters.get("serialization")
    if value is None:
        return
    found = {local(part) for data in document.root.iter("{*}DATA") for part in _forms(data)}
    if value.upper() not in SERIALIZATIONS:
        yield exchange.fault(f"serialization={value!r}, expected one of {', '.join(SERIALIZATIONS)}")
    elif found - {value.upper()}:
        yield exchange.fault(f"serialization={value!r}, and there is {' and '.join(sorted(found))}")


@rule("VOT-8-03", VOTABLES, because=["VOT-3-03"])
def charset(document: Document) -> Faults:
    """A charset in the media type is that of the bytes."""
    exchange, kind = _told(document)
    value = kind.parameters.get("charset")
    if value is None or exchange.cut:
        return
    declared = DECLARED.match(document.content)
    own = declared[1].decode() if declared else "utf-8"
    try:
        text = document.content.decode(value)
    except (LookupError, UnicodeDecodeError) as error:
        yield exchange.fault(f"charset={value!r}: {error}")
        return
    if text != document.content.decode(own, "replace"):
        yield exchange.fault(f"charset={value!r}, the document itself is in {own}", "warning")


@rule(REMOTE, VOTABLES, because=["VOT-3-03"])
def remote_streams(document: Document) -> Faults:
    """A stream that lies elsewhere can be fetched as long as it has not expired."""
    for stream in document.root.iter("{*}STREAM"):
        if stream.get("href") and not _expired(stream) and (answer := _fetched(document, stream)):
            if not answer.ok:
                yield document.fault(f"the STREAM at {answer.request.url} answers {answer.status}", stream)
            elif not answer.body:
                yield document.fault(f"the STREAM at {answer.request.url} is empty", stream)


@rule("VOT-5.2-01", VOTABLES, because=["VOT-3-03", REMOTE])
def fits_extension(document: Document) -> Faults:
    """The extension of a FITS file that is named is a table of as many columns as there are fields."""
    for table in document.root.iter("{*}TABLE"):
        for node in table.iterfind("{*}DATA/{*}FITS"):
            number = words(node.get("extnum")) or "1"
            stream = next(children(node, "STREAM"), None)
            if not number.isdecimal() or int(number) < 1:
                yield document.fault(f"extnum={number!r}, expected a number from 1", node)
                continue
            content = b"" if stream is None else _content(document, stream)
            if not content:
                continue
            found, wanted = columns_of_table(content, int(number)), len(list(children(table, "FIELD")))
            if found is None:
                yield document.fault(f"extension {number} of the FITS file is no binary table", node)
            elif found != wanted:
                yield document.fault(f"extension {number} has {found} columns, the TABLE {wanted}", node)


@rule("VOT-5.4-02", VOTABLES, level="info", because=["VOT-3-03", "VOT-5.6-01", "VOT-5.4-01"])
def filling(document: Document) -> Faults:
    """A null cell of BINARY2 is filled with NaN, with zeros, or has no length."""
    yield from passed(document, "VOT-5.4-02")


def _told(document: Document) -> tuple[Exchange, MediaType]:
    """Return the answer of a service and what its header says."""
    if document.service is None or document.exchange is None:
        raise Skip("a file has no media type")
    return document.exchange, document.exchange.media_type


def _forms(data: etree._Element) -> Iterator[etree._Element]:
    """Yield the parts of DATA that hold rows."""
    for name in SERIALIZATIONS:
        yield from children(data, name)


def _expired(stream: etree._Element) -> bool:
    """Tell whether the time is over for which a stream is promised."""
    try:
        end = datetime.fromisoformat(words(stream.get("expires")))
    except ValueError:
        return False
    return end.replace(tzinfo=end.tzinfo or UTC) < datetime.now(UTC)


def _fetched(document: Document, stream: etree._Element) -> Exchange | None:
    """Return what lies at the address of a stream; None if it is not of the web, or not for all."""
    if document.service is None or document.exchange is None:
        raise Skip("the streams of a file are not fetched")
    url = urljoin(document.exchange.url or document.exchange.request.url, stream.get("href", "").strip())
    if urlsplit(url).scheme not in ("http", "https") or stream.get("rights"):
        return None
    return document.service.get(url)


def _content(document: Document, stream: etree._Element) -> bytes:
    """Return the bytes of a stream, inline or elsewhere; none where they cannot be had as they are."""
    encoding = stream.get("encoding", "none")
    try:
        if not stream.get("href"):
            return base64.b64decode("".join((stream.text or "").split())) if encoding == "base64" else b""
        answer = None if document.service is None else _fetched(document, stream)
    except (binascii.Error, ValueError, NoAnswer):
        return b""
    usable = answer is not None and answer.ok and not answer.cut and encoding == "none"
    return answer.body if answer is not None and usable else b""
