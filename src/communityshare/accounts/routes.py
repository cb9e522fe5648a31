"""`/api/auth` and `/api/users`."""

from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, patch, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, Meta, UnsetType

from communityshare.accounts import policy, queries, service, tokens
from communityshare.accounts.authentication import requires, signed_in
from communityshare.accounts.policy import Role
from communityshare.accounts.queries import User
from communityshare.accounts.tokens import LocalKeys, PlatformKeys
from communityshare.infra.errors import NotFoundError, UnauthenticatedError
from communityshare.infra.paging import Cursor, Limit, Page, Search, decode_cursor, page_of
from communityshare.infra.settings import Settings
from communityshare.infra.wire import Email, Input, Line, Password, Phone
from communityshare.injected import (
    TheAuthenticator,
    TheClock,
    TheConnection,
    TheKeys,
    TheLimiter,
    ThePrincipal,
    TheSettings,
    TheUnit,
)

_COOKIE = "refresh_token"
_COOKIE_PATH = "/api/auth"
# An address may hold a whole community behind one router, an account is one person.
_ADDRESS_FACTOR = 10


class Login(Input):
    """Body of a sign-in."""

    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=200)]
    refresh_token_in: Literal["cookie", "body"] = "cookie"  # noqa: S105 a place, no secret


class Refresh(Input):
    """Body of a refresh; without a token, the cookie counts."""

    refresh_token: Annotated[str, Meta(max_length=200)] | None = None


class PasswordChange(Input):
    """Body of a change of one's own password."""

    current_password: Annotated[str, Meta(max_length=200)]
    new_password: Password


