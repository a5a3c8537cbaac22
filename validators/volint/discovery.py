"""From any address of a service to what can be tested there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from .capabilities import read_capabilities
from .document import read_file
from .exchange import Request
from .manners import NoAnswer
from .model import Skip
from .service import sibling
from .target import Endpoint, Target, endpoints_of
from .xml import children, local, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from .client import Client
    from .exchange import Exchange

__all__ = ["NothingFound", "discover", "record_of", "record_target"]


class NothingFound(Exception):
    """There is nothing to test at an address; the text says what was tried."""


def discover(url: str, client: Client) -> Target:
    """Return what lies at *url*: a base address, capabilities, or any endpoint of a service."""
    tried: list[str] = []
    for candidate in _candidates(url):
        document = _capabilities(candidate, client, tried)
        if document is not None:
            return _target(url, document)
    alone = _alone(url, client, tried)
    if alone is None:
        raise NothingFound(f"no capabilities and no known endpoint at {url}: {'; '.join(tried)}")
    return Target(url, "", (alone,))


def record_of(ivoid: str, path: Path | None) -> etree._Element:
    """Return the record of *ivoid* in a file; no registry is asked."""
    if path is None:
        raise NothingFound(f"no registry is asked for {ivoid}: give its record with --record FILE")
    try:
        root = read_file(path).root
    except Skip as reason:
        raise NothingFound(f"{path}: {reason}") from None
    wanted = ivoid.partition("?")[0].partition("#")[0].rstrip("/").lower()
    for node in root.iter("{*}Resource", "{*}resource"):
        if any(words(name.text).lower() == wanted for name in children(node, "identifier")):
            return node
    raise NothingFound(f"{path} holds no record of {ivoid}")


def record_target(record: etree._Element, given: str) -> Target:
    """Return the endpoints that the capabilities of a registry record name."""
    found = read_capabilities(record)
    endpoints = endpoints_of(found)
    if not endpoints:
        raise NothingFound(f"{given} names no endpoint that can be tested")
    return Target(given, "", endpoints, None, found)


def _candidates(url: str) -> Iterator[str]:
    """Yield where capabilities may lie: here, below, or beside."""
    plain = urlunsplit(urlsplit(url)._replace(query="", fragment="")).rstrip("/")
    yield from dict.fromkeys((url, f"{plain}/capabilities", sibling(plain, "capabilities")))


def _capabilities(url: str, client: Client, tried: list[str]) -> Exchange | None:
    """Return the answer if it is a capabilities document, whatever its namespaces."""
    try:
        answer = client.send(Request(url))
        if answer.ok and local(answer.root) == "capabilities":
            return answer
    except (NoAnswer, Skip) as error:
        tried.append(str(error))
        return None
    tried.append(f"{url} answers {answer.status} and is no capabilities document")
    return None


def _target(given: str, document: Exchange) -> Target:
    """Return the target that a capabilities document describes."""
    found = read_capabilities(document.root)
    base = document.request.url.partition("?")[0].rstrip("/").rpartition("/")[0]
    return Target(given, base, endpoints_of(found), document, found)


def _alone(url: str, client: Client, tried: list[str]) -> Endpoint | None:
    """Return the endpoint at *url* by what it answers to a request without parameters."""
    try:
        answer = client.send(Request(url))
    except NoAnswer as error:
        tried.append(str(error))
        return None
    kind = _kind(answer)
    return Endpoint(kind, url) if kind else None


def _kind(answer: Exchange) -> str:
    """Return the kind of endpoint that answers so; empty if it cannot be told."""
    if answer.media_type.essence == "text/plain" and answer.text.startswith(("UsageError", "MultiValued")):
        return "soda.sync"
    try:
        if local(answer.root) == "jobs":
            return "uws.jobs"
        names = {column.name for column in answer.view.fields}
        told = {node.get("name") for node in answer.root.iter("{*}INFO", "{*}PARAM")}
    except Skip:
        return ""
    if {"service_def", "error_message", "semantics"} <= names:
        return "datalink.links"
    if "Error" in told:
        return "scs.cone"
    return "sia2.query" if {"obs_publisher_did", "s_region"} <= names else ""
