"""Load from the outside: open loop, every request at its own time, however slow the answers are.

The time of an answer counts from the moment its request was meant to leave, so a server that stalls cannot make
the load wait with it and hide the stall («coordinated omission»).
"""

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random
from typing import Any, NamedTuple, TypeVar

import aiohttp
import msgspec
import uvloop

from bench.load.community import Person
from bench.load.mix import Call, Sender, encoded
from bench.stage import load_cores, on_cores

T = TypeVar("T")
_PATIENCE = aiohttp.ClientTimeout(total=20)


class Outcome(msgspec.Struct):
    """What came back: milliseconds by kind of request, seconds the load lasted, refusals by what they said."""

    times: dict[str, list[float]]
    seconds: float
    errors: Counter[str]

    def all_times(self) -> list[float]:
        """Return every answer's milliseconds."""
        return [one for times in self.times.values() for one in times]


class Plan(msgspec.Struct):
    """A share of the load: who sends, how often each (per second), how many requests each."""

    address: str
    people: list[Person]
    each_per_second: float
    requests: int
    seed: int
    start_at: float


class Repeat(NamedTuple):
    """A share of people who ask for the same again and again."""

    address: str
    people: list[Person]
    kind: Callable[[Sender], Call]
    seconds: float


def drive(address: str, people: list[Person], *, per_second: float, seconds: float, seed: int = 1) -> Outcome:
    """Send `per_second` requests in all for `seconds`, spread evenly over the people; return what came back."""
    each = per_second / len(people)
    start_at = time.monotonic() + 3.0
    shares = _shares(people)
    plans = [
        Plan(address, share, each, max(1, round(each * seconds)), seed + part, start_at)
        for part, share in enumerate(shares)
    ]
    return merged(_in_processes(_drive, plans))


def saturate(address: str, people: list[Person], kind: Callable[[Sender], Call], *, seconds: float) -> float:
    """Let each of the people ask for `kind` again as soon as it is answered; return answers per second."""
    plans = [Repeat(address, share, kind, seconds) for share in _shares(people)]
    return sum(_in_processes(_saturate, plans)) / seconds


def _shares(people: list[Person]) -> list[list[Person]]:
    processes = min(len(load_cores()), 2)
    return [people[part::processes] for part in range(processes)]


def _in_processes(work: Callable[[Any], T], plans: Sequence[Any]) -> list[T]:
    with on_cores(load_cores()), ProcessPoolExecutor(len(plans), mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, plans))


def merged(outcomes: list[Outcome]) -> Outcome:
    """Return the outcomes as one."""
    whole = Outcome({}, max(outcome.seconds for outcome in outcomes), Counter())
    for outcome in outcomes:
        whole.errors += outcome.errors
        for name, times in outcome.times.items():
            whole.times.setdefault(name, []).extend(times)
    return whole


def percentile(times: list[float], share: float) -> float:
    """Return the smallest time that `share` of all stay within; exact, nothing is binned."""
    ordered = sorted(times)
    return ordered[max(0, round(share * len(ordered) + 0.5) - 1)] if ordered else float("nan")


def _drive(plan: Plan) -> Outcome:
    gc.disable()
    return uvloop.run(_all(plan))


def _saturate(plan: "Repeat") -> int:
    return uvloop.run(_repeat(plan))


async def _repeat(plan: "Repeat") -> int:
    until = time.monotonic() + plan.seconds

    async def one(person: Person) -> int:
        sender, count = Sender(person, 1), 0
        headers = {"Authorization": f"Bearer {person.token}"}
        async with aiohttp.ClientSession(plan.address, headers=headers, timeout=_PATIENCE) as session:
            while time.monotonic() < until:
                async with session.get(plan.kind(sender).path, raise_for_status=True) as answer:
                    await answer.read()
                count += 1
        return count

    return sum(await asyncio.gather(*map(one, plan.people)))


async def _all(plan: Plan) -> Outcome:
    outcome = Outcome({}, 0.0, Counter())
    random = Random(plan.seed)
    people = [_Client(plan, person, random, outcome) for person in plan.people]
    await asyncio.gather(*(client.connect() for client in people))
    started = max(plan.start_at, time.monotonic())
    await asyncio.gather(*(client.work(started) for client in people))
    outcome.seconds = plan.requests / plan.each_per_second
    return outcome


class _Client:
    """One person's connections: as many as are needed, kept open."""

    def __init__(self, plan: Plan, person: Person, random: Random, outcome: Outcome) -> None:
        self._plan = plan
        self._outcome = outcome
        self._sender = Sender(person, random.getrandbits(32))
        self._phase = random.random()
        self._session = aiohttp.ClientSession(
            plan.address,
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
            headers={"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"},
            timeout=_PATIENCE,
            auto_decompress=False,
        )

    async def connect(self) -> None:
        """Open the connection, by a request that no limit counts."""
        async with self._session.get("/api/auth/me") as answer:
            await answer.read()

    async def work(self, started: float) -> None:
        """Send at even distances from a phase of one's own; all people together arrive nearly at random."""
        pace = 1 / self._plan.each_per_second
        sent = set[asyncio.Task[None]]()
        for number in range(self._plan.requests):
            intended = started + (self._phase + number) * pace
            await asyncio.sleep(intended - time.monotonic())
            sent.add(asyncio.create_task(self._send(self._sender.next(), intended)))
        await asyncio.gather(*sent)
        await self._session.close()

    async def _send(self, call: Call, intended: float) -> None:
        try:
            async with self._session.request(
                call.method, call.path, params=call.params, data=encoded(call), headers=call.headers
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._outcome.errors[f"{call.name}: {type(error).__name__}"] += 1
            return
        if answer.status >= 400:
            self._outcome.errors[f"{call.name}: {answer.status} {body[:200].decode(errors='replace')}"] += 1
            return
        self._outcome.times.setdefault(call.name, []).append((time.monotonic() - intended) * 1000)
        if call.note:
            call.note(answer.headers)
