"""Who is told, in which words, and when again: the rules by themselves, and the set-based SQL against them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from communityshare.infra.ids import new_id
from communityshare.maintenance.alerts import messages, queries, rules
from communityshare.maintenance.alerts.messages import Notice
from communityshare.maintenance.alerts.queries import Run
from communityshare.maintenance.alerts.rules import STANDARD, Stage
from tests.maintenance.alerts.conftest import SIX

BERLIN = ZoneInfo("Europe/Berlin")
ME = UUID(int=1)
_EDGES = [timedelta(0), rules.SOON, -rules.ESCALATED_AFTER]
_TICK = timedelta(microseconds=1)
OFFSETS = st.one_of(
    st.sampled_from([edge + step for edge in _EDGES for step in (-_TICK, timedelta(0), _TICK)]),
    st.timedeltas(timedelta(days=-20), timedelta(days=3)),
)
PEOPLE = 6
SCHEDULES = st.lists(
    st.tuples(
        st.none() | OFFSETS,  # due, relative to the check
        st.none() | st.integers(0, PEOPLE - 1),  # assignee
        st.none() | st.integers(0, PEOPLE - 1),  # owner
        st.booleans(),  # deleted
    ),
    min_size=1,
    max_size=12,
)
USERS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=PEOPLE, max_size=PEOPLE)  # admin, active


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(users=USERS, schedules=SCHEDULES)
async def test_the_set_based_plan_tells_whom_the_rules_tell(
    database: AsyncConnection,
    users: list[tuple[bool, bool]],
    schedules: list[tuple[timedelta | None, int | None, int | None, bool]],
) -> None:
    people = [new_id() for _ in users]
    active = {identity for identity, (_, is_active) in zip(people, users, strict=True) if is_active}
    admins = {
        identity for identity, (admin, is_active) in zip(people, users, strict=True) if admin and is_active
    }
    expected = set()
    async with database.transaction(force_rollback=True):
        for identity, (admin, is_active) in zip(people, users, strict=True):
            await database.execute(
                "INSERT INTO users (id, email, name, role, active) VALUES (%s, %s, 'N', %s::user_role, %s)",
                (identity, f"{identity}@example.org", "admin" if admin else "member", is_active),
            )
        for offset, assignee, owner, deleted in schedules:
            schedule, thing = new_id(), new_id()
            due = None if offset is None else SIX + offset
            first, second = (None if who is None else people[who] for who in (assignee, owner))
            await database.execute(
                "INSERT INTO resources (id, name, owner_id) VALUES (%s, 'T', %s)", (thing, second)
            )
            await database.execute(
                """INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date,
                       next_due_date, assigned_to, created_at, updated_at, deleted_at)
                   VALUES (%s, %s, 'c', 'once', %s, %s, %s, %s, %s, %s)""",
                (schedule, thing, SIX, due, first, SIX, SIX, SIX if deleted else None),
            )
            stage = None if deleted else rules.stage(due, SIX)
            if stage and due:
                told = rules.recipients(
                    due, first if first in active else None, second if second in active else None, admins, SIX
                )
                expected |= {(schedule, one.user_id, stage.value, one.escalation) for one in told}
        run = Run(id=new_id(), trigger="manual", scheduled_for=SIX, as_of=SIX, started_at=SIX)
        await queries.begin(database, run, enabled=True)
        planned = await queries.plan(database, run)
        found = await (
            await database.execute(
                "SELECT schedule_id, recipient_id, stage::text, escalation FROM maintenance_alerts"
            )
        ).fetchall()
    assert set(found) == expected
    assert planned.alerts_created == len(expected)


async def test_ids_made_by_the_database_are_uuids_of_version_seven_and_of_the_run(
    database: AsyncConnection,
) -> None:
    run = new_id()
    row = await (
        await database.execute(f"SELECT {queries.NEW_ID} FROM (SELECT) AS one", {"run": run})
    ).fetchone()
    assert row
    made: UUID = row[0]
    assert (made.version, made.variant) == (7, run.variant)
    assert made.int >> 80 == run.int >> 80


def notice(late: timedelta, *, name: str = "Band saw", escalation: bool = False) -> Notice:
    return Notice(
        UUID(int=2), "blade check", name, SIX - late, Stage.overdue if late > timedelta(0) else Stage.due_soon,
        escalation, SIX,
    )  # fmt: skip


def test_in_app_names_thing_work_and_instant_in_the_communitys_zone() -> None:
    soon = messages.about_one(ME, notice(timedelta(hours=-20)), BERLIN)
    assert soon.subject == "Due soon: blade check of Band saw"
    assert soon.text == (
        "**Blade check of Band saw** is due on Tuesday, 3 March 2026 at 03:00 (Europe/Berlin)."
    )
    assert soon.url == "/schedules/00000000-0000-0000-0000-000000000002"
    late = messages.about_one(ME, notice(timedelta(days=8), escalation=True), BERLIN)
    assert late.subject == "Escalation: blade check of Band saw"
    assert messages.about_one(ME, notice(timedelta(hours=3)), BERLIN).text.endswith(
        ", less than a day overdue."
    )
    assert "8 days overdue. You are told as well because" in late.text


def test_names_that_look_like_markup_stay_names() -> None:
    hostile = "[x](javascript:alert(1)) <img src=x onerror=alert(1)> *b* `c`\r\nBcc: everybody"
    message = messages.about_one(ME, notice(timedelta(days=1), name=hostile), BERLIN)
    assert "\n" not in message.subject + message.text
    assert r"\[x\](javascript:alert(1)) \<img src=x onerror=alert(1)\> \*b\* \`c\`" in message.text
    assert len(messages.about_one(ME, notice(timedelta(days=1), name="x" * 300), BERLIN).subject) == 200


def test_mail_counts_all_and_lists_the_most_urgent() -> None:
    listed = [notice(timedelta(days=1)), notice(timedelta(hours=-1))]
    mail = messages.about_all(ME, listed, 7, 3, BERLIN)
    assert mail.subject == "7 maintenance tasks need you: 3 overdue"
    assert mail.text.splitlines()[0] == "Here is what needs you. Times are in Europe/Berlin."
    assert mail.text.splitlines()[-1] == "- and [5 more](/schedules)"
    assert mail.url == "/schedules"
    assert "**1 day overdue**" in mail.text


def test_a_mail_says_what_an_escalation_is_where_there_is_one() -> None:
    mail = messages.about_all(ME, [notice(timedelta(days=8), escalation=True)], 1, 1, BERLIN)
    assert mail.text.splitlines() == [
        "Here is what needs you. Times are in Europe/Berlin.", "",
        "- [blade check of Band saw](/schedules/00000000-0000-0000-0000-000000000002), due on Sunday, 22 February 2026"
        " at 07:00, **8 days overdue** (escalation)", "",
        "Escalation: overdue for a week or longer, so you are told as well.",
    ]  # fmt: skip


def test_sms_is_short() -> None:
    message = messages.in_short(ME, [notice(timedelta(days=1))] * 5, 5)
    assert message.text.startswith("5 maintenance tasks are overdue: blade check of Band saw; ")
    assert message.text.endswith("; and 2 more")


@given(st.integers(1, 3), st.floats(0, 1))
def test_backoff_grows_with_full_jitter_within_its_bounds(failures: int, chance: float) -> None:
    wait = STANDARD.wait(failures, None, chance)
    assert wait is not None
    assert timedelta(0) <= wait <= STANDARD.backoff[failures - 1]


def test_the_fourth_failure_is_the_last() -> None:
    assert STANDARD.wait(4, timedelta(seconds=1), 0.5) is None


def test_retry_after_is_a_lower_bound_up_to_an_hour() -> None:
    assert STANDARD.wait(1, timedelta(seconds=90), 0.5) == timedelta(seconds=90)
    assert STANDARD.wait(1, timedelta(days=9), 0.5) == timedelta(hours=1)
    assert STANDARD.wait(3, timedelta(seconds=1), 1.0) == timedelta(minutes=10)


def test_stages_touch_without_a_gap() -> None:
    now = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert rules.stage(now, now) is Stage.due_soon
    assert rules.stage(now - _TICK, now) is Stage.overdue
    assert rules.stage(now + rules.SOON, now) is Stage.due_soon
    assert rules.stage(now + rules.SOON + _TICK, now) is None
