"""From a failing job to the pager: a real worker, the shipped rules and routes, Prometheus, Alertmanager."""

import asyncio
import json
import re
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Queue
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
import yaml
from prometheus_client import REGISTRY

from communityshare.infra import http_metrics, metrics
from communityshare.infra.processes import free_port
from communityshare.jobs.queue import enqueue
from communityshare.maintenance.alerts.job import daily_check
from communityshare.notifications import metrics as notification_metrics

from .conftest import PATIENCE, PRODUCT, ROOT, Start, serving, wait_for_port

MONITORING = ROOT / "deploy/monitoring"
ROUTING_KEY = "0123456789abcdef0123456789abcdef"


class Worker:
    """A real worker on a migrated database, and a way to break its daily check."""

    def __init__(self, start: Start, database: str, folder: Path) -> None:
        self.metrics = free_port()
        self._database = database
        self.environment = {
            "DATABASE_URL": database,
            "METRICS_PORT": str(self.metrics),
            "COMMUNITYSHARE_DATA_DIR": str(folder),
        }
        start(PRODUCT, "worker", env=self.environment)
        wait_for_port(self.metrics)

    def rename(self, column: str, name: str) -> None:
        """Rename a column that every run looks at."""
        with psycopg.connect(self._database) as connection:
            connection.execute(f"ALTER TABLE maintenance_runs RENAME COLUMN {column} TO {name}")

    async def run_now(self) -> None:
        """Enqueue the daily check as the timetable does."""
        async with await psycopg.AsyncConnection.connect(self._database) as connection:
            await enqueue(connection, daily_check)


def problems_of(event: dict[str, Any]) -> list[str]:
    """Check a request as PagerDuty documents Events API v2; return what it would refuse."""
    problems = []
    if not re.fullmatch(r"[0-9a-zA-Z]{32}", event.get("routing_key", "")):
        problems.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if event.get("event_action") not in {"trigger", "acknowledge", "resolve"}:
        problems.append("'event_action' is invalid")
    if not 0 < len(event.get("dedup_key", "")) <= 255:
        problems.append("'dedup_key' is missing or too long")
    if event.get("event_action") == "trigger":
        payload = event.get("payload", {})
        missing = [name for name in ("summary", "source", "severity") if not payload.get(name)]
        problems += [f"'payload.{name}' is missing" for name in missing]
        if payload.get("severity") not in {"critical", "error", "warning", "info"}:
            problems.append("'payload.severity' is invalid")
        if len(payload.get("summary", "")) > 1024:
            problems.append("'payload.summary' is too long")
    return problems


