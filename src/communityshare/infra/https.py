"""Behind a proxy: whose forwarded headers count, plain http redirected, HSTS on every secure answer."""

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from communityshare.infra.settings import Settings

# Two years, as the preload lists ask for.
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
# Load balancers and monitoring ask these without TLS.
_PLAIN = {"/healthz", "/readyz", "/metrics"}


def behind_proxy(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return `app` as it stands behind TRUSTED_PROXIES; without any, forwarded headers are not looked at."""
    if settings.base_url.startswith("https://"):
        app = HttpsOnly(app, settings.base_url)
    if settings.trusted_proxies:
        return wrap_asgi_with_proxy_headers(app, settings.trusted_proxies)
    return app


class HttpsOnly:
    """ASGI middleware: what came in plain is sent to the same path of the public https address."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _PLAIN:
            await self._app(scope, receive, send)
        elif scope["scheme"] == "https":
            await self._app(scope, receive, _with_hsts(send))
        else:
            await self._redirect(scope, send)

    async def _redirect(self, scope: Scope, send: Send) -> None:
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        location = self._base_url.encode() + scope["raw_path"] + query
        headers = [(b"location", location), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _with_hsts(send: Send) -> Send:
    async def send_secure(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], _HSTS]
        await send(message)

    return send_secure
