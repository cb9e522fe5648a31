"""Custom rules: what RFC 5545 names, what is refused, and dates written by hand."""

from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from communityshare.maintenance.schedules.recurrence import (
    Frequency,
    InvalidRecurrence,
    Recurrence,
    between,
    first_after,
    last_before,
    next_due_after_completion,
    occurrences,
    validate,
)

BERLIN = ZoneInfo("Europe/Berlin")


def custom(rule: str, start: str = "2026-01-31T09:00", **more: object) -> Recurrence:
    moment = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    return Recurrence(Frequency.custom, moment, BERLIN, rrule=rule, **more)  # type: ignore[arg-type]


def days(recurrence: Recurrence, count: int) -> list[str]:
    return [due.astimezone(BERLIN).date().isoformat() for due in islice(occurrences(recurrence), count)]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-01-31", ["2026-01-31", "2026-02-03", "2026-02-06"]),
        ("FREQ=DAILY;BYMONTH=6;BYDAY=SA", "2026-01-31", ["2026-01-31", "2026-06-06", "2026-06-13"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-01-05", ["2026-01-05", "2026-01-09", "2026-01-12"]),
        ("rrule:freq=weekly;interval=2", "2026-01-05", ["2026-01-05", "2026-01-19", "2026-02-02"]),
        # The week's first day decides which weeks an interval skips (RFC 5545, the example of WKST).
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", ["1997-08-05", "1997-08-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", ["1997-08-05", "1997-08-17"]),
        # A rule, unlike the frequency monthly, passes over months without the day (RFC 5545).
        ("FREQ=MONTHLY", "2026-01-31", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("FREQ=MONTHLY;BYDAY=2TU,FR", "2026-01-30", ["2026-01-30", "2026-02-06", "2026-02-10", "2026-02-13"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-01-01", ["2026-01-01", "2026-02-13", "2026-03-13"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-02-27", ["2026-02-27", "2026-03-31"]),
        ("FREQ=YEARLY;BYMONTH=4,10", "2026-04-15", ["2026-04-15", "2026-10-15", "2027-04-15"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-02-29", ["2096-02-29", "2104-02-29"]),
        ("FREQ=YEARLY;BYYEARDAY=1,-1", "2026-01-01", ["2026-01-01", "2026-12-31", "2027-01-01"]),
        ("FREQ=YEARLY;BYYEARDAY=366", "2026-01-01", ["2026-01-01", "2028-12-31", "2032-12-31"]),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", ["1997-05-19", "1998-05-18", "1999-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", ["1997-05-12", "1998-05-11", "1999-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=20", "1997-05-12", ["1997-05-12", "1998-05-11", "1999-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "2020-12-01", ["2020-12-01", "2021-01-01", "2027-01-01"]),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05",
         ["1996-11-05", "2000-11-07", "2004-11-02"]),
        # The start is the first that COUNT counts, in the rule or not.
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3", "2026-01-15", ["2026-01-15", "2026-02-01", "2026-03-01"]),
        ("FREQ=DAILY;COUNT=1", "2026-01-15", ["2026-01-15"]),
    ],
)  # fmt: skip
def test_dates_of_a_rule(rule: str, start: str, expected: list[str]) -> None:
    recurrence = custom(rule, start)
    validate(recurrence)
    more = 1 if "COUNT" in rule else 0
    assert days(recurrence, len(expected) + more) == expected


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260202", 2),  # that whole day
        ("20260202T090000", 2),  # local time
        ("20260202T085959", 1),
        ("20260202T080000Z", 2),  # 09:00 in Berlin
        ("20260202T075959Z", 1),
    ],
)
def test_until_is_inclusive(until: str, last: int) -> None:
    recurrence = custom(f"FREQ=DAILY;UNTIL={until}")
    assert [day[-2:] for day in days(recurrence, 9)][1:] == [f"{n:02}" for n in range(1, last + 1)]
    assert last_before(recurrence, datetime(2030, 1, 1, tzinfo=BERLIN)) == list(occurrences(recurrence))[-1]


def test_the_earlier_of_until_and_end_holds() -> None:
    ending = custom("FREQ=DAILY;UNTIL=20260210", end=datetime(2026, 2, 3, 9, tzinfo=BERLIN))
    assert days(ending, 9)[-1] == "2026-02-03"


def test_a_rule_keeps_local_time_through_the_gap() -> None:
    recurrence = custom("FREQ=WEEKLY;BYDAY=SA,SU", "2026-03-28T02:30")
    times = [due.astimezone(BERLIN).strftime("%d %H:%M") for due in islice(occurrences(recurrence), 3)]
    assert times == ["28 02:30", "29 03:30", "04 02:30"]


def test_a_counted_rule_ends_wherever_it_is_asked() -> None:
    recurrence = custom("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5", "2026-01-05")
    last = list(occurrences(recurrence))[-1]
    assert last.astimezone(BERLIN).date() == date(2026, 1, 19)
    assert first_after(recurrence, last) is None
    assert next_due_after_completion(recurrence, last, last) is None
    assert len(between(recurrence, recurrence.start, datetime(2030, 1, 1, tzinfo=BERLIN), 99)) == 5


@pytest.mark.parametrize(
    "rule",
    [
        "",
        " ",
        "DAILY",
        "FREQ",
        "FREQ=",
        "FREQ=HOURLY",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;BYMINUTE=0",
        "FREQ=DAILY;BYSECOND=0",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;X-NAME=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1001",
        "FREQ=DAILY;INTERVAL=٣",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=99999999999",
        "FREQ=DAILY;COUNT=2;UNTIL=20300101",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20301301",
        "FREQ=DAILY;UNTIL=00000101",
        "FREQ=DAILY;UNTIL=20300101Z",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=WEEKLY;WKST=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=MO,,TU",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=DAILY;BYYEARDAY=1",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=MONTHLY;BYYEARDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=1.5",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=-1",
        "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=YEARLY;BYMONTH=1;BYDAY=6MO",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
        "FREQ=YEARLY;BYMONTH=1;BYSETPOS=0",
        "DTSTART:20260101T000000Z",
        "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY",
        "RRULE:FREQ=DAILY\nEXDATE:20260101T000000Z",
        "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "EXRULE:FREQ=DAILY",
        "FREQ=DAILY FREQ=DAILY",
        "FREQ=DAILY;BYMONTH=" + ",".join(["1"] * 300),
        "FREQ=DAILY\x00",
    ],
)
def test_rules_that_are_refused(rule: str) -> None:
    with pytest.raises(InvalidRecurrence) as refused:
        validate(custom(rule))
    assert refused.value.field == "rrule"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # the start is a Saturday
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;BYMONTH=6;BYWEEKNO=53",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366",
        "FREQ=YEARLY;INTERVAL=1000",
    ],
)
def test_rules_that_never_fire_are_refused(rule: str) -> None:
    """In bounded work: a rule is searched for 50 years, not to the end of the calendar."""
    with pytest.raises(InvalidRecurrence, match="names no date within 50 years"):
        validate(custom(rule))


def test_the_rarest_leap_day_is_still_found() -> None:
    """29 February 2072 is a Monday; 2100 is no leap year, so the next one is in 2112."""
    recurrence = custom("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2072-02-29")
    validate(recurrence)
    assert days(recurrence, 2) == ["2072-02-29", "2112-02-29"]


def test_a_rule_is_followed_for_two_centuries() -> None:
    found = days(custom("FREQ=YEARLY;INTERVAL=20", "2026-01-31"), 99)
    assert found[-1] == "2226-01-31"
