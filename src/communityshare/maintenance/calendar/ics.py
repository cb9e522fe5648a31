"""Events as an iCalendar feed (RFC 5545).

Written by hand: feeds hold a thousand events, and the library that tests read them with takes 0.3 s to write one.
"""

from datetime import datetime
from functools import cache, partial
from uuid import UUID

from communityshare.infra.turns import in_turns
from communityshare.maintenance.calendar.service import Event, EventStatus, compact

_HEADER = (
    "BEGIN:VCALENDAR", "PRODID:-//CommunityShare//Maintenance//EN", "VERSION:2.0", "X-WR-CALNAME:Maintenance",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
)  # fmt: skip
_MARKS = {EventStatus.completed: "✓ ", EventStatus.overdue: "! "}
# RFC 5545, 3.3.11; a bare carriage return would start a line of its own in lenient readers.
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_EVENTS_AT_ONCE = 200
_LINE = 75  # octets, RFC 5545, 3.1


async def feed(events: list[Event], base_url: str, now: datetime) -> bytes:
    """Return the events as a calendar. What people wrote is escaped, long lines are folded."""
    stamp, about = compact(now), cache(partial(_about, base_url))
    components = [
        f"BEGIN:VEVENT\r\nUID:{event.id}@communityshare\r\nDTSTAMP:{stamp}\r\nDTSTART:{compact(event.start)}\r\n"
        f"DURATION:PT1H\r\n{about(event.title, event.status, event.schedule_id)}END:VEVENT"
        async for event in in_turns(events, _EVENTS_AT_ONCE)
    ]
    return "\r\n".join([*_HEADER, *components, "END:VCALENDAR", ""]).encode()


def _about(base_url: str, title: str, status: EventStatus, schedule_id: UUID | None) -> str:
    """Return the lines that all dates of a plan have in common."""
    summary = _folded(f"SUMMARY:{_MARKS.get(status, '')}{title.translate(_ESCAPED)}")
    url = _folded(f"URL:{base_url}/schedules/{schedule_id}") + "\r\n" if schedule_id else ""
    return f"{summary}\r\nCATEGORIES:{status.value}\r\n{url}"


def _folded(line: str) -> str:
    """Return the line, continued after 75 octets of UTF-8, never inside a character."""
    if len(line) * 4 <= _LINE or len(octets := line.encode()) <= _LINE:
        return line
    parts: list[bytes] = []
    while len(octets) > _LINE:
        end = _LINE
        while octets[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        parts.append(octets[:end] + b"\r\n")
        octets = b" " + octets[end:]
    return b"".join([*parts, octets]).decode()
