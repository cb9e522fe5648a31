"""A wrong setting is one line that names the variable and the mend; nothing secret stands in it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from communityshare.infra.settings import Settings, SettingsError, describe, load, secret_in


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"), ("PORT", "0"), ("PORT", "70000"), ("DATABASE_POOL_SIZE", "0"), ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "somewhere"), ("REDIS_URL", "127.0.0.1:6379"), ("NOTIFICATIONS_URL", "localhost"),
        ("JWT_SECRET", "short"), ("JWT_JWKS_URL", "file:///etc/passwd"), ("COMMUNITY_TIMEZONE", "Mars/Base"),
        ("COMMUNITY_TIMEZONE", "../../etc/passwd"), ("COMMUNITY_TIMEZONE", "Europe"),
        ("MAINTENANCE_CHECK_CRON", "daily"), ("MAINTENANCE_CHECK_CRON", "0 6 * *"),
        ("MAINTENANCE_CHECK_CRON", "61 6 * * *"), ("MAINTENANCE_CHECK_CRON", "0 6 30 2 *"),
        ("RATE_LIMIT_PER_MINUTE", "-1"), ("RATE_LIMIT_PER_MINUTE", "1.5"),
        ("ALERT_RATE_LIMIT_PER_MINUTE", "none"), ("SMTP_URL", "mail.example.org"), ("SENDGRID_BASE_URL", "x"),
        ("TWILIO_BASE_URL", "ftp://x"), ("S3_ENDPOINT_URL", "x"), ("PUBLIC_URL", "share.example.org"),
        ("SMTP_URL", "smtp://me:secret@"), ("NOTIFICATIONS_URL", "http://one two"), ("EMAIL_FROM", "nobody"),
        ("EMAIL_FROM", "Us <us@>"), ("TRUSTED_PROXIES", "10.0.0.0/8, nginx"), ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("SENDGRID_API_KEY", "two\nlines"), ("NOTIFICATIONS_TOKEN", "two\nlines"),
        ("WORKERS", "0"), ("LOG_LEVEL", "LOUD"), ("METRICS_PORT", "x"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_line_naming_it(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({name: value})
    lines = str(caught.value).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{name}: ")
    assert "`" not in lines[0]


def test_every_wrong_value_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"PORT": "x", "WORKERS": "2", "LOG_LEVEL": "loud"})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "PORT",
        "LOG_LEVEL",
        "REDIS_URL",
    ]


def test_a_sender_and_proxies_as_people_write_them() -> None:
    for sender in ("us@example.org", "Ünser Verein <us@example.org>", '"Tools, and more" <us@example.org>'):
        assert load({"EMAIL_FROM": sender}).email_from == sender
    for proxies in ("*", "10.0.0.0/8,::1", "172.31.250.0/24 , 127.0.0.1,"):
        assert load({"TRUSTED_PROXIES": proxies}).trusted_proxies == proxies


def test_half_a_transport_stops_the_start() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_FROM": "+15550100", "S3_ACCESS_KEY_ID": "one"})
    assert str(caught.value).splitlines() == [
        "TWILIO_AUTH_TOKEN: needed with TWILIO_ACCOUNT_SID",
        "S3_SECRET_ACCESS_KEY: needed with S3_ACCESS_KEY_ID",
    ]


def test_a_wrong_secret_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATABASE_URL": "hunter2", "SMTP_URL": "hunter2", "JWT_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("password", ["hun%ter2", "hun#ter2", "hun/ter2", "hun%ffter2"])
def test_a_password_that_must_be_escaped_is_told_without_being_shown(password: str) -> None:
    for name, scheme in (("DATABASE_URL", "postgresql"), ("SMTP_URL", "smtp"), ("REDIS_URL", "redis")):
        with pytest.raises(SettingsError, match=f"^{name}: what is given is no address") as caught:
            load({name: f"{scheme}://me:{password}@host/db"})
        assert "ter2" not in str(caught.value)


def test_unset_and_empty_are_the_documents_defaults() -> None:
    assert load({"PORT": "", "DATABASE_URL": " "}) == Settings()
    assert (Settings().port, Settings().database_pool_size, Settings().rate_limit_per_minute) == (
        3000,
        20,
        100,
    )


def test_the_list_shows_every_setting_and_no_secret() -> None:
    shown = describe({"JWT_SECRET": "s" * 40, "DATABASE_URL": "postgresql://me:hunter2@host/db"})
    assert "hunter2" not in shown
    assert "s" * 40 not in shown
    assert len(shown.splitlines()) == len(Settings.__struct_fields__)


def test_a_secret_is_made_once_and_private(tmp_path: Path) -> None:
    made = secret_in(tmp_path, "jwt_secret")
    assert len(made) >= 43
    assert secret_in(tmp_path, "jwt_secret") == made
    assert stat.S_IMODE((tmp_path / "secrets" / "jwt_secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_processes_that_start_side_by_side_share_a_secret(tmp_path: Path) -> None:
    """One that read the file before the other had written it signed with an empty secret."""
    with ThreadPoolExecutor(8) as together:
        for number in range(200):
            folders = [tmp_path / str(number)] * 8
            found = set(together.map(secret_in, folders, ["jwt_secret"] * 8))
            assert len(found) == 1
            assert len(found.pop()) == 64
            assert [file.name for file in (folders[0] / "secrets").iterdir()] == ["jwt_secret"]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    secret_in(tmp_path, "jwt_secret")
    (tmp_path / "secrets" / "jwt_secret").write_text("\n")
    with pytest.raises(SettingsError, match="is empty; delete it"):
        secret_in(tmp_path, "jwt_secret")
