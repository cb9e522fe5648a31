"""On 100,000 schedules, what runs often reads an index and never the whole table."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from psycopg import AsyncConnection, AsyncCursor

from communityshare.accounts.policy import Scope
from communityshare.infra.ids import new_id
from communityshare.maintenance.alerts import queries as alerts
from communityshare.maintenance.logs import queries as logs
from communityshare.maintenance.logs.schemas import Filters as LogFilters
from communityshare.maintenance.schedules import queries
from communityshare.maintenance.schedules.schemas import Filters
from communityshare.notifications import queries as outbox

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FILL = """
INSERT INTO users (id, email, name, role)
    SELECT gen_random_uuid(), n || '@example.org', 'User ' || n, 'member' FROM generate_series(1, 1000) n;
INSERT INTO resources (id, name, owner_id)
    SELECT gen_random_uuid(), 'Thing', id FROM users, generate_series(1, 10);
INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date,
        assigned_to, created_at, updated_at)
    SELECT gen_random_uuid(), r.id, 'inspection', 'monthly', '2026-01-01',
           timestamptz '2026-02-20' + random() * interval '300 days', CASE WHEN random() < 0.5 THEN r.owner_id END,
           timestamptz '2025-01-01' + random() * interval '400 days', '2026-01-01'
    FROM resources r, generate_series(1, 10);
INSERT INTO maintenance_logs (id, log_id, schedule_id, resource_id, performed_by, performed_at, recorded_by,
        created_at, updated_at)
    SELECT id, id, id, resource_id, (SELECT id FROM users LIMIT 1), created_at, (SELECT id FROM users LIMIT 1),
           created_at, created_at
    FROM maintenance_schedules LIMIT 50000;
"""


class ExplainingCursor(AsyncCursor[Any]):
    """A cursor that notes the plan of every query before it runs it."""

    plans: ClassVar[list[dict[str, Any]]] = []

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Explain, then execute."""
        text = query if isinstance(query, bytes) else query.encode()
        if text.lstrip().startswith(b"SET"):
            return await super().execute(query, params, **options)
        async with AsyncCursor(self.connection) as explaining:
            await explaining.execute(b"EXPLAIN (FORMAT JSON) " + text, params)
            row = await explaining.fetchone()
        assert row
        self.plans.append(row[0][0]["Plan"])
        return await super().execute(query, params, **options)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


@pytest.fixture(scope="module")
async def crowded(postgres: str, worker_id: str) -> AsyncIterator[AsyncConnection]:
    """A database of its own with 100,000 schedules and 50,000 logs."""
    from communityshare.migrations import runner

    name = f"explain_{worker_id}"
    async with await AsyncConnection.connect(postgres, autocommit=True) as admin:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE {name}")
    url = postgres.replace("/communityshare?", f"/{name}?")
    runner.upgrade(url)
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("SET maintenance_work_mem = '128MB'")
        await connection.execute(FILL)
        await connection.execute("VACUUM ANALYZE")
        connection.cursor_factory = ExplainingCursor
        yield connection


@pytest.fixture
def plans(crowded: AsyncConnection) -> list[dict[str, Any]]:
    """The plans of the queries that the test runs."""
    ExplainingCursor.plans.clear()
    return ExplainingCursor.plans


def _read(plans: list[dict[str, Any]], tables: set[str]) -> set[str]:
    """Return the indexes read; fail on a table that was read as a whole."""
    nodes = [node for plan in plans for node in _nodes(plan)]
    whole = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"} & tables
    assert whole == set(), json.dumps(plans, indent=1)
    return {node["Index Name"] for node in nodes if "Index Name" in node}


async def _somebody(connection: AsyncConnection) -> UUID:
    cursor = await AsyncCursor(connection).execute(
        "SELECT assigned_to FROM maintenance_schedules WHERE assigned_to IS NOT NULL LIMIT 1"
    )
    row = await cursor.fetchone()
    assert row
    return row[0]


AFTER = ("2026-06-01T00:00:00+00:00", new_id())
BIG = {"maintenance_schedules", "maintenance_logs", "resources"}


