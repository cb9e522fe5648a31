"""One function per use case of logs, in the caller's transaction."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from communityshare.accounts import policy
from communityshare.accounts.policy import Principal
from communityshare.infra import audit
from communityshare.infra.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from communityshare.maintenance.logs import queries
from communityshare.maintenance.logs.queries import Completion
from communityshare.maintenance.logs.schemas import Filters, Log, LogDetail, NewLog, Sort, StoredPhoto, Thing
from communityshare.maintenance.schedules import queries as schedule_queries
from communityshare.maintenance.schedules import recurrence
from communityshare.maintenance.schedules import service as schedules
from communityshare.maintenance.schedules.schemas import Person, Schedule

Connection = AsyncConnection[Any]

CLOCK_TOLERANCE = timedelta(minutes=5)
MAX_PHOTOS = 10
_PHOTOS_WITHIN = timedelta(hours=24)
_EARLIEST_YEAR = 1900
_EXPORT_PAGE = 1000
# Two people who finish together both send a log. Unless they name different occurrences they mean the same work.
_SAME_WORK = timedelta(minutes=5)


async def check(
    connection: Connection, principal: Principal, data: NewLog, now: datetime, *, photos: int
) -> None:
    """Raise what `create` would raise now, before that many photos are worked on."""
    if photos > MAX_PHOTOS:
        raise InvalidError.field("photos", f"a log takes {MAX_PHOTOS} photos at most", code="too_many_photos")
    await _target(connection, principal, data, now, lock=False)
    _checked_time(data.performed_at or now, now)


async def create(
    connection: Connection, principal: Principal, data: NewLog, zone: ZoneInfo, now: datetime, *,
    log_id: UUID, photos: Sequence[StoredPhoto] = (),
) -> Log:  # fmt: skip
    """Record work, close the occurrence it was for and move the plan on, under a lock of the schedule."""
    schedule, thing = await _target(connection, principal, data, now, lock=True)
    performed_at = _checked_time(data.performed_at or now, now)
    closed = schedule.next_due_date if schedule and _closes(schedule, data, performed_at, zone) else None
    log = Log(
        id=log_id, schedule_id=data.schedule_id, resource_id=thing.id, performed_by=principal.user_id,
        performed_at=performed_at, notes=data.notes, photos=list(map(queries.shown, photos)),
        issues_found=data.issues_found, due_date=closed, created_at=now, updated_at=now, resource=thing,
        performer=Person(principal.user_id, principal.name),
        schedule_type=schedule.schedule_type if schedule else None, version=1, voided_at=None, void_reason=None,
        amended_by=None, amend_reason=None,
    )  # fmt: skip
    async with connection.pipeline():
        await queries.insert(connection, log, _column(photos))
        if schedule and closed:
            completion = Completion(schedule.id, closed, performed_at)
            await queries.add_completion(connection, completion, log_id)
            await _move_on(connection, schedule, completion, zone, now)
        detail = {"closed": closed and closed.isoformat()}
        await audit.record(connection, principal.user_id, "log.create", "log", log_id, detail=detail)
    return log


def _column(photos: Sequence[StoredPhoto]) -> Jsonb:
    return Jsonb(msgspec.to_builtins(photos))


async def _target(
    connection: Connection, principal: Principal, data: NewLog, now: datetime, *, lock: bool
) -> tuple[Schedule | None, Thing]:
    """Return the schedule that the work was for, None for an unplanned repair, and the thing that was worked on."""
    if data.schedule_id is not None:
        schedule = await _schedule(connection, principal, data.schedule_id, data, now, lock=lock)
        return schedule, Thing(schedule.resource.id, schedule.resource.name)
    if not policy.can_log(principal):
        raise ForbiddenError("Completed work is logged by administrators and coordinators.")
    if data.resource_id is None:
        raise InvalidError.field("schedule_id", "say what was done: a schedule_id, or a resource_id alone")
    if data.due_date is not None:
        raise InvalidError.field("due_date", "belongs to a schedule; send its schedule_id too")
    found = await schedule_queries.references(connection, data.resource_id, None)
    if found.resource_name is None:
        raise InvalidError.field("resource_id", "there is no such resource; choose another")
    return None, Thing(data.resource_id, found.resource_name)


async def _schedule(
    connection: Connection,
    principal: Principal,
    schedule_id: UUID,
    data: NewLog,
    now: datetime,
    *,
    lock: bool,
) -> Schedule:
    schedule = await schedules.get(connection, principal, schedule_id, now, lock=lock)
    if not policy.can_log_on(principal, schedule.assigned_to):
        raise ForbiddenError("Work on this schedule is logged by its assignee and by administrators.")
    if data.resource_id not in {None, schedule.resource_id}:
        raise InvalidError.field("resource_id", "is not the schedule's; leave it out")
    if data.due_date is not None and data.due_date != schedule.next_due_date:
        closing = await queries.closing_of(connection, schedule_id, data.due_date)
        raise ConflictError(
            "This occurrence is no longer the open one; somebody may have just completed it.",
            code="occurrence_already_completed",
            closed_by={"id": closing.user_id, "name": closing.name} if closing else None,
            closed_at=closing.recorded_at if closing else None,
        )
    return schedule


def _checked_time(performed_at: datetime, now: datetime) -> datetime:
    if performed_at.year < _EARLIEST_YEAR:
        raise InvalidError.field("performed_at", f"lies before the year {_EARLIEST_YEAR}")
    if performed_at > now + CLOCK_TOLERANCE:
        raise InvalidError.field("performed_at", "lies in the future; log work when it is done")
    return performed_at


def _closes(schedule: Schedule, data: NewLog, performed_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the work closes the open occurrence; otherwise it is history.

    Late work falls after the due date it closes and so would count for the next one too. A log that names no
    occurrence and is not later than the last completion (give or take some minutes) is the same work once more:
    however many arrive at once, the plan moves one step.
    """
    if schedule.next_due_date is None:
        return False
    last = schedule.last_performed_at
    if data.due_date is None and last is not None and performed_at <= last + _SAME_WORK:
        return False
    rule = schedules.recurrence_of(schedule, zone)
    return recurrence.closes_open_occurrence(rule, schedule.next_due_date, performed_at, last)


