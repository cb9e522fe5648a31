"""How many pages of 8 kB PostgreSQL looks at for an answer: the figure that a busy machine does not blur."""

import asyncio
import contextlib
import re
import statistics
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor, errors, sql

from bench.load.community import Person
from bench.rows import Row
from bench.scale.kinds import KINDS, Kind
from bench.scale.reading import askers
from communityshare.accounts.policy import Principal
from communityshare.infra.db import SHORT_STATEMENTS
from communityshare.infra.errors import InvalidError

_TYPES = {UUID: "uuid", datetime: "timestamptz", list: "text[]"}
Plan = dict[str, Any]


class Counting(AsyncCursor[Any]):
    """A cursor that runs each statement with named parameters twice: to see its plan and undo it, then for good."""

    plans: ClassVar[list[Plan]] = []

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Note the plan, then execute."""
        if isinstance(params, dict):
            text = query if isinstance(query, str) else query.decode()
            self.plans.append(await _plan(self.connection, text, params))
        return await super().execute(query, params, **options)


async def _plan(connection: AsyncConnection[Any], query: str, params: dict[str, Any]) -> Plan:
    """Return the plan as it ran, made as the product's kept plans are: without knowing the parameters."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", query)))
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", query)
    types = ", ".join(_TYPES.get(type(params[name]), "unknown") for name in names)
    values = ", ".join(sql.Literal(params[name]).as_string(connection) for name in names)
    cursor = AsyncCursor(connection)
    async with connection.transaction(force_rollback=True):
        await cursor.execute(f"PREPARE seen{f'({types})' if names else ''} AS {text}".encode())
        execute = f"EXECUTE seen{f'({values})' if names else ''}"
        await cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {execute}".encode())
        row = await cursor.fetchone()
        await cursor.execute("DEALLOCATE seen")
    assert row
    return row[0][0]["Plan"]


def rows(url: str, people: list[Person]) -> list[Row]:
    """Return the pages of each kind of request, and which tables it reads whole."""
    return asyncio.run(_rows(url, people))


async def _rows(url: str, people: list[Person]) -> list[Row]:
    found: list[Row] = []
    async with await AsyncConnection.connect(url, autocommit=True, cursor_factory=Counting) as connection:
        for name, value in SHORT_STATEMENTS.items():
            await connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        for kind in KINDS:
            plans = [await _plans(connection, kind, person) for person in askers(people, kind)]
            if all(plans):
                found.append(_row(kind, plans))
    return found


def _row(kind: Kind, plans: list[list[Plan]]) -> Row:
    """Return the median of what people's statements touched; `plans` has those of each person."""
    whole = set[str]().union(*(read_whole(plan) for of_person in plans for plan in of_person))
    return Row(
        name=f"{kind.title}, pages",
        value=statistics.median(sum(map(pages, of_person)) for of_person in plans),
        unit="",
        note=f"reads all of {', '.join(sorted(whole))}" if whole else "",
    )


async def _plans(connection: AsyncConnection[Any], kind: Kind, person: Person) -> list[Plan]:
    """Return the plans of a person's request; none when it takes longer than a request may."""
    Counting.plans.clear()
    with contextlib.suppress(InvalidError, errors.QueryCanceled):
        await kind.work(connection, Principal(person.id, person.role, "somebody"), person)
    return list(Counting.plans)


def pages(plan: Plan) -> int:
    """Return how many pages a plan touched."""
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def read_whole(plan: Plan) -> set[str]:
    """Return the tables that a plan reads from end to end."""
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


def nodes(plan: Plan) -> Iterator[Plan]:
    """Yield the plan's steps, the last first."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)
