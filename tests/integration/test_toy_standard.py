"""A parameter added to a declaration appears everywhere without another edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from soda_core import registry, standards
from soda_core.documents import capabilities, descriptor, openapi, schema_errors, serialize
from soda_core.settings import Settings
from soda_core.web.endpoint import Endpoint
from soda_core.web.pool import Pool

if TYPE_CHECKING:
    from pathlib import Path

TOY = """\
[standard]
name = "TOY"
version = "1.0"
title = "A toy"
document = "https://example.org/toy"

[[endpoint]]
name = "play"
path = "/toy"
methods = ["GET", "POST"]
standard_id = "ivo://example.org/std/Toy#play-1.0"
parameters = [{parameters}]
media_types = ["text/plain"]
section = "1"

[[parameter]]
name = "ID"
type = "identifier"
datatype = "char"
arraysize = "*"
description = "What to play with."
section = "2"

[[error]]
label = "ToyFault"
code = "UsageError"
meaning = "The request is wrong."
section = "3"
"""

COLOUR = """
[[parameter]]
name = "COLOUR"
type = "word"
datatype = "char"
arraysize = "*"
ucd = "phot.color"
occurs = "0..1"
values = ["red", "blue"]
description = "Colour of the toy."
section = "2.1"
"""


class Toy(NamedTuple):
    """The toy service and its declaration."""

    standard: standards.Standard
    client: TestClient


def answer(request: registry.Request) -> registry.Answer:
    """Tell what was asked, without knowing any parameter by name."""
    text = "; ".join(
        f"{name}={','.join(map(str, values))}" for name, values in sorted(request.values.items())
    )
    return registry.Document(text.encode(), "text/plain")


def toy(folder: Path, text: str) -> Toy:
    """Return the service that a declaration makes."""
    path = folder / "toy.toml"
    path.write_text(text)
    standard = standards.read(path)
    (bound,) = registry.bind(standard, {"play": answer})
    endpoint = Endpoint(bound, Settings(), Pool(1, 1))
    app = Starlette(routes=[Route(endpoint.path, endpoint, methods=[*endpoint.methods])])
    return Toy(standard, TestClient(app, raise_server_exceptions=False))


@pytest.fixture
def before(tmp_path: Path) -> Toy:
    """The toy without colours."""
    return toy(tmp_path, TOY.format(parameters='"ID"'))


@pytest.fixture
def after(tmp_path: Path) -> Toy:
    """The same with one table more, and its name in the list of the endpoint."""
    return toy(tmp_path, TOY.format(parameters='"ID", "COLOUR"') + COLOUR)


def test_the_new_parameter_is_parsed(before: Toy, after: Toy) -> None:
    """It is ignored before; after it has values, a multiplicity and the error label of its standard."""
    asked = {"colour": "red"}

    assert "" == before.client.get("/toy", params=asked).text
    assert "COLOUR=red" == after.client.get("/toy", params=asked).text
    assert "COLOUR=red" == after.client.post("/toy", data=asked).text
    assert after.client.get("/toy?COLOUR=green").text.startswith(
        "ToyFault: COLOUR='green': expected one of red blue"
    )
    assert 400 == after.client.get("/toy?COLOUR=red&COLOUR=blue").status_code


def test_the_new_parameter_is_advertised(before: Toy, after: Toy) -> None:
    """Capabilities, valid by their schema, and the service descriptor list it with its UCD."""
    texts = {}
    for name, made in (("before", before), ("after", after)):
        endpoint = made.standard.endpoint("play")
        document = serialize(capabilities([(made.standard, endpoint)], "http://testserver"))
        assert [] == schema_errors(document)
        resource = descriptor(made.standard, endpoint, "http://testserver")
        texts[name] = document.decode() + str(resource)

    assert "COLOUR" not in texts["before"]
    assert 2 == texts["after"].count("COLOUR")
    assert 2 == texts["after"].count("phot.color")


def test_the_new_parameter_is_in_openapi(before: Toy, after: Toy) -> None:
    """Generic tools see its name and its values."""
    shown = [
        openapi("Toy", [(t.standard, t.standard.endpoint("play"))], "http://testserver")
        for t in (before, after)
    ]

    assert ["ID"] == [p["name"] for p in shown[0]["paths"]["/toy"]["get"]["parameters"]]
    assert ["ID", "COLOUR"] == [p["name"] for p in shown[1]["paths"]["/toy"]["get"]["parameters"]]
    assert ["red", "blue"] == shown[1]["paths"]["/toy"]["get"]["parameters"][1]["schema"]["items"]["enum"]
