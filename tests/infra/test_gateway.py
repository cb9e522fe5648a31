"""What the API passes on to the Notification Service arrives there as it was sent."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp import web
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from communityshare.app import create_app
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started


@pytest.fixture
async def echo() -> AsyncIterator[str]:
    """The address of a service that answers with the address it was asked for."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"asked": request.raw_path})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
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
