"""SQL of users and sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts.policy import Role
from communityshare.infra.db import fetch_all, fetch_one, fetch_value

Connection = AsyncConnection[Any]


class User(msgspec.Struct):
    """A user as the API shows them."""

    id: UUID
    email: str
    name: str
    role: Role
    premium: bool
    active: bool
    phone: str | None = None


class Credentials(msgspec.Struct):
    """What signing in looks at."""

    user: User
    password_hash: str | None


class Standing(msgspec.Struct):
    """What a token's user may do now."""

    name: str
    role: Role
    active: bool
    session_open: bool


class RefreshState(msgspec.Struct):
    """A refresh token with its session, locked for the rotation."""

    session_id: UUID
    user_id: UUID
    used: bool
    open: bool
    began: datetime


_USER = "id, email, name, role::text, premium, active, phone"


def _user(*row: Any) -> User:
    identity, email, name, role, *rest = row
    return User(identity, email, name, Role.of(role), *rest)


async def standing(connection: Connection, user_id: UUID, session_id: UUID | None) -> Standing | None:
    """Return the user's present role and state; a token without session is judged by the user alone."""
    # An existing platform has its own sessions and no table of ours.
    open_session = """EXISTS (
        SELECT FROM sessions s WHERE s.id = %(session)s AND s.user_id = u.id AND s.revoked_at IS NULL)"""
    query = f"""
        SELECT u.name, u.role::text, u.active, {"true" if session_id is None else open_session}
        FROM users u WHERE u.id = %(user)s"""

    def make(name: str, role: str, active: bool, session_open: bool) -> Standing:
        return Standing(name, Role.of(role), active, session_open)

    return await fetch_one(connection, make, query, {"user": user_id, "session": session_id})  # type: ignore[arg-type]


async def find_credentials(connection: Connection, email: str, *, lock: bool = False) -> Credentials | None:
    """Return the account of an address, whatever its case; with `lock`, locked until the commit."""
    query = f"SELECT {_USER}, password_hash FROM users WHERE lower(email) = lower(%s)" + (
        " FOR NO KEY UPDATE" if lock else ""  # what refers to the user need not wait
    )

    def make(*row: Any) -> Credentials:
        return Credentials(_user(*row[:-1]), row[-1])

    return await fetch_one(connection, make, query, (email,))  # type: ignore[arg-type]


async def find_user(connection: Connection, user_id: UUID) -> User | None:
    """Return one user."""
    return await fetch_one(connection, _user, f"SELECT {_USER} FROM users WHERE id = %s", (user_id,))  # type: ignore[arg-type]


async def list_users(
    connection: Connection, *, q: str | None, role: Role | None, after: tuple[str, UUID] | None, limit: int
) -> list[User]:
    """Return users by name; `q` is part of a name or address."""
    name, identity = after or (None, None)
    query = f"""
        SELECT {_USER} FROM users
        WHERE (%(q)s::text IS NULL OR name ILIKE %(q)s OR email ILIKE %(q)s)
          AND (%(role)s::text IS NULL OR role::text = %(role)s)
          AND (%(name)s::text IS NULL OR (lower(name), id) > (lower(%(name)s), %(id)s::uuid))
        ORDER BY lower(name), id LIMIT %(limit)s"""
    params = {"q": like(q), "role": role, "name": name, "id": identity, "limit": limit}
    return await fetch_all(connection, _user, query, params)  # type: ignore[arg-type]


def like(text: str | None) -> str | None:
    """Return a LIKE pattern for «contains», with the text's own wildcards escaped."""
    if text is None:
        return None
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def insert_user(connection: Connection, user: User, password_hash: str, now: datetime) -> bool:
    """Add a user; return False when the address is taken."""
    query = """
        INSERT INTO users (id, email, name, role, premium, active, phone, password_hash, created_at, updated_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING true"""
    row = (*msgspec.structs.astuple(user), password_hash, now, now)
    return bool(await fetch_value(connection, query, row))


