"""Every route, asked by everybody about everything. A route without an entry here fails the test."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from litestar import Litestar
from PIL import Image

from communityshare.accounts.policy import Role
from communityshare.infra.ids import new_id
from tests.world import SCHEDULES, Actor, World

LOGS, ALERTS = "/api/maintenance/logs", "/api/maintenance/alerts"
ADMIN, OWNER, STRANGER = "admin", "member", "other member"
ASSIGNEE, OTHER = "coordinator", "other coordinator"
WHO = [ADMIN, ASSIGNEE, OTHER, OWNER, STRANGER]
NOBODY = ["anonymous", "expired", "disabled", "forged"]


def _picture() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    return picture.getvalue()


PICTURE = _picture()


@dataclass
class Entry:
    """What each signed-in role gets, in the order of WHO; `open` routes mind no token at all."""

    path: str
    statuses: tuple[int, int, int, int, int]
    body: Any = None
    open: bool = False
    photo: bool = False


def everybody(status: int) -> tuple[int, int, int, int, int]:
    """Return the same status for every role."""
    return (status,) * 5


ONLY_ADMINS = (403, 403, 403, 403)
# {x} is replaced by an id of the scene: of the assigned and owned thing, of a deleted one, or of none.
MATRIX: dict[str, list[Entry]] = {
    "GET /healthz": [Entry("/healthz", everybody(200), open=True)],
    "GET /readyz": [Entry("/readyz", everybody(200), open=True)],
    "GET /metrics": [Entry("/metrics", everybody(404), open=True)],
    "GET /api/openapi.json": [Entry("/api/openapi.json", everybody(200), open=True)],
    "GET /api/docs": [Entry("/api/docs", everybody(200), open=True)],
    "GET /api/docs/openapi.json": [Entry("/api/docs/openapi.json", everybody(200), open=True)],
    "GET /api/docs/{path:str}": [Entry("/api/docs/nothing", everybody(404), open=True)],
    "POST /api/auth/login": [
        Entry("/api/auth/login", everybody(401), {"email": "nobody@example.org", "password": "x"}, open=True)
    ],
    "POST /api/auth/refresh": [Entry("/api/auth/refresh", everybody(401), {"refresh_token": "x"}, open=True)],
    "POST /api/auth/password": [
        Entry("/api/auth/password", everybody(422), {
            "current_password": "not theirs", "new_password": "a password nobody has",
        })
    ],
    "GET /api/auth/me": [Entry("/api/auth/me", everybody(200))],
    "POST /api/auth/logout": [Entry("/api/auth/logout", everybody(204))],
    "GET /api/features": [Entry("/api/features", everybody(200), open=True)],
    "PUT /api/admin/features/{name:str}": [
        Entry("/api/admin/features/maintenance_scheduling_enabled", (200, *ONLY_ADMINS), {"enabled": True}),
        Entry("/api/admin/features/nothing", (404, *ONLY_ADMINS), {"enabled": True}),
    ],
    "GET /api/admin/audit": [Entry("/api/admin/audit", (200, *ONLY_ADMINS))],
    "GET /api/users": [Entry("/api/users", (200, *ONLY_ADMINS))],
    "POST /api/users": [
        Entry("/api/users", (201, *ONLY_ADMINS), {
            "email": "new@example.org", "name": "N", "password": "long enough it is",
        })
    ],
    "PATCH /api/users/{user_id:uuid}": [
        Entry("/api/users/{stranger}", (200, *ONLY_ADMINS), {"premium": True}),
        Entry("/api/users/{missing}", (404, *ONLY_ADMINS), {"premium": True}),
    ],
    "GET /api/resources": [Entry("/api/resources", everybody(200))],
    "POST /api/resources": [
        Entry("/api/resources", everybody(201), {"name": "Ladder"}),
        Entry("/api/resources", (201, 403, 403, 403, 201), {"name": "Ladder", "owner_id": "{stranger}"}),
        Entry("/api/resources", (422, *ONLY_ADMINS), {"name": "Ladder", "owner_id": "{missing}"}),
    ],
    "GET /api/resources/{resource_id:uuid}": [
        Entry("/api/resources/{thing}", everybody(200)),
        Entry("/api/resources/{retired_thing}", everybody(404)),
        Entry("/api/resources/{missing}", everybody(404)),
    ],
    "PATCH /api/resources/{resource_id:uuid}": [
        Entry("/api/resources/{thing}", (200, 403, 403, 200, 403), {"description": "x"}),
        Entry("/api/resources/{thing}", (200, 403, 403, 403, 403), {"owner_id": "{stranger}"}),
        Entry("/api/resources/{retired_thing}", everybody(404), {"description": "x"}),
        Entry("/api/resources/{missing}", everybody(404), {"description": "x"}),
    ],
    "DELETE /api/resources/{resource_id:uuid}": [
        Entry("/api/resources/{thing}", (204, 403, 403, 204, 403)),
        Entry("/api/resources/{retired_thing}", everybody(404)),
        Entry("/api/resources/{missing}", everybody(404)),
    ],
    f"GET {SCHEDULES}": [
        Entry(SCHEDULES, everybody(200)),
        Entry(f"{SCHEDULES}?include_deleted=true", (200, *ONLY_ADMINS)),
    ],
    f"POST {SCHEDULES}": [
        Entry(SCHEDULES, (201, *ONLY_ADMINS), {
            "resource_id": "{thing}", "schedule_type": "oil", "frequency": "weekly",
            "start_date": "2026-04-01T08:00:00Z",
        })
    ],
    f"POST {SCHEDULES}/preview": [
        Entry(f"{SCHEDULES}/preview", everybody(200), {"frequency": "weekly", "start_date": "2026-04-01T08:00:00Z"})
    ],
    f"GET {SCHEDULES}/types": [Entry(f"{SCHEDULES}/types", everybody(200))],
    f"GET {SCHEDULES}/{{schedule_id:uuid}}": [
        Entry(f"{SCHEDULES}/{{schedule}}", (200, 200, 404, 200, 404)),
        Entry(f"{SCHEDULES}/{{deleted_schedule}}", everybody(404)),
        Entry(f"{SCHEDULES}/{{missing}}", everybody(404)),
    ],
    f"PATCH {SCHEDULES}/{{schedule_id:uuid}}": [
        Entry(f"{SCHEDULES}/{{schedule}}", (200, 403, 404, 403, 404), {"description": "x"}),
        Entry(f"{SCHEDULES}/{{deleted_schedule}}", everybody(404), {"description": "x"}),
        Entry(f"{SCHEDULES}/{{missing}}", everybody(404), {"description": "x"}),
    ],
    f"DELETE {SCHEDULES}/{{schedule_id:uuid}}": [
        Entry(f"{SCHEDULES}/{{schedule}}", (204, 403, 404, 403, 404)),
        Entry(f"{SCHEDULES}/{{deleted_schedule}}", everybody(404)),
        Entry(f"{SCHEDULES}/{{missing}}", everybody(404)),
    ],
    f"POST {SCHEDULES}/{{schedule_id:uuid}}/restore": [
        Entry(f"{SCHEDULES}/{{deleted_schedule}}/restore", (200, 404, 404, 404, 404)),
        Entry(f"{SCHEDULES}/{{schedule}}/restore", everybody(404)),
        Entry(f"{SCHEDULES}/{{missing}}/restore", everybody(404)),
    ],
    f"GET {SCHEDULES}/{{schedule_id:uuid}}/alerts": [
        Entry(f"{SCHEDULES}/{{schedule}}/alerts", (200, 200, 404, 200, 404)),
        Entry(f"{SCHEDULES}/{{deleted_schedule}}/alerts", everybody(404)),
        Entry(f"{SCHEDULES}/{{missing}}/alerts", everybody(404)),
    ],
    f"GET {LOGS}": [Entry(LOGS, everybody(200))],
    f"GET {LOGS}/export": [Entry(f"{LOGS}/export", everybody(200))],
    f"POST {LOGS}": [
        Entry(LOGS, (201, 201, 404, 403, 404), {"schedule_id": "{schedule}"}),
        Entry(LOGS, everybody(404), {"schedule_id": "{deleted_schedule}"}),
        Entry(LOGS, everybody(404), {"schedule_id": "{missing}"}),
        Entry(LOGS, (201, 201, 201, 403, 403), {"resource_id": "{thing}"}),
    ],
    f"GET {LOGS}/{{log_id:uuid}}": [
        Entry(f"{LOGS}/{{log}}", (200, 200, 404, 200, 404)),
        Entry(f"{LOGS}/{{missing}}", everybody(404)),
    ],
    f"PATCH {LOGS}/{{log_id:uuid}}": [
        Entry(f"{LOGS}/{{log}}", (200, 403, 404, 403, 404), {"reason": "typing error", "notes": "x"}),
        Entry(f"{LOGS}/{{missing}}", everybody(404), {"reason": "typing error", "notes": "x"}),
    ],
    f"DELETE {LOGS}/{{log_id:uuid}}": [
        Entry(f"{LOGS}/{{log}}?reason=mistaken", (204, 403, 404, 403, 404)),
        Entry(f"{LOGS}/{{missing}}?reason=mistaken", everybody(404)),
    ],
    "GET /api/maintenance/calendar": [
        Entry("/api/maintenance/calendar?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z", everybody(200))
    ],
    "GET /api/maintenance/calendar.ics": [
        Entry("/api/maintenance/calendar.ics?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z", everybody(200))
    ],
    f"POST {ALERTS}/generate": [Entry(f"{ALERTS}/generate", (202, *ONLY_ADMINS))],
    f"GET {ALERTS}": [Entry(ALERTS, (200, *ONLY_ADMINS))],
    f"GET {ALERTS}/runs": [Entry(f"{ALERTS}/runs", (200, *ONLY_ADMINS))],
    f"GET {ALERTS}/runs/{{run_id:uuid}}": [Entry(f"{ALERTS}/runs/{{missing}}", (404, *ONLY_ADMINS))],
    f"GET {ALERTS}/deliveries": [Entry(f"{ALERTS}/deliveries", (200, *ONLY_ADMINS))],
    f"POST {ALERTS}/deliveries/{{delivery_id:uuid}}/retry": [
        Entry(f"{ALERTS}/deliveries/{{missing}}/retry", (404, *ONLY_ADMINS))
    ],
    f"POST {ALERTS}/deliveries/retry": [Entry(f"{ALERTS}/deliveries/retry", (202, *ONLY_ADMINS))],
    # The address carries its own permission: without the signature there is nothing for anybody.
    "GET /api/maintenance/photos/{key:path}": [
        Entry("/api/maintenance/photos/a.jpg?expires=1&signature=x", everybody(404), open=True)
    ],
    f"POST {LOGS}/{{log_id:uuid}}/photos": [
        Entry(f"{LOGS}/{{log}}/photos", (201, 403, 404, 403, 404), photo=True),
        Entry(f"{LOGS}/{{missing}}/photos", everybody(404), photo=True),
    ],
}  # fmt: skip


class Scene:
    """One of everything: an owned thing, a schedule for it that is assigned, its log, and deleted ones."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.actors: dict[str, Actor] = {}
        self.ids: dict[str, str] = {"missing": str(new_id())}

    async def build(self) -> "Scene":
        """Make everybody and everything."""
        roles = dict(
            zip(WHO, (Role.ADMIN, Role.COORDINATOR, Role.COORDINATOR, Role.MEMBER, Role.MEMBER), strict=True)
        )
        self.actors = {name: await self.world.actor(role) for name, role in roles.items()}
        admin, owner, assignee = self.actors[ADMIN], self.actors[OWNER], self.actors[ASSIGNEE]
        await self.world.admin()  # so that the scene's own may be changed
        thing, retired = await self.world.resource(owner), await self.world.resource(owner)
        schedule = await self.world.schedule(admin, thing, assigned_to=assignee.id)
        deleted = await self.world.schedule(admin, thing, assigned_to=assignee.id)
        log = (await admin.post(LOGS, {"schedule_id": schedule["id"]})).json()
        for url in (f"{SCHEDULES}/{deleted['id']}", f"/api/resources/{retired}"):
            assert (await admin.delete(url)).status_code == 204
        self.ids |= {
            "thing": str(thing), "retired_thing": str(retired), "schedule": schedule["id"], "log": log["id"],
            "deleted_schedule": deleted["id"], "stranger": str(self.actors[STRANGER].id),
        }  # fmt: skip
        return self

    def fill(self, value: Any) -> Any:
        """Replace the placeholders of a path or body."""
        if isinstance(value, dict):
            return {name: self.fill(inner) for name, inner in value.items()}
        for name, identity in self.ids.items():
            value = value.replace(f"{{{name}}}", identity) if isinstance(value, str) else value
        return value

    async def ask(self, who: Actor, method: str, entry: Entry) -> int:
        """Send the entry's request; return the status."""
        body: dict[str, Any] = {"json": self.fill(entry.body)} if entry.body is not None else {}
        if entry.photo:
            body = {"files": {"photos": ("drill.png", PICTURE, "image/png")}}
        return (await who.request(method, self.fill(entry.path), **body)).status_code


