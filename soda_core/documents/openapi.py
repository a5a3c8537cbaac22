"""OpenAPI 3.1 from the endpoints that are bound."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from soda_core.dali import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from soda_core.standards import Endpoint, Parameter, Standard

__all__ = ["openapi"]

Json: TypeAlias = dict[str, Any]

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
NAMED = "The request names a thing that this service does not have."
TROUBLE = {
    "401": "Authentication is needed.",
    "403": "Not allowed.",
    "413": "The body of the request is too large.",
    "500": "The data behind the request are damaged, or this service failed.",
    "503": "A passing trouble; try again later.",
}


@dataclass(frozen=True, slots=True)
class _Operation:
    """One endpoint, or some methods of it, on its way into the document."""

    standard: Standard
    endpoint: Endpoint
    lent: Sequence[Parameter] = ()

    def path(self) -> Json:
        """Return the path item."""
        item: Json = {}
        if "GET" in self.endpoint.methods:
            item["get"] = self._get()
        if "POST" in self.endpoint.methods:
            item["post"] = self._post()
        if "DELETE" in self.endpoint.methods:
            item["delete"] = self._common("delete")
        return item

    def _get(self) -> Json:
        common = self._common("get")
        parameters = [_query(p) for p in self.standard.parameters_of(self.endpoint)]
        return common | ({"parameters": common.get("parameters", []) + parameters} if parameters else {})

    def _post(self) -> Json:
        parameters = (*self.standard.parameters_of(self.endpoint, "POST"), *self.lent)
        form = {"type": "object", "properties": {p.word: _array(p) for p in parameters}}
        encoding = {p.word: {"style": "form", "explode": True} for p in parameters}
        content = {FORM: {"schema": form, "encoding": encoding}, MULTIPART: {"schema": form}}
        return self._common("post") | {"requestBody": {"content": content}}

    def _common(self, method: str) -> Json:
        head = self.standard.head
        given = [_given(self.standard.parameters[name]) for name in self.endpoint.path_parameters]
        common: Json = {
            "operationId": f"{method}_{self.standard.name}_{self.endpoint.name}".lower(),
            "summary": self.endpoint.description,
            "description": f"{head.title} {head.version}, {self.endpoint.section}",
            "tags": [self.standard.name],
            "responses": self._responses(method),
        }
        return common | ({"parameters": given} if given else {})

    def _responses(self, method: str) -> Json:
        """Return every status that the endpoint may answer *method* with."""
        formats = [entry.media_type for entry in self.standard.formats_of(self.endpoint)]
        media: Json = {kind: {} for kind in (*self.endpoint.media_types, *formats)}
        if formats:
            media["application/x-votable+xml"] = {}
        answers: Json = {"200": {"description": "The result.", "content": media}}
        if self.endpoint.see_other and method != "get":
            answers = {"303": {"description": "Done; the Location is what it was done to."}}
        if self.endpoint.empty:
            answers["204"] = {"description": "The selection is empty."}
        answers["400"] = self._error("The request breaks a rule of the standard.")
        answers["404"] = self._error(NAMED)
        answers |= {status: self._error(text) for status, text in TROUBLE.items()}
        return answers

    def _error(self, text: str) -> Json:
        labels = sorted(self.standard.labels.values())
        schema: Json = {"type": "string"}
        if labels:
            schema["pattern"] = f"^({'|'.join(labels)})"
        content: Json = {"text/plain": {"schema": schema}}
        tables = {entry.errors for entry in self.standard.formats_of(self.endpoint) if entry.errors}
        return {"description": text, "content": content | {kind: {} for kind in sorted(tables)}}


def openapi(
    title: str,
    endpoints: Iterable[tuple[Standard, Endpoint]],
    base_url: str,
    lent: Mapping[str, Sequence[Parameter]] | None = None,
) -> Json:
    """Return the description of the service for machines that know nothing of the VO.

    *lent* are the parameters, by path, that a standard takes by POST for the one that uses it.
    """
    known = lent or {}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": importlib.metadata.version("sodalite")},
        "servers": [{"url": base_url}],
        "paths": _paths(
            _Operation(standard, endpoint, known.get(endpoint.path, ())) for standard, endpoint in endpoints
        ),
    }


def _paths(operations: Iterable[_Operation]) -> Json:
    """Return the path items; what several standards say of one path stands together."""
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.endpoint.path, {}).update(operation.path())
    return paths


def _query(parameter: Parameter) -> Json:
    """Return a parameter of the query; names count in any case, this is the one that is declared."""
    return {
        "name": parameter.word,
        "in": "query",
        "description": f"{parameter.description} ({parameter.section})",
        "required": parameter.occurs.startswith("1"),
        "style": "form",
        "explode": True,
        "schema": _array(parameter),
    }


def _given(parameter: Parameter) -> Json:
    """Return a parameter that stands in the path."""
    return {
        "name": parameter.name,
        "in": "path",
        "description": f"{parameter.description} ({parameter.section})",
        "required": True,
        "schema": _value(parameter),
    }


def _array(parameter: Parameter) -> Json:
    """Return all values of a parameter: DALI lets them repeat."""
    schema: Json = {"type": "array", "items": _value(parameter)}
    if not parameter.occurs.endswith("*"):
        schema["maxItems"] = 1
    return schema


def _value(parameter: Parameter) -> Json:
    if parameter.values:
        return {"type": "string", "enum": list(parameter.values)}
    if parameter.shapes:
        examples = [f"{shape.label} {example}" for shape in parameter.shapes for example in shape.examples]
        labels = "|".join(shape.label for shape in parameter.shapes)
        return {"type": "string", "pattern": rf"^({labels})\s+\S", "examples": examples}
    value: Json = {"type": "string", "pattern": TYPES[parameter.type].pattern}
    return value | ({"examples": list(parameter.examples)} if parameter.examples else {})
