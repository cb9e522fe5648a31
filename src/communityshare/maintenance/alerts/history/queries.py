"""SQL of the lists: runs, alerts with their deliveries, deliveries. Newest first; ids sort by time."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from communityshare.infra.db import fetch_all, fetch_one
from communityshare.maintenance.alerts.rules import Channel, Stage
from communityshare.maintenance.alerts.schemas import Alert, AlertFilters, Delivery, Run, Told
from communityshare.maintenance.schedules.schemas import Person

Connection = AsyncConnection[Any]

_RUN = """
    SELECT r.id, r.trigger, r.scheduled_for, r.started_at, r.finished_at, r.status, r.schedules_checked,
           r.alerts_created, r.deliveries_created, settled.sent, settled.failed, settled.suppressed,
           extract(epoch FROM r.finished_at - r.started_at)::float8
    FROM maintenance_runs r CROSS JOIN LATERAL (
        SELECT (count(*) FILTER (WHERE status = 'sent'))::integer AS sent,
               (count(*) FILTER (WHERE status = 'failed'))::integer AS failed,
               (count(*) FILTER (WHERE status = 'suppressed'))::integer AS suppressed
        FROM maintenance_deliveries WHERE run_id = r.id
    ) AS settled"""


async def find_run(connection: Connection, run_id: UUID) -> Run | None:
    """Return a run."""
    return await fetch_one(connection, Run, f"{_RUN} WHERE r.id = %s".encode(), (run_id,))


async def list_runs(connection: Connection, before: UUID | None, limit: int) -> list[Run]:
    """Return runs, newest first."""
    query = (
        f"{_RUN} WHERE %(before)s::uuid IS NULL OR r.id < %(before)s::uuid ORDER BY r.id DESC LIMIT %(limit)s"
    )
    return await fetch_all(connection, Run, query.encode(), {"before": before, "limit": limit})


def _delivery(*row: Any) -> Delivery:
    identity, run_id, channel, recipient_id, name, *rest = row
    return Delivery(identity, run_id, Channel(channel), Person(recipient_id, name), *rest)


async def list_deliveries(
    connection: Connection, status: str | None, run_id: UUID | None, before: UUID | None, limit: int
) -> list[Delivery]:
    """Return deliveries, newest first. `next_attempt_at` is null once a delivery is settled."""
    conditions = {
        "d.status = %(status)s::maintenance_delivery_status": status,
        "d.run_id = %(run)s": run_id,
        "d.id < %(before)s": before,
    }
    query = f"""
        SELECT d.id, d.run_id, d.channel::text, d.recipient_id, u.name, d.status::text, d.attempts, d.last_error,
               d.suppressed_reason, CASE d.status WHEN 'pending' THEN d.next_attempt_at END, d.created_at,
               CASE d.status WHEN 'sent' THEN d.settled_at END
        FROM maintenance_deliveries d JOIN users u ON u.id = d.recipient_id
        WHERE {_all(conditions)} ORDER BY d.id DESC LIMIT %(limit)s"""
    parameters = {"status": status, "run": run_id, "before": before, "limit": limit}
    return await fetch_all(connection, _delivery, query.encode(), parameters)  # type: ignore[arg-type]


def _all(conditions: dict[str, Any]) -> str:
    return " AND ".join(sql for sql, value in conditions.items() if value is not None) or "true"


def _alert(*row: Any) -> Alert:
    (identity, run_id, schedule_id, due_date, alert_day, stage, escalation, created_at, recipient_id, name,
     deliveries) = row  # fmt: skip
    return Alert(
        identity, run_id, schedule_id, due_date, alert_day, Stage(stage), escalation, created_at,
        Person(recipient_id, name), msgspec.json.decode(deliveries, type=list[Told]),
    )  # fmt: skip


# Mail and SMS tell of several alerts of a run; each of these shows them.
_DELIVERIES_OF_ALERT = """
    SELECT coalesce(json_agg(json_build_object(
        'id', d.id, 'channel', d.channel, 'status', d.status, 'attempts', d.attempts, 'last_error', d.last_error,
        'sent_at', CASE d.status WHEN 'sent' THEN d.settled_at END, 'suppressed_reason', d.suppressed_reason)
        ORDER BY d.channel), '[]')::text AS list
    FROM (
        SELECT * FROM maintenance_deliveries WHERE alert_id = a.id
        UNION ALL
        SELECT * FROM maintenance_deliveries
        WHERE alert_id IS NULL AND run_id = a.run_id AND recipient_id = a.recipient_id
          AND (channel = 'email' OR a.stage = 'overdue')
    ) AS d"""


async def list_alerts(
    connection: Connection, filters: AlertFilters, before: tuple[datetime, UUID] | None, limit: int
) -> list[Alert]:
    """Return alerts, newest first, each with the deliveries that tell of it."""
    created, identity = before or (None, None)
    conditions = {
        "a.run_id = %(run_id)s": filters.run_id,
        "a.schedule_id = %(schedule_id)s": filters.schedule_id,
        "a.recipient_id = %(recipient_id)s": filters.recipient_id,
        "a.stage = %(stage)s::maintenance_alert_stage": filters.stage,
        "a.escalation = %(escalation)s": filters.escalation,
        "(a.created_at, a.id) < (%(created)s, %(before)s)": created,
    }
    query = f"""
        SELECT a.id, a.run_id, a.schedule_id, a.due_date, a.alert_day, a.stage::text, a.escalation, a.created_at,
               a.recipient_id, u.name, deliveries.list
        FROM maintenance_alerts a JOIN users u ON u.id = a.recipient_id
        CROSS JOIN LATERAL ({_DELIVERIES_OF_ALERT}) AS deliveries
        WHERE {_all(conditions)} ORDER BY a.created_at DESC, a.id DESC LIMIT %(limit)s"""
    parameters = {**msgspec.structs.asdict(filters), "created": created, "before": identity, "limit": limit}
    return await fetch_all(connection, _alert, query.encode(), parameters)  # type: ignore[arg-type]
