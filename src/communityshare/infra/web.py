"""What every route shares: the parts of the process, injected by name, and the answer to every kind of error."""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.params import SkipValidation
from litestar.types import ControllerRouterHandler
from psycopg import AsyncConnection, errors
from psycopg_pool import TooManyRequests

from communityshare.infra import audit, methods
from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.errors import (
    PROBLEM,
    AppError,
    BadRequestError,
    ConflictError,
    FieldError,
    ForbiddenError,
    InvalidError,
    MethodNotAllowedError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from communityshare.infra.logging import log
from communityshare.infra.reading import check_query, refusal, say
from communityshare.infra.transaction import UnitOfWork, ask_guards

T = TypeVar("T")
# Our own providers made them: checking their types again at every request would only cost time.
Ours: TypeAlias = NamedDependency[SkipValidation[T]]

Handlers = list[ControllerRouterHandler]

# What Litestar says where a handler's `data` is not in a request at all.
_NO_BODY = "'data'"


async def _unit(request: Request[Any, Any, State]) -> UnitOfWork:
    return request.scope["unit_of_work"]  # type: ignore[typeddict-item]


async def _connection(request: Request[Any, Any, State]) -> AsyncConnection[Any]:
    return await request.scope["unit_of_work"].connection()  # type: ignore[typeddict-item]


async def _principal(request: Request[Any, Any, State]) -> Any:
    return request.scope["user"]


def of_process(part: Any) -> Provide:
    """Return a provider of a part of the process such as its settings or clock."""

    async def provide() -> Any:
        return part

    return Provide(provide)


PROVIDERS = {
    "unit": Provide(_unit),
    "connection": Provide(_connection),
    "principal": Provide(_principal),
}


async def admit(request: Request[Any, Any, Any]) -> None:
    """Ask the route's guards, then refuse query parameters that it does not know; runs before every handler."""
    handler = request.scope["route_handler"]
    await ask_guards(request, handler)
    if request.scope["query_string"]:
        check_query(handler.opt["query_parameters"], list(request.query_params.multi_items()))


def prepare(app: Litestar) -> None:
    """Make ready for `admit`, and for quick requests, what Litestar found out about the routes."""
    for handler, model in _handlers(app):
        handler.opt["query_parameters"] = {one.field_alias for one in model.expected_query_params}
        # Litestar would copy the whole handler for each of its guards. A handler of two addresses comes twice.
        guards = handler.resolve_guards()
        handler.opt.setdefault("guards", tuple(guards))
        guards.clear()
        # Provided one after the other: a task for each costs more than what most of them do.
        model.dependency_batches = [{one} for batch in model.dependency_batches for one in batch]
    methods.complete(app)


def _handlers(app: Litestar) -> Iterator[tuple[Any, Any]]:
    for route in app.routes:
        yield from getattr(route, "route_handler_map", {}).values()


def problem(request: Request[Any, Any, Any], error: AppError) -> Response[dict[str, Any]]:
    """Return the error as RFC 9457 problem details."""
    if isinstance(error, ForbiddenError):
        _audit_refusal(request)
    return Response(error.problem(), status_code=error.status, media_type=PROBLEM, headers=error.headers)


def _audit_refusal(request: Request[Any, Any, Any]) -> None:
    unit: UnitOfWork | None = request.scope.get("unit_of_work")
    user = request.scope.get("user")
    if unit is None or user is None:
        return
    detail = {"method": request.method, "path": request.scope["path"]}
    unit.even_if_refused(lambda own: audit.record(own, user.user_id, "request", detail=detail, refused=True))


def _http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if isinstance(error, ValidationException):
        return problem(request, _invalid(error))
    if error.status_code >= 500 and "disconnected" not in error.detail:
        return _unexpected(request, error)
    return problem(request, _told(request, error))


def _told(request: Request[Any, Any, Any], error: HTTPException) -> AppError:
    """Return the framework's own error as ours."""
    if isinstance(error.extra, AppError):
        return error.extra
    match error.status_code:
        case 404:
            return NotFoundError("There is nothing at this address.")
        case 405:
            headers = dict(error.headers or {})
            return MethodNotAllowedError(f"{request.method} is not offered here.", headers=headers)
        case 413:
            return TooLargeError("The body is larger than allowed here.")
        case 415:
            return UnsupportedMediaTypeError(error.detail)
        case _:
            return BadRequestError(f"The request cannot be read: {error.detail}")


def _invalid(error: ValidationException) -> AppError:
    entries = (
        [item for item in error.extra if isinstance(item, dict)] if isinstance(error.extra, list) else []
    )
    # A body that may be missing, and is, comes up beside what is wrong elsewhere.
    wrong = [item for item in entries if item.get("message") != _NO_BODY]
    if entries and not wrong:
        return BadRequestError("There is no body; send JSON, with Content-Type: application/json.")
    fields = [_field_error(item) for item in wrong]
    if missing := re.match(r"Missing required (\w+) parameter '([^']+)'", error.detail):
        place, name = missing.groups()
        fields.append(
            FieldError(name, f"is needed, as ?{name}=… of the address" if place == "query" else "is needed")
        )
    return refusal(fields) if fields else InvalidError(error.detail)


def _field_error(item: dict[str, Any]) -> FieldError:
    # A parameter whose name is a Python keyword (`from`) carries an underscore in the code only.
    name = str(item.get("key") or "body").rstrip("_")
    return FieldError("body" if name == "data" else name, say(str(item.get("message"))))


def _database_away(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.warning("the database is away", error=str(error).strip())
    return problem(
        request,
        UnavailableError("The database is away for a moment; nothing was changed. Try again shortly."),
    )


def _crowded(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    text = "More people ask at this moment than can be served; nothing was changed. Try again shortly."
    return problem(request, UnavailableError(text, code="busy"))


def _busy(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.warning("gave way to another transaction", error=str(error).strip())
    return problem(request, UnavailableError("Somebody else is changing this; try again.", code="busy"))


def _too_long(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.warning("stopped, it took too long", error=str(error).strip())
    text = "This took too long and was stopped; nothing was changed. Ask for less, or try again shortly."
    return problem(request, UnavailableError(text, code="busy"))


def _data(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.warning("value refused by the database", error=str(error).strip())
    return problem(request, InvalidError("A value is outside of what can be stored."))


def _table_gone(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    if not request.scope["path"].startswith("/api/maintenance"):
        log.warning("the database is not migrated; run `communityshare migrate`")
        return problem(request, UnavailableError("The database is not migrated yet; try again shortly."))
    return problem(request, NotFoundError("Maintenance scheduling is switched off.", code="feature_disabled"))


def _reference_gone(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return problem(
        request, ConflictError("Something this refers to is gone; load it again.", code="reference_gone")
    )


def _taken(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return problem(request, ConflictError("Somebody else did the same at this moment; load it again."))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.error("unexpected error", exc_info=error)
    return problem(
        request, AppError("Something went wrong on our side; it is logged under the correlation id.")
    )


EXCEPTION_HANDLERS: dict[Any, Callable[..., Response[Any]]] = {
    AppError: problem,
    HTTPException: _http_error,
    errors.LockNotAvailable: _busy,
    errors.DeadlockDetected: _busy,
    errors.QueryCanceled: _too_long,
    errors.UndefinedTable: _table_gone,
    errors.UndefinedObject: _table_gone,
    errors.ForeignKeyViolation: _reference_gone,
    errors.UniqueViolation: _taken,
    errors.CheckViolation: _data,
    errors.DataError: _data,
    Exception: _unexpected,
    TooManyRequests: _crowded,
} | dict.fromkeys(UNAVAILABLE, _database_away)
