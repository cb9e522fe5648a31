"""The edge of a request: one transaction, committed before the answer leaves, and `Idempotency-Key` kept in it.

A read gets a pooled connection in autocommit mode. A write gets a transaction that begins with its first statement;
an answer below 400 commits it, any other rolls it back.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Request
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from psycopg import AsyncConnection, InternalError, OperationalError
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import queries
from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.errors import (
    PROBLEM,
    ConflictError,
    InvalidError,
    UnavailableError,
)
from communityshare.infra.logging import log
from communityshare.infra.spooled import SpooledBody

Work = Callable[[AsyncConnection[Any]], Awaitable[None]]
_SAFE = {"GET", "HEAD", "OPTIONS"}
_KEPT_HEADERS = {"content-type", "location", "etag"}
_KEY_LIMIT = 200


class UnitOfWork:
    """The connection of one request, taken from the pool when it is first asked for."""

    def __init__(self, pool: AsyncConnectionPool, *, write: bool) -> None:
        self._pool = pool
        self._write = write
        self._connection: AsyncConnection[Any] | None = None
        self._transaction: Any = None
        self._even_if_refused: list[Work] = []
        self._after_commit: list[Callable[[], Awaitable[None] | None]] = []

    def after_commit(self, call: Callable[[], Awaitable[None] | None]) -> None:
        """Call when the change is visible to everybody: what a cache forgets before that, it reads again stale."""
        self._after_commit.append(call)

    def even_if_refused(self, work: "Work") -> None:
        """Do `work` in a transaction of its own when the request is settled, also when its own is rolled back."""
        self._even_if_refused.append(work)

    async def connection(self) -> AsyncConnection[Any]:
        """Return the request's connection; in a write, inside its transaction."""
        if self._connection is None:
            self._connection = await self._pool.getconn()
            if self._write:
                transaction = self._connection.transaction()
                await transaction.__aenter__()
                self._transaction = transaction
        return self._connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Lend a connection for a look before slow work: the request's own if it has one, else one that goes back.

        Never a second one: requests that hold one each and wait for another would wait for each other.
        """
        if self._connection is not None:
            yield self._connection
        else:
            async with self._pool.connection() as connection:
                yield connection

    async def close(self, *, commit: bool) -> None:
        """Commit or roll back, give the connection back, then do what counts even if the request was refused."""
        if self._connection is not None:
            await self._settle(self._connection, commit=commit)
        if commit:
            for call in self._after_commit:
                if (work := call()) is not None:
                    await work
        if self._even_if_refused:
            async with self._pool.connection() as connection, connection.transaction():
                for work in self._even_if_refused:
                    await work(connection)

    async def _settle(self, connection: AsyncConnection[Any], *, commit: bool) -> None:
        self._connection = None
        try:
            if self._transaction is not None:
                error = None if commit else _RollbackError()
                await self._transaction.__aexit__(type(error) if error else None, error, None)
        except InternalError as error:
            # PgBouncer tells of a server that ended at the commit in two answers, which psycopg takes for a riddle.
            raise OperationalError(str(error)) from error
        finally:
            await self._pool.putconn(connection)


class _RollbackError(Exception):
    """Tells psycopg's transaction block to roll back."""


