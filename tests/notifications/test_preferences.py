"""Quiet hours: over midnight, in the recipient's zone, on the nights when clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityshare.notifications.preferences import QuietHours, quiet_until

NIGHT = QuietHours("22:00", "07:00")
LUNCH = QuietHours("12:00", "13:30")
SMALL_HOURS = QuietHours("01:00", "02:30")


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "until"),
    [
        (NIGHT, "UTC", "2026-03-02T21:59:59", None),
        (NIGHT, "UTC", "2026-03-02T22:00:00", "2026-03-03T07:00:00"),
        (NIGHT, "UTC", "2026-03-03T06:59:59", "2026-03-03T07:00:00"),
        (NIGHT, "UTC", "2026-03-03T07:00:00", None),
        (LUNCH, "UTC", "2026-03-02T11:59:00", None),
        (LUNCH, "UTC", "2026-03-02T12:00:00", "2026-03-02T13:30:00"),
        (LUNCH, "UTC", "2026-03-02T13:30:00", None),
        # 06:00 UTC is the hour of the daily check: 07:00 in Berlin in winter, 08:00 in summer
        (NIGHT, "Europe/Berlin", "2026-03-02T06:00:00", None),
        (NIGHT, "Europe/Berlin", "2026-03-02T05:59:00", "2026-03-02T06:00:00"),
        (NIGHT, "America/New_York", "2026-03-02T06:00:00", "2026-03-02T12:00:00"),
        (NIGHT, "Australia/Lord_Howe", "2026-01-02T11:00:00", "2026-01-02T20:00:00"),
        # clocks go forward in Berlin on 29 March, back on 25 October 2026
        (NIGHT, "Europe/Berlin", "2026-03-28T23:00:00", "2026-03-29T05:00:00"),
        (NIGHT, "Europe/Berlin", "2026-10-24T23:00:00", "2026-10-25T06:00:00"),
        # 02:30 does not exist in the first of these nights, and comes twice in the second
        (SMALL_HOURS, "Europe/Berlin", "2026-03-29T00:30:00", "2026-03-29T01:30:00"),
        (SMALL_HOURS, "Europe/Berlin", "2026-10-25T00:45:00", "2026-10-25T01:30:00"),
        (None, "UTC", "2026-03-02T23:00:00", None),
    ],
)
def test_quiet_until(quiet: QuietHours | None, zone: str, now: str, until: str | None) -> None:
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert quiet_until(datetime.fromisoformat(now).replace(tzinfo=UTC), quiet, zone) == expected


clock_times = st.times().map(lambda moment: moment.strftime("%H:%M"))


@given(
    start=clock_times,
    end=clock_times,
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
    now=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 hypothesis adds it
)
def test_quiet_hours_always_end_within_a_day_and_are_over_then(
    start: str, end: str, zone: str, now: datetime
) -> None:
    if start == end:
        return
    until = quiet_until(now, QuietHours(start, end), zone)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        after = quiet_until(until, QuietHours(start, end), zone)
        # Only where a clock change makes two nights touch does the next one follow at once.
        assert after is None or after - now <= timedelta(hours=50)
