"""The function between CloudFormation and the migration task, against stand-ins for AWS's two clients."""

import importlib
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from stacks import migration


class Ecs:
    """An ECS that runs one task to `exit_code`."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        self.started: list[dict[str, Any]] = []

    def run_task(self, **request: Any) -> dict[str, Any]:
        self.started.append(request)
        return {"failures": [], "tasks": [{"taskArn": "task"}]}

    def get_waiter(self, name: str) -> SimpleNamespace:
        assert name == "tasks_stopped"
        return SimpleNamespace(wait=lambda **_: None)

    def describe_tasks(self, **_: Any) -> dict[str, Any]:
        container = {} if self.exit_code is None else {"exitCode": self.exit_code}
        return {"tasks": [{"containers": [container], "stoppedReason": "CannotPullContainerError"}]}


def answer(monkeypatch: pytest.MonkeyPatch, ecs: Ecs, request: str = "Update") -> tuple[str, str | None]:
    """Run the handler; return what CloudFormation is told."""
    told: list[tuple[str, str | None]] = []

    def send(
        _event: object, _context: object, status: str, _data: object, _id: str, reason: str | None = None
    ) -> None:
        told.append((status, reason))

    monkeypatch.setitem(sys.modules, "boto3", SimpleNamespace(client=lambda _: ecs))
    monkeypatch.setitem(
        sys.modules, "cfnresponse", SimpleNamespace(send=send, SUCCESS="SUCCESS", FAILED="FAILED")
    )
    monkeypatch.delitem(sys.modules, "stacks.run_migration", raising=False)
    handler = importlib.import_module("stacks.run_migration").handler
    wanted = {"Cluster": "c", "TaskDefinition": "t:7", "Subnets": ["s"], "SecurityGroups": ["g"]}
    handler({"RequestType": request, "ResourceProperties": wanted}, None)
    (result,) = told
    return result


def test_a_migration_that_works_lets_the_rollout_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ecs = Ecs(0)
    assert answer(monkeypatch, ecs) == ("SUCCESS", None)
    assert ecs.started[0]["taskDefinition"] == "t:7"


@pytest.mark.parametrize("exit_code", [1, None])
def test_one_that_fails_or_never_starts_stops_it(
    monkeypatch: pytest.MonkeyPatch, exit_code: int | None
) -> None:
    status, reason = answer(monkeypatch, Ecs(exit_code))
    assert (status, reason) == ("FAILED", "migration failed: CannotPullContainerError")


def test_taking_the_stack_away_migrates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ecs = Ecs(0)
    assert answer(monkeypatch, ecs, "Delete") == ("SUCCESS", None)
    assert ecs.started == []


def test_the_code_fits_into_the_template() -> None:
    assert len(migration.CODE) <= 4096
