"""`sodalite demo`: from nothing to a cutout made through the network."""

from __future__ import annotations

import shlex
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from cyclopts import Parameter
from rich.markup import escape

from soda_core.demo import build
from soda_core.inventory import publisher_did
from soda_core.services import Archive
from soda_core.settings import Collection, Settings

from .console import Stop, done, notice, out, step
from .server import Port, listen, report_scan, running

if TYPE_CHECKING:
    from soda_core.demo import Archive as Built
    from soda_core.demo import Showcase

__all__ = ["demo"]

COLLECTION = "demo"
CUBE = "radio/hydrogen_iquv.fits"


def demo(
    *,
    directory: Annotated[Path, Parameter(name=("--directory", "--dir"))] = Path("demo-archive"),
    host: str = "127.0.0.1",
    port: Port = 8000,
    serve: bool = True,
) -> None:
    """Build a small archive of the sky, serve it, and cut M13 out of it through the network.

    Parameters
    ----------
    directory
        Folder for the archive; made if it is not there.
    host
        Address to listen on.
    port
        Port to listen on.
    serve
        Go on serving afterwards.

    """
    with listen(host, port if serve else 0) as taken:
        made = _build(directory)
        archive = Archive.open(_settings(directory))
        report_scan(archive)
        with running(archive, taken) as url:
            request = _request(made.showcase[0], made.directory, archive.settings, url)
            _cut(made.showcase[0], request)
            if serve:
                _invite(url, request, directory)
                with suppress(KeyboardInterrupt):  # the end that was asked for
                    threading.Event().wait()


def _build(directory: Path) -> Built:
    """Make the files that are not there yet, and tell of them."""
    step("building a small archive of the sky")
    directory.mkdir(parents=True, exist_ok=True)
    made = build(directory)
    for text in made.notices:
        notice(text)
    size = sum(path.stat().st_size for path in made.files) / 1e6
    done(f"{len(made.files)} files, {size:.0f} MB, in {directory}")
    return made


def _settings(directory: Path) -> Settings:
    """Return the settings of the demo: everything lies in its folder."""
    return Settings(
        title="Sodalite demo archive",
        collections=(Collection(name=COLLECTION, folder=directory),),
        inventory=str(directory.resolve() / ".inventory.sqlite"),
    )


def _request(showcase: Showcase, directory: Path, settings: Settings, url: str) -> str:
    """Return the address of a cutout of *showcase*."""
    key = showcase.file.relative_to(directory).as_posix()
    did = publisher_did(settings.authority, COLLECTION, key)
    circle = " ".join(f"{number:g}" for number in showcase.circle)
    return f"{url}/sync?{urlencode({'ID': did, 'CIRCLE': circle}, quote_via=quote)}"


def _cut(showcase: Showcase, request: str) -> None:
    """Make the cutout through the network, as FITS and as PNG, and write it to the current folder."""
    step(f"cutting {showcase.title} through the network")
    stem = f"{showcase.file.name.partition('.')[0]}-cutout"
    for suffix, query in ((".fits", ""), (".png", "&RESPONSEFORMAT=png")):
        try:
            with urllib.request.urlopen(request + query, timeout=60) as answer:  # noqa: S310 - our own address
                content = answer.read()
        except urllib.error.URLError as error:
            raise Stop(f"{request + query} was not answered: {error}") from error
        Path(stem + suffix).write_bytes(content)
        done(f"{stem}{suffix}: {len(content):,} bytes")


def _invite(url: str, request: str, directory: Path) -> None:
    """Say what to try next."""
    cube = escape(shlex.quote(str(directory / CUBE)))
    out.print(f"""
[bold]The archive is served.[/] Try:
  in a browser      {url}/
  the picture       {request}&RESPONSEFORMAT=png
  the pixels        curl -o cutout.fits '{request}'
  what it can do    {url}/capabilities  {url}/examples
  without a server  sodalite cutout {cube} --band "0.21242 0.21251" -o channels.fits
Ctrl-C ends it.""")
