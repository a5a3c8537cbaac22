"""Names and texts of a request → values, by the declaration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core.dali import (
    TYPES,
    BadValue,
    MultiValuedParamNotSupported,
    NotFoundError,
    UsageError,
    shown,
)
from soda_core.standards import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from soda_core.standards import Endpoint, Parameter, Standard

__all__ = ["parse", "parse_path", "read_value", "texts"]

SHORT = 3
"""Letters of a name that is near to many others: only the same letters in another order are a slip."""


def parse(
    standard: Standard, endpoint: Endpoint, pairs: Iterable[tuple[str, str]], method: str = "GET"
) -> Mapping[str, tuple[object, ...]]:
    """Return the values by declared name.

    Names count in any case (DALI 1.1, 3.1). A name that is not declared is ignored, as DALI allows, unless it
    looks like a slip of the pen: then the request is refused rather than answered without the constraint.
    """
    values: dict[str, list[object]] = {}
    known = standard.by_word(endpoint, method)
    for name, text in pairs:
        parameter = known.get(name.casefold())
        if parameter is None:
            if not endpoint.open:
                _refuse_slip(name, [entry.word for entry in known.values()])
            continue
        values.setdefault(parameter.name, []).append(read_value(parameter, text))
    for name, found in values.items():
        if len(found) > 1 and not standard.parameters[name].occurs.endswith("*"):
            raise MultiValuedParamNotSupported(standard.parameters[name].word, len(found))
    return {name: tuple(found) for name, found in values.items()}


def parse_path(
    standard: Standard, endpoint: Endpoint, texts: Mapping[str, str]
) -> Mapping[str, tuple[object, ...]]:
    """Return the values that the path of *endpoint* gives; raises `NotFoundError` for what cannot be one."""
    try:
        return {
            name: (read_value(standard.parameters[name], texts[name]),) for name in endpoint.path_parameters
        }
    except BadValue as error:
        raise NotFoundError(f"there is no such address: {error}") from None


def texts(
    standard: Standard, endpoint: Endpoint, pairs: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return the texts of what *endpoint* declares, as they were sent, under the declared names."""
    known = standard.by_word(endpoint)
    folded = ((name.casefold(), text) for name, text in pairs)
    return tuple((known[name].word, text) for name, text in folded if name in known)


def _refuse_slip(name: str, declared: Sequence[str]) -> None:
    """Raise if *name* is nearly a declared name."""
    if len(name) <= SHORT and sorted(name.upper()) not in map(sorted, declared):
        return
    if near := hint(name, declared):
        raise UsageError(f"unknown parameter {shown(name)}{near}")


def read_value(parameter: Parameter, text: str) -> object:
    """Return one value of *parameter*."""
    if parameter.shapes:
        return _read_shape(parameter, text)
    value = TYPES[parameter.type].read(parameter.word, text)
    if parameter.values and value not in parameter.values:
        raise BadValue(parameter.word, text, f"one of {' '.join(parameter.values)}")
    return value


def _read_shape(parameter: Parameter, text: str) -> object:
    """Return the shape that *text* opens with the word of."""
    word, rest = [*text.split(maxsplit=1), "", ""][:2]
    for shape in parameter.shapes:
        if shape.label.casefold() == word.casefold():
            return TYPES[shape.type].read(f"{parameter.name}={shape.label}", rest)
    known = ", ".join(shape.label for shape in parameter.shapes)
    raise BadValue(parameter.name, text, f"a shape ({known}) and its numbers")
