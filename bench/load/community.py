"""A large community: 3,050 people, 20,000 things, 100,000 schedules, 500,000 logs, and what 500 of them work with."""

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import psycopg

from bench.stage import JWT_SECRET
from communityshare.accounts.policy import Role
from communityshare.accounts.tokens import LocalKeys
from communityshare.infra.ids import new_id
from communityshare.infra.settings import Settings

ADMINS, COORDINATORS, MEMBERS = 50, 1000, 2000
THINGS, SCHEDULES, LOGS_EACH = 20_000, 100_000, 5
# Who is signed in: every admin and a part of the others, 500 in all.
ONLINE_COORDINATORS, ONLINE_MEMBERS = 200, 250

# Rows come in the order of their time-sorted ids, as they would have over the years.
_SCHEMA: LiteralString = """
CREATE FUNCTION pg_temp.id_of(at timestamptz) RETURNS uuid LANGUAGE sql AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
            || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid $$;
CREATE TEMP TABLE people AS
    SELECT n, pg_temp.id_of(now() - interval '3 years' + n * interval '1 minute') AS id
    FROM generate_series(1, %(people)s) n;
CREATE TEMP TABLE things AS
    SELECT n, pg_temp.id_of(now() - interval '3 years' + n * interval '1 minute') AS id
    FROM generate_series(1, %(things)s) n;
CREATE TEMP TABLE steps (n int, frequency maintenance_frequency, step interval);
INSERT INTO steps VALUES (0, 'weekly', '7 days'), (1, 'biweekly', '14 days'), (2, 'monthly', '1 month'),
    (3, 'monthly', '1 month'), (4, 'monthly', '1 month'), (5, 'quarterly', '3 months'), (6, 'quarterly', '3 months'),
    (7, 'semiannual', '6 months'), (8, 'annual', '1 year'), (9, 'annual', '1 year')"""
_PEOPLE: LiteralString = """
INSERT INTO users (id, email, name, role)
SELECT id, 'person' || n || '@bench.example', 'Person ' || n,
       CASE WHEN n <= %(admins)s THEN 'admin' WHEN n <= %(staff)s THEN 'maintenance_coordinator' ELSE 'member' END
       ::user_role
FROM people ORDER BY n"""
_THINGS: LiteralString = """
INSERT INTO resources (id, name, description, owner_id)
SELECT t.id, 'Thing ' || t.n, repeat('Kept in the shed. ', 5), p.id
FROM things t JOIN people p ON p.n = %(staff)s + 1 + t.n %% %(members)s ORDER BY t.n"""
# Days up to the 28th, so that stepping back from a due date and forward from the start give the same dates.
_SCHEDULES: LiteralString = """
INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date, description,
    assigned_to, last_performed_at, created_at, updated_at, deleted_at)
SELECT pg_temp.id_of(now() - interval '3 years' + planned.n * interval '10 minutes' / %(times)s), t.id,
       (ARRAY['Inspection', 'Cleaning', 'Oil change', 'Safety check', 'Sharpening'])[1 + planned.n %% 5],
       frequency, due - 5 * step, due, repeat('Look at brakes, tyres and lights. ', 4), p.id, due - step,
       now() - interval '3 years' + planned.n * interval '10 minutes' / %(times)s, now(),
       CASE WHEN random() < 0.02 THEN now() END
FROM (
    SELECT n, frequency, step, assignee, date_trunc('month', about) + interval '9 hours'
           + (least(extract(day FROM about), 28) - 1) * interval '1 day' AS due
    FROM (
        SELECT g.n, s.frequency, s.step, %(admins)s + 1 + floor(random() * %(coordinators)s)::int AS assignee,
               now() + CASE WHEN random() < 0.05 THEN random() * interval '-10 days' ELSE random() * s.step END
               AS about
        FROM generate_series(1, %(schedules)s) g (n) JOIN steps s ON s.n = (g.n::bigint * 7919 / 13) %% 10
    ) chosen
) planned JOIN things t ON t.n = 1 + planned.n %% %(things)s JOIN people p ON p.n = assignee
ORDER BY planned.n"""
_LOGS: LiteralString = """
CREATE TEMP TABLE done AS
SELECT pg_temp.id_of(performed_at) AS id, *
FROM (
    SELECT s.id AS schedule_id, s.resource_id, s.assigned_to, s.next_due_date - j * step AS due_date,
           least(s.next_due_date - j * step, now()) - random() * interval '1 day' AS performed_at
    FROM maintenance_schedules s
    JOIN (SELECT DISTINCT frequency, step FROM steps) f USING (frequency), generate_series(1, %(logs_each)s) j
) work ORDER BY performed_at;
INSERT INTO maintenance_logs (id, log_id, schedule_id, resource_id, performed_by, performed_at, notes, issues_found,
    due_date, recorded_by, created_at, updated_at)
SELECT id, id, schedule_id, resource_id, assigned_to, performed_at, repeat('Checked and found in order. ', 4),
       (CASE WHEN random() < 0.9 THEN 'none' WHEN random() < 0.7 THEN 'minor' ELSE 'major' END)::maintenance_issues,
       due_date, assigned_to, performed_at, performed_at
FROM done;
INSERT INTO maintenance_completions (schedule_id, due_date, log_id, performed_at)
SELECT schedule_id, due_date, id, performed_at FROM done"""
_LAST: LiteralString = "UPDATE feature_flags SET enabled = true"


