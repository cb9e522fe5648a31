"""The CSV export: what a spreadsheet makes of it."""

import csv
import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from communityshare.maintenance.logs.export import HEADER, safe_cell
from tests.world import World

LOGS = "/api/maintenance/logs"


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell.lstrip(" ")[:1] not in {*"=+-@\t\r"} - {""}
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.text(" ", max_size=3), st.sampled_from("=+-@\t\r"), st.text())
def test_what_could_be_a_formula_is_quoted(spaces: str, sign: str, rest: str) -> None:
    assert safe_cell(spaces + sign + rest) == "'" + spaces + sign + rest


async def test_what_people_wrote_comes_back_and_stays_text(world: World) -> None:
    admin = await world.admin()
    thing = str(await world.resource(name="=HYPERLINK(1)"))
    notes = 'Öl, "grün"\nsecond line'
    body: dict[str, Any] = {"resource_id": thing, "notes": notes, "performed_at": "2026-02-01T10:00:00+02:00"}
    await admin.post(LOGS, body)
    answer = await admin.get(f"{LOGS}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="maintenance-logs.csv"'
    assert b"\r\n" in answer.content
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8"), newline="")))
    assert rows[0] == list(HEADER)
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["notes"], row["resource"], row["photos"]) == (notes, "'=HYPERLINK(1)", "0")
    assert (row["performed_at"], row["due_date"]) == ("2026-02-01T08:00:00Z", "")


async def test_no_raw_html_survives_and_nothing_is_lost(world: World) -> None:
    admin = await world.admin()
    thing = str(await world.resource(name="<b>Drill</b>"))
    notes = "<script>alert(1)</script> 3 < 5 <img src=x onerror=alert(1) <!-- no --> a->b"
    await admin.post(LOGS, {"resource_id": thing, "notes": notes})
    answer = await admin.get(f"{LOGS}/export")
    row = next(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert row["resource"] == "< b>Drill< /b>"
    assert row["notes"] == (
        "< script>alert(1)< /script> 3 < 5 < img src=x onerror=alert(1) < !-- no --> a->b"
    )
    listed = (await admin.get(LOGS)).json()["items"][0]
    assert listed["notes"] == notes


async def test_more_than_a_page_is_exported_in_order(world: World, database: Any) -> None:
    admin = await world.admin()
    thing = await world.resource()
    await database.execute(
        """INSERT INTO maintenance_logs (id, log_id, resource_id, performed_by, performed_at, recorded_by,
                                         created_at, updated_at)
           SELECT i, i, %(thing)s, %(me)s, at, %(me)s, at, at
           FROM (SELECT gen_random_uuid() AS i, now() - n * interval '1 hour' AS at
                 FROM generate_series(1, 2001) n) AS x""",
        {"thing": thing, "me": admin.id},
    )
    rows = list(csv.reader(io.StringIO((await admin.get(f"{LOGS}/export")).text)))
    times = [row[1] for row in rows[1:]]
    assert len(times) == 2001
    assert times == sorted(times, reverse=True)
    ascending = (await admin.get(f"{LOGS}/export", params={"sort": "performed_at"})).text
    assert [row[1] for row in csv.reader(io.StringIO(ascending))][1:] == times[::-1]
