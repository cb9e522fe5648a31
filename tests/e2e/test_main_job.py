"""The main job, end to end, with the real processes: due, told, logged, moved on, and not told again."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.product import Product


def eventually(question: Callable[[], Any], patience: float = 20.0) -> Any:
    """Ask until the answer is true; other processes need a moment."""
    deadline = time.monotonic() + patience
    while not (answer := question()):
        assert time.monotonic() < deadline, "it did not happen in time"
    return answer


def test_a_plan_falls_due_and_the_right_person_is_told_once(tmp_path: Path) -> None:
    product = Product(tmp_path)
    with product.running("--demo"):
        admin, coordinator = product.sign_in("admin"), product.sign_in("coordinator")
        me = coordinator.get("/api/auth/me").json()
        thing = admin.get("/api/resources").json()["items"][0]
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=20)
        made = admin.post(
            "/api/maintenance/schedules",
            json={
                "resource_id": thing["id"],
                "schedule_type": "Frayed cable check",
                "frequency": "quarterly",
                "start_date": due.isoformat(),
                "assigned_to": me["id"],
            },
        ).json()

        first = product.check()
        assert first["alerts_created"] >= 1
        assert first["failed"] == 0
        again = product.check()
        assert (again["alerts_created"], again["deliveries_created"]) == (0, 0)

        inbox = coordinator.get("/api/notifications", params={"unread": "true", "limit": 200}).json()["items"]
        told = [item for item in inbox if made["id"] in (item["url"] or "")]
        assert len(told) == 1
        mails = admin.get("/api/notifications/outbox").json()["items"]
        assert [mail for mail in mails if mail["to"] == me["email"] and "Frayed cable check" in mail["text"]]

        logged = coordinator.post(
            "/api/maintenance/logs", json={"schedule_id": made["id"], "notes": "New cable fitted."}
        )
        assert logged.status_code == 201, logged.text
        moved = coordinator.get(f"/api/maintenance/schedules/{made['id']}").json()
        next_due = datetime.fromisoformat(moved["next_due_date"])
        assert next_due > due + timedelta(days=80)

        week_before = (next_due - timedelta(days=7)).isoformat()
        product.check("--at", week_before)
        alerts = admin.get(f"/api/maintenance/schedules/{made['id']}/alerts").json()["items"]
        assert len(alerts) == 1


def test_data_is_kept_and_the_second_start_is_quick(tmp_path: Path) -> None:
    product = Product(tmp_path)
    with product.running("--demo"):
        count = len(product.sign_in("admin").get("/api/resources", params={"limit": 200}).json()["items"])
    assert count >= 35
    with product.running("--demo") as started:
        again = product.sign_in("admin").get("/api/resources", params={"limit": 200}).json()["items"]
        second = product.command("run")
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert "another `communityshare run` uses" in second.stderr
    assert len(again) == count
    assert started.returncode == 0
    assert "admin@communityshare.example" in product.output


def test_without_demo_the_feature_is_off_and_nobody_has_a_login(tmp_path: Path) -> None:
    product = Product(tmp_path)
    with product.running():
        made = product.command(
            "user", "create", "ada@example.org", "--name", "Ada", "--role", "admin", stdin="a long password\n"
        )
        assert made.returncode == 0, made.stderr
        ada = product.sign_in("ada@example.org", "a long password")
        off = ada.get("/api/maintenance/schedules")
        assert (off.status_code, off.json()["code"]) == (404, "feature_disabled")
        assert product.command("flag", "enable", "maintenance_scheduling_enabled").returncode == 0
        eventually(lambda: ada.get("/api/maintenance/schedules").status_code == 200, 5)
        assert (
            product.command("user", "set", "ada@example.org", "--disable").returncode == 1
        )  # the last admin


def test_what_waits_at_the_start_is_sent_at_the_first_attempt(tmp_path: Path) -> None:
    product = Product(tmp_path / "data")
    assert product.command("migrate").returncode == 0
    assert product.command("demo").returncode == 0
    waiting = product.check("--no-wait")["deliveries_created"]
    assert waiting > 0
    with product.running():
        admin = product.sign_in("admin")
        product.check()
        deliveries = admin.get("/api/maintenance/alerts/deliveries?limit=200").json()["items"]
        assert len(deliveries) == waiting
        assert {delivery["attempts"] for delivery in deliveries} == {1}


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_the_address_to_listen_on_may_be_a_name(tmp_path: Path, host: str) -> None:
    product = Product(tmp_path / "data", HOST=host)
    product.address = f"http://{f'[{host}]' if ':' in host else host}:{product.port}"
    with product.running("--demo"):
        assert product.sign_in("admin").get("/api/auth/me").status_code == 200
    assert f"is running: {product.address}\n" in product.output


def test_a_killed_database_is_started_again(tmp_path: Path) -> None:
    product = Product(tmp_path)
    with product.running(), httpx2.Client(base_url=product.address, timeout=20) as client:
        pid = int((tmp_path / "postgresql" / "cluster" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: client.get("/readyz").status_code == 503)
        eventually(lambda: client.get("/readyz").status_code == 200)


def test_demo_refuses_to_listen_beyond_loopback(tmp_path: Path) -> None:
    refused = Product(tmp_path, HOST="::").command("run", "--demo")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("communityshare: HOST:")
