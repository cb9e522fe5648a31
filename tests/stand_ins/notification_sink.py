"""A Notification Service for tests: a real HTTP server that dedupes on Idempotency-Key and can misbehave.

It speaks only as much HTTP as its one client needs, so that a benchmark measures the client. In a process of its own:
`python -m tests.stand_ins.notification_sink --faults 0.2 --seed 1`; its first line of output is its port, and
`GET /state` tells what it took.
"""

import argparse
import asyncio
import random
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

# 503, 429 and the rest refuse; `reset` and `timeout` take the message and then fail to say so.
FAULTS = ("503", "429", "html", "redirect", "reset", "timeout")
_REFUSALS = {
    "503": (b"503 Service Unavailable", b"Content-Type: application/json\r\n", b'{"status": 503}'),
    "429": (b"429 Too Many Requests", b"Content-Type: application/json\r\nRetry-After: %d\r\n", b"{}"),
    "422": (b"422 Unprocessable Content", b"Content-Type: application/problem+json\r\n", b'{"code": "bad"}'),
    "html": (b"200 OK", b"Content-Type: text/html\r\n", b"<html>Welcome to the hotel's WLAN</html>"),
    "latin": (b"503 Service Unavailable", b"Content-Type: text/html; charset=\xfcber\r\n", b"<html>"),
    "redirect": (b"302 Found", b"Location: http://127.0.0.1:9/elsewhere\r\n", b""),
}


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def channel(self) -> str:
        """The channel it asked for."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def key(self) -> str:
        """Its Idempotency-Key."""
        return self.headers["idempotency-key"]


@dataclass
class Sink:
    """What was received and taken. `fault` decides how a request is answered, None for as it should be."""

    fault: Callable[[Received], str | None] = lambda _: None
    retry_after: int = 1
    suppressed: set[str] = field(default_factory=set)  # keys of users who do not want it, by user id
    requests: list[Received] = field(default_factory=list)
    taken: dict[str, Received] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)  # 202s that left, by key
    keep: bool = True
    port: int = 0
    connections: set[Any] = field(default_factory=set)
    token: ClassVar[str] = "test-notifications-token"

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.port}"

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Bodies taken for a channel, each once."""
        return [request.body for request in self.taken.values() if request.channel == channel]


class _Connection(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._sink.connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._sink.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = dict(_header(line) for line in lines)
            length = end + 4 + int(headers.get("content-length", 0))
            if len(self._buffer) < length:
                return
            body, self._buffer = self._buffer[end + 4 : length], self._buffer[length:]
            self._request(first.split(" ")[1], headers, body)

    def _request(self, path: str, headers: dict[str, str], body: bytes) -> None:
        if path == "/state":
            self._answer(b"200 OK", b"Content-Type: application/json\r\n", _state(self._sink))
            return
        request = Received(path, headers, msgspec.json.decode(body))
        sink = self._sink
        if sink.keep:
            sink.requests.append(request)
        fault = sink.fault(request)
        if fault in _REFUSALS:
            status, extra, text = _REFUSALS[fault]
            self._answer(status, extra % sink.retry_after if b"%d" in extra else extra, text)
            return
        sink.taken.setdefault(request.key, request)
        if fault == "reset":
            self._transport.abort()
        elif fault != "timeout":
            self._accept(request)

    def _accept(self, request: Received) -> None:
        self._sink.answered[request.key] += 1
        status = "suppressed" if request.body["user_id"] in self._sink.suppressed else "accepted"
        answer = b'{"id":"%s","status":"%s"}' % (str(uuid.uuid4()).encode(), status.encode())
        self._answer(b"202 Accepted", b"Content-Type: application/json\r\n", answer)

    def _answer(self, status: bytes, headers: bytes, body: bytes) -> None:
        head = b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, headers, len(body))
        self._transport.write(head + body)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()


def _state(sink: Sink) -> bytes:
    return msgspec.json.encode({
        "taken": {key: [request.channel, request.body["user_id"]] for key, request in sink.taken.items()},
        "answered": dict(sink.answered),
    })  # fmt: skip


@asynccontextmanager
async def serving(sink: Sink) -> AsyncIterator[Sink]:
    """Serve on a free port of loopback."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(sink), "127.0.0.1", sink.port)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for transport in tuple(sink.connections):
            transport.abort()
        await server.wait_closed()


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    sink = Sink(keep=False)
    sink.fault = lambda _: dice.choice(FAULTS) if dice.random() < options.faults else None
    async with serving(sink):
        print(sink.port, flush=True)  # noqa: T201 read by the process that started this one
        await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_main())
