"""Signing in, rotating, signing out: over HTTP, then a look into the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import jwt
import msgspec
import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from psycopg import AsyncConnection

from communityshare.accounts import passwords
from communityshare.accounts.policy import Role
from communityshare.app import create_app
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started
from tests.world import Actor, World

PASSWORD = "a long enough password"


async def _person(world: World, email: str = "ann@example.org", **fields: Any) -> dict[str, Any]:
    admin = await world.admin()
    body = {"email": email, "name": "Ann", "password": PASSWORD, **fields}
    answer = await admin.post("/api/users", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _login(http: AsyncClient, **fields: Any) -> Response:
    body = {"email": "ann@example.org", "password": PASSWORD, **fields}
    return await http.post("/api/auth/login", json=body)


async def _me(http: AsyncClient, token: str) -> Response:
    return await http.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})


async def _refresh(http: AsyncClient, token: str) -> Response:
    return await http.post("/api/auth/refresh", json={"refresh_token": token})


async def test_signing_in_hands_out_what_the_contract_says(world: World) -> None:
    person = await _person(world)
    answer = await _login(world.http, email="ANN@example.org")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "user"}
    assert (body["token_type"], body["expires_in"], body["user"]) == ("Bearer", 86400, person)
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    for part in ("refresh_token=", "httponly", "samesite=strict", "path=/api/auth", "max-age=2592000"):
        assert part in cookie
    assert (await _me(world.http, body["access_token"])).json() == person


async def test_behind_https_the_cookie_is_secure(world: World, settings: Settings, clock: TestClock) -> None:
    await _person(world)
    app = create_app(msgspec.structs.replace(settings, public_url="https://share.example.org"), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="https://t") as http:
        answer = await _login(http)
        assert "secure" in answer.headers["set-cookie"].lower()


async def test_the_refresh_token_comes_in_the_body_when_asked(world: World) -> None:
    await _person(world)
    answer = await _login(world.http, refresh_token_in="body")
    assert answer.json()["refresh_token"]
    assert "set-cookie" not in answer.headers


async def test_unknown_disabled_and_wrong_are_told_in_one_text(
    world: World, database: AsyncConnection
) -> None:
    await _person(world)
    await _person(world, email="gone@example.org")
    await database.execute("UPDATE users SET active = false WHERE email = 'gone@example.org'")
    await database.execute("UPDATE users SET password_hash = NULL WHERE name LIKE 'User %'")
    await database.execute(
        "UPDATE users SET password_hash = '$2b$12$other' WHERE email = 'user1@example.org'"
    )
    answers = [
        await _login(world.http, password="wrong password"),
        await _login(world.http, email="gone@example.org"),
        await _login(world.http, email="nobody@example.org"),
        await _login(world.http, email="user1@example.org"),
        await _login(world.http, email="user2@example.org"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    told = [{**answer.json(), "correlation_id": ""} for answer in answers]
    assert all(one == told[0] for one in told)
    assert told[0]["code"] == "invalid_credentials"
    refusals = await (
        await database.execute(
            "SELECT count(*) FROM audit_log WHERE action = 'session.open' AND outcome = 'refused'"
        )
    ).fetchone()
    assert refusals == (5,)


async def test_guessing_is_throttled_by_account_and_by_address(
    world: World, settings: Settings, clock: TestClock
) -> None:
    await _person(world)
    app = create_app(msgspec.structs.replace(settings, login_rate_limit_per_minute=3), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="http://t") as http:
        tried = [await _login(http, password=f"guess {number}") for number in range(4)]
        assert [answer.status_code for answer in tried] == [401, 401, 401, 429]
        assert 1 <= int(tried[-1].headers["retry-after"]) <= 60
        # The right password does not help a guesser either, another account still may.
        assert (await _login(http)).status_code == 429
        assert (await _login(http, email="ANN@EXAMPLE.ORG")).status_code == 429
        others = [(await _login(http, email=f"user{number}@example.org")).status_code for number in range(30)]
    assert set(others) == {401, 429}
    assert others.index(429) > 20


@asynccontextmanager
async def _hashing_stands_still() -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """Hold every place in which passwords are hashed; yields what waits until so many stand in line."""
    slots = passwords._slots

    async def in_line(count: int) -> None:
        async with asyncio.timeout(30):
            while len(slots._waiters or ()) < count:  # noqa: ASYNC110 a line raises no event
                await asyncio.sleep(0)

    async with AsyncExitStack() as held:
        while not slots.locked():
            await held.enter_async_context(slots)
        yield in_line


async def test_a_rush_of_sign_ins_leaves_connections_for_everybody_else(world: World) -> None:
    await _person(world)
    reader = await world.member()
    async with _hashing_stands_still() as in_line:
        rush = [asyncio.create_task(_login(world.http)) for _ in range(10)]
        await in_line(10)
        assert (await reader.get("/api/resources")).status_code == 200
    assert [(await task).status_code for task in rush] == [200] * 10


@pytest.mark.parametrize("change", ["password_hash = 'another'", "active = false"])
async def test_what_ended_while_the_password_was_hashed_opens_no_session(
    world: World, database: AsyncConnection, change: str
) -> None:
    person = await _person(world)
    async with _hashing_stands_still() as in_line:
        late = asyncio.create_task(_login(world.http))
        await in_line(1)
        await database.execute(f"UPDATE users SET {change} WHERE id = %s", (person["id"],))
    assert ((await late).status_code, (await late).json()["code"]) == (401, "invalid_credentials")
    found = await database.execute("SELECT count(*) FROM sessions WHERE user_id = %s", (person["id"],))
    assert await found.fetchone() == (0,)


async def test_rotation_gives_a_new_pair_and_the_old_one_kills_the_family(
    world: World, database: AsyncConnection
) -> None:
    await _person(world)
    first = (await _login(world.http, refresh_token_in="body")).json()
    second = (await _refresh(world.http, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await _me(world.http, second["access_token"])).status_code == 200
    reused = await _refresh(world.http, first["refresh_token"])
    assert (reused.status_code, reused.json()["code"]) == (401, "refresh_token_reused")
    dead = await _refresh(world.http, second["refresh_token"])
    assert (dead.status_code, dead.json()["code"]) == (401, "session_ended")
    assert (await _me(world.http, second["access_token"])).status_code == 401
    row = await (
        await database.execute("SELECT count(*) FROM audit_log WHERE action = 'session.refresh_reused'")
    ).fetchone()
    assert row == (1,)


async def test_two_refreshes_at_once_are_one_rotation(world: World) -> None:
    await _person(world)
    token = (await _login(world.http, refresh_token_in="body")).json()["refresh_token"]
    answers = await asyncio.gather(*(_refresh(world.http, token) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_the_cookie_rotates_too(world: World) -> None:
    await _person(world)
    await _login(world.http)
    first = world.http.cookies["refresh_token"]
    answer = await world.http.post("/api/auth/refresh")
    assert answer.status_code == 200, answer.text
    assert "refresh_token" not in answer.json()
    assert world.http.cookies["refresh_token"] != first


async def test_without_any_token_there_is_nothing_to_refresh(world: World) -> None:
    answer = await world.http.post("/api/auth/refresh")
    assert (answer.status_code, answer.json()["code"]) == (401, "no_refresh_token")


async def test_a_session_lives_as_long_as_it_is_used(
    world: World, database: AsyncConnection, clock: TestClock
) -> None:
    await _person(world)
    token = (await _login(world.http, refresh_token_in="body")).json()["refresh_token"]
    for _ in range(2):
        clock.now += timedelta(days=20)
        answer = await _refresh(world.http, token)
        assert answer.status_code == 200, answer.text
        token = answer.json()["refresh_token"]
    row = await (
        await database.execute("SELECT max(expires_at) FROM sessions JOIN refresh_tokens USING (expires_at)")
    ).fetchone()
    assert row == (clock.now + timedelta(days=30),)
    clock.now += timedelta(days=31)
    assert (await _refresh(world.http, token)).status_code == 401


async def test_a_session_ends_after_ninety_days_however_much_it_is_used(
    world: World, clock: TestClock
) -> None:
    await _person(world)
    begun = clock.now
    token = (await _login(world.http, refresh_token_in="body")).json()["refresh_token"]
    for days in (25, 50, 75, 89):
        clock.now = begun + timedelta(days=days)
        answer = await _refresh(world.http, token)
        assert answer.status_code == 200, answer.text
        token = answer.json()["refresh_token"]
    clock.now = begun + timedelta(days=90)
    assert (await _refresh(world.http, token)).status_code == 401


async def test_signing_out_kills_both_tokens_at_once(world: World) -> None:
    await _person(world)
    session = (await _login(world.http, refresh_token_in="body")).json()
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    assert (await _me(world.http, session["access_token"])).status_code == 200
    answer = await world.http.post("/api/auth/logout", headers=bearer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert (await _me(world.http, session["access_token"])).status_code == 401
    assert (await _refresh(world.http, session["refresh_token"])).status_code == 401


async def test_an_idempotency_key_keeps_no_token(world: World, database: AsyncConnection) -> None:
    await _person(world)
    body = {"email": "ann@example.org", "password": PASSWORD}
    answers = [
        await world.http.post("/api/auth/login", json=body, headers={"Idempotency-Key": "same"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert await (await database.execute("SELECT count(*) FROM idempotency_keys")).fetchone() == (0,)


async def _change(admin: Actor, person: dict[str, Any], **changes: Any) -> Response:
    return await admin.patch(f"/api/users/{person['id']}", changes)


async def test_disabled_and_demoted_count_at_the_next_request(world: World) -> None:
    admin = await world.admin()
    person = await _person(world, role="admin")
    session = (await _login(world.http, refresh_token_in="body")).json()
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    assert (await world.http.get("/api/users", headers=bearer)).status_code == 200
    assert (await _change(admin, person, role="member")).status_code == 200
    assert (await world.http.get("/api/users", headers=bearer)).status_code == 403
    assert (await _change(admin, person, active=False)).status_code == 200
    assert (await world.http.get("/api/auth/me", headers=bearer)).status_code == 401
    assert (await _refresh(world.http, session["refresh_token"])).status_code == 401
    await _change(admin, person, active=True)
    assert (await world.http.get("/api/auth/me", headers=bearer)).status_code == 401


async def test_another_process_hears_of_it_within_five_seconds(
    world: World, settings: Settings, clock: TestClock
) -> None:
    member, admin = await world.member(), await world.admin()
    other = create_app(settings, clock)
    async with started(other), AsyncClient(transport=ASGITransport(other), base_url="http://t") as http:
        assert (await _me(http, member.token)).status_code == 200
        await admin.patch(f"/api/users/{member.id}", {"active": False})
        known = other.state.authenticator._known
        assert all(one.until - asyncio.get_running_loop().time() <= 5 for one in known.values())
        known.clear()
        assert (await _me(http, member.token)).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "elsewhere"}, {"aud": "elsewhere"}, {"typ": "refresh"}, {"typ": None}, {"exp": None}, {"iss": None},
        {"aud": None}, {"sub": "ann"}, {"sub": None}, {"exp": 0}, {"sid": "none"}, {"sid": 5},
        {"sid": "018f0000-0000-7000-8000-000000000000"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_token_with_a_wrong_claim_is_401(
    world: World, settings: Settings, change: dict[str, Any]
) -> None:
    member = await world.member()
    claims = jwt.decode(member.token, options={"verify_signature": False})
    changed = {name: value for name, value in {**claims, **change}.items() if value is not None}
    forged = jwt.encode(changed, settings.jwt_secret, "HS256")
    assert (await _me(world.http, forged)).status_code == 401
    for algorithm, key in (("none", None), ("HS256", "another secret of at least 32 characters")):
        assert (await _me(world.http, jwt.encode(claims, key, algorithm))).status_code == 401


async def test_an_expired_token_says_so(world: World, clock: TestClock) -> None:
    member = await world.member()
    clock.now += timedelta(hours=24)
    answer = await _me(world.http, member.token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert (
        await world.http.get("/healthz", headers={"Authorization": f"Bearer {member.token}"})
    ).status_code == 200


async def test_roles(world: World) -> None:
    assert [role.value for role in Role] == ["admin", "maintenance_coordinator", "member"]


async def test_signing_in_before_the_first_migration_is_503(
    settings: Settings, postgres: str, clock: TestClock
) -> None:
    never_migrated = postgres.replace("/communityshare?", "/postgres?")
    app = create_app(msgspec.structs.replace(settings, database_url=never_migrated, log_level="WARN"), clock)
    async with started(app), AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
        answer = await http.post(
            "/api/auth/login", json={"email": "you@example.org", "password": "a long one"}
        )
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "Retry-After" in answer.headers
    assert "not migrated" in answer.json()["detail"]
