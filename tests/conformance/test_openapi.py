"""The description of the service for machines, and the service held against it with random requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import schemathesis
from answers import LABELS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it brings no types
from schemathesis import GenerationMode, checks
from support import CUBE, M13, TILE

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

SYNC, ASYNC = map(standards.load("soda").endpoint, ("sync", "async"))
OPERATIONS = [
    ("get", "/capabilities"),
    ("get", "/availability"),
    ("get", "/examples"),
    ("get", "/sync"),
    ("post", "/sync"),
    ("get", "/sia"),
    ("post", "/sia"),
    ("get", "/links"),
    ("post", "/links"),
    ("get", "/tables"),
    ("get", "/tables/{name}"),
    ("get", "/datasets/{collection}/{key}"),
]
JOB = "/async/{job-id}"
JOBS = [
    *((method, "/async") for method in ("get", "post")),
    *((method, JOB) for method in ("get", "post", "delete")),
    *(
        (method, f"{JOB}/{child}")
        for child in ("phase", "executionduration", "destruction", "parameters")
        for method in ("get", "post")
    ),
    *(("get", f"{JOB}/{child}") for child in ("error", "quote", "owner", "results")),
    ("get", f"{JOB}/parameters/{{parameter}}"),
    ("get", f"{JOB}/results/{{result}}"),
]
"""What is described of jobs."""
HELD = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
FEW = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FEW, max_examples=300)


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(client.get("/openapi.json").json())


@pytest.fixture(scope="module")
def api(service: str) -> Any:  # noqa: ANN401 - schemathesis is not typed here
    """The running service as schemathesis reads it."""
    return schemathesis.openapi.from_url(f"{service}/openapi.json")


def schemas(node: object) -> Iterator[dict[str, Any]]:
    """Yield every JSON Schema below *node*."""
    if isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            yield node["schema"]
        for child in node.values():
            yield from schemas(child)
    elif isinstance(node, list):
        for child in node:
            yield from schemas(child)


def test_the_document_is_openapi_3_1(description: dict[str, Any]) -> None:
    """It keeps the schema of OpenAPI 3.1, and each schema in it is one of JSON Schema 2020-12."""
    found = list(schemas(description))

    schemathesis.openapi.from_dict(description).validate()
    for schema in found:
        Draft202012Validator.check_schema(schema)

    assert "3.1.0" == description["openapi"]
    assert len(found) > 20


def test_the_check_of_the_document_can_fail(description: dict[str, Any]) -> None:
    """A document without a title is refused."""
    broken = description | {"info": {"version": "1"}}

    with pytest.raises(Exception, match="title"):
        schemathesis.openapi.from_dict(broken).validate()


def test_it_describes_what_is_served(description: dict[str, Any]) -> None:
    """Paths and methods are those of the declared endpoints, {sync} with all its parameters."""
    found = [(method, path) for path, item in description["paths"].items() for method in item]
    query = description["paths"]["/sync"]["get"]["parameters"]
    form = description["paths"]["/sync"]["post"]["requestBody"]["content"]

    assert {*OPERATIONS, *JOBS} == set(found)
    assert len(found) == len(set(found))
    assert list(SYNC.parameters) == [parameter["name"] for parameter in query]
    for content in form.values():
        assert list(SYNC.parameters) == list(content["schema"]["properties"])
    assert {"application/x-www-form-urlencoded", "multipart/form-data"} == set(form)


def test_a_job_takes_what_its_list_takes(description: dict[str, Any]) -> None:
    """A job gets its parameters under the names that create one; the list is XML and nothing else."""
    paths = description["paths"]
    added = paths[f"{JOB}/parameters"]["post"]["requestBody"]["content"]

    assert {"application/x-www-form-urlencoded", "multipart/form-data"} == set(added)
    for content in added.values():
        assert list(ASYNC.parameters) == list(content["schema"]["properties"])
    assert {"text/xml"} == set(paths["/async"]["get"]["responses"]["200"]["content"])


def test_examples_of_the_document_match_its_own_schemas(description: dict[str, Any]) -> None:
    """An example that stands beside a schema is valid by it."""
    shown = 0
    for schema in schemas(description):
        values = schema.get("items", {})
        for example in values.get("examples", ()):
            shown += 1
            Draft202012Validator(values).validate(example)

    assert shown > 10


RUNS = [
    *((method, path, GenerationMode.POSITIVE) for method, path in OPERATIONS),
    ("get", "/sync", GenerationMode.NEGATIVE),
    ("post", "/sync", GenerationMode.NEGATIVE),
]
"""What has no parameters cannot be asked wrongly."""


@pytest.mark.parametrize(("method", "path", "mode"), RUNS)
def test_the_service_keeps_its_description(api: Any, method: str, path: str, mode: GenerationMode) -> None:  # noqa: ANN401 - schemathesis is not typed here
    """Requests that the document allows, and such as it does not, get a declared status and media type."""

    @FEW
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:  # noqa: ANN401 - schemathesis is not typed here
        case.call_and_validate(checks=HELD)

    hold()


MISSING = {f"{JOB}/error", f"{JOB}/parameters/{{parameter}}", f"{JOB}/results/{{result}}"}
"""What a job need not have."""


@pytest.fixture
def jobs(service: str) -> dict[str, str]:
    """A job that can be changed, and one that is over, for which nobody waits."""
    with httpx2.Client(base_url=service, timeout=60) as http:
        pending, over = (http.post("/async", data={"ID": M13}).headers["location"] for _ in range(2))
        assert 303 == http.post(f"{over}/phase", data={"PHASE": "ABORT"}).status_code
    return {"post": pending.rpartition("/")[2], "get": over.rpartition("/")[2]}


@pytest.mark.parametrize(("method", "path"), JOBS)
def test_the_job_list_keeps_its_description(
    api: Any,  # noqa: ANN401 - schemathesis is not typed here
    jobs: dict[str, str],
    method: str,
    path: str,
) -> None:
    """What the document allows gets a declared status and media type, of jobs that are there and others."""
    seen: set[int] = set()

    @FEW
    @given(case=api[path][method].as_strategy(), real=st.booleans())
    def hold(case: Any, real: bool) -> None:  # noqa: ANN401, FBT001 - schemathesis is not typed; drawn by Hypothesis
        if real and "job-id" in case.path_parameters:
            case.path_parameters["job-id"] = jobs.get(method, jobs["post"])
        seen.add(case.call_and_validate(checks=HELD).status_code)

    hold()

    assert seen <= {200, 303, 400, 403, 404}
    if path != "/async":
        assert 404 in seen
        assert path in MISSING or seen > {404}


UNSUPPORTED = [
    (method, path)
    for path in sorted({path for _, path in (*OPERATIONS, *JOBS)})
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "POST")
    if (method.lower(), path) not in (*OPERATIONS, *JOBS)
]


@pytest.mark.parametrize(("method", "path"), UNSUPPORTED)
def test_an_unsupported_method_is_405_with_allow(
    client: TestClient, description: dict[str, Any], method: str, path: str
) -> None:
    """A method that the document does not list is refused, and Allow tells which are not."""
    described = {name.upper() for name in description["paths"][path]}

    answer = client.request(method, path)

    assert 405 == answer.status_code
    assert {*described, "HEAD", "OPTIONS"} == set(answer.headers["allow"].split(", "))


WORDS = [
    "CIRCLE",
    "circle",
    "RANGE",
    "POLYGON",
    "BRECT",
    "pixel",
    "arcsec",
    "I",
    "V",
    "fits",
    "png",
    "%",
    "\x00",
    "Inf",
    "-Inf",
    "NaN",
    "1e400",
    "-0",
]
GOOD = [
    ("CIRCLE", "250.4226 36.4602 0.01"),
    ("CIRCLE", "150.1192 2.2054 0.01"),
    ("POS", "RANGE 150.11 150.12 2 3"),
    ("POS", "BRECT 250.4226 36.4602 30 20 pixel"),
    ("POLYGON", "250.40 36.44 250.44 36.44 250.42 36.48"),
    ("BAND", "0.2124 0.2125"),
    ("BAND", "-Inf 6e-7"),
    ("TIME", "57891 57892"),
    ("POL", "I"),
    ("RESPONSEFORMAT", "png"),
    ("RUNID", "night-7"),
]


def in_any_case(name: str) -> st.SearchStrategy[str]:
    """Return spellings of *name*."""
    return st.tuples(*(st.sampled_from(sorted({c.lower(), c.upper()})) for c in name)).map("".join)


names = st.one_of(st.sampled_from([*SYNC.parameters, "FREQ", "x"]).flatmap(in_any_case), st.text(max_size=10))
numbers = st.one_of(st.floats(width=32).map(repr), st.integers(-400, 400).map(str))
values = st.one_of(
    st.text(max_size=30), st.lists(st.one_of(numbers, st.sampled_from(WORDS)), max_size=8).map(" ".join)
)
good = st.sampled_from(GOOD).flatmap(lambda pair: st.tuples(in_any_case(pair[0]), st.just(pair[1])))
datasets = st.sampled_from([[("ID", M13)], [("ID", CUBE)], [("ID", TILE)], [("ID", "ivo://x.example/y")], []])
requests = st.builds(
    lambda dataset, fine, odd: [*dataset, *fine, *odd],
    datasets,
    st.lists(good, max_size=3),
    st.lists(st.tuples(names, values), max_size=2),
)
"""A dataset, mostly; filters that are right; and names in any case with texts that are nearly values."""


def test_no_mixture_of_parameters_is_a_failure(client: TestClient, description: dict[str, Any]) -> None:
    """Whatever is sent, the status is a declared one below 500, and a refusal opens with a label."""
    declared = {int(status) for status in description["paths"]["/sync"]["get"]["responses"]}
    seen: set[int] = set()

    @MANY
    @given(pairs=requests, method=st.sampled_from(["GET", "POST", "HEAD"]))
    def hold(pairs: list[tuple[str, str]], method: str) -> None:
        answer = _send(client, method, pairs)
        seen.add(answer.status_code)
        assert answer.status_code in declared
        assert answer.status_code < 500
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.text.startswith(tuple(f"{label}: " for label in LABELS))

    hold()

    assert {200, 204, 400, 404} <= seen  # the mixture is no monoculture


def _send(client: TestClient, method: str, pairs: list[tuple[str, str]]) -> Any:  # noqa: ANN401 - any response
    """Send *pairs* in the query, or as a form."""
    if method != "POST":
        return client.request(method, "/sync", params=pairs)  # type: ignore[arg-type]  # a list of pairs is allowed
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return client.post("/sync", data=form)
