"""`/api/maintenance/calendar`: parse, call, status. No SQL, no rules."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from communityshare.injected import TheClock, TheConnection, ThePrincipal, TheSettings
from communityshare.maintenance.calendar import ics, service
from communityshare.maintenance.calendar.queries import Filters
from communityshare.maintenance.calendar.service import Event, EventStatus
from communityshare.maintenance.limits import per_user

_FEED_PAST, _FEED_FUTURE = timedelta(days=30), timedelta(days=365)


class Events(msgspec.Struct):
    """Answer of the calendar."""

    events: list[Event]


async def provide_filters(
    resource_id: FromQuery[UUID | None] = None,
    schedule_type: FromQuery[str | None] = None,
    assigned_to: FromQuery[UUID | None] = None,
) -> Filters:
    """Return the filters of the query string."""
    return Filters(resource_id=resource_id, schedule_type=schedule_type, assigned_to=assigned_to)


@get("/calendar", dependencies={"filters": Provide(provide_filters)}, summary="Events of a date range")
async def get_calendar(
    from_: Annotated[datetime, QueryParameter(name="from", description="first instant")],
    to: Annotated[datetime, QueryParameter(description="end, exclusive; at most 400 days after `from`")],
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection, settings: TheSettings,
    clock: TheClock, status: FromQuery[EventStatus | None] = None,
) -> Events:  # fmt: skip
    """Return what is planned, overdue and done in [from, to), as far as the signed-in user may see it."""
    found = await service.events(connection, principal, filters, status, from_, to, settings.zone, clock())
    return Events(found)


@get(
    "/calendar.ics",
    dependencies={"filters": Provide(provide_filters)},
    media_type="text/calendar",
    summary="Events as iCalendar feed",
)
async def get_feed(
    filters: NamedDependency[Filters], principal: ThePrincipal, connection: TheConnection, settings: TheSettings,
    clock: TheClock,
    from_: Annotated[datetime | None, QueryParameter(name="from", description="default: 30 days ago")] = None,
    to: Annotated[datetime | None, QueryParameter(description="default: a year from now")] = None,
    status: FromQuery[EventStatus | None] = None,
) -> Response[bytes]:  # fmt: skip
    """Return the same events for a calendar program."""
    now = clock()
    first, end = from_ or now - _FEED_PAST, to or now + _FEED_FUTURE
    found = await service.events(connection, principal, filters, status, first, end, settings.zone, now)
    body = await ics.feed(found, settings.base_url, now)
    headers = {"Content-Disposition": 'attachment; filename="maintenance.ics"'}
    return Response(body, media_type="text/calendar", headers=headers)


router = Router("/", route_handlers=[get_calendar, get_feed], guards=[per_user], tags=["calendar"])
