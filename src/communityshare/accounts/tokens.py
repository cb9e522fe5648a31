"""Access tokens (JWT, RFC 7519) and refresh tokens. `now` is passed in; only a platform's key set is fetched."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import jwt
from jwt import PyJWKClient

from communityshare.infra.errors import UnauthenticatedError
from communityshare.infra.ids import new_id
from communityshare.infra.settings import Settings, secret_in

ACCESS_LIFETIME = timedelta(hours=24)
REFRESH_LIFETIME = timedelta(days=30)
_REQUIRED = ["sub", "exp", "iat", "iss", "aud", "typ"]
_EXTERNAL_ALGORITHMS = ["RS256", "ES256", "EdDSA"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: the user, and the session it belongs to (None for an external platform's)."""

    user_id: UUID
    session_id: UUID | None


class Verifier(Protocol):
    """Reads an access token."""

    def verify(self, token: str, now: datetime) -> Claims:
        """Return the token's claims. Raises UnauthenticatedError for every token that does not count."""
        ...


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """HS256 with our own secret: issues and reads."""

    secret: str
    issuer: str
    audience: str

    def issue(self, user_id: UUID, session_id: UUID, now: datetime) -> str:
        """Return an access token that lives 24 hours from `now`."""
        claims = {
            "sub": str(user_id), "sid": str(session_id), "jti": str(new_id()), "typ": "access",
            "iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + ACCESS_LIFETIME,
        }  # fmt: skip
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def verify(self, token: str, now: datetime) -> Claims:
        """Return the claims of one of our tokens."""
        return _read(token, self.secret, ["HS256"], self.issuer, self.audience, now)


@dataclass(frozen=True, slots=True)
class PlatformKeys:
    """The key set (JWKS) of an existing platform: reads only."""

    client: PyJWKClient
    issuer: str
    audience: str

    def verify(self, token: str, now: datetime) -> Claims:
        """Return the claims of one of the platform's tokens. Fetching the key set blocks; call it in a thread."""
        try:
            key = self.client.get_signing_key_from_jwt(token)
        except (jwt.PyJWKClientError, jwt.DecodeError) as error:
            raise UnauthenticatedError("The access token names no known key.") from error
        return _read(token, key.key, _EXTERNAL_ALGORITHMS, self.issuer, self.audience, now)


def keys_from(settings: Settings) -> LocalKeys | PlatformKeys:
    """Return the keys that the settings name; our own secret is made once and kept in the data folder."""
    if settings.jwt_jwks_url:
        client = PyJWKClient(settings.jwt_jwks_url, cache_keys=True, lifespan=300, timeout=5)
        return PlatformKeys(client, settings.jwt_issuer, settings.jwt_audience)
    secret = settings.jwt_secret or secret_in(settings.data_dir, "jwt_secret")
    return LocalKeys(secret, settings.jwt_issuer, settings.jwt_audience)


def _read(token: str, key: Any, algorithms: list[str], issuer: str, audience: str, now: datetime) -> Claims:
    options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims = jwt.decode(
            token, key, algorithms=algorithms, issuer=issuer, audience=audience, options=options
        )
        expires, not_before = float(claims["exp"]), float(claims.get("nbf", 0))
        user_id, session = UUID(claims["sub"]), claims.get("sid")
        session_id = UUID(session) if session else None
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
        raise UnauthenticatedError("The access token is not valid here.", code="invalid_token") from error
    if claims["typ"] != "access" or not_before > now.timestamp():
        raise UnauthenticatedError("The token is not an access token that counts now.", code="invalid_token")
    if expires <= now.timestamp():
        raise UnauthenticatedError("The access token has expired; refresh it.", code="token_expired")
    return Claims(user_id, session_id)


def new_refresh_token() -> str:
    """Return 256 random bits; only their hash is stored."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> bytes:
    """Return what is stored of a refresh token. It is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()
