"""What the processes write to their logs: one correlation id all the way, and nothing secret, not even at DEBUG."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg

from communityshare.infra import processes
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from tests.e2e.product import Product
from tests.maintenance.logs.pictures import picture
from tests.stand_ins.providers import SendGrid, Twilio
from tests.stand_ins.smtp import Mailbox

PASSWORD = "planted-password-of-ada"
ADMIN = "ada@example.org"
PHONE = "+4915112345678"


async def eventually(question: Callable[[], Any]) -> None:
    """Return when the answer is true; fail after 30 seconds."""
    async with asyncio.timeout(30):
        while not question():  # noqa: ASYNC110 other processes raise no event here
            await asyncio.sleep(0.05)


def prepare(product: Product) -> None:
    """Add an administrator and switch the feature on."""
    create = ("user", "create", ADMIN, "--name", "Ada", "--role", "admin", "--premium")
    for command, stdin in (
        (("migrate",), ""),
        (create, PASSWORD),
        (("flag", "enable", "maintenance_scheduling_enabled"), ""),
    ):
        done = product.command(*command, stdin=stdin)
        assert done.returncode == 0, done.stderr


def plan_overdue(admin: httpx2.Client) -> str:
    """Add a thing of one's own with a plan that fell due yesterday; return the plan's id."""
    thing = admin.post("/api/resources", json={"name": "Trailer"}).json()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    body = {
        "resource_id": thing["id"],
        "schedule_type": "tyres",
        "frequency": "monthly",
        "start_date": yesterday,
    }
    made = admin.post("/api/maintenance/schedules", json=body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def lines(output: str) -> list[dict[str, Any]]:
    """Return the lines that are events."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


async def test_one_correlation_id_leads_from_the_request_to_the_provider(tmp_path: Path) -> None:
    async with SendGrid() as sendgrid, Twilio() as twilio:
        product = Product(
            tmp_path, SENDGRID_API_KEY=sendgrid.api_key, SENDGRID_BASE_URL=sendgrid.url,
            TWILIO_ACCOUNT_SID=twilio.account, TWILIO_AUTH_TOKEN=twilio.auth_token, TWILIO_FROM=twilio.number,
            TWILIO_BASE_URL=twilio.url, DATABASE_URL="",
        )  # fmt: skip
        await asyncio.to_thread(prepare, product)
        with product.running():
            admin = product.sign_in(ADMIN, PASSWORD)
            plan_overdue(admin)
            answer = admin.post("/api/maintenance/alerts/generate", headers={"X-Correlation-ID": "follow-me"})
            assert (answer.status_code, answer.headers["x-correlation-id"]) == (202, "follow-me")
            await eventually(lambda: sendgrid.taken)
    assert sendgrid.correlation_ids == ["follow-me"]
    told = {
        (line["service"], line["event"], line.get("path", line.get("job", line.get("channel"))))
        for line in lines(product.output)
        if line.get("correlation_id") == "follow-me"
    }
    assert told >= {
        ("api", "request", "/api/maintenance/alerts/generate"),
        ("worker", "job", "deliver_waiting"),
        ("notifications", "request", "/api/notifications/email"),
        ("notifications", "request", "/api/notifications/in-app"),
        ("notifications", "message", "email"),
    }


SECRETS = {
    "JWT_SECRET": "planted-jwt-secret-of-32-characters",
    "NOTIFICATIONS_TOKEN": "planted-notifications-token",
    "METRICS_TOKEN": "planted-metrics-token",
    "TWILIO_AUTH_TOKEN": "planted-twilio-token",
    "SENDGRID_API_KEY": "planted-sendgrid-key",
    "S3_SECRET_ACCESS_KEY": "planted-s3-secret",
}
BODY, HTML, KEY = "planted-text-of-a-mail", "planted-html-of-a-mail", "planted-idempotency-key"
HIDDEN = [
    *SECRETS.values(), BODY, HTML, KEY, PASSWORD, "planted-wrong-password", "planted-new-password",
    "planted-token", "planted-smtp-password", "planted-database-password", "planted-redis-password", "$argon2",
]  # fmt: skip


