"""Many who ask at once are served at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Does `work`, which takes a list, for whoever calls with one item.

    One list is under way at a time; who comes meanwhile goes along with the next. So one who is alone waits for nobody,
    and the more there are, the less each costs.
    """

    def __init__(self, work: Callable[[Sequence[A]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._under_way = asyncio.Lock()
        self._line: list[A] = []
        self._next: asyncio.Task[Sequence[R]] | None = None

    async def __call__(self, item: A) -> R:
        """Return what `work` returns for the item. Raises what it raises."""
        place = len(self._line)
        self._line.append(item)
        if self._next is None:
            self._next = asyncio.create_task(self._go())
        # Shielded: one who hangs up takes nobody else along.
        return (await asyncio.shield(self._next))[place]

    async def _go(self) -> Sequence[R]:
        async with self._under_way:
            line, self._line, self._next = self._line, [], None
            return await self._work(line)
