"""A community with a Notification Service that can misbehave, and a worker's parts under an injected clock."""

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from psycopg import AsyncConnection

from communityshare.infra.settings import Settings
from communityshare.jobs.queue import Parts, open_parts
from communityshare.maintenance.alerts.deliver import work_through
from communityshare.maintenance.alerts.job import daily_check
from communityshare.maintenance.alerts.rules import Policy
from tests.conftest import TestClock
from tests.stand_ins.notification_sink import Sink, serving
from tests.world import Actor, World

SIX = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HASTY = Policy(total_timeout=0.5, connect_timeout=0.5)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A Notification Service on loopback."""
    async with serving(Sink()) as server:
        yield server


@pytest.fixture
async def parts(
    database: AsyncConnection, settings: Settings, clock: TestClock, sink: Sink
) -> AsyncIterator[Parts]:
    """What jobs work with; the clock stands at the morning's tick and the feature was installed long ago."""
    clock.now = SIX + timedelta(seconds=1)
    await database.execute("UPDATE feature_flags SET created_at = %s", (SIX - timedelta(days=400),))
    async with open_parts(
        msgspec.structs.replace(settings, notifications_url=sink.url), clock, HASTY
    ) as made:
        yield made


class Morning:
    """Runs checks and deliveries at instants of a test's choice, and looks at what they left."""

    def __init__(self, parts: Parts, database: AsyncConnection, sink: Sink, clock: TestClock) -> None:
        self.parts, self.database, self.sink, self.clock = parts, database, sink, clock

    async def check(self, at: datetime | None = None) -> None:
        """The scheduler's job at `at`, without deliveries."""
        self.clock.now = at or self.clock.now
        await daily_check(self.parts)

    async def deliver(self, after: timedelta = timedelta(0)) -> None:
        """Deliver what is ready `after` the last time."""
        self.clock.now += after
        await work_through(self.parts)

    async def rows(self, query: str, *values: Any) -> list[Any]:
        """Rows of the database; single columns unwrapped."""
        found = await (await self.database.execute(query, values)).fetchall()  # type: ignore[arg-type]
        return [row[0] if len(row) == 1 else row for row in found]

    async def alerts(self) -> set[tuple[UUID, str, bool]]:
        """Who was told, at which stage, and whether as an escalation."""
        return set(await self.rows("SELECT recipient_id, stage::text, escalation FROM maintenance_alerts"))

    async def deliveries(self, channel: str = "in_app") -> list[tuple[str, int]]:
        """Status and attempts of a channel's deliveries."""
        return await self.rows(
            "SELECT status::text, attempts FROM maintenance_deliveries WHERE channel = %s::maintenance_channel",
            channel,
        )


@pytest.fixture
def morning(parts: Parts, database: AsyncConnection, sink: Sink, clock: TestClock) -> Morning:
    """Checks and deliveries by hand."""
    return Morning(parts, database, sink, clock)


Due = Callable[..., Any]


@pytest.fixture
def due(world: World, database: AsyncConnection, morning: Morning) -> Due:
    """Plans something due at an instant, assigned to and owned by whom the test says."""

    async def plan(
        at: datetime = SIX + timedelta(hours=2),
        assignee: Actor | None = None,
        owner: Actor | None = None,
        name: str = "Cordless drill",
        **fields: Any,
    ) -> UUID:
        identity = uuid.uuid4()
        thing = await world.resource(owner, name)
        await database.execute(
            """INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date,
                   assigned_to, created_at, updated_at)
               VALUES (%s, %s, %s, 'monthly', %s, %s, %s, %s, %s)""",
            (
                identity,
                thing,
                fields.get("schedule_type", "inspection"),
                at,
                at,
                assignee and assignee.id,
                SIX,
                SIX,
            ),
        )
        return identity

    return plan
