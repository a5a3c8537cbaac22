"""Toy standards for tests of what works from a declaration alone."""

from __future__ import annotations

from soda_core.standards.model import Endpoint, Format, Head, Parameter, Shape, Standard

__all__ = ["BOX", "CIRCLE", "endpoint", "parameter", "standard"]


def parameter(name: str, kind: str = "string", **more: object) -> Parameter:
    """Return a parameter of one type."""
    return Parameter(name, kind, "char", "A parameter.", "1", **more)  # type: ignore[arg-type]  # passed on


def endpoint(name: str, *parameters: Parameter, **more: object) -> Endpoint:
    """Return an endpoint that takes these parameters."""
    names = tuple(entry.name for entry in parameters)
    return Endpoint(name, f"/{name}", ("GET",), "ivo://toy/std#1", "2", parameters=names, **more)  # type: ignore[arg-type]  # passed on


def standard(
    *endpoints: Endpoint, parameters: tuple[Parameter, ...] = (), formats: tuple[Format, ...] = ()
) -> Standard:
    """Return a standard of these endpoints."""
    head = Head("TOY", "1.0", "A toy", "https://toy.example/")
    return Standard(head, endpoints, {entry.name: entry for entry in parameters}, (), formats, ())


CIRCLE = Shape("CIRCLE", "circle", "POS", "3")
BOX = Shape("BOX", "range", "POS", "3")
