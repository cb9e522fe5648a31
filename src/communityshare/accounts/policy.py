"""The only place where a role is looked at. Pure: it answers who may do and see what; queries apply the scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Role(StrEnum):
    """The roles of the customer's document; `member` is its «regular user»."""

    ADMIN = "admin"
    COORDINATOR = "maintenance_coordinator"
    MEMBER = "member"

    @classmethod
    def of(cls, name: str) -> "Role":
        """Return the role of that name; a role of an existing platform that is none of ours has the least rights."""
        return cls(name) if name in {role.value for role in cls} else cls.MEMBER


class Scope(StrEnum):
    """Which rows a principal sees. `assigned` and `owned` are relative to the principal."""

    ALL = "all"
    ASSIGNED = "assigned"
    OWNED = "owned"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes the request, as the database knows them now."""

    user_id: UUID
    role: Role
    name: str
    session_id: UUID | None = None


# Told of escalations, and of what nobody else can be told of; the daily check is one set-based statement.
TOLD_OF_ESCALATIONS = (Role.ADMIN,)

_SCHEDULES = {Role.ADMIN: Scope.ALL, Role.COORDINATOR: Scope.ASSIGNED, Role.MEMBER: Scope.OWNED}


def visible_schedules(principal: Principal) -> Scope:
    """All, those assigned to the principal, or those of resources the principal owns."""
    return _SCHEDULES[principal.role]


def visible_logs(principal: Principal) -> Scope:
    """As schedules; `assigned` includes the logs the principal wrote."""
    return _SCHEDULES[principal.role]


def can_write_schedules(principal: Principal) -> bool:
    """Schedules are administrators' work."""
    return principal.role is Role.ADMIN


def can_see_deleted(principal: Principal) -> bool:
    """Deleted schedules are shown to those who may restore them."""
    return principal.role is Role.ADMIN


def can_log(principal: Principal) -> bool:
    """Completed work is logged by administrators and coordinators."""
    return principal.role in {Role.ADMIN, Role.COORDINATOR}


def can_log_on(principal: Principal, assigned_to: UUID | None) -> bool:
    """Coordinators log on schedules assigned to them, administrators on all."""
    return principal.role is Role.ADMIN or (
        principal.role is Role.COORDINATOR and assigned_to == principal.user_id
    )


def can_amend_logs(principal: Principal) -> bool:
    """Amending and voiding is administrators' work, with a reason."""
    return principal.role is Role.ADMIN


def can_add_photos(principal: Principal, performed_by: UUID) -> bool:
    """The author and administrators may add photos later."""
    return principal.role is Role.ADMIN or performed_by == principal.user_id


def can_administer(principal: Principal) -> bool:
    """Alerts, flags, users, audit trail and outbox are administrators'."""
    return principal.role is Role.ADMIN


def takes_administration(changes: Mapping[str, Any]) -> bool:
    """Whether a change of a user leaves an administrator without role or access."""
    return changes.get("role", Role.ADMIN) is not Role.ADMIN or changes.get("active") is False


def can_choose_owner(principal: Principal) -> bool:
    """Only administrators register a resource for somebody else."""
    return principal.role is Role.ADMIN


def can_edit_resource(principal: Principal, owner_id: UUID | None) -> bool:
    """A resource is its owner's, and administrators'."""
    return principal.role is Role.ADMIN or owner_id == principal.user_id
