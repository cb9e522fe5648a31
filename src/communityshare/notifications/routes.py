"""Addresses of the service: messages come in with the service token, readers come with their own."""

import hmac
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Meta

from communityshare.accounts.authentication import (
    AuthenticationMiddleware,
    Authenticator,
    requires,
    signed_in,
)
from communityshare.accounts.policy import can_administer
from communityshare.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from communityshare.infra.paging import Cursor, Limit, Page, decode_cursor, page_of
from communityshare.infra.settings import Settings
from communityshare.injected import TheClock, ThePool, ThePrincipal, TheSettings
from communityshare.notifications import preferences, queries, service
from communityshare.notifications.channels.in_app import Announcer
from communityshare.notifications.preferences import (
    DEFAULT_CHANNELS,
    Category,
    Channel,
    Channels,
    Choice,
    Preferences,
    QuietHours,
)
from communityshare.notifications.queries import InboxItem
from communityshare.notifications.service import Accepted, Gate, OutboxItem

# Whitespace belongs to text; other control characters do not. `\Z`, for `$` lets a line feed through.
_TEXT = r"\A(?=\s*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z"
_URL = r"\A(/(?![/\\])|https?://)[^\s\\\x00-\x1f\x7f]*\Z"
_KEY_LIMIT = 200
TheAnnouncer: TypeAlias = NamedDependency[Announcer]


class Message(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A message to one user. `text` is Markdown; `html` is used in its stead where HTML is shown, sanitised."""

    user_id: UUID
    subject: Annotated[str, Meta(min_length=1, max_length=200, pattern=_TEXT)]
    text: Annotated[str, Meta(min_length=1, max_length=100_000, pattern=_TEXT)]
    html: Annotated[str, Meta(max_length=300_000, pattern=_TEXT)] | None = None
    category: Category
    url: (
        Annotated[str, Meta(max_length=2000, pattern=_URL, description="a path of ours, or http(s)")] | None
    ) = None


class ShownPreferences(msgspec.Struct):
    """What a user chose, with what holds for categories not named."""

    channels: dict[str, Channels]
    quiet_hours: QuietHours | None
    timezone: str
    defaults: Channels = DEFAULT_CHANNELS


class Inbox(msgspec.Struct):
    """One page of a user's messages, and how many are unread in all."""

    items: list[InboxItem]
    next_cursor: str | None
    unread: int


def service_token(app: ASGIApp) -> ASGIApp:
    """Middleware: lets in who knows the service token. A guard would cost a copy of the route for each message."""

    async def check(scope: Scope, receive: Receive, send: Send) -> None:
        offered = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if not hmac.compare_digest(offered, scope["litestar_app"].state.service_authorization):
            raise UnauthenticatedError("Send the service token as a Bearer token.")
        await app(scope, receive, send)

    return check


@post("/email", status_code=202, summary="Send a mail")
async def send_email(request: Request[Any, Any, State], data: JSONBody[Message]) -> Accepted:
    """Take a mail; 202 once it is stored."""
    return await _take("email", request, data)


@post("/sms", status_code=202, summary="Send an SMS to a premium member", opt={"answers": {"403"}})
async def send_sms(request: Request[Any, Any, State], data: JSONBody[Message]) -> Accepted:
    """Take an SMS; 202 once it is stored."""
    return await _take("sms", request, data)


@post("/in-app", status_code=202, summary="Put a message into a user's inbox")
async def send_in_app(request: Request[Any, Any, State], data: JSONBody[Message]) -> Accepted:
    """Take an in-app message; with the 202 it stands in the inbox."""
    return await _take("in_app", request, data)


async def _take(channel: Channel, request: Request[Any, Any, State], data: Message) -> Accepted:
    # Ten thousand of these come at six in the morning: what injection would copy is taken from the state.
    gate: Gate = request.app.state.gate
    return await gate.accept(channel, _idempotency_key(request), **msgspec.structs.asdict(data))


def _idempotency_key(request: Request[Any, Any, State]) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= _KEY_LIMIT and key.isprintable()):
        raise InvalidError.field("Idempotency-Key", f"give 1 to {_KEY_LIMIT} printable characters")
    return key


