"""The correlation id of the request or job at hand, carried into every log line and every call to another service."""

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Correlation-ID"
_VALID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def current() -> str:
    """Return the correlation id at hand, empty outside of requests and jobs."""
    return _current.get()


def begin(offered: str | None = None) -> str:
    """Take the offered id when it is well-formed, else make one; it counts for the running task."""
    correlation_id = offered if offered and _VALID.fullmatch(offered) else uuid.uuid4().hex
    _current.set(correlation_id)
    return correlation_id
