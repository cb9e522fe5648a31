"""The command line's way to users: the same use cases as the API's, without a principal."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from psycopg import AsyncConnection

from communityshare.accounts import queries, service
from communityshare.accounts.queries import User
from communityshare.accounts.routes import NewUser, PasswordChange, UserChanges
from communityshare.infra.clock import utc_now
from communityshare.infra.errors import NotFoundError
from communityshare.infra.reading import read_fields

Use = Callable[[AsyncConnection[Any]], Awaitable[User]]


def create(email: str, name: str, role: str, *, premium: bool, phone: str | None, password: str) -> Use:
    """Return the creation of a user, checked as the API checks it. Raises InvalidError."""
    fields = {
        "email": email, "name": name, "role": role, "premium": premium, "phone": phone, "password": password,
    }  # fmt: skip
    checked = read_fields(fields, NewUser)

    async def use(connection: AsyncConnection[Any]) -> User:
        return await service.create_user(connection, None, **msgspec.structs.asdict(checked), now=utc_now())

    return use


def change(email: str, **given: str | bool | None) -> Use:
    """Return the change of a user found by address, checked as the API checks it; None leaves things as they are.

    Raises InvalidError.
    """
    checked = read_fields({name: value for name, value in given.items() if value is not None}, UserChanges)

    async def use(connection: AsyncConnection[Any]) -> User:
        user = await _find(connection, email)
        return await service.change_user(connection, None, user.id, checked.given(), utc_now())

    return use


def replace_password(email: str, password: str) -> Use:
    """Return the change of a password, checked as for a new user. Raises InvalidError."""
    read_fields({"current_password": "", "new_password": password}, PasswordChange)

    async def use(connection: AsyncConnection[Any]) -> User:
        user = await _find(connection, email)
        await service.replace_password(connection, None, user.id, password, utc_now())
        return user

    return use


async def _find(connection: AsyncConnection[Any], email: str) -> User:
    found = await queries.find_credentials(connection, email)
    if found is None:
        raise NotFoundError(f"There is no user {email}.")
    return found.user
