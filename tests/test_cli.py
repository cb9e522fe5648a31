"""The command line: one line for each fault, exit codes, and every setting listed."""

from pathlib import Path

import pytest

from tests.e2e.product import Product


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """A data folder that no command has touched."""
    return Product(tmp_path)


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


def test_an_unreachable_database_is_one_line(product: Product) -> None:
    done = product.command("flag", "list", DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "database" in done.stderr


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
    assert (short.returncode, "password" in short.stderr) == (1, True)
    wrong = product.command(
        "user", "create", "a@example.org", "--name", "A", "--role", "boss", stdin="a long password\n"
    )
    assert (wrong.returncode, "role" in wrong.stderr) == (1, True)


def test_a_wrong_instant_is_one_line(product: Product) -> None:
    for text in ("tomorrow", "2026-03-02T06:00:00"):
        done = product.command("check", "--at", text)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "--at" in done.stderr
