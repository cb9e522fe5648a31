"""`/api/maintenance/alerts`, and the alerts of one schedule."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery

from communityshare.accounts import policy
from communityshare.accounts.authentication import requires
from communityshare.infra.paging import Cursor, Limit, Page, decode_cursor, page_of
from communityshare.injected import TheClock, TheConnection, ThePrincipal
from communityshare.maintenance.alerts import service
from communityshare.maintenance.alerts.history import queries as history
from communityshare.maintenance.alerts.rules import Stage
from communityshare.maintenance.alerts.schemas import Alert, AlertFilters, Delivery, Retried, Run, RunStarted
from communityshare.maintenance.limits import alert_generation, per_user

Status = Literal["pending", "sent", "suppressed", "failed"]


@post("/generate", status_code=202, guards=[alert_generation], summary="Run the daily check now")
async def generate(principal: ThePrincipal, connection: TheConnection, clock: TheClock) -> RunStarted:
    """Plan alerts for what is due; what was told today is not told again."""
    return RunStarted(await service.generate(connection, principal, clock()))


@get("/", summary="List alerts")
async def list_alerts(
    connection: TheConnection,
    run_id: FromQuery[UUID | None] = None,
    schedule_id: FromQuery[UUID | None] = None,
    recipient_id: FromQuery[UUID | None] = None,
    stage: FromQuery[Stage | None] = None,
    escalation: FromQuery[bool | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Alert]:
    """Return alerts, newest first, each with the deliveries that tell of it."""
    filters = AlertFilters(
        run_id=run_id, schedule_id=schedule_id, recipient_id=recipient_id, stage=stage, escalation=escalation
    )
    rows = await history.list_alerts(connection, filters, _before(cursor), limit + 1)
    return _page(rows, limit)


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    created_at, alert_id = decode_cursor(cursor, "alerts", datetime, UUID)
    return created_at, alert_id


def _page(rows: list[Alert], limit: int) -> Page[Alert]:
    return page_of(rows, limit, "alerts", lambda alert: (alert.created_at, alert.id))


@get("/runs", summary="List runs of the daily check")
async def list_runs(connection: TheConnection, cursor: Cursor = None, limit: Limit = 50) -> Page[Run]:
    """Return runs, newest first, with what became of their deliveries."""
    before = decode_cursor(cursor, "runs", UUID)[0] if cursor else None
    rows = await history.list_runs(connection, before, limit + 1)
    return page_of(rows, limit, "runs", lambda run: (run.id,))


@get("/runs/{run_id:uuid}", summary="Get a run of the daily check")
async def get_run(run_id: FromPath[UUID], connection: TheConnection) -> Run:
    """Return one run."""
    return await service.get_run(connection, run_id)


@get("/deliveries", summary="List deliveries")
async def list_deliveries(
    connection: TheConnection, status: FromQuery[Status | None] = None, run_id: FromQuery[UUID | None] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> Page[Delivery]:  # fmt: skip
    """Return deliveries, newest first; `status=failed` are the dead letters."""
    before = decode_cursor(cursor, "deliveries", UUID)[0] if cursor else None
    rows = await history.list_deliveries(connection, status, run_id, before, limit + 1)
    return page_of(rows, limit, "deliveries", lambda delivery: (delivery.id,))


@post("/deliveries/{delivery_id:uuid}/retry", status_code=202, summary="Send a dead letter again")
async def retry_delivery(
    delivery_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock
) -> None:
    """Send a failed delivery again under its old Idempotency-Key, so that nobody gets it twice."""
    await service.retry(connection, principal, delivery_id, clock())


@post("/deliveries/retry", status_code=202, summary="Send all dead letters again")
async def retry_deliveries(principal: ThePrincipal, connection: TheConnection, clock: TheClock) -> Retried:
    """Send every failed delivery again, as after an outage, each under its old Idempotency-Key."""
    return Retried(await service.retry_all(connection, principal, clock()))


@get(
    "/schedules/{schedule_id:uuid}/alerts",
    guards=[per_user],
    summary="Alerts of a schedule",
    tags=["schedules"],
)
async def alerts_of_schedule(
    schedule_id: FromPath[UUID], principal: ThePrincipal, connection: TheConnection, clock: TheClock,
    cursor: Cursor = None, limit: Limit = 50,
) -> Page[Alert]:  # fmt: skip
    """Return who was told of a schedule, newest first; those who are no administrators see what they were told."""
    rows = await service.alerts_of_schedule(
        connection, principal, schedule_id, clock(), before=_before(cursor), limit=limit + 1
    )
    return _page(rows, limit)


router = Router(
    "/alerts",
    route_handlers=[
        generate, list_alerts, list_runs, get_run, list_deliveries, retry_delivery, retry_deliveries,
    ],
    guards=[requires(policy.can_administer)],
    tags=["alerts"],
)  # fmt: skip
