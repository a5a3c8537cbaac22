"""How the server speaks to one client."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from soda_core.web import LEAVING

__all__ = ["Connection"]


class Connection(HttpToolsProtocol):
    """HTTP as uvicorn speaks it; at the end of the server, who only waits for news is answered first."""

    def shutdown(self) -> None:
        """Begin to end: an answer that is under way is finished, and the server waits for it."""
        super().shutdown()
        leave = self.app_state.get(LEAVING)
        if leave is not None:
            leave()