class Person(msgspec.Struct):
    """Somebody signed in, and the ids this person's requests name. The lists of an admin are nobody else's."""

    id: UUID
    role: Role
    token: str
    schedules: list[UUID]
    things: list[UUID]
    logs: list[UUID]
    patched: list[tuple[UUID, int]]
    deleted: list[UUID]


def seed(url: str, times: int = 1) -> None:
    """Fill the database, set-based; foreign keys are not checked row by row.

    With `times` there are so many times as many people (but no more admins), things, schedules and logs, over the same
    years: each person has as much to look after as before.
    """
    numbers = {
        "people": ADMINS + (COORDINATORS + MEMBERS) * times,
        "admins": ADMINS,
        "coordinators": COORDINATORS * times,
        "members": MEMBERS * times,
        "staff": ADMINS + COORDINATORS * times,
        "things": THINGS * times,
        "schedules": SCHEDULES * times,
        "logs_each": LOGS_EACH,
        "times": times,
    }
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SELECT setseed(0.42)"
        )
        for statement in (_SCHEMA, _PEOPLE, _THINGS, _SCHEDULES, _LOGS, _LAST):
            connection.execute(statement, numbers)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


_ONLINE: LiteralString = """
SELECT id, role::text FROM (
    SELECT id, role, row_number() OVER (PARTITION BY role ORDER BY id)::numeric AS n FROM users) u
WHERE ceil(n / CASE role WHEN 'admin' THEN %s WHEN 'maintenance_coordinator' THEN %s ELSE %s END) = %s ORDER BY id"""
_OFFLINE: LiteralString = """
SELECT id FROM users WHERE role = 'maintenance_coordinator' AND id <> ALL(%s) ORDER BY id LIMIT %s"""
_OWNED: LiteralString = """
SELECT ARRAY(SELECT s.id FROM maintenance_schedules s JOIN resources r ON r.id = s.resource_id
             WHERE r.owner_id = %(user)s AND s.deleted_at IS NULL LIMIT 80),
       ARRAY(SELECT id FROM resources WHERE owner_id = %(user)s LIMIT 10),
       ARRAY(SELECT l.log_id FROM maintenance_logs l JOIN resources r ON r.id = l.resource_id
             WHERE r.owner_id = %(user)s LIMIT 40)"""
_ASSIGNED: LiteralString = """
SELECT ARRAY(SELECT id FROM maintenance_schedules WHERE assigned_to = %(user)s AND deleted_at IS NULL LIMIT 80),
       ARRAY(SELECT resource_id FROM maintenance_schedules
             WHERE assigned_to = %(user)s AND deleted_at IS NULL LIMIT 10),
       ARRAY(SELECT log_id FROM maintenance_logs WHERE performed_by = %(user)s LIMIT 40)"""
_VERSIONS: LiteralString = "SELECT id, version FROM maintenance_schedules WHERE id = ANY(%s)"
_DELETED: LiteralString = """
SELECT id FROM maintenance_schedules WHERE deleted_at IS NOT NULL AND assigned_to <> ALL(%s)"""


def sign_in(url: str, group: int = 1) -> list[Person]:
    """Return the 500 people who are signed in, with tokens of their own; in further groups there are no admins.

    An admin works on the schedules of a coordinator who is not signed in, so that nobody else changes them.
    """
    with psycopg.connect(url) as connection:
        users = connection.execute(_ONLINE, (ADMINS, ONLINE_COORDINATORS, ONLINE_MEMBERS, group)).fetchall()
        ids = [identity for identity, _ in users]
        offline = [row[0] for row in connection.execute(_OFFLINE, (ids, ADMINS))]
        deleted = [row[0] for row in connection.execute(_DELETED, (ids,))]
        tokens = _tokens(connection, ids)
        people: list[Person] = []
        for identity, name in users:
            role = Role(name)
            of = {"user": offline.pop() if role is Role.ADMIN else identity}
            query = _OWNED if role is Role.MEMBER else _ASSIGNED
            schedules, things, logs = connection.execute(query, of).fetchone() or ([], [], [])
            person = Person(identity, role, tokens[identity], schedules[:40], things, logs, [], [])
            if role is Role.ADMIN:
                person.patched = connection.execute(_VERSIONS, (schedules[40:],)).fetchall()
                person.deleted = deleted[len(people) :: ADMINS]
            people.append(person)
    return people


def _tokens(connection: psycopg.Connection[Any], users: list[UUID]) -> dict[UUID, str]:
    settings = Settings()
    keys = LocalKeys(JWT_SECRET, settings.jwt_issuer, settings.jwt_audience)
    now = datetime.now(UTC)
    sessions = {user: new_id() for user in users}
    connection.cursor().executemany(
        "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (%s, %s, %s, %s)",
        [(session, user, now, now + timedelta(days=1)) for user, session in sessions.items()],
    )
    return {user: keys.issue(user, session, now) for user, session in sessions.items()}
