"""One delivery -> Notification Service -> outcome. Claimed, looked at again, sent outside transactions, acknowledged.

Several workers, and several jobs of a worker, share what is ready: a claim skips what others hold.
"""

import asyncio
import random
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from yarl import URL

from communityshare.infra import metrics
from communityshare.infra.http import Answer, NoAnswerError
from communityshare.infra.logging import log
from communityshare.infra.printable import printable
from communityshare.infra.retry_after import parse_retry_after
from communityshare.jobs.queue import Parts, enqueue
from communityshare.maintenance.alerts import messages, queries
from communityshare.maintenance.alerts.messages import Message
from communityshare.maintenance.alerts.queries import Claim, Content, Outcome
from communityshare.maintenance.alerts.rules import Channel

_PATHS = {Channel.in_app: "in-app", Channel.email: "email", Channel.sms: "sms"}
# Retries that fall into the same ten seconds share one job.
_WAKE_EVERY = 10
# Seconds between two looks at what other workers still hold.
_GLANCE = 0.1
_encode = msgspec.json.Encoder().encode


class _Accepted(msgspec.Struct):
    """The service's answer to a message it took."""

    id: UUID
    status: str


_decode = msgspec.json.Decoder(_Accepted).decode


async def deliver_waiting(parts: Parts, *, limit: int | None = None) -> None:
    """Job: send what is ready, up to `limit` deliveries of each channel; then see to the retries."""
    await work_through(parts, limit=limit)
    now = parts.clock()
    async with parts.pool.connection() as connection:
        if parts.stopping.is_set():
            await enqueue(connection, deliver_waiting, once="deliveries left by a stopped worker")
        elif at := await queries.next_attempt(connection, now):
            bucket = int(at.timestamp()) // _WAKE_EVERY
            await enqueue(connection, deliver_waiting, at=at, once=f"deliveries at {bucket}")


async def work_through(parts: Parts, *, limit: int | None = None, run_id: UUID | None = None) -> None:
    """Send until nothing is ready, of one run or of any; failed attempts wait for their time."""
    feeds = [_Feed(parts, channel, limit, run_id) for channel in Channel]
    try:
        async with asyncio.TaskGroup() as lanes:
            for feed in feeds:
                for _ in range(parts.policy.window):
                    lanes.create_task(_lane(parts, feed))
    finally:
        left = [held.claim for feed in feeds for held in feed.batch]
        async with parts.pool.connection() as connection:
            if left:
                await queries.release(connection, left)
            await queries.finish_runs(connection, parts.clock())


async def settle(parts: Parts, run_id: UUID) -> None:
    """Work through a run beside other workers: what they hold they send, or it is ours when their lease ends."""
    await work_through(parts, run_id=run_id)
    while await _is_held(parts, run_id):
        await asyncio.sleep(_GLANCE)
        await work_through(parts, run_id=run_id)


async def _is_held(parts: Parts, run_id: UUID) -> bool:
    async with parts.pool.connection() as connection:
        return await queries.is_held(connection, run_id, parts.clock())


class _Held(NamedTuple):
    """A delivery that is ours from `since` to `until`, as it was read at `since`."""

    claim: Claim
    content: Content
    since: datetime
    until: datetime


