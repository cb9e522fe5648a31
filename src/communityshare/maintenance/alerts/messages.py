"""The words of a message: Markdown with every foreign character escaped, instants in the community's zone."""

import re
from calendar import day_name, month_name
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from communityshare.maintenance.alerts.rules import Stage

# A mail of more lines helps nobody; the rest is one click away.
LISTED = 100
LISTED_IN_SMS = 3
_SUBJECT_LIMIT = 200
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|])")


class Notice(msgspec.Struct, array_like=True, frozen=True):
    """One alert, as a message tells it. `as_of` is the instant of the check."""

    schedule_id: UUID
    schedule_type: str
    resource_name: str
    due_date: datetime
    stage: Stage
    escalation: bool
    as_of: datetime

    @property
    def task(self) -> str:
        """What is to be done, in one plain line."""
        text = " ".join(f"{self.schedule_type} of {self.resource_name}".split())
        return text if text.isprintable() else "".join(filter(str.isprintable, text))

    @property
    def path(self) -> str:
        """Where the schedule is shown."""
        return f"/schedules/{self.schedule_id}"


class Message(msgspec.Struct, frozen=True):
    """What the Notification Service is asked to pass on. `text` is Markdown, `url` a path of ours."""

    user_id: UUID
    subject: str
    text: str
    url: str
    category: str = "maintenance"


def about_one(user_id: UUID, notice: Notice, zone: ZoneInfo) -> Message:
    """Return the in-app message of one alert."""
    overdue = notice.stage is Stage.overdue
    subject = (
        "Escalation: " if notice.escalation else "Overdue: " if overdue else "Due soon: "
    ) + notice.task
    task = _escaped(notice.task)
    text = (
        f"**{task[:1].upper()}{task[1:]}** {'was' if overdue else 'is'} due on {_when(notice.due_date, zone)}"
    )
    text += f", {_late(notice)}." if overdue else "."
    if notice.escalation:
        text += " You are told as well because it has been overdue for a week or longer."
    return Message(user_id, _cut(subject), text, notice.path)


def about_all(user_id: UUID, notices: Sequence[Notice], total: int, overdue: int, zone: ZoneInfo) -> Message:
    """Return the mail of a recipient's alerts: the most urgent ones listed, all counted."""
    subject = f"{total} maintenance {'task needs' if total == 1 else 'tasks need'} you"
    if overdue:
        subject += f": {overdue} overdue"
    lines = [f"Here is what needs you. Times are in {zone.key}.", ""]
    lines += [_line(notice, zone) for notice in notices]
    if total > len(notices):
        lines.append(f"- and [{total - len(notices)} more](/schedules)")
    if any(notice.escalation for notice in notices):
        lines += ["", "Escalation: overdue for a week or longer, so you are told as well."]
    return Message(user_id, subject, "\n".join(lines), notices[0].path if total == 1 else "/schedules")


def in_short(user_id: UUID, notices: Sequence[Notice], total: int) -> Message:
    """Return the SMS of a recipient's overdue alerts."""
    subject = f"{total} maintenance {'task is' if total == 1 else 'tasks are'} overdue"
    named = notices[:LISTED_IN_SMS]
    text = f"{subject}: {'; '.join(_escaped(_cut(notice.task, 60)) for notice in named)}"
    if total > len(named):
        text += f"; and {total - len(named)} more"
    return Message(user_id, subject, text, notices[0].path if total == 1 else "/schedules")


def _line(notice: Notice, zone: ZoneInfo) -> str:
    due = f"due on {_local(notice.due_date, zone)}"
    late = f", **{_late(notice)}**" if notice.stage is Stage.overdue else ""
    escalation = " (escalation)" if notice.escalation else ""
    return f"- [{_escaped(notice.task)}]({notice.path}), {due}{late}{escalation}"


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return f"{_local(instant, zone)} ({zone.key})"


def _local(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    day, month = day_name[local.weekday()], month_name[local.month]
    return f"{day}, {local.day} {month} {local.year} at {local.hour:02}:{local.minute:02}"


def _late(notice: Notice) -> str:
    days = (notice.as_of - notice.due_date) // timedelta(days=1)
    if days < 1:
        return "less than a day overdue"
    return f"{days} {'day' if days == 1 else 'days'} overdue"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _cut(text: str, limit: int = _SUBJECT_LIMIT) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
