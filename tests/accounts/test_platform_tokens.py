"""Tokens of an existing platform, checked against the key set it serves."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from httpx2 import ASGITransport, AsyncClient, Response
from psycopg import AsyncConnection

from communityshare.accounts import queries
from communityshare.accounts.policy import Role
from communityshare.accounts.queries import User
from communityshare.app import create_app
from communityshare.infra.ids import new_id
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started
from tests.stand_ins.platform import AUDIENCE, ISSUER, Platform


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A platform with one key of each kind."""
    platform = Platform()
    platform.add_rsa("rsa-1")
    platform.add_ec("ec-1")
    platform.add_ed("ed-1")
    with platform.serving():
        yield platform


@pytest.fixture
async def client(
    platform: Platform, settings: Settings, clock: TestClock, database: AsyncConnection
) -> AsyncIterator[AsyncClient]:
    """The API of an installation that trusts the platform."""
    trusting = msgspec.structs.replace(
        settings, jwt_jwks_url=platform.url, jwt_issuer=ISSUER, jwt_audience=AUDIENCE, jwt_secret=None
    )
    app = create_app(trusting, clock)
    async with (
        started(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as client,
    ):
        yield client


@pytest.fixture
async def user(database: AsyncConnection, clock: TestClock) -> User:
    """A user whom the platform knows."""
    user = User(new_id(), "ann@example.org", "Ann", Role.MEMBER, premium=False, active=True)
    await queries.insert_user(database, user, "of the platform", clock())
    return user


async def _me(client: AsyncClient, token: str) -> Response:
    return await client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("key", ["rsa-1", "ec-1", "ed-1"])
async def test_every_kind_of_key_counts(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock, key: str
) -> None:
    answer = await _me(client, platform.token(key, user.id, clock()))
    assert (answer.status_code, answer.json()["name"]) == (200, "Ann"), answer.text


@pytest.mark.parametrize(
    "claims",
    [{"sid": "session 7 of the platform"}, {"sid": "018f0000-0000-7000-8000-000000000000"}, {"iat": None}],
    ids=str,
)
async def test_what_else_a_platform_says_is_its_own_business(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock, claims: dict[str, Any]
) -> None:
    assert (await _me(client, platform.token("rsa-1", user.id, clock(), **claims))).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"typ": "refresh"}, {"typ": None}, {"exp": None},
        {"sub": "ann"}, {"sub": None}, {"exp": 1}, {"nbf": 99_999_999_999}, {"aud": None},
        {"exp": "soon"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_wrong_claim_is_401(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock, claims: dict[str, Any]
) -> None:
    token = (
        platform.token("rsa-1", user.id, clock(), **claims)
        if claims.get("exp") != "soon"
        else _odd(platform, user)
    )
    assert (await _me(client, token)).status_code == 401


def _odd(platform: Platform, user: User) -> str:
    claims = {"sub": str(user.id), "iss": ISSUER, "aud": AUDIENCE, "typ": "access", "iat": 1, "exp": "soon"}
    return jwt.api_jws.encode(
        msgspec.json.encode(claims), platform.keys["rsa-1"], "RS256", headers={"kid": "rsa-1"}
    )


async def test_forged_keys_are_401(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock
) -> None:
    claims = {
        "sub": str(user.id), "iss": ISSUER, "aud": AUDIENCE, "typ": "access", "iat": clock(),
        "exp": clock() + timedelta(hours=1),
    }  # fmt: skip
    forged = [
        platform.token("rsa-1", user.id, clock(), key=rsa.generate_private_key(65537, 2048)),
        jwt.encode(claims, None, "none", headers={"kid": "rsa-1"}),
        # The public key as if it were a shared secret, and a key of one kind under the name of another.
        jwt.encode(claims, "x" * 40, "HS256", headers={"kid": "rsa-1"}),
        jwt.encode(claims, platform.keys["ec-1"], "ES256", headers={"kid": "rsa-1"}),
        jwt.encode(claims, platform.keys["rsa-1"], "RS256", headers={"kid": "ec-1"}),
        jwt.encode(claims, platform.keys["rsa-1"], "RS256"),
        jwt.encode(claims, platform.keys["rsa-1"], "RS256", headers={"kid": "unknown"}),
        "not.a.token", "", "a.b", "é.è.à",
    ]  # fmt: skip
    for token in forged:
        answer = await client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}".encode()})
        assert answer.status_code == 401, token


async def test_a_new_key_counts_and_a_flood_of_unknown_ones_asks_once(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock
) -> None:
    assert (await _me(client, platform.token("rsa-1", user.id, clock()))).status_code == 200
    client_keys = _client_of(client)
    client_keys._last_successful_fetch = 0.0  # as if the last look were long ago
    platform.add_rsa("rsa-2")
    assert (await _me(client, platform.token("rsa-2", user.id, clock()))).status_code == 200
    fetched = platform.fetched
    stranger = Platform()
    stranger.add_rsa("stranger")
    for _ in range(20):
        assert (await _me(client, stranger.token("stranger", user.id, clock()))).status_code == 401
    assert platform.fetched - fetched <= 1


async def test_a_withdrawn_key_counts_no_more(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock
) -> None:
    token = platform.token("rsa-1", user.id, clock())
    assert (await _me(client, token)).status_code == 200
    del platform.keys["rsa-1"]
    _client_of(client).jwk_set_cache.jwk_set_with_timestamp = None  # as if five minutes had gone by
    client._transport.app.state.authenticator._known.clear()  # type: ignore[attr-defined]
    assert (await _me(client, token)).status_code == 401


def _client_of(client: AsyncClient) -> Any:
    return client._transport.app.state.token_keys._client  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "answer", [b"<html>Sign in</html>", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "odd"}]}']
)
async def test_a_broken_key_server_is_503(
    client: AsyncClient, platform: Platform, user: User, clock: TestClock, answer: bytes
) -> None:
    platform.answer = answer
    for _ in range(2):
        refused = await _me(client, platform.token("rsa-1", user.id, clock()))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2"), refused.text


async def test_a_key_server_that_is_away_is_503_and_known_keys_go_on(
    settings: Settings, clock: TestClock, user: User, database: AsyncConnection
) -> None:
    platform = Platform()
    platform.add_rsa("rsa-1")
    token = platform.token("rsa-1", user.id, clock())
    async with AsyncExitStack() as stack:
        with platform.serving():
            trusting = msgspec.structs.replace(
                settings, jwt_jwks_url=platform.url, jwt_issuer=ISSUER, jwt_audience=AUDIENCE
            )
            clients = []
            for app in (create_app(trusting, clock), create_app(trusting, clock)):
                await stack.enter_async_context(started(app))
                clients.append(AsyncClient(transport=ASGITransport(app), base_url="http://t"))
            known, fresh = clients
            assert (await _me(known, token)).status_code == 200
        another = platform.token("rsa-1", user.id, clock(), jti="another")
        assert [(await _me(client, another)).status_code for client in (known, fresh)] == [200, 503]


async def test_signing_in_here_is_not_offered(client: AsyncClient) -> None:
    answer = await client.post("/api/auth/login", json={"email": "a@b.org", "password": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "external_sign_in")


async def test_roles_of_the_platform_that_are_none_of_ours_have_the_least_rights(
    client: AsyncClient, platform: Platform, database: AsyncConnection, user: User, clock: TestClock
) -> None:
    assert Role.of("superuser") is Role.MEMBER
    answer = await client.get(
        "/api/users", headers={"Authorization": f"Bearer {platform.token('ec-1', user.id, clock())}"}
    )
    assert answer.status_code == 403
