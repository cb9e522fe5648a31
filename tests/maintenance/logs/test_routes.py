"""Logs through HTTP, then a look into the database."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection, errors

from communityshare.infra.ids import new_id
from tests.world import SCHEDULES, Actor, World

LOGS = "/api/maintenance/logs"


async def log(actor: Actor, **body: Any) -> dict[str, Any]:
    answer = await actor.post(LOGS, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def next_due(actor: Actor, schedule: dict[str, Any]) -> str | None:
    return (await actor.get(f"{SCHEDULES}/{schedule['id']}")).json()["next_due_date"]


async def test_a_log_closes_the_open_occurrence_and_moves_the_plan(
    world: World, database: AsyncConnection
) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    plan = await world.schedule(admin, assigned_to=coordinator.id, start_date="2026-03-31T08:00:00Z")
    made = await log(
        coordinator, schedule_id=plan["id"], notes="Blade *oiled*.", issues_found="minor",
        due_date="2026-03-31T10:00:00+02:00",
    )  # fmt: skip
    assert made["due_date"] == "2026-03-31T08:00:00Z"
    assert (made["notes"], made["issues_found"], made["photos"]) == ("Blade *oiled*.", "minor", [])
    assert made["performer"] == {"id": str(coordinator.id), "name": coordinator.user.name}
    assert made["resource"] == {"id": plan["resource_id"], "name": "Cordless drill"}
    assert (made["schedule_type"], made["version"], made["voided_at"]) == ("inspection", 1, None)
    after = (await coordinator.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert (after["next_due_date"], after["version"]) == ("2026-04-30T08:00:00Z", 2)
    assert after["last_performed_at"] == made["performed_at"] == "2026-03-02T09:30:00Z"
    rows = await (
        await database.execute("SELECT log_id::text, due_date FROM maintenance_completions")
    ).fetchall()
    assert rows == [(made["id"], datetime.fromisoformat("2026-03-31T08:00:00Z"))]
    audited = await (await database.execute("SELECT action FROM audit_log ORDER BY id")).fetchall()
    assert audited == [("schedule.create",), ("log.create",)]
    answer = await coordinator.get(f"{LOGS}/{made['id']}")
    assert answer.json() == made


async def test_late_work_does_not_pile_up(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, frequency="weekly", start_date="2026-01-05T08:00:00Z")
    made = await log(admin, schedule_id=plan["id"])
    assert made["due_date"] == "2026-01-05T08:00:00Z"
    assert await next_due(admin, plan) == "2026-03-09T08:00:00Z"


async def test_work_before_the_previous_due_date_is_history(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, frequency="weekly", start_date="2026-03-02T08:00:00Z")
    await log(admin, schedule_id=plan["id"])
    old = await log(admin, schedule_id=plan["id"], performed_at="2026-02-20T08:00:00Z")
    assert old["due_date"] is None
    assert await next_due(admin, plan) == "2026-03-09T08:00:00Z"


async def test_floating_counts_from_the_work(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, recurrence_mode="floating", start_date="2026-02-01T08:00:00Z")
    await log(admin, schedule_id=plan["id"], performed_at="2026-02-10T12:00:00Z")
    assert await next_due(admin, plan) == "2026-03-10T12:00:00Z"
    earlier = await log(admin, schedule_id=plan["id"], performed_at="2026-02-09T12:00:00Z")
    assert earlier["due_date"] is None
    assert await next_due(admin, plan) == "2026-03-10T12:00:00Z"


async def done_early_and_twice(world: World) -> tuple[Actor, dict[str, Any], list[dict[str, Any]]]:
    """A floating weekly plan whose second due date lies before the first, because its first work was early."""
    admin = await world.admin()
    plan = await world.schedule(
        admin, frequency="weekly", recurrence_mode="floating", start_date="2026-02-22T08:00:00Z"
    )
    made = [
        await log(admin, schedule_id=plan["id"], performed_at=f"2026-02-{day}T08:00:00Z")
        for day in ("08", "15")
    ]
    assert [item["due_date"] for item in made] == ["2026-02-22T08:00:00Z", "2026-02-15T08:00:00Z"]
    return admin, plan, made


async def test_early_floating_work_leads_past_the_date_it_closed(world: World) -> None:
    admin, plan, _ = await done_early_and_twice(world)
    assert await next_due(admin, plan) == "2026-02-23T08:00:00Z"
    for change in ({"interval": 2}, {"interval": 1}):
        assert (await admin.patch(f"{SCHEDULES}/{plan['id']}", change)).status_code == 200
    assert await next_due(admin, plan) == "2026-02-23T08:00:00Z"
    third = await log(admin, schedule_id=plan["id"], performed_at="2026-02-22T08:00:00Z")
    assert third["due_date"] == "2026-02-23T08:00:00Z"
    assert await next_due(admin, plan) == "2026-03-01T08:00:00Z"


async def test_of_floating_work_the_last_counts_when_it_is_voided_or_amended(world: World) -> None:
    admin, plan, (first, second) = await done_early_and_twice(world)

    async def stands() -> tuple[str, str]:
        found = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
        return found["next_due_date"], found["last_performed_at"]

    async def amend(item: dict[str, Any], performed_at: str) -> None:
        change = {"performed_at": performed_at, "reason": "misread"}
        assert (await admin.patch(f"{LOGS}/{item['id']}", change)).status_code == 200

    await amend(first, "2026-02-07T08:00:00Z")
    assert await stands() == ("2026-02-23T08:00:00Z", "2026-02-15T08:00:00Z")
    await amend(second, "2026-02-06T08:00:00Z")
    assert await stands() == ("2026-02-14T08:00:00Z", "2026-02-07T08:00:00Z")
    await amend(second, "2026-02-16T08:00:00Z")
    assert await stands() == ("2026-02-23T08:00:00Z", "2026-02-16T08:00:00Z")
    assert (await admin.delete(f"{LOGS}/{second['id']}", params={"reason": "wrong drill"})).status_code == 204
    assert await stands() == (second["due_date"], "2026-02-07T08:00:00Z")


async def test_once_is_completed_and_takes_history_afterwards(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, frequency="once")
    await log(admin, schedule_id=plan["id"])
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert (after["next_due_date"], after["status"]) == (None, "completed")
    assert (await log(admin, schedule_id=plan["id"]))["due_date"] is None


async def test_the_last_occurrence_before_the_end_completes_the_plan(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, start_date="2026-03-01T08:00:00Z", end_date="2026-03-20T08:00:00Z")
    await log(admin, schedule_id=plan["id"])
    assert (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()["status"] == "completed"


@pytest.mark.parametrize("start", ["2026-03-01T08:00:00Z", "2026-03-03T08:00:00Z"], ids=["late", "in time"])
@pytest.mark.parametrize("mode", ["fixed", "floating"])
async def test_twenty_at_once_move_the_plan_once(
    world: World, database: AsyncConnection, start: str, mode: str
) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, start_date=start, recurrence_mode=mode)
    moments = [(world.clock() + timedelta(seconds=number)).isoformat() for number in range(20)]
    made = await asyncio.gather(
        *(log(admin, schedule_id=plan["id"], performed_at=moment) for moment in moments)
    )
    assert sum(one["due_date"] is not None for one in made) == 1
    assert await (await database.execute("SELECT count(*) FROM maintenance_completions")).fetchone() == (1,)
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert after["version"] == 2
    assert after["next_due_date"].startswith("2026-04-0")


async def test_twenty_who_mean_the_same_occurrence_nineteen_are_told(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, start_date="2026-03-01T08:00:00Z")
    body = {"schedule_id": plan["id"], "due_date": plan["next_due_date"]}
    answers = await asyncio.gather(*(admin.post(LOGS, body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]
    problem = next(answer for answer in answers if answer.status_code == 409).json()
    assert problem["code"] == "occurrence_already_completed"
    assert problem["closed_by"] == {"id": str(admin.id), "name": admin.user.name}
    assert problem["closed_at"] == "2026-03-02T09:30:00Z"
    assert len((await admin.get(LOGS)).json()["items"]) == 1


async def test_a_due_date_that_never_was_is_409_without_a_closer(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    answer = await admin.post(LOGS, {"schedule_id": plan["id"], "due_date": "2026-07-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["closed_by"], answer.json()["closed_at"]) == (409, None, None)


async def test_idempotency_key_logs_once(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    headers = {"Idempotency-Key": "phone-1"}
    first = await admin.post(LOGS, {"schedule_id": plan["id"]}, headers=headers)
    again = await admin.post(LOGS, {"schedule_id": plan["id"]}, headers=headers)
    assert (first.status_code, first.content) == (201, again.content)
    assert len((await admin.get(LOGS)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "schedule_id"),
        ({"performed_at": "2026-03-02T09:35:01Z"}, "performed_at"),
        ({"performed_at": "0001-01-01T00:00:00+14:00"}, "performed_at"),
        ({"performed_at": "2026-03-02T09:35:00"}, "performed_at"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"notes": "bell \u0007"}, "notes"),
        ({"issues_found": "terrible"}, "issues_found"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_invalid_input_is_422_and_named(
    world: World, database: AsyncConnection, body: dict[str, Any], field: str | None
) -> None:
    admin = await world.admin()
    target = {"resource_id": str(await world.resource())} if body else {}
    answer = await admin.post(LOGS, {**target, **body})
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "validation_failed"
    if field:
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await (await database.execute("SELECT count(*) FROM maintenance_logs")).fetchone() == (0,)


async def test_five_minutes_of_future_are_a_wrong_clock(world: World) -> None:
    admin = await world.admin()
    thing = str(await world.resource())
    made = await log(admin, resource_id=thing, performed_at="2026-03-02T09:35:00Z")
    assert made["performed_at"] == "2026-03-02T09:35:00Z"


async def test_unplanned_repair_needs_a_resource_that_exists(world: World) -> None:
    coordinator, member = await world.coordinator(), await world.member()
    thing = str(await world.resource(name="Trailer"))
    made = await log(coordinator, resource_id=thing, issues_found="major")
    assert (made["schedule_id"], made["schedule_type"], made["resource"]["name"]) == (None, None, "Trailer")
    unknown = await coordinator.post(LOGS, {"resource_id": str(new_id())})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "resource_id")
    due = await coordinator.post(LOGS, {"resource_id": thing, "due_date": "2026-03-02T00:00:00Z"})
    assert (due.status_code, due.json()["errors"][0]["field"]) == (422, "due_date")
    assert (await member.post(LOGS, {"resource_id": thing})).status_code == 403


async def test_a_resource_beside_a_schedule_must_be_its_own(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    other = await admin.post(LOGS, {"schedule_id": plan["id"], "resource_id": str(await world.resource())})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "resource_id")
    own = await admin.post(LOGS, {"schedule_id": plan["id"], "resource_id": plan["resource_id"]})
    assert own.status_code == 201


async def test_who_may_log(world: World) -> None:
    admin, coordinator, other, owner, stranger = (
        await world.admin(), await world.coordinator(), await world.coordinator(), await world.member(),
        await world.member(),
    )  # fmt: skip
    plan = await world.schedule(admin, await world.resource(owner), assigned_to=coordinator.id)
    body = {"schedule_id": plan["id"]}
    codes = [
        (await actor.post(LOGS, body)).status_code for actor in (other, owner, stranger, coordinator, admin)
    ]
    assert codes == [404, 403, 404, 201, 201]
    assert (await world.http.post(LOGS, json=body)).status_code == 401


async def test_deleted_schedule_takes_no_log_and_keeps_its_logs(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    made = await log(admin, schedule_id=plan["id"])
    await admin.delete(f"{SCHEDULES}/{plan['id']}")
    assert (await admin.post(LOGS, {"schedule_id": plan["id"]})).status_code == 404
    assert (await admin.get(f"{LOGS}/{made['id']}")).status_code == 200


async def test_who_sees_what(world: World) -> None:
    admin, assignee, other, owner, stranger = (
        await world.admin(), await world.coordinator(), await world.coordinator(), await world.member(),
        await world.member(),
    )  # fmt: skip
    thing = await world.resource(owner)
    plan = await world.schedule(admin, thing, assigned_to=assignee.id)
    planned = (await log(admin, schedule_id=plan["id"]))["id"]
    repair = (await log(other, resource_id=str(thing)))["id"]
    elsewhere = (await log(other, resource_id=str(await world.resource())))["id"]
    seen = {
        actor.id: {item["id"] for item in (await actor.get(LOGS)).json()["items"]}
        for actor in (admin, assignee, other, owner, stranger)
    }
    assert seen == {
        admin.id: {planned, repair, elsewhere},
        assignee.id: {planned},
        other.id: {repair, elsewhere},
        owner.id: {planned, repair},
        stranger.id: set(),
    }
    for actor in (admin, assignee, other, owner, stranger):
        for identity in (planned, repair, elsewhere):
            expected = 200 if identity in seen[actor.id] else 404
            assert (await actor.get(f"{LOGS}/{identity}")).status_code == expected
        exported = (await actor.get(f"{LOGS}/export")).text.splitlines()[1:]
        assert {line.split(",")[0] for line in exported} == seen[actor.id]


async def test_filters(world: World) -> None:
    admin = await world.admin()
    drill, saw = await world.resource(), await world.resource(name="Band saw 100%")
    plan = await world.schedule(admin, drill)
    one = await log(admin, schedule_id=plan["id"], performed_at="2026-02-01T00:00:00Z", notes="gear_box")
    two = await log(admin, resource_id=str(saw), performed_at="2026-02-02T00:00:00Z", issues_found="major")
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"schedule_id": plan["id"]}, {one["id"]}),
        ({"resource_id": str(saw)}, {two["id"]}),
        ({"performed_by": str(admin.id)}, {one["id"], two["id"]}),
        ({"performed_by": str(new_id())}, set()),
        ({"issues_found": "major"}, {two["id"]}),
        ({"performed_from": "2026-02-02T00:00:00Z"}, {two["id"]}),
        ({"performed_to": "2026-02-02T00:00:00Z"}, {one["id"]}),
        ({"q": "R_B"}, {one["id"]}),
        ({"q": "100%"}, {two["id"]}),
        ({"q": "INSPECTION"}, {one["id"]}),
    ]
    for params, expected in cases:
        answer = await admin.get(LOGS, params=params)
        assert {item["id"] for item in answer.json()["items"]} == expected, params
        lines = (await admin.get(f"{LOGS}/export", params=params)).text.splitlines()[1:]
        assert len(lines) == len(expected), params


@pytest.mark.parametrize("sort", ["performed_at", "-performed_at"])
async def test_paging_neither_skips_nor_repeats(world: World, sort: str) -> None:
    coordinator = await world.coordinator()
    admin, thing = await world.admin(), await world.resource()
    plan = await world.schedule(admin, thing, assigned_to=coordinator.id)
    made = [
        (await log(coordinator, schedule_id=plan["id"], performed_at=f"2026-02-0{day}T00:00:00Z"))["id"]
        for day in (1, 2, 2, 2, 3, 4, 5)
    ]
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2, "sort": sort}
    while True:
        page = (await coordinator.get(LOGS, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
        late = "2026-01-01" if sort == "-performed_at" else "2026-02-28"
        made.append((await log(admin, resource_id=str(thing), performed_at=f"{late}T00:00:00Z"))["id"])
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == set(made[:7])
    assert seen[0] == (made[0] if sort == "performed_at" else made[6])


async def test_a_cursor_of_another_list_is_422(world: World) -> None:
    admin = await world.admin()
    answer = await admin.get(LOGS, params={"cursor": "nonsense"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


async def test_amending_keeps_every_version(world: World, database: AsyncConnection) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    made = await log(coordinator, resource_id=str(await world.resource()), notes="frist")
    url = f"{LOGS}/{made['id']}"
    world.clock.now += timedelta(hours=1)  # type: ignore[attr-defined]
    amended = (await admin.patch(url, {"notes": "first", "reason": "typing error"})).json()
    assert (amended["notes"], amended["version"], amended["amend_reason"]) == ("first", 2, "typing error")
    assert amended["amended_by"] == {"id": str(admin.id), "name": admin.user.name}
    assert amended["performer"]["id"] == str(coordinator.id)
    assert (amended["created_at"], amended["updated_at"]) == ("2026-03-02T09:30:00Z", "2026-03-02T10:30:00Z")
    assert [item["version"] for item in (await admin.get(LOGS)).json()["items"]] == [2]
    read = (await coordinator.get(url, params={"history": "true"})).json()
    assert [(one["version"], one["notes"]) for one in read["history"]] == [(1, "frist"), (2, "first")]
    assert "history" not in (await coordinator.get(url)).json()
    with pytest.raises(errors.RestrictViolation):
        await database.execute("UPDATE maintenance_logs SET notes = 'forged'")


async def test_amending_and_voiding_need_an_admin_and_a_reason(world: World) -> None:
    admin, coordinator, stranger = await world.admin(), await world.coordinator(), await world.member()
    made = await log(coordinator, resource_id=str(await world.resource()))
    url = f"{LOGS}/{made['id']}"
    body = {"notes": "x", "reason": "y"}
    assert [(await actor.patch(url, body)).status_code for actor in (coordinator, stranger)] == [403, 404]
    assert [
        (await actor.delete(url, params={"reason": "x"})).status_code for actor in (coordinator, stranger)
    ] == [403, 404]
    for wrong in ({"notes": "x"}, {"reason": "why"}, {"reason": "  ", "notes": "x"}, {**body, "photos": []}):
        assert (await admin.patch(url, wrong)).status_code == 422, wrong
    assert (await admin.delete(url)).status_code == 422
    assert (await admin.delete(url, params={"reason": " "})).status_code == 422
    assert (await admin.get(url)).json()["version"] == 1


async def test_a_reason_is_kept_without_the_spaces_around_it(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    url = f"{LOGS}/{(await log(admin, resource_id=str(await world.resource())))['id']}"
    amended = await admin.patch(url, {"notes": "Oiled.", "reason": "  said more \u3000"})
    assert amended.json()["amend_reason"] == "said more"
    assert (await admin.delete(url, params={"reason": " wrong drill "})).status_code == 204
    found = await database.execute("SELECT reason FROM maintenance_logs WHERE kind = 'voided'")
    assert await found.fetchall() == [("wrong drill",)]


@pytest.mark.parametrize("blank", ["", " ", "\u3000\u00a0", "\t", "\n"])
async def test_a_blank_reason_is_none(world: World, blank: str) -> None:
    admin = await world.admin()
    url = f"{LOGS}/{(await log(admin, resource_id=str(await world.resource())))['id']}"
    for answer in (
        await admin.patch(url, {"notes": "x", "reason": blank}),
        await admin.delete(url, params={"reason": blank}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")
    assert (await admin.get(url)).json()["version"] == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "is needed, as ?reason=… of the address or in a JSON body"),
        ({"headers": {"Content-Type": "application/json"}}, "is needed, as ?reason=… of the address or in a JSON body"),
        ({"json": None}, "is needed, as ?reason=… of the address or in a JSON body"),
        ({"json": {}}, "is missing"),
        ({"json": {"reason": " "}}, "has characters or a form that cannot stand here"),
        ({"json": {"reason": "a"}, "params": {"reason": "b"}}, "is given twice"),
    ],
)  # fmt: skip
async def test_voiding_says_where_the_reason_goes(world: World, sent: dict[str, Any], message: str) -> None:
    admin = await world.admin()
    url = f"{LOGS}/{(await log(admin, resource_id=str(await world.resource())))['id']}"
    answer = await admin.delete(url, **sent)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"] == [{"field": "reason", "message": message}]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"reason": " wrong drill "}},
        {"params": {"reason": "wrong drill"}},
        {"params": {"reason": "wrong drill"}, "headers": {"Content-Type": "application/json"}},
        {"params": {"reason": "wrong drill"}, "headers": {"Content-Type": "text/plain"}},
    ],
)  # fmt: skip
async def test_the_reason_of_a_voiding_comes_in_the_address_or_in_the_body(
    world: World, sent: dict[str, Any]
) -> None:
    admin = await world.admin()
    url = f"{LOGS}/{(await log(admin, resource_id=str(await world.resource())))['id']}"
    assert (await admin.delete(url, **sent)).status_code == 204
    assert (await admin.get(f"{url}?history=true")).json()["void_reason"] == "wrong drill"


async def test_amending_the_time_of_the_latest_completion_moves_the_plan_along(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, recurrence_mode="floating", start_date="2026-02-01T08:00:00Z")
    made = await log(admin, schedule_id=plan["id"], performed_at="2026-02-10T08:00:00Z")
    change = {"performed_at": "2026-02-11T08:00:00Z", "reason": "the day after"}
    assert (await admin.patch(f"{LOGS}/{made['id']}", change)).status_code == 200
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert after["next_due_date"] == "2026-03-11T08:00:00Z"
    assert after["last_performed_at"] == "2026-02-11T08:00:00Z"
    future = {"performed_at": "2026-03-03T00:00:00Z", "reason": "x"}
    assert (await admin.patch(f"{LOGS}/{made['id']}", future)).status_code == 422


async def test_voiding_the_latest_completion_opens_it_again(world: World, database: AsyncConnection) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    plan = await world.schedule(
        admin, frequency="weekly", start_date="2026-02-16T08:00:00Z", assigned_to=coordinator.id
    )
    first = await log(admin, schedule_id=plan["id"], performed_at="2026-02-16T09:00:00Z")
    second = await log(admin, schedule_id=plan["id"], performed_at="2026-02-24T09:00:00Z")
    assert await next_due(admin, plan) == "2026-03-02T08:00:00Z"
    url = f"{LOGS}/{second['id']}"
    assert (await admin.delete(url, params={"reason": "wrong drill"})).status_code == 204
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert (after["next_due_date"], after["last_performed_at"]) == (second["due_date"], first["performed_at"])
    assert [item["id"] for item in (await admin.get(LOGS)).json()["items"]] == [first["id"]]
    assert (await admin.get(url)).status_code == 404
    assert (await coordinator.get(url, params={"history": "true"})).status_code == 404
    kept = (await admin.get(url, params={"history": "true"})).json()
    assert (kept["void_reason"], kept["voided_at"]) == ("wrong drill", "2026-03-02T09:30:00Z")
    assert [one["version"] for one in kept["history"]] == [1, 2]
    assert (await admin.delete(url, params={"reason": "again"})).status_code == 404
    assert (await admin.patch(url, {"notes": "x", "reason": "y"})).status_code == 404
    assert await (await database.execute("SELECT count(*) FROM maintenance_completions")).fetchone() == (1,)
    again = await log(admin, schedule_id=plan["id"], due_date=second["due_date"])
    assert again["due_date"] == second["due_date"]


async def test_voiding_an_older_completion_leaves_the_plan(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, frequency="weekly", start_date="2026-02-16T08:00:00Z")
    first = await log(admin, schedule_id=plan["id"], performed_at="2026-02-16T09:00:00Z")
    await log(admin, schedule_id=plan["id"], performed_at="2026-02-24T09:00:00Z")
    await admin.delete(f"{LOGS}/{first['id']}", params={"reason": "twice"})
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert (after["next_due_date"], after["last_performed_at"]) == (
        "2026-03-02T08:00:00Z",
        "2026-02-24T09:00:00Z",
    )


async def test_voiding_the_only_completion_of_once_opens_the_plan(world: World) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin, frequency="once", start_date="2026-03-01T08:00:00Z")
    made = await log(admin, schedule_id=plan["id"])
    await admin.delete(f"{LOGS}/{made['id']}", params={"reason": "not done"})
    after = (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()
    assert (after["status"], after["next_due_date"], after["last_performed_at"]) == (
        "overdue",
        "2026-03-01T08:00:00Z",
        None,
    )


async def test_simultaneous_amendments_are_versions_in_a_row(world: World) -> None:
    admin = await world.admin()
    made = await log(admin, resource_id=str(await world.resource()))
    url = f"{LOGS}/{made['id']}"
    answers = await asyncio.gather(
        *(admin.patch(url, {"notes": str(number), "reason": "x"}) for number in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 10))


async def test_an_unknown_log_is_404(world: World) -> None:
    admin = await world.admin()
    url = f"{LOGS}/{new_id()}"
    assert (await admin.get(url)).status_code == 404
    assert (await admin.patch(url, {"notes": "x", "reason": "y"})).status_code == 404
    assert (await admin.delete(url, params={"reason": "x"})).status_code == 404


async def test_the_limit_counts_logs_and_calendar_together(world: World, settings: Any) -> None:
    admin = await world.admin()
    answer = await admin.get(LOGS)
    assert answer.headers["ratelimit-limit"] == str(settings.rate_limit_per_minute)
    calendar = await admin.get("/api/maintenance/calendar")
    assert int(calendar.headers["ratelimit-remaining"]) == int(answer.headers["ratelimit-remaining"]) - 1


async def test_feature_off_hides_logs(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    await database.execute("UPDATE feature_flags SET enabled = false")
    answer = await admin.get(LOGS)
    assert (answer.status_code, answer.json()["code"]) == (404, "feature_disabled")