class _Feed:
    """Hands out deliveries of a channel one by one, and claims the next few when they are used up."""

    def __init__(self, parts: Parts, channel: Channel, limit: int | None, run_id: UUID | None) -> None:
        self.channel = channel
        settings = parts.settings
        self.zone = settings.zone
        self.url = URL(f"{settings.notifications_address}/api/notifications/{_PATHS[channel]}")
        self.authorization = f"Bearer {settings.notifications_secret}"
        self.batch: list[_Held] = []
        self.silent = 0
        self._parts = parts
        self._left = limit
        self._run_id = run_id
        self._used_up = False
        self._claiming = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be sent: the process is to end, or nobody answers."""
        return self._parts.stopping.is_set() or self.silent >= self._parts.policy.silence

    async def take(self) -> _Held | None:
        """Return a delivery that is ours, None when there is nothing more to do."""
        while not self.is_over:
            if self.batch:
                return self.batch.pop()
            async with self._claiming:
                if self._used_up:
                    return None
                if not self.batch:
                    await self._claim()
        return None

    async def _claim(self) -> None:
        policy, now = self._parts.policy, self._parts.clock()
        size = policy.claimed_at_once if self._left is None else min(policy.claimed_at_once, self._left)
        until = now + policy.lease
        async with self._parts.pool.connection() as connection:
            claims = await queries.claim(connection, self.channel, now, until, size, self._run_id)
            found = await queries.contents(connection, self.channel, [claim.id for claim in claims])
        by_id = {content.id: content for content in found}
        # Added: what came too late to be sent may have been put back meanwhile.
        self.batch += [_Held(claim, by_id[claim.id], now, until) for claim in reversed(claims)]
        if self._left is not None:
            self._left -= len(claims)
        self._used_up = len(claims) < size or self._left == 0


async def _lane(parts: Parts, feed: _Feed) -> None:
    # Taken before the window is entered: while one job claims its next few, those of others go out.
    while held := await feed.take():
        async with parts.windows[feed.channel]:
            if feed.is_over:
                feed.batch.append(held)
                return
            await _deliver(parts, feed, held)


async def _deliver(parts: Parts, feed: _Feed, held: _Held) -> None:
    claim, content, now = held.claim, held.content, parts.clock()
    if now + timedelta(seconds=parts.policy.total_timeout) > held.until:
        # Somebody else may have it before we are done: let it go.
        return
    if now > held.since + parts.policy.fresh:
        async with parts.pool.connection() as connection:
            [content] = await queries.contents(connection, feed.channel, [claim.id])
    reason = suppression(content)
    outcome = (
        Outcome(status="suppressed", attempts=0, reason=reason)
        if reason
        else await _send(parts, feed, claim, content)
    )
    if await parts.acknowledge((claim, outcome)):
        _count(feed.channel, claim, outcome)


def suppression(content: Content) -> str | None:
    """Return why nothing is to be sent any more, None when something is."""
    if not content.enabled:
        return "feature_disabled"
    if not content.active:
        return "inactive"
    return None if content.total else content.state or "completed"


async def _send(parts: Parts, feed: _Feed, claim: Claim, content: Content) -> Outcome:
    headers = {"Authorization": feed.authorization, "Idempotency-Key": str(claim.id)}
    body = _encode(message_for(feed.channel, content, feed.zone))
    try:
        answer = await parts.http.post(feed.url, body, headers)
    except NoAnswerError as error:
        feed.silent += 1
        return _failed(parts, claim, printable(str(error)), None)
    feed.silent = 0
    return _outcome(parts, claim, answer)


def message_for(channel: Channel, content: Content, zone: ZoneInfo) -> Message:
    """Return the words of a delivery."""
    notices = content.notices
    if channel is Channel.in_app:
        return messages.about_one(content.recipient_id, notices[0], zone)
    if channel is Channel.sms:
        return messages.in_short(content.recipient_id, notices, content.total)
    return messages.about_all(content.recipient_id, notices, content.total, content.overdue, zone)


def _outcome(parts: Parts, claim: Claim, answer: Answer) -> Outcome:
    accepted = _accepted(answer)
    if accepted and accepted.status == "suppressed":
        return Outcome(status="suppressed", reason="preferences", message_id=accepted.id)
    if accepted:
        return Outcome(status="sent", message_id=accepted.id)
    error = printable(f"answered {answer.status}: {_shown(answer)}")
    if 400 <= answer.status < 500 and answer.status != 429:
        return Outcome(status="failed", error=error)
    return _failed(parts, claim, error, parse_retry_after(answer.headers.get("Retry-After"), parts.clock()))


def _accepted(answer: Answer) -> _Accepted | None:
    # A proxy's page of HTML with status 200 is no acceptance, nor is anything else that is not the service's own.
    if answer.status != 202 or not answer.is_json:
        return None
    try:
        return _decode(answer.body)
    except msgspec.DecodeError:
        return None


def _shown(answer: Answer) -> str:
    kind = answer.headers.get("Content-Type", "no content type")
    if "json" not in kind:
        return kind
    return answer.body[:300].decode("utf-8", "replace")


def _failed(parts: Parts, claim: Claim, error: str, retry_after: timedelta | None) -> Outcome:
    wait = parts.policy.wait(claim.attempts + 1, retry_after, random.random())  # noqa: S311 jitter, no secret
    if wait is None:
        return Outcome(status="failed", error=error)
    return Outcome(status="pending", error=error, next_attempt_at=parts.clock() + wait)


def _count(channel: Channel, claim: Claim, outcome: Outcome) -> None:
    labels = {"pending": "failed", "failed": "dead"}
    metrics.DELIVERIES.labels(channel, labels.get(outcome.status, outcome.status)).inc()
    if outcome.error:
        log.warning("delivery failed", delivery=str(claim.id), channel=channel, error=outcome.error,
                    dead_letter=outcome.status == "failed")  # fmt: skip


def jobs_for(deliveries: int, per_job: int) -> int:
    """Return how many jobs share a run's deliveries, so that every worker gets some of them."""
    return -(-deliveries // per_job)
