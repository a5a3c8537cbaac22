"""OpenAPI describes what the declarations say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from toys import endpoint, parameter, standard

from soda_core import standards
from soda_core.documents import openapi

if TYPE_CHECKING:
    from golden import Golden

SODA, VOSI = standards.load("soda"), standards.load("vosi")
SYNC = SODA.endpoint("sync")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The description of SODA and VOSI."""
    declared = [(SODA, SYNC), *((VOSI, VOSI.endpoint(name)) for name in ("capabilities", "availability"))]
    return openapi("T", declared, "http://archive.example/soda")


def test_openapi_is_stable(document: dict[str, Any], golden: Golden) -> None:
    """The document has not drifted, but for the version of the program."""
    document = document | {"info": {"title": "T", "version": "0"}}

    golden.check("openapi.json", (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


@pytest.mark.parametrize("name", SYNC.parameters)
def test_every_declared_parameter_is_in_both_operations(document: dict[str, Any], name: str) -> None:
    """GET and POST take what specs/ declares, by examples that match their patterns."""
    path = document["paths"]["/sync"]
    (query,) = [entry for entry in path["get"]["parameters"] if entry["name"] == name]
    form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    items = query["schema"]["items"]

    assert query["schema"] == form["properties"][name]
    assert [] == [text for text in items.get("examples", ()) if not re.search(items.get("pattern", ""), text)]


@pytest.mark.parametrize("occurs", ["0..1", "1", "0..*", "1..*"])
def test_repetition_is_limited_where_it_is_refused(occurs: str) -> None:
    """One value where one is taken, any number elsewhere; obligatory where it must be there."""
    one = parameter("X", occurs=occurs)
    toy = standard(endpoint("q", one), parameters=(one,))
    (query,) = openapi("T", [(toy, toy.endpoints[0])], "http://a")["paths"]["/q"]["get"]["parameters"]

    assert (occurs.startswith("1"), None if occurs.endswith("*") else 1) == (
        query["required"],
        query["schema"].get("maxItems"),
    )


def test_the_statuses_are_declared(document: dict[str, Any]) -> None:
    """Every status that the service can answer with is in the description."""
    answers = document["paths"]["/sync"]["get"]["responses"]

    assert {"200", "204", "400", "401", "403", "404", "413", "500", "503"} == set(answers)
    assert re.match(answers["400"]["content"]["text/plain"]["schema"]["pattern"], "UsageError: x")
