"""Random plans against dateutil, which walks from the anchor: relativedelta for steps, rrule for rules.

The seeds are fixed, so a failure names a case that can be run again. Cases: 20,000 plain, 4,000 floating
and 3,000 custom.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from random import Random
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from dateutil.tz import resolve_imaginary

from communityshare.maintenance.schedules.recurrence import (
    Frequency,
    InvalidRecurrence,
    Mode,
    Recurrence,
    between,
    first_after,
    last_before,
    next_due_after_change,
    next_due_after_completion,
    occurrences,
    shortest_step,
    validate,
)

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",  # changed its clocks at midnight
        "Africa/Casablanca",  # twice more in Ramadan
        "Asia/Kathmandu",
        "Pacific/Apia",  # skipped a day
        "Pacific/Kiritimati",
    )
]
STEPS = {
    Frequency.daily: relativedelta(days=1),
    Frequency.weekly: relativedelta(weeks=1),
    Frequency.biweekly: relativedelta(weeks=2),
    Frequency.monthly: relativedelta(months=1),
    Frequency.quarterly: relativedelta(months=3),
    Frequency.semiannual: relativedelta(months=6),
    Frequency.annual: relativedelta(years=1),
}
PLAIN_CASES, FLOATING_CASES, CUSTOM_CASES, SHARDS = 2_500, 500, 375, range(8)
"""Cases of each kind in one shard."""
WALKED = 14


def random_start(random: Random, zone: ZoneInfo) -> datetime:
    """Between 1990 and 2110, often at a month's end and in the hours when clocks change."""
    day = date(1990, 1, 1) + timedelta(days=random.randrange(43_800))
    if random.random() < 0.3:
        day = day.replace(day=1) - timedelta(days=random.randrange(1, 4))
    hour = random.choice([0, 1, 2, 3, random.randrange(24)])
    minute = random.choice([0, 15, 30, 45])
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=random.randrange(2))
    return wall.astimezone(UTC)


def due(wall: datetime, zone: ZoneInfo) -> datetime:
    return resolve_imaginary(wall.replace(tzinfo=zone, fold=0)).astimezone(UTC)


def rising(start: datetime, walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """The start, then each local time as an instant, unless the zone makes it one already named."""
    previous = start
    yield start
    for wall in walls:
        instant = due(wall, zone)
        if instant > previous:
            yield instant
            previous = instant


def walked_steps(recurrence: Recurrence) -> Iterator[datetime]:
    wall = recurrence.start.astimezone(recurrence.zone).replace(tzinfo=None)
    step = STEPS[recurrence.frequency] * recurrence.interval
    return rising(recurrence.start, (wall + step * number for number in range(1, 99)), recurrence.zone)


def assert_agrees(recurrence: Recurrence, expected: list[datetime], random: Random) -> None:
    """`expected` are the first due dates; every function must tell the same story about them."""
    assert list(islice(occurrences(recurrence), len(expected))) == expected
    assert all(earlier < later for earlier, later in pairwise(expected))
    step = shortest_step(recurrence.frequency, recurrence.interval)
    wrong = [(recurrence, a, b) for a, b in pairwise(expected) if b - a <= step]
    assert not wrong, wrong[0]
    at = random.randrange(len(expected))
    instant = expected[at] + timedelta(microseconds=random.choice([-1, 0, 1]))
    later = [each for each in expected if each > instant]
    earlier = [each for each in expected if each < instant]
    if later:
        assert first_after(recurrence, instant) == later[0]
        assert next_due_after_change(recurrence, instant) == later[0]
        assert next_due_after_completion(recurrence, recurrence.start, instant) == (
            later[0] if instant >= recurrence.start else expected[1]
        )
    assert last_before(recurrence, instant) == (earlier[-1] if earlier else None)
    stop = expected[random.randrange(len(expected))]
    inside = [each for each in expected if instant <= each < stop]
    assert between(recurrence, instant, stop, limit=99) == inside
    assert between(recurrence, instant, stop, limit=3) == inside[:3]


@pytest.mark.parametrize("shard", SHARDS)
def test_plain_frequencies_agree_with_walking(shard: int) -> None:
    random = Random(f"plain {shard}")
    for _ in range(PLAIN_CASES):
        zone = random.choice(ZONES)
        recurrence = Recurrence(
            random.choice(list(STEPS)),
            random_start(random, zone),
            zone,
            interval=random.choice([1, 1, 2, 3, 7, 18]),
        )
        far = random.randrange(2, 99)
        expected = list(islice(walked_steps(recurrence), WALKED if random.random() < 0.9 else far))
        if random.random() < 0.2:
            cut = random.randrange(len(expected))
            end = expected[cut]
            recurrence = Recurrence(
                recurrence.frequency, recurrence.start, zone, recurrence.interval, end=end
            )
            expected = expected[: cut + 1]
            assert first_after(recurrence, end) is None
            assert last_before(recurrence, end + timedelta(days=9999)) == end
            assert list(occurrences(recurrence)) == expected
        if len(expected) > 1:
            assert_agrees(recurrence, expected, random)


@pytest.mark.parametrize("shard", SHARDS)
def test_floating_agrees_with_relativedelta(shard: int) -> None:
    random = Random(f"floating {shard}")
    for _ in range(FLOATING_CASES):
        zone = random.choice(ZONES)
        interval = random.choice([1, 2, 5])
        frequency = random.choice(list(STEPS))
        recurrence = Recurrence(frequency, random_start(random, zone), zone, interval, mode=Mode.floating)
        performed = random_start(random, zone)
        wall = performed.astimezone(zone).replace(tzinfo=None)
        found = next_due_after_completion(recurrence, recurrence.start, performed)
        assert found == due(wall + STEPS[frequency] * interval, zone)


def numbers(random: Random, low: int, high: int, most: int, *, signed: bool = False) -> str:
    chosen = [random.randint(low, high) * (random.choice([1, -1]) if signed else 1) for _ in range(most)]
    return ",".join(map(str, chosen[: random.randint(1, most)]))


def weekdays(random: Random, most_ordinal: int) -> str:
    """All counted or none: dateutil reads a mixture as those that are both, RFC 5545 as either."""
    names = random.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], random.randint(1, 4))
    if not most_ordinal or random.random() < 0.5:
        return ",".join(names)
    return ",".join(f"{random.randint(1, most_ordinal) * random.choice([1, -1])}{name}" for name in names)


