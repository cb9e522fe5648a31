"""All SQL of the service. Users are the platform's: they are read here, never written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from communityshare.infra.db import fetch_all, fetch_one, fetch_value
from communityshare.notifications.preferences import Preferences

Connection = AsyncConnection[Any]


class Draft(msgspec.Struct, frozen=True):
    """A message somebody asks us to take. Columns of `messages`, in the order of `accept`."""

    id: UUID
    idempotency_key: str | None
    request_hash: bytes
    user_id: UUID
    channel: str
    category: str
    subject: str
    body_text: str
    body_html: str | None
    url: str | None
    status: str
    correlation_id: str | None


class Verdict(msgspec.Struct, frozen=True):
    """What became of a draft: `taken`, or not for the reason given, or because its key was taken before."""

    reason: str
    taken: bool


# One statement for a whole group: it reads recipients and preferences, decides, and stores.
_ACCEPT = b"""
    WITH draft AS (
        SELECT * FROM ROWS FROM (json_to_recordset(%s::json) AS (
            id uuid, idempotency_key text, request_hash text, user_id uuid, channel text, category text,
            subject text, body_text text, body_html text, url text, status text, correlation_id text))
            WITH ORDINALITY
            AS d (id, idempotency_key, request_hash, user_id, channel, category,
                  subject, body_text, body_html, url, status, correlation_id, place)
    ), judged AS (
        SELECT d.*, CASE d.channel WHEN 'email' THEN u.email WHEN 'sms' THEN u.phone END AS to_address,
            CASE
                WHEN u.id IS NULL THEN 'unknown'
                WHEN d.channel = 'sms' AND NOT u.premium THEN 'premium_required'
                WHEN NOT u.active THEN 'inactive'
                WHEN NOT coalesce((p.channels -> d.category ->> d.channel)::boolean, d.channel <> 'sms')
                    THEN 'unwanted'
                WHEN d.channel = 'sms' AND coalesce(u.phone, '') !~ '^\\+[1-9][0-9]{6,14}$' THEN 'no number'
                ELSE 'accepted'
            END AS reason
        FROM draft d
        LEFT JOIN public.users u ON u.id = d.user_id
        LEFT JOIN notifications.preferences p ON p.user_id = d.user_id
    ), taken AS (
        INSERT INTO notifications.messages (
            id, idempotency_key, request_hash, user_id, channel, category, subject, body_text, body_html, url,
            to_address, correlation_id, status, last_error, next_attempt_at, created_at, sent_at)
        SELECT id, idempotency_key, decode(request_hash, 'base64'), user_id, channel, category,
            subject, body_text, body_html, url, to_address, correlation_id,
            CASE reason WHEN 'accepted' THEN status ELSE 'suppressed' END,
            nullif(reason, 'accepted'), %s, %s, CASE WHEN reason = 'accepted' AND status = 'sent' THEN %s END
        FROM judged WHERE reason NOT IN ('unknown', 'premium_required')
        ORDER BY idempotency_key -- two groups that share keys wait for each other in one direction only
        ON CONFLICT (idempotency_key, channel) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id
    )
    SELECT j.reason, t.id IS NOT NULL
    FROM judged j LEFT JOIN taken t ON t.id = j.id
    ORDER BY j.place"""


async def accept(connection: Connection, drafts: Sequence[Draft], now: datetime) -> list[Verdict]:
    """Store what is to be stored of `drafts`, durably when this returns; one verdict each, in their order."""
    rows = msgspec.json.encode(drafts).decode()
    return await fetch_all(connection, Verdict, _ACCEPT, (rows, now, now, now))


class Earlier(msgspec.Struct, frozen=True):
    """The message that took a key before."""

    id: UUID
    request_hash: bytes
    suppressed: bool


async def earlier(connection: Connection, key: str, channel: str) -> Earlier | None:
    """Return the message that took the key. What became of it after its acceptance does not count."""
    query = b"""
        SELECT id, request_hash, status = 'suppressed' AND attempts = 0
        FROM notifications.messages WHERE idempotency_key = %s AND channel = %s"""
    return await fetch_one(connection, Earlier, query, (key, channel))


class InboxItem(msgspec.Struct):
    """An in-app message as its recipient sees it."""

    id: UUID
    subject: str
    text: str
    html: str | None
    category: str
    url: str | None
    created_at: datetime
    read_at: datetime | None


_INBOX = "id, subject, body_text, body_html, category, url, created_at, read_at"
_IS_INBOX = "channel = 'in_app' AND status = 'sent'"


async def inbox(
    connection: Connection, user_id: UUID, *, unread: bool | None, before: UUID | None, limit: int
) -> list[InboxItem]:
    """Return a recipient's messages, newest first; `unread` chooses those (True) or the others (False)."""
    read = {None: "", True: "AND read_at IS NULL", False: "AND read_at IS NOT NULL"}[unread]
    older = "AND id < %(before)s" if before else ""
    query = f"""
        SELECT {_INBOX} FROM notifications.messages
        WHERE user_id = %(user_id)s AND {_IS_INBOX} {read} {older}
        ORDER BY id DESC LIMIT %(limit)s"""
    params = {"user_id": user_id, "before": before, "limit": limit}
    return await fetch_all(connection, InboxItem, query.encode(), params)


