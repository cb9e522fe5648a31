"""The built user interface: hashed files for ever, the page itself always fresh, under a strict CSP."""

from pathlib import Path
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send
from servestatic import ServeStaticASGI

# In a checkout the build stands beside the sources, in an installed package inside it.
_PLACES = (Path(__file__).parents[3] / "web" / "dist", Path(__file__).parents[1] / "ui")
_NOT_PAGES = ("/api", "/healthz", "/readyz", "/metrics", "/assets")
_HASHED = r"^/assets/"
# The component kit sets styles on elements; scripts come from our own files only.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def with_user_interface(app: ASGIApp) -> ASGIApp:
    """Return `app` with the user interface around it; without a build, `app` itself."""
    root = next((place for place in _PLACES if (place / "index.html").is_file()), None)
    return UserInterface(app, root) if root else app


class UserInterface:
    """ASGI middleware: files of the build, and its page for every address that is a page of the application."""

    def __init__(self, app: ASGIApp, root: Path) -> None:
        self._files: Any = ServeStaticASGI(
            app,
            root=root,
            index_file=True,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=_HASHED,
            add_headers_function=_headers,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_page(scope):
            scope = {**scope, "path": "/"}  # type: ignore[assignment]
        await self._files(scope, receive, send)

    def _is_page(self, scope: Any) -> bool:
        path: str = scope["path"]
        if scope["method"] not in {"GET", "HEAD"} or path.startswith(_NOT_PAGES) or path in self._files.files:
            return False
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _headers(headers: Any, path: str, _url: str) -> None:
    # Also on scripts: the service worker fetches under the policy that its own file came with.
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    if path.endswith(".html"):
        headers["Cache-Control"] = "no-cache"
