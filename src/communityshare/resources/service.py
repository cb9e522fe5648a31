"""Registering, changing and retiring shared things."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from communityshare.accounts import policy
from communityshare.accounts.policy import Principal
from communityshare.infra import audit
from communityshare.infra.cache import Cache
from communityshare.infra.errors import ForbiddenError, InvalidError, NotFoundError
from communityshare.infra.ids import new_id
from communityshare.resources import queries
from communityshare.resources.queries import Resource

Connection = AsyncConnection[Any]
_CACHED = 3600  # seconds: the customer's document allows metadata to be an hour old


async def get_resource(connection: Connection, cache: Cache, resource_id: UUID) -> Resource:
    """Return one resource, at most an hour old. Raises NotFoundError."""
    key = cache_key(resource_id)
    cached = await cache.get(key, Resource)
    if cached is not None:
        return cached
    resource = await _existing(connection, resource_id)
    await cache.put(key, resource, seconds=_CACHED)
    return resource


def cache_key(resource_id: UUID) -> str:
    """Return the key under which a resource is cached; to be dropped after the commit of a change."""
    return f"resource:{resource_id}"


async def create(
    connection: Connection, principal: Principal, name: str, description: str, owner_id: UUID | None,
    metadata: dict[str, Any], now: datetime,
) -> Resource:  # fmt: skip
    """Register a resource, one's own unless an administrator names another owner."""
    owner = owner_id or principal.user_id
    await _check_owner(connection, principal, owner)
    resource = Resource(new_id(), name.strip(), description, owner, None, metadata, now, now)
    await queries.insert(connection, resource)
    await audit.record(connection, principal.user_id, "resource.create", "resource", resource.id)
    return await _existing(connection, resource.id)


async def change(
    connection: Connection, principal: Principal, resource_id: UUID, changes: dict[str, Any], now: datetime
) -> Resource:
    """Change a resource of one's own, or any as administrator."""
    await _editable(connection, principal, resource_id)
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    if changes.get("owner_id"):
        await _check_owner(connection, principal, changes["owner_id"])
    await queries.update(connection, resource_id, changes, now)
    await audit.record(
        connection,
        principal.user_id,
        "resource.change",
        "resource",
        resource_id,
        detail={"fields": sorted(changes)},
    )
    return await _existing(connection, resource_id)


async def delete(connection: Connection, principal: Principal, resource_id: UUID, now: datetime) -> None:
    """Retire a resource; its history stays, nobody is reminded of it any more."""
    await _editable(connection, principal, resource_id)
    await queries.update(connection, resource_id, {"deleted_at": now}, now)
    await audit.record(connection, principal.user_id, "resource.delete", "resource", resource_id)


async def _existing(connection: Connection, resource_id: UUID, *, lock: bool = False) -> Resource:
    resource = await queries.find(connection, resource_id, lock=lock)
    if resource is None:
        raise NotFoundError("There is no such resource.")
    return resource


async def _editable(connection: Connection, principal: Principal, resource_id: UUID) -> None:
    resource = await _existing(connection, resource_id, lock=True)
    if not policy.can_edit_resource(principal, resource.owner_id):
        raise ForbiddenError("Only the owner and administrators change a resource.")


async def _check_owner(connection: Connection, principal: Principal, owner_id: UUID) -> None:
    if owner_id != principal.user_id and not policy.can_choose_owner(principal):
        raise ForbiddenError("owner_id: only administrators choose another owner than themselves.")
    if not await queries.active_user_exists(connection, owner_id):
        raise InvalidError.field("owner_id", "is no active user; choose another")
