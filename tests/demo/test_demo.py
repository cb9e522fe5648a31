"""The demo community is what the contract promises, seen through the API."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from httpx2 import AsyncClient
from psycopg import AsyncConnection

from communityshare.accounts.policy import Role
from communityshare.accounts.queries import User
from communityshare.demo.load import load
from communityshare.infra.settings import Settings
from communityshare.maintenance.schedules import recurrence
from communityshare.maintenance.schedules.recurrence import Frequency, Mode, Recurrence
from tests.conftest import TestClock
from tests.world import SCHEDULES, Actor

PASSWORD = "demo-maintenance"
# An ordinary day, just after midnight in Berlin, a leap day, month ends, both nights when clocks change.
DAYS = [
    "2026-11-22T23:59:00+00:00", "2026-06-30T22:05:00+00:00", "2028-02-29T07:10:00+00:00",
    "2028-02-28T11:00:00+00:00", "2027-01-31T18:45:00+00:00", "2027-03-28T01:15:00+00:00",
    "2027-10-31T00:40:00+00:00", "2027-03-27T22:30:00+00:00",
]  # fmt: skip


async def load_at(database: AsyncConnection, settings: Settings, now: datetime) -> list[str]:
    """Load the demo community; return the steps it told."""
    steps: list[str] = []
    async with database.transaction():
        assert await load(database, settings, now, steps.append)
    return steps


async def sign_in(http: AsyncClient, name: str) -> Actor:
    """Sign in with a demo login."""
    body = {"email": f"{name}@communityshare.example", "password": PASSWORD}
    answer = await http.post("/api/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    user = msgspec.convert({**answer.json()["user"], "active": True}, User)
    return Actor(user, http, answer.json()["access_token"])


async def everything(actor: Actor, url: str, **params: str) -> list[dict[str, Any]]:
    """All items of a list."""
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await actor.get(
            url, params={**params, "limit": "200", **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
    return items


async def test_things_and_plans_of_every_frequency(
    http: AsyncClient, database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    assert await load_at(database, settings, clock.now)
    admin = await sign_in(http, "admin")
    things = await everything(admin, "/api/resources")
    plans = await everything(admin, SCHEDULES)
    assert len(things) >= 40
    assert all(thing["owner"] and thing["description"] and thing["metadata"]["location"] for thing in things)
    assert len(plans) >= 60
    assert {plan["frequency"] for plan in plans} == set(Frequency)
    assert {plan["recurrence_mode"] for plan in plans} == set(Mode)
    assert {plan["status"] for plan in plans} == {"scheduled", "due_soon", "overdue", "completed"}
    assert {plan["start_date"][5:10] for plan in plans} >= {"01-31", "02-29"}


async def test_each_login_has_its_role_and_work_to_do(
    http: AsyncClient, database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    await load_at(database, settings, clock.now)
    for name, role in (("admin", Role.ADMIN), ("coordinator", Role.COORDINATOR), ("member", Role.MEMBER)):
        actor = await sign_in(http, name)
        assert actor.user.role is role
        plans = await everything(actor, SCHEDULES)
        assert {"overdue", "due_soon", "scheduled"} <= {plan["status"] for plan in plans}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland"])
@pytest.mark.parametrize("day", DAYS)
async def test_due_dates_are_those_of_the_rules(
    http: AsyncClient, database: AsyncConnection, settings: Settings, clock: TestClock, day: str, zone: str
) -> None:
    clock.now = datetime.fromisoformat(day)
    await load_at(database, msgspec.structs.replace(settings, community_timezone=zone), clock.now)
    plans = await everything(await sign_in(http, "admin"), SCHEDULES)
    done = await completions(database)
    for plan in plans:
        assert instant(plan["next_due_date"]) == followed(plan, done.get(plan["id"], []), ZoneInfo(zone)), (
            plan
        )
        assert instant(plan["last_performed_at"]) == max(
            (at for _, at in done.get(plan["id"], [])), default=None
        )
    late = [plan for plan in plans if plan["status"] == "overdue"]
    week_late = [
        plan for plan in late if clock.now - datetime.fromisoformat(plan["next_due_date"]) > timedelta(days=7)
    ]
    assert 6 <= len(late) <= 14
    assert len(week_late) >= 2
    local = clock.now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    soon = [instant(plan["next_due_date"]) for plan in plans if plan["status"] == "due_soon"]
    assert sum(due.astimezone(ZoneInfo(zone)).date() == local for due in soon if due) >= 4


async def test_two_years_of_logs(database: AsyncConnection, settings: Settings, clock: TestClock) -> None:
    await load_at(database, settings, clock.now)
    cursor = await database.execute(
        """SELECT count(*), min(performed_at), max(performed_at), max(created_at), count(DISTINCT notes),
                  count(*) FILTER (WHERE issues_found = 'none'), count(*) FILTER (WHERE issues_found = 'major'),
                  count(*) FILTER (WHERE kind = 'amended'), count(*) FILTER (WHERE kind = 'voided'),
                  count(*) FILTER (WHERE schedule_id IS NULL)
           FROM maintenance_logs"""
    )
    row = await cursor.fetchone()
    assert row
    count, oldest, newest, written, texts, fine, major, amended, voided, repairs = row
    assert 1000 <= count <= 1700
    assert clock.now - oldest > timedelta(days=700)
    assert newest <= written <= clock.now
    assert texts > 150
    assert count * 0.8 < fine < count
    assert min(major, amended, voided, repairs) > 0


async def test_photos_are_shown_where_the_product_shows_photos(
    http: AsyncClient, database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    await load_at(database, settings, clock.now)
    logs = await everything(await sign_in(http, "admin"), "/api/maintenance/logs")
    albums = [log["photos"] for log in logs if log["photos"]]
    assert 70 <= len(albums) <= 150
    assert {len(album) for album in albums} == {1, 2, 3}
    assert sum(log["photos"] != [] for log in logs[:50]) >= 5
    photo = albums[0][0]
    for url, kind in ((photo["url"], "image/jpeg"), (photo["thumbnail_url"], "image/webp")):
        shown = await http.get(url)
        assert (shown.status_code, shown.headers["content-type"]) == (200, kind)
    files = [file for file in (settings.data_dir / "photos").rglob("*") if file.is_file()]
    assert len(files) == 2 * sum(map(len, albums))
    assert sum(file.stat().st_size for file in files) < 5_500_000


async def test_a_second_load_changes_nothing(
    database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    await load_at(database, settings, clock.now)
    await database.execute("UPDATE feature_flags SET enabled = false")
    before = await contents(database)
    assert not await load(database, settings, clock.now + timedelta(days=1), lambda _: None)
    assert await contents(database) == before


async def test_the_same_day_makes_the_same_community(
    database: AsyncConnection, settings: Settings, clock: TestClock
) -> None:
    found = []
    for _ in range(2):
        async with database.transaction(force_rollback=True):
            assert await load(database, settings, clock.now, lambda _: None)
            found.append(without_photos((await contents(database))[2:]))
    assert found[0] == found[1]


def without_photos(tables: list[Any]) -> list[Any]:
    """The rows without the lists of photos, whose keys nobody can guess."""
    return [[[value for value in row if not isinstance(value, list)] for row in table] for table in tables]


async def contents(database: AsyncConnection) -> list[Any]:
    """Every row of the tables that a load fills, users first."""
    tables = ("users", "feature_flags", "resources", "maintenance_schedules", "maintenance_logs")
    found = [
        await (await database.execute(f"SELECT * FROM {table} ORDER BY 1")).fetchall() for table in tables
    ]
    found.append(
        await (await database.execute("SELECT * FROM maintenance_completions ORDER BY 1, 2")).fetchall()
    )
    return found


async def completions(database: AsyncConnection) -> dict[str, list[tuple[datetime, datetime]]]:
    """Closed occurrences of each plan in order: due date and when it was performed."""
    cursor = await database.execute(
        "SELECT schedule_id::text, due_date, performed_at FROM maintenance_completions ORDER BY 1, 2"
    )
    rows = await cursor.fetchall()
    return {key: [row[1:] for row in group] for key, group in itertools.groupby(rows, lambda row: row[0])}


def followed(plan: dict[str, Any], done: list[tuple[datetime, datetime]], zone: ZoneInfo) -> datetime | None:
    """Walk through the completions by the rules; return the due date they lead to."""
    rule = Recurrence(
        Frequency(plan["frequency"]), datetime.fromisoformat(plan["start_date"]), zone, plan["interval"],
        plan["rrule"], Mode(plan["recurrence_mode"]), instant(plan["end_date"]),
    )  # fmt: skip
    recurrence.validate(rule)
    due: datetime | None = rule.start
    last: datetime | None = None
    for closed, performed in done:
        assert due == closed
        assert recurrence.closes_open_occurrence(rule, closed, performed, last)
        due, last = recurrence.next_due_after_completion(rule, closed, performed), performed
    return due.astimezone(UTC) if due else None


def instant(text: str | None) -> datetime | None:
    """The instant of a wire value."""
    return datetime.fromisoformat(text) if text else None
