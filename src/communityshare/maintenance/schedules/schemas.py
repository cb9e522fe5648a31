"""Wire shapes of schedules. Field names are the columns' names of the customer's document."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from communityshare.infra.wire import Input, Instant, LongText, ShortLine
from communityshare.maintenance.schedules.recurrence import Frequency, Mode, Status

Interval = Annotated[int, Meta(ge=1, le=1000)]
RuleText = Annotated[str, Meta(max_length=500)]
Sort = Literal["next_due_date", "-next_due_date", "created_at", "-created_at"]


class _Plan(Input, kw_only=True):
    """What a new schedule and the preview of one have in common."""

    frequency: Frequency
    start_date: Instant
    interval: Interval = 1
    rrule: RuleText | None = None
    recurrence_mode: Mode = Mode.fixed
    end_date: Instant | None = None
    description: LongText = ""
    assigned_to: UUID | None = None


class NewSchedule(_Plan, kw_only=True):
    """Body of a new schedule."""

    resource_id: UUID
    schedule_type: ShortLine


class Preview(_Plan, kw_only=True):
    """Body of a preview: a schedule in the making, and how many dates to show."""

    resource_id: UUID | None = None
    schedule_type: ShortLine | None = None
    count: Annotated[int, Meta(ge=1, le=60)] = 12


class ScheduleChanges(Input):
    """Body of a change; only what is given changes, null empties."""

    schedule_type: ShortLine | UnsetType = UNSET
    frequency: Frequency | UnsetType = UNSET
    start_date: Instant | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    rrule: RuleText | UnsetType | None = UNSET
    recurrence_mode: Mode | UnsetType = UNSET
    end_date: Instant | UnsetType | None = UNSET
    description: LongText | UnsetType = UNSET
    assigned_to: UUID | UnsetType | None = UNSET


class ResourceSummary(msgspec.Struct):
    """The thing a schedule cares for."""

    id: UUID
    name: str
    owner_id: UUID | None


class Person(msgspec.Struct):
    """A user as others see them."""

    id: UUID
    name: str


class Schedule(msgspec.Struct, kw_only=True):
    """A schedule as the API shows it. All instants are UTC."""

    id: UUID
    resource_id: UUID
    schedule_type: str
    frequency: Frequency
    interval: int
    rrule: str | None
    recurrence_mode: Mode
    start_date: datetime
    end_date: datetime | None
    next_due_date: datetime | None
    description: str
    assigned_to: UUID | None
    last_performed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int
    resource: ResourceSummary
    assignee: Person | None
    status: Status

    @property
    def etag(self) -> str:
        """The entity tag of this version (RFC 9110, 8.8.3)."""
        return f'"{self.version}"'


class Types(msgspec.Struct):
    """Kinds of work."""

    types: list[str]


class Dates(msgspec.Struct):
    """Answer of a preview: instants in UTC."""

    dates: list[datetime]


class Filters(msgspec.Struct, kw_only=True, frozen=True):
    """What a list is narrowed to."""

    resource_id: UUID | None = None
    schedule_type: str | None = None
    frequency: Frequency | None = None
    assigned_to: UUID | None = None
    status: Status | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    q: str | None = None
    include_deleted: bool = False
