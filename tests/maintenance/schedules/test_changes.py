"""What a change of a plan does to its next due date, and what it leaves alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import TestClock
from tests.world import SCHEDULES, Actor, World

LOGS = "/api/maintenance/logs"


@pytest.fixture
def clock() -> TestClock:
    """Tests move it to the days on which things happen."""
    clock = TestClock()
    clock.now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    return clock


async def _done_on(world: World, admin: Actor, clock: TestClock, day: str, **plan: Any) -> dict[str, Any]:
    """Return a plan from 5 January on, its first occurrence closed on `day`."""
    schedule = await world.schedule(admin, start_date="2026-01-05T09:00:00Z", **plan)
    clock.now = datetime.fromisoformat(f"{day}T12:00:00Z")
    await world.sign_in_again(admin)
    logged = await admin.post(LOGS, {"schedule_id": schedule["id"]})
    assert logged.json()["due_date"] == "2026-01-05T09:00:00Z"
    return (await admin.get(f"{SCHEDULES}/{schedule['id']}")).json()


async def _changed(admin: Actor, schedule: dict[str, Any], **changes: Any) -> Any:
    answer = await admin.patch(f"{SCHEDULES}/{schedule['id']}", changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start_date": "2026-02-10T09:00:00Z"}, "2026-02-10T09:00:00Z"),
        ({"start_date": "2025-12-10T09:00:00Z"}, "2025-12-10T09:00:00Z"),
        ({"frequency": "once"}, "2026-01-05T09:00:00Z"),
        ({"frequency": "weekly", "start_date": "2026-01-07T09:00:00Z"}, "2026-01-07T09:00:00Z"),
    ],
    ids=str,
)
async def test_before_any_work_the_next_due_date_is_the_start(
    world: World, changes: dict[str, Any], expected: str
) -> None:
    admin = await world.admin()
    schedule = await world.schedule(admin, start_date="2026-01-05T09:00:00Z")
    assert (await _changed(admin, schedule, **changes))["next_due_date"] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"frequency": "weekly"}, "2026-01-12T09:00:00Z"),
        ({"interval": 2}, "2026-03-05T09:00:00Z"),
        ({"start_date": "2026-01-20T09:00:00Z"}, "2026-01-20T09:00:00Z"),
        ({"start_date": "2025-12-05T09:00:00Z"}, "2026-02-05T09:00:00Z"),
        ({"frequency": "custom", "rrule": "FREQ=WEEKLY;BYDAY=WE"}, "2026-01-07T09:00:00Z"),
        ({"end_date": "2026-01-31T00:00:00Z"}, None),
        ({"frequency": "once"}, None),
        ({"recurrence_mode": "floating"}, "2026-02-05T12:00:00Z"),
    ],
    ids=str,
)
async def test_a_completed_occurrence_is_never_opened_again(
    world: World, clock: TestClock, changes: dict[str, Any], expected: str | None
) -> None:
    admin = await world.admin()
    schedule = await _done_on(world, admin, clock, "2026-01-05")
    changed = await _changed(admin, schedule, **changes)
    assert changed["next_due_date"] == expected
    assert (changed["status"] == "completed") == (expected is None)


async def test_what_late_work_skipped_is_not_opened_by_a_change(world: World, clock: TestClock) -> None:
    admin = await world.admin()
    schedule = await _done_on(world, admin, clock, "2026-03-20")
    assert schedule["next_due_date"] == "2026-04-05T09:00:00Z"
    ended = await _changed(admin, schedule, end_date="2026-12-31T00:00:00Z")
    assert ended["next_due_date"] == "2026-04-05T09:00:00Z"
    weekly = await _changed(admin, schedule, frequency="weekly")
    assert weekly["next_due_date"] == "2026-03-23T09:00:00Z"


async def test_floating_goes_on_counting_from_the_work(world: World, clock: TestClock) -> None:
    admin = await world.admin()
    schedule = await _done_on(world, admin, clock, "2026-03-20", recurrence_mode="floating")
    assert schedule["next_due_date"] == "2026-04-20T12:00:00Z"
    assert (await _changed(admin, schedule, interval=2))["next_due_date"] == "2026-05-20T12:00:00Z"


async def test_the_whole_form_sent_back_changes_nothing(world: World, clock: TestClock) -> None:
    admin = await world.admin()
    schedule = await _done_on(world, admin, clock, "2026-03-20", recurrence_mode="floating")
    names = ("schedule_type", "frequency", "start_date", "interval", "rrule", "recurrence_mode", "end_date",
             "description", "assigned_to")  # fmt: skip
    form = {name: schedule[name] for name in names}
    assert await _changed(admin, schedule, **form) == schedule
    assert await _changed(admin, schedule) == schedule
    described = await _changed(admin, schedule, **{**form, "description": "New words"})
    assert described["next_due_date"] == schedule["next_due_date"]
    assert described["version"] == schedule["version"] + 1


async def test_instants_with_another_offset_are_answered_in_utc(world: World) -> None:
    admin = await world.admin()
    schedule = await world.schedule(
        admin, start_date="2026-01-05T00:30:00+14:00", end_date="2026-12-31T23:59:59-11:00"
    )
    assert schedule["start_date"] == schedule["next_due_date"] == "2026-01-04T10:30:00Z"
    assert schedule["end_date"] == "2027-01-01T10:59:59Z"
    assert (await admin.get(f"{SCHEDULES}/{schedule['id']}")).json() == schedule


async def test_a_leap_day_of_another_zone_and_the_last_year_are_taken(world: World) -> None:
    admin = await world.admin()
    leap = await world.schedule(admin, start_date="2028-02-29T23:30:00-10:00", frequency="annual")
    assert leap["start_date"] == "2028-03-01T09:30:00Z"
    last = await world.schedule(admin, start_date="2999-12-31T23:59:59-14:00")
    assert last["start_date"] == "3000-01-01T13:59:59Z"
    assert (await admin.get(f"{SCHEDULES}/{last['id']}")).json() == last


async def test_an_overdue_plan_that_was_never_done_stays_overdue(world: World, clock: TestClock) -> None:
    admin = await world.admin()
    schedule = await world.schedule(admin, start_date="2026-01-05T09:00:00Z")
    clock.now += timedelta(days=90)
    await world.sign_in_again(admin)
    changed = await _changed(admin, schedule, end_date="2026-12-31T00:00:00Z")
    assert (changed["next_due_date"], changed["status"]) == ("2026-01-05T09:00:00Z", "overdue")