class TransactionMiddleware:
    """ASGI middleware that opens and settles the unit of work; stands inside authentication."""

    def __init__(self, app: ASGIApp, pool: AsyncConnectionPool) -> None:
        self._app = app
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["route_handler"].opt.get("passed_on"):
            await self._app(scope, receive, send)
            return
        write = scope["method"] not in _SAFE
        unit = UnitOfWork(self._pool, write=write)
        scope["unit_of_work"] = unit  # type: ignore[typeddict-unknown-key]
        if write:
            await self._write(unit, scope, receive, send)
        else:
            await self._read(unit, scope, receive, send)

    async def _read(self, unit: UnitOfWork, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            try:
                await unit.close(commit=True)
            except UNAVAILABLE as error:
                # The answer has left; only the note of a refusal is lost.
                log.error("a refusal was not recorded", error=str(error).strip())

    async def _write(self, unit: UnitOfWork, scope: HTTPScope, receive: Receive, send: Send) -> None:
        answer = _Answer()
        try:
            await self._settled(answer, unit, scope, receive)
        except UNAVAILABLE as error:
            if not answer.begun:
                raise
            # Litestar takes an answer we hold back for one that was sent, so its error handling is over.
            log.warning("the database went away before the commit", error=str(error).strip())
            answer.refuse(_IN_DOUBT if answer.status < 400 else _AWAY)
        await answer.send_to(send)

    async def _settled(self, answer: "_Answer", unit: UnitOfWork, scope: HTTPScope, receive: Receive) -> None:
        commit = False
        try:
            key = _idempotency_key(scope)
            if key is None:
                await self._app(scope, receive, answer.take)
            else:
                await self._once(key, unit, scope, receive, answer)
            commit = answer.status < 400
        finally:
            await unit.close(commit=commit)

    async def _once(
        self, key: str, unit: UnitOfWork, scope: HTTPScope, receive: Receive, answer: "_Answer"
    ) -> None:
        owner = str(scope["user"].user_id) if scope.get("user") else "anonymous"
        limit = scope["route_handler"].resolve_request_max_body_size()  # type: ignore[union-attr]
        with await SpooledBody.read(scope, receive, limit) as body:
            await self._claimed(owner, key, body, unit, scope, receive, answer)

    async def _claimed(
        self, owner: str, key: str, body: SpooledBody, unit: UnitOfWork, scope: HTTPScope, receive: Receive,
        answer: "_Answer",
    ) -> None:  # fmt: skip
        digest = body.digest(f"{scope['method']} {scope['path']}\n".encode())
        connection = await unit.connection()
        if await queries.claim_key(connection, owner, key, digest):
            await self._app(scope, body.replaying(receive), answer.take)
            if answer.status < 400:
                await queries.keep_answer(
                    connection, owner, key, answer.status, answer.kept_headers(), answer.body
                )
            return
        # A kept answer is for those who might ask for it today: not for the demoted, not while the feature is off.
        await ask_guards(Request(scope), scope["route_handler"])
        kept = await queries.kept_answer(connection, owner, key)
        if kept is None or kept.status is None:
            raise ConflictError(
                "A request with this Idempotency-Key is still being worked on.", code="in_progress"
            )
        if bytes(kept.request_hash) != digest:
            raise InvalidError.field(
                "Idempotency-Key",
                "was used for another request; send a new key",
                code="idempotency_key_reused",
            )
        answer.replay(kept.status, kept.headers or {}, bytes(kept.body or b""))


async def ask_guards(request: Request[Any, Any, Any], handler: Any) -> None:
    """Ask the route's guards whether this request may go on. Raises the AppError of the first that says no."""
    for guard in handler.opt["guards"]:
        await guard(request, handler)


_AWAY = UnavailableError("The database is away for a moment; nothing was changed. Try again shortly.")
_IN_DOUBT = UnavailableError(
    "The database went away while this was being saved. Look whether it is there, or send it again "
    "with the same Idempotency-Key, which never does it twice."
)


class _Answer:
    """A response held back until the transaction is settled."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        self._messages.append(message)

    @property
    def begun(self) -> bool:
        return bool(self._messages)

    @property
    def status(self) -> int:
        return self._messages[0]["status"] if self._messages else 500  # type: ignore[typeddict-item]

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self._messages[1:])  # type: ignore[misc]

    def kept_headers(self) -> dict[str, str]:
        headers = self._messages[0].get("headers", [])  # type: ignore[union-attr]
        return {
            name.decode(): value.decode() for name, value in headers if name.decode().lower() in _KEPT_HEADERS
        }

    def replay(self, status: int, headers: dict[str, str], body: bytes, *, replayed: bool = True) -> None:
        sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        sent.append((b"content-length", str(len(body)).encode()))
        if replayed:
            sent.append((b"idempotency-replayed", b"true"))
        self._messages = [
            {"type": "http.response.start", "status": status, "headers": sent},
            {"type": "http.response.body", "body": body, "more_body": False},
        ]

    def refuse(self, error: UnavailableError) -> None:
        headers = {"content-type": PROBLEM, **error.headers}
        self.replay(error.status, headers, msgspec.json.encode(error.problem()), replayed=False)

    async def send_to(self, send: Send) -> None:
        for message in self._messages:
            await send(message)


def _idempotency_key(scope: HTTPScope) -> str | None:
    # An answer that carries tokens is never kept.
    if scope["method"] != "POST" or scope["route_handler"].opt.get("keeps_no_answer"):
        return None
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            key = value.decode("latin-1").strip()
            if not key or len(key) > _KEY_LIMIT or not key.isprintable():
                raise InvalidError.field("Idempotency-Key", f"give 1 to {_KEY_LIMIT} printable characters")
            return key
    return None
