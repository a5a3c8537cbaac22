"""How a service is asked: how much of it is used, and who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exchange import Request

__all__ = ["Credentials", "Limits", "NoAnswer"]


class NoAnswer(Exception):
    """A request was not made or not answered; the text says why."""

    def __init__(self, request: Request, reason: str) -> None:
        super().__init__(f"no answer from {request.url}: {reason}")
        self.request = request
        self.reason = reason

    @property
    def where(self) -> str:
        """What the silence is one of: the endpoint, and why."""
        return f"{self.request.url.partition('?')[0]} {self.reason}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a service is used: requests each second, seconds for one answer, bytes of one body."""

    rate: float = 50.0
    timeout: float = 30.0
    body: int = 16 << 20
    redirects: int = 10
    cache: int = 128 << 20


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks; sent to the origin of the target alone."""

    token: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say who asks."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @property
    def basic(self) -> tuple[str, str] | None:
        """User and password, where there are any."""
        return (self.user, self.password) if self.user else None

    @property
    def any(self) -> bool:
        """Whether the caller is anybody in particular."""
        return bool(self.token or self.user or self.certificate)