def _routes(application: Litestar) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in application.routes
        for method in getattr(route, "route_handler_map", {})
        if method != "OPTIONS"
    }


async def test_every_route_has_its_entry(application: Litestar) -> None:
    assert _routes(application) == set(MATRIX)


@pytest.mark.parametrize("number", range(len(WHO)), ids=WHO)
async def test_what_each_role_may_do(world: World, number: int) -> None:
    wrong = []
    for route, entries in MATRIX.items():
        method = route.split()[0]
        for entry in entries:
            # What one request changes, the next must not find.
            if method != "GET" or not wrong:
                await world.empty()
                scene = await Scene(world).build()
            status = await scene.ask(scene.actors[WHO[number]], method, entry)
            if status != entry.statuses[number]:
                wrong.append(f"{route} {entry.path} {entry.body}: {status}, not {entry.statuses[number]}")
    assert wrong == []


async def test_head_passes_where_get_does_and_nowhere_else(world: World) -> None:
    scene, wrong = await Scene(world).build(), []
    reads = [
        (route, entry) for route, entries in MATRIX.items() for entry in entries if route.startswith("GET ")
    ]
    for route, entry in reads:
        for who, status in zip(WHO, entry.statuses, strict=True):
            if (asked := await scene.ask(scene.actors[who], "HEAD", entry)) != status:
                wrong.append(f"{who}: {route} {entry.path}: {asked}, not {status}")
        if (await world.http.head(scene.fill(entry.path))).status_code != (
            entry.statuses[0] if entry.open else 401
        ):
            wrong.append(f"anonymous: {route}")
    assert wrong == []


async def test_nobody_passes_without_a_token_that_counts(world: World) -> None:
    scene = await Scene(world).build()
    disabled = await world.actor(Role.ADMIN, active=False)
    expired = await world.admin()
    world.clock.now += timedelta(hours=24)  # type: ignore[attr-defined]
    await world.sign_in_again(disabled)
    nobody = {
        "anonymous": "", "expired": expired.token, "disabled": disabled.token, "forged": disabled.token[:-4] + "AAAA",
    }  # fmt: skip
    wrong = []
    for route, entries in MATRIX.items():
        for name, token in nobody.items():
            who = Actor(disabled.user, world.http, token)
            for entry in entries:
                status = await scene.ask(who, route.split()[0], entry)
                if status != (entry.statuses[0] if entry.open else 401):
                    wrong.append(f"{name}: {route}: {status}")
    assert wrong == []
