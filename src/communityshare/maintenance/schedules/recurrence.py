"""When work falls due: pure calendar arithmetic, without I/O and without a clock.

Every occurrence is computed from the anchor (`start + n × interval`), never from the one before, so month
ends do not drift: 31 January monthly is 28 or 29 February, then 31 March. Steps are taken in local days and
keep the local time of day. A local time inside a spring-forward gap moves forward by the gap's length, an
ambiguous one is its first (RFC 5545, section 3.3.5). Instants taken are aware, those returned UTC.
"""

from calendar import monthrange
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from communityshare.maintenance.schedules import rrule as rules

MAX_INTERVAL = 1000
MAX_PREVIEW = 60
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Years in which a schedule may start."""

_HORIZON = datetime(9998, 1, 1, tzinfo=UTC)
"""Every sequence ends here, so that no zone can carry an instant over the edge of datetime."""
_DAWN = datetime(2, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)


class Frequency(StrEnum):
    """How often; `custom` is an RRULE."""

    once = "once"
    daily = "daily"
    weekly = "weekly"
    biweekly = "biweekly"
    monthly = "monthly"
    quarterly = "quarterly"
    semiannual = "semiannual"
    annual = "annual"
    custom = "custom"


class Mode(StrEnum):
    """Fixed counts from the anchor, floating from the last work done."""

    fixed = "fixed"
    floating = "floating"


class Status(StrEnum):
    """Where a schedule stands at an instant."""

    scheduled = "scheduled"
    due_soon = "due_soon"
    overdue = "overdue"
    completed = "completed"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a schedule's work falls due. `end` is the last instant at which it may. See `validate`."""

    frequency: Frequency
    start: datetime
    zone: ZoneInfo
    interval: int = 1
    rrule: str | None = None
    mode: Mode = Mode.fixed
    end: datetime | None = None


class InvalidRecurrence(ValueError):  # noqa: N818 (it names the input, as the other refusals do)
    """What a person may not ask for; `field` is the input to correct."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class _Steps(NamedTuple):
    """Dates `n × (months, days)` after the first, clamped to the month's end."""

    first: date
    months: int
    days: int

    def ascending(self, day: date) -> Iterator[date]:
        """Dates after the first one, rising, from a step at or before `day`."""
        number = max(1, self._number(day))
        while (found := self.at(number)) is not None:
            yield found
            number += 1

    def descending(self, day: date) -> Iterator[date]:
        """Dates after the first one, falling, from a step in the month of `day` or before."""
        return (found for number in range(self._number(day), 0, -1) if (found := self.at(number)) is not None)

    def at(self, number: int) -> date | None:
        """The date `number` steps after the first; None beyond the horizon."""
        if not self.months:
            ordinal = self.first.toordinal() + number * self.days
            return date.fromordinal(ordinal) if ordinal < _LAST_ORDINAL else None
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + number * self.months, 12)
        if year >= _HORIZON.year:
            return None
        day = self.first.day
        return date(year, month + 1, day if day < 29 else min(day, monthrange(year, month + 1)[1]))

    def _number(self, day: date) -> int:
        if self.months:
            return ((day.year - self.first.year) * 12 + day.month - self.first.month) // self.months
        return (day - self.first).days // self.days


_LAST_ORDINAL = _HORIZON.date().toordinal()
_UNITS = {
    Frequency.daily: (0, 1),
    Frequency.weekly: (0, 7),
    Frequency.biweekly: (0, 14),
    Frequency.monthly: (1, 0),
    Frequency.quarterly: (3, 0),
    Frequency.semiannual: (6, 0),
    Frequency.annual: (12, 0),
}
_NEVER = (0, _LAST_ORDINAL)
"""The step of `once`: beyond the horizon."""


def validate(recurrence: Recurrence) -> None:
    """Raises InvalidRecurrence, naming the field, for what the functions below are not made for."""
    _validate_dates(recurrence)
    if not 1 <= recurrence.interval <= MAX_INTERVAL:
        raise InvalidRecurrence("interval", f"The interval must be between 1 and {MAX_INTERVAL}.")
    if recurrence.frequency is Frequency.custom:
        _validate_custom(recurrence)
    elif recurrence.rrule is not None:
        raise InvalidRecurrence("rrule", "A rule goes with the frequency custom only.")


