"""All SQL of schedules. The caller passes the scope that `policy` decided; nothing here commits."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts.policy import Scope
from communityshare.accounts.queries import like
from communityshare.infra.db import fetch_all, fetch_one, fetch_value, run
from communityshare.maintenance.schedules import recurrence
from communityshare.maintenance.schedules.recurrence import Frequency, Mode, Status
from communityshare.maintenance.schedules.schemas import Filters, Person, ResourceSummary, Schedule

Connection = AsyncConnection[Any]

_SELECT = """
    SELECT s.id, s.resource_id, s.schedule_type, s.frequency::text, s.interval, s.rrule, s.recurrence_mode::text,
           s.start_date, s.end_date, s.next_due_date, s.description, s.assigned_to, s.last_performed_at,
           s.created_at, s.updated_at, s.deleted_at, s.version, r.name, r.owner_id, u.name
    FROM maintenance_schedules s
    JOIN resources r ON r.id = s.resource_id
    LEFT JOIN users u ON u.id = s.assigned_to"""

# What each scope sees; %(me)s is the principal.
VISIBLE = {
    Scope.ALL: "true",
    Scope.ASSIGNED: "s.assigned_to = %(me)s",
    Scope.OWNED: "s.resource_id IN (SELECT id FROM resources WHERE owner_id = %(me)s)",
}
STATUS = {
    Status.completed: "s.next_due_date IS NULL",
    Status.overdue: "s.next_due_date < %(now)s",
    Status.due_soon: "s.next_due_date BETWEEN %(now)s AND %(soon)s",
    Status.scheduled: "s.next_due_date > %(soon)s",
}
# By their text in a row: an enumeration's own call takes ten times as long.
FREQUENCIES = {one.value: one for one in Frequency}
MODES = {one.value: one for one in Mode}
_SORT_KEY = {
    "next_due_date": "coalesce(s.next_due_date, 'infinity'::timestamptz)",
    "created_at": "s.created_at",
}


class Maker:
    """Builds schedules from rows, with the status as of `now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self, *row: Any) -> Schedule:
        (identity, resource_id, schedule_type, frequency, interval, rrule, mode, start, end, next_due, description,
         assigned_to, last_performed_at, created_at, updated_at, deleted_at, version, resource_name, owner_id,
         assignee_name) = row  # fmt: skip
        return Schedule(
            id=identity,
            resource_id=resource_id,
            schedule_type=schedule_type,
            frequency=FREQUENCIES[frequency],
            interval=interval,
            rrule=rrule,
            recurrence_mode=MODES[mode],
            start_date=start,
            end_date=end,
            next_due_date=next_due,
            description=description,
            assigned_to=assigned_to,
            last_performed_at=last_performed_at,
            created_at=created_at,
            updated_at=updated_at,
            deleted_at=deleted_at,
            version=version,
            resource=ResourceSummary(resource_id, resource_name, owner_id),
            assignee=Person(assigned_to, assignee_name) if assigned_to else None,
            status=recurrence.status(next_due, self._now),
        )


async def find(
    connection: Connection, schedule_id: UUID, scope: Scope, me: UUID, now: datetime, *,
    deleted: bool = False, lock: bool = False,
) -> Schedule | None:  # fmt: skip
    """Return one visible schedule; with `deleted`, one that was deleted; with `lock`, locked until the commit."""
    query = f"""{_SELECT}
        WHERE s.id = %(id)s AND s.deleted_at IS {"NOT NULL" if deleted else "NULL"} AND {VISIBLE[scope]}
        {"FOR UPDATE OF s" if lock else ""}"""
    return await fetch_one(connection, Maker(now), query, {"id": schedule_id, "me": me})  # type: ignore[arg-type]


async def lock_any(connection: Connection, schedule_id: UUID, now: datetime) -> Schedule:
    """Return a schedule, deleted or not, locked until the commit, to one who changes a log of it."""
    query = f"{_SELECT} WHERE s.id = %s FOR UPDATE OF s"
    found = await fetch_one(connection, Maker(now), query, (schedule_id,))  # type: ignore[arg-type]
    assert found, "logs refer to schedules that exist"
    return found


async def list_page(
    connection: Connection, filters: Filters, scope: Scope, me: UUID, now: datetime, *,
    sort: str, after: tuple[str, UUID] | None, limit: int,
) -> list[Schedule]:  # fmt: skip
    """Return up to `limit` visible schedules after the key `after`."""
    key = _SORT_KEY[sort.lstrip("-")]
    order, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    conditions = conditions_for(filters, scope)
    if after is not None:
        conditions.append(f"({key}, s.id) {beyond} (%(after_key)s::timestamptz, %(after_id)s)")
    query = f"""{_SELECT}
        WHERE {" AND ".join(conditions)} ORDER BY {key} {order}, s.id {order} LIMIT {limit:d}"""
    after_key, after_id = after or (None, None)
    params = {**parameters_of(filters, me, now), "after_key": after_key, "after_id": after_id}
    return await fetch_all(connection, Maker(now), query, params)  # type: ignore[arg-type]


async def types(connection: Connection, q: str | None, scope: Scope, me: UUID, limit: int) -> list[str]:
    """Return the kinds of work of visible schedules, those in most use first."""
    query = f"""SELECT s.schedule_type FROM maintenance_schedules s
        WHERE s.deleted_at IS NULL AND {VISIBLE[scope]} AND (%(q)s::text IS NULL OR s.schedule_type ILIKE %(q)s)
        GROUP BY s.schedule_type ORDER BY count(*) DESC, s.schedule_type LIMIT {limit:d}"""
    return await fetch_all(connection, str, query, {"q": like(q), "me": me})  # type: ignore[arg-type]


def conditions_for(filters: Filters, scope: Scope) -> list[str]:
    """Return the WHERE conditions of a filter within a scope, with named parameters only."""
    conditions = [VISIBLE[scope]]
    if not filters.include_deleted:
        # What is to be done to a thing that was retired is nobody's work any more.
        conditions.append("s.deleted_at IS NULL AND r.deleted_at IS NULL")
    if filters.status is not None:
        conditions.append(STATUS[filters.status])
    optional = {
        "resource_id": "s.resource_id = %(resource_id)s",
        "schedule_type": "s.schedule_type = %(schedule_type)s",
        "frequency": "s.frequency = %(frequency)s::maintenance_frequency",
        "assigned_to": "s.assigned_to = %(assigned_to)s",
        "due_from": "s.next_due_date >= %(due_from)s",
        "due_to": "s.next_due_date < %(due_to)s",
        "q": "(s.schedule_type ILIKE %(q)s OR s.description ILIKE %(q)s OR r.name ILIKE %(q)s)",
    }
    return conditions + [sql for name, sql in optional.items() if getattr(filters, name) is not None]


def parameters_of(filters: Filters, me: UUID, now: datetime) -> dict[str, Any]:
    """Return the parameters that the conditions name."""
    return {
        **msgspec.structs.asdict(filters), "q": like(filters.q), "me": me, "now": now, "soon": now + timedelta(days=1),
    }  # fmt: skip


class References(msgspec.Struct):
    """What a new schedule refers to, as far as it exists."""

    resource_name: str | None
    owner_id: UUID | None
    assignee_name: str | None


async def references(
    connection: Connection, resource_id: UUID | None, assigned_to: UUID | None
) -> References:
    """Return the names behind the references; None for a resource that is gone or a user who is inactive."""
    query = """
        SELECT r.name, r.owner_id, u.name
        FROM (SELECT) AS one
        LEFT JOIN resources r ON r.id = %s::uuid AND r.deleted_at IS NULL
        LEFT JOIN users u ON u.id = %s::uuid AND u.active"""
    found = await fetch_one(connection, References, query, (resource_id, assigned_to))
    return found or References(None, None, None)


_STORED = (
    "id", "resource_id", "schedule_type", "frequency", "interval", "rrule", "recurrence_mode", "start_date",
    "end_date", "next_due_date", "description", "assigned_to", "created_at", "updated_at",
)  # fmt: skip
_INSERT = f"""
    INSERT INTO maintenance_schedules ({", ".join(_STORED)}, created_by)
    VALUES ({", ".join(f"%({column})s" for column in _STORED)}, %(created_by)s)"""


async def insert(connection: Connection, schedule: Schedule, created_by: UUID) -> None:
    """Add a schedule."""
    row = {column: getattr(schedule, column) for column in _STORED}
    await connection.execute(_INSERT, {**row, "created_by": created_by})


async def update(connection: Connection, schedule_id: UUID, changes: dict[str, Any], now: datetime) -> None:
    """Change columns and count the version up."""
    assignments = "".join(f"{column} = %({column})s, " for column in changes)
    await run(
        connection,
        f"UPDATE maintenance_schedules SET {assignments}updated_at = %(now)s, version = version + 1 WHERE id = %(id)s",
        {**changes, "now": now, "id": schedule_id},
    )


async def completed_after(connection: Connection, schedule_id: UUID, instant: datetime) -> set[datetime]:
    """Return the due dates later than `instant` that are completed."""
    query = "SELECT array_agg(due_date) FROM maintenance_completions WHERE schedule_id = %s AND due_date > %s"
    return set(await fetch_value(connection, query, (schedule_id, instant)) or ())


async def last_completed_due(connection: Connection, schedule_id: UUID) -> datetime | None:
    """Return the due date of the latest completed occurrence."""
    query = "SELECT max(due_date) FROM maintenance_completions WHERE schedule_id = %s"
    return await fetch_value(connection, query, (schedule_id,))
