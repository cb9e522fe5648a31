"""`/api/features` and `/api/admin`."""

from uuid import UUID

import msgspec
from litestar import Router, get, put
from litestar.params import FromPath, FromQuery, JSONBody

from communityshare.accounts import policy
from communityshare.accounts.authentication import requires
from communityshare.infra import queries
from communityshare.infra.flags import switch
from communityshare.infra.paging import Cursor, Limit, Page, decode_cursor, page_of
from communityshare.infra.queries import AuditEntry
from communityshare.infra.wire import Input
from communityshare.injected import TheConnection, TheFlags, ThePrincipal, TheSettings, TheUnit


class Features(msgspec.Struct):
    """What the user interface adapts to."""

    features: dict[str, bool]
    community_timezone: str


class Switch(Input):
    """Body of a flag's switch."""

    enabled: bool


class Feature(msgspec.Struct):
    """A flag with its state."""

    name: str
    enabled: bool


@get("/api/features", summary="Feature flags", tags=["features"])
async def list_features(flags: TheFlags, settings: TheSettings) -> Features:
    """Return the flags and the community's time zone; open to everybody."""
    return Features(await flags.all(), settings.community_timezone)


@put(
    "/api/admin/features/{name:str}",
    guards=[requires(policy.can_administer)],
    summary="Switch a feature",
    tags=["features"],
)
async def switch_feature(
    name: FromPath[str],
    data: JSONBody[Switch],
    principal: ThePrincipal,
    connection: TheConnection,
    unit: TheUnit,
    flags: TheFlags,
) -> Feature:
    """Switch a flag; it counts in every process within five seconds."""
    await switch(connection, name, enabled=data.enabled, by=principal.user_id)
    unit.after_commit(flags.forget)
    return Feature(name, data.enabled)


@get("/api/admin/audit", guards=[requires(policy.can_administer)], summary="Audit trail", tags=["admin"])
async def list_audit(
    connection: TheConnection,
    object_id: FromQuery[UUID | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntry]:
    """Return the audit trail, newest first."""
    before = decode_cursor(cursor, "audit", UUID)[0] if cursor else None
    rows = await queries.list_audit(connection, limit + 1, before, object_id)
    return page_of(rows, limit, "audit", lambda entry: (entry.id,))


router = Router("/", route_handlers=[list_features, switch_feature, list_audit])
