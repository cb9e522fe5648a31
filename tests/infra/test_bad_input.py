"""Input that cannot be taken is told by field and status, and never is a 500."""

import json
from typing import Any

import pytest
from httpx2 import Response

from tests.world import SCHEDULES, Actor, World

JSON = {"Content-Type": "application/json"}


def fields(answer: Response) -> set[str]:
    """Return the names of the fields that the answer refuses."""
    assert answer.headers["content-type"] == "application/problem+json"
    return {entry["field"] for entry in answer.json().get("errors", [])}


async def _valid(world: World) -> dict[str, Any]:
    return {
        "resource_id": str(await world.resource()),
        "schedule_type": "inspection",
        "frequency": "monthly",
        "start_date": "2026-04-01T08:00:00Z",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"start_date": "tomorrow"}, "start_date"),
        ({"start_date": "2026-04-01T08:00:00"}, "start_date"),
        ({"start_date": 1_775_030_400}, "start_date"),
        ({"start_date": "0001-01-01T00:00:00+14:00"}, "start_date"),
        ({"start_date": "9999-12-31T23:59:59Z"}, "start_date"),
        ({"end_date": "9999-12-31T23:59:59-12:00"}, "end_date"),
        ({"resource_id": "drill"}, "resource_id"),
        ({"resource_id": "018f0000-0000-7000-8000-000000000000"}, "resource_id"),
        ({"frequency": "hourly"}, "frequency"),
        ({"recurrence_mode": "drifting"}, "recurrence_mode"),
        ({"interval": "5"}, "interval"),
        ({"interval": 0}, "interval"),
        ({"interval": 10**30}, "interval"),
        ({"interval": 1.5}, "interval"),
        ({"interval": True}, "interval"),
        ({"schedule_type": ""}, "schedule_type"),
        ({"schedule_type": "   "}, "schedule_type"),
        ({"schedule_type": "x" * 51}, "schedule_type"),
        ({"schedule_type": "oil\x00"}, "schedule_type"),
        ({"schedule_type": "oil\n"}, "schedule_type"),
        ({"description": "a bell \x07"}, "description"),
        ({"description": "next line \x85"}, "description"),
        ({"description": "x" * 10_001}, "description"),
        ({"assigned_to": "nobody"}, "assigned_to"),
        ({"assigned_to": "018f0000-0000-7000-8000-000000000000"}, "assigned_to"),
        ({"frequency": "custom"}, "rrule"),
        ({"frequency": "custom", "rrule": "FREQ=SOMETIMES"}, "rrule"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_wrong_field_is_422_and_named_as_on_the_wire(
    world: World, change: dict[str, Any], field: str
) -> None:
    admin = await world.admin()
    answer = await admin.post(SCHEDULES, {**await _valid(world), **change})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), answer.text
    assert fields(answer) == {field}


async def test_every_wrong_field_is_named_at_once(world: World) -> None:
    admin = await world.admin()
    answer = await admin.post(SCHEDULES, {"interval": 0, "frequency": "hourly", "colour": "red"})
    assert fields(answer) == {
        "interval", "frequency", "colour", "resource_id", "schedule_type", "start_date",
    }  # fmt: skip
    messages = {entry["field"]: entry["message"] for entry in answer.json()["errors"]}
    assert messages["interval"] == "must be 1 or more"
    assert messages["colour"] == "is not known here"
    assert messages["start_date"] == "is missing"
    assert messages["frequency"].startswith("'hourly' is none of once, daily, weekly")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"a":', b"nonsense", b"\xff\xfe", b'{"schedule_type": "\xc3\x28"}',
        b'{"schedule_type": "\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
