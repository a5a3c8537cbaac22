"""The service under test, and its endpoints as places where rules are tried."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from .exchange import Request
from .facts import declared

if TYPE_CHECKING:
    from soda_core import standards

    from .client import Client
    from .exchange import Exchange, Pairs
    from .profile import Profile
    from .subjects import Subjects
    from .target import Endpoint, Target

__all__ = ["Resource", "Service", "joined", "sibling"]


class Service:
    """A target with the means to ask it; `write` says whether jobs may be made."""

    label = ""

    def __init__(self, target: Target, client: Client, profile: Profile, *, write: bool = False) -> None:
        self.target = target
        self.client = client
        self.profile = profile
        self.write = write

    @cached_property
    def subjects(self) -> Subjects:
        """What there is to ask about."""
        from .subjects import Subjects  # noqa: PLC0415 - subjects asks this class

        return Subjects(self)

    def get(self, url: str, *, accept: str = "", fresh: bool = False) -> Exchange:
        """Return what is at an address."""
        return self.client.send(Request(url, accept=accept), fresh=fresh)

    def resources(self, *kinds: str) -> tuple[Resource, ...]:
        """Return the endpoints of these kinds, each address once, under the first kind that has it."""
        found: dict[str, Endpoint] = {}
        for endpoint in (endpoint for kind in kinds for endpoint in self.target.of(kind)):
            found.setdefault(endpoint.url, endpoint)
        return tuple(Resource(self, endpoint) for endpoint in found.values())


class Resource:
    """One endpoint: it is asked with parameters."""

    def __init__(self, service: Service, endpoint: Endpoint) -> None:
        self.service = service
        self.endpoint = endpoint
        self.kind = endpoint.kind
        self.url = endpoint.url

    @property
    def label(self) -> str:
        """What it is and where."""
        return f"{self.kind} {self.url}"

    @property
    def standard(self) -> standards.Standard:
        """The declaration that it follows."""
        return declared(self.kind.partition(".")[0])

    @property
    def labels(self) -> tuple[str, ...]:
        """The words that may open an error text."""
        return tuple(error.label for error in self.standard.errors)

    def get(self, *pairs: tuple[str, str], accept: str = "", **parameters: str) -> Exchange:
        """Ask by GET; *pairs* come first, so that a parameter can be repeated."""
        url = joined(self.url, (*pairs, *parameters.items()))
        return self.service.client.send(Request(url, accept=accept))

    def post(self, *pairs: tuple[str, str], follow: bool = True, **parameters: str) -> Exchange:
        """Ask by POST of a form."""
        form = (*pairs, *parameters.items())
        return self.service.client.send(Request(self.url, "POST", form), follow=follow)

    def upload(self, *pairs: tuple[str, str], files: Pairs) -> Exchange:
        """Ask by POST of a form in several parts, with *files* by the names of their parts."""
        return self.service.client.send(Request(self.url, "POST", pairs, files=files), follow=False)


def joined(url: str, pairs: Pairs) -> str:
    """Return an address with these parameters at its end, every special character escaped."""
    if not pairs:
        return url
    glue = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{glue}{urlencode(pairs, quote_via=quote, safe='')}"


def sibling(url: str, name: str) -> str:
    """Return the address beside *url* in the same folder."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').rpartition('/')[0]}/{name}"
