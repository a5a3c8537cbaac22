"""Faults of tables: what their bytes are told to be, streams elsewhere, further columns."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import DATASETS
from .of_query import QUERY, V, cell
from .transport import Fault, both, kind, on, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked, Given

__all__ = ["FAULTS"]

RIGHTS = '<FIELD name="rights" datatype="char" arraysize="*" utype="obscore:Curation.rights"/>'


def no_outlines(_: Asked, given: Given) -> Given:
    """Leave the outlines out."""
    body = given.body
    for dataset in DATASETS:
        body = body.replace(f"<TD>{dataset.polygon}</TD>".encode(), b"<TD></TD>")
    return replace(given, body=body)


def data(content: str) -> Callable[[Asked, Given], Given]:
    """Return what puts something else where the rows are, in answers without rows."""

    def change(_: Asked, given: Given) -> Given:
        return replace(given, body=EMPTY.sub(f"<DATA>{content}</DATA>".encode(), given.body))

    return change


EMPTY = re.compile(rb"<DATA><TABLEDATA>\s*</TABLEDATA></DATA>")
MOST = on("query", lacking="RESPONSEFORMAT")

FAULTS = (
    Fault("quantity-in-words", "OBS-4.20-01", cell("phot.flux.density", "flux density"), QUERY),
    Fault("no-outlines", "OBS-4.12-01", no_outlines, QUERY),
    Fault(
        "rights-by-another-name",
        "OBS-4.22-02",
        both(
            text('<FIELD name="facility_name"', f'{RIGHTS}<FIELD name="facility_name"'),
            text("<TD>Observatory", "<TD>public</TD><TD>Observatory"),
            text("<TD>Array", "<TD>public</TD><TD>Array"),
        ),
        QUERY,
    ),
    Fault("serialization-word", "VOT-8-02", kind(f"{V};serialization=XML"), MOST),
    Fault("serialization-untrue", "VOT-8-02", kind(f"{V};serialization=binary2"), MOST),
    Fault("charset-unknown", "VOT-8-03", kind(f"{V};charset=utf-9"), MOST),
    Fault(
        "charset-untrue",
        "VOT-8-03",
        both(kind(f"{V};charset=us-ascii"), text("<TD>Observatory", "<TD>Observat\u00f3rio")),
        MOST,
        frozenset({"VOT-6-02", "SIA2-2.1.12-01"}),
    ),
    Fault(
        "stream-elsewhere-gone",
        "VOT-5.7-01",
        data('<BINARY2><STREAM href="gone.bin" encoding="none"/></BINARY2>'),
        on("query", having="MAXREC"),
        frozenset(),
    ),
)
