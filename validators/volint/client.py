"""A polite client: it goes slowly, reads no more than it needs, and keeps all that it saw."""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2

from .exchange import Exchange, Request
from .manners import Credentials, Limits, NoAnswer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

__all__ = ["Client"]

Decoder: TypeAlias = "Callable[[bytes, int], bytes]"

REDIRECTS = frozenset({301, 302, 303, 307, 308})
TABLE = "application/x-votable+xml"
"""The media type of what is uploaded."""

AGENT = "volint (conformance checks; +https://www.ivoa.net/documents/)"


class Client:
    """Sends requests one after the other, and remembers the answers to plain GETs and HEADs."""

    def __init__(
        self,
        target: str,
        limits: Limits | None = None,
        who: Credentials | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.who = who or Credentials()
        self.origin = _origin(target)
        self.sent = 0
        self._private = _is_private(urlsplit(target).hostname or "")
        self._kept: dict[Request, Exchange] = {}
        self._room = self.limits.cache
        self._last = 0.0
        self._http = httpx2.Client(
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, identity"},
            timeout=self.limits.timeout,
            verify=_trust(self.who.certificate),
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, request: Request, *, follow: bool = True, fresh: bool = False) -> Exchange:
        """Return the answer to *request*; redirects are followed unless *follow* is off."""
        cached = request.method in ("GET", "HEAD") and follow and not fresh
        if cached and request in self._kept:
            return self._kept[request]
        answer = self._followed(request) if follow else self._once(request, request.url)
        if cached and len(answer.body) < self._room:
            self._room -= len(answer.body)
            self._kept[request] = answer
        return answer

    def _followed(self, request: Request) -> Exchange:
        """Go where the answers point to, with GET from there on as HTTP says."""
        hops: list[str] = []
        url, step = request.url, request
        for _ in range(self.limits.redirects + 1):
            answer = self._once(step, url, hops=tuple(hops))
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                return Exchange(
                    request,
                    answer.status,
                    answer.headers,
                    answer.body,
                    answer.cut,
                    url,
                    answer.seconds,
                    tuple(hops),
                )
            url = urldefrag(urljoin(url, target)).url
            hops.append(f"{answer.status} to {url}")
            if answer.status not in (307, 308) and step.method != "HEAD":
                step = Request(url, "GET", (), step.accept)
        raise NoAnswer(request, f"more than {self.limits.redirects} redirects")

    def _once(self, request: Request, url: str, hops: tuple[str, ...] = ()) -> Exchange:
        """Send one request and read its answer up to the caps of bytes and seconds."""
        self._check(request, url)
        self._wait()
        begun = time.monotonic()
        mine = _origin(url) == self.origin
        headers = (self.who.headers if mine else {}) | ({"Accept": request.accept} if request.accept else {})
        made = self._http.build_request(
            request.method,
            url,
            headers=headers,
            data=_form(request) if request.method == "POST" else None,
            files=[(name, (name, content.encode(), TABLE)) for name, content in request.files] or None,
        )
        try:
            response = self._http.send(made, stream=True, auth=self.who.basic if mine else None)
        except httpx2.HTTPError as error:
            raise NoAnswer(request, str(error) or type(error).__name__) from None
        try:
            body, cut = _body(response, self.limits, begun)
        except (httpx2.HTTPError, zlib.error) as error:
            raise NoAnswer(request, f"the body broke off: {str(error) or type(error).__name__}") from None
        finally:
            response.close()
        kept = {name.lower(): value for name, value in response.headers.items()}
        return Exchange(request, response.status_code, kept, body, cut, url, time.monotonic() - begun, hops)

    def _check(self, request: Request, url: str) -> None:
        """Refuse what is no web address, and the private network where the target is public."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NoAnswer(request, f"{url!r} is no address of the web")
        if not self._private and _origin(url) != self.origin and _is_private(parts.hostname):
            raise NoAnswer(request, f"{parts.hostname} is an address of a private network")

    def _wait(self) -> None:
        """Keep the rate."""
        pause = self._last + 1 / self.limits.rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._last = time.monotonic()
        self.sent += 1


def _trust(certificate: str) -> ssl.SSLContext:
    """Return whom to trust, and in a file with a certificate and its key what to show."""
    context = httpx2.create_ssl_context()
    if certificate:
        context.load_cert_chain(certificate)
    return context


def _form(request: Request) -> dict[str, list[str]]:
    """Return the form of a POST; the values of a repeated name stay in their order."""
    form: dict[str, list[str]] = {}
    for name, value in request.form:
        form.setdefault(name, []).append(value)
    return form


def _body(response: httpx2.Response, limits: Limits, begun: float) -> tuple[bytes, bool]:
    """Return the decoded body and whether it was cut; a bomb is never inflated beyond the cap."""
    decode = _decoder(response.headers.get("content-encoding", ""))
    parts = bytearray()
    for chunk in response.iter_raw():
        parts += decode(chunk, limits.body - len(parts) + 1)
        if len(parts) > limits.body:
            return bytes(parts[: limits.body]), True
        if time.monotonic() - begun > limits.timeout:
            return bytes(parts), True
    return bytes(parts), False


def _decoder(encoding: str) -> Decoder:
    """Return what decodes a chunk to at most so many bytes; an unknown encoding is left as it is."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return lambda chunk, _room: chunk
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    return lambda chunk, room: inflater.decompress(chunk, max(room, 1))


def _origin(url: str) -> tuple[str, str, int]:
    """Return what makes two addresses the same server."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _is_private(host: str) -> bool:
    """Tell whether a host lies in a network that is not public."""
    return any(not address.is_global for address in _addresses(host))


def _addresses(host: str) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Yield the addresses of a host; one that has none cannot be reached anyway."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return
    yield from (ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found)
