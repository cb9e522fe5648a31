"""The edge of a request: one transaction, kept answers, and what happens when the commit fails."""

import asyncio

import pytest
from psycopg import AsyncConnection

from tests.world import World

THINGS = "/api/resources"


async def _count(database: AsyncConnection, table: str = "resources") -> int:
    row = await (await database.execute(f"SELECT count(*) FROM {table}")).fetchone()
    assert row
    return row[0]


async def test_the_same_key_at_the_same_time_does_it_once(world: World, database: AsyncConnection) -> None:
    member = await world.member()
    answers = await asyncio.gather(
        *(member.post(THINGS, {"name": "Saw"}, headers={"Idempotency-Key": "k"}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 7
    assert await _count(database) == 1


async def test_a_failed_request_does_not_burn_its_key(world: World, database: AsyncConnection) -> None:
    member = await world.member()
    headers = {"Idempotency-Key": "k"}
    assert (await member.post(THINGS, {"name": ""}, headers=headers)).status_code == 422
    assert (await member.post(THINGS, {"name": "Saw"}, headers=headers)).status_code == 201
    other = await member.post(THINGS, {"name": "Drill"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await _count(database) == 1


async def test_keys_belong_to_their_user(world: World, database: AsyncConnection) -> None:
    for actor in (await world.member(), await world.member()):
        assert (
            await actor.post(THINGS, {"name": "Saw"}, headers={"Idempotency-Key": "k"})
        ).status_code == 201
    assert await _count(database) == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 201])
async def test_a_key_that_is_none_is_422(world: World, key: str) -> None:
    member = await world.member()
    answer = await member.post(THINGS, {"name": "Saw"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["plain", "with a key"])
async def test_a_commit_that_fails_is_503_and_nothing_is_there(
    world: World, database: AsyncConnection, headers: dict[str, str]
) -> None:
    member = await world.member()
    # The server ends the connection when the transaction commits, as a restart at that moment does.
    await database.execute(
        """CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"""
    )
    await database.execute(
        """CREATE CONSTRAINT TRIGGER ending AFTER INSERT ON resources DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION end_connection()"""
    )
    try:
        answer = await member.post(THINGS, {"name": "Saw"}, headers=headers)
    finally:
        await database.execute("DROP FUNCTION end_connection CASCADE")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["retry-after"]
    assert await _count(database) == 0
    assert (await member.post(THINGS, {"name": "Saw"}, headers=headers)).status_code == 201


async def test_a_refused_write_leaves_only_its_note(world: World, database: AsyncConnection) -> None:
    member, owner = await world.member(), await world.member()
    thing = await world.resource(owner)
    answer = await member.patch(f"{THINGS}/{thing}", {"name": "Mine"}, headers={"X-Correlation-ID": "abc"})
    assert answer.status_code == 403
    noted = await (
        await database.execute("SELECT actor_id, outcome, detail, correlation_id FROM audit_log")
    ).fetchall()
    assert noted == [(member.id, "refused", {"method": "PATCH", "path": f"{THINGS}/{thing}"}, "abc")]


async def test_what_takes_too_long_is_stopped_and_says_so(world: World, database: AsyncConnection) -> None:
    member = await world.member()
    async with database.transaction():
        await database.execute("LOCK TABLE resources IN ACCESS EXCLUSIVE MODE")
        asking = asyncio.create_task(member.get(THINGS))
        waits = "SELECT pg_cancel_backend(pid) FROM pg_locks WHERE relation = 'resources'::regclass AND NOT granted"
        while not await (await database.execute(waits)).fetchall():
            pass
        answer = await asking
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert "took too long" in answer.json()["detail"]
