"""A TAP service over SQLite: takes the ADQL that a facade sends, on a socket of the loopback."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import uvicorn
from adql_grammar import NotAdql, read
from ivoa_schemas.votable import Votable
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from soda_core import standards
from soda_core.dali import Circle
from soda_core.sky import Footprints
from soda_core.standards import Column
from soda_core.votable import VERSION, results, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.requests import Request


__all__ = ["Tap", "tap_over"]

TYPE = "application/x-votable+xml"
COLUMNS = standards.load("obscore").columns
_TOP = re.compile(r"\bTOP (\d+) ")


@dataclass
class Tap:
    """The service: its address, the queries that it was sent, and what is wrong with it."""

    url: str = ""
    queries: list[str] = field(default_factory=list)
    broken: bool = False
    most: int = 100_000
    """Rows that it gives at most, whatever is asked for."""


@contextmanager
def tap_over(rows: Sequence[Mapping[str, Any]], *, as_text: bool = True) -> Iterator[Tap]:
    """Serve *rows* as ivoa.obscore, footprints as text or as the numbers of a polygon."""
    tap = Tap()
    database = _database(rows)
    lock = threading.Lock()

    def answer(query: str, maxrec: int) -> bytes:
        read(query)
        tap.queries.append(query)
        if tap.broken:
            raise sqlite3.OperationalError("secret words of the database")
        with lock:
            return _answer(database, query, min(maxrec, tap.most), as_text=as_text)

    async def sync(request: Request) -> Response:
        form = await request.form()
        assert "ADQL" == form["LANG"]
        try:
            text = await run_in_threadpool(answer, str(form["QUERY"]), int(str(form["MAXREC"])))
        except (sqlite3.Error, NotAdql) as error:
            return Response(str(error), 500, media_type="text/plain")
        return Response(text, media_type=TYPE)

    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[Route("/tap/sync", sync, methods=["POST"])]), port=0, log_level="warning"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        tap.url = f"http://127.0.0.1:{port}/tap"
        yield tap
    finally:
        server.should_exit = True
        thread.join()
        database.close()


def _database(rows: Sequence[Mapping[str, Any]]) -> sqlite3.Connection:
    """Return a database whose schema `ivoa` has the table, and which knows circles."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    names = [column.name for column in COLUMNS]
    database.execute("ATTACH ':memory:' AS ivoa")
    database.execute(f"CREATE TABLE ivoa.obscore ({', '.join(names)})")
    marks = ", ".join("?" * len(names))
    database.executemany(
        f"INSERT INTO ivoa.obscore VALUES ({marks})",  # noqa: S608 - names of the declaration
        [[row.get(name) for name in names] for row in rows],
    )
    database.create_function("CIRCLE", 4, lambda _frame, *circle: " ".join(map(repr, circle)))
    database.create_function("INTERSECTS", 2, _intersects)
    return database


def _intersects(area: str | None, circle: str) -> int | None:
    """Tell as ADQL does whether a polygon and a circle share a point."""
    if area is None:
        return None
    plain = area.upper().removeprefix("POLYGON").strip().removeprefix("ICRS").strip()
    lon, lat, radius = map(float, circle.split())
    return int(Footprints.read([plain], np.full((1, 3), np.nan)).meets(Circle(lon, lat, radius))[0])


def _answer(database: sqlite3.Connection, query: str, maxrec: int, *, as_text: bool) -> bytes:
    """Carry a query out; what ADQL writes otherwise than SQLite is the number of rows."""
    top = _TOP.search(query)
    sql = _TOP.sub("", query) + (f" LIMIT {top[1]}" if top else "")
    cursor = database.execute(sql)
    found = cursor.fetchmany(maxrec + 1)
    names = [name for name, *_ in cursor.description]
    columns = [_column(name, as_text=as_text) for name in names]
    table = results(columns)
    return b"".join(write(Votable(version=VERSION, items_1=[table]), columns, found, limit=maxrec))


def _column(name: str, *, as_text: bool) -> Column:
    if name == "s_region" and as_text:
        return Column(name, "char", "a region", "", arraysize="*", xtype="adql:REGION")
    known = {column.name: column for column in COLUMNS}
    return known.get(name) or Column(name, "int", "a count", "")
