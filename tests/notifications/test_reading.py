"""What a user does with messages: the inbox, preferences, the outbox for administrators."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.conftest import TestClock
from tests.notifications.conftest import Service, message
from tests.world import Actor

INBOX = "/api/notifications"
PREFERENCES = "/api/notifications/preferences"
OUTBOX = "/api/notifications/outbox"


async def test_an_in_app_message_stands_in_the_inbox(service: Service, clock: TestClock) -> None:
    user = await service.world.member()
    sent = await service.send(
        "in-app", user, html='<p onclick="x()">Due <b>now</b><script>alert(1)</script></p>'
    )
    answer = (await user.get(INBOX)).json()
    assert answer == {
        "items": [
            {
                "id": str(sent),
                "subject": "Overdue: cordless drill",
                "text": "The **inspection** was due on 1 March.",
                "html": "<p>Due now</p>",
                "category": "maintenance",
                "url": "/schedules/42",
                "created_at": clock.now.isoformat().replace("+00:00", "Z"),
                "read_at": None,
            }
        ],
        "next_cursor": None,
        "unread": 1,
    }


async def test_mail_and_suppressed_messages_are_not_in_the_inbox(service: Service) -> None:
    user = await service.world.member()
    await service.send("email", user)
    await service.choose(user, channels={"maintenance": {"in_app": False}})
    await service.send("in-app", user)
    assert (await user.get(INBOX)).json() == {"items": [], "next_cursor": None, "unread": 0}


async def test_pages_skip_and_repeat_nothing_while_messages_come_in(service: Service) -> None:
    user = await service.world.member()
    ids = [str(await service.send("in-app", user)) for _ in range(7)]
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        page = (await user.get(INBOX, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        await service.send("in-app", user)
        if not page["next_cursor"]:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == ids[::-1]


async def test_reading(service: Service, clock: TestClock) -> None:
    user = await service.world.member()
    first, second = [await service.send("in-app", user) for _ in range(2)]
    assert (await user.post(f"{INBOX}/{first}/read")).status_code == 204
    read_at = (await service.row(first))["read_at"]
    clock.now += timedelta(hours=1)
    assert (await user.post(f"{INBOX}/{first}/read")).status_code == 204
    assert (await service.row(first))["read_at"] == read_at
    assert await listed(user, unread=True) == [second]
    assert await listed(user, unread=False) == [first]
    assert (await user.post(f"{INBOX}/read-all")).status_code == 204
    assert (await user.get(INBOX)).json()["unread"] == 0
    assert (await service.row(second))["read_at"] == clock.now


async def test_another_users_message_is_not_there(service: Service) -> None:
    owner, other = await service.world.member(), await service.world.admin()
    sent = await service.send("in-app", owner)
    theirs, nothing = await other.post(f"{INBOX}/{sent}/read"), await other.post(f"{INBOX}/{uuid4()}/read")
    assert theirs.status_code == nothing.status_code == 404
    assert {**theirs.json(), "correlation_id": ""} == {**nothing.json(), "correlation_id": ""}
    assert await listed(other) == []
    await other.post(f"{INBOX}/read-all")
    assert (await service.row(sent))["read_at"] is None
    mail = await service.send("email", owner)
    assert (await owner.post(f"{INBOX}/{mail}/read")).status_code == 404


@pytest.mark.parametrize(
    "request_line",
    [f"GET {INBOX}", f"POST {INBOX}/read-all", f"GET {PREFERENCES}", f"PUT {PREFERENCES}", f"GET {OUTBOX}",
     f"GET {INBOX}/stream", f"POST {INBOX}/{UUID(int=42)}/read"],
)  # fmt: skip
async def test_readers_need_a_token_of_their_own(service: Service, request_line: str) -> None:
    method, url = request_line.split()
    for headers in ({}, service.authorization):
        assert (await service.http.request(method, url, headers=headers)).status_code == 401


async def test_a_disabled_user_is_refused_at_once(service: Service) -> None:
    user = await service.world.actor(active=False)
    assert (await user.get(INBOX)).status_code == 401


async def test_bad_paging(service: Service) -> None:
    user = await service.world.member()
    for params in ({"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"unread": "maybe"}, {"unraed": True}):
        assert (await user.get(INBOX, params=params)).status_code == 422


async def test_preferences_start_with_the_defaults(service: Service) -> None:
    user = await service.world.member()
    assert (await user.get(PREFERENCES)).json() == {
        "channels": {},
        "quiet_hours": None,
        "timezone": "UTC",
        "defaults": {"email": True, "sms": False, "in_app": True},
    }


async def test_preferences_are_kept_as_a_whole(service: Service) -> None:
    user, other = await service.world.member(), await service.world.member()
    chosen = {
        "channels": {"maintenance": {"email": False, "sms": True, "in_app": True}},
        "quiet_hours": {"start": "22:00", "end": "07:00"},
        "timezone": "Europe/Berlin",
    }
    stored = (await user.put(PREFERENCES, chosen)).json()
    assert stored == (await user.get(PREFERENCES)).json() == {**chosen, "defaults": stored["defaults"]}
    assert (await other.get(PREFERENCES)).json()["channels"] == {}
    await service.choose(user)
    assert (await user.get(PREFERENCES)).json()["quiet_hours"] is None


async def test_preferences_come_back_as_they_were_shown(service: Service) -> None:
    user = await service.world.member()
    await service.choose(user, channels={"maintenance": {"sms": True}})
    shown = (await user.get(PREFERENCES)).json()
    answer = await user.put(PREFERENCES, shown)
    assert (answer.status_code, answer.json()) == (200, shown)


async def test_preferences_that_are_left_out_are_none(service: Service) -> None:
    user = await service.world.member()
    quiet = {"start": "22:00", "end": "07:00"}
    await service.choose(user, channels={"maintenance": {}}, quiet_hours=quiet, timezone="Asia/Kathmandu")
    answer = await user.put(PREFERENCES, {})
    assert (answer.status_code, answer.json()) == (200, (await user.get(PREFERENCES)).json())
    assert answer.json() == {
        "channels": {},
        "quiet_hours": None,
        "timezone": "UTC",
        "defaults": {"email": True, "sms": False, "in_app": True},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"defaults": {"email": False}}, {"defaults": None},
        {"timezone": "Mars/Olympus"}, {"timezone": "../etc/passwd"}, {"timezone": ""}, {"timezone": 1},
        {"quiet_hours": {"start": "22:00", "end": "22:00"}}, {"quiet_hours": {"start": "24:00", "end": "07:00"}},
        {"quiet_hours": {"start": "22:00"}}, {"quiet_hours": {"start": "22:00", "end": "07:00", "days": []}},
        {"channels": {"maintenance": {"fax": True}}}, {"channels": {"maintenance": {"email": "yes"}}},
        {"channels": {"Loud Words": {}}}, {"channels": {f"c{n}": {} for n in range(51)}}, {"colour": "red"},
    ],
)  # fmt: skip
async def test_preferences_that_cannot_be_meant(service: Service, wrong: dict[str, Any]) -> None:
    user = await service.world.member()
    answer = await user.put(PREFERENCES, {"channels": {}, "quiet_hours": None, "timezone": "UTC", **wrong})
    assert answer.status_code == 422, answer.text


async def test_without_a_transport_mail_is_kept_and_listed_as_its_reader_would_see_it(
    service: Service,
) -> None:
    user, admin = await service.world.member(), await service.world.admin()
    kept = await service.send("email", user)
    await service.send("in-app", user)
    (item,) = (await admin.get(OUTBOX)).json()["items"]
    assert (item["id"], item["channel"], item["to"]) == (str(kept), "email", user.user.email)
    assert (item["status"], item["attempts"], item["last_error"]) == ("kept", 0, None)
    assert "https://share.example.org/schedules/42" in item["text"]
    assert 'href="https://share.example.org/schedules/42"' in item["html"]


async def test_the_outbox_shows_sms_and_pages(service: Service) -> None:
    user, admin = await service.world.actor(premium=True), await service.world.admin()
    await service.phone(user, "+4915112345678")
    await service.choose(user, channels={"maintenance": {"sms": True}})
    ids = [await service.send("sms", user), await service.send("email", user)]
    first = (await admin.get(OUTBOX, params={"limit": 1})).json()
    second = (await admin.get(OUTBOX, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [UUID(page["items"][0]["id"]) for page in (first, second)] == ids[::-1]
    assert second["next_cursor"] is None
    assert second["items"][0]["html"] is None
    assert second["items"][0]["text"].endswith("\nhttps://share.example.org/schedules/42")


async def test_the_outbox_is_for_administrators(service: Service) -> None:
    for user in (await service.world.member(), await service.world.coordinator()):
        answer = await user.get(OUTBOX)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_message_of_another_category_is_taken_too(service: Service) -> None:
    user = await service.world.member()
    assert (await service.post("in-app", message(user, category="news", url=None))).status_code == 202
    assert (await user.get(INBOX)).json()["items"][0]["url"] is None


async def listed(user: Actor, **params: Any) -> list[UUID]:
    return [UUID(item["id"]) for item in (await user.get(INBOX, params=params)).json()["items"]]
