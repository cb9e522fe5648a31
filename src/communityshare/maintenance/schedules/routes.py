"""`/api/maintenance/schedules`: parse, call, status. No SQL, no rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from communityshare.infra.paging import Cursor, Limit, Page, Search, decode_cursor, page_of
from communityshare.infra.wire import with_zone
from communityshare.injected import TheClock, TheConnection, ThePrincipal, TheSettings
from communityshare.maintenance.limits import per_user
from communityshare.maintenance.schedules import service
from communityshare.maintenance.schedules.recurrence import Frequency, Status
from communityshare.maintenance.schedules.schemas import (
    Dates,
    Filters,
    NewSchedule,
    Preview,
    Schedule,
    ScheduleChanges,
    Sort,
    Types,
)

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description="the ETag the change is based on")
]


async def provide_filters(
    resource_id: FromQuery[UUID | None] = None,
    schedule_type: FromQuery[str | None] = None,
    frequency: FromQuery[Frequency | None] = None,
    assigned_to: FromQuery[UUID | None] = None,
    status: FromQuery[Status | None] = None,
    due_from: FromQuery[datetime | None] = None,
    due_to: FromQuery[datetime | None] = None,
    q: Search = None,
    include_deleted: FromQuery[bool] = False,
) -> Filters:
    """Return the filters of the query string."""
    return Filters(
        resource_id=resource_id, schedule_type=schedule_type, frequency=frequency, assigned_to=assigned_to,
        status=status, due_from=with_zone("due_from", due_from), due_to=with_zone("due_to", due_to),
        q=q, include_deleted=include_deleted,
    )  # fmt: skip


@post("/", summary="Plan maintenance")
async def create_schedule(
    data: JSONBody[NewSchedule],
    principal: ThePrincipal,
    connection: TheConnection,
    settings: TheSettings,
    clock: TheClock,
) -> Response[Schedule]:
    """Create a schedule; its first due date is its start date."""
    schedule = await service.create(connection, principal, data, settings.zone, clock())
    location = f"/api/maintenance/schedules/{schedule.id}"
    return Response(schedule, status_code=201, headers={"Location": location, "ETag": schedule.etag})


@post("/preview", status_code=200, summary="Preview due dates")
async def preview_schedule(data: JSONBody[Preview], settings: TheSettings) -> Dates:
    """Return the first due dates of a schedule in the making."""
    return Dates(service.preview(data, settings.zone))


@get("/", dependencies={"filters": Provide(provide_filters)}, summary="List schedules")
async def list_schedules(
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection, clock: TheClock,
    sort: FromQuery[Sort] = "next_due_date", cursor: Cursor = None, limit: Limit = 50,
) -> Page[Schedule]:  # fmt: skip
    """Return the schedules that the signed-in user may see."""
    after = decode_cursor(cursor, sort, str, UUID) if cursor else None
    rows = await service.list_schedules(
        connection, principal, filters, clock(), sort=sort, after=after, limit=limit + 1
    )
    return page_of(rows, limit, sort, lambda schedule: _sort_key(schedule, sort))


def _sort_key(schedule: Schedule, sort: str) -> tuple[datetime | str, UUID]:
    if sort.endswith("created_at"):
        return schedule.created_at, schedule.id
    return schedule.next_due_date or "infinity", schedule.id


@get("/types", summary="Kinds of work in use")
async def list_types(principal: ThePrincipal, connection: TheConnection, q: Search = None) -> Types:
    """Return the kinds of work of schedules one may see, the commonest first, 50 at most."""
    return Types(await service.list_types(connection, principal, q))


@get("/{schedule_id:uuid}", summary="Get a schedule")
async def get_schedule(
    schedule_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock
) -> Response[Schedule]:
    """Return one schedule with its ETag."""
    schedule = await service.get(connection, principal, schedule_id, clock())
    return Response(schedule, headers={"ETag": schedule.etag})


@patch("/{schedule_id:uuid}", summary="Change a schedule")
async def change_schedule(
    schedule_id: FromPath[UUID], data: JSONBody[ScheduleChanges], principal: ThePrincipal, connection: TheConnection,
    settings: TheSettings, clock: TheClock, if_match: IfMatch = None,
) -> Response[Schedule]:  # fmt: skip
    """Change what is given."""
    changes = data.given()
    schedule = await service.change(
        connection, principal, schedule_id, changes, if_match, settings.zone, clock()
    )
    return Response(schedule, headers={"ETag": schedule.etag})


@delete("/{schedule_id:uuid}", summary="Delete a schedule")
async def delete_schedule(
    schedule_id: FromPath[UUID],
    principal: ThePrincipal,
    connection: TheConnection,
    clock: TheClock,
    if_match: IfMatch = None,
) -> None:
    """Delete a schedule softly; its logs stay."""
    await service.delete(connection, principal, schedule_id, if_match, clock())


@post("/{schedule_id:uuid}/restore", status_code=200, summary="Restore a deleted schedule")
async def restore_schedule(
    schedule_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock
) -> Response[Schedule]:
    """Bring a deleted schedule back."""
    schedule = await service.restore(connection, principal, schedule_id, clock())
    return Response(schedule, headers={"ETag": schedule.etag})


router = Router(
    "/schedules",
    route_handlers=[
        create_schedule, preview_schedule, list_schedules, list_types, get_schedule, change_schedule,
        delete_schedule, restore_schedule,
    ],
    guards=[per_user],
    tags=["schedules"],
)  # fmt: skip
