"""The command line: one line for each fault, exit codes, and every setting listed."""

import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import psycopg
import pytest

from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.settings import Settings
from tests.e2e.product import Product


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """A data folder that no command has touched."""
    return Product(tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "value", "telling"),
    [
        ("PORT", "http", "PORT"),
        ("PORT", "70000", "65535"),
        ("WORKERS", "2", "REDIS_URL"),
        ("COMMUNITY_TIMEZONE", "Mars/Olympus", "IANA"),
        ("MAINTENANCE_CHECK_CRON", "every day", "five fields"),
        ("JWT_SECRET", "short", "32 characters"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("NOTIFICATIONS_URL", "localhost", "http://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    product: Product, name: str, value: str, telling: str
) -> None:
    done = product.command("api", **{name: value})
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert name in done.stderr or telling in done.stderr
    assert telling in done.stderr


def test_settings_lists_every_setting_and_hides_secrets(product: Product) -> None:
    done = product.command("settings", JWT_SECRET="x" * 40)
    assert done.returncode == 0
    names = {line.split("=")[0] for line in done.stdout.splitlines()}
    assert {
        "PORT",
        "DATABASE_URL",
        "COMMUNITY_TIMEZONE",
        "RATE_LIMIT_PER_MINUTE",
        "SMTP_URL",
        "WORKERS",
    } <= names
    assert "xxxx" not in done.stdout


@pytest.mark.parametrize("command", ["run", "migrate", "rollback", "check", "demo", "flag list"])
def test_an_unreachable_database_is_one_line(product: Product, command: str) -> None:
    done = product.command(*command.split(), DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (done.returncode, done.stderr.count("\ncommunityshare: ")) == (1, 0), done.stderr
    assert done.stderr.splitlines()[-1].startswith("communityshare: The database cannot be reached: ")
    assert "Traceback" not in done.stderr


def test_the_first_administrator_is_made_in_a_folder_that_nothing_ran_in(product: Product) -> None:
    first = ("user", "create", "you@example.org", "--name", "You", "--role", "admin")
    made = product.command(*first, stdin="a long password\n")
    assert (made.returncode, made.stderr) == (0, "Created you@example.org as admin.\n")
    again = product.command(*first, stdin="a long password\n")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "already has an account" in again.stderr
    last = product.command("user", "set", "you@example.org", "--disable")
    assert (last.returncode, last.stderr.count("\n")) == (1, 1)
    assert product.command("flag", "list").stdout == "maintenance_scheduling_enabled\tdisabled\n"


def test_an_empty_setting_is_an_unset_one_for_every_command(product: Product) -> None:
    empty = {field.encode_name: "" for field in msgspec.structs.fields(Settings)}
    blank = dict.fromkeys(empty, " ")
    kept = {"COMMUNITYSHARE_DATA_DIR": str(product.folder)}
    for command, settings in (
        ("migrate", empty), ("flag list", empty), ("check --no-wait", blank), ("flag list", blank),
        ("rollback", empty), ("settings", blank),
    ):  # fmt: skip
        done = product.command(*command.split(), **{**settings, **kept})
        assert done.returncode == 0, (command, done.stderr)
        assert "Traceback" not in done.stderr
    assert "DATABASE_URL=(unset)" in done.stdout
    assert "PORT=3000" in done.stdout


def test_bytes_that_are_no_text_are_one_line(product: Product) -> None:
    for command in (("flag", "enable", "\udcff"), ("user", "set", "\udcff@example.org", "--disable")):
        done = product.command(*command)
        assert (done.returncode, done.stderr) == (
            1, "communityshare: What was given holds bytes that are no UTF-8.\n",
        )  # fmt: skip


def test_a_database_of_ones_own_is_migrated_only_when_asked(product: Product, postgres: str) -> None:
    for command in ("flag list", "check", "demo"):
        done = product.command(
            *command.split(), DATABASE_URL=postgres.replace("/communityshare?", "/postgres?")
        )
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "run `communityshare migrate`" in done.stderr


def test_the_check_of_a_fresh_folder_finds_nothing_due(product: Product) -> None:
    assert set(product.check()) == {
        "run_id", "scheduled_for", "schedules_checked", "alerts_created", "deliveries_created", "sent", "failed",
        "suppressed", "seconds",
    }  # fmt: skip


def test_rolling_back_what_is_not_there_or_twice_is_told(product: Product) -> None:
    nothing = product.command("rollback")
    assert (nothing.returncode, nothing.stderr.count("\n")) == (1, 1), nothing.stderr
    assert product.command("migrate").returncode == 0
    unknown = product.command("rollback", "--to", "nonsense")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1), unknown.stderr
    assert "nonsense" in unknown.stderr
    assert product.command("rollback").returncode == 0
    assert product.command("rollback").returncode == 0
    parked = product.command("check", "--no-wait")
    assert (parked.returncode, parked.stderr.count("\n")) == (1, 1), parked.stderr
    assert "run `communityshare migrate`" in parked.stderr


@pytest.mark.parametrize("command", ["run", "api", "notifications"])
def test_a_port_that_is_taken_is_one_line(product: Product, command: str) -> None:
    with socket.create_server(("127.0.0.1", product.port)):
        done = product.command(command)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert f"PORT: 127.0.0.1:{product.port} cannot be used" in done.stderr


def test_metrics_on_the_same_port_is_one_line(product: Product) -> None:
    done = product.command("api", METRICS_PORT=str(product.port))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert f"METRICS_PORT: {product.port} is" in done.stderr


def test_a_host_that_is_none_is_one_line(product: Product) -> None:
    for host in ("nowhere.invalid", "192.0.2.1"):
        done = product.command("api", HOST=host)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert host in done.stderr


def test_a_place_that_cannot_be_used_is_one_line(product: Product, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = product.command("run", COMMUNITYSHARE_DATA_DIR=str(tmp_path / "file"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    done = product.command("backup", str(tmp_path / "none" / "backup"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr


def test_flags_and_users_are_managed_while_nothing_runs(product: Product) -> None:
    assert product.command("migrate").returncode == 0
    assert "maintenance_scheduling_enabled\tdisabled" in product.command("flag", "list").stdout
    assert product.command("flag", "enable", "maintenance_scheduling_enabled").returncode == 0
    assert "maintenance_scheduling_enabled\tenabled" in product.command("flag", "list").stdout
    unknown = product.command("flag", "enable", "nonsense")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    short = product.command(
        "user", "create", "a@example.org", "--name", "A", "--role", "admin", stdin="short\n"
    )
    assert (short.returncode, short.stderr) == (
        1,
        "communityshare: password: is too short, give 12 or more\n",
    )
    wrong = product.command(
        "user", "create", "a@example.org", "--name", "A", "--role", "boss", stdin="a long password\n"
    )
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "role: 'boss' is none of admin, maintenance_coordinator, member" in wrong.stderr
    unreachable = product.command("user", "set", "a@example.org", "--phone", "0301234")
    assert (unreachable.returncode, unreachable.stderr.count("\n")) == (1, 1)
    assert unreachable.stderr.startswith("communityshare: phone: ")


def test_a_wrong_instant_is_one_line(product: Product) -> None:
    for text in ("tomorrow", "2026-03-02T06:00:00", "", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
        done = product.command("check", "--at", text)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "--at" in done.stderr


_SOMETHING_DUE = """
    INSERT INTO users (id, email, name) VALUES (gen_random_uuid(), 'ada@example.org', 'Ada');
    INSERT INTO resources (id, name, owner_id) SELECT gen_random_uuid(), 'Ladder', id FROM users;
    INSERT INTO maintenance_schedules
        (id, resource_id, schedule_type, frequency, start_date, next_due_date, created_at, updated_at)
        SELECT gen_random_uuid(), id, 'inspection', 'annual', now(), now(), now(), now() FROM resources;
    UPDATE feature_flags SET enabled = true;"""


def test_a_command_told_to_end_takes_the_database_along_that_it_started(product: Product) -> None:
    assert product.command("migrate").returncode == 0
    with EmbeddedPostgres(product.folder).running() as url, psycopg.connect(url) as connection:
        connection.execute(_SOMETHING_DUE)
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.settimeout(60)
        silent = f"http://127.0.0.1:{service.getsockname()[1]}"
        check = subprocess.Popen(
            [sys.executable, "-m", "communityshare", "check"],
            env={**product.environment, "NOTIFICATIONS_URL": silent},
            stderr=subprocess.DEVNULL,
        )
        with service.accept()[0]:  # a delivery is on its way, and nobody answers it
            check.terminate()
            assert check.wait(60) == 143
    assert not (product.folder / "postgresql" / "cluster" / "postmaster.pid").exists()
