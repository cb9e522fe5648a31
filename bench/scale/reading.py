"""One person after another asks over HTTP: first with nothing in any memory, then again."""

import gc
import time

import aiohttp
import uvloop

from bench import stage
from bench.load.community import Person
from bench.load.generator import percentile
from bench.rows import Row
from bench.scale.kinds import KINDS, Kind
from communityshare.accounts.policy import Role

_ASKING, _COSTLY, _ROUNDS = 60, 2, 5
_FIRST = 8  # of each role, whose requests open connections and have statements planned


def rows(environment: dict[str, str], people: list[Person]) -> list[Row]:
    """Return milliseconds of each kind of request. What all admins see alike is never asked for the first time."""
    with stage.api(environment) as address, stage.on_cores(stage.load_cores()):
        gc.disable()
        try:
            return uvloop.run(_rows(address, people))
        finally:
            gc.enable()


async def _rows(address: str, people: list[Person]) -> list[Row]:
    found: list[Row] = []
    async with aiohttp.ClientSession(address) as session:
        for kind in KINDS:
            if not kind.costly:
                await _times(session, kind, of_role(people, kind.role)[:_FIRST])
        for kind in KINDS:
            found += await _asked(session, kind, askers(people, kind))
    return found


async def _asked(session: aiohttp.ClientSession, kind: Kind, people: list[Person]) -> list[Row]:
    if kind.costly:
        return [_row(kind, "median", await _times(session, kind, people), 0.5)]
    first = await _times(session, kind, people)
    again = await _times(session, kind, people * _ROUNDS)
    found = [_row(kind, "median", again, 0.5), _row(kind, "p95", again, 0.95)]
    return found if kind.role is Role.ADMIN else [_row(kind, "at first, median", first, 0.5), *found]


def askers(people: list[Person], kind: Kind) -> list[Person]:
    """Return who asks for a kind: of members and coordinators others for each kind, so that all are the first."""
    here = of_role(people, kind.role)
    if kind.role is Role.ADMIN:
        return here[: _COSTLY if kind.costly else _ASKING]
    start = _FIRST + _ASKING * [one for one in KINDS if one.role is kind.role].index(kind)
    return here[start : start + _ASKING]


def of_role(people: list[Person], role: Role) -> list[Person]:
    """Return the people of a role."""
    return [person for person in people if person.role is role]


def _row(kind: Kind, what: str, times: list[float], share: float) -> Row:
    name = f"{kind.role.name.lower()}, {kind.name}: {what}"
    return Row(name=name, value=percentile(times, share), unit="ms")


async def _times(session: aiohttp.ClientSession, kind: Kind, people: list[Person]) -> list[float]:
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
        if answer.status not in ({200} if not kind.costly else {200, 422, 503}):
            raise ValueError(f"{kind.name}: {answer.status} {body[:300]!r}")
    return times
