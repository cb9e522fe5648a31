"""Signing in and out, and the life of a user: one function per use case, all in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from communityshare.accounts import passwords, policy, queries, tokens
from communityshare.accounts.policy import Principal, Role
from communityshare.accounts.queries import User
from communityshare.accounts.tokens import LocalKeys
from communityshare.infra import audit
from communityshare.infra.errors import ConflictError, InvalidError, NotFoundError, UnauthenticatedError
from communityshare.infra.ids import new_id
from communityshare.infra.transaction import UnitOfWork

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a sign-in or a refresh hands out."""

    user: User
    access_token: str
    refresh_token: str


async def sign_in(unit: UnitOfWork, keys: LocalKeys, email: str, password: str, now: datetime) -> SignedIn:
    """Open a session. Raises UnauthenticatedError with one text for unknown, disabled and wrong alike."""
    async with unit.glance() as look:
        seen = await queries.find_credentials(look, email)
    # No connection waits meanwhile: when a whole community signs in, everybody else needs them.
    matches = await passwords.password_matches(password, seen.password_hash if seen else None)
    connection = await unit.connection()
    # Looked at again, locked: a password or an account that ended while we were hashing opens no session.
    found = await queries.find_credentials(connection, email, lock=True) if matches else seen
    if (
        not seen
        or not found
        or not matches
        or found.password_hash != seen.password_hash
        or not found.user.active
    ):
        actor = found.user.id if found else None
        unit.even_if_refused(
            lambda own: audit.record(own, actor, "session.open", "user", actor, refused=True)
        )
        raise UnauthenticatedError("E-mail or password is wrong.", code="invalid_credentials")
    session_id = new_id()
    until = now + tokens.REFRESH_LIFETIME
    await queries.open_session(connection, session_id, found.user.id, now, until)
    await audit.record(connection, found.user.id, "session.open", "user", found.user.id)
    return await _hand_out(connection, keys, found.user, session_id, now, began=now)


async def refresh(
    unit: UnitOfWork, keys: LocalKeys, token: str, now: datetime, *, forget: Callable[[UUID], None]
) -> SignedIn:
    """Rotate a refresh token. One that was used before kills its whole session (RFC 9700, 4.14.2).

    `forget` is told whose access tokens count no more.
    """
    connection = await unit.connection()
    digest = tokens.hash_refresh_token(token)
    state = await queries.lock_refresh_token(connection, digest, now)
    if state is None or not state.open:
        raise UnauthenticatedError("This session has ended; sign in again.", code="session_ended")
    if state.used:
        unit.even_if_refused(lambda own: _end_stolen_session(own, state, now, forget))
        raise UnauthenticatedError(
            "This session was ended for safety; sign in again.", code="refresh_token_reused"
        )
    user = await queries.find_user(connection, state.user_id)
    if user is None or not user.active:
        raise UnauthenticatedError("This session has ended; sign in again.", code="session_ended")
    await queries.mark_used(connection, digest, now)
    return await _hand_out(connection, keys, user, state.session_id, now, began=state.began)


async def _end_stolen_session(
    connection: Connection, state: queries.RefreshState, now: datetime, forget: Callable[[UUID], None]
) -> None:
    await queries.revoke_session(connection, state.session_id, now)
    await audit.record(
        connection, state.user_id, "session.refresh_reused", "user", state.user_id, refused=True
    )
    forget(state.user_id)


async def _hand_out(
    connection: Connection, keys: LocalKeys, user: User, session_id: UUID, now: datetime, *, began: datetime
) -> SignedIn:
    token = tokens.new_refresh_token()
    until = min(now + tokens.REFRESH_LIFETIME, began + tokens.SESSION_LIFETIME)
    await queries.insert_refresh_token(connection, tokens.hash_refresh_token(token), session_id, now, until)
    return SignedIn(user, keys.issue(user.id, session_id, now), token)


async def sign_out(connection: Connection, principal: Principal, now: datetime) -> None:
    """End the session of the access token in use: the token itself and every refresh token of it."""
    if principal.session_id is not None:
        await queries.revoke_session(connection, principal.session_id, now)
        await audit.record(connection, principal.user_id, "session.close", "user", principal.user_id)


async def create_user(
    connection: Connection, actor: UUID | None, *, email: str, name: str, role: Role, premium: bool,
    phone: str | None, password: str, now: datetime,
) -> User:  # fmt: skip
    """Add a user. Raises ConflictError when the address is taken, InvalidError for a password many people have."""
    _refuse_guessable("password", password)
    user = User(new_id(), email.strip(), name.strip(), role, premium, active=True, phone=phone)
    if not await queries.insert_user(connection, user, await passwords.hash_password(password), now):
        raise ConflictError(f"email: {email} already has an account; give another.", code="email_taken")
    await audit.record(
        connection, actor, "user.create", "user", user.id, detail={"role": role, "premium": premium}
    )
    return user


async def replace_password(
    connection: Connection, actor: UUID | None, user_id: UUID, password: str, now: datetime
) -> None:
    """Give a user a new password; every session of theirs ends. Raises InvalidError for one that many people have."""
    _refuse_guessable("password", password)
    await queries.set_password(connection, user_id, await passwords.hash_password(password), now)
    await queries.revoke_sessions_of(connection, user_id, now)
    await audit.record(connection, actor, "user.password", "user", user_id)


async def change_own_password(
    unit: UnitOfWork, principal: Principal, current: str, new: str, now: datetime
) -> None:
    """Give oneself a new password; one's other sessions end. Raises InvalidError naming the password that is wrong."""
    _refuse_guessable("new_password", new)
    connection = await unit.connection()
    user_id = principal.user_id
    if not await passwords.password_matches(current, await queries.password_hash(connection, user_id)):
        unit.even_if_refused(
            lambda own: audit.record(own, user_id, "user.password", "user", user_id, refused=True)
        )
        raise InvalidError.field("current_password", "is wrong", code="wrong_password")
    await queries.set_password(connection, user_id, await passwords.hash_password(new), now)
    await queries.revoke_sessions_of(connection, user_id, now, but=principal.session_id)
    await audit.record(connection, user_id, "user.password", "user", user_id)


def _refuse_guessable(field: str, password: str) -> None:
    if passwords.is_guessable(password):
        raise InvalidError.field(
            field, "is one that many people have; choose another", code="common_password"
        )


# What the audit trail, which forgets nothing, does not need to know.
_PERSONAL = {"name", "phone"}


async def change_user(
    connection: Connection, actor: UUID | None, user_id: UUID, changes: dict[str, Any], now: datetime
) -> User:
    """Change name, role, premium, phone or active. Disabling ends all sessions. The last active administrator stays."""
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    admins = await queries.lock_admins(connection)
    if policy.takes_administration(changes) and admins == {user_id}:
        raise ConflictError("The last active administrator keeps role and access.", code="last_admin")
    user = await queries.update_user(connection, user_id, changes, now)
    if user is None:
        raise NotFoundError("There is no such user.")
    if not user.active:
        await queries.revoke_sessions_of(connection, user_id, now)
    detail = {name: value for name, value in changes.items() if name not in _PERSONAL}
    await audit.record(connection, actor, "user.change", "user", user_id, detail=detail)
    return user
