"""Who makes this request: bearer token -> principal. The user's role and state come from the database."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Guard, Receive, Scope, Send
from psycopg_pool import AsyncConnectionPool

from communityshare.accounts import queries
from communityshare.accounts.policy import Principal
from communityshare.accounts.tokens import Claims, LocalKeys, PlatformKeys
from communityshare.infra.clock import Clock
from communityshare.infra.db import unavailable_as_503
from communityshare.infra.errors import ForbiddenError, UnauthenticatedError

_REMEMBERED = 4.0  # seconds a role is trusted in a process that did not change it itself
_VERIFIED = 60.0  # seconds a signature is trusted: so long a withdrawn key of the platform may still count
_ENTRIES = 20_000


class _Known(NamedTuple):
    """Whom a token spoke for when it was last checked. Instants are monotonic, but for the claims' own."""

    principal: Principal
    claims: Claims
    until: float
    verified_until: float


class Authenticator:
    """Turns bearer tokens into principals."""

    def __init__(self, keys: LocalKeys | PlatformKeys, pool: AsyncConnectionPool, clock: Clock) -> None:
        self._keys = keys
        self._pool = pool
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Principal]] = {}

    async def principal(self, token: str) -> Principal:
        """Return who the token speaks for. Raises UnauthenticatedError."""
        known = self._known.get(token)
        if known and self._clock().timestamp() < known.claims.expires_at:
            if time.monotonic() < known.until:
                return known.principal
        else:
            known = None
        # Whoever sends ten requests at once is looked up once; one who hangs up takes nobody else along.
        asked = self._asked.get(token)
        if asked is None:
            asked = self._asked[token] = asyncio.create_task(self._ask(token, known))
            asked.add_done_callback(lambda _: self._asked.pop(token, None))
        return await asyncio.shield(asked)

    async def _ask(self, token: str, known: _Known | None) -> Principal:
        now = time.monotonic()
        if known and now < known.verified_until:
            claims, verified_until = known.claims, known.verified_until
        else:
            claims, verified_until = await self._claims(token), now + _VERIFIED
        principal = await self._look_up(claims)
        self._known[token] = _Known(principal, claims, now + _REMEMBERED, verified_until)
        if len(self._known) > _ENTRIES:
            self._known.popitem(last=False)
        return principal

    def forget(self, user_id: UUID) -> None:
        """Drop what is remembered of a user who was changed or signed out."""
        for token in [token for token, known in self._known.items() if known.principal.user_id == user_id]:
            del self._known[token]

    async def _claims(self, token: str) -> Claims:
        if isinstance(self._keys, PlatformKeys):
            return await asyncio.to_thread(self._keys.verify, token, self._clock())
        return self._keys.verify(token, self._clock())

    async def _look_up(self, claims: Claims) -> Principal:
        async with self._pool.connection() as connection:
            found = await queries.standing(connection, claims.user_id, claims.session_id)
        if found is None or not found.active or not found.session_open:
            raise UnauthenticatedError("This session has ended; sign in again.", code="session_ended")
        return Principal(claims.user_id, found.role, found.name, claims.session_id)


class AuthenticationMiddleware:
    """ASGI middleware: sets `scope["user"]`, None for a request without a token."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["user"] = None
            token = _bearer_token(scope)
            if token is not None:
                await self._recognise(scope, token)
        await self._app(scope, receive, send)

    async def _recognise(self, scope: Scope, token: str) -> None:
        try:
            async with unavailable_as_503():
                scope["user"] = await self._authenticator.principal(token)
        except UnauthenticatedError as error:
            # Open routes (signing in again, health) do not mind an old token; `signed_in` does.
            scope["auth"] = error


def _bearer_token(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else None
    return None


# Guards are coroutines throughout: Litestar sends a plain function to a thread, for each request.
async def signed_in(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """Guard: refuses requests without a principal."""
    if connection.scope.get("user") is None:
        raise connection.scope.get("auth") or UnauthenticatedError()


def requires(rule: Callable[[Principal], bool]) -> Guard:
    """Return a guard that refuses principals whom `rule` (of `policy`) does not allow; signs nobody in."""

    async def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        if not rule(connection.scope["user"]):
            raise ForbiddenError("Your role does not allow this.")

    return guard
