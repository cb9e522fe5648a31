"""«The daily check», sentence by sentence."""

import asyncio
from datetime import timedelta

from psycopg import AsyncConnection

from communityshare.accounts.policy import Role
from communityshare.maintenance.alerts.job import daily_check
from tests.maintenance.alerts.conftest import SIX, Due, Morning
from tests.world import World

DAY = timedelta(days=1)


async def test_selects_what_is_due_within_a_day_and_not_deleted(
    world: World, morning: Morning, due: Due, database: AsyncConnection
) -> None:
    someone, now = await world.coordinator(), morning.clock.now
    told = {await due(now + DAY, someone), await due(now - 30 * DAY, someone)}
    await due(now + DAY + timedelta(microseconds=1), someone)
    deleted, of_deleted_thing = await due(now, someone), await due(now, someone)
    await database.execute("UPDATE maintenance_schedules SET deleted_at = now() WHERE id = %s", (deleted,))
    await database.execute(
        """UPDATE resources SET deleted_at = now()
           WHERE id = (SELECT resource_id FROM maintenance_schedules WHERE id = %s)""",
        (of_deleted_thing,),
    )
    await morning.check()
    assert set(await morning.rows("SELECT schedule_id FROM maintenance_alerts")) == told
    assert await morning.rows("SELECT schedules_checked FROM maintenance_runs") == [2]


async def test_a_second_run_on_the_same_day_adds_nothing(world: World, morning: Morning, due: Due) -> None:
    admin = await world.admin()
    await due(assignee=await world.coordinator())
    await morning.check()
    again = await admin.post("/api/maintenance/alerts/generate")
    assert again.status_code == 202
    run = (await admin.get(f"/api/maintenance/alerts/runs/{again.json()['run_id']}")).json()
    assert (run["schedules_checked"], run["alerts_created"], run["deliveries_created"]) == (1, 0, 0)
    assert (run["status"], run["trigger"]) == ("finished", "manual")


