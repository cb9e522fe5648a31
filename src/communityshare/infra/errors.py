"""Domain errors carry their HTTP status and a code; one handler turns them into problem+json (RFC 9457)."""

from typing import Any

from communityshare.infra import correlation

PROBLEM = "application/problem+json"


class FieldError(dict[str, str]):
    """One entry of a problem's `errors`: the field's path and what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field=field, message=message)


class AppError(Exception):
    """Base of every error that a client is told about."""

    status = 500
    code = "internal_error"
    title = "Internal error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = errors or []
        self.headers = headers or {}
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """Return the body of the answer, with the correlation id of the request at hand."""
        body: dict[str, Any] = {
            "type": f"urn:communityshare:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "correlation_id": correlation.current(),
            **self.extra,
        }
        return {**body, "errors": self.errors} if self.errors else body


class BadRequestError(AppError):
    """400: the request cannot be read."""

    status, code, title = 400, "malformed_request", "Malformed request"


class UnauthenticatedError(AppError):
    """401: no token, or one that does not count."""

    status, code, title = 401, "unauthenticated", "Sign-in needed"

    def __init__(
        self, detail: str = "Sign in and send the access token as a Bearer token.", **kwargs: Any
    ) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **kwargs)


class ForbiddenError(AppError):
    """403: the object may be seen, the action may not be done."""

    status, code, title = 403, "forbidden", "Not allowed"


class MethodNotAllowedError(AppError):
    """405: the address is there, the method is not offered."""

    status, code, title = 405, "method_not_allowed", "Method not allowed"


class NotFoundError(AppError):
    """404: not there, or not visible; the answer is the same."""

    status, code, title = 404, "not_found", "Not found"


class ConflictError(AppError):
    """409: the state does not allow it now."""

    status, code, title = 409, "conflict", "Conflict"


class StaleVersionError(AppError):
    """412: somebody changed the object since it was read."""

    status, code, title = 412, "version_mismatch", "Changed meanwhile"


class TooLargeError(AppError):
    """413: the body is larger than allowed."""

    status, code, title = 413, "too_large", "Too large"


class UnsupportedMediaTypeError(AppError):
    """415: a body of a kind that is not read here."""

    status, code, title = 415, "unsupported_media_type", "Unsupported media type"


class InvalidError(AppError):
    """422: well-formed, but a value cannot be taken; `errors` names the fields."""

    status, code, title = 422, "validation_failed", "Invalid input"

    @classmethod
    def field(cls, field: str, message: str, code: str | None = None) -> "InvalidError":
        """Return the error of a single field."""
        return cls(f"{field}: {message}", code=code, errors=[FieldError(field, message)])


class RateLimitedError(AppError):
    """429: too many requests; `Retry-After` says when to come back."""

    status, code, title = 429, "rate_limited", "Too many requests"


class UnavailableError(AppError):
    """503: a part the answer needs is away; `Retry-After` says when to come back."""

    status, code, title = 503, "unavailable", "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after: int = 2, **kwargs: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **kwargs)
