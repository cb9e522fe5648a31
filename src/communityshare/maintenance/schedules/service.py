"""One function per use case of schedules, in the caller's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts import policy
from communityshare.accounts.policy import Principal
from communityshare.infra import audit
from communityshare.infra.errors import ForbiddenError, InvalidError, NotFoundError, StaleVersionError
from communityshare.infra.ids import new_id
from communityshare.maintenance.schedules import queries, recurrence
from communityshare.maintenance.schedules.recurrence import InvalidRecurrence, Mode, Recurrence
from communityshare.maintenance.schedules.schemas import (
    Filters,
    NewSchedule,
    Person,
    Preview,
    ResourceSummary,
    Schedule,
    Sort,
)

Connection = AsyncConnection[Any]
MOST_TYPES = 50
_RECURRENCE_FIELDS = {"frequency", "interval", "rrule", "recurrence_mode", "start_date", "end_date"}


def recurrence_of(schedule: Schedule | NewSchedule | Preview, zone: ZoneInfo) -> Recurrence:
    """Return the schedule's recurrence in the community's zone."""
    return Recurrence(
        frequency=schedule.frequency, start=schedule.start_date, zone=zone, interval=schedule.interval,
        rrule=schedule.rrule, mode=schedule.recurrence_mode, end=schedule.end_date,
    )  # fmt: skip


def checked_recurrence(schedule: Schedule | NewSchedule | Preview, zone: ZoneInfo) -> Recurrence:
    """Return the schedule's recurrence. Raises InvalidError naming the field that makes none."""
    rule = recurrence_of(schedule, zone)
    try:
        recurrence.validate(rule)
    except InvalidRecurrence as error:
        raise InvalidError.field(error.field, str(error)) from error
    return rule


def preview(data: Preview, zone: ZoneInfo) -> list[datetime]:
    """Return the first dates of a schedule in the making."""
    return recurrence.preview(checked_recurrence(data, zone), data.count)


async def create(
    connection: Connection, principal: Principal, data: NewSchedule, zone: ZoneInfo, now: datetime
) -> Schedule:
    """Plan maintenance of a resource; the first due date is the start date."""
    if not policy.can_write_schedules(principal):
        raise ForbiddenError("Schedules are planned by administrators.")
    checked_recurrence(data, zone)
    found = await queries.references(connection, data.resource_id, data.assigned_to)
    if found.resource_name is None:
        raise InvalidError.field("resource_id", "there is no such resource; choose another")
    _check_assignee(data.assigned_to, found)
    schedule = Schedule(
        **msgspec.structs.asdict(data),
        id=new_id(),
        next_due_date=data.start_date,
        last_performed_at=None,
        created_at=now,
        updated_at=now,
        deleted_at=None,
        version=1,
        resource=ResourceSummary(data.resource_id, found.resource_name, found.owner_id),
        assignee=Person(data.assigned_to, found.assignee_name or "") if data.assigned_to else None,
        status=recurrence.status(data.start_date, now),
    )
    await queries.insert(connection, schedule, principal.user_id)
    await audit.record(connection, principal.user_id, "schedule.create", "schedule", schedule.id)
    return schedule


def _check_assignee(assigned_to: UUID | None, found: queries.References) -> None:
    if assigned_to is not None and found.assignee_name is None:
        raise InvalidError.field("assigned_to", "is no active user; choose another")


async def list_schedules(
    connection: Connection, principal: Principal, filters: Filters, now: datetime, *,
    sort: Sort, after: tuple[str, UUID] | None, limit: int,
) -> list[Schedule]:  # fmt: skip
    """Return visible schedules; deleted ones only for those who may see them."""
    if filters.include_deleted and not policy.can_see_deleted(principal):
        raise ForbiddenError("include_deleted: only administrators see deleted schedules.")
    scope = policy.visible_schedules(principal)
    return await queries.list_page(
        connection, filters, scope, principal.user_id, now, sort=sort, after=after, limit=limit
    )


async def list_types(connection: Connection, principal: Principal, q: str | None) -> list[str]:
    """Return the kinds of work in use among visible schedules, to choose from."""
    scope = policy.visible_schedules(principal)
    return await queries.types(connection, q, scope, principal.user_id, MOST_TYPES)