def random_rule(random: Random) -> str:
    frequency = random.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {
        "FREQ": frequency,
        "INTERVAL": str(random.choice([1, 1, 1, 2, 3, 5])),
        "WKST": random.choice(["MO", "SU"]),
    }
    if random.random() < 0.3:
        parts["BYMONTH"] = numbers(random, 1, 12, 4)
    if frequency != "WEEKLY" and random.random() < 0.4:
        parts["BYMONTHDAY"] = numbers(random, 1, 31, 4, signed=True)
    if frequency == "YEARLY" and random.random() < 0.2:
        parts["BYYEARDAY"] = numbers(random, 1, 366, 5, signed=True)
    week = frequency == "YEARLY" and random.random() < 0.2
    if week:
        parts["BYWEEKNO"] = numbers(random, 1, 51, 3)  # dateutil errs on the last ones, see below
    # With positions or week numbers dateutil does not take the weekday from the start as RFC 5545 asks.
    positions = frequency != "DAILY" and random.random() < 0.2
    if week or positions or random.random() < 0.5:
        counted = 0 if week or frequency in ("DAILY", "WEEKLY") else 5
        parts["BYDAY"] = weekdays(random, counted)
    if positions:
        parts["BYSETPOS"] = numbers(random, 1, 4, 2, signed=True)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def walked_rule(recurrence: Recurrence, rule: str, years: int) -> Iterator[datetime]:
    """dateutil's dates for so many years; a week's positions are counted from the week's own beginning."""
    wall = recurrence.start.astimezone(recurrence.zone).replace(tzinfo=None)
    origin = wall
    if "BYSETPOS" in rule and "WEEKLY" in rule:
        origin -= timedelta(days=(wall.weekday() - (6 if "WKST=SU" in rule else 0)) % 7)
    walls = (each for each in rrulestr(rule, dtstart=origin) if each.date() > wall.date())
    until = wall + timedelta(days=366 * years)
    return rising(recurrence.start, takewhile(lambda each: each < until, walls), recurrence.zone)


def is_valid(recurrence: Recurrence) -> bool:
    try:
        validate(recurrence)
    except InvalidRecurrence as refused:
        if "names no date" in refused.message:
            return False
        raise
    return True


@pytest.mark.parametrize("shard", SHARDS)
def test_custom_rules_agree_with_walking(shard: int) -> None:
    random = Random(f"custom {shard}")
    compared = 0
    while compared < CUSTOM_CASES:
        zone, rule = random.choice(ZONES), random_rule(random)
        recurrence = Recurrence(Frequency.custom, random_start(random, zone), zone, rrule=rule)
        if not is_valid(recurrence):
            continue
        expected = list(islice(walked_rule(recurrence, rule, 60), random.choice([3, 6, 12])))
        compared += 1
        assert len(expected) > 1, rule
        assert_agrees(recurrence, expected, random)
        counted = Recurrence(Frequency.custom, recurrence.start, zone, rrule=f"{rule};COUNT={len(expected)}")
        dates = list(occurrences(counted))
        # A day the zone skips is counted by the rule and falls together with the next one.
        assert dates == expected[: len(dates)]
        assert len(dates) >= len(expected) - 1


@pytest.mark.parametrize("week", [1, 26, 52, 53])
def test_week_numbers_agree_with_the_iso_calendar(week: int) -> None:
    """dateutil takes 1 January 2011 for week 53, though 2010 had 52; `date.isocalendar` is the judge here."""
    start = datetime(1999, 12, 31, 9, tzinfo=UTC)
    rule = f"FREQ=YEARLY;BYWEEKNO={week};BYDAY=MO,TU,WE,TH,FR,SA,SU"
    end = start + timedelta(days=40_000)
    recurrence = Recurrence(Frequency.custom, start, ZoneInfo("UTC"), rrule=rule, end=end)
    days = (start + timedelta(days=number) for number in range(1, 40_001))
    assert list(occurrences(recurrence))[1:] == [day for day in days if day.isocalendar().week == week]
