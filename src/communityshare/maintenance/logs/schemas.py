"""Wire shapes of logs. Field names are the columns' names of the customer's document."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from communityshare.infra.wire import Input, Instant, LongText
from communityshare.maintenance.schedules.schemas import Person

Sort = Literal["performed_at", "-performed_at"]
REASON_PATTERN = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
Reason = Annotated[str, Meta(max_length=500, pattern=REASON_PATTERN)]


class Issues(StrEnum):
    """What the work brought to light."""

    none = "none"
    minor = "minor"
    major = "major"


class NewLog(Input):
    """Body of a new log: of a schedule, or of a resource alone for an unplanned repair."""

    schedule_id: UUID | None = None
    resource_id: UUID | None = None
    performed_at: Instant | None = None
    notes: LongText = ""
    issues_found: Issues = Issues.none
    due_date: Instant | None = None


class LogChanges(Input):
    """Body of an amendment; only what is given changes."""

    reason: Reason
    notes: LongText | UnsetType = UNSET
    issues_found: Issues | UnsetType = UNSET
    performed_at: Instant | UnsetType = UNSET


class Voiding(Input):
    """Body of a voiding."""

    reason: Reason


class Thing(msgspec.Struct):
    """The resource that was worked on."""

    id: UUID
    name: str


class Photo(msgspec.Struct):
    """A picture of the work. Queries fill the addresses with object keys, `photos.sign` signs them."""

    url: str
    thumbnail_url: str
    width: int
    height: int
    content_type: str
    size: int


class StoredPhoto(msgspec.Struct):
    """A picture as the table keeps it: object keys for addresses."""

    key: str
    thumbnail_key: str
    width: int
    height: int
    content_type: str
    size: int


class Log(msgspec.Struct, kw_only=True):
    """A version of a log as the API shows it; the newest one unless history is asked for. All instants are UTC."""

    id: UUID
    schedule_id: UUID | None
    resource_id: UUID
    performed_by: UUID
    performed_at: datetime
    notes: str
    photos: list[Photo]
    issues_found: Issues
    due_date: datetime | None
    created_at: datetime
    updated_at: datetime
    resource: Thing
    performer: Person
    schedule_type: str | None
    version: int
    voided_at: datetime | None
    void_reason: str | None
    amended_by: Person | None
    amend_reason: str | None


class LogDetail(Log, kw_only=True):
    """A log, with all its versions (oldest first) when they are asked for."""

    history: list[Log] | UnsetType = UNSET


class Filters(msgspec.Struct, kw_only=True, frozen=True):
    """What a list or an export is narrowed to."""

    schedule_id: UUID | None = None
    resource_id: UUID | None = None
    performed_by: UUID | None = None
    issues_found: Issues | None = None
    performed_from: datetime | None = None
    performed_to: datetime | None = None
    q: str | None = None
