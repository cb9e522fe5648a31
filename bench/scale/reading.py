"""One person after another asks over HTTP: first with nothing in any memory, then again."""

import gc
import time
from contextlib import AsyncExitStack, ExitStack

import aiohttp
import uvloop

from bench import stage
from bench.load.community import Person
from bench.load.generator import percentile, saturate
from bench.load.mix import Sender
from bench.rows import Row
from bench.scale.kinds import KINDS, Kind
from communityshare.accounts.policy import Role

_ASKING, _ROUNDS = 60, 5
_FIRST = 8  # of each role, whose requests open connections and have statements planned
_AT_ONCE, _SECONDS = 16, 5
_NO_LIMIT = {"RATE_LIMIT_PER_MINUTE": "1000000"}


def rows(environments: list[dict[str, str]], people: list[list[Person]]) -> list[list[Row]]:
    """Return milliseconds of each kind of request, for each environment; they are asked in turn."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(stage.api(environment, **_NO_LIMIT)) for environment in environments]
        with stage.on_cores(stage.load_cores()):
            gc.disable()
            found = uvloop.run(_one_by_one(addresses, people))
            gc.enable()
        for here, address, those in zip(found, addresses, people, strict=True):
            here.append(_at_once(address, of_role(those, Role.COORDINATOR)[:_AT_ONCE]))
    return found


async def _one_by_one(addresses: list[str], people: list[list[Person]]) -> list[list[Row]]:
    found: list[list[Row]] = [[] for _ in addresses]
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(aiohttp.ClientSession(address)) for address in addresses]
        for session, here in zip(sessions, people, strict=True):
            await _open(session, here)
        for kind in KINDS:
            asking = [askers(here, kind) for here in people]
            first = [await _times(*pair, kind) for pair in zip(sessions, asking, strict=True)]
            again: list[list[float]] = [[] for _ in addresses]
            for _ in range(1 if kind.costly else _ROUNDS):
                for times, session, here in zip(again, sessions, asking, strict=True):
                    times.extend(await _times(session, here, kind))
            for here, *times in zip(found, first, again, strict=True):
                here.extend(_rows(kind, *times))
    return found


async def _open(session: aiohttp.ClientSession, people: list[Person]) -> None:
    for kind in KINDS:
        if not kind.costly:
            await _times(session, of_role(people, kind.role)[:_FIRST], kind)


def askers(people: list[Person], kind: Kind) -> list[Person]:
    """Return who asks for a kind: of members and coordinators others for each kind, so that all are the first."""
    here = of_role(people, kind.role)
    if kind.role is Role.ADMIN:
        return here[: 1 if kind.costly else _ASKING]
    start = _FIRST + _ASKING * [one for one in KINDS if one.role is kind.role].index(kind)
    return here[start : start + _ASKING]


def of_role(people: list[Person], role: Role) -> list[Person]:
    """Return the people of a role."""
    return [person for person in people if person.role is role]


def _rows(kind: Kind, first: list[float], again: list[float]) -> list[Row]:
    """Return the figures; what all admins see alike is never asked for the first time."""
    shares = [("", again, 0.5)]
    if not kind.costly:
        shares.append((", p95", again, 0.95))
    if kind.role is not Role.ADMIN:
        shares.append((", at first", first, 0.5))
    return [
        Row(name=f"{kind.title}{what}", value=percentile(times, share), unit="ms")
        for what, times, share in shares
    ]


async def _times(session: aiohttp.ClientSession, people: list[Person], kind: Kind) -> list[float]:
    """Return milliseconds; that the process knows who asks is not part of them."""
    times: list[float] = []
    for person in people:
        headers = {"Authorization": f"Bearer {person.token}"}
        async with session.get("/api/auth/me", headers=headers, raise_for_status=True) as answer:
            await answer.read()
        started = time.perf_counter()
        async with session.get(kind.path(person), headers=headers) as answer:
            body = await answer.read()
        times.append((time.perf_counter() - started) * 1000)
        if answer.status not in ({200, 422, 503} if kind.costly else {200}):
            raise ValueError(f"{kind.title}: {answer.status} {body[:300]!r}")
    return times


def _at_once(address: str, people: list[Person]) -> Row:
    value = saturate(address, people, Sender.first_page, seconds=_SECONDS)
    return Row(name=f"{len(people)} coordinators at once, list of schedules", value=value, unit="req/s")