def occurrences(recurrence: Recurrence) -> Iterator[datetime]:
    """Every due date from the anchor on, strictly rising. The first is the start, in the rule or not."""
    return _rising(recurrence, recurrence.start)


def first_after(recurrence: Recurrence, instant: datetime) -> datetime | None:
    """The first due date strictly after the instant, None when there is none. As quick for an old anchor."""
    return next((due for due in _rising(recurrence, instant) if due > instant), None)


def last_before(recurrence: Recurrence, instant: datetime) -> datetime | None:
    """The latest due date strictly before the instant, None when there is none."""
    start, end = recurrence.start, _end(recurrence)
    bound = instant if end is None or instant <= end else end + timedelta(microseconds=1)
    if bound <= start:
        return None
    anchor = _local(recurrence, start)
    day, at = _local(recurrence, bound).date() + _ONE_DAY, _time_of_day(anchor)
    falling = (_instant(found, at) for found in _dates(recurrence, anchor).descending(day))
    return next((due for due in falling if start < due < bound), start.astimezone(UTC))


def shortest_step(frequency: Frequency, interval: int) -> timedelta:
    """A time that surely passes between two due dates: the step in short months, less what zones have left out."""
    if frequency is Frequency.custom:
        return timedelta()
    months, days = _step(frequency, interval)
    return timedelta(days=months * 28 + days - 2)


def between(recurrence: Recurrence, from_: datetime, to: datetime, limit: int) -> list[datetime]:
    """The first `limit` due dates in [from_, to)."""
    found: list[datetime] = []
    for due in _rising(recurrence, from_):
        if due >= to or len(found) == limit:
            break
        if due >= from_:
            found.append(due)
    return found


def preview(recurrence: Recurrence, count: int) -> list[datetime]:
    """The first `count` due dates. Raises InvalidRecurrence when that is not 1 to MAX_PREVIEW."""
    if not 1 <= count <= MAX_PREVIEW:
        raise InvalidRecurrence("count", f"The count must be between 1 and {MAX_PREVIEW}.")
    return list(islice(occurrences(recurrence), count))


def next_due_after_completion(
    recurrence: Recurrence, closed_due: datetime, performed_at: datetime, completed: Container[datetime] = ()
) -> datetime | None:
    """The due date that follows the work; None for `once` and past the end.

    Fixed: the first anchored date after both, so late work does not pile up. Floating: one interval after the
    work, at its local time of day; a day later where that is the very date just closed (work on 30 and on
    31 March both leads to 30 April) or one `completed` before (early work leads to dates before the one it
    closed, and in time back to it), because an occurrence is completed once.
    """
    if recurrence.mode is Mode.fixed:
        return first_after(recurrence, max(closed_due, performed_at))
    local = _local(recurrence, performed_at)
    day = _Steps(local.date(), *_step(recurrence.frequency, recurrence.interval)).at(1)
    if day is None:
        return None
    at = _time_of_day(local)
    due = _instant(day, at)
    while due == closed_due or due in completed:
        day += _ONE_DAY
        due = _instant(day, at)
    return due if recurrence.end is None or due <= recurrence.end else None


def closes_open_occurrence(
    recurrence: Recurrence, open_due: datetime, performed_at: datetime, last_performed_at: datetime | None
) -> bool:
    """Whether work done then closes the open occurrence; otherwise it is history and moves nothing.

    It does when it is later than the due date before the open one; floating: later than the last completion.
    """
    floating = recurrence.mode is Mode.floating
    previous = last_performed_at if floating else last_before(recurrence, open_due)
    return previous is None or performed_at > previous


def next_due_after_change(recurrence: Recurrence, last_completed_due: datetime | None) -> datetime | None:
    """The due date of a changed schedule: from the new anchor, later than what was already completed."""
    if last_completed_due is None:
        return next(occurrences(recurrence), None)
    return first_after(recurrence, last_completed_due)