async def _move_on(
    connection: Connection, schedule: Schedule, latest: Completion, zone: ZoneInfo, now: datetime
) -> None:
    rule = schedules.recurrence_of(schedule, zone)
    following = await schedules.next_due_after_work(
        connection, schedule.id, rule, latest.due_date, latest.performed_at
    )
    changes = {"next_due_date": following, "last_performed_at": latest.performed_at}
    await schedule_queries.update(connection, schedule.id, changes, now)


async def list_logs(
    connection: Connection, principal: Principal, filters: Filters, *,
    sort: Sort, after: tuple[datetime, UUID] | None, limit: int,
) -> list[Log]:  # fmt: skip
    """Return visible logs that are not voided."""
    scope = policy.visible_logs(principal)
    return await queries.list_page(
        connection, filters, scope, principal.user_id, sort=sort, after=after, limit=limit
    )


async def get(connection: Connection, principal: Principal, log_id: UUID, *, history: bool) -> LogDetail:
    """Return one log. A voided one is there only for those who may void, and only with its history."""
    log = await _find(connection, principal, log_id)
    if log.voided_at is not None and not (history and policy.can_amend_logs(principal)):
        raise _gone()
    detail = LogDetail(**msgspec.structs.asdict(log))
    if history:
        detail.history = await queries.versions(connection, log_id)
    return detail


def _gone() -> NotFoundError:
    return NotFoundError("There is no such log.")


async def _find(connection: Connection, principal: Principal, log_id: UUID) -> Log:
    found = await queries.find(connection, log_id, policy.visible_logs(principal), principal.user_id)
    if found is None:
        raise _gone()
    return found


async def _current(connection: Connection, principal: Principal, log_id: UUID) -> Log:
    log = await _find(connection, principal, log_id)
    if log.voided_at is not None:
        raise _gone()
    return log


async def _amendable(connection: Connection, principal: Principal, log_id: UUID) -> Log:
    await queries.lock(connection, log_id)
    log = await _current(connection, principal, log_id)
    if not policy.can_amend_logs(principal):
        raise ForbiddenError("Logs are amended and voided by administrators.")
    return log


async def amend(
    connection: Connection, principal: Principal, log_id: UUID, reason: str, changes: dict[str, Any],
    zone: ZoneInfo, now: datetime,
) -> Log:  # fmt: skip
    """Add an amending version. Work that closed the latest occurrence at another time moves the plan along."""
    if not changes:
        raise InvalidError.field("body", "nothing is changed; give notes, issues_found or performed_at")
    await _amendable(connection, principal, log_id)
    if "performed_at" in changes:
        performed_at = _checked_time(changes["performed_at"], now)
        await _correct_completion(connection, log_id, performed_at, zone, now)
    by = principal.user_id
    await queries.insert_version(connection, log_id, "amended", changes, by=by, reason=reason, now=now)
    await audit.record(connection, by, "log.amend", "log", log_id, detail={"fields": sorted(changes)})
    return await _current(connection, principal, log_id)


