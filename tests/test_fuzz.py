"""A bounded run of the fuzzer: every route of the OpenAPI document, right and wrong requests."""

from pathlib import Path

import psycopg

from communityshare.migrations import runner
from tests.fuzz import api, fuzz


def test_no_5xx_and_every_answer_as_documented(postgres: str, worker_id: str, tmp_path: Path) -> None:
    name = f"fuzz_{worker_id}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    url = postgres.replace("/communityshare?", f"/{name}?")
    runner.upgrade(url)
    with api(url, tmp_path) as address:
        statuses, violations = fuzz(address, 800)
    assert violations == []
    assert not [status for status in statuses if status >= 500]
    assert statuses.total() > 400
    assert statuses[200] > 50
