"""Live streams end when the process is told to stop.

The HTTP server waits for every answer in flight before it lets the application end, and a live stream is an answer
without an end: it must hear of the signal itself.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_calls: set[Callable[[], Any]] = set()
_hearing: set[int] = set()  # ids of the event loops that hear signals already


@contextmanager
def at_stop(call: Callable[[], Any]) -> Iterator[None]:
    """Have the running loop call `call` when SIGTERM or SIGINT comes within the block.

    To be used in a request: when the application starts, the server's own handlers are not there yet, and they
    replace others.
    """
    _listen(asyncio.get_running_loop())
    _calls.add(call)
    try:
        yield
    finally:
        _calls.discard(call)


def _listen(loop: asyncio.AbstractEventLoop) -> None:
    if id(loop) in _hearing:
        return
    _hearing.add(id(loop))
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):  # where nobody handles the signal, the process just ends
            signal.signal(number, _chained(loop, before))


def _chained(loop: asyncio.AbstractEventLoop, before: Callable[..., Any]) -> Callable[..., None]:
    def handle(number: int, frame: Any) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell)
        before(number, frame)

    return handle


def _tell() -> None:
    for call in list(_calls):
        call()
