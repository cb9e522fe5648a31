"""«Delivery», sentence by sentence, against a Notification Service that misbehaves."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from psycopg import AsyncConnection

from communityshare.jobs.queue import open_parts
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.deliver import deliver_waiting, settle, work_through
from communityshare.maintenance.alerts.queries import Outcome
from communityshare.maintenance.alerts.rules import Channel
from tests.conftest import TestClock
from tests.maintenance.alerts.conftest import HASTY, Due, Morning
from tests.stand_ins.notification_sink import Received
from tests.world import World

LONGER_THAN_ANY_BACKOFF = timedelta(minutes=11)
DELIVERIES = "/api/maintenance/alerts/deliveries"


async def test_the_request_carries_token_key_and_correlation_id(
    world: World, morning: Morning, due: Due
) -> None:
    someone = await world.coordinator()
    schedule = await due(assignee=someone, name="Drill *2000*")
    await morning.check()
    await morning.deliver()
    [request] = [request for request in morning.sink.requests if request.channel == "in-app"]
    [delivery] = await morning.rows("SELECT id FROM maintenance_deliveries WHERE channel = 'in_app'")
    assert request.path == "/api/notifications/in-app"
    assert request.headers["authorization"] == f"Bearer {morning.sink.token}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-correlation-id"]
    assert UUID(request.key) == delivery
    assert request.body == {
        "user_id": str(someone.id),
        "subject": "Due soon: inspection of Drill *2000*",
        "text": r"**Inspection of Drill \*2000\*** is due on Monday, 2 March 2026 at 08:00 (UTC).",
        "url": f"/schedules/{schedule}",
        "category": "maintenance",
    }


@pytest.mark.parametrize("fault", ["503", "429", "timeout", "reset", "html", "redirect"])
async def test_a_failure_is_retried_three_times_then_it_is_a_dead_letter(
    world: World, morning: Morning, due: Due, fault: str
) -> None:
    admin = await world.admin()
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda _: fault
    await morning.check()
    await morning.deliver()
    for attempts in (1, 2, 3):
        assert await morning.deliveries() == [("pending", attempts)]
        await morning.deliver(after=LONGER_THAN_ANY_BACKOFF)
    assert await morning.deliveries() == [("failed", 4)]
    await morning.deliver(after=LONGER_THAN_ANY_BACKOFF)
    assert len([request for request in morning.sink.requests if request.channel == "in-app"]) == 4
    dead = (await admin.get(DELIVERIES, params={"status": "failed"})).json()["items"]
    assert {item["channel"] for item in dead} == {"in_app", "email"}
    assert all(item["last_error"] and item["next_attempt_at"] is None for item in dead)
    [run] = (await admin.get("/api/maintenance/alerts/runs")).json()["items"]
    assert (run["status"], run["failed"], run["sent"]) == ("finished", 2, 0)


async def test_a_refused_connection_is_retried_and_the_rest_waits(
    world: World, morning: Morning, due: Due
) -> None:
    someone = await world.coordinator()
    for _ in range(60):
        await due(assignee=someone)
    nowhere = msgspec.structs.replace(morning.parts.settings, notifications_url="http://127.0.0.1:9")
    await morning.check()
    async with open_parts(nowhere, morning.clock, HASTY) as parts:
        await work_through(parts)
    attempts = await morning.rows(
        "SELECT attempts, count(*) FROM maintenance_deliveries WHERE channel = 'in_app' GROUP BY 1 ORDER BY 1"
    )
    # A service that is away costs a few attempts, not everybody's.
    assert attempts[0][0] == 0
    assert attempts[0][1] > 30
    await morning.deliver(after=LONGER_THAN_ANY_BACKOFF)
    assert {status for status, _ in await morning.deliveries()} == {"sent"}


async def test_another_4xx_is_final(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda _: "422"
    await morning.check()
    await morning.deliver()
    assert await morning.deliveries() == [("failed", 1)]
    assert (await morning.rows("SELECT DISTINCT last_error FROM maintenance_deliveries"))[0].startswith(
        "answered 422"
    )


async def test_retry_after_is_honoured(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    morning.sink.fault, morning.sink.retry_after = lambda _: "429", 1234
    await morning.check()
    await morning.deliver()
    waits = await morning.rows("SELECT next_attempt_at FROM maintenance_deliveries")
    assert set(waits) == {morning.clock.now + timedelta(seconds=1234)}
    await morning.deliver(after=timedelta(seconds=1233))
    assert await morning.deliveries() == [("pending", 1)]


async def test_a_dead_letter_is_replayed_under_the_same_key(world: World, morning: Morning, due: Due) -> None:
    admin = await world.admin()
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda request: "422" if request.channel == "in-app" else None
    await morning.check()
    await morning.deliver()
    [dead] = (await admin.get(DELIVERIES, params={"status": "failed"})).json()["items"]
    morning.sink.fault = lambda _: None
    assert (await admin.post(f"{DELIVERIES}/{dead['id']}/retry")).status_code == 202
    await morning.deliver()
    keys = [request.key for request in morning.sink.requests if request.channel == "in-app"]
    assert keys == [dead["id"], dead["id"]]
    assert await morning.deliveries() == [("sent", 1)]
    again = await admin.post(f"{DELIVERIES}/{dead['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "not_failed")
    unknown = await admin.post(f"{DELIVERIES}/{UUID(int=7)}/retry")
    assert unknown.status_code == 404


async def test_all_dead_letters_are_replayed_at_once_and_nothing_else(
    world: World, morning: Morning, due: Due
) -> None:
    admin = await world.admin()
    await due(assignee=await world.coordinator())
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda request: "422" if request.channel == "in-app" else None
    await morning.check()
    await morning.deliver()
    assert await morning.deliveries() == [("failed", 1)] * 2
    morning.sink.fault = lambda _: None
    answer = await admin.post(f"{DELIVERIES}/retry")
    assert (answer.status_code, answer.json()) == (202, {"retried": 2})
    await morning.deliver()
    keys = [request.key for request in morning.sink.requests]
    assert (len(keys), len(set(keys))) == (6, 4)
    assert await morning.deliveries() == [("sent", 1)] * 2
    assert (await admin.post(f"{DELIVERIES}/retry")).json() == {"retried": 0}


async def test_reset_after_processing_sends_again_under_the_same_key(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda _: "reset"
    await morning.check()
    await morning.deliver()
    morning.sink.fault = lambda _: None
    await morning.deliver(after=LONGER_THAN_ANY_BACKOFF)
    assert len(morning.sink.requests) == 4
    assert len(morning.sink.taken) == 2
    assert await morning.deliveries() == [("sent", 2)]


async def test_one_channel_never_blocks_another(world: World, morning: Morning, due: Due) -> None:
    someone = await world.coordinator()
    for _ in range(20):
        await due(assignee=someone)
    mailed = asyncio.Event()

    def hang_in_app(request: Received) -> str | None:
        if request.channel == "in-app":
            return "timeout"
        mailed.set()
        return None

    morning.sink.fault = hang_in_app
    await morning.check()
    sending = asyncio.create_task(work_through(morning.parts))
    await mailed.wait()
    assert not sending.done()
    await sending
    assert await morning.deliveries("email") == [("sent", 1)]


async def test_one_recipient_never_blocks_another(world: World, morning: Morning, due: Due) -> None:
    unlucky, other = await world.coordinator(), await world.coordinator()
    for someone in (unlucky, other):
        for _ in range(10):
            await due(assignee=someone)
    morning.sink.fault = lambda request: "503" if request.body["user_id"] == str(unlucky.id) else None
    await morning.check()
    await morning.deliver()
    told = {message["user_id"] for message in morning.sink.messages("in-app")}
    assert told == {str(other.id)}
    assert sorted(await morning.deliveries()) == [("pending", 1)] * 10 + [("sent", 1)] * 10


async def test_an_answer_in_no_known_letters_harms_nobody_else(
    world: World, morning: Morning, due: Due
) -> None:
    unlucky = await world.member()
    await due(owner=unlucky)
    for _ in range(3):
        await due(owner=await world.member())
    morning.sink.fault = lambda request: "latin" if request.body["user_id"] == str(unlucky.id) else None
    await morning.check()
    await morning.deliver()
    assert sorted(await morning.deliveries()) == [("pending", 1), *[("sent", 1)] * 3]
    errors = await morning.rows("SELECT DISTINCT last_error FROM maintenance_deliveries WHERE attempts = 1")
    assert "answered 503: text/html; charset=ber" in errors


async def test_suppressed_by_preferences_is_no_failure(world: World, morning: Morning, due: Due) -> None:
    someone = await world.coordinator()
    await due(assignee=someone)
    morning.sink.suppressed.add(str(someone.id))
    await morning.check()
    await morning.deliver()
    assert await morning.rows(
        "SELECT DISTINCT status::text, suppressed_reason FROM maintenance_deliveries"
    ) == [("suppressed", "preferences")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE maintenance_schedules SET next_due_date = next_due_date + interval '30 days'", "completed"),
        ("UPDATE maintenance_schedules SET next_due_date = NULL", "completed"),
        ("UPDATE maintenance_schedules SET deleted_at = now()", "deleted"),
        ("UPDATE resources SET deleted_at = now()", "deleted"),
        ("UPDATE feature_flags SET enabled = false", "feature_disabled"),
        ("UPDATE users SET active = false", "inactive"),
    ],
)
async def test_what_no_longer_holds_just_before_sending_is_suppressed(
    world: World, morning: Morning, due: Due, database: AsyncConnection, change: str, reason: str
) -> None:
    await due(morning.clock.now - timedelta(days=1), owner=await world.actor(premium=True))
    await morning.check()
    await database.execute(change)  # type: ignore[arg-type]
    await morning.deliver()
    assert morning.sink.requests == []
    assert await morning.rows(
        "SELECT DISTINCT status::text, suppressed_reason FROM maintenance_deliveries"
    ) == [("suppressed", reason)]


async def test_a_mail_lists_only_what_still_holds(
    world: World, morning: Morning, due: Due, database: AsyncConnection
) -> None:
    someone = await world.coordinator()
    done, _open = await due(assignee=someone, name="Ladder"), await due(assignee=someone, name="Tent")
    await morning.check()
    await database.execute("UPDATE maintenance_schedules SET next_due_date = NULL WHERE id = %s", (done,))
    await morning.deliver()
    [mail] = morning.sink.messages("email")
    assert mail["subject"] == "1 maintenance task needs you"
    assert "Tent" in mail["text"]
    assert "Ladder" not in mail["text"]


async def test_a_paused_worker_cannot_acknowledge_what_another_took_over(
    world: World, morning: Morning, due: Due, database: AsyncConnection
) -> None:
    await due(assignee=await world.coordinator())
    await morning.check()
    now = morning.clock.now
    [paused] = await queries.claim(database, Channel.in_app, now, now + timedelta(seconds=60), 5, None)
    assert await queries.claim(database, Channel.in_app, now, now, 5, None) == []
    later = now + timedelta(seconds=61)
    [taken_over] = await queries.claim(
        database, Channel.in_app, later, later + timedelta(seconds=60), 5, None
    )
    sent = Outcome(status="sent")
    assert await queries.acknowledge(database, [(paused, sent)], later) == [False]
    assert await morning.deliveries() == [("pending", 0)]
    assert await queries.acknowledge(database, [(taken_over, sent)], later) == [True]
    assert await morning.deliveries() == [("sent", 1)]


async def test_sends_are_a_window_not_a_flood(world: World, morning: Morning, due: Due) -> None:
    someone = await world.coordinator()
    for _ in range(40):
        await due(assignee=someone)
    await morning.check()
    under_way: list[int] = []
    morning.sink.fault = lambda _: under_way.append(len(morning.sink.connections))
    await morning.deliver()
    assert max(under_way) <= morning.parts.policy.window + 1, "one mail beside the in-app messages"


async def test_a_stopping_worker_claims_no_more_and_gives_back_what_it_held(
    world: World, morning: Morning, due: Due
) -> None:
    someone = await world.coordinator()
    for _ in range(40):
        await due(assignee=someone)
    await morning.check()

    def stop(_request: object) -> None:
        morning.parts.stopping.set()

    morning.sink.fault = stop
    await deliver_waiting(morning.parts)
    held = await morning.rows(
        "SELECT count(*) FROM maintenance_deliveries WHERE status = 'pending' AND leased_until IS NOT NULL"
    )
    assert held == [0]
    sent = await morning.rows("SELECT count(*) FROM maintenance_deliveries WHERE status = 'sent'")
    assert sent[0] == len(morning.sink.requests) < 40
    left = await morning.rows("SELECT queueing_lock FROM procrastinate_jobs WHERE queueing_lock IS NOT NULL")
    assert left == ["deliveries left by a stopped worker"]


async def test_a_retry_has_a_job_at_its_time(world: World, morning: Morning, due: Due) -> None:
    await due(assignee=await world.coordinator())
    morning.sink.fault = lambda _: "503"
    await morning.check()
    await deliver_waiting(morning.parts)
    planned = await morning.rows("SELECT scheduled_at FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL")
    assert planned == await morning.rows("SELECT min(next_attempt_at) FROM maintenance_deliveries")


class HurryingClock(TestClock):
    """Ten seconds pass from one look at it to the next."""

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=10)
        return self.now


async def test_a_check_that_waits_sees_what_other_workers_hold_to_its_end(
    world: World, morning: Morning, due: Due
) -> None:
    await due(assignee=await world.coordinator())
    await morning.check()
    [run_id] = await morning.rows("SELECT id FROM maintenance_runs")
    clock, connection = HurryingClock(), morning.database
    clock.now = morning.clock.now
    for channel in Channel:
        await queries.claim(connection, channel, clock.now, clock.now + HASTY.lease, 9, run_id)
    async with open_parts(morning.parts.settings, clock, HASTY) as parts:
        await settle(parts, run_id)
    assert [*await morning.deliveries(), *await morning.deliveries("email")] == [("sent", 1)] * 2
