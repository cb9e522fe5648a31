"""Due dates against tables written by hand: month ends, leap years, clock changes, completion."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from communityshare.maintenance.schedules.recurrence import (
    Frequency,
    InvalidRecurrence,
    Mode,
    Recurrence,
    Status,
    between,
    closes_open_occurrence,
    first_after,
    last_before,
    next_due_after_change,
    next_due_after_completion,
    occurrences,
    preview,
    status,
    validate,
)

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


def at(text: str, zone: ZoneInfo = UTC_ZONE) -> datetime:
    """An instant written in local time of the zone, or with an offset of its own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def plan(frequency: str, start: str, zone: str = "UTC", **more: object) -> Recurrence:
    place = ZoneInfo(zone)
    return Recurrence(Frequency(frequency), at(start, place), place, **more)  # type: ignore[arg-type]


def local_days(recurrence: Recurrence, count: int) -> list[str]:
    found = islice(occurrences(recurrence), count)
    return [due.astimezone(recurrence.zone).strftime("%Y-%m-%d") for due in found]


@pytest.mark.parametrize(
    ("frequency", "interval", "start", "expected"),
    [
        ("daily", 1, "2024-02-28", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("daily", 10, "2026-12-25", ["2026-12-25", "2027-01-04", "2027-01-14"]),
        ("weekly", 1, "2026-12-28", ["2026-12-28", "2027-01-04", "2027-01-11"]),
        ("biweekly", 1, "2026-12-28", ["2026-12-28", "2027-01-11", "2027-01-25"]),
        ("biweekly", 2, "2026-12-28", ["2026-12-28", "2027-01-25", "2027-02-22"]),
        ("monthly", 1, "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("monthly", 1, "2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("monthly", 1, "2027-01-29", ["2027-01-29", "2027-02-28", "2027-03-29"]),
        ("monthly", 1, "2026-12-30", ["2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]),
        ("monthly", 13, "2027-01-31", ["2027-01-31", "2028-02-29", "2029-03-31"]),
        ("quarterly", 1, "2026-11-30", ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("quarterly", 1, "2027-01-31", ["2027-01-31", "2027-04-30", "2027-07-31"]),
        ("semiannual", 1, "2026-08-31", ["2026-08-31", "2027-02-28", "2027-08-31", "2028-02-29"]),
        ("annual", 1, "2024-02-29", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("annual", 4, "2092-02-29", ["2092-02-29", "2096-02-29", "2100-02-28", "2104-02-29"]),
        ("annual", 1, "2096-02-29", ["2096-02-29", "2097-02-28", "2098-02-28", "2099-02-28", "2100-02-28"]),
        ("once", 1, "2026-01-31", ["2026-01-31"]),
    ],
)
def test_dates_are_counted_from_the_anchor(
    frequency: str, interval: int, start: str, expected: list[str]
) -> None:
    recurrence = plan(frequency, start, interval=interval)
    found = local_days(recurrence, len(expected) + (frequency == "once"))
    assert found == expected


def test_the_leap_day_returns_after_the_century_without_one() -> None:
    days = local_days(plan("annual", "2096-02-29"), 9)
    assert [day for day in days if day.endswith("29")] == ["2096-02-29", "2104-02-29"]


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        # Berlin: 02:00 → 03:00 on 29 March 2026, 03:00 → 02:00 on 25 October.
        ("Europe/Berlin", "2026-03-28T02:30", ["03-28T01:30", "03-29T01:30", "03-30T00:30"]),
        ("Europe/Berlin", "2026-03-28T09:00", ["03-28T08:00", "03-29T07:00", "03-30T07:00"]),
        ("Europe/Berlin", "2026-10-24T02:30", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]),
        ("Europe/Berlin", "2026-10-24T03:00", ["10-24T01:00", "10-25T02:00", "10-26T02:00"]),
        # New York: 02:00 → 03:00 on 8 March 2026, 02:00 → 01:00 on 1 November.
        ("America/New_York", "2026-03-07T02:30", ["03-07T07:30", "03-08T07:30", "03-09T06:30"]),
        ("America/New_York", "2026-03-07T03:00", ["03-07T08:00", "03-08T07:00", "03-09T07:00"]),
        ("America/New_York", "2026-10-31T01:30", ["10-31T05:30", "11-01T05:30", "11-02T06:30"]),
        ("America/New_York", "2026-10-31T02:00", ["10-31T06:00", "11-01T07:00", "11-02T07:00"]),
        # Lord Howe, half an hour: 02:00 → 02:30 on 4 October 2026, 02:00 → 01:30 on 5 April.
        ("Australia/Lord_Howe", "2026-10-03T02:15", ["10-02T15:45", "10-03T15:45", "10-04T15:15"]),
        ("Australia/Lord_Howe", "2026-10-03T02:30", ["10-02T16:00", "10-03T15:30", "10-04T15:30"]),
        ("Australia/Lord_Howe", "2026-04-04T01:45", ["04-03T14:45", "04-04T14:45", "04-05T15:15"]),
        ("Australia/Lord_Howe", "2026-04-04T02:00", ["04-03T15:00", "04-04T15:30", "04-05T15:30"]),
    ],
)
def test_the_local_time_of_day_survives_clock_changes(zone: str, start: str, expected: list[str]) -> None:
    found = preview(plan("daily", start, zone), len(expected))
    assert [due.strftime("%m-%dT%H:%M") for due in found] == expected


def test_a_missing_local_time_moves_forward_by_the_gap() -> None:
    """Berlin has no 02:30 on 29 March 2026: 03:30 it is. Lord Howe has no 02:15 on 4 October: 02:45."""
    berlin = preview(plan("daily", "2026-03-28T02:30", "Europe/Berlin"), 2)[1]
    lord_howe = preview(plan("daily", "2026-10-03T02:15", "Australia/Lord_Howe"), 2)[1]
    assert berlin.astimezone(BERLIN).strftime("%H:%M") == "03:30"
    assert lord_howe.astimezone(ZoneInfo("Australia/Lord_Howe")).strftime("%H:%M") == "02:45"


def test_a_start_in_the_second_of_two_equal_hours_stays_there_alone() -> None:
    start = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    recurrence = Recurrence(Frequency.annual, start, BERLIN)
    assert preview(recurrence, 2) == [at("2026-10-25T01:30"), at("2027-10-25T00:30")]
    assert last_before(recurrence, at("2026-10-25T01:30")) is None


def test_a_day_the_zone_skips_is_not_counted_twice() -> None:
    """Samoa went from 29 to 31 December 2011: what was due on the 30th falls on the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    start = datetime(2011, 12, 28, 10, tzinfo=apia)
    daily = Recurrence(Frequency.daily, start, apia)
    assert local_days(daily, 4) == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]
    on_the_30th = Recurrence(Frequency.weekly, datetime(2011, 12, 23, 10, tzinfo=apia), apia)
    early_on_the_31st = datetime(2011, 12, 31, 9, tzinfo=apia)
    assert first_after(on_the_30th, early_on_the_31st) == datetime(2011, 12, 31, 10, tzinfo=apia)


def test_microseconds_of_the_start_are_kept() -> None:
    recurrence = plan("monthly", "2026-01-31T09:00:00.000001+00:00")
    assert preview(recurrence, 2)[1] == at("2026-02-28T09:00:00.000001")


@pytest.mark.parametrize(
    ("instant", "after", "before"),
    [
        ("2025-12-31T00:00", "2026-01-31T09:00", None),
        ("2026-01-31T09:00", "2026-02-28T09:00", None),
        ("2026-01-31T09:00:00.000001", "2026-02-28T09:00", "2026-01-31T09:00"),
        ("2026-02-28T08:59", "2026-02-28T09:00", "2026-01-31T09:00"),
        ("2026-02-28T09:00", "2026-03-31T09:00", "2026-01-31T09:00"),
        ("2026-04-30T09:00", None, "2026-03-31T09:00"),
        ("2026-08-01T00:00", None, "2026-04-30T09:00"),
        ("9999-12-31T23:59", None, "2026-04-30T09:00"),
        ("0001-01-01T00:00", "2026-01-31T09:00", None),
    ],
)
def test_neighbours_of_an_instant(instant: str, after: str | None, before: str | None) -> None:
    """Strictly after and strictly before; the end, 30 April, is included."""
    recurrence = plan("monthly", "2026-01-31T09:00", end=at("2026-04-30T09:00"))
    assert first_after(recurrence, at(instant)) == (after and at(after))
    assert last_before(recurrence, at(instant)) == (before and at(before))


def test_a_range_includes_its_beginning_and_not_its_end() -> None:
    recurrence = plan("daily", "2026-01-01T09:00")
    found = between(recurrence, at("2026-01-03T09:00"), at("2026-01-06T09:00"), limit=10)
    assert [due.day for due in found] == [3, 4, 5]
    assert len(between(recurrence, at("2025-01-01"), at("2027-01-01"), limit=10)) == 10
    assert between(recurrence, at("2025-01-01"), at("2026-01-01T09:00"), limit=10) == []
    assert between(recurrence, at("2026-01-06"), at("2026-01-01"), limit=10) == []


def test_sequences_end_before_the_calendar_of_the_machine_does() -> None:
    late = plan("annual", "9000-06-01", "Pacific/Kiritimati", interval=300)
    assert [due.year for due in occurrences(late)] == [9000, 9300, 9600, 9900]
    recurrence = plan("annual", "2026-01-01", interval=1000)
    assert len(list(occurrences(recurrence))) == 8
    assert first_after(recurrence, at("9999-12-31")) is None
    floating = plan("annual", "2026-01-01", interval=1000, mode=Mode.floating)
    assert next_due_after_completion(floating, at("9000-01-01"), at("9000-01-01")) is None


@pytest.mark.parametrize(
    ("closed", "performed", "expected"),
    [
        ("2026-01-31T09:00", "2026-01-30T12:00", "2026-02-28T09:00"),  # a day early
        ("2026-01-31T09:00", "2026-02-03T12:00", "2026-02-28T09:00"),  # late, within the interval
        ("2026-01-31T09:00", "2026-04-15T12:00", "2026-04-30T09:00"),  # three missed: they do not pile up
        ("2026-01-31T09:00", "2026-04-30T09:00", "2026-05-31T09:00"),  # on the minute of a later one
    ],
)
def test_fixed_goes_on_after_both_the_due_date_and_the_work(
    closed: str, performed: str, expected: str
) -> None:
    recurrence = plan("monthly", "2026-01-31T09:00")
    assert next_due_after_completion(recurrence, at(closed), at(performed)) == at(expected)


@pytest.mark.parametrize(
    ("frequency", "closed", "performed", "expected"),
    [
        ("monthly", "2026-01-31T09:00", "2026-03-31T17:20", "2026-04-30T17:20"),
        ("monthly", "2026-01-31T09:00", "2026-01-10T17:20", "2026-02-10T17:20"),
        ("daily", "2026-03-27T09:00", "2026-03-28T02:30", "2026-03-29T03:30"),  # into the gap
        ("daily", "2026-10-23T09:00", "2026-10-24T02:30", "2026-10-25T02:30+02:00"),  # the first of two
        ("annual", "2024-02-01T09:00", "2024-02-29T08:00", "2025-02-28T08:00"),
        ("monthly", "2026-04-30T12:00", "2026-03-31T12:00", "2026-05-01T12:00"),  # never the date just closed
    ],
)
def test_floating_counts_from_the_work(frequency: str, closed: str, performed: str, expected: str) -> None:
    recurrence = plan(frequency, "2020-01-01T09:00", "Europe/Berlin", mode=Mode.floating)
    found = next_due_after_completion(recurrence, at(closed, BERLIN), at(performed, BERLIN))
    assert found == at(expected, BERLIN).astimezone(UTC)


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_follows_what_was_due_once_or_lies_past_the_end(mode: Mode) -> None:
    performed = at("2026-01-31T10:00")
    once = plan("once", "2026-01-31T09:00", mode=mode)
    ending = plan("monthly", "2026-01-31T09:00", mode=mode, end=at("2026-02-20"))
    assert next_due_after_completion(once, once.start, performed) is None
    assert next_due_after_completion(ending, ending.start, performed) is None
    assert status(None, performed) is Status.completed


@pytest.mark.parametrize(
    ("mode", "open_due", "performed", "last_performed", "closes"),
    [
        ("fixed", "2026-01-31T09:00", "2020-01-01T00:00", None, True),  # nothing comes before the first
        ("fixed", "2026-02-28T09:00", "2026-01-31T09:00", None, False),
        ("fixed", "2026-02-28T09:00", "2026-01-31T09:01", "2026-02-01T00:00", True),
        ("floating", "2026-02-28T09:00", "2026-01-01T00:00", None, True),
        ("floating", "2026-02-28T09:00", "2026-01-28T09:00", "2026-01-28T09:00", False),
        ("floating", "2026-02-28T09:00", "2026-01-28T09:01", "2026-01-28T09:00", True),
    ],
)
def test_which_work_closes_the_open_occurrence(
    mode: str, open_due: str, performed: str, last_performed: str | None, closes: bool
) -> None:
    recurrence = plan("monthly", "2026-01-31T09:00", mode=Mode(mode))
    last = at(last_performed) if last_performed else None
    assert closes_open_occurrence(recurrence, at(open_due), at(performed), last) is closes


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        (None, "2026-01-31T09:00"),
        ("2026-01-31T08:00", "2026-01-31T09:00"),
        ("2026-01-31T09:00", "2026-02-28T09:00"),
        ("2026-03-15T00:00", "2026-03-31T09:00"),
        ("2026-04-30T09:00", None),
    ],
)
def test_a_changed_schedule_never_returns_to_what_is_completed(
    completed: str | None, expected: str | None
) -> None:
    changed = plan("monthly", "2026-01-31T09:00", end=at("2026-04-30T09:00"))
    found = next_due_after_change(changed, at(completed) if completed else None)
    assert found == (at(expected) if expected else None)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-01-31T08:59", Status.overdue),
        ("2026-01-31T09:00", Status.due_soon),
        ("2026-02-01T09:00", Status.due_soon),
        ("2026-02-01T09:00:00.000001", Status.scheduled),
    ],
)
def test_status_around_now(due: str, expected: Status) -> None:
    assert status(at(due), at("2026-01-31T09:00")) is expected


def test_preview_is_bounded() -> None:
    recurrence = plan("daily", "2026-01-31")
    found = preview(recurrence, 60)
    assert len(found) == 60
    assert all(later - due == timedelta(days=1) for due, later in pairwise(found))
    assert all(due.tzinfo is UTC for due in found)
    for count in (0, 61):
        with pytest.raises(InvalidRecurrence, match="1 and 60"):
            preview(recurrence, count)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("interval", {"interval": 0}),
        ("interval", {"interval": 1001}),
        ("interval", {"frequency": "custom", "rrule": "FREQ=DAILY", "interval": 2}),
        ("rrule", {"frequency": "custom"}),
        ("rrule", {"rrule": "FREQ=DAILY"}),
        ("recurrence_mode", {"frequency": "custom", "rrule": "FREQ=DAILY", "mode": Mode.floating}),
        ("end_date", {"end": at("2026-01-30")}),
        ("end_date", {"end": datetime(2027, 1, 1)}),  # noqa: DTZ001 (naive on purpose)
        ("start_date", {"start": "1899-12-31"}),
        ("start_date", {"start": "9001-01-01"}),
    ],
)
def test_what_may_not_be_asked_for_names_its_field(field: str, changes: dict[str, object]) -> None:
    wanted = {"frequency": "monthly", "start": "2026-01-31"} | changes
    with pytest.raises(InvalidRecurrence) as refused:
        validate(plan(**wanted))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.message.endswith(".")


def test_a_naive_start_is_refused() -> None:
    naive = Recurrence(Frequency.daily, datetime(2026, 1, 1), BERLIN)  # noqa: DTZ001 (naive on purpose)
    with pytest.raises(InvalidRecurrence) as refused:
        validate(naive)
    assert refused.value.field == "start_date"


@pytest.mark.parametrize("frequency", [each for each in Frequency if each is not Frequency.custom])
def test_every_plain_frequency_is_valid_up_to_the_largest_interval(frequency: Frequency) -> None:
    validate(plan(frequency, "2026-01-31", interval=1000, end=at("2026-01-31")))
