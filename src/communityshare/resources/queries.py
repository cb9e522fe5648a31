"""SQL of resources."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from communityshare.accounts.queries import like
from communityshare.infra.db import fetch_all, fetch_one, fetch_value, run

Connection = AsyncConnection[Any]


class Owner(msgspec.Struct):
    """Who owns a resource."""

    id: UUID
    name: str


class Resource(msgspec.Struct):
    """A shared thing."""

    id: UUID
    name: str
    description: str
    owner_id: UUID | None
    owner: Owner | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


_COLUMNS = """r.id, r.name, r.description, r.owner_id, u.name, r.metadata, r.created_at, r.updated_at
    FROM resources r LEFT JOIN users u ON u.id = r.owner_id"""


def _resource(*row: Any) -> Resource:
    identity, name, description, owner_id, owner_name, *rest = row
    owner = Owner(owner_id, owner_name) if owner_id else None
    return Resource(identity, name, description, owner_id, owner, *rest)


async def find(connection: Connection, resource_id: UUID, *, lock: bool = False) -> Resource | None:
    """Return one resource that is not deleted."""
    query = f"SELECT {_COLUMNS} WHERE r.id = %s AND r.deleted_at IS NULL" + (
        " FOR UPDATE OF r" if lock else ""
    )
    return await fetch_one(connection, _resource, query, (resource_id,))  # type: ignore[arg-type]


async def list_by_name(
    connection: Connection,
    *,
    q: str | None,
    owner_id: UUID | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Resource]:
    """Return resources by name; `q` is part of the name."""
    name, identity = after or (None, None)
    query = f"""
        SELECT {_COLUMNS}
        WHERE r.deleted_at IS NULL
          AND (%(q)s::text IS NULL OR r.name ILIKE %(q)s)
          AND (%(owner)s::uuid IS NULL OR r.owner_id = %(owner)s)
          AND (%(name)s::text IS NULL OR (lower(r.name), r.id) > (lower(%(name)s), %(id)s::uuid))
        ORDER BY lower(r.name), r.id LIMIT %(limit)s"""
    params = {"q": like(q), "owner": owner_id, "name": name, "id": identity, "limit": limit}
    return await fetch_all(connection, _resource, query, params)  # type: ignore[arg-type]


async def insert(connection: Connection, resource: Resource) -> None:
    """Add a resource."""
    await connection.execute(
        """INSERT INTO resources (id, name, description, owner_id, metadata, created_at, updated_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        (resource.id, resource.name, resource.description, resource.owner_id, Jsonb(resource.metadata),
         resource.created_at, resource.updated_at),
    )  # fmt: skip


async def update(connection: Connection, resource_id: UUID, changes: dict[str, Any], now: datetime) -> None:
    """Change columns of a resource; `metadata` is replaced as a whole."""
    values = {name: Jsonb(value) if name == "metadata" else value for name, value in changes.items()}
    assignments = "".join(f"{column} = %({column})s, " for column in values)
    await run(
        connection,
        f"UPDATE resources SET {assignments}updated_at = %(now)s WHERE id = %(id)s",
        {**values, "now": now, "id": resource_id},
    )


async def active_user_exists(connection: Connection, user_id: UUID) -> bool:
    """Return whether the user exists and is active."""
    return bool(await fetch_value(connection, "SELECT true FROM users WHERE id = %s AND active", (user_id,)))
