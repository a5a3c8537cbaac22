"""What the tests over the service share: identifiers of the demo archive, requests, FITS in memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from astropy.io import fits

from soda_core.documents import schema_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from httpx2 import Response
    from starlette.testclient import TestClient

__all__ = ["CENTRE", "CUBE", "EXPOSURE", "M13", "MERIDIAN", "POLE", "TILE", "errors_of", "get", "opened"]

M13 = "ivo://sodalite.local/demo?real/m13.fits"
CUBE = "ivo://sodalite.local/demo?radio/hydrogen_iquv.fits"
EXPOSURE = "ivo://sodalite.local/demo?exposure/visit_0042_r.fits"
TILE = "ivo://sodalite.local/demo?survey/tile_11_r.fits"
MERIDIAN = "ivo://sodalite.local/demo?meridian/ra_zero_g.fits"
POLE = "ivo://sodalite.local/demo?pole/north_pole_r.fits"
CENTRE = "250.4226 36.4602"
"""Right ascension and declination of M13, in the middle of its image."""


def get(client: TestClient, **parameters: str | Sequence[str]) -> Response:
    """Ask `/sync`."""
    return client.get("/sync", params=parameters)


def opened(content: bytes) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the HDUs of a FITS file as a client reads them, after a check of its structure."""
    hdus = fits.open(io.BytesIO(content))
    for hdu in hdus:
        hdu.verify("exception")
    return hdus


def errors_of(response: Response, profiles: Mapping[str, str] | None = None) -> list[str]:
    """Return what the schemas have against an XML answer; the version of a VOTable chooses the profile."""
    content = response.content
    known = profiles or {'version="1.4"': "votable-1.4"}
    profile = next((name for mark, name in known.items() if mark.encode() in content[:300]), "current")
    return [error.message for error in schema_errors(content, profile)]
