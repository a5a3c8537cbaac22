"""One bound endpoint as plain ASGI: parameters in, the answer of the handler out."""

from __future__ import annotations

from contextlib import closing, nullcontext
from functools import partial
from typing import TYPE_CHECKING

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from soda_core import registry
from soda_core.registry import (
    Deferred,
    Document,
    Elsewhere,
    Later,
    Nothing,
    Page,
    Rows,
    Stream,
    error_media_type,
)

from .access import COST
from .callers import caller_of
from .errors import as_dali, error_response, told
from .parameters import Bounds, form_of, has_parts
from .pool import Places
from .responses import deferred, document, elsewhere, page
from .rows import send_rows
from .streams import send_at_once, send_stream
from .waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Receive, Scope, Send

    from soda_core.registry import Answer, Body, Bound
    from soda_core.settings import Settings

    from .parameters import Form
    from .pool import Pool

__all__ = ["STEPS", "Endpoint", "base_url"]

STEPS = "sodalite.steps"
"""Where in the scope of a request the variable parts of its path are."""

SENT = "sodalite.sent"
"""Where in the scope the parameters of a request are kept, for errors in the form that it asked for."""

FILES = "sodalite.files"
"""Where in the scope the files of a request are kept, to be closed at its end."""


def base_url(request: Request, settings: Settings) -> str:
    """Return the address of the service without a slash at its end: as set, else as it was asked for."""
    return (settings.base_url or str(request.base_url)).rstrip("/")


class Endpoint:
    """An ASGI application that answers one endpoint, whatever happens, in the form of its standard."""

    def __init__(
        self,
        bound: Bound,
        settings: Settings,
        pool: Pool,
        waiting: Waiting | None = None,
        uploads: Places | None = None,
    ) -> None:
        self._bound = bound
        self._settings = settings
        self._pool = pool
        self._waiting = waiting or Waiting()
        self._uploads = uploads or Places(settings.uploads)
        declared = bound.methods or bound.endpoint.methods
        self.path = bound.endpoint.path
        self.methods = frozenset({*declared, "OPTIONS", *({"HEAD"} if "GET" in declared else ())})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, its method known to be one of `methods`."""
        sending = _Sending(send)
        try:
            with self._uploads.taken() if self._brings_file(scope) else nullcontext():
                await self._answer(scope, receive, sending)
        except ClientDisconnect:
            return  # nobody reads it
        except Exception as error:  # noqa: BLE001 - whatever it is, a client gets the form of the standard
            if not sending.started:
                await self.refuse(error, scope, receive, send)
        finally:
            for file in scope.get(FILES, {}).values():
                file.close()

    def _brings_file(self, scope: Scope) -> bool:
        """Tell whether there may be a file in the request."""
        return self._bound.takes_files and scope["method"] == "POST" and has_parts(scope)

    async def refuse(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with an error in the form of the standard."""
        asked = error_media_type(self._bound.standard, self._bound.endpoint, scope.get(SENT, ()))
        await error_response(error, self._bound.told_by, asked)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Parse, ask the handler and send: at once what is at hand, else as long as the client is there."""
        request = Request(scope, receive)
        form = await form_of(request, self._bounds)
        scope[SENT], scope[FILES] = form.pairs, form.files
        asked = self._read(request, form)
        if self._bound.quick and await _sent_at_once(self._bound.quick(asked), scope, receive, send):
            return
        failure: Exception | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(_watch, receive, group.cancel_scope)
            try:
                answer = await self._pool.begin(partial(self._bound.handler, asked))
                while isinstance(answer, Later):
                    waited = await self._waiting.wait(answer, asked.caller)
                    answer = await self._pool.run(answer.answer if waited else answer.at_once)
                await self._send(answer, scope, receive, send)
            except Exception as error:  # noqa: BLE001 - raised again outside of the group, which would wrap it
                failure = error
            group.cancel_scope.cancel()
        if failure:
            raise failure

    @property
    def _bounds(self) -> Bounds:
        """How much a request may bring."""
        files = self._settings.max_upload_bytes if self._bound.takes_files else 0
        return Bounds(self._settings.max_form_bytes, self._bound.fields, files)

    def _read(self, request: Request, form: Form) -> registry.Request:
        """Return what is asked, read against the declaration."""
        standard, endpoint = self._bound.standard, self._bound.endpoint
        values = registry.parse(standard, endpoint, form.pairs, request.method)
        if endpoint.path_parameters:
            steps: Mapping[str, str] = request.scope[STEPS]
            values = {**values, **registry.parse_path(standard, endpoint, steps)}
        address = partial(base_url, request, self._settings)
        caller = caller_of(request.scope)
        return registry.Request(standard, endpoint, values, address, form.pairs, caller, form.files)

    async def _send(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        """Send an answer of the handler."""
        if isinstance(answer, Stream):
            with closing(answer.body) as body:
                await send_stream(answer, scope, send, self._pool)
                _note_cost(scope, body)
            return
        if isinstance(answer, Rows):
            await send_rows(answer, scope, send, self._pool, self._told)
            return
        if isinstance(answer, Document):
            response = document(answer, scope["method"])
        elif isinstance(answer, Deferred):
            response = await deferred(answer, scope["method"], self._pool)
        elif isinstance(answer, Elsewhere):
            response = elsewhere(answer)
        elif isinstance(answer, Page):
            response = page(answer)
        else:
            response = Response(status_code=204)
        await response(scope, receive, send)

    def _told(self, error: Exception) -> str:
        """Return what a client is told of a failure."""
        return told(as_dali(error), self._bound.told_by)


async def _sent_at_once(answer: Answer | None, scope: Scope, receive: Receive, send: Send) -> bool:
    """Send what a quick handler returned, if it did and if that can be sent without waiting."""
    if isinstance(answer, Stream):
        with closing(answer.body) as body:
            sent = await send_at_once(answer, scope, send)
            if sent:
                _note_cost(scope, body)
        return sent
    if isinstance(answer, Nothing):
        await Response(status_code=204)(scope, receive, send)
        return True
    return False


def _note_cost(scope: Scope, body: Body) -> None:
    """Leave word for the log."""
    if scope["method"] != "HEAD":
        scope[COST] = body.cost


class _Sending:
    """The way to the client, which remembers whether anything was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        self.started = True
        await self._send(message)


async def _watch(receive: Receive, scope: anyio.CancelScope) -> None:
    """End the work for a client that has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
