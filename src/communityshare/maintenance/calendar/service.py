"""What happens in a range of dates: work that is planned, overdue or done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts import policy
from communityshare.accounts.policy import Principal
from communityshare.infra.errors import InvalidError
from communityshare.infra.turns import in_turns
from communityshare.infra.wire import with_zone
from communityshare.maintenance.calendar import queries
from communityshare.maintenance.calendar.queries import Filters, Plan, Work
from communityshare.maintenance.logs.schemas import Thing
from communityshare.maintenance.schedules import recurrence
from communityshare.maintenance.schedules.recurrence import Mode, Recurrence
from communityshare.maintenance.schedules.schemas import Person

MAX_RANGE = timedelta(days=400)
MAX_EVENTS = 5_000
_INSTANT = timedelta(microseconds=1)
_PLANS_AT_ONCE = 20
_COMPACT = "%04d%02d%02dT%02d%02d%02dZ"
_IN_ORDER = attrgetter("start", "id")


class EventStatus(StrEnum):
    """Where an event stands."""

    scheduled = "scheduled"
    completed = "completed"
    overdue = "overdue"


class Event(msgspec.Struct, kw_only=True):
    """Something in the calendar: an occurrence to come or overdue, or the log of work done. `start` is UTC."""

    id: str
    kind: Literal["occurrence", "log"]
    schedule_id: UUID | None
    log_id: UUID | None
    resource: Thing
    title: str
    start: datetime
    status: EventStatus
    assignee: Person | None
    performer: Person | None


async def events(
    connection: AsyncConnection[Any], principal: Principal, filters: Filters, status: EventStatus | None,
    from_: datetime, to: datetime, zone: ZoneInfo, now: datetime,
) -> list[Event]:  # fmt: skip
    """Return visible events in [from_, to) by start. A closed occurrence is shown by the log that closed it.

    Raises InvalidError for a range that is empty or too long, or that holds more than MAX_EVENTS.
    """
    _check_range(from_, to)
    found: list[Event] = []
    if status in {None, EventStatus.completed}:
        scope = policy.visible_logs(principal)
        work = await queries.work_between(
            connection, filters, scope, principal.user_id, from_, to, limit=MAX_EVENTS + 1
        )
        found += map(_log_event, work)
    if status is not EventStatus.completed:
        scope = policy.visible_schedules(principal)
        plans = await queries.plans_due_before(
            connection, filters, scope, principal.user_id, to, limit=MAX_EVENTS + 1
        )
        _check_count(len(plans))
        async for plan in in_turns(plans, _PLANS_AT_ONCE):
            planned = _occurrences(plan, from_, to, zone, now)
            found += planned if status is None else (event for event in planned if event.status is status)
            _check_count(len(found))
    _check_count(len(found))
    return sorted(found, key=_IN_ORDER)


def _check_range(from_: datetime, to: datetime) -> None:
    with_zone("from", from_)
    with_zone("to", to)
    if not from_ < to:
        raise InvalidError.field("to", "must be later than from")
    if to - from_ > MAX_RANGE:
        raise InvalidError.field("to", f"must lie within {MAX_RANGE.days} days of from")


def _check_count(count: int) -> None:
    if count > MAX_EVENTS:
        raise InvalidError.field(
            "to", f"more than {MAX_EVENTS} events; choose a shorter range or filters", code="too_many_events"
        )


def _occurrences(plan: Plan, from_: datetime, to: datetime, zone: ZoneInfo, now: datetime) -> Iterator[Event]:
    """The open occurrence, then those after now: what was missed in between is never opened."""
    due, event = plan.next_due_date, _event_of(plan)
    if from_ <= due:
        yield event(due, EventStatus.overdue if due < now else EventStatus.scheduled)
    if to - due > recurrence.shortest_step(plan.frequency, plan.interval):
        later = max(due + _INSTANT, from_, now)
        for following in recurrence.between(_rule(plan, zone), later, to, MAX_EVENTS + 1):
            yield event(following, EventStatus.scheduled)


def _rule(plan: Plan, zone: ZoneInfo) -> Recurrence:
    """A floating plan has one certain date; those after it are shown as if the work is done in time."""
    rule = Recurrence(
        frequency=plan.frequency, start=plan.start_date, zone=zone, interval=plan.interval,
        rrule=plan.rrule, mode=plan.recurrence_mode, end=plan.end_date,
    )  # fmt: skip
    if plan.recurrence_mode is Mode.floating:
        return replace(rule, start=plan.next_due_date, mode=Mode.fixed)
    return rule


def _event_of(plan: Plan) -> Callable[[datetime, EventStatus], Event]:
    """Return what makes an occurrence of the plan an event."""
    identity, title = f"{plan.id}/", f"{plan.resource_name}: {plan.schedule_type}"
    thing, assignee = (
        Thing(plan.resource_id, plan.resource_name),
        _person(plan.assigned_to, plan.assignee_name),
    )

    def event(due: datetime, status: EventStatus) -> Event:
        return Event(
            id=identity + compact(due), kind="occurrence", schedule_id=plan.id, log_id=None,
            resource=thing, title=title, start=due, status=status, assignee=assignee, performer=None,
        )  # fmt: skip

    return event


def compact(instant: datetime) -> str:
    """Return a UTC instant as `20260301T080000Z`; `strftime` takes three times as long."""
    day = instant.year, instant.month, instant.day
    return _COMPACT % (*day, instant.hour, instant.minute, instant.second)


def _log_event(work: Work) -> Event:
    return Event(
        id=work.id,
        kind="log",
        schedule_id=work.schedule_id,
        log_id=work.log_id,
        resource=Thing(work.resource_id, work.resource_name),
        title=f"{work.resource_name}: {work.schedule_type or 'repair'}",
        start=work.performed_at,
        status=EventStatus.completed,
        assignee=_person(work.assigned_to, work.assignee_name),
        performer=_person(work.performed_by, work.performer_name),
    )


def _person(user_id: UUID | None, name: str | None) -> Person | None:
    return Person(user_id, name or "") if user_id else None
