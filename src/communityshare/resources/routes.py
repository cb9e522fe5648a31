"""`/api/resources`."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, Meta, UnsetType, field

from communityshare.accounts.authentication import signed_in
from communityshare.infra.paging import Cursor, Limit, Page, Search, decode_cursor, page_of
from communityshare.infra.wire import Input, Line, LongText
from communityshare.injected import TheCache, TheClock, TheConnection, ThePrincipal, TheUnit
from communityshare.resources import queries, service
from communityshare.resources.queries import Resource

Metadata = Annotated[dict[Annotated[str, Meta(max_length=100)], Any], Meta(max_length=100)]
_DEEPEST = 5
# What every JSON reader keeps exactly (RFC 8259, 6).
_LARGEST = 2**53


def check_metadata(value: Any, depth: int = 0) -> None:
    """Refuse what the database or a reader would not take back unchanged. Raises ValueError."""
    if depth > _DEEPEST:
        raise ValueError(f"metadata: is nested more than {_DEEPEST} deep")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("metadata: has characters that cannot stand here")
    if isinstance(value, int | float) and abs(value) > _LARGEST:
        raise ValueError("metadata: has too large a number")
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for part in inner:
        check_metadata(part, depth + 1)


class NewResource(Input):
    """Body of a new resource."""

    name: Line
    description: LongText = ""
    owner_id: UUID | None = None
    metadata: Metadata = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_metadata(self.metadata)


class ResourceChanges(Input):
    """Body of a change; only what is given changes."""

    name: Line | UnsetType = UNSET
    description: LongText | UnsetType = UNSET
    owner_id: UUID | UnsetType = UNSET
    metadata: Metadata | UnsetType = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.metadata is not UNSET:
            check_metadata(self.metadata)


@get("/", summary="List resources")
async def list_resources(
    connection: TheConnection,
    q: Search = None,
    owner_id: FromQuery[UUID | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Resource]:
    """Return resources by name."""
    after = decode_cursor(cursor, "name", str, UUID) if cursor else None
    rows = await queries.list_by_name(connection, q=q, owner_id=owner_id, after=after, limit=limit + 1)
    return page_of(rows, limit, "name", lambda resource: (resource.name, resource.id))


@get("/{resource_id:uuid}", summary="Get a resource")
async def get_resource(resource_id: FromPath[UUID], connection: TheConnection, cache: TheCache) -> Resource:
    """Return one resource."""
    return await service.get_resource(connection, cache, resource_id)


@post("/", summary="Register a resource")
async def create_resource(
    data: JSONBody[NewResource], principal: ThePrincipal, connection: TheConnection, clock: TheClock
) -> Resource:
    """Register a shared thing."""
    return await service.create(
        connection, principal, data.name, data.description, data.owner_id, data.metadata, clock()
    )


@patch("/{resource_id:uuid}", summary="Change a resource")
async def change_resource(
    resource_id: FromPath[UUID],
    data: JSONBody[ResourceChanges],
    principal: ThePrincipal,
    connection: TheConnection,
    unit: TheUnit,
    cache: TheCache,
    clock: TheClock,
) -> Resource:
    """Change a resource of one's own, or any as administrator."""
    changes = data.given()
    changed = await service.change(connection, principal, resource_id, changes, clock())
    unit.after_commit(partial(cache.drop, service.cache_key(resource_id)))
    return changed


@delete("/{resource_id:uuid}", summary="Retire a resource")
async def delete_resource(
    resource_id: FromPath[UUID],
    principal: ThePrincipal,
    connection: TheConnection,
    unit: TheUnit,
    cache: TheCache,
    clock: TheClock,
) -> None:
    """Retire a resource; its history stays."""
    await service.delete(connection, principal, resource_id, clock())
    unit.after_commit(partial(cache.drop, service.cache_key(resource_id)))


router = Router(
    "/api/resources",
    route_handlers=[list_resources, get_resource, create_resource, change_resource, delete_resource],
    guards=[signed_in],
    tags=["resources"],
)
