"""Methods that no handler names: HEAD wherever GET is, and OPTIONS that tells of them all."""

from collections.abc import Callable, Iterator
from typing import Any

from litestar import Litestar, MediaType, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def complete(app: Litestar) -> None:
    """Serve HEAD on every address with a GET (RFC 9110, 9.3.2), and name each method of an address in `Allow`.

    Done once, in the tree in which requests find their handlers: other requests pass nothing new, and what is made
    of handlers, such as the API's document, does not change.
    """
    for node in _nodes(app.asgi_router.root_route_map_node):
        if found := node.asgi_handlers.get("GET"):
            node.asgi_handlers["HEAD"] = found._replace(asgi_app=_headers_of(found.asgi_app))
            node.path_parameters["HEAD"] = node.path_parameters["GET"]
        if options := node.asgi_handlers.get("OPTIONS"):
            # Litestar's own tells of the one router in which the address first came up.
            options.handler(_telling(", ".join(sorted(node.asgi_handlers))))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children.values():
        yield from _nodes(child)


def _telling(allow: str) -> Callable[..., Response[None]]:
    return lambda scope: Response(None, status_code=204, headers={"Allow": allow}, media_type=MediaType.TEXT)


def _headers_of(get: ASGIApp) -> ASGIApp:
    """Return `get` with an answer that ends before its body. The same guards, limits and rules are asked."""

    async def head(scope: Scope, _receive: Receive, send: Send) -> None:
        async def send_start(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)

        scope["method"] = "GET"  # type: ignore[typeddict-unknown-key]
        try:
            await get(scope, _nobody_reads, send_start)
        finally:
            scope["method"] = "HEAD"  # type: ignore[typeddict-unknown-key]
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return head


async def _nobody_reads() -> Any:
    """Say that the reader is gone: a stream, which may have no end, ends here."""
    return {"type": "http.disconnect"}
