"""The users' API: administrators only, every wrong field named, the last administrator stays."""

import asyncio
from typing import Any

import msgspec
import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from communityshare.accounts import commands, policy
from communityshare.accounts.policy import Principal, Role, Scope
from communityshare.app import create_app
from communityshare.infra.errors import InvalidError
from communityshare.infra.ids import new_id
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started
from tests.world import World

NEW = {"email": "bea@example.org", "name": "Bea", "password": "a long enough password"}


async def test_an_added_user_may_sign_in_and_is_audited(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    answer = await admin.post("/api/users", {**NEW, "role": "maintenance_coordinator", "premium": True})
    made = answer.json()
    assert answer.status_code == 201
    assert made == {
        "id": made["id"], "email": "bea@example.org", "name": "Bea", "role": "maintenance_coordinator",
        "premium": True, "active": True, "phone": None,
    }  # fmt: skip
    stored = await (
        await database.execute("SELECT password_hash FROM users WHERE id = %s", (made["id"],))
    ).fetchone()
    assert stored
    assert stored[0].startswith("$argon2id$")
    audited = await (
        await database.execute("SELECT actor_id, object_id::text, detail FROM audit_log")
    ).fetchall()
    assert audited == [(admin.id, made["id"], {"role": "maintenance_coordinator", "premium": True})]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"), ({"email": "a@b"}, "email"), ({"email": "a@b.org\n"}, "email"),
        ({"email": "a\x00@b.org"}, "email"), ({"email": "a@b.org, c@d.org"}, "email"), ({"email": 5}, "email"),
        ({"email": "x" * 250 + "@b.org"}, "email"), ({"name": ""}, "name"), ({"name": " "}, "name"),
        ({"name": "B\nea"}, "name"), ({"name": "x" * 201}, "name"), ({"password": "too short"}, "password"),
        ({"password": "x" * 201}, "password"), ({"role": "root"}, "role"), ({"premium": "yes"}, "premium"),
        ({"active": False}, "active"), ({"id": "x"}, "id"), ({"phone": "030 12345"}, "phone"),
        ({"phone": "+4930123456\n"}, "phone"), ({"phone": ""}, "phone"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_wrong_field_is_422(world: World, change: dict[str, Any], field: str) -> None:
    admin = await world.admin()
    answer = await admin.post("/api/users", {**NEW, **change})
    assert (answer.status_code, [entry["field"] for entry in answer.json()["errors"]]) == (422, [field]), (
        answer.text
    )


async def test_a_number_for_sms_is_given_changed_and_taken_away(world: World) -> None:
    admin = await world.admin()
    made = (await admin.post("/api/users", {**NEW, "phone": "+4930123456"})).json()
    assert made["phone"] == "+4930123456"
    for phone in ("+12025550105", None):
        changed = await admin.patch(f"/api/users/{made['id']}", {"phone": phone})
        assert (changed.status_code, changed.json()["phone"]) == (200, phone)
        [listed] = (await admin.get("/api/users", params={"q": "bea@"})).json()["items"]
        assert listed["phone"] == phone


async def test_an_address_is_taken_once_whatever_its_case(world: World) -> None:
    admin = await world.admin()
    bodies = [{**NEW, "email": email} for email in ("bea@example.org", "BEA@example.org", "Bea@Example.org")]
    answers = await asyncio.gather(*(admin.post("/api/users", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"email_taken"}


async def test_changes(world: World) -> None:
    admin, member = await world.admin(), await world.member()
    url = f"/api/users/{member.id}"
    answer = await admin.patch(url, {"name": " Bea ", "premium": True})
    assert (answer.status_code, answer.json()["name"], answer.json()["premium"]) == (200, "Bea", True)
    assert (await admin.patch(url, {})).json() == answer.json()
    assert (await admin.patch(url, {"email": "x@y.org"})).status_code == 422
    assert (await admin.patch(f"/api/users/{new_id()}", {"name": "X"})).status_code == 404


async def test_the_last_administrator_keeps_role_and_access(world: World) -> None:
    admin, second = await world.admin(), await world.admin()
    for change in ({"role": "member"}, {"active": False}):
        answers = await asyncio.gather(
            admin.patch(f"/api/users/{admin.id}", change), second.patch(f"/api/users/{second.id}", change)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert refused.json()["code"] == "last_admin"
        still = admin if refused is answers[0] else second
        gone = second if still is admin else admin
        restored = await still.patch(f"/api/users/{gone.id}", {"role": "admin", "active": True})
        assert restored.status_code == 200
        for actor in (admin, second):
            await world.sign_in_again(actor)


async def test_the_list_is_searched_filtered_and_paged(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    # Names whose lower case differs between Python and PostgreSQL must not break the paging.
    names = ["İpek", "ipek", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "zoë", "Zoe", "Ångström", "100%", "under_score"]
    for name in names:
        person = await world.member()
        await database.execute("UPDATE users SET name = %s WHERE id = %s", (name, person.id))
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2, "role": "member"}
    while True:
        page = (await admin.get("/api/users", params=params)).json()
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(names)
    wanted = {"100%": "100%", "%": "100%", "_": "under_score", "ZOE": "Zoe", "user1@": "User 1"}
    for q, found in wanted.items():
        page = (await admin.get("/api/users", params={"q": q})).json()
        assert [item["name"] for item in page["items"]] == [found]


ADMIN, COORDINATOR, MEMBER = (Principal(new_id(), role, "Somebody") for role in Role)


@pytest.mark.parametrize(
    ("rule", "admin", "coordinator", "member"),
    [
        (policy.visible_schedules, Scope.ALL, Scope.ASSIGNED, Scope.OWNED),
        (policy.visible_logs, Scope.ALL, Scope.ASSIGNED, Scope.OWNED),
        (policy.can_write_schedules, True, False, False),
        (policy.can_see_deleted, True, False, False),
        (policy.can_log, True, True, False),
        (policy.can_amend_logs, True, False, False),
        (policy.can_administer, True, False, False),
        (policy.can_choose_owner, True, False, False),
        (lambda who: policy.can_log_on(who, who.user_id), True, True, False),
        (lambda who: policy.can_log_on(who, new_id()), True, False, False),
        (lambda who: policy.can_log_on(who, None), True, False, False),
        (lambda who: policy.can_add_photos(who, who.user_id), True, True, True),
        (lambda who: policy.can_add_photos(who, new_id()), True, False, False),
        (lambda who: policy.can_edit_resource(who, who.user_id), True, True, True),
        (lambda who: policy.can_edit_resource(who, new_id()), True, False, False),
        (lambda who: policy.can_edit_resource(who, None), True, False, False),
    ],
)
def test_the_contracts_table_of_roles(rule: Any, admin: object, coordinator: object, member: object) -> None:
    assert [rule(who) for who in (ADMIN, COORDINATOR, MEMBER)] == [admin, coordinator, member]


COMMON = ["qwertyuiop123", "QWERTYUIOP123", "Password1234", "aaaaaaaaaaaa", "121212121212", "112233112233"]


@pytest.mark.parametrize("password", COMMON)
async def test_a_password_that_many_people_have_is_refused_wherever_it_is_given(
    world: World, password: str
) -> None:
    admin = await world.admin()
    added = await admin.post("/api/users", {**NEW, "password": password})
    assert (added.status_code, added.json()["code"], added.json()["errors"][0]["field"]) == (
        422, "common_password", "password",
    )  # fmt: skip
    change = {"current_password": "whatever", "new_password": password}
    changed = await admin.post("/api/auth/password", change)
    assert (changed.status_code, changed.json()["errors"][0]["field"]) == (422, "new_password")
    assert (await admin.post("/api/users", NEW)).status_code == 201
    with pytest.raises(InvalidError, match="many people"):
        await commands.replace_password(NEW["email"], password)(world.database)


async def test_people_change_their_own_password_and_their_other_sessions_end(world: World) -> None:
    admin = await world.admin()
    await admin.post("/api/users", NEW)
    body = {key: NEW[key] for key in ("email", "password")}
    here, elsewhere = [
        {
            "Authorization": f"Bearer {(await world.http.post('/api/auth/login', json=body)).json()['access_token']}"
        }
        for _ in range(2)
    ]
    change = {"current_password": NEW["password"], "new_password": "another long password"}
    wrong = await world.http.post(
        "/api/auth/password", json={**change, "current_password": "x"}, headers=here
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    changed = await world.http.post("/api/auth/password", json=change, headers=here)
    assert (changed.status_code, changed.content) == (204, b"")
    assert (await world.http.get("/api/auth/me", headers=here)).status_code == 200
    assert (await world.http.get("/api/auth/me", headers=elsewhere)).status_code == 401
    for password, status in [(NEW["password"], 401), ("another long password", 200)]:
        answer = await world.http.post("/api/auth/login", json={**body, "password": password})
        assert answer.status_code == status
    trail = (await admin.get("/api/admin/audit")).json()["items"]
    assert [entry["outcome"] for entry in trail if entry["action"] == "user.password"] == ["done", "refused"]


async def test_guessing_the_present_password_is_throttled(
    database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    app = create_app(msgspec.structs.replace(settings, login_rate_limit_per_minute=3), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
        member = await World(http, app, database, clock).member()
        guess = {"current_password": "x", "new_password": "another long password"}
        answers = [await member.post("/api/auth/password", guess) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]


async def test_a_new_password_ends_every_session(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    await admin.post("/api/users", NEW)
    signed_in = await admin.http.post("/api/auth/login", json={k: NEW[k] for k in ("email", "password")})
    token = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}

    await commands.replace_password("BEA@example.org", "another long password")(database)

    assert (await admin.http.get("/api/auth/me", headers=token)).status_code == 401
    for password, status in [(NEW["password"], 401), ("another long password", 200)]:
        body = {"email": NEW["email"], "password": password}
        assert (await admin.http.post("/api/auth/login", json=body)).status_code == status
    with pytest.raises(InvalidError, match="password"):
        commands.replace_password(NEW["email"], "too short")
