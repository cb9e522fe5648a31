"""Every revision goes forward and back with every row; on an existing platform only the feature's histories run."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import Connection
from scripts.dump_schema import FILE, schema_of

from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.errors import InvalidError
from communityshare.migrations import runner
from communityshare.migrations.state import is_current

FEATURE = [
    "maintenance_schedules", "maintenance_logs", "maintenance_completions", "maintenance_runs",
    "maintenance_alerts", "maintenance_deliveries",
]  # fmt: skip
GROUND = ["feature_flags", "audit_log", "idempotency_keys"]
FILL = """
INSERT INTO users (id, email, name, role)
    SELECT gen_random_uuid(), n || '@example.org', 'User ' || n, 'admin' FROM generate_series(1, 20) n;
INSERT INTO resources (id, name, owner_id) SELECT gen_random_uuid(), 'Thing of ' || name, id FROM users;
INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date,
        assigned_to, created_at, updated_at)
    SELECT gen_random_uuid(), id, 'inspection', 'monthly', now(), now() + n * interval '1 hour', owner_id, now(), now()
    FROM resources, generate_series(1, 20) n;
INSERT INTO maintenance_logs (id, log_id, schedule_id, resource_id, performed_by, performed_at, notes, recorded_by,
        created_at, updated_at)
    SELECT s.id, s.id, s.id, s.resource_id, s.assigned_to, now(), 'Größe 7 ✓', s.assigned_to, now(), now()
    FROM maintenance_schedules s;
INSERT INTO maintenance_completions SELECT id, start_date, id, now() FROM maintenance_schedules;
INSERT INTO maintenance_runs (id, trigger, scheduled_for, started_at, status)
    VALUES (gen_random_uuid(), 'cron', now(), now(), 'finished');
INSERT INTO maintenance_alerts (id, run_id, schedule_id, due_date, alert_day, recipient_id, stage, escalation,
        created_at)
    SELECT gen_random_uuid(), r.id, s.id, s.start_date, current_date, s.assigned_to, 'overdue', false, now()
    FROM maintenance_schedules s, maintenance_runs r;
INSERT INTO maintenance_deliveries (id, run_id, alert_id, recipient_id, channel, next_attempt_at, created_at)
    SELECT gen_random_uuid(), run_id, id, recipient_id, 'in_app', now(), now() FROM maintenance_alerts;
INSERT INTO audit_log (id, action, outcome, detail)
    SELECT gen_random_uuid(), 'test', 'done', '{"a": 1}' FROM generate_series(1, 50);
