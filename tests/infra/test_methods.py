"""What HTTP promises of methods: HEAD is GET without its body, `Allow` names them all, and off is off for each."""

import re
from collections import defaultdict

import pytest
from httpx2 import AsyncClient
from litestar import Litestar
from psycopg import AsyncConnection

from communityshare.infra.ids import new_id
from tests.world import SCHEDULES, World

LOGS = "/api/maintenance/logs"
EVERY = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
OF_EACH_ANSWER = {"x-correlation-id", "ratelimit", "ratelimit-remaining", "ratelimit-reset"}


def offered(application: Litestar) -> dict[str, set[str]]:
    """Return the methods of every address of the route table, an id in place of each parameter."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for route in application.routes:
        found[re.sub(r"\{.+?\}", str(new_id()), route.path)] |= set(getattr(route, "route_handler_map", {}))
    return {
        path: methods | ({"HEAD"} if "GET" in methods else set())
        for path, methods in found.items()
        if methods
    }


def named(allow: str) -> set[str]:
    """Return the methods of an `Allow`, each once."""
    methods = allow.split(", ")
    assert len(methods) == len(set(methods))
    return set(methods)


async def test_options_and_405_name_every_method(world: World, application: Litestar) -> None:
    admin, wrong = await world.admin(), []
    for path, methods in offered(application).items():
        asked = await admin.request("OPTIONS", path)
        refused = await admin.request(min(EVERY - methods), path)
        if (asked.status_code, refused.status_code) != (204, 405):
            wrong.append((path, asked.status_code, refused.status_code))
        wrong += [
            (path, one.headers["Allow"]) for one in (asked, refused) if named(one.headers["Allow"]) != methods
        ]
    assert wrong == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/metrics"])
async def test_monitors_may_ask_with_head(http: AsyncClient, path: str) -> None:
    head, get = await http.head(path), await http.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert _lasting(head.headers) == _lasting(get.headers)


async def test_head_has_the_headers_of_get_for_whoever_asks(world: World) -> None:
    admin, stranger = await world.admin(), await world.member()
    schedule = await world.schedule(admin)
    for path in (SCHEDULES, f"{SCHEDULES}/{schedule['id']}", f"{LOGS}/export", "/api/users"):
        for who in (admin, stranger):
            head, get = await who.request("HEAD", path), await who.get(path)
            assert (head.status_code, head.content) == (get.status_code, b""), path
            assert _lasting(head.headers) == _lasting(get.headers), path


async def test_head_counts_against_the_limit(world: World) -> None:
    admin = await world.admin()
    left = [
        int((await admin.request(method, SCHEDULES)).headers["RateLimit-Remaining"])
        for method in ("GET", "HEAD", "GET")
    ]
    assert left == [left[0], left[0] - 1, left[0] - 2]


async def test_head_is_no_operation_of_the_document(http: AsyncClient) -> None:
    paths = (await http.get("/api/openapi.json")).json()["paths"]
    assert not any("head" in operations for operations in paths.values())


async def test_while_the_feature_is_off_nothing_below_it_is_there(
    world: World, application: Litestar, database: AsyncConnection
) -> None:
    admin = await world.admin()
    await database.execute("UPDATE feature_flags SET enabled = false")
    application.state.flags.forget()
    known = {path for path in offered(application) if path.startswith("/api/maintenance")}
    unknown = {
        f"{LOGS}/not-an-id",
        f"{LOGS}/a/b/c",
        "/api/maintenance",
        "/api/maintenance/",
        "/api/maintenance/x",
    }
    for path in known | unknown:
        for method in EVERY - {"HEAD"}:
            for headers in ({}, {"Authorization": f"Bearer {admin.token}"}):
                answer = await world.http.request(method, path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (404, "feature_disabled"), (
                    method,
                    path,
                )
        assert (await world.http.head(path)).status_code == 404
    elsewhere = await world.http.get("/api/maintenance-plan")
    assert elsewhere.json()["code"] == "not_found"


async def test_a_kept_answer_is_for_those_who_might_ask_today(
    world: World, database: AsyncConnection
) -> None:
    admin, headers = await world.admin(), {"Idempotency-Key": "once"}
    await world.admin()
    body = {"resource_id": str(await world.resource()), "notes": "Oiled."}
    assert (await admin.post(LOGS, body, headers=headers)).status_code == 201
    await database.execute("UPDATE feature_flags SET enabled = false")
    world.application.state.flags.forget()
    assert (await admin.post(LOGS, body, headers=headers)).json()["code"] == "feature_disabled"
    await database.execute("UPDATE feature_flags SET enabled = true")
    world.application.state.flags.forget()
    assert (await admin.post(LOGS, body, headers=headers)).headers["Idempotency-Replayed"] == "true"


def _lasting(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name not in OF_EACH_ANSWER}  # type: ignore[call-overload]
