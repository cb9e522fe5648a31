"""One scrape shows all the processes of a command, whoever of them died."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from communityshare.infra import processes
from tests.e2e.product import Product
from tests.e2e.test_processes import api, product

__all__ = ["product"]
PATIENCE = 30.0
TOKEN = {"Authorization": "Bearer of figures"}


def scrape(address: str) -> Counter[str]:
    """Return the sums of the figures by name, and by name and route or state."""
    answer = httpx2.get(f"{address}/metrics", headers=TOKEN, timeout=20)
    assert answer.status_code == 200
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name] += sample.value  # type: ignore[assignment] Counter is typed for int
            part = sample.labels.get("route") or sample.labels.get("state")
            found[f"{sample.name} {part}"] += sample.value  # type: ignore[assignment]
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Return when it holds; what has just been answered is counted a moment later."""
    for _ in range(int(PATIENCE * 20)):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"not within {PATIENCE} s")


def children_of(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def ask(address: str, times: int) -> None:
    """Ask who one is, each time over a connection of its own, so that every process is asked."""
    for _ in range(times):
        assert httpx2.get(f"{address}/api/auth/me", timeout=20).status_code == 401


def is_ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", timeout=20).status_code == 200
    except httpx2.ConnectError:
        return False


def test_two_processes_are_one_scrape_and_lose_nothing_when_they_die(
    product: Product, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    port = processes.free_port()
    settings = {"METRICS_PORT": str(port), "METRICS_TOKEN": "of figures", "TMPDIR": str(temporary)}
    requests, seconds = (
        f"communityshare_http_request{kind} /api/auth/me" for kind in ("s_total", "_seconds_count")
    )

    def files() -> list[str]:
        return sorted(file.name for file in temporary.rglob("*.db"))

    with api(product, WORKERS="2", **settings) as (address, pid):
        places = (f"http://127.0.0.1:{port}", address)
        ask(address, 40)
        wait_until(lambda: scrape(places[0])[requests] >= 40)
        for place in places:
            found = scrape(place)
            assert (found[requests], found[seconds]) == (40, 40)
        # Each keeps two connections open.
        wait_until(lambda: scrape(address)["communityshare_db_pool_connections size"] == 4)
        before, old = files(), children_of(pid)
        assert len(old) == 2

        for number, child in enumerate(old, 1):
            os.kill(child, signal.SIGKILL)
            wait_until(lambda new=number: len(children_of(pid) - old) == new)
            assert scrape(places[0])[requests] == 40
        wait_until(lambda: is_ready(address))
        ask(address, 10)
        wait_until(lambda: scrape(places[0])[requests] >= 50)
        for place in places:
            found = scrape(place)
            assert (found[requests], found[seconds]) == (50, 50)
        assert files() == before
    assert list(temporary.iterdir()) == []


def test_the_port_of_run_shows_api_worker_and_notification_service(tmp_path: Path) -> None:
    port = processes.free_port()
    everything = Product(tmp_path / "data", METRICS_PORT=str(port), LOG_LEVEL="ERROR")
    with everything.running("--demo"):
        everything.sign_in("member")
        figures = f"http://127.0.0.1:{port}"
        wait_until(lambda: "communityshare_job_due_timestamp_seconds" in scrape(figures))
        wait_until(lambda: scrape(figures)["communityshare_notifications_accepted_total"] > 0)
        found = scrape(figures)
        assert found["communityshare_http_requests_total /api/auth/login"] == 1
        assert found["communityshare_db_up"] == 1
        assert found["communityshare_deliveries_total"] > 0
