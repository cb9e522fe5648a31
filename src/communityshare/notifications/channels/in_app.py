"""In-app messages: a stored row is delivered; what remains is to tell the open pages how many are unread."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.logging import log
from communityshare.notifications import queries

POLL = 1.0  # seconds; other processes accept messages and mark them as read too
HEARTBEAT = 15.0  # seconds


class Announcer:
    """Feeds the event streams of this process: one query for all open pages each time."""

    def __init__(self, pool: AsyncConnectionPool, heartbeat: float = HEARTBEAT) -> None:
        self._pool = pool
        self._heartbeat = heartbeat
        self._open: defaultdict[UUID, set[asyncio.Queue[int | None]]] = defaultdict(set)
        self._told: dict[UUID, int] = {}
        self._nudge = asyncio.Event()
        self._closed = False

    def wake(self, user_id: UUID) -> None:
        """Look at once: something of this user's changed here."""
        if user_id in self._open:
            self._nudge.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudge.wait(), POLL)
            self._nudge.clear()
            try:
                await self._look()
            except UNAVAILABLE as error:
                log.warning("unread counts wait for the database", error=str(error).strip())

    async def _look(self) -> None:
        if not self._open:
            return
        async with self._pool.connection() as connection:
            counts = await queries.unread_counts(connection, list(self._open))
        for user_id, unread in counts.items():
            if self._told.get(user_id) != unread and user_id in self._open:
                self._told[user_id] = unread
                for pages in self._open[user_id]:
                    pages.put_nowait(unread)

    async def events(self, user_id: UUID) -> AsyncIterator[bytes]:
        """Yield server-sent events: the unread count at the start and upon each change, and heartbeats."""
        pages: asyncio.Queue[int | None] = asyncio.Queue()
        self._open[user_id].add(pages)
        self._told.pop(
            user_id, None
        )  # the watcher tells everybody of this user again, the new page first of all
        self._nudge.set()
        try:
            while not self._closed:
                try:
                    unread = await asyncio.wait_for(pages.get(), self._heartbeat)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if unread is None:
                    return
                yield b'event: unread\ndata: {"unread": %d}\n\n' % unread
        finally:
            self._leave(user_id, pages)

    def _leave(self, user_id: UUID, pages: "asyncio.Queue[int | None]") -> None:
        self._open[user_id].discard(pages)
        if not self._open[user_id]:
            del self._open[user_id]
            self._told.pop(user_id, None)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for queues in self._open.values():
            for pages in queues:
                pages.put_nowait(None)
