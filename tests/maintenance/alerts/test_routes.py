"""Alerts through HTTP: who may look, what is shown, limits."""

from datetime import timedelta
from uuid import UUID

from communityshare.maintenance.alerts.job import check
from tests.conftest import TestClock
from tests.maintenance.alerts.conftest import SIX, Due, Morning
from tests.world import SCHEDULES, World

ALERTS = "/api/maintenance/alerts"
ADMINISTRATORS_ONLY = [
    ("GET", ALERTS),
    ("GET", f"{ALERTS}/runs"),
    ("GET", f"{ALERTS}/runs/{UUID(int=7)}"),
    ("GET", f"{ALERTS}/deliveries"),
    ("POST", f"{ALERTS}/generate"),
    ("POST", f"{ALERTS}/deliveries/{UUID(int=7)}/retry"),
    ("POST", f"{ALERTS}/deliveries/retry"),
]


async def test_only_administrators_look_after_alerts(world: World) -> None:
    for actor in (await world.coordinator(), await world.member()):
        answers = [await actor.request(method, url) for method, url in ADMINISTRATORS_ONLY]
        assert {answer.status_code for answer in answers} == {403}
    anonymous = [await world.http.request(method, url) for method, url in ADMINISTRATORS_ONLY]
    assert {answer.status_code for answer in anonymous} == {401}


async def test_generate_answers_with_a_run_that_exists(world: World, morning: Morning, due: Due) -> None:
    admin = await world.admin()
    await due(assignee=admin)
    answer = await admin.post(f"{ALERTS}/generate")
    assert answer.status_code == 202
    run = (await admin.get(f"{ALERTS}/runs/{answer.json()['run_id']}")).json()
    assert (run["status"], run["alerts_created"], run["deliveries_created"]) == ("planned", 1, 2)
    assert await morning.rows("SELECT action FROM audit_log") == ["alerts.generate"]
    await morning.deliver()
    finished = (await admin.get(f"{ALERTS}/runs/{answer.json()['run_id']}")).json()
    assert (finished["status"], finished["sent"]) == ("finished", 2)


async def test_generate_eleven_times_in_a_minute_is_429(world: World) -> None:
    admin = await world.admin()
    codes = [(await admin.post(f"{ALERTS}/generate")).status_code for _ in range(11)]
    assert codes == [202] * 10 + [429]


async def test_an_unknown_run_is_404(world: World) -> None:
    admin = await world.admin()
    assert (await admin.get(f"{ALERTS}/runs/{UUID(int=7)}")).status_code == 404


async def test_lists_are_filtered_and_paged_without_skipping(
    world: World, morning: Morning, due: Due
) -> None:
    admin, someone = await world.admin(), await world.coordinator()
    soon = {str(await due(assignee=someone)) for _ in range(5)}
    late = str(await due(SIX - timedelta(days=1), someone))
    await morning.check()
    seen, cursor = [], None
    while True:
        page = (await admin.get(ALERTS, params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["schedule_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted([*soon, late])
    overdue = (await admin.get(ALERTS, params={"stage": "overdue"})).json()["items"]
    assert [item["schedule_id"] for item in overdue] == [late]
    deliveries = (await admin.get(f"{ALERTS}/deliveries", params={"limit": 4})).json()
    rest = (await admin.get(f"{ALERTS}/deliveries", params={"cursor": deliveries["next_cursor"]})).json()
    assert len({item["id"] for item in deliveries["items"] + rest["items"]}) == 7


async def test_alerts_of_a_schedule_are_shown_to_those_who_see_it_their_own_only(
    world: World, morning: Morning, due: Due
) -> None:
    admin, assignee, owner = await world.admin(), await world.coordinator(), await world.member()
    stranger = await world.member()
    schedule = await due(SIX - timedelta(days=9), assignee, owner)
    await morning.check()
    await morning.deliver()
    url = f"{SCHEDULES}/{schedule}/alerts"
    everybody = (await admin.get(url)).json()["items"]
    assert {item["recipient"]["id"] for item in everybody} == {
        str(actor.id) for actor in (admin, assignee, owner)
    }
    for actor, escalation in ((assignee, False), (owner, True)):
        [mine] = (await actor.get(url)).json()["items"]
        assert mine["recipient"] == {"id": str(actor.id), "name": actor.user.name}
        assert (mine["escalation"], mine["stage"], mine["alert_day"]) == (escalation, "overdue", "2026-03-02")
        assert {(told["channel"], told["status"], told["attempts"]) for told in mine["deliveries"]} == {
            ("in_app", "sent", 1), ("email", "sent", 1),
        }  # fmt: skip
    assert (await stranger.get(url)).status_code == 404


async def test_check_as_if_it_were_another_day_works_through_its_own_deliveries(
    world: World, morning: Morning, due: Due, clock: TestClock
) -> None:
    someone = await world.coordinator()
    await due(SIX + timedelta(days=30), someone)
    settings = morning.parts.settings
    early = await check(settings, SIX + timedelta(days=22), wait=True, clock=clock)
    assert early["deliveries_created"] == 0
    done = await check(settings, SIX + timedelta(days=29), wait=True, clock=clock)
    assert (done["schedules_checked"], done["alerts_created"], done["sent"]) == (1, 1, 2)
    assert done["scheduled_for"] == "2026-03-31T06:00:00Z"
    assert (done["failed"], done["suppressed"]) == (0, 0)
    assert len(morning.sink.requests) == 2


async def test_check_without_waiting_leaves_the_deliveries_to_the_worker(
    world: World, morning: Morning, due: Due, clock: TestClock
) -> None:
    await due(assignee=await world.coordinator())
    planned = await check(morning.parts.settings, SIX, wait=False, clock=clock)
    assert (planned["deliveries_created"], planned["sent"]) == (2, 0)
    assert morning.sink.requests == []
