"""Calendar rules (RRULE, RFC 5545 section 3.3.10) whose smallest step is a day: dates in, dates out.

A rule belongs to a first date. Its periods (days, weeks, months or years, every INTERVAL-th) are counted from
the one that holds the first date, so that any period is expanded alone, without walking there.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from typing import NoReturn

MAX_LENGTH = 500
MAX_NUMBER = 1000
"""Largest INTERVAL and COUNT."""
HORIZON_YEARS = 200
"""A rule is followed this long from its first date."""
PATIENCE_YEARS = 50
"""A rule that names no date in this time is refused. (29 February on a given weekday takes at most 40.)"""

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_RANGES = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_RANGES}
_DAY_PARTS = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"}
_ALLOWED_WITH = {
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
    "BYYEARDAY": ("YEARLY",),
    "BYWEEKNO": ("YEARLY",),
    "BYSETPOS": ("WEEKLY", "MONTHLY", "YEARLY"),
}
_ONE_DAY = timedelta(days=1)


class InvalidRule(ValueError):  # noqa: N818 (it names the input, as the other refusals do)
    """The text is no rule we follow; the message is fit for the person who wrote it."""


@dataclass(frozen=True)
class Rule:
    """A parsed rule, with what the text leaves open taken from its first date. Build it with `parse`."""

    first: date
    frequency: str
    last: date
    interval: int = 1
    until: date | datetime | None = None
    """A date: that whole local day. Naive: local time. Aware: an instant."""
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    """(ordinal, weekday), ordinal 0 for every such weekday; Monday is 0."""
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def ascending(self, day: date) -> Iterator[date]:
        """Dates after the first one, rising, from the beginning of the period that holds `day`."""
        for index in range(max(0, self._index(day)), self._index(self.last) + 1):
            for found in self._expand(index):
                if self.first < found <= self.last:
                    yield found

    def descending(self, day: date) -> Iterator[date]:
        """Dates after the first one, falling, from the end of the period that holds `day`."""
        for index in range(self._index(min(day, self.last)), -1, -1):
            for found in reversed(self._expand(index)):
                if self.first < found <= self.last:
                    yield found

    def _index(self, day: date) -> int:
        """The number of the period that holds the day, or of the one before it where the rule rests."""
        if self.frequency == "YEARLY":
            periods = day.year - self.first.year
        elif self.frequency == "MONTHLY":
            periods = (day.year - self.first.year) * 12 + day.month - self.first.month
        elif self.frequency == "WEEKLY":
            periods = (day - self._first_week).days // 7
        else:
            periods = (day - self.first).days
        return periods // self.interval

    @cached_property
    def _first_week(self) -> date:
        return self.first - timedelta(days=(self.first.weekday() - self.week_start) % 7)

    @cached_property
    def _days_of_week(self) -> list[int]:
        return sorted((weekday - self.week_start) % 7 for _, weekday in self.weekdays)

    def _expand(self, index: int) -> list[date]:
        found = [day for day in self._candidates(index * self.interval) if self._matches(day)]
        if not self.positions:
            return found
        size = len(found)
        places = {place - 1 if place > 0 else size + place for place in self.positions}
        return [found[place] for place in sorted(places) if 0 <= place < size]

    def _candidates(self, periods: int) -> list[date]:
        if self.frequency == "DAILY":
            return [self.first + timedelta(days=periods)]
        if self.frequency == "WEEKLY":
            week = self._first_week + timedelta(weeks=periods)
            return [week + timedelta(days=number) for number in self._days_of_week]
        if self.frequency == "MONTHLY":
            year, month = divmod(self.first.year * 12 + self.first.month - 1 + periods, 12)
            return self._days_of_month(year, month + 1)
        return self._days_of_year(self.first.year + periods)

    def _days_of_month(self, year: int, month: int) -> list[date]:
        length = monthrange(year, month)[1]
        every = range(1, length + 1)
        numbers = _counted_from_either_end(self.month_days, length) if self.month_days else every
        return [date(year, month, number) for number in numbers]

    def _days_of_year(self, year: int) -> list[date]:
        if self.year_days:
            eve = date(year, 1, 1) - _ONE_DAY
            numbers = _counted_from_either_end(self.year_days, 365 + isleap(year))
            return [eve + timedelta(days=number) for number in numbers]
        months = sorted(self.months) or range(1, 13)
        return [day for month in months for day in self._days_of_month(year, month)]

    def _matches(self, day: date) -> bool:
        return (
            (not self.months or day.month in self.months)
            and (not self.weekdays or self._is_weekday(day))
            and (not self.month_days or _is_counted(self.month_days, day.day, _month_length(day)))
            and (not self.week_numbers or _is_counted(self.week_numbers, *self._week(day)))
        )

    def _is_weekday(self, day: date) -> bool:
        ordinals = self._ordinals.get(day.weekday(), frozenset())
        if not ordinals or 0 in ordinals:
            return bool(ordinals)
        within_month = self.frequency == "MONTHLY" or self.months
        number, length = (day.day, _month_length(day)) if within_month else _place_in_year(day)
        return (number - 1) // 7 + 1 in ordinals or -((length - number) // 7 + 1) in ordinals

    @cached_property
    def _ordinals(self) -> dict[int, set[int]]:
        by_weekday: dict[int, set[int]] = {}
        for ordinal, weekday in self.weekdays:
            by_weekday.setdefault(weekday, set()).add(ordinal)
        return by_weekday

    def _week(self, day: date) -> tuple[int, int]:
        """The number of the day's week and how many its year has; a week is of the year of its fourth day."""
        middle = day + timedelta(days=3 - (day.weekday() - self.week_start) % 7)
        number, length = _place_in_year(middle)
        week = (number - 1) // 7 + 1
        return week, week + (length - number) // 7


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _place_in_year(day: date) -> tuple[int, int]:
    """The number of the day in its year, and the year's length."""
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1, 365 + isleap(day.year)


