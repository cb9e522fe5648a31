"""The timetable, the upkeep, and what a worker shows of itself."""

from datetime import timedelta

from croniter import croniter
from prometheus_client import REGISTRY
from psycopg import AsyncConnection

from communityshare.infra.settings import Settings
from communityshare.jobs import runner, upkeep
from communityshare.jobs.queue import name_of
from communityshare.jobs.timetable import timetable
from communityshare.maintenance.alerts.deliver import deliver_waiting
from communityshare.maintenance.alerts.job import daily_check, last_tick
from communityshare.migrations.runner import downgrade, upgrade
from tests.maintenance.alerts.conftest import SIX, Due, Morning
from tests.world import World


def test_every_line_of_the_timetable_is_a_cron_line_with_a_catch_up_window(settings: Settings) -> None:
    entries = timetable(settings)
    assert all(croniter.is_valid(entry.cron) and entry.catch_up > timedelta(0) for entry in entries)
    assert len({(entry.job, entry.name) for entry in entries}) == len(entries)
    assert entries[0].cron == settings.maintenance_check_cron


def test_the_last_tick_is_the_one_at_or_before_now() -> None:
    assert last_tick("0 6 * * *", SIX) == SIX
    assert last_tick("0 6 * * *", SIX - timedelta(microseconds=1)) == SIX - timedelta(days=1)
    assert last_tick("0 6 * * *", SIX + timedelta(hours=23, minutes=59)) == SIX


async def test_the_tick_of_the_timetable_runs_the_check_and_is_counted(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    app = runner.make_app(morning.parts, timetable(morning.parts.settings))
    labels = {"job": "daily_check", "outcome": "succeeded"}
    before = REGISTRY.get_sample_value("communityshare_job_runs_total", labels) or 0
    await app.tasks[name_of(daily_check)](timestamp=int(SIX.timestamp()), catch_up=900.0)
    assert await morning.rows("SELECT trigger FROM maintenance_runs") == ["cron"]
    assert REGISTRY.get_sample_value("communityshare_job_runs_total", labels) == before + 1


async def test_a_tick_beyond_its_window_is_dropped(morning: Morning) -> None:
    app = runner.make_app(morning.parts, timetable(morning.parts.settings))
    late = int((SIX - timedelta(minutes=20)).timestamp())
    await app.tasks[name_of(daily_check)](timestamp=late, catch_up=900.0)
    assert await morning.rows("SELECT count(*) FROM maintenance_runs") == [0]


async def test_while_the_feature_is_rolled_back_jobs_do_nothing(morning: Morning) -> None:
    url = morning.parts.settings.database_url or ""
    app = runner.make_app(morning.parts, timetable(morning.parts.settings))
    downgrade(url)
    try:
        for job in (daily_check, deliver_waiting):
            await app.tasks[name_of(job)]()
    finally:
        upgrade(url)
    assert await morning.rows("SELECT count(*) FROM maintenance_runs") == [0]


async def test_gauges_show_the_queue_and_the_daily_check(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    await runner.observe(morning.parts)
    success = "communityshare_job_last_success_timestamp_seconds"
    assert REGISTRY.get_sample_value(success, {"job": "daily_check"}) == 0
    await morning.check()
    morning.clock.now += timedelta(seconds=90)
    await runner.observe(morning.parts)
    assert REGISTRY.get_sample_value("communityshare_delivery_queue_depth") == 2
    assert REGISTRY.get_sample_value("communityshare_delivery_oldest_seconds") == 90
    due_at = REGISTRY.get_sample_value("communityshare_job_due_timestamp_seconds", {"job": "daily_check"})
    assert due_at == SIX.timestamp()
    assert (REGISTRY.get_sample_value(success, {"job": "daily_check"}) or 0) >= due_at


async def test_while_the_feature_is_rolled_back_no_run_is_owed(morning: Morning) -> None:
    url = morning.parts.settings.database_url or ""
    morning.clock.now += timedelta(days=1)
    downgrade(url)
    try:
        await runner.observe(morning.parts)
    finally:
        upgrade(url)
    tick = (SIX + timedelta(days=1)).timestamp()
    for figure in ("due", "last_success"):
        name = f"communityshare_job_{figure}_timestamp_seconds"
        assert REGISTRY.get_sample_value(name, {"job": "daily_check"}) == tick
    assert REGISTRY.get_sample_value("communityshare_delivery_queue_depth") == 0


async def test_upkeep_forgets_what_has_expired_and_nothing_else(
    world: World, morning: Morning, database: AsyncConnection
) -> None:
    await world.member()
    for key, age in (("old", timedelta(hours=25)), ("young", timedelta(hours=23))):
        await database.execute(
            "INSERT INTO idempotency_keys (owner, key, request_hash, created_at) VALUES ('o', %s, '', %s)",
            (key, morning.clock.now - age),
        )
    await morning.parts.jobs.open_async()
    try:
        await upkeep.upkeep(morning.parts)
        assert await morning.rows("SELECT key FROM idempotency_keys") == ["young"]
        assert await morning.rows("SELECT count(*) FROM sessions") == [1]
        morning.clock.now += timedelta(days=31)
        await upkeep.upkeep(morning.parts)
        assert await morning.rows("SELECT count(*) FROM sessions") == [0]
    finally:
        await morning.parts.jobs.close_async()


async def test_jobs_of_a_lost_worker_start_again(morning: Morning, database: AsyncConnection) -> None:
    lost = await morning.rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 seconds') RETURNING id"
    )
    alive = await morning.rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    for worker in (*lost, *alive):
        await database.execute(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)
               VALUES ('default', %s, 'doing', %s)""",
            (name_of(deliver_waiting), worker),
        )
    await morning.parts.jobs.open_async()
    try:
        await upkeep.requeue_stalled(morning.parts)
    finally:
        await morning.parts.jobs.close_async()
    states = await morning.rows("SELECT status::text FROM procrastinate_jobs ORDER BY id")
    assert states == ["todo", "doing"]
