"""The calendar through HTTP: each occurrence once, in its state."""

from typing import Any

import icalendar
import pytest

from communityshare.infra.ids import new_id
from tests.world import SCHEDULES, Actor, World

CALENDAR = "/api/maintenance/calendar"
LOGS = "/api/maintenance/logs"
SPRING = {"from": "2026-01-01T00:00:00Z", "to": "2026-07-01T00:00:00Z"}


async def events(actor: Actor, **params: Any) -> list[dict[str, Any]]:
    answer = await actor.get(CALENDAR, params={**SPRING, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["events"]


def shown(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(event["start"][:10], event["kind"], event["status"]) for event in found]


async def test_done_overdue_and_to_come_stand_once_each(world: World) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    thing = await world.resource(name="Band saw")
    plan = await world.schedule(
        admin, thing, start_date="2026-01-31T08:00:00Z", assigned_to=coordinator.id, schedule_type="oiling"
    )
    body = {"schedule_id": plan["id"], "performed_at": "2026-02-01T10:00:00Z"}
    done = (await admin.post(LOGS, body)).json()
    found = await events(admin)
    assert shown(found) == [
        ("2026-02-01", "log", "completed"),
        ("2026-02-28", "occurrence", "overdue"),
        ("2026-03-31", "occurrence", "scheduled"),
        ("2026-04-30", "occurrence", "scheduled"),
        ("2026-05-31", "occurrence", "scheduled"),
        ("2026-06-30", "occurrence", "scheduled"),
    ]
    log, overdue = found[:2]
    assert (log["log_id"], log["id"], log["schedule_id"]) == (done["id"], done["id"], plan["id"])
    assert log["performer"]["id"] == str(admin.id)
    assert overdue["log_id"] is None
    assert overdue["title"] == "Band saw: oiling"
    assert overdue["resource"] == {"id": str(thing), "name": "Band saw"}
    assert overdue["assignee"] == {"id": str(coordinator.id), "name": coordinator.user.name}
    assert len({event["id"] for event in found}) == len(found)


async def test_missed_dates_between_the_open_one_and_now_are_not_shown(world: World) -> None:
    admin = await world.admin()
    await world.schedule(admin, start_date="2026-01-31T08:00:00Z", frequency="weekly")
    found = await events(admin, to="2026-03-15T00:00:00Z")
    assert shown(found) == [
        ("2026-01-31", "occurrence", "overdue"),
        ("2026-03-07", "occurrence", "scheduled"),
        ("2026-03-14", "occurrence", "scheduled"),
    ]


async def test_the_range_holds_its_first_instant_and_not_its_last(world: World) -> None:
    admin = await world.admin()
    await world.schedule(admin, start_date="2026-03-10T08:00:00Z", frequency="daily")
    found = await events(admin, **{"from": "2026-03-11T08:00:00Z", "to": "2026-03-13T08:00:00Z"})
    assert [event["start"] for event in found] == ["2026-03-11T08:00:00Z", "2026-03-12T08:00:00Z"]


async def test_floating_is_projected_from_the_open_date(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, start_date="2026-02-01T08:00:00Z", recurrence_mode="floating")
    await admin.post(LOGS, {"schedule_id": plan["id"], "performed_at": "2026-02-15T08:00:00Z"})
    assert [start for start, kind, _ in shown(await events(admin)) if kind == "occurrence"] == [
        "2026-03-15",
        "2026-04-15",
        "2026-05-15",
        "2026-06-15",
    ]


async def test_ends_and_rules_are_kept(world: World) -> None:
    admin = await world.admin()
    await world.schedule(admin, start_date="2026-03-10T08:00:00Z", end_date="2026-04-20T08:00:00Z")
    await world.schedule(
        admin, frequency="custom", rrule="FREQ=MONTHLY;BYDAY=2TU;COUNT=2", start_date="2026-03-10T08:00:00Z"
    )
    await world.schedule(admin, frequency="once", start_date="2026-03-12T08:00:00Z")
    assert [start for start, _, _ in shown(await events(admin))] == [
        "2026-03-10",
        "2026-03-10",
        "2026-03-12",
        "2026-04-10",
        "2026-04-14",
    ]


async def test_deleted_plans_and_voided_logs_are_gone(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    log = (await admin.post(LOGS, {"resource_id": plan["resource_id"]})).json()
    await admin.delete(f"{SCHEDULES}/{plan['id']}")
    assert shown(await events(admin)) == [("2026-03-02", "log", "completed")]
    await admin.delete(f"{LOGS}/{log['id']}", params={"reason": "wrong"})
    assert await events(admin) == []


async def test_filters(world: World) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    one = await world.schedule(
        admin, frequency="once", schedule_type="oiling", assigned_to=coordinator.id, start_date="2026-03-01T08:00:00Z"
    )  # fmt: skip
    await world.schedule(admin, frequency="once", start_date="2026-03-05T08:00:00Z")
    repair = (await admin.post(LOGS, {"resource_id": one["resource_id"]})).json()
    due = {"oiling": "overdue", "inspection": "scheduled"}

    async def titles(**params: Any) -> list[str]:
        return [event["title"].split(": ")[1] for event in await events(admin, **params)]

    assert await titles() == ["oiling", "repair", "inspection"]
    assert await titles(resource_id=one["resource_id"]) == ["oiling", "repair"]
    assert await titles(schedule_type="oiling") == ["oiling"]
    assert await titles(assigned_to=str(coordinator.id)) == ["oiling"]
    assert await titles(assigned_to=str(new_id())) == []
    for title, status in due.items():
        assert await titles(status=status) == [title]
    assert [event["log_id"] for event in await events(admin, status="completed")] == [repair["id"]]


async def test_everyone_sees_their_own(world: World) -> None:
    admin, assignee, other, owner, stranger = (
        await world.admin(), await world.coordinator(), await world.coordinator(), await world.member(),
        await world.member(),
    )  # fmt: skip
    thing = await world.resource(owner)
    await world.schedule(admin, thing, assigned_to=assignee.id, frequency="once")
    await other.post(LOGS, {"resource_id": str(thing)})
    kinds = [
        [event["kind"] for event in await events(actor)]
        for actor in (admin, assignee, other, owner, stranger)
    ]
    assert kinds == [["log", "occurrence"], ["occurrence"], ["log"], ["log", "occurrence"], []]
    assert (await world.http.get(CALENDAR, params=SPRING)).status_code == 401


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2027-02-05T00:00:01Z"}, "to"),
        ({"from": "2026-01-01T00:00:00", "to": "2026-01-02T00:00:00Z"}, "from"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00"}, "to"),
        ({"to": "2026-01-02T00:00:00Z"}, "from"),
        ({"from": "2026-01-02T00:00:00Z"}, "to"),
        ({"from": "yesterday", "to": "2026-01-02T00:00:00Z"}, "from"),
        ({**SPRING, "status": "due_soon"}, "status"),
        ({**SPRING, "resource_id": "7"}, "resource_id"),
    ],
)
async def test_a_wrong_range_is_422_and_names_the_field(
    world: World, params: dict[str, str], field: str
) -> None:
    admin = await world.admin()
    answer = await admin.get(CALENDAR, params=params)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("first", ["0001-01-01T00:00:00+14:00", "9999-12-01T00:00:00Z"])
async def test_the_ends_of_time_hold_nothing(world: World, first: str) -> None:
    admin = await world.admin()
    await world.schedule(admin, start_date="2026-03-10T08:00:00Z")
    end = "0001-02-01T00:00:00Z" if first < "1" else "9999-12-31T23:59:59-14:00"
    assert await events(admin, **{"from": first, "to": end}) == []


async def test_too_many_events_ask_for_less(world: World) -> None:
    admin = await world.admin()
    for _ in range(14):
        await world.schedule(admin, frequency="daily", start_date="2026-03-10T08:00:00Z")
    year = {"from": "2026-03-10T00:00:00Z", "to": "2027-03-10T00:00:00Z"}
    answer = await admin.get(CALENDAR, params=year)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_events")
    assert len(await events(admin, **{**year, "to": "2027-03-01T00:00:00Z"})) == 14 * 356


async def test_the_feed_is_a_calendar_that_programs_read(world: World) -> None:
    admin = await world.admin()
    thing = await world.resource(name="Saw; big, «old»" + "ä" * 80)
    plan = await world.schedule(admin, thing, frequency="once", start_date="2026-03-01T08:00:00Z")
    await admin.post(LOGS, {"resource_id": str(thing)})
    answer = await admin.get(f"{CALENDAR}.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    entries = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(entry["summary"]) for entry in entries] == [
        f"! Saw; big, «old»{'ä' * 80}: inspection",
        f"✓ Saw; big, «old»{'ä' * 80}: repair",
    ]
    assert entries[0].start.isoformat() == "2026-03-01T08:00:00+00:00"
    assert str(entries[0]["url"]).endswith(f"/schedules/{plan['id']}")
    assert len({str(entry["uid"]) for entry in entries}) == 2
    assert (await world.http.get(f"{CALENDAR}.ics")).status_code == 401


async def test_the_feed_takes_the_same_filters(world: World) -> None:
    admin = await world.admin()
    await world.schedule(admin, frequency="once")
    answer = await admin.get(f"{CALENDAR}.ics", params={**SPRING, "status": "overdue"})
    assert icalendar.Calendar.from_ical(answer.content).walk("VEVENT") == []
