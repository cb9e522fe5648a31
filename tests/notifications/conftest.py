"""The Notification Service over HTTP, with its loops running, against a real database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from litestar import Litestar
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from communityshare.infra.settings import Settings
from communityshare.notifications.app import create_app
from communityshare.notifications.channels.in_app import HEARTBEAT
from tests.conftest import TestClock, started
from tests.world import Actor, World

Serve = Callable[..., AbstractAsyncContextManager["Service"]]


class Service:
    """A running service and what tests do with it."""

    def __init__(self, app: Litestar, http: AsyncClient, database: AsyncConnection, clock: TestClock) -> None:
        self.app = app
        self.http = http
        self.database = database
        self.world = World(http, app, database, clock)
        self.authorization = {"Authorization": "Bearer test-notifications-token"}

    async def post(self, channel: str, body: Any, key: str | None = None) -> Response:
        """Hand in a body as another service does."""
        headers = self.authorization | ({"Idempotency-Key": key} if key else {})
        return await self.http.post(f"/api/notifications/{channel}", json=body, headers=headers)

    async def send(self, channel: str, user: Actor | UUID, key: str | None = None, **fields: Any) -> UUID:
        """Hand in a message that is taken; return its id."""
        answer = await self.post(channel, message(user, **fields), key)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["id"])

    async def row(self, message_id: UUID) -> dict[str, Any]:
        """Look a message up in the database."""
        async with self.database.cursor(row_factory=dict_row) as cursor:
            await cursor.execute("SELECT * FROM notifications.messages WHERE id = %s", (message_id,))
            row = await cursor.fetchone()
            assert row
            return row

    async def until(self, message_id: UUID, **expected: Any) -> dict[str, Any]:
        """Wake the dispatcher, wait for the message to look as expected, and return it."""
        self.app.state.dispatcher.wake()

        async def look() -> dict[str, Any] | None:
            row = await self.row(message_id)
            return row if all(row[name] == value for name, value in expected.items()) else None

        try:
            return await eventually(look)
        except TimeoutError:
            pytest.fail(f"wanted {expected}, got {await self.row(message_id)}")

    async def choose(self, user: Actor, **fields: Any) -> None:
        """Set a user's preferences."""
        body = {"channels": {}, "quiet_hours": None, "timezone": "UTC", **fields}
        answer = await user.put("/api/notifications/preferences", body)
        assert answer.status_code == 200, answer.text

    async def phone(self, user: Actor, number: str | None) -> None:
        """Give a user a telephone number."""
        await self.database.execute("UPDATE users SET phone = %s WHERE id = %s", (number, user.id))


def message(user: Actor | UUID, **fields: Any) -> dict[str, Any]:
    """A body as the daily alert sends it."""
    user_id = user if isinstance(user, UUID) else user.id
    return {
        "user_id": str(user_id),
        "subject": "Overdue: cordless drill",
        "text": "The **inspection** was due on 1 March.",
        "category": "maintenance",
        "url": "/schedules/42",
        **fields,
    }


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """Return the first answer of `look` that is true; fail after thirty seconds, which a busy machine may need."""
    async with asyncio.timeout(30):
        while not (found := await look()):  # noqa: ASYNC110 a row raises no event
            await asyncio.sleep(0.005)
        return found


@pytest.fixture
def serve(database: AsyncConnection, settings: Settings, clock: TestClock) -> Serve:
    """Start the service with some settings changed."""

    @asynccontextmanager
    async def start(heartbeat: float = HEARTBEAT, **changes: Any) -> AsyncIterator[Service]:
        changed = msgspec.structs.replace(settings, public_url="https://share.example.org", **changes)
        app = create_app(changed, clock, heartbeat=heartbeat)
        transport = ASGITransport(app)
        async with started(app), AsyncClient(transport=transport, base_url="http://service") as http:
            yield Service(app, http, database, clock)

    return start


@pytest.fixture
async def service(serve: Serve) -> AsyncIterator[Service]:
    """The service without a transport to the outside."""
    async with serve() as running:
        yield running


@pytest.fixture
def nobody() -> UUID:
    """The id of no user."""
    return uuid4()
