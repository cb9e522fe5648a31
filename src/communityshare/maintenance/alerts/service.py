"""One function per use case of those who look after alerts, in the caller's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from communityshare.accounts import policy
from communityshare.accounts.policy import Principal
from communityshare.infra import audit
from communityshare.infra.errors import ConflictError, NotFoundError
from communityshare.jobs.queue import enqueue
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.deliver import deliver_waiting
from communityshare.maintenance.alerts.history import queries as history
from communityshare.maintenance.alerts.job import run_daily
from communityshare.maintenance.alerts.schemas import Alert, AlertFilters, Run
from communityshare.maintenance.schedules import service as schedules

Connection = AsyncConnection[Any]


async def generate(connection: Connection, principal: Principal, now: datetime) -> UUID:
    """Plan a run now, beside those of the timetable; returns its id."""
    run_id = await run_daily(connection, now, "manual", scheduled_for=now)
    assert run_id, "only ticks are shared with other schedulers"
    await audit.record(connection, principal.user_id, "alerts.generate", "run", run_id)
    return run_id


async def get_run(connection: Connection, run_id: UUID) -> Run:
    """Return a run. Raises NotFoundError."""
    run = await history.find_run(connection, run_id)
    if run is None:
        raise NotFoundError("There is no such run.")
    return run


async def retry(connection: Connection, principal: Principal, delivery_id: UUID, now: datetime) -> None:
    """Send a dead letter again, under its old Idempotency-Key. Raises NotFoundError, or ConflictError if it is none."""
    if not await queries.replay(connection, now, delivery_id):
        if not await queries.exists(connection, delivery_id):
            raise NotFoundError("There is no such delivery.")
        raise ConflictError("Only failed deliveries are sent again.", code="not_failed")
    await enqueue(connection, deliver_waiting)
    await audit.record(connection, principal.user_id, "delivery.retry", "delivery", delivery_id)


async def retry_all(connection: Connection, principal: Principal, now: datetime) -> int:
    """Send every dead letter again, each under its old Idempotency-Key; returns how many there were."""
    retried = await queries.replay(connection, now)
    if retried:
        await enqueue(connection, deliver_waiting)
    await audit.record(connection, principal.user_id, "delivery.retry_all", detail={"retried": retried})
    return retried


async def alerts_of_schedule(
    connection: Connection, principal: Principal, schedule_id: UUID, now: datetime, *,
    before: tuple[datetime, UUID] | None, limit: int,
) -> list[Alert]:  # fmt: skip
    """Return the alerts of a visible schedule: all of them, or one's own where one does not look after alerts."""
    await schedules.get(connection, principal, schedule_id, now)
    mine = None if policy.can_administer(principal) else principal.user_id
    filters = AlertFilters(schedule_id=schedule_id, recipient_id=mine)
    return await history.list_alerts(connection, filters, before, limit)
