"""Two years of work on a plan, as the recurrence rules would have let it happen. Pure: `now` is given."""

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from communityshare.demo.plans import Plan
from communityshare.maintenance.schedules import recurrence
from communityshare.maintenance.schedules.recurrence import Frequency, Recurrence

_DAYS = {Frequency.daily: 1, Frequency.weekly: 7, Frequency.biweekly: 14}


@dataclass(frozen=True, slots=True)
class Course:
    """How a plan went: its rule, the occurrences closed with the instant of the work, what is open now."""

    rule: Recurrence
    done: list[tuple[datetime, datetime]]
    next_due: datetime | None


def run(plan: Plan, zone: ZoneInfo, now: datetime, random: Random) -> Course:
    """Return the plan's course until now."""
    rule, until = _placed(plan, zone, now)
    done: list[tuple[datetime, datetime]] = []
    due: datetime | None = rule.start
    while due is not None and due < until:
        performed = _performed(rule, due, now, random)
        done.append((due, performed))
        due = recurrence.next_due_after_completion(rule, due, performed)
    return Course(rule, done, due)


def _placed(plan: Plan, zone: ZoneInfo, now: datetime) -> tuple[Recurrence, datetime]:
    """The plan's recurrence, and the instant before which everything due is done."""
    local = now.astimezone(zone)
    if plan.due is None:
        day = _anchor(plan, local.date())
        start = datetime.combine(day, time(plan.hour), zone).astimezone(UTC)
        rule = _rule(plan, start, zone)
        if plan.rrule:
            # The first date that the rule names, so that the anchor is one of its dates.
            rule = _rule(plan, next(d for d in recurrence.occurrences(rule) if d > start), zone)
        return rule, now
    open_due = datetime.combine(local.date() + timedelta(plan.due), _time(plan, zone, now), zone)
    start = _before(plan, open_due)
    end = open_due.astimezone(UTC) if plan.ended and plan.frequency is not Frequency.once else None
    rule = _rule(plan, start.astimezone(UTC), zone, end)
    # An hour or two of summer time may lie between the start's clock and the open occurrence's.
    return rule, now if plan.ended else open_due.astimezone(UTC) - timedelta(hours=6)


def _rule(plan: Plan, start: datetime, zone: ZoneInfo, end: datetime | None = None) -> Recurrence:
    return Recurrence(plan.frequency, start, zone, plan.interval, plan.rrule, plan.mode, end)


def _time(plan: Plan, zone: ZoneInfo, now: datetime) -> time:
    """The plan's hour; what is due tomorrow is due within 24 hours, so that it shows as due soon."""
    limit = (now + timedelta(days=1)).astimezone(zone)
    if plan.due != 1 or limit.date() > now.astimezone(zone).date() + timedelta(days=1):
        return time(plan.hour)
    return min(time(plan.hour), time(limit.hour, limit.minute // 30 * 30))


def _anchor(plan: Plan, today: date) -> date:
    """The plan's first day: its anchor's first date since it began, or the last 29 February before that."""
    begin = today - relativedelta(months=plan.months)
    if plan.anchor is None:
        return begin
    month, day = plan.anchor
    year = begin.year + ((month, day) < (begin.month, begin.day))
    while (month, day) == (2, 29) and not isleap(year):
        year -= 1
    return date(year, month, day)


def _before(plan: Plan, open_due: datetime) -> datetime:
    """The start from which whole steps lead to the open occurrence."""
    if plan.frequency is Frequency.once:
        return open_due
    if days := _DAYS.get(plan.frequency):
        return open_due - timedelta(days=plan.months * 30 // days * days)
    return open_due - relativedelta(months=plan.months)


def _performed(rule: Recurrence, due: datetime, now: datetime, random: Random) -> datetime:
    """In daylight, on the day or a little late; the longer the interval, the more so."""
    following = recurrence.first_after(rule, due)
    gap = (following - due).days if following else 30
    late = 0 if gap < 3 else random.choice((0, 0, 0, 1, 1, 2)) if gap < 20 else random.choice(range(-1, 6))
    clock = time(random.randrange(9, 19), random.randrange(60))
    day = due.astimezone(rule.zone).date() + timedelta(days=late)
    performed = datetime.combine(day, clock, rule.zone).astimezone(UTC)
    return min(performed, now - timedelta(minutes=random.randrange(5, 50)))
