"""Services that do things otherwise, within the rules: nothing is held against them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from faults.holdings import BASE, DATASETS
from faults.judging import judged
from faults.messages import Given
from faults.of_jobs import making, part
from faults.transport import Fault, answered, kind, on, status, text

if TYPE_CHECKING:
    from faults.messages import Asked

LOGIN = '<securityMethod standardID="ivo://ivoa.net/std/SSO#BasicAA"/>'


def prefixed(_: Asked, given: Given) -> Given:
    """Write a VOTable with a prefix."""
    body = re.sub(rb"<(/?)(?=[A-Z])", rb"<\1vot:", given.body)
    return replace(given, body=body.replace(b" xmlns=", b" xmlns:vot="))


def led_on(asked: Asked, given: Given) -> Given:
    """Answer a cutout at another address, by 303."""
    if asked.path == "sync":
        return Given(303).having(Location=f"{BASE}/stored/sync?{urlencode(asked.pairs)}")
    return given


def stored(asked: Asked) -> Asked:
    """Find a cutout at its other address."""
    return replace(asked, path="sync")


def stc(_: Asked, given: Given) -> Given:
    """Write outlines as STC-S."""
    body = re.sub(
        rb'(<FIELD name="s_region") datatype="double" arraysize="\*" xtype="polygon"',
        rb'\1 datatype="char" arraysize="*" xtype="adql:REGION"',
        given.body,
    )
    for dataset in DATASETS:
        body = body.replace(f"<TD>{dataset.polygon}".encode(), f"<TD>Polygon ICRS {dataset.polygon}".encode())
    return replace(given, body=body)


TABLES = on("query", "links")
SECOND = (
    '</interface><interface xsi:type="vs:ParamHTTP" role="std" version="1.0">'
    f'<accessURL use="full">{BASE}/auth/sync</accessURL>{LOGIN}</interface></capability>'
)
OTHERWISE = (
    Fault("login-for-cutouts", "", status(401), on("sync")),
    Fault("login-for-jobs", "", status(401), making),
    Fault("unknown-job-403", "", status(403), lambda a: a.path == "async/volint-no-such-job"),
    Fault("no-quote", "", answered(lambda: Given(204, "")), part("quote")),
    Fault("cutout-elsewhere", "", led_on, on("sync", "stored/sync"), frozenset(), stored),
    Fault("votable-1.3", "", text('version="1.4"', 'version="1.3"'), TABLES),
    Fault("votable-with-prefix", "", prefixed, TABLES),
    Fault("charset-told", "", kind("text/xml;charset=UTF-8"), on("capabilities", "availability", "tables")),
    Fault(
        "two-interfaces",
        "",
        lambda _, given: replace(
            given,
            body=re.sub(
                rb"(dal/sync</accessURL>.*?)</interface>\s*</capability>",
                rb"\1" + SECOND.encode(),
                given.body,
                count=1,
                flags=re.DOTALL,
            ),
        ),
        on("capabilities"),
    ),
    Fault("outlines-as-stc", "", stc, on("query")),
)


@pytest.mark.parametrize("way", OTHERWISE, ids=[way.name for way in OTHERWISE])
def test_another_way_is_no_fault(way: Fault) -> None:
    """What a standard leaves to the service is no error and no warning."""
    found = [finding for finding in judged(way).findings if finding.level != "info"]

    assert [] == [(finding.code, finding.message) for finding in found]
