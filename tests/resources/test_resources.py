"""Resources: ownership, the cache of an hour, retiring."""

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from tests.world import SCHEDULES, World

THINGS = "/api/resources"


async def test_a_new_thing_is_ones_own(world: World) -> None:
    member = await world.member()
    body = {
        "name": " Ladder ",
        "description": "Six *metres*.",
        "metadata": {"steps": 14, "tags": ["wood", None]},
    }
    answer = await member.post(THINGS, body)
    made = answer.json()
    assert answer.status_code == 201
    assert (made["name"], made["owner"]) == ("Ladder", {"id": str(member.id), "name": member.user.name})
    assert (await member.get(f"{THINGS}/{made['id']}")).json() == made


async def test_a_new_owner_gains_what_the_old_one_loses(world: World) -> None:
    admin, old, new = await world.admin(), await world.member(), await world.member()
    thing = await world.resource(old)
    plan = await world.schedule(admin, thing)
    url = f"/api/maintenance/schedules/{plan['id']}"
    assert [(await who.get(url)).status_code for who in (old, new)] == [200, 404]
    assert (await old.get(f"{THINGS}/{thing}")).json()["owner"]["id"] == str(old.id)
    assert (await admin.patch(f"{THINGS}/{thing}", {"owner_id": str(new.id)})).status_code == 200
    assert (await old.get(f"{THINGS}/{thing}")).json()["owner"]["id"] == str(new.id)
    assert [(await who.get(url)).status_code for who in (old, new)] == [404, 200]
    assert (await old.patch(f"{THINGS}/{thing}", {"name": "x"})).status_code == 403


async def test_metadata_is_cached_and_schedules_never_are(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    thing = await world.resource(name="Drill")
    plan = await world.schedule(admin, thing)
    assert (await admin.get(f"{THINGS}/{thing}")).json()["name"] == "Drill"
    await database.execute("UPDATE resources SET name = 'Saw'")
    await database.execute("UPDATE maintenance_schedules SET description = 'changed'")
    assert (await admin.get(f"{THINGS}/{thing}")).json()["name"] == "Drill"
    read = (await admin.get(f"/api/maintenance/schedules/{plan['id']}")).json()
    assert (read["description"], read["resource"]["name"]) == ("changed", "Saw")
    # A change through the API counts at once.
    await admin.patch(f"{THINGS}/{thing}", {"name": "Lathe"})
    assert (await admin.get(f"{THINGS}/{thing}")).json()["name"] == "Lathe"


async def test_a_retired_thing_is_gone_from_everywhere_but_its_history(
    world: World, database: AsyncConnection
) -> None:
    owner = await world.member()
    thing = await world.resource(owner)
    assert (await owner.get(f"{THINGS}/{thing}")).status_code == 200
    assert (await owner.delete(f"{THINGS}/{thing}")).status_code == 204
    assert (await owner.get(f"{THINGS}/{thing}")).status_code == 404
    assert (await owner.get(THINGS)).json()["items"] == []
    assert await (await database.execute("SELECT count(*) FROM resources")).fetchone() == (1,)


async def test_what_was_planned_for_a_retired_thing_is_nobodys_work_any_more(world: World) -> None:
    owner, admin = await world.member(), await world.admin()
    thing = await world.resource(owner)
    plan = await world.schedule(admin, thing)
    done = await admin.post("/api/maintenance/logs", {"schedule_id": plan["id"], "notes": "Oiled"})
    assert (done.status_code, (await owner.delete(f"{THINGS}/{thing}")).status_code) == (201, 204)
    now = world.clock()
    year = {"from": now.isoformat(), "to": (now + timedelta(days=365)).isoformat()}
    for reader in (owner, admin):
        assert (await reader.get(SCHEDULES)).json()["items"] == []
        events = (await reader.get("/api/maintenance/calendar", params=year)).json()["events"]
        assert [event["kind"] for event in events] == ["log"]
        # The way from what was logged to its plan stays open.
        assert (await reader.get(f"{SCHEDULES}/{plan['id']}")).status_code == 200
        assert [log["notes"] for log in (await reader.get("/api/maintenance/logs")).json()["items"]] == [
            "Oiled"
        ]
    kept = (await admin.get(SCHEDULES, params={"include_deleted": True})).json()["items"]
    assert [item["id"] for item in kept] == [plan["id"]]


def _deep(levels: int) -> Any:
    return {"a": _deep(levels - 1)} if levels else 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"description": "\x00"}, "description"),
        ({"metadata": []}, "metadata"), ({"metadata": {"a": "\x00"}}, "metadata"), ({"metadata": _deep(9)}, "metadata"),
        ({"metadata": {"a": 10**30}}, "metadata"), ({"metadata": {"\x00": 1}}, "metadata"),
        ({"metadata": {str(n): n for n in range(101)}}, "metadata"),
        ({"owner_id": "018f0000-0000-7000-8000-000000000000"}, "owner_id"),
        ({"owner_id": "me"}, "owner_id"), ({"colour": "red"}, "colour"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
async def test_a_wrong_field_is_422(world: World, change: dict[str, Any], field: str) -> None:
    admin = await world.admin()
    answer = await admin.post(THINGS, {"name": "Saw", **change})
    assert (answer.status_code, [entry["field"] for entry in answer.json()["errors"]]) == (422, [field]), (
        answer.text
    )


async def test_the_list_is_by_name_searched_and_of_an_owner(world: World) -> None:
    owner = await world.member()
    for name in ("saw", "Drill", "Äxte", "drill press", "100%"):
        await world.resource(owner, name=name)
    await world.resource(name="Drill of nobody")
    listed = (await owner.get(THINGS, params={"owner_id": str(owner.id)})).json()["items"]
    assert [item["name"] for item in listed] == ["100%", "Drill", "drill press", "saw", "Äxte"]
    found = (await owner.get(THINGS, params={"q": "DRILL", "limit": 2})).json()
    assert [item["name"] for item in found["items"]] == ["Drill", "Drill of nobody"]
    rest = (await owner.get(THINGS, params={"q": "DRILL", "cursor": found["next_cursor"]})).json()
    assert [item["name"] for item in rest["items"]] == ["drill press"]


async def test_anonymous_sees_nothing(world: World) -> None:
    async with AsyncClient(transport=ASGITransport(world.application), base_url="http://t") as http:
        assert (await http.get(THINGS)).status_code == 401
