"""Every setting of the product, read once from the environment.

A wrong value stops the start with one line that names the variable and the mend.
"""

import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from croniter import CroniterBadDateError, croniter
from msgspec import Meta

# Where `communityshare notifications` listens when PORT is not set, and where the others look for it.
NOTIFICATIONS_PORT = 3001
Port = Annotated[int, Meta(ge=1, le=65535)]
Positive = Annotated[int, Meta(ge=1)]


class SettingsError(Exception):
    """Settings that cannot be used; one line for each, in `args[0]`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="upper", forbid_unknown_fields=True):
    """The environment, checked. Field names are the variables' names in lower case."""

    port: Annotated[Port, Meta(description="port of the process (API and UI, or Notification Service)")] = (
        3000
    )
    host: Annotated[str, Meta(description="address to listen on")] = "127.0.0.1"
    communityshare_data_dir: Annotated[
        str, Meta(description="folder of the embedded database, photos and generated secrets")
    ] = ".data"
    database_url: Annotated[
        str | None, Meta(description="PostgreSQL 14 or newer; unset: the embedded server")
    ] = None
    database_pool_size: Annotated[Positive, Meta(description="connections per process")] = 20
    redis_url: Annotated[
        str | None, Meta(description="shared limits and cache; required with more than one API process")
    ] = None
    notifications_url: Annotated[
        str | None, Meta(description="base address of a Notification Service v2.3; unset: our own")
    ] = None
    notifications_token: Annotated[
        str | None, Meta(description="service token; unset: made once, kept in the data folder")
    ] = None
    jwt_secret: Annotated[
        str | None,
        Meta(description="HS256 key, 32 characters or more; unset: made once, kept in the data folder"),
    ] = None
    jwt_jwks_url: Annotated[str | None, Meta(description="key set of an existing platform")] = None
    jwt_issuer: Annotated[str, Meta(description="issuer that tokens must name")] = "communityshare"
    jwt_audience: Annotated[str, Meta(description="audience that tokens must name")] = "communityshare"
    community_timezone: Annotated[str, Meta(description="IANA zone in which plans recur")] = "UTC"
    maintenance_check_cron: Annotated[str, Meta(description="cron line of the daily check, in UTC")] = (
        "0 6 * * *"
    )
    rate_limit_per_minute: Annotated[Positive, Meta(description="requests per user, schedules and logs")] = (
        100
    )
    alert_rate_limit_per_minute: Annotated[
        Positive, Meta(description="requests per user, alert generation")
    ] = 10
    login_rate_limit_per_minute: Annotated[Positive, Meta(description="sign-in attempts per account")] = 10
    trusted_proxies: Annotated[
        str, Meta(description="addresses or networks whose X-Forwarded-* headers count, comma separated")
    ] = ""
    public_url: Annotated[
        str | None, Meta(description="address that people open, used in mail; unset: http://HOST:PORT")
    ] = None
    s3_bucket: Annotated[str | None, Meta(description="photo bucket; unset: a folder in the data folder")] = (
        None
    )
    s3_endpoint_url: Annotated[str | None, Meta(description="S3-speaking server other than AWS")] = None
    s3_public_url: Annotated[
        str | None, Meta(description="that server as browsers reach it; unset: S3_ENDPOINT_URL")
    ] = None
    s3_region: Annotated[str, Meta(description="region of the bucket")] = "us-east-1"
    s3_access_key_id: Annotated[str | None, Meta(description="unset: the machine's own role")] = None
    s3_secret_access_key: Annotated[str | None, Meta(description="unset: the machine's own role")] = None
    smtp_url: Annotated[
        str | None,
        Meta(description="smtp://user:password@host:587 or smtps://…; unset: mail is kept in the outbox"),
    ] = None
    email_from: Annotated[str, Meta(description="sender of every mail")] = (
        "CommunityShare <maintenance@communityshare.example>"
    )
    sendgrid_api_key: Annotated[str | None, Meta(description="send mail over SendGrid's HTTP API")] = None
    sendgrid_base_url: Annotated[str, Meta(description="SendGrid's address")] = "https://api.sendgrid.com"
    twilio_account_sid: Annotated[str | None, Meta(description="send SMS over Twilio")] = None
    twilio_auth_token: Annotated[str | None, Meta(description="Twilio's secret")] = None
    twilio_from: Annotated[str | None, Meta(description="sending number, E.164")] = None
    twilio_base_url: Annotated[str, Meta(description="Twilio's address")] = "https://api.twilio.com"
    workers: Annotated[Positive, Meta(description="processes that one `communityshare api` starts")] = 1
    metrics_port: Annotated[Port | None, Meta(description="own port for /metrics; unset: none")] = None
    metrics_token: Annotated[
        str | None, Meta(description="bearer token that opens /metrics on PORT; unset: closed there")
    ] = None
    drain_seconds: Annotated[
        float,
        Meta(
            ge=0, le=60, description="seconds in which a stopping process still answers while /readyz says no"
        ),
    ] = 0
    cloudwatch_metrics: Annotated[
        bool, Meta(description="write metrics for Amazon CloudWatch to standard output, a line each minute")
    ] = False
    otel_exporter_otlp_endpoint: Annotated[
        str | None, Meta(description="OTLP collector that gets traces over HTTP; unset: no traces")
    ] = None
    log_level: Annotated[
        Literal["ERROR", "WARN", "INFO", "DEBUG"], Meta(description="least level logged")
    ] = "INFO"

    @property
    def data_dir(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.communityshare_data_dir).absolute()

    @property
    def zone(self) -> ZoneInfo:
        """The community's time zone."""
        return ZoneInfo(self.community_timezone)

    @property
    def notifications_address(self) -> str:
        """Where the Notification Service is, without a slash at its end."""
        return (self.notifications_url or f"http://127.0.0.1:{NOTIFICATIONS_PORT}").rstrip("/")

    @property
    def notifications_secret(self) -> str:
        """The service token of the Notification Service."""
        return self.notifications_token or secret_in(self.data_dir, "notifications_token")

    @property
    def base_url(self) -> str:
        """Address that links in messages start with, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


SECRETS = {
    "DATABASE_URL", "REDIS_URL", "NOTIFICATIONS_TOKEN", "JWT_SECRET", "S3_SECRET_ACCESS_KEY", "SMTP_URL",
    "SENDGRID_API_KEY", "TWILIO_AUTH_TOKEN", "METRICS_TOKEN",
}  # fmt: skip


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Empty variables count as unset. Raises SettingsError naming each wrong one."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in msgspec.structs.fields(Settings):
        raw = environ.get(field.encode_name, "").strip()
        if not raw:
            continue
        if not raw.isprintable():
            problems.append(f"{field.encode_name}: has a line break or another control character in it")
            continue
        try:
            values[field.name] = msgspec.convert(raw, field.type, strict=False)
        except msgspec.ValidationError as error:
            from communityshare.infra.reading import say

            problems.append(f"{field.encode_name}: {say(str(error), field.type)}")
    problems += _cross_checks(values)
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def _cross_checks(values: dict[str, Any]) -> list[str]:
    problems: list[str] = []
    zone = values.get("community_timezone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(f"COMMUNITY_TIMEZONE: {zone!r} is no IANA time zone, write one like Europe/Berlin")
    cron = values.get("maintenance_check_cron", "0 6 * * *")
    if not _is_cron_line(cron):
        problems.append(
            f"MAINTENANCE_CHECK_CRON: {cron!r} is no cron line of five fields, write one like 0 6 * * *"
        )
    if values.get("workers", 1) > 1 and "redis_url" not in values:
        problems.append("REDIS_URL: needed with WORKERS above 1, so that limits are shared")
    problems += [
        f"{name.upper()}: needed with {others[0].upper()}"
        for group in _TOGETHER
        for name in group
        if name not in values and (others := [other for other in group if other in values])
    ]
    if "email_from" in values and not _is_sender(values["email_from"]):
        problems.append(
            f"EMAIL_FROM: {values['email_from']!r} is no sender, write one like CommunityShare <mail@example.org>"
        )
    proxies = values.get("trusted_proxies", "")
    problems += [
        f"TRUSTED_PROXIES: {part!r} is no address or network, write one like 10.0.0.0/8"
        for part in ("" if proxies == "*" else proxies).split(",")
        if part.strip() and not _is_network(part.strip())
    ]
    if len(values.get("jwt_secret", "x" * 32)) < 32:
        problems.append("JWT_SECRET: too short, give 32 characters or more")
    problems += [
        f"{name.upper()}: {_shown(name, values[name])} is no address, write one like {example}"
        for name, pattern, example in _ADDRESSES
        if name in values and not _is_address(pattern, values[name])
    ]
    return problems


_TOGETHER = [
    ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    ("s3_access_key_id", "s3_secret_access_key"),
]


def _is_cron_line(line: str) -> bool:
    """Return whether a line has five fields and names instants: there is no 30 February."""
    if len(line.split()) != 5 or not croniter.is_valid(line):
        return False
    try:
        return bool(croniter(line).get_next())
    except CroniterBadDateError:
        return False


def _is_sender(text: str) -> bool:
    """Return whether mail can be sent under it: a name or none, and one address with a domain."""
    try:
        return bool(Address(addr_spec=parseaddr(text)[1]).domain)
    except (HeaderParseError, ValueError, IndexError):
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _is_address(pattern: str, value: str) -> bool:
    """Return whether the libraries will understand it; what they say of one that they do not may quote a password."""
    if not re.match(pattern, value) or re.search(r"\s", value):
        return False
    try:
        unquote(value, errors="strict")
        return urlsplit(value).port != 0 and not re.search(r"%(?![0-9A-Fa-f]{2})", value)
    except ValueError:
        return False


def _shown(name: str, value: str) -> str:
    return "what is given" if name.upper() in SECRETS else repr(value)


_HTTP = r"https?://[^/\s]+"
_ADDRESSES = [
    ("database_url", r"postgres(ql)?://", "postgresql://user:password@host:5432/communityshare"),
    ("redis_url", r"(rediss?|unix)://", "redis://127.0.0.1:6379/0"),
    ("smtp_url", r"smtps?://([^/\s]*@)?[^/@\s]+(/|$)", "smtp://user:password@mail.example.org:587"),
    ("notifications_url", _HTTP, "http://127.0.0.1:3001"),
    ("public_url", _HTTP, "https://maintenance.example.org"),
    ("jwt_jwks_url", _HTTP, "https://platform.example.org/jwks.json"),
    ("s3_endpoint_url", _HTTP, "http://127.0.0.1:9000"),
    ("s3_public_url", _HTTP, "https://photos.example.org"),
    ("otel_exporter_otlp_endpoint", _HTTP, "http://127.0.0.1:4318"),
    ("sendgrid_base_url", _HTTP, "https://api.sendgrid.com"),
    ("twilio_base_url", _HTTP, "https://api.twilio.com"),
]


def secret_in(data_dir: Path, name: str) -> str:
    """Return the secret kept in the data folder under `name`, made at the first call (mode 0600).

    Raises SettingsError for an empty file: with an empty secret anybody could sign.
    """
    path = data_dir / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make_secret(path)
    secret = path.read_text().strip()
    if not secret:
        raise SettingsError(f"{path} is empty; delete it, and a new secret is made at the next start.")
    return secret


def _make_secret(path: Path) -> None:
    # Processes start side by side: the name appears with the whole secret behind it, and the first to link it wins.
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file, suppress(FileExistsError):
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.link(file.name, path)


def describe(environ: Mapping[str, str] = os.environ) -> str:
    """Return one line a setting: name, value (secrets hidden), meaning."""
    current = load(environ)
    lines = []
    for field in msgspec.structs.fields(Settings):
        value = getattr(current, field.name)
        shown = "(unset)" if value is None else "(set)" if field.encode_name in SECRETS else str(value)
        meaning = msgspec.inspect.type_info(field.type)
        lines.append(f"{field.encode_name}={shown}\t# {_description(meaning)}")
    return "\n".join(lines).expandtabs(64)


def _description(info: Any) -> str:
    schema = getattr(info, "extra_json_schema", None) or {}
    return schema.get("description", "")
