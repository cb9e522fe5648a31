"""Events as an iCalendar feed (RFC 5545)."""

from datetime import datetime, timedelta

import icalendar

from communityshare.maintenance.calendar.service import Event, EventStatus

_LENGTH = timedelta(hours=1)
_REFRESH = timedelta(hours=1)


def feed(events: list[Event], base_url: str, now: datetime) -> bytes:
    """Return the events as a calendar; the library escapes and folds what people wrote."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CommunityShare//Maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Maintenance")
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(_component(event, base_url, now))
    return calendar.to_ical()


def _component(event: Event, base_url: str, now: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"{event.id}@communityshare")
    entry.add("dtstamp", now)
    entry.add("dtstart", event.start)
    entry.add("duration", _LENGTH)
    entry.add("summary", _summary(event))
    entry.add("categories", [event.status.value])
    if event.schedule_id:
        entry.add("url", f"{base_url}/schedules/{event.schedule_id}")
    return entry


def _summary(event: Event) -> str:
    marks = {EventStatus.completed: "✓ ", EventStatus.overdue: "! "}
    return marks.get(event.status, "") + event.title
