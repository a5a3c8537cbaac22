"""The cone search of the reference service, over the centres of its datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core import standards

from .holdings import DATASETS, distance
from .messages import Given

if TYPE_CHECKING:
    from .holdings import Dataset
    from .messages import Asked

__all__ = ["cone"]

SCS = standards.load("scs", extensions=())
ROOT = '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">'
MORE = (("name", "meta.id"), ("facility", "meta.id;instr.obsty"))
"""The columns that come with VERB 2 and 3."""


def cone(asked: Asked) -> Given:
    """Return the datasets whose centre lies in a cone."""
    try:
        lon, lat, radius = (float(asked.first(name)) for name in ("RA", "DEC", "SR"))
        most = int(asked.first("VERB", "2"))
    except ValueError:
        return _failed("RA, DEC and SR are numbers")
    if not (0 <= lon <= 360 and -90 <= lat <= 90 and 0 <= radius <= 180):
        return _failed("RA, DEC or SR is out of range")
    found = [entry for entry in DATASETS if radius and distance(lon, lat, entry) <= radius]
    fields = "".join(
        f'<FIELD name="{column.name}" datatype="{column.datatype}" ucd="{column.ucd}"'
        + (f' unit="{column.unit}"' if column.unit else f' arraysize="{column.arraysize}"')
        + f"><DESCRIPTION>{column.description}</DESCRIPTION></FIELD>\n"
        for column in SCS.columns
    )
    fields += "".join(
        f'<FIELD name="{name}" datatype="char" arraysize="*" ucd="{ucd}">'
        f"<DESCRIPTION>A {name}.</DESCRIPTION></FIELD>\n"
        for name, ucd in MORE[: most - 1]
    )
    rows = "".join(_row(entry, most) for entry in found)
    table = f"<TABLE>\n{fields}<DATA><TABLEDATA>\n{rows}</TABLEDATA></DATA>\n</TABLE>"
    error = '<PARAM name="size" datatype="double" unit="deg" ucd="phys.angSize;obs" value="0.001"/>'
    return _given(f'<RESOURCE type="results">\n{error}\n{table}\n</RESOURCE>')


def _row(entry: Dataset, most: int) -> str:
    cells = [entry.key, str(entry.lon), str(entry.lat), entry.row["target_name"], entry.row["facility_name"]]
    return "<TR>" + "".join(f"<TD>{cell}</TD>" for cell in cells[: 2 + most]) + "</TR>\n"


def _failed(reason: str) -> Given:
    return _given(f'<INFO name="Error" value="{reason}"/>\n<RESOURCE type="results"/>')


def _given(content: str) -> Given:
    return Given(200, "text/xml", f"{ROOT}\n{content}\n</VOTABLE>\n".encode())
