"""The demo community as rows of the database. Pure: `now` is given, chance comes from a fixed seed."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from communityshare.demo import history, notes
from communityshare.demo.history import Course
from communityshare.demo.icons import LOOKS
from communityshare.demo.people import PEOPLE
from communityshare.demo.pictures import Shot
from communityshare.demo.plans import PLANS, Plan
from communityshare.demo.things import THINGS, Thing

Row = tuple[Any, ...]
_FOUNDED_AGO = timedelta(days=3 * 366)  # before the oldest log
_AMENDMENTS = (
    ("Wrote the wrong test value.", "Measured 0.4 MΩ more than I first wrote down."),
    ("The spare part was forgotten.", "Used one V-belt from the store room as well."),
    ("Names belong in the log.", "Chloé and Rafael helped, thank you!"),
    ("The photo showed something else.", "The scratch on the left side was there before."),
    ("Two sentences were cut off.", "Also swept the floor around it and emptied the bin."),
)


@dataclass(frozen=True, slots=True)
class Log:
    """One version of a log; fields stand in the order of the columns."""

    id: UUID
    log_id: UUID
    version: int
    kind: str
    schedule_id: UUID | None
    resource_id: UUID
    performed_by: UUID
    performed_at: datetime
    notes: str
    photos: Jsonb
    issues_found: str
    due_date: datetime | None
    recorded_by: UUID
    reason: str | None
    created_at: datetime
    updated_at: datetime


class Community:
    """Everything the demo holds, as of `now`."""

    def __init__(self, zone: ZoneInfo, now: datetime, password_hash: str) -> None:
        self._zone, self._now, self._hash = zone, now, password_hash
        # The year the co-op was founded: the same community at every load.
        self._random = Random(2009)  # noqa: S311 nothing here is secret
        founded = now - _FOUNDED_AGO
        self._people = {person.key: self._id(founded) for person in PEOPLE}
        self._things = {thing.key: self._id(founded) for thing in THINGS}
        self.schedules: list[Row] = []
        self.logs: list[Log] = []
        self.completions: list[Row] = []
        for plan in PLANS:
            self._add_plan(plan)
        self._add_repairs()
        self._add_amendments()
        self._add_voided()

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, in the order of its columns in `queries`."""
        match table:
            case "users":
                return self._users()
            case "resources":
                return [self._resource(thing) for thing in THINGS]
            case "maintenance_schedules":
                return self.schedules
            case "maintenance_logs":
                return [astuple(log) for log in self.logs]
            case _:
                return self.completions

    def photographed(self) -> Iterator[tuple[UUID, Thing, list[Shot]]]:
        """Choose the logs that photos belong to, and what these show; more of the newest and of the troubles."""
        things = {self._things[thing.key]: thing for thing in THINGS if thing.key in LOOKS}
        logs = [log for log in self.logs if log.version == 1 and log.resource_id in things]
        logs.sort(key=lambda log: log.performed_at, reverse=True)
        for rank, log in enumerate(logs):
            trouble = log.schedule_id is None or log.issues_found != "none"
            if self._random.random() < (0.5 if trouble or rank < 60 else 0.05):
                yield log.log_id, things[log.resource_id], self._shots(log)

    def _shots(self, log: Log) -> list[Shot]:
        """One to three; what does not pass gets no tag."""
        shots = [shot for shot in Shot if shot is not Shot.tag or log.issues_found != "major"]
        return sorted(self._random.sample(shots, min(self._random.choice((1, 1, 1, 1, 1, 2, 3)), len(shots))))

    def add_photos(self, photos: Mapping[UUID, list[dict[str, Any]]]) -> None:
        """Give the logs their photos; every version of a log shows the same."""
        self.logs = [
            replace(log, photos=Jsonb(photos[log.log_id])) if log.log_id in photos else log
            for log in self.logs
        ]

    def _users(self) -> list[Row]:
        founded = self._now - _FOUNDED_AGO
        return [
            (self._people[person.key], person.email, person.name, person.phone, person.role.value, person.premium,
             person.active, self._hash if person.signs_in else None, founded, founded)
            for person in PEOPLE
        ]  # fmt: skip

    def _resource(self, thing: Thing) -> Row:
        metadata: dict[str, Any] = {
            "category": thing.category,
            "location": thing.location,
            "year": thing.year,
        }
        if thing.model:
            number = f"{thing.model[:2].upper()}{thing.year % 100}-{self._random.randrange(10**6):06}"
            metadata |= {"model": thing.model, "serial_number": number}
        founded = self._now - _FOUNDED_AGO
        return (
            self._things[thing.key], thing.name, thing.description, self._people[thing.owner], Jsonb(metadata),
            founded, founded,
        )  # fmt: skip

    def _add_plan(self, plan: Plan) -> None:
        course = history.run(plan, self._zone, self._now, self._random)
        created = min(course.rule.start - timedelta(days=3), self._now - timedelta(days=10))
        schedule_id = self._id(created)
        for due, performed in course.done:
            log = self._log(plan, schedule_id, due, performed)
            self.logs.append(log)
            self.completions.append((schedule_id, due, log.id, performed))
        self.schedules.append(self._schedule(plan, schedule_id, course, created))

    def _schedule(self, plan: Plan, schedule_id: UUID, course: Course, created: datetime) -> Row:
        rule, last = course.rule, course.done[-1][1] if course.done else None
        return (
            schedule_id, self._things[plan.thing], plan.type, rule.frequency.value, rule.interval, rule.rrule,
            rule.mode.value, rule.start, rule.end, course.next_due, plan.description,
            self._people[plan.assignee] if plan.assignee else None, last, self._people["admin"], created,
            last or created, 1 + len(course.done),
        )  # fmt: skip

    def _log(self, plan: Plan, schedule_id: UUID, due: datetime, performed: datetime) -> Log:
        """Administrators step in now and then."""
        stand_in = plan.assignee is None or self._random.random() < 0.12
        who = self._random.choice(("admin", "ingrid")) if stand_in else plan.assignee
        issues, text = notes.write(self._random, plan.type)
        return self._recorded(schedule_id, plan.thing, who or "admin", performed, text, issues, due)

    def _recorded(
        self, schedule_id: UUID | None, thing: str, who: str, performed: datetime, text: str, issues: str,
        due: datetime | None = None,
    ) -> Log:  # fmt: skip
        log_id, performer = self._id(performed), self._people[who]
        created = min(performed + timedelta(minutes=self._random.randrange(1, 20)), self._now)
        return Log(
            log_id, log_id, 1, "recorded", schedule_id, self._things[thing], performer, performed, text,
            Jsonb([]), issues, due, performer, None, created, created,
        )  # fmt: skip

    def _add_repairs(self) -> None:
        for thing, days, who, issues, text in notes.REPAIRS:
            performed = self._now - timedelta(days=days, minutes=self._random.randrange(300))
            self.logs.append(self._recorded(None, thing, who, performed, text, issues))

    def _add_amendments(self) -> None:
        chosen = self._random.sample(self.logs, len(_AMENDMENTS))
        for log, (reason, addition) in zip(chosen, _AMENDMENTS, strict=True):
            self._add_version(log, "amended", reason, f"{log.notes}\n\n{addition}")

    def _add_voided(self) -> None:
        """Work entered a second time two minutes later: it closed nothing."""
        first = self._random.choice([log for log in self.logs if log.due_date and log.version == 1])
        performed = first.performed_at + timedelta(minutes=2)
        log_id, written = self._id(performed), min(first.created_at + timedelta(minutes=2), self._now)
        twice = replace(
            first, id=log_id, log_id=log_id, performed_at=performed, due_date=None, created_at=written,
            updated_at=written,
        )  # fmt: skip
        self.logs.append(twice)
        self._add_version(twice, "voided", "Entered twice by mistake.", twice.notes)

    def _add_version(self, log: Log, kind: str, reason: str, text: str) -> None:
        written = min(log.created_at + timedelta(hours=1), self._now)
        version = replace(
            log, id=self._id(written), version=2, kind=kind, reason=reason, notes=text,
            recorded_by=self._people["admin"], updated_at=written,
        )  # fmt: skip
        self.logs.append(version)

    def _id(self, instant: datetime) -> UUID:
        """A UUIDv7 of that instant (RFC 9562, section 5.7), so that ids sort as the history went."""
        milliseconds = int(instant.timestamp() * 1000)
        chance = self._random.getrandbits(74)
        return UUID(
            int=milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1
        )