async def get(
    connection: Connection, principal: Principal, schedule_id: UUID, now: datetime, *, lock: bool = False
) -> Schedule:
    """Return one visible schedule. Raises NotFoundError, the same for «not there» and «not yours»."""
    scope = policy.visible_schedules(principal)
    found = await queries.find(connection, schedule_id, scope, principal.user_id, now, lock=lock)
    if found is None:
        raise NotFoundError("There is no such schedule.")
    return found


async def _writable(
    connection: Connection, principal: Principal, schedule_id: UUID, if_match: str | None, now: datetime
) -> Schedule:
    schedule = await get(connection, principal, schedule_id, now, lock=True)
    if not policy.can_write_schedules(principal):
        raise ForbiddenError("Schedules are changed by administrators.")
    if if_match is not None and not _matches(if_match, schedule.etag):
        raise StaleVersionError(
            "Somebody changed this schedule meanwhile; load it again and repeat your change.",
            version=schedule.version,
        )
    return schedule


def _matches(if_match: str, etag: str) -> bool:
    return if_match.strip() == "*" or etag in [tag.strip() for tag in if_match.split(",")]


async def change(
    connection: Connection, principal: Principal, schedule_id: UUID, changes: dict[str, Any],
    if_match: str | None, zone: ZoneInfo, now: datetime,
) -> Schedule:  # fmt: skip
    """Change a schedule. A new anchor or frequency finds a new due date, never one that is already completed."""
    before = await _writable(connection, principal, schedule_id, if_match, now)
    if changes.get("frequency", "custom") != "custom" and "rrule" not in changes:
        changes["rrule"] = None
    # Who sends the whole form changes what differs: the open occurrence stays open.
    changes = {name: value for name, value in changes.items() if value != getattr(before, name)}
    if not changes:
        return before
    after = msgspec.structs.replace(before, **changes)
    rule = checked_recurrence(after, zone)
    if changes.get("assigned_to") and changes["assigned_to"] != before.assigned_to:
        _check_assignee(after.assigned_to, await queries.references(connection, None, after.assigned_to))
    if _RECURRENCE_FIELDS & changes.keys():
        changes["next_due_date"] = await _next_due(connection, rule, before, moved="start_date" in changes)
    await queries.update(connection, schedule_id, changes, now)
    detail = {"fields": sorted(changes)}
    await audit.record(
        connection, principal.user_id, "schedule.change", "schedule", schedule_id, detail=detail
    )
    return await get(connection, principal, schedule_id, now)


async def _next_due(
    connection: Connection, rule: Recurrence, before: Schedule, *, moved: bool
) -> datetime | None:
    """Return the due date of a changed schedule: as after its last completion, or from where its start was moved to."""
    done = await queries.last_completed_due(connection, before.id)
    performed_at = before.last_performed_at
    if done is None or performed_at is None:
        return recurrence.next_due_after_change(rule, done)
    if moved:
        return recurrence.next_due_after_change(rule, max(done, performed_at))
    return await next_due_after_work(connection, before.id, rule, done, performed_at)


async def next_due_after_work(
    connection: Connection, schedule_id: UUID, rule: Recurrence, closed_due: datetime, performed_at: datetime
) -> datetime | None:
    """Return the due date that follows the work, none that is completed already."""
    # Fixed dates only rise.
    floats = rule.mode is Mode.floating
    completed = await queries.completed_after(connection, schedule_id, performed_at) if floats else ()
    return recurrence.next_due_after_completion(rule, closed_due, performed_at, completed)


async def delete(
    connection: Connection, principal: Principal, schedule_id: UUID, if_match: str | None, now: datetime
) -> None:
    """Delete a schedule softly: it can be restored, and its logs stay."""
    await _writable(connection, principal, schedule_id, if_match, now)
    await queries.update(connection, schedule_id, {"deleted_at": now}, now)
    await audit.record(connection, principal.user_id, "schedule.delete", "schedule", schedule_id)


async def restore(connection: Connection, principal: Principal, schedule_id: UUID, now: datetime) -> Schedule:
    """Bring a deleted schedule back as it was."""
    scope = policy.visible_schedules(principal)
    me = principal.user_id
    if not policy.can_see_deleted(principal) or not await queries.find(
        connection, schedule_id, scope, me, now, deleted=True, lock=True
    ):
        raise NotFoundError("There is no such deleted schedule.")
    await queries.update(connection, schedule_id, {"deleted_at": None}, now)
    await audit.record(connection, me, "schedule.restore", "schedule", schedule_id)
    return await get(connection, principal, schedule_id, now)