def status(next_due: datetime | None, now: datetime) -> Status:
    """Overdue before now, due soon within a day of it, completed when nothing follows."""
    if next_due is None:
        return Status.completed
    if next_due < now:
        return Status.overdue
    return Status.due_soon if next_due <= now + _ONE_DAY else Status.scheduled


def _validate_dates(recurrence: Recurrence) -> None:
    start, end = recurrence.start, recurrence.end
    if start.tzinfo is None:
        raise InvalidRecurrence("start_date", "The start needs a UTC offset.")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise InvalidRecurrence("start_date", f"The start must lie between {FIRST_YEAR} and {LAST_YEAR}.")
    if end is not None and end.tzinfo is None:
        raise InvalidRecurrence("end_date", "The end needs a UTC offset.")
    if end is not None and end < start:
        raise InvalidRecurrence("end_date", "The end lies before the start.")


def _validate_custom(recurrence: Recurrence) -> None:
    if recurrence.rrule is None:
        raise InvalidRecurrence("rrule", "The frequency custom needs a rule.")
    if recurrence.interval != 1:
        raise InvalidRecurrence("interval", "A rule has its own INTERVAL.")
    if recurrence.mode is Mode.floating:
        raise InvalidRecurrence("recurrence_mode", "A rule names calendar dates and cannot float.")
    try:
        until = _until(recurrence)
    except rules.InvalidRule as error:
        raise InvalidRecurrence("rrule", str(error)) from error
    if until is not None and until < recurrence.start:
        raise InvalidRecurrence("rrule", "The rule ends before the start.")


def _rising(recurrence: Recurrence, instant: datetime) -> Iterator[datetime]:
    """The start, then the due dates from a little before the instant on."""
    previous = recurrence.start.astimezone(UTC)
    yield previous
    anchor, end = _local(recurrence, previous), _end(recurrence)
    at = _time_of_day(anchor)
    # A day earlier: a zone that skips a day (Samoa, 30 December 2011) moves its due dates into the next one.
    day = _local(recurrence, max(instant, previous)).date() - _ONE_DAY
    for found in _dates(recurrence, anchor).ascending(day):
        due = _instant(found, at)
        if end is not None and due > end:
            return
        if due > previous:
            yield due
            previous = due


def _dates(recurrence: Recurrence, anchor: datetime) -> _Steps | rules.Rule:
    if recurrence.frequency is Frequency.custom:
        return rules.parse(recurrence.rrule or "", anchor.date())
    return _Steps(anchor.date(), *_step(recurrence.frequency, recurrence.interval))


def _step(frequency: Frequency, interval: int) -> tuple[int, int]:
    if frequency is Frequency.once:
        return _NEVER
    months, days = _UNITS[frequency]
    return months * interval, days * interval


def _end(recurrence: Recurrence) -> datetime | None:
    """The last instant that may be due."""
    if recurrence.frequency is not Frequency.custom:
        return recurrence.end
    ends = (recurrence.end, _until(recurrence))
    return min((end for end in ends if end is not None), default=None)


def _until(recurrence: Recurrence) -> datetime | None:
    anchor = _local(recurrence, recurrence.start)
    until = rules.parse(recurrence.rrule or "", anchor.date()).until
    if until is None:
        return None
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.max)
    return until if until.tzinfo else until.replace(tzinfo=recurrence.zone).astimezone(UTC)


def _local(recurrence: Recurrence, instant: datetime) -> datetime:
    return min(max(instant, _DAWN), _HORIZON).astimezone(recurrence.zone)


def _time_of_day(local: datetime) -> time:
    """The local time with its zone; the first of two where the clock strikes it twice."""
    return local.timetz().replace(fold=0)


def _instant(day: date, at: time) -> datetime:
    """UTC of the local time on that day; by the offset before the gap where there is no such time."""
    return datetime.combine(day, at).astimezone(UTC)
