"""The event stream of unread counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar

from tests.notifications.conftest import Serve, Service
from tests.world import Actor


class Page:
    """A page that listens; `next` is the stream's next piece, None at its end."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.asked = False
        self.gone = asyncio.Event()

    async def next(self) -> bytes | None:
        async with asyncio.timeout(5):
            return await self.pieces.get()

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], dict(event["headers"])
        elif event.get("body"):
            await self.pieces.put(event["body"])
        if event["type"] == "http.response.body" and not event.get("more_body"):
            await self.pieces.put(None)


@asynccontextmanager
async def listening(app: Litestar, user: Actor) -> AsyncIterator[Page]:
    """Open the stream as an ASGI server does; the test client would wait for its end."""
    page = Page()
    scope: Any = {
        "type": "http", "method": "GET", "path": "/api/notifications/stream", "raw_path": b"", "query_string": b"",
        "headers": [(b"authorization", f"Bearer {user.token}".encode())], "http_version": "1.1", "scheme": "http",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "asgi": {"version": "3.0"},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, page.receive, page.send))  # type: ignore[arg-type]
    try:
        yield page
    finally:
        page.gone.set()
        await task


def unread(count: int) -> bytes:
    return f'event: unread\ndata: {{"unread": {count}}}\n\n'.encode()


async def test_the_count_comes_at_the_start_and_with_each_change(service: Service) -> None:
    user, other = await service.world.member(), await service.world.member()
    await service.send("in-app", user)
    async with listening(service.app, user) as page, listening(service.app, user) as second:
        assert await page.next() == await second.next() == unread(1)
        assert (page.status, page.headers[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
        assert page.headers[b"cache-control"] == b"no-cache, no-transform"
        sent = await service.send("in-app", user)
        assert await page.next() == await second.next() == unread(2)
        await service.send("in-app", other)
        await service.send("email", user)
        await user.post(f"/api/notifications/{sent}/read")
        assert await page.next() == unread(1)
        await user.post("/api/notifications/read-all")
        assert await page.next() == unread(0)


async def test_asked_with_head_it_ends_before_it_begins(service: Service) -> None:
    user = await service.world.member()
    async with asyncio.timeout(5):
        head = await user.request("HEAD", "/api/notifications/stream")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (await service.http.head("/api/notifications/stream")).status_code == 401
    assert (await service.http.head("/healthz")).status_code == 200


async def test_what_another_process_took_is_told_too(serve: Serve) -> None:
    async with serve() as one, serve() as two:
        user = await one.world.member()
        async with listening(one.app, user) as page:
            assert await page.next() == unread(0)
            await two.send("in-app", user)
            assert await page.next() == unread(1)


async def test_a_quiet_stream_has_a_heartbeat(serve: Serve) -> None:
    async with serve(heartbeat=0.02) as service:
        user = await service.world.member()
        async with listening(service.app, user) as page:
            pieces = [await page.next() for _ in range(5)]
        assert unread(0) in pieces
        assert pieces.count(b": still here\n\n") == 4


async def test_stopping_ends_the_streams(serve: Serve) -> None:
    async with serve() as service:
        user = await service.world.member()
        listener = listening(service.app, user)
        page = await listener.__aenter__()
        assert await page.next() == unread(0)
    assert await page.next() is None
    await listener.__aexit__(None, None, None)