async def update_user(
    connection: Connection, user_id: UUID, changes: dict[str, Any], now: datetime
) -> User | None:
    """Change name, role, premium, phone or active; return the user as it stands then."""
    assignments = "".join(f"{column} = %({column})s, " for column in changes)
    query = f"UPDATE users SET {assignments}updated_at = %(now)s WHERE id = %(id)s RETURNING {_USER}"
    return await fetch_one(connection, _user, query, {**changes, "now": now, "id": user_id})  # type: ignore[arg-type]


async def set_password(connection: Connection, user_id: UUID, password_hash: str, now: datetime) -> None:
    """Replace the hash of a user's password."""
    query = "UPDATE users SET password_hash = %s, updated_at = %s WHERE id = %s"
    await connection.execute(query, (password_hash, now, user_id))


async def lock_admins(connection: Connection) -> set[UUID]:
    """Return the active administrators, locked, so that the last one cannot be lost to two changes at once."""
    cursor = await connection.execute(
        "SELECT id FROM users WHERE role = 'admin' AND active ORDER BY id FOR UPDATE"
    )
    return {row[0] for row in await cursor.fetchall()}


async def open_session(
    connection: Connection, session_id: UUID, user_id: UUID, now: datetime, until: datetime
) -> None:
    """Start a session: the family of refresh tokens of one sign-in."""
    await connection.execute(
        "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (%s, %s, %s, %s)",
        (session_id, user_id, now, until),
    )


async def insert_refresh_token(
    connection: Connection, token_hash: bytes, session_id: UUID, now: datetime, until: datetime
) -> None:
    """Store the hash of a refresh token; its session lives as long as its newest token."""
    await connection.execute(
        """WITH prolonged AS (UPDATE sessions SET expires_at = %(until)s WHERE id = %(session)s)
           INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at)
           VALUES (%(hash)s, %(session)s, %(now)s, %(until)s)""",
        {"hash": token_hash, "session": session_id, "now": now, "until": until},
    )


async def lock_refresh_token(connection: Connection, token_hash: bytes, now: datetime) -> RefreshState | None:
    """Return a refresh token with its session's row locked, so that two rotations take turns."""
    query = """
        SELECT s.id, s.user_id, t.used_at IS NOT NULL, s.revoked_at IS NULL AND t.expires_at > %s, s.created_at
        FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
        WHERE t.token_hash = %s FOR UPDATE"""
    return await fetch_one(connection, RefreshState, query, (now, token_hash))


async def mark_used(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Retire a refresh token."""
    await connection.execute(
        "UPDATE refresh_tokens SET used_at = %s WHERE token_hash = %s", (now, token_hash)
    )


async def revoke_session(connection: Connection, session_id: UUID, now: datetime) -> None:
    """End a session with all its tokens."""
    await connection.execute(
        "UPDATE sessions SET revoked_at = coalesce(revoked_at, %s) WHERE id = %s", (now, session_id)
    )


async def revoke_sessions_of(
    connection: Connection, user_id: UUID, now: datetime, *, but: UUID | None = None
) -> None:
    """End all sessions of a user, or all `but` one."""
    query = """
        UPDATE sessions SET revoked_at = %s
        WHERE user_id = %s AND revoked_at IS NULL AND id IS DISTINCT FROM %s::uuid"""
    await connection.execute(query, (now, user_id, but))


async def password_hash(connection: Connection, user_id: UUID) -> str | None:
    """Return the hash of a user's password, locked, so that two changes of it take turns."""
    query = "SELECT password_hash FROM users WHERE id = %s FOR UPDATE"
    return await fetch_value(connection, query, (user_id,))


async def delete_expired_sessions(connection: Connection, now: datetime) -> int:
    """Forget sessions whose last refresh token has expired; returns how many."""
    cursor = await connection.execute("DELETE FROM sessions WHERE expires_at < %s", (now,))
    return cursor.rowcount
