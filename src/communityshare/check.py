"""`communityshare check`: one daily check by hand, which works through its deliveries itself."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

import msgspec
import uvloop

from communityshare.infra.clock import utc_now
from communityshare.infra.errors import InvalidError
from communityshare.infra.processes import notification_service
from communityshare.infra.runtime import runtime
from communityshare.infra.settings import Settings
from communityshare.infra.wire import YEARS
from communityshare.maintenance.alerts.job import check
from communityshare.migrations.runner import make_ready


def run_check(at: str | None, *, wait: bool) -> str:
    """Run the check as of `at` (RFC 3339; None: now) and return its metrics as one line of JSON."""
    now = utc_now() if at is None else _instant(at)
    with _ready() as settings, _notifications(settings, wait=wait) as address:
        reachable = msgspec.structs.replace(settings, notifications_url=address)
        metrics = uvloop.run(check(reachable, now, wait=wait))
    return msgspec.json.encode(metrics).decode()


@contextmanager
def _ready() -> Iterator[Settings]:
    with runtime() as settings:
        make_ready(settings)
        yield settings


def _notifications(settings: Settings, *, wait: bool) -> AbstractContextManager[str]:
    """Return the configured Notification Service, or one of our own while the check runs."""
    if settings.notifications_url or not wait:
        return nullcontext(settings.notifications_address)
    return notification_service(
        {
            "DATABASE_URL": settings.database_url or "",
            "PUBLIC_URL": settings.base_url,
            "LOG_LEVEL": "WARN",
        }
    )


def _instant(text: str) -> datetime:
    try:
        # RFC 3339 takes small letters too.
        instant = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise InvalidError(f"--at: {text!r} is no instant, write one like 2026-03-02T06:00:00Z") from error
    if instant.tzinfo is None:
        raise InvalidError(f"--at: {text!r} has no time zone, add Z or an offset")
    if instant.year not in YEARS:
        raise InvalidError(f"--at: {text!r} lies outside of the years {YEARS[0]} to {YEARS[-1]}")
    return instant
