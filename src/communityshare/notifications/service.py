"""Use cases of the service: taking messages, the inbox and the outbox."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import correlation
from communityshare.infra.clock import Clock
from communityshare.infra.db import unavailable_as_503
from communityshare.infra.errors import ForbiddenError, InvalidError, NotFoundError
from communityshare.infra.ids import new_id
from communityshare.notifications import metrics, queries, rendering
from communityshare.notifications.preferences import Channel
from communityshare.notifications.queries import Connection, Draft, Verdict

_GROUP = 50  # messages one INSERT takes


class Accepted(msgspec.Struct):
    """The answer to somebody who handed in a message."""

    id: UUID
    status: str


class Gate:
    """Takes messages in groups: those that come while an INSERT is under way share the next one.

    Each is answered after the commit of its group, so a 202 is durable, at a fraction of the commits.
    """

    def __init__(
        self, pool: AsyncConnectionPool, clock: Clock, *, kept: set[Channel], taken: Callable[[Draft], None]
    ) -> None:
        self._pool = pool
        self._clock = clock
        # An in-app message is delivered once it is stored. Without a transport nothing will ever be sent.
        self._first_status: dict[Channel, str] = {
            "in_app": "sent", "email": "accepted", "sms": "accepted", **dict.fromkeys(kept, "kept"),
        }  # fmt: skip
        self._taken = taken
        self._waiting: list[tuple[Draft, asyncio.Future[Verdict]]] = []
        self._drain_task: asyncio.Task[None] | None = None
        self._draining = False

    async def accept(self, channel: Channel, key: str | None, **content: Any) -> Accepted:
        """Store the message durably, or replay the answer its key got.

        Raises NotFoundError for an unknown recipient, ForbiddenError for an SMS to a recipient without premium,
        InvalidError for a key that another message used.
        """
        draft = _draft(channel, key, self._first_status[channel], **content)
        verdict = await self._judge(draft)
        if not verdict.taken and key is not None:
            # Looked for only now: retries are rare, and a key that was taken while we asked is visible by now.
            async with self._pool.connection() as connection:
                if earlier := await queries.earlier(connection, key, channel):
                    return _replay(draft, earlier)
        if verdict.reason in _REFUSED:
            raise _REFUSED[verdict.reason]()
        answer = Accepted(draft.id, "accepted" if verdict.reason == "accepted" else "suppressed")
        metrics.ACCEPTED.labels(channel, answer.status).inc()
        if verdict.reason == "accepted":
            self._taken(draft)
        return answer

    async def _judge(self, draft: Draft) -> Verdict:
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, future))
        if not self._draining:
            self._draining = True
            self._drain_task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        # Nothing is awaited between the last look at `_waiting` and the end of `_draining`: none is left behind.
        try:
            while self._waiting:
                await self._take_group()
        finally:
            self._draining = False

    async def _take_group(self) -> None:
        group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
        try:
            async with unavailable_as_503(), self._pool.connection() as connection:
                verdicts = await queries.accept(connection, [draft for draft, _ in group], self._clock())
        except Exception as error:  # each of them is told, and the edge decides what it means
            verdicts = [error] * len(group)
        for (_, future), verdict in zip(group, verdicts, strict=True):
            _answer(future, verdict)


def _answer(future: "asyncio.Future[Verdict]", verdict: Verdict | Exception) -> None:
    if future.done():  # the client went away
        return
    if isinstance(verdict, Exception):
        future.set_exception(verdict)
    else:
        future.set_result(verdict)


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such recipient.", code="unknown_recipient")


def _premium_required() -> ForbiddenError:
    return ForbiddenError("SMS is for premium members.", code="premium_required")


_REFUSED = {"unknown": _unknown, "premium_required": _premium_required}


def _replay(draft: Draft, earlier: queries.Earlier) -> Accepted:
    if earlier.request_hash != draft.request_hash:
        raise InvalidError(
            "Idempotency-Key: was used for another message; send a new key.", code="idempotency_key_reused"
        )
    return Accepted(earlier.id, "suppressed" if earlier.suppressed else "accepted")


def _draft(
    channel: Channel, key: str | None, status: str, *,
    user_id: UUID, subject: str, text: str, html: str | None, category: str, url: str | None,
) -> Draft:  # fmt: skip
    """Return the message to store. A subject is one line, whatever it was: it becomes a header of a mail."""
    content = (user_id, subject, text, html, category, url)
    digest = hashlib.sha256(msgspec.msgpack.encode(content)).digest()
    return Draft(
        new_id(), key, digest, user_id, channel, category, " ".join(subject.split()), text, html, url, status,
        correlation.current() or None,
    )  # fmt: skip


class OutboxItem(msgspec.Struct):
    """A mail or SMS as its recipient gets it, and what became of it."""

    id: UUID
    channel: str
    to: str | None
    subject: str
    text: str
    html: str | None
    status: str
    created_at: datetime
    attempts: int
    last_error: str | None


async def outbox(
    connection: Connection, base_url: str, *, before: UUID | None, limit: int
) -> list[OutboxItem]:
    """Return mail and SMS of everybody, newest first, rendered."""
    return [_shown(row, base_url) for row in await queries.outbox(connection, before=before, limit=limit)]


def _shown(row: queries.OutboxRow, base_url: str) -> OutboxItem:
    text, html = _rendered(row, base_url)
    return OutboxItem(
        row.id, row.channel, row.to_address, row.subject, text, html,
        row.status, row.created_at, row.attempts, row.last_error,
    )  # fmt: skip


def _rendered(row: queries.OutboxRow, base_url: str) -> tuple[str, str | None]:
    content: dict[str, Any] = {
        "subject": row.subject,
        "text": row.body_text,
        "url": row.url,
        "base_url": base_url,
    }
    if row.channel == "sms":
        return rendering.sms(**content), None
    mail = rendering.mail(**content, html=row.body_html, name=row.name or "")
    return mail.text, mail.html


async def inbox(
    connection: Connection,
    base_url: str,
    user_id: UUID,
    *,
    unread: bool | None,
    before: UUID | None,
    limit: int,
) -> list[queries.InboxItem]:
    """Return a recipient's messages, newest first; HTML only as far as it is harmless."""
    items = await queries.inbox(connection, user_id, unread=unread, before=before, limit=limit)
    for item in items:
        item.html = item.html and rendering.sanitise(item.html, base_url)
    return items
