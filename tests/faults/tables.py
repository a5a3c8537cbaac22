"""The VOTables of the reference service."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from soda_core import standards

from .holdings import BASE, DATASETS, Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from soda_core.standards import Column

__all__ = ["error", "links", "query"]

SODA, SIA, LINKS, OBSCORE = (
    standards.load(name, extensions=()) for name in ("soda", "sia2", "datalink", "obscore")
)
LENGTH = "106560"
"""Bytes of a whole file."""

ROOT = '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">'


def error(text: str) -> str:
    """Return a document that tells a failure."""
    status = f'<INFO name="QUERY_STATUS" value="ERROR">{escape(text)}</INFO>'
    return f'{ROOT}\n<RESOURCE type="results">\n{status}\n</RESOURCE>\n</VOTABLE>\n'


def query(rows: Sequence[Mapping[str, str]], *, overflow: bool) -> str:
    """Return datasets as a table, with descriptors of the service itself and of the links."""
    columns = [column for column in OBSCORE.columns if column.mandatory]
    return _document(
        _table(columns, rows, {"obs_publisher_did"}), SIA, _self() + _links_service(), overflow=overflow
    )


def links(dids: Iterable[str]) -> str:
    """Return the links of datasets, a descriptor of cutouts for each, and one of the service itself."""
    known = {dataset.did: dataset for dataset in DATASETS}
    rows: list[dict[str, str]] = []
    descriptors = ""
    for did in dids:
        if did not in known:
            rows.append({"ID": did, "error_message": "NotFoundFault: no such dataset", "semantics": "#this"})
            rows[-1]["description"] = "The dataset."
            continue
        dataset = known[did]
        descriptors += _cutouts(dataset)
        whole = {"access_url": f"{BASE}/file/{dataset.key}", "content_type": "application/fits"}
        rows.append({"ID": did, **whole, "semantics": "#this", "description": "The whole file."})
        rows[-1]["content_length"] = LENGTH
        cut = {"service_def": f"cut-{dataset.key}", "content_type": "application/fits"}
        rows.append({"ID": did, **cut, "semantics": "#cutout", "description": "Cutouts."})
    own = _descriptor(
        "adhoc:this", "links", LINKS.endpoint("links").standard_id, f"{BASE}/links", _free("ID")
    )
    return _document(_table(LINKS.columns[:8], rows, set()), LINKS, descriptors + own, overflow=False)


def _document(table: str, standard: standards.Standard, more: str, *, overflow: bool) -> str:
    named = standard.endpoints[0].standard_id if standard is LINKS else "ivo://ivoa.net/std/SIA"
    first = '<INFO name="QUERY_STATUS" value="OK"/>\n' + f'<INFO name="standardID" value="{named}"/>'
    last = '<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n' if overflow else ""
    return f'{ROOT}\n<RESOURCE type="results">\n{first}\n{table}{last}</RESOURCE>\n{more}</VOTABLE>\n'


def _table(columns: Iterable[Column], rows: Iterable[Mapping[str, str]], keys: set[str]) -> str:
    fields = "".join(_field(column, keyed=column.name in keys) for column in columns)
    names = [column.name for column in columns]
    cells = "".join(
        "<TR>" + "".join(f"<TD>{escape(row.get(name, ''))}</TD>" for name in names) + "</TR>\n"
        for row in rows
    )
    return f"<TABLE>\n{fields}<DATA><TABLEDATA>\n{cells}</TABLEDATA></DATA>\n</TABLE>\n"


@cache
def _field(column: Column, *, keyed: bool) -> str:
    names = ("name", "datatype", "arraysize", "xtype", "unit", "ucd", "utype")
    known = " ".join(f"{name}={quoteattr(getattr(column, name))}" for name in names if getattr(column, name))
    return f"<FIELD {known}" + (f' ID="{column.name}"' if keyed else "") + "/>\n"


def _self() -> str:
    endpoint = SIA.endpoint("query")
    return _descriptor(
        "adhoc:this",
        "query",
        endpoint.standard_id,
        f"{BASE}/query",
        "".join(_free(name, SIA) for name in endpoint.parameters),
    )


def _links_service() -> str:
    param = '<PARAM name="ID" datatype="char" arraysize="*" ref="obs_publisher_did" value=""/>\n'
    return _descriptor("adhoc:service", "rows", LINKS.endpoint("links").standard_id, f"{BASE}/links", param)


def _cutouts(dataset: Dataset) -> str:
    """Describe the cutouts of one dataset by the limits of its data."""
    circle = f"{dataset.lon} {dataset.lat} {dataset.radius}"
    params = (
        f'<PARAM name="ID" datatype="char" arraysize="*" ucd="meta.id;meta.dataset" value="{dataset.did}"/>\n'
    )
    params += _free("POS") + _free("CIRCLE", values=f'<MAX value="{circle}"/>')
    params += _free("POLYGON", values=f'<MAX value="{dataset.polygon}"/>')
    for name, (low, high) in (("BAND", dataset.band), ("TIME", dataset.time)):
        params += _free(name, values=f'<MIN value="{low}"/><MAX value="{high}"/>')
    if dataset.states:
        params += _free("POL", values="".join(f'<OPTION value="{state}"/>' for state in dataset.states))
    return _descriptor(
        "adhoc:service", f"cut-{dataset.key}", SODA.endpoint("sync").standard_id, f"{BASE}/sync", params
    )


def _free(name: str, standard: standards.Standard = SODA, values: str = "") -> str:
    parameter = standard.parameters[name]
    names = ("datatype", "arraysize", "xtype", "unit", "ucd")
    known = " ".join(f'{each}="{getattr(parameter, each)}"' for each in names if getattr(parameter, each))
    inner = f"<VALUES>{values}</VALUES>" if values else ""
    return f'<PARAM name="{name}" {known} value="">{inner}</PARAM>\n'


def _descriptor(utype: str, key: str, standard_id: str, url: str, params: str) -> str:
    return (
        f'<RESOURCE type="meta" utype="{utype}" ID="{key}" name="{key}">\n'
        f'<PARAM name="standardID" datatype="char" arraysize="*" value="{standard_id}"/>\n'
        f'<PARAM name="accessURL" datatype="char" arraysize="*" value="{url}"/>\n'
        f'<GROUP name="inputParams">\n{params}</GROUP>\n</RESOURCE>\n'
    )
