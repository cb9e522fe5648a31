"""A queue before something scarce."""

import asyncio
from collections import deque


class Full(Exception):  # noqa: N818 (it names a state, as asyncio.QueueFull does)
    """So many wait already that whoever comes now would wait too long."""


class Turnstile:
    """Lets `at_once` in; up to `waiting` others stand in line, each for at most `patience` seconds.

    A row of futures with one timer, that of whoever came first. The queue of psycopg's pool has a task, a lock and a
    timer for each who waits: a process with more to do than it could do got slower by it.
    """

    def __init__(self, at_once: int, *, waiting: int, patience: float) -> None:
        self._free = at_once
        self._room = waiting
        self._patience = patience
        # When the patience of each ends, by the loop's clock, and what tells them whether they may come in.
        self._line = deque[tuple[float, asyncio.Future[bool]]]()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Return how many stand in line."""
        return len(self._line)

    async def enter(self) -> None:
        """Come in when it is one's turn; `leave` is owed then. Raises Full, or TimeoutError."""
        if self._free:
            self._free -= 1
            return
        if len(self._line) >= self._room:
            raise Full
        turn = self._stand_in_line()
        try:
            came_in = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self.leave()
            raise
        if not came_in:
            raise TimeoutError

    def leave(self) -> None:
        """Let the next in."""
        while self._line:
            _, turn = self._line.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def _stand_in_line(self) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        until = loop.time() + self._patience
        self._line.append((until, turn))
        if self._timer is None:
            self._timer = loop.call_at(until, self._send_away)
        return turn

    def _send_away(self) -> None:
        """Send away whose patience has ended, and come back for the next."""
        loop = asyncio.get_running_loop()
        while self._line and self._line[0][0] <= loop.time():
            _, turn = self._line.popleft()
            if not turn.done():
                turn.set_result(False)
        self._timer = loop.call_at(self._line[0][0], self._send_away) if self._line else None