async def test_the_next_day_reminds_again(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    await morning.check()
    await morning.check(SIX + DAY)
    days = await morning.rows("SELECT alert_day::text, stage::text FROM maintenance_alerts ORDER BY 1")
    assert days == [("2026-03-02", "due_soon"), ("2026-03-03", "overdue")]


async def test_recipient_is_the_assignee(world: World, morning: Morning, due: Due) -> None:
    assignee, owner = await world.coordinator(), await world.member()
    await world.admin()
    await due(assignee=assignee, owner=owner)
    await morning.check()
    assert await morning.alerts() == {(assignee.id, "due_soon", False)}


async def test_without_assignee_the_owner_is_told(world: World, morning: Morning, due: Due) -> None:
    owner = await world.member()
    await due(owner=owner)
    await morning.check()
    assert await morning.alerts() == {(owner.id, "due_soon", False)}


async def test_an_inactive_assignee_falls_back_to_the_owner(world: World, morning: Morning, due: Due) -> None:
    left, owner = await world.actor(Role.COORDINATOR, active=False), await world.member()
    await due(assignee=left, owner=owner)
    await morning.check()
    assert await morning.alerts() == {(owner.id, "due_soon", False)}


async def test_the_admins_are_told_when_there_is_nobody_else(
    world: World, morning: Morning, due: Due
) -> None:
    left, gone = await world.actor(Role.COORDINATOR, active=False), await world.actor(active=False)
    first, second = await world.admin(), await world.admin()
    await world.actor(Role.ADMIN, active=False)
    await due(assignee=left, owner=gone)
    await morning.check()
    assert await morning.alerts() == {(first.id, "due_soon", False), (second.id, "due_soon", False)}


async def test_overdue_by_seven_days_owner_and_admins_are_told_as_an_escalation(
    world: World, morning: Morning, due: Due
) -> None:
    assignee, owner, admin = await world.coordinator(), await world.member(), await world.admin()
    late = morning.clock.now - 7 * DAY
    await due(late, assignee, owner)
    await morning.check()
    assert await morning.alerts() == {
        (assignee.id, "overdue", False),
        (owner.id, "overdue", True),
        (admin.id, "overdue", True),
    }


async def test_a_moment_below_seven_days_is_no_escalation(world: World, morning: Morning, due: Due) -> None:
    assignee = await world.coordinator()
    await world.admin()
    await due(morning.clock.now - 7 * DAY + timedelta(seconds=1), assignee, await world.member())
    await morning.check()
    assert await morning.alerts() == {(assignee.id, "overdue", False)}


async def test_the_primary_recipient_is_told_once_and_never_as_an_escalation(
    world: World, morning: Morning, due: Due
) -> None:
    admin = await world.admin()
    await due(morning.clock.now - 9 * DAY, admin, admin)
    await morning.check()
    assert await morning.alerts() == {(admin.id, "overdue", False)}


async def test_in_app_one_message_per_alert_email_one_per_recipient_and_run(
    world: World, morning: Morning, due: Due
) -> None:
    someone = await world.coordinator()
    schedules = [
        await due(morning.clock.now - timedelta(hours=n), someone, name=f"Thing {n}") for n in range(3)
    ]
    await morning.check()
    await morning.deliver()
    assert len(morning.sink.messages("in-app")) == 3
    [mail] = morning.sink.messages("email")
    assert mail["subject"] == "3 maintenance tasks need you: 2 overdue"
    assert all(f"(/schedules/{schedule})" in mail["text"] for schedule in schedules)
    assert mail["text"].index("Thing 2") < mail["text"].index("Thing 1") < mail["text"].index("Thing 0")
    assert morning.sink.messages("sms") == []


async def test_sms_only_to_premium_recipients_and_only_when_overdue(
    world: World, morning: Morning, due: Due
) -> None:
    premium, plain = await world.actor(premium=True), await world.actor()
    for someone in (premium, plain):
        await due(morning.clock.now - DAY, owner=someone, name="Band saw")
        await due(morning.clock.now + timedelta(hours=1), owner=someone, name="Trailer")
    await due(morning.clock.now + timedelta(hours=1), owner=await world.actor(premium=True))
    await morning.check()
    await morning.deliver()
    [message] = morning.sink.messages("sms")
    assert message["user_id"] == str(premium.id)
    assert message["text"] == "1 maintenance task is overdue: inspection of Band saw"


async def test_planned_in_the_transaction_of_the_run_with_its_jobs(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    await morning.check()
    together = await morning.rows(
        """SELECT count(DISTINCT xid) FROM (
               SELECT xmin::text AS xid FROM maintenance_alerts
               UNION ALL SELECT xmin::text FROM maintenance_deliveries
               UNION ALL SELECT xmin::text FROM maintenance_runs
               UNION ALL SELECT xmin::text FROM procrastinate_jobs) AS rows"""
    )
    jobs = await morning.rows("SELECT task_name FROM procrastinate_jobs")
    # Enqueueing is a savepoint of the same transaction, which has a number of its own.
    assert together[0] <= 2
    assert jobs == ["communityshare.maintenance.alerts.deliver.deliver_waiting"]


async def test_missed_runs_down_at_six_started_at_nine_runs_at_once(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    await morning.check(SIX + timedelta(hours=3))
    assert await morning.rows("SELECT trigger, scheduled_for, alerts_created FROM maintenance_runs") == [
        ("catch_up", SIX, 1)
    ]


async def test_missed_runs_down_for_a_week_is_one_run(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    await morning.check()
    week_later = SIX + 7 * DAY + timedelta(hours=3)
    await morning.check(week_later)
    await morning.check(week_later + timedelta(minutes=5))
    assert await morning.rows("SELECT trigger, scheduled_for FROM maintenance_runs ORDER BY started_at") == [
        ("cron", SIX),
        ("catch_up", SIX + 7 * DAY),
    ]


async def test_missed_runs_ten_workers_make_one_run_per_tick(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    await asyncio.gather(*[daily_check(morning.parts) for _ in range(10)])
    assert await morning.rows("SELECT count(*) FROM maintenance_runs") == [1]
    assert await morning.rows("SELECT count(*) FROM maintenance_alerts") == [1]


async def test_missed_runs_nothing_is_made_up_for_the_time_before_the_installation(
    morning: Morning, database: AsyncConnection
) -> None:
    await database.execute("UPDATE feature_flags SET created_at = %s", (SIX + timedelta(hours=1),))
    await morning.check(SIX + timedelta(hours=3))
    assert await morning.rows("SELECT count(*) FROM maintenance_runs") == [0]


async def test_flag_off_the_job_plans_and_sends_nothing(
    world: World, morning: Morning, due: Due, database: AsyncConnection
) -> None:
    admin = await world.admin()
    await due(assignee=await world.coordinator())
    await database.execute("UPDATE feature_flags SET enabled = false")
    await morning.check()
    await morning.deliver()
    assert await morning.rows("SELECT status, schedules_checked FROM maintenance_runs") == [("disabled", 0)]
    assert await morning.rows("SELECT count(*) FROM maintenance_alerts") == [0]
    assert morning.sink.requests == []
    hidden = await admin.get("/api/maintenance/alerts")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "feature_disabled")
