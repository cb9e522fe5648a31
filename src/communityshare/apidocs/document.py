"""The OpenAPI document: what Litestar derives from the handlers, with every error and the bearer token added."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from litestar import Litestar, Request, Response, get
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from communityshare import __version__
from communityshare.accounts import authentication
from communityshare.infra.errors import PROBLEM

TITLE = "CommunityShare Maintenance"
_STRING, _INTEGER = {"type": "string"}, {"type": "integer"}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable, `detail` is for people, `errors` names the wrong fields.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
    "properties": {
        "type": _STRING, "title": _STRING, "status": _INTEGER, "detail": _STRING, "code": _STRING,
        "correlation_id": _STRING,
        "errors": {
            "type": "array",
            "items": {
                "type": "object", "required": ["field", "message"],
                "properties": {"field": _STRING, "message": _STRING},
            },
        },
    },
}  # fmt: skip
_ALWAYS = {"400", "404", "422", "503"}
_MEANING = {
    "400": "Malformed request", "401": "No token, or one that does not count", "403": "Visible but not allowed",
    "404": "Not there or not visible", "409": "The state does not allow it now", "412": "Changed meanwhile",
    "413": "Body too large", "415": "Not JSON", "422": "Well-formed but invalid",
    "429": "Too many requests; Retry-After says when to come back",
    "503": "A part is away; Retry-After says when to come back",
}  # fmt: skip


def document_of(app: Litestar) -> dict[str, Any]:
    """Return the document of the application's routes."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            operation = schema["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, method, handler)
    return schema


def text_of(app: Litestar) -> str:
    """Return the document as indented JSON, the same for the same routes."""
    return json.dumps(document_of(app), indent=2, sort_keys=True, ensure_ascii=False)


def _complete(operation: dict[str, Any], method: str, handler: BaseRouteHandler) -> None:
    codes = _ALWAYS | handler.opt.get("answers", set())
    if method != "GET":
        codes.add("409")
    if "requestBody" in operation:
        codes |= {"413", "415"}
        if (data := handler.parsed_data_field) and data.is_optional:
            operation["requestBody"]["required"] = False
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
        codes.add("412")
    if _needs_token(handler):
        codes |= {"401", "403", "429"}
        operation["security"] = [{"bearer": []}]
    elif method == "POST":
        codes |= {"401", "429"}
    for code in sorted(codes):
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][code] = {"description": _MEANING[code], "content": content}


def _needs_token(handler: BaseRouteHandler) -> bool:
    return any(guard.__module__ == authentication.__name__ for guard in handler.opt.get("guards", ()))


@cache
def _document(app: Litestar) -> dict[str, Any]:
    return document_of(app)


@cache
def _page(app: Litestar) -> bytes:
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    document = _document(app)
    groups: dict[str, list[Any]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append((method.upper(), path, operation))
    page = environment.get_template("page.html").render(document=document, groups=sorted(groups.items()))
    return page.encode()


class _Page(OpenAPIRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return _page(request.app)


class _Json(JsonRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return json.dumps(_document(request.app)).encode()


def config(title: str = TITLE, version: str = __version__, path: str = "/api/docs") -> OpenAPIConfig:
    """Return the configuration: a page at `path`, and the document below it as `openapi.json`."""
    return OpenAPIConfig(
        title,
        version,
        path=path,
        render_plugins=[_Page(path="/"), _Json()],
        use_handler_docstrings=True,
    )


@get("/api/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI document."""
    return Response(json.dumps(_document(request.app)).encode(), media_type="application/json")
