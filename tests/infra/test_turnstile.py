"""The line before something scarce: order, room, patience, and what those do who give up."""

import asyncio

import pytest

from communityshare.infra.turnstile import Full, Turnstile


async def _in_line(turnstile: Turnstile, came_in: list[int], *names: int) -> list[asyncio.Task[None]]:
    """Let tasks stand in line in this order; each notes its name when it comes in."""

    async def come(name: int) -> None:
        await turnstile.enter()
        came_in.append(name)

    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(come(name)))
        await asyncio.sleep(0)
    return tasks


async def test_who_came_first_comes_in_first() -> None:
    turnstile, came_in = Turnstile(1, waiting=9, patience=60), []
    await turnstile.enter()
    tasks = await _in_line(turnstile, came_in, 1, 2, 3)
    assert (came_in, len(turnstile)) == ([], 3)
    for _ in tasks:
        turnstile.leave()
    await asyncio.gather(*tasks)
    assert (came_in, len(turnstile)) == ([1, 2, 3], 0)


async def test_the_line_has_an_end() -> None:
    turnstile = Turnstile(1, waiting=1, patience=60)
    await turnstile.enter()
    (waiting,) = await _in_line(turnstile, [], 1)
    with pytest.raises(Full):
        await turnstile.enter()
    turnstile.leave()
    await waiting


async def test_patience_ends_for_each_in_turn_and_the_place_stays_with_its_owner() -> None:
    turnstile = Turnstile(1, waiting=9, patience=0.01)
    await turnstile.enter()
    for _ in range(2):
        tasks = await _in_line(turnstile, [], 1, 2)
        assert [type(end) for end in await asyncio.gather(*tasks, return_exceptions=True)] == [
            TimeoutError
        ] * 2
    assert len(turnstile) == 0
    turnstile.leave()
    await turnstile.enter()
    with pytest.raises(TimeoutError):
        await turnstile.enter()


async def test_who_gives_up_in_line_takes_nobodys_place() -> None:
    turnstile, came_in = Turnstile(1, waiting=9, patience=60), []
    await turnstile.enter()
    gives_up, stays = await _in_line(turnstile, came_in, 1, 2)
    gives_up.cancel()
    turnstile.leave()
    await stays
    assert came_in == [2]


async def test_who_is_cancelled_at_the_door_lets_the_next_in() -> None:
    turnstile, came_in = Turnstile(1, waiting=9, patience=60), []
    await turnstile.enter()
    called, stays = await _in_line(turnstile, came_in, 1, 2)
    turnstile.leave()
    called.cancel()
    await stays
    assert came_in == [2]