async def unread_counts(connection: Connection, user_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many messages each user has not read."""
    query = f"""
        SELECT user_id, count(*) FROM notifications.messages
        WHERE user_id = ANY(%s) AND {_IS_INBOX} AND read_at IS NULL GROUP BY user_id"""
    cursor = await connection.execute(query.encode(), (list(user_ids),))
    return dict.fromkeys(user_ids, 0) | dict(await cursor.fetchall())


async def mark_read(
    connection: Connection, user_id: UUID, message_id: UUID, now: datetime
) -> InboxItem | None:
    """Mark a message of the user's as read and return it; reading it again changes nothing."""
    query = f"""
        UPDATE notifications.messages SET read_at = coalesce(read_at, %s)
        WHERE id = %s AND user_id = %s AND {_IS_INBOX} RETURNING {_INBOX}"""
    return await fetch_one(connection, InboxItem, query.encode(), (now, message_id, user_id))


async def mark_all_read(connection: Connection, user_id: UUID, now: datetime) -> int:
    """Mark everything the user has not read; return how many."""
    query = f"""
        UPDATE notifications.messages SET read_at = %s
        WHERE user_id = %s AND {_IS_INBOX} AND read_at IS NULL"""
    return (await connection.execute(query.encode(), (now, user_id))).rowcount


async def preferences(connection: Connection, user_id: UUID) -> Preferences | None:
    """Return what the user chose, None if never."""

    def make(channels: Any, quiet_hours: Any, timezone: str | None) -> Preferences:
        row = {"channels": channels, "quiet_hours": quiet_hours, "timezone": timezone}
        return msgspec.convert(row, Preferences)

    query = b"SELECT channels, quiet_hours, timezone FROM notifications.preferences WHERE user_id = %s"
    return await fetch_one(connection, make, query, (user_id,))  # type: ignore[arg-type]


async def save_preferences(connection: Connection, user_id: UUID, wanted: Preferences, now: datetime) -> None:
    """Store what the user chose in place of what was there."""
    row = msgspec.to_builtins(wanted)
    quiet = row["quiet_hours"] and Jsonb(row["quiet_hours"])
    await connection.execute(
        """INSERT INTO notifications.preferences (user_id, channels, quiet_hours, timezone, updated_at)
           VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (user_id) DO UPDATE SET channels = excluded.channels, quiet_hours = excluded.quiet_hours,
               timezone = excluded.timezone, updated_at = excluded.updated_at""",
        (user_id, Jsonb(row["channels"]), quiet, wanted.timezone, now),
    )


class OutboxRow(msgspec.Struct):
    """A mail or SMS with what became of it."""

    id: UUID
    channel: str
    to_address: str | None
    name: str | None
    subject: str
    body_text: str
    body_html: str | None
    url: str | None
    status: str
    created_at: datetime
    attempts: int
    last_error: str | None


async def outbox(connection: Connection, *, before: UUID | None, limit: int) -> list[OutboxRow]:
    """Return mail and SMS of everybody, newest first."""
    query = b"""
        SELECT m.id, m.channel, m.to_address, u.name, m.subject, m.body_text, m.body_html, m.url, m.status,
            m.created_at, m.attempts, m.last_error
        FROM notifications.messages m LEFT JOIN public.users u ON u.id = m.user_id
        WHERE m.channel <> 'in_app' AND (%(before)s::uuid IS NULL OR m.id < %(before)s)
        ORDER BY m.id DESC LIMIT %(limit)s"""
    return await fetch_all(connection, OutboxRow, query, {"before": before, "limit": limit})


class Claimed(msgspec.Struct, frozen=True):
    """A message to send now, and what its recipient wants now."""

    id: UUID
    attempt: int
    channel: str
    to_address: str
    subject: str
    body_text: str
    body_html: str | None
    url: str | None
    created_at: datetime
    correlation_id: str | None
    name: str
    active: bool
    wanted: bool
    quiet_hours: Any
    timezone: str | None


async def claim_due(connection: Connection, now: datetime, lease_until: datetime, room: int) -> list[Claimed]:
    """Take up to `room` due messages for ourselves until `lease_until`; every claim counts as an attempt."""
    query = b"""
        WITH due AS (
            SELECT id FROM notifications.messages WHERE status = 'accepted' AND next_attempt_at <= %(now)s
            ORDER BY next_attempt_at LIMIT %(room)s FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE notifications.messages m SET attempts = attempts + 1, next_attempt_at = %(lease_until)s
            FROM due WHERE m.id = due.id RETURNING m.*
        )
        SELECT c.id, c.attempts, c.channel, c.to_address, c.subject, c.body_text, c.body_html, c.url, c.created_at,
            c.correlation_id, coalesce(u.name, ''), coalesce(u.active, false),
            coalesce((p.channels -> c.category ->> c.channel)::boolean, c.channel <> 'sms'),
            p.quiet_hours, p.timezone
        FROM claimed c
        LEFT JOIN public.users u ON u.id = c.user_id
        LEFT JOIN notifications.preferences p ON p.user_id = c.user_id"""
    return await fetch_all(connection, Claimed, query, {"now": now, "lease_until": lease_until, "room": room})


# In a form that no index knows: when nothing waited as the table was last looked over, the planner takes the index of
# what waits for an empty one, and would read the whole queue for each message.
_STILL_OURS = "id = %(id)s AND attempts = %(attempt)s AND status || '' = 'accepted'"


async def settle(
    connection: Connection, claimed: Claimed, status: str, now: datetime, error: str | None = None
) -> bool:
    """Record the outcome. Returns False when another process took the message over meanwhile."""
    query = f"""
        UPDATE notifications.messages
        SET status = %(status)s, last_error = %(error)s, sent_at = CASE WHEN %(status)s = 'sent' THEN %(now)s END
        WHERE {_STILL_OURS} RETURNING true"""
    params = {"status": status, "error": error, "now": now, "id": claimed.id, "attempt": claimed.attempt}
    return bool(await fetch_value(connection, query.encode(), params))


async def postpone(
    connection: Connection, claimed: Claimed, until: datetime, error: str | None, *, tried: bool
) -> bool:
    """Give the claim back until then; without having `tried`, the attempt does not count."""
    query = f"""
        UPDATE notifications.messages
        SET next_attempt_at = %(until)s, last_error = %(error)s, attempts = attempts - %(undo)s
        WHERE {_STILL_OURS} RETURNING true"""
    params = {
        "until": until,
        "error": error,
        "undo": int(not tried),
        "id": claimed.id,
        "attempt": claimed.attempt,
    }
    return bool(await fetch_value(connection, query.encode(), params))


async def ready(connection: Connection) -> bool:
    """Return whether the service's tables are there."""
    return bool(await fetch_value(connection, b"SELECT to_regclass('notifications.messages') IS NOT NULL"))
