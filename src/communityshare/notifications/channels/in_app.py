"""In-app messages: a stored row is delivered; what remains is to tell the open pages how many are unread."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

from psycopg import errors
from psycopg_pool import AsyncConnectionPool

from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.logging import log
from communityshare.infra.stopping import at_stop
from communityshare.notifications import queries

POLL = 1.0  # seconds; other processes accept messages and mark them as read too
HEARTBEAT = 15.0  # seconds


class _Page:
    """An open page: what it was told last, and what it is still to be told. None ends its stream."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[int | None] = asyncio.Queue()
        self._told: int | None = None

    def tell(self, unread: int) -> None:
        if unread != self._told:
            self._told = unread
            self.news.put_nowait(unread)

    def end(self) -> None:
        self.news.put_nowait(None)


class Announcer:
    """Feeds the event streams of this process: one query for all open pages each time."""

    def __init__(self, pool: AsyncConnectionPool, heartbeat: float = HEARTBEAT) -> None:
        self._pool = pool
        self._heartbeat = heartbeat
        self._open: defaultdict[UUID, set[_Page]] = defaultdict(set)
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
            except (*UNAVAILABLE, errors.ProgrammingError) as error:
                log.warning("unread counts wait for the database", error=str(error).strip())

    async def _look(self) -> None:
        if not self._open:
            return
        async with self._pool.connection() as connection:
            counts = await queries.unread_counts(connection, list(self._open))
        for user_id, unread in counts.items():
            for page in self._open.get(user_id, ()):
                page.tell(unread)

    async def events(self, user_id: UUID) -> AsyncIterator[bytes]:
        """Yield server-sent events: the unread count at the start and upon each change, and heartbeats."""
        page = _Page()
        self._open[user_id].add(page)
        self._nudge.set()
        try:
            with at_stop(page.end):
                async for piece in self._told(page):
                    yield piece
        finally:
            self._open[user_id].discard(page)
            if not self._open[user_id]:
                del self._open[user_id]

    async def _told(self, page: _Page) -> AsyncIterator[bytes]:
        while not self._closed:
            try:
                unread = await asyncio.wait_for(page.news.get(), self._heartbeat)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if unread is None:
                return
            yield b'event: unread\ndata: {"unread": %d}\n\n' % unread

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for pages in self._open.values():
            for page in pages:
                page.end()
