"""The same SELECTs without us: `pgbench` runs what the product's queries send."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench.load.community import Person
from bench.stage import load_cores, on_cores
from communityshare.accounts.policy import Scope
from communityshare.infra.embedded_postgres import binaries
from communityshare.maintenance.schedules import queries
from communityshare.maintenance.schedules.schemas import Filters

_CLIENTS = 8
Ask = Callable[[psycopg.AsyncConnection[Any], Person], Awaitable[Any]]


async def first_page(connection: psycopg.AsyncConnection[Any], person: Person) -> None:
    """Ask for the first page of schedules as the route does."""
    now = datetime.now(UTC)
    await queries.list_page(
        connection, Filters(), Scope.ASSIGNED, person.id, now, sort="next_due_date", after=None, limit=51
    )


async def one_schedule(connection: psycopg.AsyncConnection[Any], person: Person) -> None:
    """Ask for one schedule as the route does."""
    await queries.find(connection, person.schedules[0], Scope.ASSIGNED, person.id, datetime.now(UTC))


def per_second(url: str, ask: Ask, people: list[Person], *, seconds: int) -> float:
    """Return how many of these statements pgbench gets answered in a second, prepared, on the load's cores."""
    statements = asyncio.run(_statements(url, ask, people))
    with tempfile.TemporaryDirectory() as folder:
        files: list[str] = []
        for number, statement in enumerate(statements):
            path = Path(folder, f"{number}.sql")
            path.write_text(" ".join(statement.split()) + ";\n")
            files += ["-f", str(path)]
        command = [str(binaries() / "pgbench"), "-n", "-M", "prepared", "-c", str(_CLIENTS), "-j", "2"]
        with on_cores(load_cores()):
            done = subprocess.run(
                [*command, "-T", str(seconds), *files, url], capture_output=True, text=True, check=True
            )
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])


async def _statements(url: str, ask: Ask, people: list[Person]) -> list[str]:
    """Return what `ask` sends for each of the people, with the values in the text."""
    sent: list[str] = []

    class Recorder(psycopg.AsyncCursor[Any]):
        async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            text = query.decode() if isinstance(query, bytes) else query
            sent.append(psycopg.AsyncClientCursor(self.connection).mogrify(text, params))
            return await super().execute(query, params, **options)

    async with await psycopg.AsyncConnection.connect(url, cursor_factory=Recorder) as connection:
        for person in people:
            await ask(connection, person)
    return sent
