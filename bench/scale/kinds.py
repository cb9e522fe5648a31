"""What people ask most, as a request and as what the route calls for it; and what reads more the more there is."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from bench.load.community import Person
from communityshare.accounts.policy import Principal, Role
from communityshare.maintenance.calendar import queries as calendar
from communityshare.maintenance.calendar.service import events
from communityshare.maintenance.logs import schemas as logs
from communityshare.maintenance.logs.service import list_logs
from communityshare.maintenance.schedules import schemas as schedules
from communityshare.maintenance.schedules.service import list_schedules, list_types

_API = "/api/maintenance"
_PAGE = 51  # a page of 50 and one to know that there are more
_NOW = datetime.now(UTC)
_FROM = _NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
_TO = _FROM + timedelta(days=31)
_NOWHERE = "a word that nobody wrote"

Work = Callable[[AsyncConnection[Any], Principal, Person], Awaitable[Any]]


class Kind(NamedTuple):
    """A request of people of a role. What is `costly` is asked a few times, and may be refused."""

    role: Role
    name: str
    path: Callable[[Person], str]
    work: Work
    costly: bool = False

    @property
    def title(self) -> str:
        """Who asks for what."""
        return f"{self.role.name.lower()}, {self.name}"


def _schedules(q: str | None = None) -> Work:
    return lambda connection, principal, _: list_schedules(
        connection, principal, schedules.Filters(q=q), _NOW, sort="next_due_date", after=None, limit=_PAGE
    )


def _logs(q: str | None = None) -> Work:
    return lambda connection, principal, _: list_logs(
        connection, principal, logs.Filters(q=q), sort="-performed_at", after=None, limit=_PAGE
    )


def _month(of: Callable[[Person], UUID | None]) -> Work:
    return lambda connection, principal, person: events(
        connection,
        principal,
        calendar.Filters(resource_id=of(person)),
        None,
        _FROM,
        _TO,
        ZoneInfo("UTC"),
        _NOW,
    )


def _path(path: str, **query: str) -> Callable[[Person], str]:
    return lambda _: f"{_API}{path}?{urlencode(query)}"


def _thing(person: Person) -> UUID:
    return person.things[0]


_month_path = _path("/calendar", **{"from": _FROM.isoformat(), "to": _TO.isoformat()})
_ALL_SEE = [
    (role, name, path, work)
    for role in (Role.MEMBER, Role.COORDINATOR, Role.ADMIN)
    for name, path, work in (
        ("list of schedules", _path("/schedules"), _schedules()),
        ("list of logs", _path("/logs"), _logs()),
    )
]
KINDS = [
    *(Kind(*of_role) for of_role in _ALL_SEE),
    *(Kind(role, "month", _month_path, _month(lambda _: None)) for role in (Role.MEMBER, Role.COORDINATOR)),
    Kind(Role.ADMIN, "month of one thing",
         lambda person: f"{_month_path(person)}&resource_id={_thing(person)}", _month(_thing)),
    Kind(Role.ADMIN, "month of everything, refused", _month_path, _month(lambda _: None), costly=True),
    Kind(Role.ADMIN, "kinds of work", _path("/schedules/types"),
         lambda connection, principal, _: list_types(connection, principal, None), costly=True),
    Kind(Role.ADMIN, "search in schedules", _path("/schedules", q=_NOWHERE), _schedules(_NOWHERE), costly=True),
    Kind(Role.ADMIN, "search in logs", _path("/logs", q=_NOWHERE), _logs(_NOWHERE), costly=True),
]  # fmt: skip
