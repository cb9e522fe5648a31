"""Rolling the feature back and forward while people use it: refusals say so, nothing breaks, every row is back."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psycopg

from communityshare.infra.embedded_postgres import EmbeddedPostgres
from tests.e2e.product import Product

LOGS = 100_000
_RATE = 100  # requests a second
_FILL = f"""
    INSERT INTO resources (id, name, owner_id) SELECT gen_random_uuid(), 'thing ' || n, (SELECT id FROM users)
        FROM generate_series(1, 100) n;
    INSERT INTO maintenance_schedules
            (id, resource_id, schedule_type, frequency, start_date, next_due_date, created_at, updated_at)
        SELECT gen_random_uuid(), id, 'inspection', 'monthly', now(), now() + interval '9 days', now(), now()
        FROM resources;
    INSERT INTO maintenance_logs (id, log_id, schedule_id, resource_id, performed_by, performed_at, recorded_by,
            created_at, updated_at)
        SELECT id, id, schedule_id, resource_id, me, now() - n * interval '1 minute', me, now(), now()
        FROM (SELECT gen_random_uuid() AS id, s.id AS schedule_id, s.resource_id, (SELECT id FROM users) AS me, n
              FROM maintenance_schedules s, generate_series(1, {LOGS} / 100) n) AS made;
"""
_CHECKSUM = """
    SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t"""
_TABLES = ("maintenance_logs", "maintenance_schedules", "maintenance_completions")


def checksums(url: str) -> list[tuple]:
    """Return count and checksum of every table that is parked."""
    with psycopg.connect(url) as connection:
        keyed = {"maintenance_completions": "schedule_id"}
        return [
            connection.execute(
                _CHECKSUM.format(table=table).replace("ORDER BY id", f"ORDER BY {keyed.get(table, 'id')}")
            ).fetchone()  # type: ignore[misc]
            for table in _TABLES
        ]


@contextmanager
def load(client: httpx2.Client, answers: Counter[tuple[int, str]]) -> Iterator[None]:
    """Read lists at 100 requests a second for as long as the block runs."""
    over = threading.Event()

    def read() -> None:
        begun, sent = time.monotonic(), 0
        while not over.wait(max(0.0, begun + sent / _RATE - time.monotonic())):
            sent += 1
            kind = "logs" if sent % 2 else "schedules"
            answer = client.get(f"/api/maintenance/{kind}", params={"limit": 5})
            code = answer.json().get("code", "") if answer.status_code >= 400 else ""
            answers[(answer.status_code, code)] += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_rollback_and_migrate_under_load_keep_every_row(tmp_path: Path) -> None:
    product = Product(tmp_path, RATE_LIMIT_PER_MINUTE="100000")
    answers: Counter[tuple[int, str]] = Counter()
    with product.running(), EmbeddedPostgres(tmp_path).running() as url:
        made = product.command(
            "user", "create", "ada@example.org", "--name", "Ada", "--role", "admin", stdin="a long password\n"
        )
        assert made.returncode == 0, made.stderr
        assert product.command("flag", "enable", "maintenance_scheduling_enabled").returncode == 0
        with psycopg.connect(url) as connection:
            connection.execute(_FILL)
        before = checksums(url)
        assert before[0][0] == LOGS
        with load(product.sign_in("ada@example.org", "a long password"), answers):
            for _ in range(2):
                rolled = product.command("rollback")
                assert rolled.returncode == 0, rolled.stderr
                forward = product.command("migrate")
                assert forward.returncode == 0, forward.stderr
        assert checksums(url) == before
    assert set(answers) <= {(200, ""), (404, "feature_disabled")}, answers
    assert answers[(404, "feature_disabled")] > 0
    assert answers[(200, "")] > 0