INSERT INTO idempotency_keys (owner, key, request_hash) VALUES ('somebody', 'a key', 'x');
UPDATE feature_flags SET enabled = true;
"""

Fresh = Callable[[], str]


@pytest.fixture
def fresh(postgres: str, worker_id: str) -> Iterator[Fresh]:
    """Makes empty databases, gone after the test."""
    made: list[str] = []
    numbers = itertools.count()
    with psycopg.connect(postgres, autocommit=True) as connection:

        def make() -> str:
            name = f"migration_{worker_id}_{next(numbers)}"
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
            made.append(name)
            return postgres.replace("/communityshare?", f"/{name}?")

        yield make
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def filled(fresh: Fresh) -> str:
    """A migrated database with rows in every table of the feature."""
    url = fresh()
    runner.upgrade(url)
    with psycopg.connect(url) as connection:
        connection.execute(FILL)
    return url


def _checksums(url: str, tables: list[str]) -> dict[str, tuple[int, str]]:
    with psycopg.connect(url) as connection:
        return {table: _checksum(connection, table) for table in tables}


def _checksum(connection: Connection, table: str) -> tuple[int, str]:
    row = connection.execute(
        f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
    ).fetchone()
    assert row
    assert row[0] > 0, table
    return row


def _tables(url: str, schema: str = "public") -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall()
    return {row[0] for row in rows}


def test_what_is_migrated_is_known_without_alembic(fresh: Fresh) -> None:
    url = fresh()
    assert not is_current(url)
    runner.upgrade(url)
    assert is_current(url)
    runner.downgrade(url)
    assert not is_current(url)


@pytest.mark.parametrize("target", ["m0003", "m0002", "m0001", "base"])
def test_back_and_forward_keeps_every_row(filled: str, target: str) -> None:
    before = _checksums(filled, FEATURE + GROUND)
    runner.downgrade(filled, target)
    gone = {"m0003": set(), "m0002": set(FEATURE[3:]), "m0001": set(FEATURE), "base": {*FEATURE, *GROUND}}[
        target
    ]
    assert _tables(filled) & {*FEATURE, *GROUND} == {*FEATURE, *GROUND} - gone
    assert gone <= _tables(filled, "maintenance_parked") or not gone
    runner.upgrade(filled)
    assert _checksums(filled, FEATURE + GROUND) == before


def test_rows_written_between_two_rollbacks_stay_too(filled: str) -> None:
    runner.downgrade(filled)
    runner.upgrade(filled)
    with psycopg.connect(filled) as connection:
        connection.execute("UPDATE maintenance_schedules SET description = 'changed since'")
    before = _checksums(filled, FEATURE)
    runner.downgrade(filled)
    runner.upgrade(filled)
    assert _checksums(filled, FEATURE) == before


def test_what_came_back_is_as_strict_as_before(filled: str) -> None:
    runner.downgrade(filled, "base")
    runner.upgrade(filled)
    with psycopg.connect(filled, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE maintenance_logs SET notes = 'x'")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("DELETE FROM resources")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(
                "INSERT INTO maintenance_completions SELECT schedule_id, due_date, log_id, performed_at "
                "FROM maintenance_completions LIMIT 1"
            )


def test_upgrading_twice_changes_nothing(filled: str) -> None:
    before = _checksums(filled, FEATURE + GROUND)
    runner.upgrade(filled)
    assert _checksums(filled, FEATURE + GROUND) == before


def test_what_a_newer_release_has_migrated_stays(filled: str) -> None:
    before = _checksums(filled, FEATURE + GROUND)
    with psycopg.connect(filled) as connection:
        connection.execute("UPDATE alembic_version_maintenance SET version_num = 'm9999'")
    runner.upgrade(filled)
    assert _checksums(filled, FEATURE + GROUND) == before
    with psycopg.connect(filled) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version_maintenance").fetchone() == (
            "m9999",
        )


def test_on_an_existing_platform_only_the_feature_is_added(fresh: Fresh) -> None:
    url = fresh()
    with psycopg.connect(url) as connection:
        connection.execute(
            """CREATE TABLE users (id uuid PRIMARY KEY, email text, name text, phone text, role text, premium boolean,
                   active boolean);
               CREATE TABLE resources (id uuid PRIMARY KEY, name text, description text, owner_id uuid, metadata jsonb,
                   created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)"""
        )
    for _ in range(2):
        runner.upgrade(url)
        tables = _tables(url)
        assert set(FEATURE) <= tables
        assert not tables & {"sessions", "refresh_tokens", "alembic_version_platform"}
    runner.downgrade(url, "base")
    assert {"users", "resources"} <= _tables(url)


def test_an_existing_platform_without_a_column_that_is_read_is_refused_by_name(fresh: Fresh) -> None:
    url = fresh()
    with psycopg.connect(url) as connection:
        connection.execute(
            """CREATE TABLE users (id uuid PRIMARY KEY, email text, name text, role text, active boolean);
               CREATE TABLE resources (id uuid PRIMARY KEY, name text, description text, owner_id uuid, metadata jsonb,
                   created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)"""
        )
    with pytest.raises(InvalidError, match=r"lack users\.phone, users\.premium\."):
        runner.upgrade(url)
    assert _tables(url) == {"users", "resources"}


def test_two_migrations_at_once_take_turns(fresh: Fresh) -> None:
    url = fresh()
    program = "import sys; from communityshare.migrations import runner; runner.upgrade(sys.argv[1])"
    started = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert set(FEATURE) <= _tables(url)


def test_a_held_table_is_waited_for_and_tried_again(filled: str) -> None:
    before = _checksums(filled, FEATURE)
    tried = threading.Event()
    with psycopg.connect(filled) as holder, ThreadPoolExecutor(1) as threads:
        holder.execute("LOCK maintenance_logs IN ROW EXCLUSIVE MODE")
        migration = threads.submit(runner.downgrade, filled)
        with psycopg.connect(filled, autocommit=True) as watcher:
            while not tried.is_set():
                # The migration waits for the lock, then lets go and comes again.
                row = watcher.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                ).fetchone()
                if row and row[0]:
                    tried.set()
        assert not migration.done()
        holder.rollback()
        migration.result()
    runner.upgrade(filled)
    assert _checksums(filled, FEATURE) == before


def test_the_schema_on_file_is_current(fresh: Fresh) -> None:
    url = fresh()
    runner.upgrade(url)
    assert schema_of(EmbeddedPostgres(Path("unused")), url) == FILE.read_text()


def test_the_migrations_stand_up_to_squawk(tmp_path: Path) -> None:
    folder = Path(runner.__file__).parent
    for history in runner.HISTORIES:
        for revision in ScriptDirectory.from_config(runner._config(history)).walk_revisions():
            # Revisions run with these two, set by `environment`.
            limits = "SET lock_timeout = '1s';\nSET statement_timeout = '15min';\n"
            (tmp_path / f"{revision.revision}.sql").write_text(limits + revision.module.SQL)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "squawk"), "--config", str(folder / "squawk.toml"),
         *map(str, sorted(tmp_path.glob("*.sql")))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
