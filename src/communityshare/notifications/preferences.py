"""What a recipient wants: channels a category may use, and hours in which nothing rings. Pure rules."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from communityshare.infra.errors import InvalidError

Channel = Literal["email", "sms", "in_app"]
Category = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]{0,49}$", description="what a message is about")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="local time, HH:MM")]


class Channels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Channels a category may use. An SMS costs the community money, so it is sent to those who asked for it."""

    email: bool = True
    sms: bool = False
    in_app: bool = True


DEFAULT_CHANNELS = Channels()


class QuietHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of the day, in the recipient's time zone, in which mail and SMS wait. May pass midnight."""

    start: TimeOfDay
    end: TimeOfDay


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recipient's choice; categories not named use the defaults."""

    channels: Annotated[dict[Category, Channels], Meta(max_length=50)] = {}
    quiet_hours: QuietHours | None = None
    timezone: (
        Annotated[str, Meta(min_length=1, max_length=64, description="IANA time zone; null: the community's")]
        | None
    ) = None


class Choice(Preferences, frozen=True, forbid_unknown_fields=True):
    """Preferences as a reader sends them: what was shown may come back as it is."""

    defaults: Channels = DEFAULT_CHANNELS


def check(preferences: Choice) -> None:
    """Raise InvalidError for an unknown time zone, quiet hours without an end, or defaults of one's own."""
    if preferences.defaults != DEFAULT_CHANNELS:
        raise InvalidError.field("defaults", "hold for everybody; name the category in channels")
    try:
        ZoneInfo(preferences.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError.field("timezone", "is no IANA time zone; write one like Europe/Berlin") from error
    quiet = preferences.quiet_hours
    if quiet and quiet.start == quiet.end:
        raise InvalidError.field("quiet_hours.end", "must differ from the start")


def quiet_until(now: datetime, quiet: QuietHours | None, timezone: str) -> datetime | None:
    """Return the instant (UTC) at which the quiet hours around `now` end, or None outside of them."""
    if quiet is None:
        return None
    zone = ZoneInfo(timezone)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = min(_instants(day, start, zone))
        # Where the clock is put back or forward, the longer reading holds: nobody is woken by a clock change.
        ends = max(_instants(day + timedelta(days=end < start), end, zone))
        if begins <= now < ends:
            return ends
    return None


def _instants(day: date, moment: time, zone: ZoneInfo) -> list[datetime]:
    return [datetime.combine(day, moment.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]
