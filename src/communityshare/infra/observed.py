"""The outermost middleware: correlation id in and out, one log line a request, and the security headers."""

import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from communityshare.infra import correlation, http_metrics
from communityshare.infra.logging import log
from communityshare.infra.storage import LOCAL_PATH

_HEADER = correlation.HEADER.lower().encode()
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    # What the API answers is never a page, but for the reading page of its documentation, which has no script.
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
]


class ObservedMiddleware:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = correlation.begin(_offered(scope))
        # Mounted applications change the scope's path, so it is read before they see it. A photo's address is a right.
        path = LOCAL_PATH if scope["path"].startswith(LOCAL_PATH) else scope["path"]
        status = 500
        started = time.perf_counter()

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers: Any = list(message["headers"])
                names = {name.lower() for name, _ in headers}
                headers.append((_HEADER, correlation_id.encode()))
                # The headers of a 304 replace those of the answer that is kept (RFC 9111, 4.3.4): the page's policy
                # would become the API's, and the page would stay white.
                if status != 304:
                    headers += [pair for pair in _SECURITY if pair[0] not in names]
                window: Any = scope.get("rate_limit")
                if window is not None and status != 429:
                    headers += [
                        (key.lower().encode(), value.encode()) for key, value in window.headers().items()
                    ]
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            seconds = time.perf_counter() - started
            http_metrics.observe(self._service, scope, status, seconds)
            log.info(
                "request",
                method=scope["method"],
                path=path,
                status=status,
                ms=round(seconds * 1000, 1),
            )


def _offered(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == _HEADER:
            return value.decode("latin-1")
    return None
