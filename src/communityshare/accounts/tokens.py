"""Access tokens (JWT, RFC 7519) and refresh tokens. `now` is passed in; only a platform's key set is fetched."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import jwt
from jwt import PyJWKClient

from communityshare.infra.errors import UnauthenticatedError, UnavailableError
from communityshare.infra.ids import new_id
from communityshare.infra.settings import Settings, secret_in

ACCESS_LIFETIME = timedelta(hours=24)
REFRESH_LIFETIME = timedelta(days=30)
# However much it is used; then one signs in again (OWASP ASVS 5, 7.3.2).
SESSION_LIFETIME = timedelta(days=90)
_REQUIRED = ["sub", "exp", "iss", "aud", "typ"]
_EXTERNAL_ALGORITHMS = ["RS256", "ES256", "EdDSA"]
# Seconds between two fetches for keys that are not known: a flood of forged tokens makes no flood of fetches.
_UNKNOWN_KEY_REST = 5.0
# Seconds for which a key server that failed is not asked again.
_DEAD_SERVER_REST = 2.0
_NO_KEYS = "The platform's keys cannot be fetched for a moment; try again shortly."


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: the user, the session it belongs to (None for an external platform's), its end.

    `expires_at` is Unix time.
    """

    user_id: UUID
    session_id: UUID | None
    expires_at: float


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
        return _read(token, self.secret, ["HS256"], self.issuer, self.audience, now, own=True)


class PlatformKeys:
    """The key set (JWKS) of an existing platform: reads only. Its keys are remembered for five minutes."""

    def __init__(self, url: str, issuer: str, audience: str) -> None:
        self._client = PyJWKClient(url, lifespan=300, timeout=3, cooldown_duration=_UNKNOWN_KEY_REST)
        self._issuer = issuer
        self._audience = audience
        self._rest_until = 0.0

    def verify(self, token: str, now: datetime) -> Claims:
        """Return the claims of one of the platform's tokens. Fetching the key set blocks; call it in a thread.

        Raises UnavailableError while the key set cannot be had: whether the token counts is not known then.
        """
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            raise UnauthenticatedError("The access token is not valid here.", code="invalid_token") from error
        if not isinstance(key_id, str):
            raise UnauthenticatedError("The access token names no key.", code="invalid_token")
        key = self._key(key_id)
        return _read(token, key, _EXTERNAL_ALGORITHMS, self._issuer, self._audience, now, own=False)

    def _key(self, key_id: str) -> Any:
        if time.monotonic() < self._rest_until:
            raise UnavailableError(_NO_KEYS)
        try:
            self._client.get_signing_keys()
        except (jwt.PyJWTError, ValueError, OSError) as error:
            # The next requests are told at once instead of waiting for the timeout each.
            self._rest_until = time.monotonic() + _DEAD_SERVER_REST
            raise UnavailableError(_NO_KEYS) from error
        try:
            return self._client.get_signing_key(key_id).key
        except jwt.PyJWKClientConnectionError as error:
            raise UnavailableError(_NO_KEYS) from error
        except (jwt.PyJWTError, ValueError, OSError) as error:
            raise UnauthenticatedError(
                "The access token names no known key.", code="invalid_token"
            ) from error


def keys_from(settings: Settings) -> LocalKeys | PlatformKeys:
    """Return the keys that the settings name; our own secret is made once and kept in the data folder."""
    if settings.jwt_jwks_url:
        return PlatformKeys(settings.jwt_jwks_url, settings.jwt_issuer, settings.jwt_audience)
    secret = settings.jwt_secret or secret_in(settings.data_dir, "jwt_secret")
    return LocalKeys(secret, settings.jwt_issuer, settings.jwt_audience)


def _read(
    token: str, key: Any, algorithms: list[str], issuer: str, audience: str, now: datetime, *, own: bool
) -> Claims:
    # Sessions of a platform (`sid` of OpenID Connect, any text) are its own business.
    options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims = jwt.decode(
            token, key, algorithms=algorithms, issuer=issuer, audience=audience, options=options
        )
        expires, not_before = float(claims["exp"]), float(claims.get("nbf", 0))
        user_id, session = UUID(claims["sub"]), claims.get("sid") if own else None
        session_id = UUID(session) if session else None
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise UnauthenticatedError("The access token is not valid here.", code="invalid_token") from error
    if claims["typ"] != "access" or not_before > now.timestamp():
        raise UnauthenticatedError("The token is not an access token that counts now.", code="invalid_token")
    if expires <= now.timestamp():
        raise UnauthenticatedError("The access token has expired; refresh it.", code="token_expired")
    return Claims(user_id, session_id, expires)


def new_refresh_token() -> str:
    """Return 256 random bits; only their hash is stored."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> bytes:
    """Return what is stored of a refresh token. It is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()
