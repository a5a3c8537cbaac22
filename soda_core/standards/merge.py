"""Files of declarations → one standard, after checking that what one table names another declares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .errors import SpecError, Where, hint
from .model import Endpoint, Head, Parameter, Shape, Standard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

__all__ = ["File", "merge"]

UNIQUE: Mapping[str, str] = {
    "endpoint": "name",
    "parameter": "name",
    "column": "name",
    "phase": "name",
    "error": "label",
    "requirement": "id",
}
"""The key that tells the tables of one name apart."""


@dataclass(frozen=True, slots=True)
class File:
    """One TOML file, read but not yet merged."""

    where: Where
    head: Head
    tables: Mapping[str, tuple[Any, ...]]

    def each(self, table: str) -> Iterator[tuple[Where, Any]]:
        """Yield the tables of one name, each with its place."""
        for index, entry in enumerate(self.tables[table]):
            yield self.where.at(table, index), entry


def merge(base: File, inherited: Sequence[Parameter], extensions: Sequence[File]) -> Standard:
    """Return *base* with the parameters it has *inherited* and what its *extensions* declare."""
    files = (base, *extensions)
    _reject_doubles(files)
    parameters = {parameter.name: parameter for parameter in inherited}
    parameters |= {entry.name: entry for file in files for entry in file.tables["parameter"]}
    if not base.head.extends:  # an extension on its own may name what only its standard declares
        _check_names(files, parameters)
    shapes = [shape for file in files for shape in file.tables["shape"]]
    parameters = {name: _with_shapes(parameter, shapes) for name, parameter in parameters.items()}
    endpoints = tuple(
        _with_extensions(endpoint, parameters) for file in files for endpoint in file.tables["endpoint"]
    )
    return Standard(
        base.head,
        endpoints,
        parameters,
        *(_all(files, name) for name in ("error", "format", "requirement", "column", "phase", "transition")),
    )


def _all(files: Sequence[File], table: str) -> tuple[Any, ...]:
    """Return the tables of one name from all *files*."""
    return tuple(entry for file in files for entry in file.tables[table])


def _reject_doubles(files: Sequence[File]) -> None:
    """Raise for a second table of the same name, in whatever case (DALI 1.1, 3.1)."""
    for table, key in UNIQUE.items():
        seen: dict[str, Where] = {}  # finding the line is slow, and nearly always in vain
        for file in files:
            for at, entry in file.each(table):
                name = getattr(entry, key)
                if name.casefold() in seen:
                    raise SpecError(
                        at.key(key), f"{table} {name!r} is declared in {seen[name.casefold()]} already"
                    )
                seen[name.casefold()] = at.key(key)


def _check_names(files: Sequence[File], parameters: Collection[str]) -> None:
    """Raise for the first name that no table declares."""
    endpoints = [entry.name for entry in _all(files, "endpoint")]
    phases = [entry.name for entry in _all(files, "phase")]
    links = (
        ("endpoint", "parameters", "parameter", parameters),
        ("endpoint", "posts", "parameter", parameters),
        ("parameter", "endpoints", "endpoint", endpoints),
        ("shape", "parameter", "parameter", parameters),
        ("format", "endpoints", "endpoint", endpoints),
        ("transition", "source", "phase", phases),
        ("transition", "target", "phase", phases),
    )
    for table, key, kind, known in links:
        for file in files:
            for at, entry in file.each(table):
                named = getattr(entry, key)
                for name in (named,) if isinstance(named, str) else named:
                    if name not in known:
                        raise SpecError(at.key(key), f"{kind} {name!r} is not declared{hint(name, known)}")


def _with_shapes(parameter: Parameter, shapes: Sequence[Shape]) -> Parameter:
    """Return *parameter* with the shapes that name it, after those it has inherited."""
    return replace(
        parameter, shapes=(*parameter.shapes, *(s for s in shapes if s.parameter == parameter.name))
    )


def _with_extensions(endpoint: Endpoint, parameters: Mapping[str, Parameter]) -> Endpoint:
    """Return *endpoint* with the parameters that name it, after those it names itself."""
    added = [parameter.name for parameter in parameters.values() if endpoint.name in parameter.endpoints]
    return replace(endpoint, parameters=tuple(dict.fromkeys((*endpoint.parameters, *added))))