async def test_a_body_that_is_no_json_is_400(world: World, body: bytes) -> None:
    admin = await world.admin()
    answer = await admin.request("POST", SCHEDULES, content=body, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert (answer.json()["code"], fields(answer)) == ("malformed_request", set())


@pytest.mark.parametrize("body", [b"null", b"[]", b"5", b'"text"'])
async def test_json_of_another_kind_is_422(world: World, body: bytes) -> None:
    admin = await world.admin()
    answer = await admin.request("POST", SCHEDULES, content=body, headers=JSON)
    assert (answer.status_code, fields(answer)) == (422, {"body"}), answer.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_another_content_type_is_415(world: World, kind: str) -> None:
    admin = await world.admin()
    body = json.dumps(await _valid(world)).encode()
    answer = await admin.request("POST", SCHEDULES, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "large"}], ids=["plain", "with a key"])
async def test_a_body_above_the_limit_is_413(world: World, headers: dict[str, str]) -> None:
    admin = await world.admin()
    body = {**await _valid(world), "description": "x" * 1_100_000}
    answer = await admin.post(SCHEDULES, body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=many", "limit"), ("limit=" + "9" * 400, "limit"),
        ("status=late", "status"), ("frequency=hourly", "frequency"), ("resource_id=drill", "resource_id"),
        ("due_from=soon", "due_from"), ("due_to=2026-04-01T08:00:00", "due_to"), ("cursor=abc", "cursor"),
        ("cursor=%FF%00", "cursor"), ("cursor=" + "W1tb" * 1_000, "cursor"), ("sort=colour", "sort"),
        ("colour=red", "colour"), ("q=" + "x" * 201, "q"),
        ("q=%00", "q"), ("include_deleted=perhaps", "include_deleted"),
    ],
)  # fmt: skip
async def test_a_wrong_query_parameter_is_422_and_named(world: World, query: str, field: str) -> None:
    admin = await world.admin()
    answer = await admin.get(f"{SCHEDULES}?{query}")
    assert (answer.status_code, fields(answer)) == (422, {field}), answer.text


async def _never_500(actor: Actor, url: str, headers: dict[str, str] | None = None) -> None:
    answer = await actor.get(url, headers=headers or {})
    assert answer.status_code < 500, f"{url}: {answer.text}"


async def test_odd_bytes_in_the_address_are_never_500(world: World) -> None:
    admin = await world.admin()
    odd = ["%ff", "%00", "%ed%a0%80", "%F0%9F%92%A9", "a" * 5000, "%25", "%5c", "'--", "[]", "%0d%0a"]
    for text in odd:
        for path in (f"{SCHEDULES}/{text}", f"/api/resources?q={text}", f"/api/users?q={text}",
                     f"{SCHEDULES}?schedule_type={text}", f"{SCHEDULES}?q={text}", f"/{text}",
                     f"/api/maintenance/logs?q={text}"):  # fmt: skip
            await _never_500(admin, path)


async def test_odd_bytes_in_headers_are_never_500(world: World) -> None:
    admin = await world.admin()
    made = await world.schedule(admin)
    for value in ("\x80\xff", '"', "*", "W/" * 500, ",,,,", "\t"):
        for name in ("If-Match", "X-Correlation-ID", "Idempotency-Key", "Authorization", "Cookie", "Accept"):
            answer = await world.http.patch(
                f"{SCHEDULES}/{made['id']}",
                json={"description": "x"},
                headers={"Authorization": f"Bearer {admin.token}", name: value.encode("latin-1")},
            )
            assert answer.status_code < 500, f"{name}: {value!r}: {answer.text}"


async def test_nothing_here_and_not_offered(world: World) -> None:
    nothing = await world.http.get("/api/nothing")
    refused = await world.http.put(SCHEDULES)
    assert (nothing.status_code, nothing.json()["code"]) == (404, "not_found")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert set(refused.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST", "OPTIONS"}


async def test_a_problem_names_its_correlation_id(world: World) -> None:
    answer = await world.http.get(SCHEDULES, headers={"X-Correlation-ID": "abc-123"})
    assert answer.headers["x-correlation-id"] == answer.json()["correlation_id"] == "abc-123"
    assert set(answer.json()) == {"type", "title", "status", "detail", "code", "correlation_id"}
    forged = await world.http.get(SCHEDULES, headers={"X-Correlation-ID": "a b{}"})
    assert forged.json()["correlation_id"] != "a b{}"
