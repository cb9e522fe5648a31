"""Browsers know one address: what belongs to the Notification Service is passed on to it, streams included."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from typing import Any
from urllib.parse import quote

import aiohttp
from litestar import asgi
from litestar.types import Receive, Scope, Send
from yarl import URL

from communityshare.infra import correlation, tracing
from communityshare.infra.errors import NotFoundError, TooLargeError, UnavailableError
from communityshare.infra.stopping import at_stop

_MAX_BODY = 1_000_000
# Hop-by-hop headers (RFC 9110, 7.6.1) and what the client library sets itself.
_DROPPED = {
    "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection", "host",
    "content-length", "content-encoding", "accept-encoding", "date", "server", correlation.HEADER.lower(),
}  # fmt: skip
# A live stream has no end, so only connecting and silence are timed.
_TIMEOUT = aiohttp.ClientTimeout(connect=3, sock_read=60, total=None)


def open_session() -> aiohttp.ClientSession:
    """Return the client of the gateway; call it inside the event loop.

    Every open page holds one of its connections as long as it is open, so they are not counted.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=_TIMEOUT,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,
    )


@asgi("/api/notifications", is_mount=True, copy_scope=True, opt={"passed_on": True})
async def forward(scope: Scope, receive: Receive, send: Send) -> None:
    """Pass the request on and its answer back. 503 while the service is away."""
    state = scope["litestar_app"].state
    path = quote(scope["path"].rstrip("/"), errors="replace")
    if ".." in path.split("/"):
        # Somebody's proxy in between would lead it out of what is passed on.
        raise NotFoundError("There is nothing at this address.")
    url = f"{state.settings.notifications_address}/api/notifications{path}"
    if scope["query_string"]:
        url += "?" + scope["query_string"].decode("latin-1")
    try:
        async with state.gateway.request(
            scope["method"],  # type: ignore[typeddict-item]
            URL(url, encoded=True),
            headers=_request_headers(scope),
            data=await _body(receive),
            allow_redirects=False,
        ) as answer:
            await _while_connected(receive, _pass_back(answer, send))
    except (aiohttp.ClientConnectionError, TimeoutError) as error:
        raise UnavailableError("The Notification Service is away for a moment; try again shortly.") from error


async def _while_connected(receive: Receive, passing: Coroutine[Any, Any, None]) -> None:
    """Pass on until the stream ends or the browser is gone; a live stream would outlive its reader otherwise."""
    work = asyncio.ensure_future(passing)
    gone = asyncio.ensure_future(_disconnected(receive))
    await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if work.done():
        await work
    work.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pass_back(answer: aiohttp.ClientResponse, send: Send) -> None:
    headers = [
        (name.lower().encode(), value.encode())
        for name, value in answer.headers.items()
        if name.lower() not in _DROPPED
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    chunks = asyncio.ensure_future(_pass_chunks(answer, send))
    live = answer.content_type == "text/event-stream"
    try:
        # A live stream would hold up the end of the process; every other answer is passed on to its end.
        with at_stop(chunks.cancel) if live else nullcontext():
            await asyncio.wait({chunks})
        if not chunks.cancelled():
            chunks.result()
    finally:
        chunks.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _pass_chunks(answer: aiohttp.ClientResponse, send: Send) -> None:
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


def _request_headers(scope: Scope) -> dict[str, str]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    kept = {name: value for name, value in headers.items() if name.lower() not in {*_DROPPED, "cookie"}}
    return {**kept, correlation.HEADER: correlation.current(), **tracing.headers()}


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message: Any = await receive()
        body += message.get("body", b"")
        if len(body) > _MAX_BODY:
            raise TooLargeError("The body is larger than a message can be.")
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)