class Session(msgspec.Struct, omit_defaults=True):
    """An open session."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user: User
    refresh_token: str | None = None


class NewUser(Input):
    """Body of a new user."""

    email: Email
    name: Line
    password: Password
    role: Role = Role.MEMBER
    premium: bool = False
    phone: Phone | None = None


class UserChanges(Input):
    """Body of a change; only what is given changes."""

    name: Line | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    premium: bool | UnsetType = UNSET
    phone: Phone | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


@post("/login", status_code=200, summary="Sign in")
async def login(
    data: JSONBody[Login], request: Request[Any, Any, Any], unit: TheUnit, token_keys: TheKeys,
    limiter: TheLimiter, settings: TheSettings, clock: TheClock,
) -> Response[Session]:  # fmt: skip
    """Exchange address and password for an access token (24 h) and a refresh token."""
    per_minute = settings.login_rate_limit_per_minute
    await limiter.hit("login-account", per_minute, data.email.lower())
    address = request.client.host if request.client else "local"
    await limiter.hit("login-address", per_minute * _ADDRESS_FACTOR, address)
    signed = await service.sign_in(unit, _local(token_keys), data.email, data.password, clock())
    return _session(signed, settings, in_body=data.refresh_token_in == "body")  # noqa: S105 a place, no secret


@post("/refresh", status_code=200, summary="Rotate the refresh token")
async def refresh(
    request: Request[Any, Any, Any], unit: TheUnit, token_keys: TheKeys, settings: TheSettings,
    authenticator: TheAuthenticator, clock: TheClock, data: JSONBody[Refresh | None] = None,
) -> Response[Session]:  # fmt: skip
    """Exchange a refresh token, from the body or the cookie, for a new pair."""
    from_body = data.refresh_token if data else None
    token = from_body or request.cookies.get(_COOKIE)
    if not token:
        raise UnauthenticatedError("There is no refresh token; sign in.", code="no_refresh_token")
    signed = await service.refresh(unit, _local(token_keys), token, clock(), forget=authenticator.forget)
    return _session(signed, settings, in_body=from_body is not None)


@post("/logout", status_code=204, guards=[signed_in], summary="Sign out")
async def logout(
    principal: ThePrincipal,
    connection: TheConnection,
    unit: TheUnit,
    authenticator: TheAuthenticator,
    clock: TheClock,
) -> Response[None]:
    """End the session: its access tokens and refresh tokens count no more."""
    await service.sign_out(connection, principal, clock())
    unit.after_commit(partial(authenticator.forget, principal.user_id))
    gone = Cookie(key=_COOKIE, value="", max_age=0, path=_COOKIE_PATH, httponly=True, samesite="strict")
    return Response(None, status_code=204, cookies=[gone])


@post("/password", status_code=204, guards=[signed_in], summary="Change one's own password")
async def change_password(
    data: JSONBody[PasswordChange], principal: ThePrincipal, unit: TheUnit, token_keys: TheKeys, limiter: TheLimiter,
    settings: TheSettings, authenticator: TheAuthenticator, clock: TheClock,
) -> None:  # fmt: skip
    """Replace one's password, knowing the present one; one's sessions elsewhere end."""
    _local(token_keys)
    await limiter.hit("password", settings.login_rate_limit_per_minute, str(principal.user_id))
    await service.change_own_password(unit, principal, data.current_password, data.new_password, clock())
    unit.after_commit(partial(authenticator.forget, principal.user_id))


@get("/me", guards=[signed_in], summary="Who am I")
async def me(principal: ThePrincipal, connection: TheConnection) -> User:
    """Return the signed-in user."""
    user = await queries.find_user(connection, principal.user_id)
    if user is None:
        raise NotFoundError("There is no such user.")
    return user


@get("/", guards=[requires(policy.can_administer)], summary="List users")
async def list_users(
    connection: TheConnection,
    q: Search = None,
    role: FromQuery[Role | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[User]:
    """Return users by name; for the assignment drop-down and the administration."""
    after = decode_cursor(cursor, "name", str, UUID) if cursor else None
    rows = await queries.list_users(connection, q=q, role=role, after=after, limit=limit + 1)
    return page_of(rows, limit, "name", lambda user: (user.name, user.id))


@post("/", guards=[requires(policy.can_administer)], summary="Add a user")
async def create_user(
    data: JSONBody[NewUser], principal: ThePrincipal, connection: TheConnection, clock: TheClock
) -> User:
    """Add a user with a first password."""
    fields = msgspec.structs.asdict(data)
    return await service.create_user(connection, principal.user_id, **fields, now=clock())


@patch("/{user_id:uuid}", guards=[requires(policy.can_administer)], summary="Change a user")
async def change_user(
    user_id: FromPath[UUID], data: JSONBody[UserChanges], principal: ThePrincipal, connection: TheConnection,
    unit: TheUnit, authenticator: TheAuthenticator, clock: TheClock,
) -> User:  # fmt: skip
    """Change name, role, premium, phone or active; counts from the user's next request on."""
    changes = data.given()
    user = await service.change_user(connection, principal.user_id, user_id, changes, clock())
    unit.after_commit(partial(authenticator.forget, user_id))
    return user


def _local(keys: LocalKeys | PlatformKeys) -> LocalKeys:
    if isinstance(keys, PlatformKeys):
        raise NotFoundError(
            "Sign in at the CommunityShare platform; this service trusts its tokens.", code="external_sign_in"
        )
    return keys


def _session(signed: service.SignedIn, settings: Settings, *, in_body: bool) -> Response[Session]:
    body = Session(
        access_token=signed.access_token,
        token_type="Bearer",  # noqa: S106 a scheme's name
        expires_in=int(tokens.ACCESS_LIFETIME.total_seconds()),
        user=signed.user,
        refresh_token=signed.refresh_token if in_body else None,
    )
    cookie = Cookie(
        key=_COOKIE, value=signed.refresh_token, path=_COOKIE_PATH, httponly=True, samesite="strict",
        secure=settings.base_url.startswith("https://"), max_age=int(tokens.REFRESH_LIFETIME.total_seconds()),
    )  # fmt: skip
    return Response(
        body, status_code=200, cookies=[] if in_body else [cookie], headers={"Cache-Control": "no-store"}
    )


auth_router = Router(
    "/api/auth",
    route_handlers=[login, refresh, logout, change_password, me],
    tags=["auth"],
    opt={"keeps_no_answer": True},
)
users_router = Router("/api/users", route_handlers=[list_users, create_user, change_user], tags=["users"])
