"""Handing in messages: durable before 202, once for each key, refused when it cannot be meant."""

import asyncio
from uuid import UUID

import pytest

from communityshare.accounts.policy import Role
from tests.notifications.conftest import Service, message


async def test_each_channel_is_taken_and_stored_before_the_answer(service: Service) -> None:
    user = await service.world.actor(premium=True)
    await service.phone(user, "+4915112345678")
    await service.choose(user, channels={"maintenance": {"sms": True}})
    for channel, stored, to in [
        ("email", "email", user.user.email), ("sms", "sms", "+4915112345678"), ("in-app", "in_app", None),
    ]:  # fmt: skip
        answer = await service.post(channel, message(user))
        assert answer.status_code == 202
        assert answer.json()["status"] == "accepted"
        row = await service.row(UUID(answer.json()["id"]))
        assert (row["channel"], row["to_address"], row["user_id"]) == (stored, to, user.id)


async def test_the_same_key_and_body_replay_the_first_answer(service: Service) -> None:
    user = await service.world.member()
    first = await service.post("email", message(user), "delivery-1")
    again = await service.post("email", message(user), "delivery-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    await service.database.execute("UPDATE users SET active = false")
    assert (await service.post("email", message(user), "delivery-1")).json() == first.json()
    assert await count(service) == 1


async def test_a_key_is_bound_to_its_body_and_address(service: Service) -> None:
    user = await service.world.member()
    await service.send("email", user, "delivery-1")
    reused = await service.post("email", message(user, text="something else"), "delivery-1")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    await service.send("in-app", user, "delivery-1")
    assert await count(service) == 2


async def test_twenty_at_once_with_one_key_are_one_message(service: Service) -> None:
    user = await service.world.member()
    answers = await asyncio.gather(*(service.post("in-app", message(user), "delivery-1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await count(service) == 1


async def test_a_refused_message_among_many_harms_no_other(service: Service, nobody: UUID) -> None:
    users = [await service.world.member() for _ in range(10)]
    targets = [user.id for user in users] + [nobody]
    answers = await asyncio.gather(*(service.post("in-app", message(target)) for target in targets))
    assert [answer.status_code for answer in answers] == [202] * 10 + [404]
    assert await count(service) == 10


async def test_an_unknown_recipient_is_not_found(service: Service, nobody: UUID) -> None:
    answer = await service.post("email", message(nobody))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_recipient")


async def test_an_inactive_recipient_gets_nothing(service: Service) -> None:
    user = await service.world.actor(active=False)
    for channel in ("email", "in-app"):
        answer = await service.post(channel, message(user))
        assert (answer.status_code, answer.json()["status"]) == (202, "suppressed")


async def test_sms_is_for_premium_members_who_asked_for_it(service: Service) -> None:
    plain, premium = await service.world.member(), await service.world.actor(Role.MEMBER, premium=True)
    refused = await service.post("sms", message(plain))
    assert (refused.status_code, refused.json()["code"]) == (403, "premium_required")
    assert (await service.post("sms", message(premium))).json()["status"] == "suppressed"
    await service.choose(premium, channels={"maintenance": {"sms": True}})
    without_number = await service.send("sms", premium)
    assert (await service.row(without_number))["last_error"] == "no number"
    await service.phone(premium, "+4915112345678")
    assert (await service.post("sms", message(premium))).json()["status"] == "accepted"


async def test_a_category_uses_the_channels_its_recipient_allows(service: Service) -> None:
    user = await service.world.member()
    await service.choose(user, channels={"maintenance": {"email": False, "in_app": False}})
    for channel in ("email", "in-app"):
        assert (await service.post(channel, message(user))).json()["status"] == "suppressed"
        assert (await service.post(channel, message(user, category="news"))).json()["status"] == "accepted"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", "42"), ("subject", ""), ("subject", "   "), ("subject", "x" * 201), ("subject", "bell\x07"),
        ("text", ""), ("text", "nul\x00"), ("text", "x" * 100_001), ("html", "x" * 300_001), ("html", "\x00"),
        ("category", "Loud Words"), ("category", "c" * 51), ("url", "javascript:alert(1)"), ("url", "//evil.example"),
        ("url", "/\\evil.example"), ("url", "/a b"), ("url", "/" + "x" * 2000), ("colour", "red"), ("user_id", None),
    ],
)  # fmt: skip
async def test_a_message_that_cannot_be_meant_is_refused(service: Service, field: str, value: str) -> None:
    user = await service.world.member()
    answer = await service.post("email", message(user, **{field: value}))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["detail"]


async def test_malformed_and_oversized_bodies(service: Service) -> None:
    for content, status in ((b"{", 400), (b'{"subject": "\\ud800"}', 400), (b" " * 1_000_001 + b"{}", 413)):
        answer = await service.http.post(
            "/api/notifications/email", content=content,
            headers={**service.authorization, "Content-Type": "application/json"},
        )  # fmt: skip
        assert answer.status_code == status, answer.text


async def test_keys_are_short_and_printable(service: Service) -> None:
    user = await service.world.member()
    for key in ("x" * 201, "tab\there"):
        answer = await service.post("email", message(user), key)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_only_the_service_token_lets_messages_in(service: Service) -> None:
    admin = await service.world.admin()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {admin.token}"}):
        answer = await service.http.post("/api/notifications/email", json=message(admin), headers=headers)
        assert answer.status_code == 401
    assert await count(service) == 0


async def test_the_correlation_id_comes_back(service: Service) -> None:
    user = await service.world.member()
    headers = {**service.authorization, "X-Correlation-ID": "run-7"}
    answer = await service.http.post("/api/notifications/in-app", json=message(user), headers=headers)
    assert answer.headers["x-correlation-id"] == "run-7"


async def test_health(service: Service) -> None:
    assert (await service.http.get("/healthz")).status_code == 200
    assert (await service.http.get("/readyz")).status_code == 200


async def count(service: Service) -> int:
    cursor = await service.database.execute("SELECT count(*) FROM notifications.messages")
    row = await cursor.fetchone()
    assert row
    return row[0]
