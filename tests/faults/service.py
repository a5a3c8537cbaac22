"""The reference service: what it answers to a request, without a socket."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.dali import TYPES, DaliError

from . import tables
from .cone import cone
from .holdings import DATASETS, Dataset, distance
from .jobs import Jobs
from .messages import Asked, Given

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Reference", "image"]

DOCUMENTS = Path(__file__).parent / "documents"
SIA = standards.load("sia2", extensions=())
VOTABLE = "application/x-votable+xml"
DATALINK = f"{VOTABLE};content=datalink"
NAMES = ("ID", "POS", "CIRCLE", "POLYGON", "BAND", "TIME", "POL")
SINGLE = ("RESPONSEFORMAT", "RUNID", "MAXREC", "CIRCLE", "POLYGON", "POS", "BAND", "TIME", "ID")


CHANGED = "Tue, 02 Jan 2024 03:04:05 GMT"


class Refusal(Exception):
    """The text of an error."""


class Reference:
    """Answers as the standards say."""

    def __init__(self) -> None:
        self.jobs = {"async": Jobs(self.sync), "tap/async": Jobs(_rows, "tap/async")}
        self.routes: dict[str, Callable[[Asked], Given]] = {
            "capabilities": lambda _: _file("capabilities.xml").having(Last_Modified=CHANGED),
            "availability": lambda _: _file("availability.xml"),
            "tables": lambda _: _file("tables.xml"),
            "tables/ivoa.obscore": lambda _: _file("table.xml"),
            "examples": lambda _: _file("examples.xhtml", "application/xhtml+xml"),
            "sync": self.sync,
            "query": self.query,
            "links": self.links,
            "cone": cone,
            "tap/capabilities": lambda _: _file("tap.xml").having(Last_Modified=CHANGED),
            "tap/availability": lambda _: _file("availability.xml"),
            "tap/tables": lambda _: _file("tables.xml"),
            "tap/tables/ivoa.obscore": lambda _: _file("table.xml"),
            "file/one": lambda _: Given(200, "application/fits", image(16, DATASETS[0])),
            "file/two": lambda _: Given(200, "application/fits", image(16, DATASETS[1])),
        }

    def answer(self, asked: Asked) -> Given:
        """Return the answer to a request."""
        for place, jobs in self.jobs.items():
            if asked.path == place or asked.path.startswith(f"{place}/"):
                return jobs.answer(asked)
        route = self.routes.get(asked.path)
        return route(asked) if route else Given(404, body=b"Error: there is nothing here\n")

    def sync(self, asked: Asked) -> Given:
        """Cut a dataset."""
        try:
            return self._cut(asked)
        except Refusal as error:
            return Given(400, body=f"{error}\n".encode())
        except DaliError as error:
            return Given(400, body=f"UsageError: {error}\n".encode())

    def _cut(self, asked: Asked) -> Given:
        for name in SINGLE:
            if len(asked.values(name)) > 1:
                raise Refusal(f"MultiValuedParamNotSupported: {name}")
        if asked.values("RESPONSEFORMAT") and asked.first("RESPONSEFORMAT") != "application/fits":
            raise Refusal("UsageError: RESPONSEFORMAT is application/fits alone")
        known = {dataset.did: dataset for dataset in DATASETS}
        if asked.first("ID") not in known:
            raise Refusal(f"UsageError: ID={asked.first('ID')!r} is no dataset of this service")
        dataset = known[asked.first("ID")]
        size = _side(asked, dataset)
        return Given(200, "application/fits", image(size, dataset)) if size else Given(204, "")

    def query(self, asked: Asked) -> Given:
        """Find datasets."""
        form = asked.first("RESPONSEFORMAT", "votable")
        kind = "text/xml" if form == "text/xml" else VOTABLE
        try:
            _once(asked, form)
            most = TYPES["whole"].read("MAXREC", asked.first("MAXREC", "1000"))
            rows = [dataset.row for dataset in DATASETS if _matches(asked, dataset)]
        except Refusal as error:
            return Given(400, kind, tables.error(str(error)).encode())
        except DaliError as error:
            return Given(400, kind, tables.error(f"UsageFault: {error}").encode())
        assert isinstance(most, int)
        found = tables.query(rows[:most], overflow=len(rows) > most)
        return Given(200, kind, found.encode())

    def links(self, asked: Asked) -> Given:
        """Return the links of datasets."""
        forms = asked.values("RESPONSEFORMAT")
        if len(forms) > 1 or (forms and forms[0] not in ("votable", VOTABLE, DATALINK, "text/xml")):
            return Given(400, VOTABLE, tables.error("UsageFault: RESPONSEFORMAT").encode())
        kind = "text/xml" if forms == ["text/xml"] else DATALINK
        return Given(200, kind, tables.links(asked.values("ID")).encode())


def _rows(asked: Asked) -> Given:
    """Answer a query of TAP with all rows, or say that there is none."""
    if asked.first("LANG") != "ADQL" or not asked.first("QUERY"):
        return Given(400, body=b"Error: LANG and QUERY are wanted\n")
    return Given(200, VOTABLE, tables.query([dataset.row for dataset in DATASETS], overflow=False).encode())


def _once(asked: Asked, form: str) -> None:
    """Refuse what comes twice, and unknown formats."""
    for name in ("MAXREC", "RESPONSEFORMAT"):
        if len(asked.values(name)) > 1:
            raise Refusal(f"UsageFault: {name} comes twice")
    if form not in ("votable", VOTABLE, "text/xml"):
        raise Refusal("UsageFault: unknown RESPONSEFORMAT")


def _file(name: str, kind: str = "text/xml") -> Given:
    return Given(200, kind, (DOCUMENTS / name).read_bytes())


def _side(asked: Asked, dataset: Dataset) -> int:
    """Return the side of the cutout in pixels, 0 if nothing is selected."""
    regions = []
    for name, kind in (("CIRCLE", "circle"), ("POLYGON", "polygon")):
        regions += [_circle(kind, name, value, dataset) for value in asked.values(name)]
    for value in asked.values("POS"):
        word, _, rest = value.partition(" ")
        if word not in ("CIRCLE", "POLYGON", "RANGE"):
            raise Refusal(f"UsageError: POS={value!r} is no shape")
        regions.append(_circle(word.lower(), "POS", rest, dataset))
    for name, own in (("BAND", dataset.band), ("TIME", dataset.time)):
        if not all(_meets(value, own, pair=True) for value in asked.values(name)):
            return 0
    wanted = asked.values("POL")
    if wanted and not set(wanted) & set(dataset.states):
        return 0
    if any(apart > radius + dataset.radius for apart, radius in regions):
        return 0
    share = min([1.0, *(radius / dataset.radius for _, radius in regions)])
    return max(1, round(16 * share))


def _circle(kind: str, name: str, text: str, dataset: Dataset) -> tuple[float, float]:
    """Return how far a region is from the data, and its size: the same for all shapes about one centre."""
    TYPES[kind].read(name, text)
    numbers = [float(word) for word in text.split()]
    if kind == "circle":
        return distance(numbers[0], numbers[1], dataset), numbers[2]
    if kind == "range":
        low, high, south, north = numbers
        if math.isinf(low) or math.isinf(north) or high - low > 180:
            return 0.0, 180.0
        return distance((low + high) / 2, (south + north) / 2, dataset), (north - south) / 2
    lons, lats = numbers[::2], numbers[1::2]
    middle = (max(lons) + min(lons)) / 2, (max(lats) + min(lats)) / 2
    return distance(*middle, dataset), (max(lats) - min(lats)) / 2


def _meets(text: str, own: tuple[float, float], *, pair: bool = False) -> bool:
    """Tell whether an interval meets another."""
    TYPES["interval"].read("interval", text)
    ends = [float(word) for word in text.split()]
    if pair and len(ends) != 2:
        raise Refusal("UsageError: expected two numbers")
    return ends[0] <= own[1] and ends[-1] >= own[0]


def _matches(asked: Asked, dataset: Dataset) -> bool:
    """Tell whether a dataset is found: some value of each parameter matches."""
    for parameter in SIA.parameters.values():
        values = asked.values(parameter.name)
        if values and parameter.match and not any(_match(parameter, value, dataset) for value in values):
            return False
    return True


def _match(parameter: standards.Parameter, value: str, dataset: Dataset) -> bool:
    own = [dataset.row[name] for name in parameter.obscore]
    if parameter.match == "region":
        word, _, rest = value.partition(" ")
        if word not in ("CIRCLE", "POLYGON", "RANGE"):
            raise Refusal(f"UsageFault: POS={value!r} is no shape")
        apart, radius = _circle(word.lower(), "POS", rest, dataset)
        return apart <= radius + dataset.radius
    if parameter.match in ("interval-overlap", "value-in-interval"):
        return _meets(value, (float(own[0]), float(own[-1])))
    if parameter.match == "set-member":
        return f"/{value}/" in own[0]
    if parameter.match == "int-equal":
        return int(own[0]) == TYPES["whole"].read(parameter.name, value)
    if parameter.match == "string-equal-nocase":
        return own[0].lower() == value.lower()
    return own[0] == value


def image(side: int, dataset: Dataset) -> bytes:
    """Return a FITS file with a square image of bytes around the centre of a dataset."""
    pixels = side * 20
    cards = [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    2",
    ]
    cards += [f"NAXIS{axis}  = {pixels:>20}" for axis in (1, 2)]
    for axis, kind, value in ((1, "RA---TAN", dataset.lon), (2, "DEC--TAN", dataset.lat)):
        step = dataset.radius / 160
        cards += [
            f"CTYPE{axis}  = '{kind}'",
            f"CRVAL{axis}  = {value:>20}",
            f"CRPIX{axis}  = {(pixels + 1) / 2:>20}",
        ]
        cards.append(f"CDELT{axis}  = {-step if axis == 1 else step:>20}")
    header = "".join(card.ljust(80) for card in (*cards, "END")).ljust(2880).encode()
    data = bytes(pixels * pixels)
    return header + data + bytes(-len(data) % 2880)