async def _correct_completion(
    connection: Connection, log_id: UUID, performed_at: datetime, zone: ZoneInfo, now: datetime
) -> None:
    completion = await queries.completion_by(connection, log_id)
    if completion is None:
        return
    schedule = await schedule_queries.lock_any(connection, completion.schedule_id, now)
    before = await queries.latest_completion(connection, schedule.id)
    await queries.move_completion(connection, log_id, performed_at)
    after = await queries.latest_completion(connection, schedule.id)
    # Floating: work done at another time than was thought may no longer be the last, or now be it.
    if after is not None and after != before:
        await _move_on(connection, schedule, after, zone, now)


async def void(
    connection: Connection, principal: Principal, log_id: UUID, reason: str, now: datetime
) -> None:
    """Add a voiding version; the occurrence the log closed is open again if no later one is closed."""
    await _amendable(connection, principal, log_id)
    completion = await queries.completion_by(connection, log_id)
    if completion is not None:
        await _reopen(connection, completion, log_id, now)
    by = principal.user_id
    await queries.insert_version(connection, log_id, "voided", {}, by=by, reason=reason, now=now)
    await audit.record(connection, by, "log.void", "log", log_id)


async def _reopen(connection: Connection, closed: Completion, log_id: UUID, now: datetime) -> None:
    await schedule_queries.lock_any(connection, closed.schedule_id, now)
    was_latest = await queries.latest_completion(connection, closed.schedule_id) == closed
    await queries.remove_completion(connection, log_id)
    if not was_latest:
        return
    latest = await queries.latest_completion(connection, closed.schedule_id)
    changes = {"next_due_date": closed.due_date, "last_performed_at": latest.performed_at if latest else None}
    await schedule_queries.update(connection, closed.schedule_id, changes, now)


async def check_photos(
    connection: Connection, principal: Principal, log_id: UUID, count: int, now: datetime
) -> None:
    """Raise what `add_photos` would raise now. Raises ConflictError when the log takes no photos any more."""
    log = await _current(connection, principal, log_id)
    if not policy.can_add_photos(principal, log.performed_by):
        raise ForbiddenError("Photos are added by who did the work, and by administrators.")
    if log.amended_by is not None or now - log.created_at > _PHOTOS_WITHIN:
        raise ConflictError(
            "Photos can be added for 24 hours, until the log is amended; this time is over.",
            code="photos_closed",
        )
    if not 1 <= count <= MAX_PHOTOS - len(log.photos):
        text = f"send 1 to {MAX_PHOTOS} photos; the log has {len(log.photos)} and takes {MAX_PHOTOS} in all"
        raise InvalidError.field("photos", text, code="too_many_photos" if count else None)


async def add_photos(
    connection: Connection, principal: Principal, log_id: UUID, photos: Sequence[StoredPhoto], now: datetime
) -> Log:
    """Add photos to a log as a new version."""
    await queries.lock(connection, log_id)
    await check_photos(connection, principal, log_id, len(photos), now)
    by = principal.user_id
    all_photos = Jsonb(await queries.photos_of(connection, log_id) + msgspec.to_builtins(photos))
    await queries.insert_version(
        connection, log_id, "photos_added", {"photos": all_photos}, by=by, reason=None, now=now
    )
    await audit.record(connection, by, "log.photos", "log", log_id, detail={"added": len(photos)})
    return await _current(connection, principal, log_id)


async def export(
    pool: AsyncConnectionPool, principal: Principal, filters: Filters, *, sort: Sort
) -> AsyncIterator[list[Log]]:
    """Yield what the list shows, page after page, nothing twice.

    Between pages it holds no connection and no transaction: a slow download takes nothing from anybody, and one that
    breaks off leaves nothing open.
    """
    after: tuple[datetime, UUID] | None = None
    while True:
        async with pool.connection() as connection:
            logs = await list_logs(connection, principal, filters, sort=sort, after=after, limit=_EXPORT_PAGE)
        yield logs
        if len(logs) < _EXPORT_PAGE:
            return
        after = logs[-1].performed_at, logs[-1].id
