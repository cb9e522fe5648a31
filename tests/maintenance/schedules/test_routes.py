"""Schedules through HTTP, then a look into the database."""

from datetime import datetime, timedelta

from psycopg import AsyncConnection

from tests.world import SCHEDULES, Actor, World


async def test_create_returns_the_schedule_due_at_its_start(world: World, database: AsyncConnection) -> None:
    admin, coordinator = await world.admin(), await world.coordinator()
    thing = await world.resource(name="Band saw")
    made = await world.schedule(admin, thing, assigned_to=coordinator.id, description="Oil the *blade*.")
    assert made["next_due_date"] == made["start_date"]
    assert made["resource"] == {"id": str(thing), "name": "Band saw", "owner_id": None}
    assert made["assignee"] == {"id": str(coordinator.id), "name": coordinator.user.name}
    assert (made["status"], made["version"]) == ("due_soon", 1)
    row = await (
        await database.execute("SELECT description, next_due_date FROM maintenance_schedules")
    ).fetchone()
    assert row == ("Oil the *blade*.", datetime.fromisoformat(made["start_date"]))
    audited = await (await database.execute("SELECT action, actor_id FROM audit_log")).fetchall()
    assert audited == [("schedule.create", admin.id)]


async def test_anonymous_is_refused(world: World) -> None:
    answer = await world.http.get(SCHEDULES)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


async def test_unknown_field_is_named(world: World) -> None:
    admin = await world.admin()
    answer = await admin.post(SCHEDULES, {"colour": "red"})
    assert answer.status_code == 422, answer.text


async def test_idempotency_key_replays_the_first_answer(world: World, database: AsyncConnection) -> None:
    admin, thing = await world.admin(), await world.resource()
    body = {
        "resource_id": str(thing),
        "schedule_type": "inspection",
        "frequency": "weekly",
        "start_date": (world.clock() + timedelta(days=3)).isoformat(),
    }
    headers = {"Idempotency-Key": "one"}
    first = await admin.post(SCHEDULES, body, headers=headers)
    again = await admin.post(SCHEDULES, body, headers=headers)
    other = await admin.post(SCHEDULES, {**body, "frequency": "daily"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert other.json()["code"] == "idempotency_key_reused"
    assert await (await database.execute("SELECT count(*) FROM maintenance_schedules")).fetchone() == (1,)


async def test_stale_if_match_is_412_and_changes_nothing(world: World) -> None:
    admin = await world.admin()
    made = await world.schedule(admin)
    url = f"{SCHEDULES}/{made['id']}"
    changed = await admin.patch(url, {"description": "first"}, headers={"If-Match": '"1"'})
    stale = await admin.patch(url, {"description": "second"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, stale.status_code) == (200, 412)
    read = await admin.get(url)
    assert (read.json()["description"], read.headers["etag"]) == ("first", '"2"')


async def test_paging_neither_skips_nor_repeats(world: World) -> None:
    admin, thing = await world.admin(), await world.resource()
    made = {(await world.schedule(admin, thing))["id"] for _ in range(7)}
    seen: list[str] = []
    cursor = None
    while True:
        answer = await admin.get(SCHEDULES, params={"limit": 3, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


async def test_delete_is_soft_and_restore_brings_back(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    made = await world.schedule(admin)
    url = f"{SCHEDULES}/{made['id']}"
    assert (await admin.delete(url)).status_code == 204
    assert (await admin.get(url)).status_code == 404
    assert await (await database.execute("SELECT count(*) FROM maintenance_schedules")).fetchone() == (1,)
    listed = await admin.get(SCHEDULES, params={"include_deleted": "true"})
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    assert (await admin.post(f"{url}/restore")).status_code == 200
    assert (await admin.get(url)).json()["deleted_at"] is None


async def test_roles_see_what_the_document_says(world: World) -> None:
    admin, coordinator, other, owner = (
        await world.admin(), await world.coordinator(), await world.coordinator(), await world.member(),
    )  # fmt: skip
    thing = await world.resource(owner)
    made = await world.schedule(admin, thing, assigned_to=coordinator.id)
    url = f"{SCHEDULES}/{made['id']}"
    assert [(await actor.get(url)).status_code for actor in (admin, coordinator, other, owner)] == [
        200,
        200,
        404,
        200,
    ]
    patched = [
        (await actor.patch(url, {"description": "x"})).status_code for actor in (coordinator, other, owner)
    ]
    assert patched == [403, 404, 403]


async def test_preview_clamps_month_ends(world: World) -> None:
    member = await world.member()
    body = {"frequency": "monthly", "start_date": "2027-01-31T08:00:00Z", "count": 4}
    answer = await member.post(f"{SCHEDULES}/preview", body)
    assert answer.status_code == 200, answer.text
    assert [date[:10] for date in answer.json()["dates"]] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]


async def test_feature_off_hides_everything(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    await database.execute("UPDATE feature_flags SET enabled = false")
    answer = await admin.get(SCHEDULES)
    assert (answer.status_code, answer.json()["code"]) == (404, "feature_disabled")


async def test_kinds_of_work_are_those_of_visible_plans(world: World) -> None:
    admin, coordinator, member = await world.admin(), await world.coordinator(), await world.member()
    owned = await world.resource(member)
    for kind, fields in (
        ("Oil change", {}), ("Oil change", {}), ("Cleaning", {"assigned_to": coordinator.id}),
        ("100 % check", {"resource_id": owned}),
    ):  # fmt: skip
        await world.schedule(admin, schedule_type=kind, **fields)
    gone = await world.schedule(admin, schedule_type="Given up")
    assert (await admin.delete(f"{SCHEDULES}/{gone['id']}")).status_code == 204

    async def kinds(actor: Actor, q: str = "") -> list[str]:
        return (await actor.get(f"{SCHEDULES}/types{q}")).json()["types"]

    assert await kinds(admin) == ["Oil change", "100 % check", "Cleaning"]
    assert await kinds(admin, "?q=OIL") == ["Oil change"]
    assert await kinds(admin, "?q=%25") == ["100 % check"]
    assert await kinds(coordinator) == ["Cleaning"]
    assert await kinds(member) == ["100 % check"]
