"""Who is told of what, in which words, and when a delivery is tried again. Pure: no I/O, no clock, no chance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

# The customer's document: «next_due_date <= NOW() + INTERVAL '1 day'».
SOON = timedelta(days=1)
ESCALATED_AFTER = timedelta(days=7)


class Stage(StrEnum):
    """How far a due date is."""

    due_soon = "due_soon"
    overdue = "overdue"


class Channel(StrEnum):
    """Ways to a recipient."""

    in_app = "in_app"
    email = "email"
    sms = "sms"


@dataclass(frozen=True, slots=True)
class Told:
    """A recipient. `escalation` marks those told only because the work is a week late."""

    user_id: UUID
    escalation: bool


def stage(due: datetime | None, now: datetime) -> Stage | None:
    """Return the stage of a due date, None while it is too far away to tell anybody."""
    if due is None or due > now + SOON:
        return None
    return Stage.overdue if due < now else Stage.due_soon


def recipients(
    due: datetime, assignee: UUID | None, owner: UUID | None, admins: Collection[UUID], now: datetime
) -> set[Told]:
    """Return who is told of a due date. Users given are active ones; None is nobody, or an inactive user."""
    primary = assignee or owner
    if primary is None:
        return {Told(admin, escalation=False) for admin in admins}
    told = {Told(primary, escalation=False)}
    if due <= now - ESCALATED_AFTER:
        higher = {*admins, *([owner] if owner else [])} - {primary}
        told |= {Told(user, escalation=True) for user in higher}
    return told


@dataclass(frozen=True, slots=True)
class Policy:
    """How deliveries are sent. Tests inject a hastier one."""

    # Longest wait before each retry; the wait itself is drawn from nothing to this (full jitter).
    backoff: tuple[timedelta, ...] = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
    longest_retry_after: timedelta = timedelta(hours=1)
    # A claim counts this long. A send begins only while its timeout still fits into the rest.
    lease: timedelta = timedelta(seconds=60)
    # What was read this long ago is looked at again before it is sent.
    fresh: timedelta = timedelta(seconds=1)
    connect_timeout: float = 3.0  # seconds
    total_timeout: float = 10.0  # seconds
    # Sends under way at once, for each channel, so that a slow channel does not hold up another.
    window: int = 20
    claimed_at_once: int = 32
    # So many sends in a row without any answer: the service is away, and the rest waits without using up attempts.
    silence: int = 16
    # Deliveries of a channel that one job sends before it makes room for others.
    per_job: int = 250

    def wait(self, failures: int, retry_after: timedelta | None, chance: float) -> timedelta | None:
        """Return how long to wait after the `failures`th failure, None when it was the last attempt.

        `chance` is drawn evenly from 0 to 1. `Retry-After` (RFC 9110, 10.2.3) is a lower bound, up to an hour.
        """
        if failures > len(self.backoff):
            return None
        asked = min(retry_after or timedelta(0), self.longest_retry_after)
        return max(self.backoff[failures - 1] * chance, asked)


STANDARD = Policy()