def pager(events: Queue[tuple[dict[str, Any], list[str]]]) -> type[BaseHTTPRequestHandler]:
    """A stand-in for PagerDuty: 202 for a well-formed event at /v2/enqueue, 400 otherwise."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            problems = problems_of(event) if self.path == "/v2/enqueue" else ["not found"]
            answer = {"status": "invalid event", "errors": problems} if problems else {"status": "success"}
            self.send_response(400 if problems else 202)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())
            events.put((event, problems))

        def log_message(self, *_: object) -> None: ...

    return Handler


def start_alertmanager(start: Start, folder: Path, pagerduty: int) -> int:
    """Run the shipped routes, quicker and towards the stand-in."""
    config = yaml.safe_load((MONITORING / "alertmanager.yml").read_text())
    (folder / "key").write_text(ROUTING_KEY)
    config["global"]["pagerduty_url"] = f"http://127.0.0.1:{pagerduty}/v2/enqueue"
    config["route"] |= {"group_wait": "1s", "group_interval": "1s"}
    config["receivers"][0]["pagerduty_configs"][0]["routing_key_file"] = str(folder / "key")
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
    start(
        "prometheus-alertmanager",
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{(port := free_port())}",
        "--cluster.listen-address=",
    )
    return port


def start_prometheus(start: Start, folder: Path, targets: list[int], alertmanager: int) -> int:
    """Run the shipped rules and scrape settings, every second and against these two."""
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(MONITORING / "rules.yml")]
    config["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]
    product = config["scrape_configs"][0]
    del product["dns_sd_configs"]
    config["scrape_configs"] = [
        product | {"static_configs": [{"targets": [f"127.0.0.1:{port}" for port in targets]}]}
    ]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    start(
        "prometheus",
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/prometheus",
        f"--web.listen-address=127.0.0.1:{(port := free_port())}",
    )
    return port


async def wait_until(prometheus: int, promql: str) -> None:
    """Return when the query has a result."""
    wait_for_port(prometheus)
    query = {"query": promql}
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{prometheus}") as client,
        asyncio.timeout(PATIENCE),
    ):
        # Starting up it answers 503, then with no result.
        while b'"metric":' not in (await client.get("/api/v1/query", params=query)).content:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_a_failed_job_calls_the_pager_and_its_success_ends_the_call(
    fresh_database: str, start: Start, tmp_path: Path
) -> None:
    worker = Worker(start, fresh_database, tmp_path)
    events: Queue[tuple[dict[str, Any], list[str]]] = Queue()
    with serving(pager(events)) as pagerduty:
        alertmanager = start_alertmanager(start, tmp_path, pagerduty)
        quiet = 'communityshare_job_runs_total{job="daily_check",outcome="failed"} == 0'
        await wait_until(start_prometheus(start, tmp_path, [worker.metrics], alertmanager), quiet)

        worker.rename("scheduled_for", "mislaid")
        await worker.run_now()
        trigger, problems = await asyncio.to_thread(events.get, timeout=PATIENCE)
        assert problems == []
        assert (trigger["routing_key"], trigger["event_action"]) == (ROUTING_KEY, "trigger")
        assert trigger["payload"]["severity"] == "critical"
        assert trigger["payload"]["class"] == "BackgroundJobFailed"
        assert "daily_check failed" in trigger["payload"]["summary"]
        assert trigger["payload"]["custom_details"]["runbook"] == "docs/runbooks/job-failed.md"

        worker.rename("mislaid", "scheduled_for")
        await worker.run_now()
        resolve, problems = await asyncio.to_thread(events.get, timeout=PATIENCE)
        assert problems == []
        assert (resolve["event_action"], resolve["dedup_key"]) == ("resolve", trigger["dedup_key"])


async def test_while_all_is_well_nothing_is_even_about_to_fire(
    fresh_database: str, start: Start, tmp_path: Path
) -> None:
    worker = Worker(start, fresh_database, tmp_path)
    targets = [worker.metrics]
    for part in ("api", "notifications"):
        ports = {"PORT": str(free_port()), "METRICS_PORT": str(free_port())}
        start(PRODUCT, part, env=worker.environment | ports)
        wait_for_port(int(ports["METRICS_PORT"]))
        targets.append(int(ports["METRICS_PORT"]))
    prometheus = start_prometheus(start, tmp_path, targets, alertmanager=9)
    # Several evaluations after every process was seen.
    await wait_until(prometheus, "min(count_over_time(up[1m])) >= 5 and on () (sum(up) == 3)")
    alerts = httpx.get(f"http://127.0.0.1:{prometheus}/api/v1/alerts").json()["data"]["alerts"]
    assert [(alert["labels"]["alertname"], alert["state"]) for alert in alerts] == []


@pytest.mark.parametrize(
    "command",
    [
        ["promtool", "test", "rules", "tests/rules.yml"],
        ["promtool", "check", "config", "prometheus.yml"],
        ["amtool", "check-config", "alertmanager.yml"],
    ],
    ids=" ".join,
)
def test_the_shipped_files_are_sound(command: list[str]) -> None:
    done = subprocess.run(command, cwd=MONITORING, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_runbook_that_exists() -> None:
    rules = yaml.safe_load((MONITORING / "rules.yml").read_text())
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(alerts) >= 10
    missing = [a["alert"] for a in alerts if not (ROOT / a["annotations"]["runbook"]).is_file()]
    assert missing == []


def test_rules_and_dashboard_ask_for_figures_that_the_product_has() -> None:
    asked = (MONITORING / "rules.yml").read_text() + (MONITORING / "grafana/communityshare.json").read_text()
    for module in (metrics, http_metrics, notification_metrics):
        assert module.__doc__  # their figures register when they are imported
    known = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    counted = {re.sub("_bucket$", "", name) for name in set(re.findall(r"communityshare_\w+", asked))}
    families = {family.name for family in REGISTRY.collect()}
    missing = {
        n
        for n in counted
        if n not in known and n not in families and n.removesuffix("_total") not in families
    }
    assert missing == set()


def test_every_query_of_the_dashboard_parses(tmp_path: Path) -> None:
    dashboard = json.loads((MONITORING / "grafana/communityshare.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = [{"record": f"query{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = subprocess.run(["promtool", "check", "rules", file], capture_output=True, text=True, check=False)
    assert f"{len(queries)} rules found" in done.stdout, done.stdout + done.stderr
