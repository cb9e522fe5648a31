"""What the API passes on to the Notification Service arrives there as it was sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import msgspec
import pytest
from aiohttp import web
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from communityshare.app import create_app
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started
from tests.notifications.test_stream import listening, unread
from tests.world import World


@pytest.fixture
async def echo() -> AsyncIterator[str]:
    """The address of a service that answers with the address it was asked for, and never ends its stream."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"asked": request.raw_path})

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(unread(0))
        await asyncio.Event().wait()
        return response

    app = web.Application()
    app.router.add_get("/api/notifications/stream", stream)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.mark.parametrize(
    "address",
    ["", "/%13/read", "/%C3%91%F1%95%B4%B6/read", "/a%20b", "/preferences?a=%20&b=%13", "/%3Fquery"],
)
async def test_odd_addresses_are_passed_on(
    database: AsyncConnection, settings: Settings, clock: TestClock, echo: str, address: str
) -> None:
    app = create_app(msgspec.structs.replace(settings, notifications_url=echo), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
        answer = await http.post(f"/api/notifications{address}")
    assert (answer.status_code, answer.json()) == (200, {"asked": f"/api/notifications{address}"})


@pytest.mark.parametrize("address", ["/%2e%2e/metrics", "/x/%2E%2E/%2e./y", "/.%2E", "/%2e%2e%2fmetrics"])
async def test_nothing_outside_of_the_service_is_passed_on(
    database: AsyncConnection, settings: Settings, clock: TestClock, echo: str, address: str
) -> None:
    app = create_app(msgspec.structs.replace(settings, notifications_url=echo), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
        answer = await http.get(f"/api/notifications{address}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_many_open_pages_leave_room_for_everybody_else(
    database: AsyncConnection, settings: Settings, clock: TestClock, echo: str
) -> None:
    app = create_app(msgspec.structs.replace(settings, notifications_url=echo), clock)
    async with (
        started(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http,
        AsyncExitStack() as pages,
    ):
        user = await World(http, app, database, clock).member()
        for _ in range(150):
            page = await pages.enter_async_context(listening(app, user))
            assert await page.next() == unread(0)
        answer = await user.post("/api/notifications/read-all")
        assert (answer.status_code, answer.json()) == (200, {"asked": "/api/notifications/read-all"})
