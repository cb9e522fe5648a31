"""All SQL of planning and delivering. Nothing here commits; who is told is the set-based form of `rules`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts.policy import TOLD_OF_ESCALATIONS
from communityshare.infra.db import fetch_all, fetch_one, fetch_value, run
from communityshare.infra.flags import MAINTENANCE
from communityshare.maintenance.alerts.messages import LISTED, Notice
from communityshare.maintenance.alerts.rules import ESCALATED_AFTER, SOON, Channel

Connection = AsyncConnection[Any]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One daily check. `as_of` is the instant it looks at, `started_at` the one at which it does so."""

    id: UUID
    trigger: str
    scheduled_for: datetime
    as_of: datetime
    started_at: datetime


class Planned(msgspec.Struct, frozen=True):
    """What a run planned."""

    schedules_checked: int = 0
    alerts_created: int = 0
    deliveries_created: int = 0


async def is_missed(connection: Connection, tick: datetime) -> bool:
    """Return whether no run answers `tick`, although the feature was installed by then."""
    query = b"""
        SELECT EXISTS (SELECT FROM feature_flags WHERE name = %(flag)s AND created_at < %(tick)s)
           AND NOT EXISTS (SELECT FROM maintenance_runs WHERE trigger <> 'manual' AND scheduled_for >= %(tick)s)"""
    return await fetch_value(connection, query, {"flag": MAINTENANCE, "tick": tick})


async def begin(connection: Connection, the_run: Run, *, enabled: bool) -> bool:
    """Record the run, as `disabled` and over while the feature is off; False when another scheduler has its tick."""
    query = b"""
        INSERT INTO maintenance_runs (id, trigger, scheduled_for, started_at, finished_at, status)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (scheduled_for) WHERE trigger <> 'manual' DO NOTHING RETURNING true"""
    over, status = (None, "planned") if enabled else (the_run.started_at, "disabled")
    values = (the_run.id, the_run.trigger, the_run.scheduled_for, the_run.started_at, over, status)
    return bool(await fetch_value(connection, query, values))


# Ids made here carry the run's first 15 characters: the same millisecond and the version of RFC 9562's UUIDv7, so
# that new rows land on the warm end of every index. PostgreSQL makes UUIDv7 only from 18 on, and ids made in Python
# would bring every row here and back.
NEW_ID = "overlay(gen_random_uuid()::text PLACING left(%(run)s::text, 15) FROM 1 FOR 15)::uuid"

PLAN_ALERTS = f"""
    WITH due AS MATERIALIZED (
        SELECT s.id, s.next_due_date AS due_date, owner.id AS owner, coalesce(assignee.id, owner.id) AS first,
               s.next_due_date <= %(escalated)s AS escalated
        FROM maintenance_schedules s
        JOIN resources r ON r.id = s.resource_id AND r.deleted_at IS NULL
        LEFT JOIN users assignee ON assignee.id = s.assigned_to AND assignee.active
        LEFT JOIN users owner ON owner.id = r.owner_id AND owner.active
        WHERE s.next_due_date <= %(soon)s AND s.deleted_at IS NULL
    ), admins AS MATERIALIZED (
        SELECT id FROM users WHERE role::text = ANY(%(admins)s) AND active
    ), told AS (
        SELECT id, due_date, first AS recipient, false AS escalation FROM due WHERE first IS NOT NULL
        UNION ALL
        SELECT due.id, due_date, admins.id, first IS NOT NULL FROM due CROSS JOIN admins
        WHERE first IS NULL OR (escalated AND first <> admins.id)
        UNION ALL
        SELECT id, due_date, owner, true FROM due
        WHERE escalated AND owner <> first AND owner NOT IN (SELECT id FROM admins)
    ), planned AS (
        INSERT INTO maintenance_alerts
            (id, run_id, schedule_id, due_date, alert_day, recipient_id, stage, escalation, created_at)
        SELECT {NEW_ID}, %(run)s, id, due_date, (%(now)s AT TIME ZONE 'UTC')::date, recipient,
               CASE WHEN due_date < %(now)s THEN 'overdue' ELSE 'due_soon' END::maintenance_alert_stage,
               escalation, %(now)s
        FROM told
        ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*)::integer FROM due), (SELECT count(*)::integer FROM planned)"""

PLAN_DELIVERIES = f"""
    INSERT INTO maintenance_deliveries (id, run_id, alert_id, recipient_id, channel, next_attempt_at, created_at)
    SELECT {NEW_ID}, %(run)s, alert_id, recipient_id, channel::maintenance_channel, %(ready)s, %(ready)s
    FROM (
        SELECT id AS alert_id, recipient_id, 'in_app' AS channel FROM maintenance_alerts WHERE run_id = %(run)s
        UNION ALL
        SELECT DISTINCT NULL::uuid, recipient_id, 'email' FROM maintenance_alerts WHERE run_id = %(run)s
        UNION ALL
        SELECT DISTINCT NULL::uuid, a.recipient_id, 'sms' FROM maintenance_alerts a
        JOIN users u ON u.id = a.recipient_id AND u.premium
        WHERE a.run_id = %(run)s AND a.stage = 'overdue'
    ) AS unit"""