async def test_no_secret_stands_in_any_line(tmp_path: Path) -> None:
    """Everything on, everything failing somewhere: refused logins, a bad row, a broken job, a lost process."""
    with EmbeddedPostgres(tmp_path / "database").running() as database_url:
        async with Mailbox(password="another") as mailbox, Twilio() as twilio:
            twilio.number = "+15005550006"
            product = Product(
                tmp_path / "data", **SECRETS, LOG_LEVEL="DEBUG",
                DATABASE_URL=database_url.replace("communityshare@", "communityshare:planted-database-password@"),
                REDIS_URL=f"redis://:planted-redis-password@127.0.0.1:{processes.free_port()}/0",
                SMTP_URL=mailbox.url.replace("//", "//ada:planted-smtp-password@"),
                TWILIO_ACCOUNT_SID=twilio.account, TWILIO_FROM=twilio.number, TWILIO_BASE_URL=twilio.url,
                S3_ACCESS_KEY_ID="communityshare",
            )  # fmt: skip
            await asyncio.to_thread(prepare, product)
            with product.running() as started, psycopg.connect(database_url, autocommit=True) as database:
                admin = product.sign_in(ADMIN, PASSWORD)
                found = [admin.headers["Authorization"].removeprefix("Bearer "), *admin.cookies.values()]
                await _use(admin, database, mailbox, twilio)
                found += _look_at_a_photo(admin)
                await _break(admin, database, tmp_path / "data.out")
                _lose_a_process(started.pid)
                await eventually(lambda: "process ended" in (tmp_path / "data.out").read_text())
    output = product.output
    assert {line["service"] for line in lines(output)} >= {"api", "worker", "notifications", "run"}
    for reached in (
        "unexpected error",
        "job failed",
        "send failed",
        "process ended",
        "exc_value",
    ):
        assert reached in output
    assert len(found) > 4
    assert {secret for secret in [*HIDDEN, *found] if secret in output} == set()


async def _use(admin: httpx2.Client, database: psycopg.Connection, mailbox: Mailbox, twilio: Twilio) -> None:
    """Sign in wrongly, add people, hand in a mail both ways, and let the providers refuse."""
    admin.post("/api/auth/login", json={"email": ADMIN, "password": "planted-wrong-password"})
    admin.get("/api/auth/me", headers={"Authorization": "Bearer planted-token"})
    admin.post("/api/auth/refresh")
    person = {"email": "eve@example.org", "name": "Eve", "password": "planted-new-password"}
    assert admin.post("/api/users", json=person).status_code == 201
    me = admin.get("/api/auth/me").json()["id"]
    headers = {"Authorization": f"Bearer {SECRETS['NOTIFICATIONS_TOKEN']}", "Idempotency-Key": KEY}
    mail = {
        "user_id": me,
        "subject": "Hello",
        "text": BODY,
        "html": f"<p>{HTML}</p>",
        "category": "maintenance",
    }
    assert admin.post("/api/notifications/email", json=mail, headers=headers).status_code == 202
    await eventually(lambda: mailbox.refused_logins)
    database.execute("UPDATE users SET phone = %s", (PHONE,))
    admin.put(
        "/api/notifications/preferences",
        json={"channels": {"maintenance": {"sms": True}}, "quiet_hours": None, "timezone": "UTC"},
    )
    plan_overdue(admin)
    assert admin.post("/api/maintenance/alerts/generate", headers={"Idempotency-Key": KEY}).status_code == 202
    await eventually(lambda: twilio.seen)
    assert (
        admin.get("/metrics", headers={"Authorization": f"Bearer {SECRETS['METRICS_TOKEN']}"}).status_code
        == 200
    )


def _look_at_a_photo(admin: httpx2.Client) -> list[str]:
    """Log work with a photo, open it, try a forged address; return what makes the addresses rights."""
    plan = plan_overdue(admin)
    log = admin.post(
        "/api/maintenance/logs",
        data={"schedule_id": plan},
        files={"photos": ("a.jpg", picture(), "image/jpeg")},
    ).json()
    photo = log["photos"][0]
    assert admin.get(photo["url"]).status_code == admin.get(photo["thumbnail_url"]).status_code == 200
    assert admin.get(photo["url"] + "0").status_code == 404
    parts = urlsplit(photo["url"])
    return [parts.path, parts.path.rpartition("/")[2], parse_qs(parts.query)["signature"][0]]


async def _break(admin: httpx2.Client, database: psycopg.Connection, output: Path) -> None:
    """Let rows be refused by the database and a job fail, each with a traceback."""
    for table in ("users", "notifications.messages"):
        database.execute(f"ALTER TABLE {table} ADD needed integer NOT NULL DEFAULT 1")
        database.execute(f"ALTER TABLE {table} ALTER needed DROP DEFAULT")
    person = {"email": "mallory@example.org", "name": "Mallory", "password": "planted-new-password"}
    assert admin.post("/api/users", json=person).status_code == 500
    mail = {
        "user_id": admin.get("/api/auth/me").json()["id"],
        "subject": "Hi",
        "text": BODY,
        "category": "maintenance",
    }
    service = {"Authorization": f"Bearer {SECRETS['NOTIFICATIONS_TOKEN']}"}
    assert admin.post("/api/notifications/email", json=mail, headers=service).status_code == 500
    database.execute(
        "UPDATE maintenance_deliveries SET status = 'failed', settled_at = now(), suppressed_reason = NULL"
    )
    failed = admin.get("/api/maintenance/alerts/deliveries?status=failed").json()["items"]
    database.execute("ALTER TABLE maintenance_deliveries RENAME claim TO claims")
    retried = admin.post(f"/api/maintenance/alerts/deliveries/{failed[0]['id']}/retry")
    assert retried.status_code == 202, retried.text
    await eventually(lambda: "job failed" in output.read_text())


def _lose_a_process(supervisor: int) -> None:
    """Kill one of the processes that `run` looks after."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    worker = next(
        int(child) for child in children if b"\0worker\0" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
