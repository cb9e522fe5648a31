"""SQL of the technical tables: flags, audit trail, idempotency keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from communityshare.infra.db import fetch_all, fetch_one, fetch_value

Connection = AsyncConnection[Any]


async def flag_states(connection: Connection) -> dict[str, bool]:
    """Return every flag. A feature whose tables are parked by a rollback counts as off."""

    class Row(msgspec.Struct):
        name: str
        enabled: bool

    query = b"""
        SELECT name, enabled AND to_regclass('public.maintenance_schedules') IS NOT NULL
        FROM feature_flags ORDER BY name"""
    return {row.name: row.enabled for row in await fetch_all(connection, Row, query)}


async def set_flag(connection: Connection, name: str, enabled: bool, by: UUID | None, now: datetime) -> bool:
    """Switch a flag; return False when there is none of that name."""
    query = """
        UPDATE feature_flags SET enabled = %s, updated_at = %s, updated_by = %s WHERE name = %s RETURNING true"""
    return bool(await fetch_value(connection, query, (enabled, now, by, name)))


class AuditEntry(msgspec.Struct):
    """One line of the audit trail."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    outcome: str
    object_type: str | None
    object_id: UUID | None
    detail: Any
    correlation_id: str | None


async def insert_audit(connection: Connection, values: tuple[Any, ...]) -> None:
    """Append one line: id, actor_id, action, outcome, object_type, object_id, detail, correlation_id."""
    *head, detail, correlation_id = values
    await connection.execute(
        """INSERT INTO audit_log (id, actor_id, action, outcome, object_type, object_id, detail, correlation_id)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        (*head, Jsonb(detail) if detail is not None else None, correlation_id),
    )


async def list_audit(
    connection: Connection, limit: int, before: UUID | None, object_id: UUID | None
) -> list[AuditEntry]:
    """Return lines newest first."""
    query = """
        SELECT a.id, a.at, a.actor_id, u.name, a.action, a.outcome, a.object_type, a.object_id, a.detail,
               a.correlation_id
        FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
        WHERE (%(before)s::uuid IS NULL OR a.id < %(before)s)
          AND (%(object_id)s::uuid IS NULL OR a.object_id = %(object_id)s)
        ORDER BY a.id DESC LIMIT %(limit)s"""
    return await fetch_all(
        connection, AuditEntry, query, {"before": before, "object_id": object_id, "limit": limit}
    )


class KeptAnswer(msgspec.Struct):
    """What a key was used for, and the answer it got."""

    request_hash: bytes
    status: int | None
    headers: dict[str, str] | None
    body: bytes | None


async def claim_key(connection: Connection, owner: str, key: str, request_hash: bytes) -> bool:
    """Take the key for this request; a parallel request with the same key waits here for our commit."""
    query = """
        INSERT INTO idempotency_keys (owner, key, request_hash) VALUES (%s, %s, %s)
        ON CONFLICT DO NOTHING RETURNING true"""
    return bool(await fetch_value(connection, query, (owner, key, request_hash)))


async def kept_answer(connection: Connection, owner: str, key: str) -> KeptAnswer | None:
    """Return the answer kept under the key."""
    query = "SELECT request_hash, status, headers, body FROM idempotency_keys WHERE owner = %s AND key = %s"
    return await fetch_one(connection, KeptAnswer, query, (owner, key))


async def keep_answer(
    connection: Connection, owner: str, key: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep the answer, in the transaction that did the work."""
    await connection.execute(
        "UPDATE idempotency_keys SET status = %s, headers = %s, body = %s WHERE owner = %s AND key = %s",
        (status, Jsonb(headers), body, owner, key),
    )


async def delete_keys_before(connection: Connection, instant: datetime) -> int:
    """Forget keys older than `instant`; returns how many."""
    cursor = await connection.execute("DELETE FROM idempotency_keys WHERE created_at < %s", (instant,))
    return cursor.rowcount


async def is_migrated(connection: Connection) -> bool:
    """Return whether the feature's ground stands. A newer schema, or a parked feature, is no reason to refuse."""
    return bool(await fetch_value(connection, b"SELECT to_regclass('public.feature_flags') IS NOT NULL"))
