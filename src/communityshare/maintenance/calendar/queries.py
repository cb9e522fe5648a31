"""All SQL of the calendar: one query for plans, one for work done."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts.policy import Scope
from communityshare.infra.db import fetch_all
from communityshare.maintenance.logs import queries as logs
from communityshare.maintenance.schedules import queries as schedules
from communityshare.maintenance.schedules.recurrence import Frequency, Mode


class Filters(msgspec.Struct, kw_only=True, frozen=True):
    """What a calendar is narrowed to."""

    resource_id: UUID | None = None
    schedule_type: str | None = None
    assigned_to: UUID | None = None


class Plan(msgspec.Struct):
    """What the calendar needs of a schedule."""

    id: UUID
    resource_id: UUID
    resource_name: str
    schedule_type: str
    frequency: Frequency
    interval: int
    rrule: str | None
    recurrence_mode: Mode
    start_date: datetime
    end_date: datetime | None
    next_due_date: datetime
    assigned_to: UUID | None
    assignee_name: str | None


class Work(msgspec.Struct):
    """What the calendar needs of a log."""

    id: str
    log_id: UUID
    schedule_id: UUID | None
    resource_id: UUID
    resource_name: str
    schedule_type: str | None
    performed_at: datetime
    assigned_to: UUID | None
    assignee_name: str | None
    performed_by: UUID
    performer_name: str


def _conditions(filters: Filters, row: str) -> list[str]:
    """Return the WHERE conditions of a filter; `row` is the alias of what has a resource."""
    optional = {
        "resource_id": f"{row}.resource_id = %(resource_id)s",
        "schedule_type": "s.schedule_type = %(schedule_type)s",
        "assigned_to": "s.assigned_to = %(assigned_to)s",
    }
    return [sql for name, sql in optional.items() if getattr(filters, name) is not None]


def _plan(*row: Any) -> Plan:
    plan = Plan(*row)
    plan.frequency = schedules.FREQUENCIES[plan.frequency]
    plan.recurrence_mode = schedules.MODES[plan.recurrence_mode]
    return plan


async def plans_due_before(
    connection: AsyncConnection[Any], filters: Filters, scope: Scope, me: UUID, to: datetime, *, limit: int
) -> list[Plan]:
    """Return visible schedules whose open occurrence is due before `to`, with what their occurrences follow from."""
    where = " AND ".join([schedules.VISIBLE[scope], *_conditions(filters, "s")])
    query = f"""
        SELECT s.id, r.id, r.name, s.schedule_type, s.frequency::text, s.interval, s.rrule, s.recurrence_mode::text,
               s.start_date, s.end_date, s.next_due_date, s.assigned_to, u.name
        FROM maintenance_schedules s
        JOIN resources r ON r.id = s.resource_id
        LEFT JOIN users u ON u.id = s.assigned_to
        WHERE s.deleted_at IS NULL AND r.deleted_at IS NULL AND s.next_due_date < %(to)s AND {where}
        LIMIT {limit:d}"""
    params = {**msgspec.structs.asdict(filters), "me": me, "to": to}
    return await fetch_all(connection, _plan, query, params)  # type: ignore[arg-type]


async def work_between(
    connection: AsyncConnection[Any], filters: Filters, scope: Scope, me: UUID,
    from_: datetime, to: datetime, *, limit: int,
) -> list[Work]:  # fmt: skip
    """Return visible logs performed in [from_, to); each condition of the scope reads its own index."""
    conditions = [
        "l.performed_at >= %(from)s", "l.performed_at < %(to)s", "l.kind <> 'voided'", logs.NEWEST,
        *_conditions(filters, "l"),
    ]  # fmt: skip
    of_schedules = filters.schedule_type or filters.assigned_to
    source = logs.FROM if of_schedules else "FROM maintenance_logs l"
    branches = [
        f"(SELECT l.id {source} WHERE {' AND '.join([visible, *conditions])} LIMIT {limit:d})"
        for visible in logs.VISIBLE[scope]
    ]
    query = f"""
        SELECT l.log_id::text, l.log_id, l.schedule_id, r.id, r.name, s.schedule_type, l.performed_at, s.assigned_to,
               a.name, l.performed_by, p.name
        {logs.FROM}
        JOIN users p ON p.id = l.performed_by
        LEFT JOIN users a ON a.id = s.assigned_to
        WHERE l.id IN ({" UNION ".join(branches)}) LIMIT {limit:d}"""
    params = {**msgspec.structs.asdict(filters), "me": me, "from": from_, "to": to}
    return await fetch_all(connection, Work, query, params)  # type: ignore[arg-type]
