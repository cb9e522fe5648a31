"""All SQL of logs. A log is the newest version of its `log_id`; the caller passes the scope that `policy` decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from communityshare.accounts.policy import Scope
from communityshare.accounts.queries import like
from communityshare.infra.db import fetch_all, fetch_one, fetch_value
from communityshare.infra.ids import new_id
from communityshare.maintenance.logs.schemas import Filters, Issues, Log, Photo, StoredPhoto, Thing
from communityshare.maintenance.schedules.schemas import Person

Connection = AsyncConnection[Any]

# What each scope sees: a row that one of the conditions admits. Each condition has an index of its own to be read by;
# as arrays, so that the planner does not walk all logs in order of time in search of a few.
VISIBLE = {
    Scope.ALL: ("true",),
    Scope.ASSIGNED: (
        "l.performed_by = %(me)s",
        "l.schedule_id = ANY (ARRAY(SELECT id FROM maintenance_schedules WHERE assigned_to = %(me)s))",
    ),
    Scope.OWNED: ("l.resource_id = ANY (ARRAY(SELECT id FROM resources WHERE owner_id = %(me)s))",),
}
# OFFSET keeps it a look into the small index of amendments for each row found; as a join, all of them are read.
NEWEST = """NOT EXISTS (
    SELECT FROM maintenance_logs n WHERE n.log_id = l.log_id AND n.version > l.version AND n.version > 1 OFFSET 0)"""
FROM = """
    FROM maintenance_logs l
    JOIN resources r ON r.id = l.resource_id
    LEFT JOIN maintenance_schedules s ON s.id = l.schedule_id"""
_SELECT = f"""
    SELECT l.log_id, l.version, l.kind::text, l.schedule_id, l.resource_id, l.performed_by, l.performed_at, l.notes,
           l.photos, l.issues_found::text, l.due_date, l.created_at, l.updated_at, l.reason, l.recorded_by,
           r.name, p.name, b.name, s.schedule_type
    {FROM}
    JOIN users p ON p.id = l.performed_by
    LEFT JOIN users b ON b.id = CASE WHEN l.reason IS NOT NULL THEN l.recorded_by END"""


_ISSUES = {one.value: one for one in Issues}


def make_log(*row: Any) -> Log:
    """Build a log from a row."""
    (identity, version, kind, schedule_id, resource_id, performed_by, performed_at, notes, photos, issues, due_date,
     created_at, updated_at, reason, recorded_by, resource_name, performer, recorder, schedule_type) = row  # fmt: skip
    return Log(
        id=identity,
        schedule_id=schedule_id,
        resource_id=resource_id,
        performed_by=performed_by,
        performed_at=performed_at,
        notes=notes,
        photos=[_photo(**photo) for photo in photos],
        issues_found=_ISSUES[issues],
        due_date=due_date,
        created_at=created_at,
        updated_at=updated_at,
        resource=Thing(resource_id, resource_name),
        performer=Person(performed_by, performer),
        schedule_type=schedule_type,
        version=version,
        voided_at=updated_at if kind == "voided" else None,
        void_reason=reason if kind == "voided" else None,
        amended_by=Person(recorded_by, recorder) if reason else None,
        amend_reason=reason if kind == "amended" else None,
    )


def _photo(key: str, thumbnail_key: str, **measures: Any) -> Photo:
    return Photo(key, thumbnail_key, **measures)


def shown(photo: StoredPhoto) -> Photo:
    """Return a photo as it is shown, with keys for addresses still."""
    return _photo(**msgspec.structs.asdict(photo))


async def find(connection: Connection, log_id: UUID, scope: Scope, me: UUID) -> Log | None:
    """Return the newest version of a visible log, also a voiding one."""
    query = f"{_SELECT} WHERE l.log_id = %(id)s AND {NEWEST} AND ({' OR '.join(VISIBLE[scope])})"
    return await fetch_one(connection, make_log, query, {"id": log_id, "me": me})  # type: ignore[arg-type]


async def lock(connection: Connection, log_id: UUID) -> None:
    """Make other changes of this log wait for our commit."""
    await connection.execute("SELECT FROM maintenance_logs WHERE id = %s FOR UPDATE", (log_id,))


async def versions(connection: Connection, log_id: UUID) -> list[Log]:
    """Return every version of a log, oldest first."""
    query = f"{_SELECT} WHERE l.log_id = %s ORDER BY l.version"
    return await fetch_all(connection, make_log, query, (log_id,))  # type: ignore[arg-type]


async def list_page(
    connection: Connection, filters: Filters, scope: Scope, me: UUID, *,
    sort: str, after: tuple[datetime, UUID] | None, limit: int,
) -> list[Log]:  # fmt: skip
    """Return up to `limit` visible logs after the key `after`.

    Each condition of the scope is a branch that reads its own index, and nothing but the index unless words are
    searched for; what two branches find counts once.
    """
    direction, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    order = f"ORDER BY l.performed_at {direction}, l.log_id {direction}"
    conditions = conditions_for(filters)
    if after is not None:
        conditions.append(f"(l.performed_at, l.log_id) {beyond} (%(after_key)s, %(after_id)s)")
    source = FROM if filters.q else "FROM maintenance_logs l"
    # Sorted first: whether it is the newest is asked of what the page shows, not of all there is.
    branches = [
        f"""(SELECT l.id FROM (
            SELECT l.id, l.log_id, l.version, l.performed_at {source}
            WHERE {" AND ".join([visible, *conditions])} {order} OFFSET 0
        ) l WHERE {NEWEST} {order} LIMIT {limit:d})"""
        for visible in VISIBLE[scope]
    ]
    query = f"{_SELECT} WHERE l.id IN ({' UNION '.join(branches)}) {order} LIMIT {limit:d}"
    after_key, after_id = after or (None, None)
    params = {**parameters_of(filters, me), "after_key": after_key, "after_id": after_id}
    return await fetch_all(connection, make_log, query, params)  # type: ignore[arg-type]


def conditions_for(filters: Filters) -> list[str]:
    """Return the WHERE conditions of a filter, with named parameters only; voided logs are never listed."""
    optional = {
        "schedule_id": "l.schedule_id = %(schedule_id)s",
        "resource_id": "l.resource_id = %(resource_id)s",
        "performed_by": "l.performed_by = %(performed_by)s",
        "issues_found": "l.issues_found = %(issues_found)s::maintenance_issues",
        "performed_from": "l.performed_at >= %(performed_from)s",
        "performed_to": "l.performed_at < %(performed_to)s",
        "q": "(l.notes ILIKE %(q)s OR r.name ILIKE %(q)s OR s.schedule_type ILIKE %(q)s)",
    }
    chosen = [sql for name, sql in optional.items() if getattr(filters, name) is not None]
    return ["l.kind <> 'voided'", *chosen]


def parameters_of(filters: Filters, me: UUID) -> dict[str, Any]:
    """Return the parameters that the conditions name."""
    return {**msgspec.structs.asdict(filters), "q": like(filters.q), "me": me}


_FIRST = (
    "id", "schedule_id", "resource_id", "performed_by", "performed_at", "notes", "issues_found", "due_date",
    "created_at", "updated_at",
)  # fmt: skip
_INSERT = f"""
    INSERT INTO maintenance_logs ({", ".join(_FIRST)}, photos, log_id, recorded_by)
    VALUES ({", ".join(f"%({column})s" for column in _FIRST)}, %(photos)s, %(id)s, %(performed_by)s)"""


async def insert(connection: Connection, log: Log, photos: Jsonb) -> None:
    """Add the first version of a log."""
    row = {column: getattr(log, column) for column in _FIRST}
    await connection.execute(_INSERT, {**row, "photos": photos})


async def photos_of(connection: Connection, log_id: UUID) -> list[Any]:
    """Return the photos of the newest version as they are stored."""
    query = "SELECT photos FROM maintenance_logs WHERE log_id = %s ORDER BY version DESC LIMIT 1"
    return await fetch_value(connection, query, (log_id,))


async def photo_keys(connection: Connection, log_ids: list[UUID]) -> set[str]:
    """Return the object keys that any version of the logs names."""
    query = """
        SELECT ARRAY[photo ->> 'key', photo ->> 'thumbnail_key']
        FROM maintenance_logs l, jsonb_array_elements(l.photos) photo WHERE l.log_id = ANY(%s)"""
    rows: list[list[str]] = await fetch_all(connection, list, query, (log_ids,))  # type: ignore[arg-type]
    return {key for row in rows for key in row}


_CARRIED = (
    "log_id", "schedule_id", "resource_id", "performed_by", "performed_at", "notes", "photos", "issues_found",
    "due_date", "created_at",
)  # fmt: skip


async def insert_version(
    connection: Connection, log_id: UUID, kind: str, changes: dict[str, Any], *,
    by: UUID, reason: str | None, now: datetime,
) -> None:  # fmt: skip
    """Add a version: the one before with `changes`."""
    values = ", ".join(f"%({column})s" if column in changes else column for column in _CARRIED)
    query = f"""
        INSERT INTO maintenance_logs (id, version, kind, recorded_by, reason, updated_at, {", ".join(_CARRIED)})
        SELECT %(new_id)s, version + 1, %(kind)s, %(by)s, %(reason)s, %(now)s, {values}
        FROM maintenance_logs WHERE log_id = %(of)s ORDER BY version DESC LIMIT 1"""
    params = {
        **changes,
        "new_id": new_id(),
        "of": log_id,
        "kind": kind,
        "by": by,
        "reason": reason,
        "now": now,
    }
    await connection.execute(query, params)


class Completion(msgspec.Struct):
    """A closed occurrence."""

    schedule_id: UUID
    due_date: datetime
    performed_at: datetime


async def add_completion(connection: Connection, completion: Completion, log_id: UUID) -> None:
    """Close an occurrence by a log."""
    await connection.execute(
        """INSERT INTO maintenance_completions (schedule_id, due_date, performed_at, log_id)
           VALUES (%s, %s, %s, %s)""",
        (completion.schedule_id, completion.due_date, completion.performed_at, log_id),
    )


async def completion_by(connection: Connection, log_id: UUID) -> Completion | None:
    """Return the occurrence that a log closed."""
    query = "SELECT schedule_id, due_date, performed_at FROM maintenance_completions WHERE log_id = %s"
    return await fetch_one(connection, Completion, query, (log_id,))


async def latest_completion(connection: Connection, schedule_id: UUID) -> Completion | None:
    """Return the closed occurrence from which the plan goes on.

    Fixed: the one with the latest due date. Floating: the one with the latest work, as work done early leads to due
    dates before the one it closed.
    """
    query = """
        SELECT c.schedule_id, c.due_date, c.performed_at
        FROM maintenance_completions c JOIN maintenance_schedules s ON s.id = c.schedule_id
        WHERE c.schedule_id = %s
        ORDER BY CASE s.recurrence_mode WHEN 'floating' THEN c.performed_at ELSE c.due_date END DESC, c.due_date DESC
        LIMIT 1"""
    return await fetch_one(connection, Completion, query, (schedule_id,))


async def move_completion(connection: Connection, log_id: UUID, performed_at: datetime) -> None:
    """Note that the work which closed an occurrence was done at another time."""
    await connection.execute(
        "UPDATE maintenance_completions SET performed_at = %s WHERE log_id = %s", (performed_at, log_id)
    )


async def remove_completion(connection: Connection, log_id: UUID) -> None:
    """Take back what a log closed."""
    await connection.execute("DELETE FROM maintenance_completions WHERE log_id = %s", (log_id,))


class Closing(msgspec.Struct):
    """Who recorded the closing of an occurrence, and when."""

    user_id: UUID
    name: str
    recorded_at: datetime


async def closing_of(connection: Connection, schedule_id: UUID, due_date: datetime) -> Closing | None:
    """Return who closed the occurrence due at `due_date`."""
    query = """
        SELECT u.id, u.name, l.created_at
        FROM maintenance_completions c JOIN maintenance_logs l ON l.id = c.log_id JOIN users u ON u.id = l.performed_by
        WHERE c.schedule_id = %s AND c.due_date = %s"""
    return await fetch_one(connection, Closing, query, (schedule_id, due_date))
