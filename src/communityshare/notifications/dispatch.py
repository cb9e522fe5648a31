"""Sends accepted mail and SMS: claims what is due, sends outside of transactions, records each outcome.

A message is sent by whoever holds its lease. A process killed between sending and recording leaves at most its
window of messages to be sent once more, with the same Message-ID.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import msgspec
from psycopg import errors
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import correlation
from communityshare.infra.clock import Clock
from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.logging import log
from communityshare.notifications import metrics, queries, rendering
from communityshare.notifications.channels.configured import Transports
from communityshare.notifications.channels.transport import OutgoingMail, OutgoingSms, SendError
from communityshare.notifications.preferences import QuietHours, quiet_until
from communityshare.notifications.queries import Claimed, Connection
from communityshare.notifications.retries import MAX_ATTEMPTS, next_attempt_at

WINDOW = 20  # sends at once
POLL = 1.0  # seconds
LEASE = timedelta(seconds=120)  # longer than the longest send
GRACE = 20.0  # seconds for what is in flight at SIGTERM
_RECORD_PAUSE = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a dispatcher needs to know of the place it runs in."""

    clock: Clock
    base_url: str
    timezone: str
    dice: Random


class Dispatcher:
    """The loop of one process; any number of them share the work."""

    def __init__(self, pool: AsyncConnectionPool, transports: Transports, surroundings: Surroundings) -> None:
        self._pool = pool
        self._transports = transports
        self._around = surroundings
        self._in_flight: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once instead of at the next poll."""
        self._wake.set()

    async def run(self) -> None:
        """Claim and send until `stop`."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._fill_window()
            except (*UNAVAILABLE, errors.ProgrammingError) as error:
                # The second: started before the database is migrated, it goes on once it is.
                log.warning("sending waits for the database", error=str(error).strip())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def stop(self) -> None:
        """Claim nothing more, finish what is in flight, give back what does not finish in time."""
        self._stopping = True
        self._wake.set()
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _fill_window(self) -> None:
        room = WINDOW - len(self._in_flight)
        if room < WINDOW // 2:
            return
        now = self._around.clock()
        async with self._pool.connection() as connection:
            claimed = await queries.claim_due(connection, now, now + LEASE, room)
        for message in claimed:
            task = asyncio.create_task(self._deliver(message))
            self._in_flight.add(task)
            task.add_done_callback(self._landed)

    def _landed(self, task: "asyncio.Task[None]") -> None:
        self._in_flight.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a message could not be handled; its lease will run out", exc_info=error)

    async def _deliver(self, message: Claimed) -> None:
        # A task of its own: the id counts for this message's lines and its request.
        correlation.begin(message.correlation_id)
        try:
            outcome = await self._attempt(message)
        except asyncio.CancelledError:
            await self._record(
                message, _Later("released", self._around.clock(), "stopped while sending", tried=True)
            )
            raise
        metrics.SENDS.labels(message.channel, outcome.name).inc()
        log.info("message", id=str(message.id), channel=message.channel, outcome=outcome.name)
        await self._record(message, outcome)

    async def _attempt(self, message: Claimed) -> "_Outcome":
        send = self._sender(message)
        if send is None:
            return _Settled("kept", "no transport is configured")
        if not (message.active and message.wanted):
            return _Settled("suppressed", "unwanted" if message.active else "inactive")
        if message.attempt > MAX_ATTEMPTS:
            return _Settled("failed", "given up: the process ended during every attempt")
        if held := self._quiet_until(message):
            return _Later("held", held, "quiet hours", tried=False)
        try:
            await send()
        except SendError as error:
            return self._after(message, error)
        return _Settled("sent", None)

    def _after(self, message: Claimed, error: SendError) -> "_Outcome":
        now = self._around.clock()
        again = next_attempt_at(now, message.attempt, error.retry_after, self._around.dice)
        log.warning("send failed", message_id=str(message.id), attempt=message.attempt, error=str(error))
        if error.passing and again:
            return _Later("retried", again, str(error), tried=True)
        return _Settled("failed", str(error))

    def _quiet_until(self, message: Claimed) -> datetime | None:
        quiet = message.quiet_hours and msgspec.convert(message.quiet_hours, QuietHours)
        return quiet_until(self._around.clock(), quiet, message.timezone or self._around.timezone)

    def _sender(self, message: Claimed) -> Callable[[], Awaitable[None]] | None:
        if message.channel == "email" and (email := self._transports.email):
            return lambda: email.send(self._mail(message))
        if message.channel == "sms" and (sms := self._transports.sms):
            return lambda: sms.send(self._sms(message))
        return None

    def _mail(self, message: Claimed) -> OutgoingMail:
        mail = rendering.mail(
            subject=message.subject, text=message.body_text, html=message.body_html, url=message.url,
            name=message.name, base_url=self._around.base_url,
        )  # fmt: skip
        return OutgoingMail(message.id, message.created_at, message.to_address, message.name, mail)

    def _sms(self, message: Claimed) -> OutgoingSms:
        text = rendering.sms(
            subject=message.subject, text=message.body_text, url=message.url, base_url=self._around.base_url
        )
        return OutgoingSms(message.to_address, text)

    async def _record(self, message: Claimed, outcome: "_Outcome") -> None:
        """Record the outcome, through a restart of the database too: what is sent shall not be sent again."""
        for _ in range(int(LEASE.total_seconds() / _RECORD_PAUSE)):
            try:
                async with self._pool.connection() as connection:
                    await outcome.record(connection, message, self._around.clock())
                return
            except UNAVAILABLE:
                await asyncio.sleep(_RECORD_PAUSE)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Nothing more will happen to the message."""

    name: str
    reason: str | None

    async def record(self, connection: Connection, message: Claimed, now: datetime) -> None:
        await queries.settle(connection, message, self.name, now, self.reason)


@dataclass(frozen=True, slots=True)
class _Later:
    """The message waits."""

    name: str
    until: datetime
    reason: str
    tried: bool

    async def record(self, connection: Connection, message: Claimed, _now: datetime) -> None:
        await queries.postpone(connection, message, self.until, self.reason, tried=self.tried)


_Outcome = _Settled | _Later
