"""Wire shapes of runs, alerts and deliveries."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from communityshare.maintenance.alerts.rules import Channel, Stage
from communityshare.maintenance.schedules.schemas import Person


class Run(msgspec.Struct):
    """A daily check with what became of its deliveries. `seconds` is from its start to its last delivery."""

    id: UUID
    trigger: str
    scheduled_for: datetime
    started_at: datetime
    finished_at: datetime | None
    status: str
    schedules_checked: int
    alerts_created: int
    deliveries_created: int
    sent: int
    failed: int
    suppressed: int
    seconds: float | None


class RunStarted(msgspec.Struct):
    """Answer to a run by hand."""

    run_id: UUID


class Retried(msgspec.Struct):
    """Answer to sending all dead letters again: how many there were."""

    retried: int


class Delivery(msgspec.Struct):
    """One message to one recipient. `failed` is a dead letter: it is sent again only when somebody asks for it."""

    id: UUID
    run_id: UUID
    channel: Channel
    recipient: Person
    status: str
    attempts: int
    last_error: str | None
    suppressed_reason: str | None
    next_attempt_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


class Told(msgspec.Struct):
    """A delivery as an alert shows it."""

    id: UUID
    channel: Channel
    status: str
    attempts: int
    last_error: str | None
    sent_at: datetime | None
    suppressed_reason: str | None


class Alert(msgspec.Struct):
    """Somebody is told of a schedule's due date."""

    id: UUID
    run_id: UUID
    schedule_id: UUID
    due_date: datetime
    alert_day: date
    stage: Stage
    escalation: bool
    created_at: datetime
    recipient: Person
    deliveries: list[Told]


class AlertFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of alerts is narrowed to."""

    run_id: UUID | None = None
    schedule_id: UUID | None = None
    recipient_id: UUID | None = None
    stage: Stage | None = None
    escalation: bool | None = None