def _counted_from_either_end(numbers: frozenset[int], length: int) -> list[int]:
    counted = {number if number > 0 else length + 1 + number for number in numbers}
    return sorted(number for number in counted if 1 <= number <= length)


def _is_counted(numbers: frozenset[int], number: int, length: int) -> bool:
    return number in numbers or number - length - 1 in numbers


@lru_cache(maxsize=4096)
def parse(text: str, first: date) -> Rule:
    """The rule of an RRULE value (`RRULE:` in front is allowed) that begins on `first`, a local date.

    `first` is the first occurrence COUNT counts, in the rule or not (RFC 5545, 3.3.10). Raises InvalidRule
    for what the grammar or its combinations forbid, for parts finer than a day, and for rules that name no
    date in PATIENCE_YEARS.
    """
    parts = _split(text)
    _check_combinations(parts)
    rule = _build(parts, first)
    if next(replace(rule, last=_years_after(first, PATIENCE_YEARS)).ascending(first), None) is None:
        _refuse(f"names no date within {PATIENCE_YEARS} years")
    if "COUNT" not in parts:
        return rule
    further = _number("COUNT", parts["COUNT"]) - 1
    counted = list(islice(rule.ascending(first), further))
    return replace(rule, last=counted[-1] if counted else first)


def _years_after(day: date, years: int) -> date:
    return date(day.year + years, 12, 31)


def _refuse(message: str) -> NoReturn:
    raise InvalidRule(f"The rule {message}.")


def _split(text: str) -> dict[str, str]:
    if len(text) > MAX_LENGTH:
        _refuse(f"is longer than {MAX_LENGTH} characters")
    value = text.strip().upper().removeprefix("RRULE:")
    if len(value.split()) != 1 or ":" in value:
        _refuse("must be a single RRULE line, without DTSTART or EXDATE")
    parts: dict[str, str] = {}
    for part in value.removesuffix(";").split(";"):
        name, _, content = part.partition("=")
        if name not in _PARTS:
            _refuse(f"may not use {name[:20] or 'an empty part'}")
        if name in parts or not content:
            _refuse(f"needs exactly one value for {name}")
        parts[name] = content
    return parts


