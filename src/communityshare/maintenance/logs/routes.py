"""`/api/maintenance/logs`: parse, call, status. No SQL, no rules."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from litestar import Request, Response, Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from communityshare.infra.errors import InvalidError
from communityshare.infra.ids import new_id
from communityshare.infra.paging import Cursor, Limit, Page, decode_cursor, page_of
from communityshare.infra.storage import LIFETIME, LOCAL_PATH
from communityshare.infra.wire import Input, with_zone
from communityshare.injected import (
    Ours,
    TheClock,
    TheConnection,
    ThePool,
    ThePrincipal,
    TheSettings,
    TheStorage,
    TheUnit,
)
from communityshare.maintenance.limits import feature_enabled, per_user
from communityshare.maintenance.logs import photos, service
from communityshare.maintenance.logs.export import csv_of
from communityshare.maintenance.logs.forms import MAX_FORM_BYTES, LogOperation, PhotosOperation, body_of
from communityshare.maintenance.logs.schemas import (
    REASON_PATTERN,
    Filters,
    Issues,
    Log,
    LogChanges,
    LogDetail,
    NewLog,
    Sort,
    Voiding,
)

Search = Annotated[
    str | None, QueryParameter(max_length=200, description="part of notes, type or resource name")
]
VoidReason = Annotated[
    str | None,
    QueryParameter(
        max_length=500, pattern=REASON_PATTERN, description="why the log does not count; or in the body"
    ),
]
TheDarkroom: TypeAlias = Ours[photos.Darkroom]
_NEWEST_FIRST: Sort = "-performed_at"


class NoFields(Input):
    """Body of photos that are added: there are only files."""


async def provide_filters(
    schedule_id: FromQuery[UUID | None] = None,
    resource_id: FromQuery[UUID | None] = None,
    performed_by: FromQuery[UUID | None] = None,
    issues_found: FromQuery[Issues | None] = None,
    performed_from: FromQuery[datetime | None] = None,
    performed_to: FromQuery[datetime | None] = None,
    q: Search = None,
) -> Filters:
    """Return the filters of the query string."""
    return Filters(
        schedule_id=schedule_id, resource_id=resource_id, performed_by=performed_by, issues_found=issues_found,
        performed_from=with_zone("performed_from", performed_from),
        performed_to=with_zone("performed_to", performed_to), q=q,
    )  # fmt: skip


@post("/", summary="Log completed work", request_max_body_size=MAX_FORM_BYTES, operation_class=LogOperation)
async def create_log(
    request: Request[Any, Any, Any], principal: ThePrincipal, unit: TheUnit, settings: TheSettings, clock: TheClock,
    storage: TheStorage, darkroom: TheDarkroom,
) -> Response[Log]:  # fmt: skip
    """Record work. It closes the open occurrence of its schedule and moves the plan on, unless it is history."""
    log_id = new_id()
    async with body_of(request, NewLog) as (data, files):
        if not files:
            log = await service.create(
                await unit.connection(), principal, data, settings.zone, clock(), log_id=log_id
            )
        else:
            async with unit.glance() as connection:
                await service.check(connection, principal, data, clock(), photos=len(files))
            async with photos.stored(files, log_id, darkroom, storage) as kept:
                log = await service.create(
                    await unit.connection(),
                    principal,
                    data,
                    settings.zone,
                    clock(),
                    log_id=log_id,
                    photos=kept,
                )
                await photos.sign([log], storage, clock())
    return Response(log, status_code=201, headers={"Location": f"/api/maintenance/logs/{log.id}"})


@post(
    "/{log_id:uuid}/photos",
    summary="Add photos to a log",
    request_max_body_size=MAX_FORM_BYTES,
    operation_class=PhotosOperation,
)
async def add_photos(
    log_id: FromPath[UUID], request: Request[Any, Any, Any], principal: ThePrincipal, unit: TheUnit, clock: TheClock,
    storage: TheStorage, darkroom: TheDarkroom,
) -> Log:  # fmt: skip
    """Add photos within 24 hours, as long as nobody has amended the log."""
    async with body_of(request, NoFields) as (_, files):
        async with unit.glance() as connection:
            await service.check_photos(connection, principal, log_id, len(files), clock())
        async with photos.stored(files, log_id, darkroom, storage) as kept:
            log = await service.add_photos(await unit.connection(), principal, log_id, kept, clock())
            await photos.sign([log], storage, clock())
    return log


@get("/", dependencies={"filters": Provide(provide_filters)}, summary="List logs")
async def list_logs(
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection, storage: TheStorage,
    clock: TheClock, sort: FromQuery[Sort] = _NEWEST_FIRST, cursor: Cursor = None, limit: Limit = 50,
) -> Page[Log]:  # fmt: skip
    """Return the logs that the signed-in user may see, without voided ones."""
    after = decode_cursor(cursor, sort, datetime, UUID) if cursor else None
    rows = await service.list_logs(
        connection, principal, filters, sort=sort, after=after, limit=limit + 1  # type: ignore[arg-type]
    )  # fmt: skip
    await photos.sign(rows, storage, clock())
    return page_of(rows, limit, sort, lambda log: (log.performed_at, log.id))


@get(
    "/export",
    dependencies={"filters": Provide(provide_filters)},
    media_type="text/csv",
    summary="Export logs as CSV",
)
async def export_logs(
    filters: NamedDependency[Filters], principal: ThePrincipal, pool: ThePool,
    sort: FromQuery[Sort] = _NEWEST_FIRST,
) -> Stream:  # fmt: skip
    """Return what the list shows as CSV, as it is read."""
    content = await csv_of(service.export(pool, principal, filters, sort=sort))
    headers = {"Content-Disposition": 'attachment; filename="maintenance-logs.csv"'}
    return Stream(content, media_type="text/csv", headers=headers)


@get("/{log_id:uuid}", summary="Get a log")
async def get_log(
    log_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, storage: TheStorage, clock: TheClock,
    history: FromQuery[bool] = False,
) -> LogDetail:  # fmt: skip
    """Return the newest version of a log, with `history=true` all of them."""
    log = await service.get(connection, principal, log_id, history=history)
    await photos.sign([log, *(log.history or [])], storage, clock())
    return log


@patch("/{log_id:uuid}", summary="Amend a log")
async def amend_log(
    log_id: FromPath[UUID], data: JSONBody[LogChanges], principal: ThePrincipal, connection: TheConnection,
    settings: TheSettings, clock: TheClock, storage: TheStorage,
) -> Log:  # fmt: skip
    """Add an amending version; the versions before it are kept."""
    changes = data.given()
    reason = changes.pop("reason").strip()
    log = await service.amend(connection, principal, log_id, reason, changes, settings.zone, clock())
    await photos.sign([log], storage, clock())
    return log


@delete("/{log_id:uuid}", summary="Void a log")
async def void_log(
    log_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock,
    data: JSONBody[Voiding | None] = None, reason: VoidReason = None,
) -> None:  # fmt: skip
    """Void a log: nothing is lost, it no longer counts. What it closed is open again, unless later work was done.

    The reason is needed: as `?reason=…`, or in a body, which not every client and proxy lets a DELETE have.
    """
    given = [text for text in (reason, data and data.reason) if text is not None]
    if len(given) != 1:
        text = "is given twice" if given else "is needed, as ?reason=… of the address or in a JSON body"
        raise InvalidError.field("reason", text)
    await service.void(connection, principal, log_id, given[0].strip(), clock())


router = Router(
    "/logs",
    route_handlers=[create_log, add_photos, list_logs, export_logs, get_log, amend_log, void_log],
    guards=[per_user],
    tags=["logs"],
)


@get("/{key:path}", summary="Get a photo by its signed address", media_type="image/jpeg")
async def get_photo(
    key: FromPath[str],
    expires: FromQuery[int],
    signature: FromQuery[str],
    storage: TheStorage,
    clock: TheClock,
) -> Response[bytes]:
    """Return a photo or thumbnail. The address is the permission: an `<img>` sends no token."""
    name = key.lstrip("/")
    content = await storage.read_signed(name, expires, signature, clock())
    headers = {
        "Cache-Control": f"private, max-age={int(LIFETIME.total_seconds())}, immutable",
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=photos.content_type_of(name), headers=headers)


photos_router = Router(LOCAL_PATH, route_handlers=[get_photo], guards=[feature_enabled], tags=["logs"])
