"""Twenty logs of one occurrence at the same moment move the plan once."""

import asyncio

from psycopg import AsyncConnection

from tests.world import SCHEDULES, World


async def test_twenty_logs_of_one_occurrence_move_it_once(world: World, database: AsyncConnection) -> None:
    admin = await world.admin()
    made = await world.schedule(admin, frequency="weekly", start_date=world.clock().isoformat())
    body = {"schedule_id": made["id"], "due_date": made["next_due_date"]}
    answers = await asyncio.gather(*(admin.post("/api/maintenance/logs", body) for _ in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 19
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"occurrence_already_completed"}
    again = (await admin.get(f"{SCHEDULES}/{made['id']}")).json()
    assert again["next_due_date"][:10] == "2026-03-09"
    assert again["version"] == made["version"] + 1
    closed = await (await database.execute("SELECT count(*) FROM maintenance_completions")).fetchone()
    assert closed == (1,)


async def test_without_naming_the_occurrence_all_are_kept_and_one_moves_it(
    world: World, database: AsyncConnection
) -> None:
    admin = await world.admin()
    made = await world.schedule(admin, frequency="weekly", start_date=world.clock().isoformat())
    answers = await asyncio.gather(
        *(admin.post("/api/maintenance/logs", {"schedule_id": made["id"]}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    again = (await admin.get(f"{SCHEDULES}/{made['id']}")).json()
    assert again["next_due_date"][:10] == "2026-03-09"
    rows = await (
        await database.execute(
            "SELECT (SELECT count(*) FROM maintenance_logs), (SELECT count(*) FROM maintenance_completions)"
        )
    ).fetchone()
    assert rows == (20, 1)