def plan_parameters(the_run: Run) -> dict[str, Any]:
    """Return what the planning statements name. Alerts follow the run's instant, deliveries the wall clock."""
    return {
        "run": the_run.id, "now": the_run.as_of, "ready": the_run.started_at, "soon": the_run.as_of + SOON,
        "escalated": the_run.as_of - ESCALATED_AFTER, "admins": [role.value for role in TOLD_OF_ESCALATIONS],
    }  # fmt: skip


async def plan(connection: Connection, the_run: Run) -> Planned:
    """Plan alerts for all that is due, and the deliveries that tell of them. What was told today is not planned."""

    class Counts(msgspec.Struct):
        checked: int
        alerts: int

    # Hundreds of thousands of rows take longer than a request may.
    await connection.execute("SET LOCAL statement_timeout = '10min'")
    parameters = plan_parameters(the_run)
    counts = await fetch_one(connection, Counts, PLAN_ALERTS.encode(), parameters) or Counts(0, 0)
    deliveries = await run(connection, PLAN_DELIVERIES, parameters) if counts.alerts else 0
    await connection.execute(
        """UPDATE maintenance_runs SET schedules_checked = %s, alerts_created = %s, deliveries_created = %s
           WHERE id = %s""",
        (counts.checked, counts.alerts, deliveries, the_run.id),
    )
    return Planned(counts.checked, counts.alerts, deliveries)


async def finish_runs(connection: Connection, now: datetime) -> None:
    """Close the runs whose deliveries are all settled."""
    await connection.execute(
        """UPDATE maintenance_runs r SET status = 'finished', finished_at = %s
           WHERE status = 'planned' AND NOT EXISTS (
               SELECT FROM maintenance_deliveries d WHERE d.run_id = r.id AND d.status = 'pending')""",
        (now,),
    )


class Claim(msgspec.Struct, frozen=True):
    """A delivery that is ours until the lease ends. An acknowledgement counts only with the claim's number."""

    id: UUID
    number: int
    attempts: int


async def claim(
    connection: Connection, channel: Channel, now: datetime, until: datetime, limit: int, run_id: UUID | None
) -> list[Claim]:
    """Take up to `limit` deliveries that are ready and that nobody holds, of one run or of any."""
    query = f"""
        UPDATE maintenance_deliveries SET claim = claim + 1, leased_until = %(until)s
        WHERE id = ANY(ARRAY(
            SELECT id FROM maintenance_deliveries
            WHERE status = 'pending' AND channel = %(channel)s::maintenance_channel AND next_attempt_at <= %(now)s
              AND (leased_until IS NULL OR leased_until <= %(now)s) {"AND run_id = %(run)s" if run_id else ""}
            ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
        RETURNING id, claim, attempts"""
    parameters = {"until": until, "now": now, "channel": channel, "limit": limit, "run": run_id}
    return await fetch_all(connection, Claim, query.encode(), parameters)


async def release(connection: Connection, claims: Sequence[Claim]) -> None:
    """Give back what was claimed and not sent."""
    await connection.execute(
        """UPDATE maintenance_deliveries d SET leased_until = NULL
           FROM unnest(%s::uuid[], %s::integer[]) AS held (id, claim)
           WHERE d.id = held.id AND d.claim = held.claim AND d.status = 'pending'""",
        ([claim.id for claim in claims], [claim.number for claim in claims]),
    )


async def is_held(connection: Connection, run_id: UUID, now: datetime) -> bool:
    """Return whether somebody is sending a delivery of this run."""
    query = b"""
        SELECT EXISTS (SELECT FROM maintenance_deliveries
                       WHERE run_id = %s AND status = 'pending' AND leased_until > %s)"""
    return await fetch_value(connection, query, (run_id, now))


class Content(msgspec.Struct, frozen=True):
    """What a delivery tells, as things stand now."""

    id: UUID
    recipient_id: UUID
    enabled: bool
    active: bool
    total: int
    overdue: int
    state: str | None  # of what is not told: completed or deleted
    listed: str | None  # JSON

    @property
    def notices(self) -> list[Notice]:
        """The alerts that still hold, the most urgent first."""
        return msgspec.json.decode(self.listed or "[]", type=list[Notice])


_STATE = """
    CASE WHEN s.deleted_at IS NOT NULL OR r.deleted_at IS NOT NULL THEN 'deleted'
         WHEN s.next_due_date IS DISTINCT FROM a.due_date THEN 'completed' ELSE 'open' END"""
_ALERTS_OF = {
    Channel.in_app: "a.id = d.alert_id",
    Channel.email: "a.run_id = d.run_id AND a.recipient_id = d.recipient_id",
    Channel.sms: "a.run_id = d.run_id AND a.recipient_id = d.recipient_id AND a.stage = 'overdue'",
}


