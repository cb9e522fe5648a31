"""What every transport to the outside takes and says: sent, not now, or never."""

from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from communityshare.infra.printable import printable
from communityshare.notifications.rendering import Mail

T_contra = TypeVar("T_contra", contravariant=True)

CONNECT_TIMEOUT = 5.0  # seconds
TOTAL_TIMEOUT = 30.0  # seconds


class OutgoingMail(msgspec.Struct, frozen=True):
    """A mail on its way; id and creation time are the same at every attempt."""

    id: UUID
    created_at: datetime
    to: str
    name: str
    mail: Mail


class OutgoingSms(msgspec.Struct, frozen=True):
    """An SMS on its way to an E.164 number."""

    to: str
    text: str


class SendError(Exception):
    """The message was not taken. `passing`: another attempt may succeed, not before `retry_after`."""

    def __init__(self, reason: str, *, passing: bool, retry_after: timedelta | None = None) -> None:
        super().__init__(printable(reason))
        self.passing = passing
        self.retry_after = retry_after


class Transport(Protocol[T_contra]):
    """Sends one message. Raises SendError when it was not taken."""

    async def send(self, message: T_contra) -> None: ...
