"""What people send: every GET, POST and PATCH of schedules, logs and calendar, weighted by role."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec

from bench.load.community import Person
from communityshare.accounts.policy import Role

_API = "/api/maintenance"
_FIXED_START = "2026-01-31T09:00:00Z"


class Call(NamedTuple):
    """One request, and what its sender notes from the answer's headers."""

    name: str
    method: str
    path: str
    params: Mapping[str, str] = {}
    body: Any = None
    headers: Mapping[str, str] = {}
    note: Callable[[Mapping[str, str]], None] | None = None


class Sender:
    """One person at work."""

    def __init__(self, person: Person, seed: int) -> None:
        self.person = person
        self._random = Random(seed)
        self._kinds, self._weights = zip(*_MIX[person.role], strict=True)
        self._patched = [(identity, f'"{version}"') for identity, version in person.patched]
        self._deleted = list(person.deleted)

    def next(self) -> Call:
        """Return the next request."""
        return self._random.choices(self._kinds, self._weights)[0](self)

    def list_schedules(self) -> Call:
        soon = datetime.now(UTC) + timedelta(days=30)
        filters: dict[str, str] = self._random.choice([
            {}, {}, {"sort": "-created_at"}, {"status": "overdue"}, {"due_to": soon.isoformat()},
            {"frequency": "monthly"}, {"schedule_type": "Cleaning"}, {"resource_id": self._thing()},
        ])  # fmt: skip
        return Call("list schedules", "GET", f"{_API}/schedules", filters)

    def first_page(self) -> Call:
        return Call("first page", "GET", f"{_API}/schedules")

    def get_schedule(self) -> Call:
        return Call("get schedule", "GET", f"{_API}/schedules/{self._schedule()}")

    def preview(self) -> Call:
        rule = {"frequency": "monthly", "start_date": _FIXED_START, "count": 24}
        return Call("preview", "POST", f"{_API}/schedules/preview", body=rule)

    def create_schedule(self) -> Call:
        start = datetime.now(UTC) + timedelta(days=self._random.randint(1, 60))
        body = {
            "resource_id": self._thing(), "schedule_type": "Inspection", "frequency": "monthly",
            "start_date": start.isoformat(), "description": "Look at brakes, tyres and lights. " * 4,
        }  # fmt: skip
        return Call("create schedule", "POST", f"{_API}/schedules", body=body, headers=_once())

    def change_schedule(self) -> Call:
        """Change one of the sender's own under its ETag; it is free again when the answer has brought the next."""
        if not self._patched:
            return self.get_schedule()
        identity, etag = self._patched.pop(0)

        def note(headers: Mapping[str, str]) -> None:
            self._patched.append((identity, headers["ETag"]))

        body: dict[str, Any] = {"description": f"Changed. {self._random.random()}"}
        if self._random.random() < 0.3:
            body["interval"] = self._random.randint(1, 3)
        headers = {"If-Match": etag}
        return Call("change schedule", "PATCH", f"{_API}/schedules/{identity}", {}, body, headers, note)

    def restore_schedule(self) -> Call:
        if not self._deleted:
            return self.get_schedule()
        return Call(
            "restore schedule", "POST", f"{_API}/schedules/{self._deleted.pop()}/restore", headers=_once()
        )

    def list_logs(self) -> Call:
        since = datetime.now(UTC) - timedelta(days=90)
        filters: dict[str, str] = self._random.choice([
            {}, {}, {"performed_from": since.isoformat()}, {"schedule_id": str(self._schedule())},
            {"resource_id": self._thing()}, {"issues_found": "minor"},
        ])  # fmt: skip
        return Call("list logs", "GET", f"{_API}/logs", filters)

    def get_log(self) -> Call:
        return Call("get log", "GET", f"{_API}/logs/{self._random.choice(self.person.logs)}")

    def create_log(self) -> Call:
        body = {"schedule_id": str(self._schedule()), "notes": "Checked and found in order. " * 4}
        return Call("create log", "POST", f"{_API}/logs", body=body, headers=_once())

    def amend_log(self) -> Call:
        log = self._random.choice(self.person.logs)
        body = {"reason": "A detail was missing.", "notes": f"Checked again. {self._random.random()}"}
        return Call("amend log", "PATCH", f"{_API}/logs/{log}", body=body)

    def export_logs(self) -> Call:
        return Call("export logs", "GET", f"{_API}/logs/export", {"resource_id": self._thing()})

    def month(self) -> Call:
        """A month of the calendar; admins look at one thing, the whole community's month is more than it shows."""
        first = datetime.now(UTC).replace(day=1, hour=0) + timedelta(
            days=self._random.choice([-60, -30, 0, 0, 0, 30])
        )
        range_ = {"from": first.isoformat(), "to": (first + timedelta(days=31)).isoformat()}
        return Call("calendar", "GET", f"{_API}/calendar", range_ | self._within())

    def feed(self) -> Call:
        return Call("calendar feed", "GET", f"{_API}/calendar.ics", self._within())

    def _within(self) -> dict[str, str]:
        return {"resource_id": self._thing()} if self.person.role is Role.ADMIN else {}

    def _schedule(self) -> UUID:
        return self._random.choice(self.person.schedules)

    def _thing(self) -> str:
        return str(self._random.choice(self.person.things))


def _once() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


_READS = [
    (Sender.list_schedules, 25), (Sender.get_schedule, 20), (Sender.list_logs, 15), (Sender.get_log, 10),
    (Sender.month, 11), (Sender.feed, 1), (Sender.export_logs, 1), (Sender.preview, 3),
]  # fmt: skip
_MIX = {
    Role.MEMBER: _READS,
    Role.COORDINATOR: [*_READS, (Sender.create_log, 14)],
    Role.ADMIN: [
        *_READS, (Sender.create_log, 8), (Sender.create_schedule, 9), (Sender.change_schedule, 10),
        (Sender.amend_log, 4), (Sender.restore_schedule, 1),
    ],
}  # fmt: skip


def encoded(call: Call) -> bytes | None:
    """Return the body as it is sent."""
    return None if call.body is None else msgspec.json.encode(call.body)