@get("/", summary="One's messages, newest first")
async def list_inbox(
    pool: ThePool, principal: ThePrincipal, settings: TheSettings, limit: Limit = 50, cursor: Cursor = None,
    unread: FromQuery[bool | None] = None,
) -> Inbox:  # fmt: skip
    """Return one's messages; `unread` chooses those or the others."""
    before = decode_cursor(cursor, "inbox", UUID)[0] if cursor else None
    async with pool.connection() as connection:
        items = await service.inbox(
            connection, settings.base_url, principal.user_id, unread=unread, before=before, limit=limit + 1
        )
        counts = await queries.unread_counts(connection, [principal.user_id])
    page = page_of(items, limit, "inbox", lambda item: (item.id,))
    return Inbox(page.items, page.next_cursor, counts[principal.user_id])


@post("/{message_id:uuid}/read", status_code=204, summary="Mark a message as read")
async def read(
    message_id: FromPath[UUID],
    pool: ThePool,
    principal: ThePrincipal,
    clock: TheClock,
    announcer: TheAnnouncer,
) -> None:
    """Mark one's message as read; somebody else's is not there."""
    async with pool.connection() as connection:
        if await queries.mark_read(connection, principal.user_id, message_id, clock()) is None:
            raise NotFoundError("There is no such message.")
    announcer.wake(principal.user_id)


@post("/read-all", status_code=204, summary="Mark all messages as read")
async def read_all(pool: ThePool, principal: ThePrincipal, clock: TheClock, announcer: TheAnnouncer) -> None:
    """Mark all one's messages as read."""
    async with pool.connection() as connection:
        await queries.mark_all_read(connection, principal.user_id, clock())
    announcer.wake(principal.user_id)


@get("/preferences", summary="Channels, quiet hours and time zone")
async def get_preferences(pool: ThePool, principal: ThePrincipal, settings: TheSettings) -> ShownPreferences:
    """Return what one chose; the defaults where one chose nothing."""
    async with pool.connection() as connection:
        chosen = await queries.preferences(connection, principal.user_id)
    return _shown(chosen or Preferences(), settings)


@put("/preferences", summary="Choose channels, quiet hours and time zone")
async def put_preferences(
    data: JSONBody[Choice],
    pool: ThePool,
    principal: ThePrincipal,
    settings: TheSettings,
    clock: TheClock,
) -> ShownPreferences:
    """Store one's choice in place of the one before; what waits to be sent follows it."""
    preferences.check(data)
    async with pool.connection() as connection:
        await queries.save_preferences(connection, principal.user_id, data, clock())
    return _shown(data, settings)


def _shown(chosen: Preferences, settings: Settings) -> ShownPreferences:
    zone = chosen.timezone or settings.community_timezone
    return ShownPreferences(dict(chosen.channels), chosen.quiet_hours, zone)


@get("/stream", summary="Unread count as server-sent events")
async def stream(principal: ThePrincipal, announcer: TheAnnouncer) -> Stream:
    """Send `event: unread` at the start and upon each change, and a comment each 15 seconds."""
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return Stream(announcer.events(principal.user_id), media_type="text/event-stream", headers=headers)


@get("/outbox", guards=[requires(can_administer)], summary="Mail and SMS of everybody")
async def list_outbox(
    pool: ThePool, settings: TheSettings, limit: Limit = 50, cursor: Cursor = None
) -> Page[OutboxItem]:
    """Return mail and SMS as rendered, with what became of them: also those kept for want of a transport."""
    before = decode_cursor(cursor, "outbox", UUID)[0] if cursor else None
    async with pool.connection() as connection:
        items = await service.outbox(connection, settings.base_url, before=before, limit=limit + 1)
    return page_of(items, limit, "outbox", lambda item: (item.id,))


def routers(authenticator: Authenticator) -> list[Router]:
    """Return the service's routers; messages come in without the detour over user accounts."""

    # A function, for the router copies its middleware's arguments, and a copied pool is a closed one.
    def authenticated(app: ASGIApp) -> ASGIApp:
        return AuthenticationMiddleware(app, authenticator)

    senders = Router(
        "/api/notifications", route_handlers=[send_email, send_sms, send_in_app], middleware=[service_token],
        tags=["notifications: senders"],
    )  # fmt: skip
    readers = Router(
        "/api/notifications",
        route_handlers=[list_inbox, read, read_all, get_preferences, put_preferences, stream, list_outbox],
        guards=[signed_in], tags=["notifications"],
        middleware=[authenticated],
    )  # fmt: skip
    return [senders, readers]