@pytest.mark.parametrize("after", [None, AFTER], ids=["first page", "later page"])
@pytest.mark.parametrize(
    ("scope", "sort", "filters", "index"),
    [
        (Scope.ALL, "next_due_date", {}, "maintenance_schedules_list_by_due"),
        (Scope.ALL, "-next_due_date", {}, "maintenance_schedules_list_by_due"),
        (Scope.ALL, "created_at", {}, "maintenance_schedules_list_by_created"),
        (Scope.ALL, "-created_at", {}, "maintenance_schedules_list_by_created"),
        (Scope.ASSIGNED, "next_due_date", {}, "maintenance_schedules_list_of_assignee"),
        (Scope.OWNED, "next_due_date", {}, "idx_maintenance_schedules_resource_id"),
        (Scope.ALL, "next_due_date", {"due_from": NOW, "due_to": NOW + timedelta(days=30)}, None),
        (Scope.ALL, "next_due_date", {"status": "overdue"}, None),
    ],
)  # fmt: skip
async def test_lists_of_schedules(
    crowded: AsyncConnection, plans: list[dict[str, Any]], scope: Scope, sort: str, filters: dict[str, Any],
    index: str | None, after: Any,
) -> None:  # fmt: skip
    me = await _somebody(crowded)
    rows = await queries.list_page(
        crowded, Filters(**filters), scope, me, NOW, sort=sort, after=after, limit=51
    )
    assert rows or after
    indexes = _read(plans, BIG)
    assert index is None or index in indexes, indexes


async def test_the_due_query(crowded: AsyncConnection, plans: list[dict[str, Any]]) -> None:
    run = alerts.Run(id=new_id(), trigger="manual", scheduled_for=NOW, as_of=NOW, started_at=NOW)
    await alerts.begin(crowded, run, enabled=True)
    await alerts.plan(crowded, run)
    assert "maintenance_schedules_due" in _read(plans, {"maintenance_schedules"})


ALL_SENT = """
INSERT INTO maintenance_runs (id, trigger, scheduled_for, started_at, status)
    SELECT gen_random_uuid(), 'manual', now(), now(), 'finished' FROM generate_series(1, 20);
INSERT INTO maintenance_deliveries (id, run_id, recipient_id, channel, status, next_attempt_at, created_at)
    SELECT gen_random_uuid(), r.id, u.id, 'email', 'sent', now(), now()
    FROM users u, maintenance_runs r WHERE r.status = 'finished';
INSERT INTO notifications.messages (id, request_hash, user_id, channel, category, subject, body_text, status,
        next_attempt_at, created_at)
    SELECT id, '', recipient_id, 'email', 'maintenance', '', '', 'sent', now(), now() FROM maintenance_deliveries;
"""
TODAYS_WAIT = """
INSERT INTO maintenance_deliveries (id, run_id, recipient_id, channel, status, next_attempt_at, created_at)
    SELECT gen_random_uuid(), run_id, recipient_id, 'sms', 'pending', now(), now()
    FROM maintenance_deliveries WHERE status = 'sent';
INSERT INTO notifications.messages (id, request_hash, user_id, channel, category, subject, body_text, status,
        next_attempt_at, created_at)
    SELECT gen_random_uuid(), '', user_id, 'email', 'maintenance', '', '', 'accepted', now(), now()
    FROM notifications.messages;
"""


async def test_acknowledging_never_reads_what_waits(
    crowded: AsyncConnection, plans: list[dict[str, Any]]
) -> None:
    cursor = AsyncCursor(crowded)
    await cursor.execute(ALL_SENT)
    await cursor.execute("VACUUM ANALYZE maintenance_deliveries, notifications.messages")
    await cursor.execute(TODAYS_WAIT)
    await alerts.acknowledge(crowded, [(alerts.Claim(new_id(), 1, 0), alerts.Outcome(status="sent"))], NOW)
    assert _read(plans, set()) == {"maintenance_deliveries_pkey"}
    plans.clear()
    message = outbox.Claimed(
        new_id(), 1, "email", "", "", "", None, None, NOW, None, "", True, True, None, None
    )
    await outbox.settle(crowded, message, "sent", NOW)
    await outbox.postpone(crowded, message, NOW, None, tried=True)
    assert _read(plans, set()) == {"messages_pkey"}


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("by_schedule", [False, True])
async def test_lists_of_logs(
    crowded: AsyncConnection, plans: list[dict[str, Any]], scope: Scope, by_schedule: bool
) -> None:
    me = await _somebody(crowded)
    filters = LogFilters(schedule_id=me) if by_schedule else LogFilters()
    await logs.list_page(crowded, filters, scope, me, sort="-performed_at", after=None, limit=51)
    assert _read(plans, {"maintenance_logs", "maintenance_schedules"})
    amendments = [
        node
        for plan in plans
        for node in _nodes(plan)
        if node.get("Index Name") == "maintenance_logs_superseding"
    ]
    assert amendments
    assert all("log_id" in node.get("Index Cond", "") for node in amendments), "every amendment is read"
