"""Flags and the audit trail."""

import time

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from communityshare.app import create_app
from communityshare.infra import flags
from communityshare.infra.settings import Settings
from tests.conftest import TestClock, started
from tests.world import SCHEDULES, World

FLAG = "/api/admin/features/maintenance_scheduling_enabled"


async def test_a_switch_counts_at_once_here_and_within_five_seconds_elsewhere(
    world: World, settings: Settings, clock: TestClock
) -> None:
    admin = await world.admin()
    other = create_app(settings, clock)
    bearer = {"Authorization": f"Bearer {admin.token}"}
    async with started(other), AsyncClient(transport=ASGITransport(other), base_url="http://t") as http:
        assert (await http.get(SCHEDULES, headers=bearer)).status_code == 200
        assert (await admin.put(FLAG, {"enabled": False})).json()["enabled"] is False
        here = await admin.get(SCHEDULES)
        assert (here.status_code, here.json()["code"]) == (404, "feature_disabled")
        began = time.monotonic()
        while (await http.get(SCHEDULES, headers=bearer)).status_code == 200:
            assert time.monotonic() - began < 5
        assert flags._REMEMBERED < 5
    assert (await world.http.get("/api/features")).json()["features"] == {
        "maintenance_scheduling_enabled": False
    }


async def test_an_unknown_flag_is_404(world: World) -> None:
    admin = await world.admin()
    answer = await admin.put("/api/admin/features/nothing", {"enabled": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_flag")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
async def test_the_trail_is_append_only(world: World, database: AsyncConnection, statement: str) -> None:
    admin = await world.admin()
    await admin.put(FLAG, {"enabled": True})
    with pytest.raises(psycopg.errors.RestrictViolation, match="audit_log is append-only"):
        await database.execute(statement)


async def test_the_trail_names_who_what_and_the_correlation_id(world: World) -> None:
    admin, member = await world.admin(), await world.member()
    await admin.put(FLAG, {"enabled": True}, headers={"X-Correlation-ID": "one"})
    refused = await member.put(FLAG, {"enabled": False}, headers={"X-Correlation-ID": "two"})
    read = await member.get("/api/users", headers={"X-Correlation-ID": "three"})
    assert (refused.status_code, read.status_code) == (403, 403)
    trail = (await admin.get("/api/admin/audit", params={"limit": 2})).json()
    told = [(entry["actor_name"], entry["outcome"], entry["correlation_id"]) for entry in trail["items"]]
    assert told == [(member.user.name, "refused", "three"), (member.user.name, "refused", "two")]
    rest = (await admin.get("/api/admin/audit", params={"cursor": trail["next_cursor"]})).json()
    assert [(entry["action"], entry["outcome"], entry["correlation_id"]) for entry in rest["items"]] == [
        ("feature.switch", "done", "one")
    ]
