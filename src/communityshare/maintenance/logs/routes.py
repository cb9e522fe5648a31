"""`/api/maintenance/logs`: parse, call, status. No SQL, no rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream
from msgspec import UNSET

from communityshare.infra.paging import Cursor, Limit, Page, decode_cursor, page_of
from communityshare.infra.wire import with_zone
from communityshare.injected import TheClock, TheConnection, ThePrincipal, TheSettings
from communityshare.maintenance.limits import per_user
from communityshare.maintenance.logs import service
from communityshare.maintenance.logs.export import csv_of
from communityshare.maintenance.logs.schemas import (
    REASON_PATTERN,
    Filters,
    Issues,
    Log,
    LogChanges,
    LogDetail,
    NewLog,
    Sort,
)

Search = Annotated[
    str | None, QueryParameter(max_length=200, description="part of notes, type or resource name")
]
VoidReason = Annotated[
    str, QueryParameter(max_length=500, pattern=REASON_PATTERN, description="why the log does not count")
]
_NEWEST_FIRST: Sort = "-performed_at"


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


@post("/", summary="Log completed work")
async def create_log(
    data: JSONBody[NewLog],
    principal: ThePrincipal,
    connection: TheConnection,
    settings: TheSettings,
    clock: TheClock,
) -> Response[Log]:
    """Record work. It closes the open occurrence of its schedule and moves the plan on, unless it is history."""
    log = await service.create(connection, principal, data, settings.zone, clock())
    return Response(log, status_code=201, headers={"Location": f"/api/maintenance/logs/{log.id}"})


@get("/", dependencies={"filters": Provide(provide_filters)}, summary="List logs")
async def list_logs(
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection,
    sort: FromQuery[Sort] = _NEWEST_FIRST, cursor: Cursor = None, limit: Limit = 50,
) -> Page[Log]:  # fmt: skip
    """Return the logs that the signed-in user may see, without voided ones."""
    after = decode_cursor(cursor, sort, datetime, UUID) if cursor else None
    rows = await service.list_logs(
        connection, principal, filters, sort=sort, after=after, limit=limit + 1  # type: ignore[arg-type]
    )  # fmt: skip
    return page_of(rows, limit, sort, lambda log: (log.performed_at, log.id))


@get("/export", dependencies={"filters": Provide(provide_filters)}, summary="Export logs as CSV")
async def export_logs(
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection,
    sort: FromQuery[Sort] = _NEWEST_FIRST,
) -> Stream:  # fmt: skip
    """Return what the list shows as CSV, as it is read."""
    batches = service.export(connection, principal, filters, sort=sort)
    headers = {"Content-Disposition": 'attachment; filename="maintenance-logs.csv"'}
    return Stream(csv_of(batches), media_type="text/csv", headers=headers)


@get("/{log_id:uuid}", summary="Get a log")
async def get_log(
    log_id: FromPath[UUID],
    principal: ThePrincipal,
    connection: TheConnection,
    history: FromQuery[bool] = False,
) -> LogDetail:
    """Return the newest version of a log, with `history=true` all of them."""
    return await service.get(connection, principal, log_id, history=history)


@patch("/{log_id:uuid}", summary="Amend a log")
async def amend_log(
    log_id: FromPath[UUID], data: JSONBody[LogChanges], principal: ThePrincipal, connection: TheConnection,
    settings: TheSettings, clock: TheClock,
) -> Log:  # fmt: skip
    """Add an amending version; the versions before it are kept."""
    changes = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
    reason = changes.pop("reason")
    return await service.amend(connection, principal, log_id, reason, changes, settings.zone, clock())


@delete("/{log_id:uuid}", summary="Void a log")
async def void_log(
    log_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock,
    reason: VoidReason,
) -> None:  # fmt: skip
    """Void a log: nothing is lost, it no longer counts. What it closed is open again, unless later work was done."""
    await service.void(connection, principal, log_id, reason, clock())


router = Router(
    "/logs",
    route_handlers=[create_log, list_logs, export_logs, get_log, amend_log, void_log],
    guards=[per_user],
    tags=["logs"],
)
