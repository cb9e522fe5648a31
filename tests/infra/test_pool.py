"""A pool that is smaller than the crowd: everybody is served in turn, or told at once to come back."""

import asyncio
from uuid import UUID

import msgspec
import pytest
from httpx2 import Response
from psycopg import AsyncConnection

from communityshare.infra.db import make_pool
from communityshare.infra.flags import MAINTENANCE
from communityshare.infra.settings import Settings
from tests.maintenance.logs.pictures import picture
from tests.world import Actor, World

LOGS = "/api/maintenance/logs"
THINGS = "/api/resources"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, database_pool_size=3)


async def test_what_came_back_last_is_lent_first(application_url: str) -> None:
    async with make_pool(application_url, 3) as pool:
        await pool.wait()
        served_by = set[int]()
        for _ in range(6):
            async with pool.connection() as connection:
                served_by.add(connection.info.backend_pid)
    assert len(served_by) == 1


async def _logged_with_photo(actor: Actor, thing: UUID, key: str) -> Response:
    return await actor.request(
        "POST", LOGS, data={"resource_id": str(thing)}, files=[("photos", ("p.jpg", picture(), "image/jpeg"))],
        headers={"Idempotency-Key": key},
    )  # fmt: skip


async def test_writes_that_are_kept_under_a_key_do_not_wait_for_each_others_connections(
    world: World, database: AsyncConnection
) -> None:
    admin, thing = await world.admin(), await world.resource()
    answers = await asyncio.gather(*(_logged_with_photo(admin, thing, f"k{n}") for n in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    (count,) = await (await database.execute("SELECT count(*) FROM maintenance_logs")).fetchone() or (0,)
    assert count == 4


async def test_flags_are_looked_up_while_every_connection_is_taken(world: World) -> None:
    admin, thing = await world.admin(), await world.resource()
    # From here on the process knows no flag, and every write holds its connection when it asks.
    assert (await admin.put(f"/api/admin/features/{MAINTENANCE}", {"enabled": True})).status_code == 200
    answers = await asyncio.gather(
        *(
            admin.post(LOGS, {"resource_id": str(thing)}, headers={"Idempotency-Key": f"k{n}"})
            for n in range(20)
        )
    )
    assert [answer.status_code for answer in answers] == [201] * 20


async def test_a_crowd_beyond_the_line_is_told_to_come_back_at_once(
    world: World, database: AsyncConnection
) -> None:
    member = await world.member()
    answers = await asyncio.gather(*(member.post(THINGS, {"name": f"Saw {n}"}) for n in range(120)))
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "busy")}
    assert all(answer.headers["retry-after"] for answer in refused)
    (count,) = await (await database.execute("SELECT count(*) FROM resources")).fetchone() or (0,)
    assert count == len(answers) - len(refused)
