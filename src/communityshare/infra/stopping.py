"""Live streams end when the process is told to stop.

The HTTP server waits for every answer in flight before it lets the application end, and a live stream is an answer
without an end: it must hear of the signal itself.
"""

import asyncio
import signal
from collections.abc import Callable
from typing import Any


def at_stop(call: Callable[[], None]) -> None:
    """Have the running loop call `call` at SIGTERM or SIGINT, before whoever handles the signal already.

    To be called from a request: when the application starts, the server's own handlers are not yet there.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):  # where nobody handles the signal, the process just ends
            signal.signal(number, _chained(loop, call, before))


def _chained(
    loop: asyncio.AbstractEventLoop, call: Callable[[], None], before: Callable[..., Any]
) -> Callable[..., None]:
    def handle(number: int, frame: Any) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(call)
        before(number, frame)

    return handle