def _check_combinations(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency not in _FREQUENCIES:
        _refuse("needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    if "COUNT" in parts and "UNTIL" in parts:
        _refuse("may use COUNT or UNTIL, not both")
    for name, frequencies in _ALLOWED_WITH.items():
        if name in parts and frequency not in frequencies:
            _refuse(f"may not use {name} with FREQ={frequency}")
    if "BYSETPOS" in parts and not parts.keys() & (_DAY_PARTS | {"BYMONTH"}):
        _refuse("may use BYSETPOS only beside another BY part")


def _build(parts: dict[str, str], first: date) -> Rule:
    rule = Rule(
        first=first,
        last=_years_after(first, HORIZON_YEARS),
        frequency=parts["FREQ"],
        interval=_number("INTERVAL", parts.get("INTERVAL", "1")),
        until=_until(parts.get("UNTIL")),
        months=frozenset(_numbers(parts, "BYMONTH", signed=False)),
        month_days=frozenset(_numbers(parts, "BYMONTHDAY")),
        year_days=frozenset(_numbers(parts, "BYYEARDAY")),
        week_numbers=frozenset(_numbers(parts, "BYWEEKNO")),
        weekdays=frozenset(_weekdays(parts)),
        positions=_numbers(parts, "BYSETPOS"),
        week_start=_week_start(parts.get("WKST", "MO")),
    )
    return _complete(rule, parts)


def _complete(rule: Rule, parts: dict[str, str]) -> Rule:
    """What the text leaves open is as on the first date (RFC 5545, 3.3.10)."""
    first = rule.first
    given = parts.keys() & _DAY_PARTS
    if rule.frequency == "DAILY" or given - {"BYWEEKNO"}:
        return rule
    if given or rule.frequency == "WEEKLY":
        return replace(rule, weekdays=frozenset({(0, first.weekday())}))
    months = rule.months or (frozenset({first.month}) if rule.frequency == "YEARLY" else frozenset())
    return replace(rule, months=months, month_days=frozenset({first.day}))


def _number(name: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_NUMBER:
        _refuse(f"needs {name} between 1 and {MAX_NUMBER}")
    return int(text)


def _numbers(parts: dict[str, str], name: str, *, signed: bool = True) -> tuple[int, ...]:
    if name not in parts:
        return ()
    texts = parts[name].split(",")
    pattern = "[+-]?[0-9]{1,3}" if signed else "[0-9]{1,2}"
    if not all(re.fullmatch(pattern, text) and 1 <= abs(int(text)) <= _RANGES[name] for text in texts):
        _refuse(f"needs {name} between {'±' if signed else ''}1 and {_RANGES[name]}")
    return tuple(int(text) for text in texts)


def _weekdays(parts: dict[str, str]) -> Iterator[tuple[int, int]]:
    most = _largest_ordinal(parts)
    for text in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        match = re.fullmatch("([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", text)
        if match is None:
            _refuse("needs BYDAY in days such as MO, 1TU or -1FR")
        ordinal = int(match[1]) if match[1] else 0
        if match[1] and not 1 <= abs(ordinal) <= most:
            _refuse(f"may not count weekdays as in BYDAY={text} here")
        yield ordinal, _WEEKDAYS[match[2]]


def _largest_ordinal(parts: dict[str, str]) -> int:
    """How often a weekday can come in what it is counted in: a month, a year, or nothing."""
    if parts["FREQ"] in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts:
        return 0
    return 5 if parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts else 53


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        _refuse("needs WKST to be a weekday such as MO")
    return _WEEKDAYS[text]


def _until(text: str | None) -> date | datetime | None:
    """RFC 5545 asks for UTC; a date or a local time is understood as well."""
    if text is None:
        return None
    match = re.fullmatch("([0-9]{8})(?:(T[0-9]{6})(Z)?)?", text)
    try:
        moment = datetime.strptime(match[1] + (match[2] or "T000000"), "%Y%m%dT%H%M%S") if match else None  # noqa: DTZ007
    except ValueError:
        moment = None
    if match is None or moment is None:
        _refuse("needs UNTIL such as 20301231 or 20301231T235959Z")
    if match[3]:
        return moment.replace(tzinfo=UTC)
    return moment if match[2] else moment.date()
