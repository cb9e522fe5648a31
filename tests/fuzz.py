"""Requests made up from the OpenAPI document, right and wrong ones: no 5xx, and every answer as documented.

The tests run it bounded. A long run: `python -m tests.fuzz --requests 100000`.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from communityshare.infra import processes
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.migrations import runner

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EMAIL, PASSWORD = "fuzz@example.org", "a password for fuzzing"
TOKEN = "service-token-for-fuzzing"
DOCUMENTS = ["/api/openapi.json", "/api/notifications/docs/openapi.json"]
# The first would end the session, the second never ends.
_LEFT_OUT = {"/api/auth/logout", "/api/notifications/stream"}
_FOR_SERVICES = {f"/api/notifications/{channel}" for channel in ("email", "sms", "in-app")}


@contextmanager
def api(database_url: str, folder: Path) -> Iterator[str]:
    """Yield the address of an API process before a Notification Service, on a database with an administrator."""
    port = processes.free_port()
    environment = {
        "DATABASE_URL": database_url, "COMMUNITYSHARE_DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(port),
        "LOG_LEVEL": "ERROR", "RATE_LIMIT_PER_MINUTE": "10000000", "ALERT_RATE_LIMIT_PER_MINUTE": "10000000",
        "LOGIN_RATE_LIMIT_PER_MINUTE": "30", "NOTIFICATIONS_TOKEN": TOKEN,
    }  # fmt: skip
    for command in (
        f"user create {EMAIL} --name Fuzz --role admin",
        "flag enable maintenance_scheduling_enabled",
    ):
        subprocess.run(
            [sys.executable, "-m", "communityshare", *command.split()],
            env={**os.environ, **environment}, input=PASSWORD, text=True, check=True, capture_output=True,
        )  # fmt: skip
    with processes.notification_service(environment) as notifications:
        child = processes.start("api", environment | {"NOTIFICATIONS_URL": notifications})
        try:
            processes.wait_until_ready(child, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            processes.stop([child])


def fuzz(address: str, count: int) -> tuple[Counter[int], list[str]]:
    """Send `count` requests and a few more; return how often each status came, and every violation."""
    schemas = [schemathesis.openapi.from_url(f"{address}{path}") for path in DOCUMENTS]
    statuses: Counter[int] = Counter()
    violations: list[str] = []
    found = [one.ok() for schema in schemas for one in schema.get_all_operations()]
    operations = [one for one in found if one.path not in _LEFT_OUT]
    # Last, so that the others find the rows that exist.
    operations.sort(key=lambda one: one.method.lower() == "delete")
    with requests.Session() as session:
        headers = _sign_in(session, address)
        known = _known(session, address, headers)
        # Some operations have few different requests: the others make up for them in another round.
        while (left := count - statuses.total()) > 0 and not violations:
            for operation, mode in itertools.product(operations, GenerationMode):
                send = _sender(session, headers, known, statuses)
                try:
                    _run(operation, mode, send, max(1, left // len(operations) // 2), left)
                except Unsatisfiable:
                    continue  # nothing about this operation can be wrong
                except (Exception, FailureGroup) as error:
                    violations.append(f"{operation.label} ({mode.value}): {error}")
    return statuses, violations


def _run(operation: Any, mode: GenerationMode, send: Any, examples: int, start: int) -> None:
    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=False,
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        send(case)

    each()


def _sender(
    session: requests.Session, headers: dict[str, str], known: dict[str, str], statuses: Counter[int]
) -> Any:
    turn = 0
    service = {"Authorization": f"Bearer {TOKEN}"}

    def send(case: Any) -> None:
        nonlocal turn
        turn += 1
        if turn % 2:
            # Ids of rows that exist reach what made-up ones never do.
            case.path_parameters = {
                name: known.get(name, value) for name, value in case.path_parameters.items()
            }
            if isinstance(case.body, dict):
                case.body |= {name: known[name] for name in case.body.keys() & known.keys()}
        token = service if case.operation.path in _FOR_SERVICES else headers
        answer = case.call(session=session, headers=token)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    return send


def _sign_in(session: requests.Session, address: str) -> dict[str, str]:
    answer = session.post(
        f"{address}/api/auth/login", json={"email": EMAIL, "password": PASSWORD}, timeout=10
    )
    answer.raise_for_status()
    session.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _known(session: requests.Session, address: str, headers: dict[str, str]) -> dict[str, str]:
    """Make one of each and return the ids under the names of the path parameters."""

    def post(path: str, body: dict[str, Any]) -> str:
        answer = session.post(f"{address}{path}", json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()["id"]

    resource = post("/api/resources", {"name": "Drill"})
    schedule = post("/api/maintenance/schedules", {
        "resource_id": resource, "schedule_type": "oil", "frequency": "monthly", "start_date": "2026-01-31T08:00:00Z",
    })  # fmt: skip
    log = post("/api/maintenance/logs", {"schedule_id": schedule})
    person = {"email": "other@example.org", "name": "Other", "password": PASSWORD}
    user = post("/api/users", person)
    return {"resource_id": resource, "schedule_id": schedule, "log_id": log, "user_id": user}


def main() -> None:
    """Fuzz a fresh installation; end with 1 when there is a violation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    count = parser.parse_args().requests
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)).running() as url:
        runner.upgrade(url)
        with api(url, Path(folder)) as address:
            statuses, violations = fuzz(address, count)
    print(f"{statuses.total()} requests: {dict(sorted(statuses.items()))}", *violations, sep="\n")  # noqa: T201
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