async def contents(connection: Connection, channel: Channel, ids: Sequence[UUID]) -> list[Content]:
    """Return what deliveries of a channel tell: the most urgent alerts that still hold, and how many there are."""
    query = f"""
        SELECT d.id, d.recipient_id, (SELECT enabled FROM feature_flags WHERE name = %(flag)s), u.active,
               coalesce(told.total, 0), coalesce(told.overdue, 0), told.state, told.listed
        FROM maintenance_deliveries d JOIN users u ON u.id = d.recipient_id
        CROSS JOIN LATERAL (
            SELECT max(total)::integer AS total, max(overdue)::integer AS overdue,
                   max(state) FILTER (WHERE state <> 'open') AS state,
                   (json_agg(notice ORDER BY due_date) FILTER (WHERE state = 'open'))::text AS listed
            FROM (
                SELECT state, due_date, notice, count(*) FILTER (WHERE state = 'open') OVER () AS total,
                       count(*) FILTER (WHERE state = 'open' AND stage = 'overdue') OVER () AS overdue
                FROM (
                    SELECT {_STATE} AS state, a.due_date, a.stage, json_build_array(a.schedule_id, s.schedule_type,
                           r.name, a.due_date, a.stage, a.escalation, a.created_at) AS notice
                    FROM maintenance_alerts a JOIN maintenance_schedules s ON s.id = a.schedule_id
                    JOIN resources r ON r.id = s.resource_id
                    WHERE {_ALERTS_OF[channel]}
                ) AS alert
                ORDER BY state = 'open' DESC, due_date LIMIT {LISTED}
            ) AS urgent
        ) AS told
        WHERE d.id = ANY(%(ids)s)"""
    return await fetch_all(connection, Content, query.encode(), {"flag": MAINTENANCE, "ids": list(ids)})


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt. `pending` with `next_attempt_at` is tried again; `failed` is a dead letter."""

    status: str
    attempts: int = 1
    next_attempt_at: datetime | None = None
    error: str | None = None
    reason: str | None = None
    message_id: UUID | None = None


async def acknowledge(
    connection: Connection, settled: Sequence[tuple[Claim, Outcome]], now: datetime
) -> list[bool]:
    """Record outcomes; False for one whose lease ran out and which another worker took over."""
    # As text, which no index knows: of yesterday's figures, in which nothing waits, the planner would gather that the
    # index of what waits is empty, and read all of today's queue for each acknowledgement.
    query = b"""
        UPDATE maintenance_deliveries d
        SET status = o.status::maintenance_delivery_status, attempts = d.attempts + o.attempts, leased_until = NULL,
            next_attempt_at = coalesce(o.next_attempt_at, d.next_attempt_at), last_error = o.error,
            suppressed_reason = o.reason, message_id = o.message_id,
            settled_at = CASE WHEN o.status <> 'pending' THEN %s END
        FROM unnest(%s::uuid[], %s::integer[], %s::text[], %s::integer[], %s::timestamptz[], %s::text[], %s::text[],
                    %s::uuid[]) AS o (id, claim, status, attempts, next_attempt_at, error, reason, message_id)
        WHERE d.id = o.id AND d.claim = o.claim AND d.status::text = 'pending'
        RETURNING d.id, d.claim"""
    rows = [(claim.id, claim.number, *msgspec.structs.astuple(outcome)) for claim, outcome in settled]
    columns = [list(column) for column in zip(*rows, strict=True)]
    ours = await fetch_all(connection, _Ours, query, (now, *columns))
    return [_Ours(claim.id, claim.number) in ours for claim, _ in settled]


class _Ours(NamedTuple):
    id: UUID
    number: int


async def next_attempt(connection: Connection, now: datetime) -> datetime | None:
    """Return when the next retry is due."""
    query = b"SELECT min(next_attempt_at) FROM maintenance_deliveries WHERE status = 'pending' AND next_attempt_at > %s"
    return await fetch_value(connection, query, (now,))


async def replay(connection: Connection, now: datetime, delivery_id: UUID | None = None) -> int:
    """Give one dead letter, or all of them, a new set of attempts under the old id; returns how many there were."""
    query = f"""
        UPDATE maintenance_deliveries SET status = 'pending', attempts = 0, next_attempt_at = %s, settled_at = NULL
        WHERE status = 'failed' {"AND id = %s" if delivery_id else ""}"""
    return await run(connection, query, (now, delivery_id) if delivery_id else (now,))


async def exists(connection: Connection, delivery_id: UUID) -> bool:
    """Return whether there is such a delivery."""
    query = b"SELECT EXISTS (SELECT FROM maintenance_deliveries WHERE id = %s)"
    return await fetch_value(connection, query, (delivery_id,))


class Waiting(msgspec.Struct):
    """The queue as the metrics show it."""

    depth: int
    oldest: datetime | None
    last_run: datetime | None


async def waiting(connection: Connection) -> Waiting:
    """Return how many deliveries wait, since when, and when a daily check last ran."""
    query = b"""
        SELECT count(*)::integer, min(created_at),
               (SELECT max(started_at) FROM maintenance_runs WHERE trigger <> 'manual')
        FROM maintenance_deliveries WHERE status = 'pending'"""
    return await fetch_one(connection, Waiting, query) or Waiting(0, None, None)
